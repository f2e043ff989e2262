"""From the folder that a share was delivered to, through a partner's hands, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from tests.pipelines.sharing.home import SharingHome
from tests.pipelines.sharing.returns.world import CORRECTION, Paper


def test_the_workbook_that_was_delivered_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = SharingHome.new(tmp_path / "home")
    home.overlap("musashi", "kazeyomi")
    home.overlap("musashi", "kumosora")
    home.ran().hand_over("musashi")
    (delivered,) = (home.folder / "musashi").glob("*.xlsx")
    paper = Paper(delivered)
    paper.overlaps.cell(3, paper.column(CORRECTION)).value = "別会社です"
    monkeypatch.setenv("TOTSUGO_HOME", str(home.home))
    monkeypatch.setenv("TOTSUGO_CONFIG", str(home.paths.config))
    done = CliRunner().invoke(app, ["returns", "import", str(paper.save()), "--partner", "musashi"])
    assert done.exit_code == 0, done.output
    assert home.execute("SELECT partner, kind, company_id, company_name, verdict FROM state.share_returns") == [
        ("musashi", "not_same", "kumosora", "株式会社kumosora", "waiting")
    ]

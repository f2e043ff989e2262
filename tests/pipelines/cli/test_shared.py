"""``totsugo share`` and ``totsugo shared``: handing over between runs, and asking the log."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from pipelines.cli.shared import share, shared
from tests.pipelines.sharing.home import SharingHome


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SharingHome:
    home = SharingHome.new(tmp_path / "home")
    for partner in home.partners:
        home.overlap(partner, "a")
        home.count(partner, 10)
    home.overlap("musashi", "b", our_owner="児玉", corporate_number="1180001000001")
    home.ran()
    monkeypatch.setenv("TOTSUGO_HOME", str(home.paths.home))
    monkeypatch.setenv("TOTSUGO_CONFIG", str(home.paths.config))
    monkeypatch.setenv("TOTSUGO_AS_OF", home.now.isoformat())
    monkeypatch.setenv("COLUMNS", "250")
    return home


def totsugo(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(share)
    app.command()(shared)
    return CliRunner().invoke(app, list(arguments))


def test_a_dry_run_shows_what_would_go_out_and_writes_nothing(home: SharingHome) -> None:
    result = totsugo("share", "--partner", "musashi", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "共通の企業：2行（新規 2、変更 0、取下げ 0）" in result.output
    assert "株式会社b" in result.output
    assert "10社以上" in result.output
    assert "瀬戸内" not in result.output
    assert home.log() == []
    assert not home.folder.exists()


def test_what_is_handed_over_is_found_by_partner_and_by_company(home: SharingHome) -> None:
    assert totsugo("shared").output.strip() == "まだ何も共有していません。"
    assert totsugo("share").exit_code == 0
    by_partner = totsugo("shared", "--partner", "musashi", "--list", "overlaps").output
    assert "いま共有中 3行（2社）" in by_partner
    assert "当社担当者 児玉" in by_partner
    assert "10社以上" not in by_partner
    for asked in ("㈱ａ", "a"):
        by_company = totsugo("shared", "--company", asked).output
        assert ("武蔵システムズ" in by_company, "瀬戸内ソリューション" in by_company, "株式会社b" in by_company) == (
            True,
            True,
            False,
        )
    by_number = totsugo("shared", "--company", "1180001000001").output
    assert ("武蔵システムズ" in by_number, "瀬戸内" in by_number) == (True, False)
    assert "記録はありません" in totsugo("shared", "--company", "株式会社なし").output


def test_a_narrowed_policy_waits_for_a_run_and_an_ended_one_does_not(home: SharingHome) -> None:
    totsugo("share")
    home.write("musashi", sharing={"fields": ["minimal"]})
    refused = totsugo("share")
    assert refused.exit_code == 1
    assert "totsugo run" in refused.output
    home.write("musashi", sharing={"approved_by": None})
    withdrawn = totsugo("share", "--partner", "musashi")
    assert withdrawn.exit_code == 0
    assert "取り戻せないもの" in withdrawn.output
    told = totsugo("shared", "--partner", "musashi", "--all").output
    assert "共有終了で取下げ" in told
    assert "取り戻せないもの" in told


def test_a_partner_that_the_yaml_no_longer_names_is_taken_back_and_found_all_the_same(home: SharingHome) -> None:
    totsugo("share")
    del home.partners["setouchi"]
    home.write()
    assert "setouchi: 取り下げました" in totsugo("share", "--partner", "setouchi").output
    assert "共有終了で取下げ" in totsugo("shared", "--partner", "setouchi", "--all").output


@pytest.mark.parametrize("command", [("share", "--partner", "x"), ("shared", "--partner", "x"), ("shared", "--list", "x")])
def test_what_is_not_known_is_said_in_a_sentence(home: SharingHome, command: tuple[str, ...]) -> None:
    result = totsugo(*command)
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_before_the_first_run_there_is_nothing_to_hand_over(home: SharingHome) -> None:
    home.paths.published.unlink()
    result = totsugo("share")
    assert result.exit_code == 1
    assert "totsugo run" in str(result.output) + str(result.exception)

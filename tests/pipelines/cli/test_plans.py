"""``totsugo plan`` as a partner manager calls it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pptx
import pytest
from typer.testing import CliRunner, Result

from pipelines.account_plans.drawing.slots import texts_of
from pipelines.cli.app import app
from tests.pipelines.account_plans.home import NOW, PlansHome


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlansHome:
    home = PlansHome.new(tmp_path / "home")
    monkeypatch.setenv("TOTSUGO_HOME", str(home.home))
    monkeypatch.setenv("TOTSUGO_CONFIG", str(home.paths.config))
    monkeypatch.setenv("TOTSUGO_AS_OF", NOW.isoformat())
    monkeypatch.delenv("TOTSUGO_PLANS", raising=False)
    return home


def totsugo(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["plan", *arguments])


def typed(deck: Path, slot: str, words: str) -> None:
    """A person types into a box of the deck and saves it."""
    presentation = pptx.Presentation(str(deck))
    (shape,) = (s for slide in presentation.slides for s in slide.shapes if s.name.startswith(f"text:{slot}#"))
    shape.text_frame.text = words
    presentation.save(str(deck))


def test_all_plans_and_the_page_of_all_are_made_unless_some_are_named(home: PlansHome) -> None:
    every = totsugo("make")
    assert every.exit_code == 0, every.output
    assert {path.name for path in home.folder.iterdir()} == {
        f"{stem}.{kind}" for stem in ("musashi", "mirai", "portfolio") for kind in ("pptx", "html")
    }  # fmt: skip
    assert "武蔵システムズ株式会社：プランを作成しました" in every.output
    assert "みらいベンチャーパートナーズ株式会社" not in totsugo("make", "musashi").output


def test_partners_without_a_plan_and_languages_that_we_do_not_speak_are_refused(home: PlansHome) -> None:
    for arguments, said in (
        (("make", "kodama"), "こだま商会株式会社との提携は終了しているため"),
        (("form", "kodama"), "こだま商会株式会社との提携は終了しているため"),
        (("make", "nobody"), "nobody というパートナーは account_mapping.yaml にありません"),
        (("make", "--language", "fr"), "fr という言語には対応していません"),
    ):
        refused = totsugo(*arguments)
        assert refused.exit_code == 1
        assert said in refused.output
        assert "Traceback" not in refused.output


def test_an_earlier_quarter_that_nobody_remembers_is_named_without_a_word_of_making(home: PlansHome) -> None:
    refused = totsugo("compare", "musashi", "--with", "2026-Q1")
    assert refused.exit_code == 1
    assert refused.output == "2026-Q1の計画は記録されていません。今の四半期より前の記録はまだありません。\n"


def test_a_partner_named_twice_is_made_once_and_status_tells_the_ids(home: PlansHome) -> None:
    assert totsugo("make", "musashi", "musashi").output.count("プランを作成しました") == 1
    assert "(musashi)" in totsugo("status").output


def test_a_plan_that_cannot_be_made_is_named_and_ends_with_1_after_the_others(home: PlansHome) -> None:
    home.write("musashi", "version: 1\ntexts: {overview.sumary: 会計}\n")
    done = totsugo("make")
    assert done.exit_code == 1
    assert "musashi.yaml:2" in done.output
    assert "overview.summary" in done.output
    assert (home.folder / "mirai.pptx").exists()


def test_of_a_past_day_no_plan_is_made(home: PlansHome) -> None:
    with home.warehouse.connect() as con:
        con.execute("INSERT INTO state.map_runs (run_id, as_of) VALUES ('newer', ?)", [NOW + timedelta(days=1)])
    home.ran(NOW, "replay")
    refused = totsugo("make", "musashi")
    assert refused.exit_code == 1
    assert "前の日付を再現" in refused.output
    assert not (home.folder / "musashi.pptx").exists()


def test_the_yaml_to_begin_with_is_written_once(home: PlansHome) -> None:
    file = home.folder / "musashi.yaml"
    assert str(file) in totsugo("new", "musashi").output
    file.write_text("version: 1\n", encoding="utf-8")
    assert "すでにある" in totsugo("new", "musashi").output
    assert file.read_text(encoding="utf-8") == "version: 1\n"
    assert totsugo("make", "musashi").exit_code == 0


def test_what_was_typed_into_the_deck_is_taken_over_and_the_deck_stays(home: PlansHome) -> None:
    totsugo("make", "musashi")
    deck = home.folder / "musashi.pptx"
    assert "取り込む編集はありませんでした" in totsugo("take", "musashi").output
    typed(deck, "overview.summary", "会計の案件を任せる。")
    assert f"人が編集したファイル：{deck}" in totsugo("status").output
    taken = totsugo("take", "musashi")
    assert taken.exit_code == 0, taken.output
    assert "overview.summary：会計の案件を任せる。" in taken.output
    again = totsugo("make", "musashi")
    assert "musashi.pptxは人が編集したか" in again.output
    assert texts_of(home.folder / "musashi_new.pptx")["overview.summary"] == ("会計の案件を任せる。", False)
    assert texts_of(deck)["overview.summary"][0] == "会計の案件を任せる。"


def test_a_deck_that_is_none_is_refused(home: PlansHome) -> None:
    refused = totsugo("take", "musashi", str(home.paths.config))
    assert refused.exit_code == 1
    assert "account_mapping.yaml" in refused.output
    assert not (home.folder / "musashi.yaml").exists()


def test_an_earlier_quarter_is_laid_beside_this_one(home: PlansHome, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write("musashi", "version: 1\nmoves: [{text: 事例を紹介する, goal_month: 1, owner: 藤井, due: 2026-12-04}]\n")
    totsugo("make", "musashi")
    assert "より前の計画は記録されていません" in totsugo("compare", "musashi").output
    later = NOW + timedelta(days=60)
    home.ran(later, "next quarter")
    monkeypatch.setenv("TOTSUGO_AS_OF", later.isoformat())
    found = totsugo("compare", "musashi")
    assert found.exit_code == 0, found.output
    assert "武蔵システムズ株式会社　2026年度 第3四半期の計画と結果" in found.output
    assert "[未完了] 事例を紹介する" in found.output
    assert "ホワイトスペース　0社 → 0社" in found.output
    unknown = totsugo("compare", "musashi", "--with", "2020-Q1")
    assert unknown.exit_code == 1
    assert "2026-Q3" in unknown.output


def test_status_tells_what_is_made_written_and_missing(home: PlansHome) -> None:
    before = totsugo("status")
    assert before.exit_code == 0, before.output
    home.write("musashi", "version: 1\n")
    totsugo("make", "musashi")
    row = next(line for line in totsugo().output.splitlines() if "2026/11" in line)
    assert "武蔵" in row
    assert "あり" in row
    assert not (home.folder / "mirai.pptx").exists(), "looking makes nothing"


def test_the_page_of_all_partners_is_a_table_too(home: PlansHome) -> None:
    done = totsugo("portfolio", "--language", "en")
    assert done.exit_code == 0, done.output
    assert "Invest" in done.output
    assert (home.folder / "portfolio.en.pptx").exists()


def test_a_form_goes_out_and_nothing_else_of_a_plan_is_for_partners(home: PlansHome) -> None:
    assert totsugo("form", "musashi").exit_code == 0
    assert [path.suffix for path in home.folder.rglob("*") if path.is_file()] == [".xlsx"]

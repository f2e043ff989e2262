"""Making plans: files for every partner, a fault that stays its own, and what people did stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pptx
import pytest

from pipelines.account_plans.make import Maker, make_plans, make_portfolio, partners_of, plans
from tests.pipelines.account_plans.home import NOW, PlansHome

LANGUAGE_AND_NAMES = [("ja", ["musashi.html", "musashi.pptx"]), ("en", ["musashi.en.html", "musashi.en.pptx"])]


@pytest.fixture
def home(tmp_path: Path) -> PlansHome:
    return PlansHome.new(tmp_path / "home")


def maker(home: PlansHome, language: str | None = None) -> Maker:
    return Maker.of(home.warehouse, home.warehouse.read, home.settings, language)


def words(file: Path) -> str:
    return "\n".join(
        shape.text_frame.text for slide in pptx.Presentation(str(file)).slides for shape in slide.shapes if shape.has_text_frame
    )


@pytest.mark.parametrize(("language", "names"), LANGUAGE_AND_NAMES)
def test_a_plan_is_a_deck_and_a_page_in_the_language_asked_for(home: PlansHome, language: str, names: list[str]) -> None:
    (made,) = make_plans(maker(home, language), ["musashi"])
    assert made.fault is None, made.fault
    assert sorted(put.path.name for put in made.files) == names
    assert "武蔵システムズ株式会社" in words(next(put.path for put in made.files if put.path.suffix == ".pptx"))


def test_a_partner_that_has_ended_has_no_plan(home: PlansHome) -> None:
    assert partners_of(home.settings) == ["musashi", "mirai"]


def test_a_partner_whose_terms_do_not_cover_plans_has_none_and_is_nobodys_fault(home: PlansHome) -> None:
    with home.warehouse.connect() as con:
        con.execute("INSERT INTO marts.partner_uses BY NAME SELECT 'musashi' AS partner, 'crm_fields' AS use_in_force,"
                    " 'crm_fields' AS agreed_use, true AS is_for_crm, false AS is_for_plans")  # fmt: skip
    home.warehouse.publish()
    musashi, mirai = make_plans(maker(home), ["musashi", "mirai"])
    assert (musashi.left_out, musashi.plan, musashi.files) == (True, None, [])
    assert "利用条件" in str(musashi.fault)
    assert "musashi.pptx" in str(musashi.fault)
    assert mirai.fault is None


def test_one_partners_fault_is_named_and_stops_no_other(home: PlansHome) -> None:
    home.write("musashi", "version: 1\neffort: {now: much}\n")
    musashi, mirai = make_plans(maker(home), ["musashi", "mirai"])
    assert musashi.fault is not None
    assert "musashi.yaml:2" in musashi.fault
    assert musashi.files == []
    assert mirai.fault is None
    assert (home.folder / "mirai.pptx").exists()
    page, _ = make_portfolio(maker(home))
    assert page.fault is None, "the page of all partners goes without that file"


def test_a_plan_that_cannot_be_written_is_named(home: PlansHome) -> None:
    home.folder.mkdir(parents=True)
    (home.folder / ".musashi.pptx.part").mkdir()
    musashi, mirai = make_plans(maker(home), ["musashi", "mirai"])
    assert musashi.fault is not None
    assert "書き込めません" in musashi.fault
    assert mirai.fault is None


def test_a_wrong_template_is_named(home: PlansHome) -> None:
    (made,) = make_plans(replace(maker(home), template=home.paths.config), ["musashi"])
    assert made.fault is not None
    assert "account_mapping.yaml" in made.fault
    assert made.error is None, "a person's mistake is no mistake of ours"


def test_the_same_data_and_words_make_the_same_bytes(home: PlansHome) -> None:
    first = {put.path: put.path.read_bytes() for put in make_plans(maker(home), ["musashi"])[0].files}
    again = {put.path: put.path.read_bytes() for put in make_plans(maker(home), ["musashi"])[0].files}
    assert first == again


def test_what_a_person_wrote_in_the_yaml_is_in_the_new_deck_and_the_yaml_is_as_it_was(home: PlansHome) -> None:
    make_plans(maker(home), ["musashi"])
    said = "version: 1\ntexts: {overview.summary: 会計の案件を任せる。}\n"
    home.write("musashi", said)
    (made,) = make_plans(maker(home), ["musashi"])
    assert "会計の案件を任せる。" in words(made.files[0].path)
    assert (home.folder / "musashi.yaml").read_text(encoding="utf-8") == said


def test_a_deck_that_a_person_changed_stays_and_the_next_run_is_laid_beside_it(home: PlansHome) -> None:
    deck = make_plans(maker(home), ["musashi"])[0].files[0].path
    presentation = pptx.Presentation(str(deck))
    presentation.slides[0].shapes.title.text_frame.text = "手で直した題"
    presentation.save(str(deck))
    mine = deck.read_bytes()
    home.ran(NOW + timedelta(days=7), "next")
    (made,) = make_plans(maker(home), ["musashi"])
    assert deck.read_bytes() == mine
    assert [(put.path.name, put.left is not None) for put in made.files] == [
        ("musashi_new.pptx", True), ("musashi.html", False),
    ]  # fmt: skip


def test_looking_at_plans_writes_nothing(home: PlansHome) -> None:
    found = plans(maker(home), ["musashi"])
    assert found[0].plan is not None
    assert not home.folder.exists()
    with home.warehouse.connect() as con:
        assert con.execute("SELECT count(*) FROM state.account_plans").fetchone() == (0,)


def test_the_page_of_all_partners_takes_the_hours_that_people_gave(home: PlansHome) -> None:
    home.write("musashi", "version: 1\neffort: {now: 24, proposed: 40}\n")
    page, portfolio = make_portfolio(maker(home))
    assert [put.path.name for put in page.files] == ["portfolio.pptx", "portfolio.html"]
    assert portfolio is not None
    assert portfolio.partners[0].figures["hours_now"].value == 24
    assert "24時間 → 40時間" in page.files[1].path.read_text(encoding="utf-8")

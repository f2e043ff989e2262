"""Drafted sentences: every digit is one of their figures, nothing unknown is told, each situation reads differently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from itertools import combinations

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.account_plans.drafts.direction import direction_of
from pipelines.account_plans.drafts.overview import overview_of
from pipelines.account_plans.drafts.pen import Pen
from pipelines.account_plans.drafts.reading import reading_of
from pipelines.account_plans.drafts.situation import situation_of
from pipelines.account_plans.figure import Figure, told
from pipelines.account_plans.gather.sales import targets_of
from pipelines.account_plans.gather.standing import Standing
from pipelines.account_plans.plan import Sentence
from pipelines.account_plans.written.models import Written
from tests.pipelines.account_plans.gather.world import AS_OF, PARTIES, PARTNERS, world
from tests.pipelines.account_plans.parts import Parts, parts_of

TARGETS = Written.model_validate({"targets": [{"year": 2028, "amount": 1.5e8}, {"year": 2027, "amount": 1e8, "deals": 30}]})
DAYS = (
    AS_OF,
    date(2026, 11, 15),
    date(2026, 10, 1),
    date(2026, 10, 16),
    date(2025, 11, 8),
    date(2026, 10, 30),
    date(2026, 4, 13),
)
NOT_KNOWN = re.compile(r"[―–]")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with world() as con:
        yield con


def _unaccounted(sentence: Sentence, language: str) -> str:
    """What is left of the digits once figures, days and fiscal years (of ``plan_sales`` and of labels) are taken away."""
    pen, words = Pen(language, "JPY"), sentence.words
    numbers = [told(figure, language, "JPY") for figure in sentence.figures]
    days = [form(day) for day in DAYS for form in (pen.day, pen.until)]
    for known in sorted({*numbers, *days}, key=len, reverse=True):
        words = words.replace(known, "")
    years = {"2023", "2024", "2025", "2026"} | {
        year for figure in sentence.figures for year in re.findall(r"\d{4}", figure.label(language))
    }
    for year in years:
        words = re.sub(rf"{year}年度|FY{year}", "", words)
    return "".join(re.findall(r"\d", words))


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("partner", PARTNERS)
@pytest.mark.parametrize("written", [Written(), TARGETS], ids=["no targets", "targets"])
def test_every_digit_comes_from_a_figure_or_a_day(
    con: duckdb.DuckDBPyConnection, partner: str, language: str, written: Written
) -> None:
    sentences = list(parts_of(con, partner, language, written).sentences())
    assert sentences
    for sentence in sentences:
        assert _unaccounted(sentence, language) == "", sentence.words
        assert not NOT_KNOWN.search(sentence.words), sentence.words
        assert sentence.words.strip()
        assert not sentence.written
        assert len({figure.key for figure in sentence.figures}) == len(sentence.figures)


@pytest.mark.parametrize("partner", PARTNERS)
def test_an_estimate_is_called_one(con: duckdb.DuckDBPyConnection, partner: str) -> None:
    for sentence in parts_of(con, partner).sentences():
        if any(figure.key.startswith(("potential.", "cell.")) and figure.formula_key for figure in sentence.figures):
            assert "試算" in sentence.words


def _situation(parts: Parts) -> str:
    return situation_of(parts.standing, parts.sales)


def test_situations_are_told_apart(con: duckdb.DuckDBPyConnection) -> None:
    assert {partner: _situation(parts_of(con, partner)) for partner in PARTNERS} == {
        "musashi": "selling",
        "hoshizora": "quiet",
        "mirai": "introducing",
        "tasogare": "ghost",
        "akebono": "prospective",
        "shiranui": "unknown",
    }


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_situation_reads_differently(con: duckdb.DuckDBPyConnection, language: str) -> None:
    names = {partner: name for partner, name, _, _ in PARTIES}

    def bare(partner: str, slots: str) -> str:
        return re.sub(r"\d", "", parts_of(con, partner, language).words(slots).replace(names[partner], ""))

    for slots in ("overview.summary", "direction.purpose", "direction.reasoning", "direction.do."):
        for one, other in combinations(PARTNERS, 2):
            assert bare(one, slots) != bare(other, slots), (slots, one, other)


def test_a_strong_reseller(con: duckdb.DuckDBPyConnection) -> None:
    parts = parts_of(con, "musashi", written=TARGETS)
    assert "2026年度は11月20日までに19件・5,240万円を受注（前年度は通期で28件・8,910万円）" in parts.overview.summary.words
    reasons = [sentence.words for sentence in parts.direction.reasoning]
    assert "同社がいなくても得られる受注が混じる" in reasons[1]
    assert reasons[2].startswith("同社の商流（90件）の受注率は83.8%、同業種・同規模で同社が関わらない場合は52.7%。")
    assert "因果" not in reasons[2]
    assert "関連であり" in reasons[2]
    assert reasons[3].startswith("2028年度の目標1.5億円は、2025年度の実績8,910万円の1.7倍。")
    assert [target.year for target in parts.direction.targets] == [2027, 2028]
    do = [sentence.words for sentence in parts.direction.do]
    assert "商談中の61件・2.1億円" in do[0]
    assert "回答待ち2件、承諾済みで面談前3件、面談後6件" in do[1]
    assert do[2].startswith("当社ターゲットのうち同社の既存顧客（162社")
    assert "起点は当社ターゲットのうち同社の既存顧客162社" in parts.direction.purpose.words
    assert len(do) == 4
    assert "当社の既存顧客2社と商談中1社" in parts.direction.do_not[0].words


def test_a_technology_partner_through_which_nothing_came(con: duckdb.DuckDBPyConnection) -> None:
    parts = parts_of(con, "hoshizora")
    assert "同社からの紹介もまだない" in parts.overview.summary.words
    assert "最初の案件" in parts.direction.purpose.words
    assert "最初の案件ができるまで、販売目標を置かない" in parts.words("direction.do_not")
    assert "受注率は" not in parts.words("direction.reasoning")


def test_an_investor_is_measured_by_introductions(con: duckdb.DuckDBPyConnection) -> None:
    parts = parts_of(con, "mirai")
    assert "受けた紹介6件のうち2件を受注し、2件が面談後も継続中" in parts.overview.summary.words
    assert "紹介の件数と面談の件数で測る" in parts.words("direction.do_not")


def test_a_ghost_is_asked_first_and_gets_no_hours(con: duckdb.DuckDBPyConnection) -> None:
    parts = parts_of(con, "tasogare")
    assert "2025年11月8日" in parts.overview.summary.words
    assert "377日" in parts.overview.summary.words
    assert "再開するか" in parts.direction.do[0].words
    assert all(do.words.startswith("再開後") for do in parts.direction.do[2:])
    assert "工数を使わない" in parts.direction.do_not[0].words


def test_a_prospective_partner_learns_no_names(con: duckdb.DuckDBPyConnection) -> None:
    parts = parts_of(con, "akebono")
    assert "契約するかを決める" in parts.direction.purpose.words
    assert "違いがあるとは言えない" in parts.words("direction.reasoning")
    assert "重なり54社の社名や当社の商談内容を伝えない" in parts.direction.do_not[0].words
    assert all(do.words.startswith("契約後") for do in parts.direction.do[1:])


def test_of_a_partner_without_data_the_plan_says_what_is_missing(con: duckdb.DuckDBPyConnection) -> None:
    parts = parts_of(con, "shiranui")
    assert "顧客リストを受け取っておらず" in parts.overview.summary.words
    assert "顧客リストを依頼する" in parts.direction.do[0].words
    assert "リストがないため、重なりも試算も出せない" in parts.potential.reading.words
    assert not re.search(r"\d", parts.words("direction"))
    asked = {missing.label: (missing.ask, missing.page) for missing in parts.missing}
    assert asked["顧客リスト"] == ("しらぬい販売株式会社に提供を依頼", 1)
    assert asked["パートナー側の人物と組織"][1] == 4


def test_what_a_person_wrote_replaces_adds_and_takes_away(con: duckdb.DuckDBPyConnection) -> None:
    own = {
        "overview.summary": "  首都圏の要。 ",
        "potential.reading": "",
        "direction.do.2": " ",
        "direction.do.7": "月例会を開く",
        "direction.do_not.1": "値引きしない",
    }
    drafted, parts = parts_of(con, "musashi"), parts_of(con, "musashi", written=Written(texts=own))
    assert parts.overview.summary == Sentence("overview.summary", "首都圏の要。", written=True)
    assert [do.slot.rpartition(".")[2] for do in parts.direction.do] == ["1", "3", "4", "7"]
    assert parts.direction.do[-1] == Sentence("direction.do.7", "月例会を開く", written=True)
    assert parts.direction.do[1] == drafted.direction.do[2]
    assert parts.direction.do_not[0].words == "値引きしない"
    assert parts.potential.reading == drafted.potential.reading


def test_what_we_want_is_the_purpose_unless_that_place_has_words_of_its_own(con: duckdb.DuckDBPyConnection) -> None:
    goals = parts_of(con, "musashi", written=Written(our_goals="首都圏で30社")).direction.purpose
    assert (goals.words, goals.written) == ("首都圏で30社", True)
    both = Written(our_goals="首都圏で30社", texts={"direction.purpose": "関西で10社"})
    assert parts_of(con, "musashi", written=both).direction.purpose.words == "関西で10社"


def test_a_target_beyond_the_estimate_is_said_to_be_out_of_reach(con: duckdb.DuckDBPyConnection) -> None:
    far = Written.model_validate({"targets": [{"year": 2028, "amount": 9e9}]})
    assert "今の重なりだけでは届かない" in parts_of(con, "musashi", written=far).words("direction.reasoning")


def test_the_same_marts_make_the_same_plan(con: duckdb.DuckDBPyConnection) -> None:
    assert parts_of(con, "musashi") == parts_of(con, "musashi")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_unknown_is_never_told(con: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    """Figures of a partner set to nothing or to any number: sentences still stand, without a dash."""
    parts = parts_of(con, data.draw(st.sampled_from(PARTNERS)))
    standing = _shaken(parts.standing, data)
    language = data.draw(st.sampled_from(["ja", "en"]))
    pen = Pen(language, "JPY")
    targets = targets_of("p", TARGETS.targets)
    direction = direction_of(standing, parts.sales, targets, parts.potential.cells, parts.totals, None, pen)
    sentences = [
        overview_of(standing, parts.sales, (), (), pen).summary,
        direction.purpose,
        *(*direction.reasoning, *direction.do, *direction.do_not),
        reading_of(standing, parts.potential.cells, parts.totals, parts.potential.industries, (), pen),
    ]
    for sentence in sentences:
        assert not NOT_KNOWN.search(sentence.words), sentence.words
        assert _unaccounted(sentence, language) == "", sentence.words


def _shaken(standing: Standing, data: st.DataObject) -> Standing:
    """What the marts may hold: unknown are fit, silence, coverage and the lists, all else is counted."""
    changed: dict[str, object] = {}
    for name in ("fit", "coverage", "whitespace", "greenfield", "no_approach", "listed", "covered_targets"):
        figure: Figure = getattr(standing, name)
        may_lack = name in ("fit", "coverage", "whitespace", "no_approach")
        values = st.sampled_from([0.0, 1.0, 0.5, 1234.0, *([None] if may_lack else [])])
        changed[name] = replace(figure, value=data.draw(values, label=name))
    if changed["whitespace"].value is None or changed["no_approach"].value is None:  # type: ignore[attr-defined]
        changed |= {name: replace(changed[name], value=None) for name in ("whitespace", "no_approach")}  # type: ignore[type-var]
    changed["stage"] = data.draw(st.sampled_from(["active", "prospective"]))
    changed["state"] = data.draw(st.sampled_from(["active", "cooling", "ghost"]))
    changed["type"] = data.draw(st.sampled_from(["reseller", "technology", "investor", "advisor"]))
    assert {*changed} <= {field.name for field in fields(Standing)}
    return replace(standing, **changed)  # type: ignore[arg-type]

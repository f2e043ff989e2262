"""How well a run matched is in sight: figures, what moved since the last run, what people's answers measure, and the picture."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from pipelines.matching import compared
from pipelines.matching.model import Model, shipped_model
from pipelines.matching.quality import ALL, Quality, below, drift, last, matched_any, measure, note
from pipelines.matching.recall import recall
from pipelines.report.quality_picture import probability_bins, quality_svg
from pipelines.report.quality_report import quality_report
from pipelines.report.quality_words import drift_lines, measured_lines, quality_table
from pipelines.warehouse import DDL
from tests.pipelines.matching.world import AS_OF, World

NUMBER = "7000012050002"
NAMES = {"us": "アオゾラソフト株式会社", "m": "武蔵システムズ株式会社"}
KAMOME = {"name": "株式会社カモメ配送", "address": "東京都江東区豊洲1-2-3", "phone": "03-5555-1212"}

SIRIUS = {"address": "長野県諏訪市大手1-1", "web": "sirius.co.jp"}


@pytest.fixture(scope="module")
def model() -> Model:
    return shipped_model()


@pytest.fixture
def world() -> World:
    """Ours: one in the register, one on the partner's list too, one alone. The partner's: one that we have, two
    alone."""
    world = World()
    world.put_register([KAMOME | {"number": NUMBER}])
    world.put_records(
        [
            KAMOME | {"record_id": "crm:Account:1", "phone": None},
            {
                "record_id": "crm:Account:2",
                "name": "株式会社シリウス精機",
                "address": "長野県諏訪市大手1-1",
                "web": "sirius.co.jp",
            },
            {"record_id": "crm:Account:3", "name": "青嶺ソフトウェア株式会社"},
            SIRIUS | {"record_id": "m:l:1", "party": "m", "name": "シリウス精機(株)"},
            {"record_id": "m:l:2", "party": "m", "name": "㈱ナミノハナ", "address": "北海道小樽市色内1-1"},
            {"record_id": "m:l:3", "party": "m", "name": "梓川電機", "address": "長野県松本市梓川倭1-2"},
        ]
    )
    con = world.connection
    for file in ("config.sql", "review.sql"):
        con.execute((DDL / file).read_text(encoding="utf-8"))
    con.execute("INSERT INTO config.matching VALUES (0.99, 0.35, 'shipped')")
    for position, (party, name) in enumerate(NAMES.items()):
        con.execute("INSERT INTO config.parties VALUES (?, ?, 'reseller', 'active', false, NULL, ?)", [party, name, position])
    return world


def matched(world: World) -> dict[str, Quality]:
    world.match()
    compared.keep(world.connection)
    return {quality.party: quality for quality in measure(world.connection)}


def test_each_party_and_all_have_their_figures(world: World) -> None:
    found = matched(world)
    assert list(found) == [ALL, "us", "m"]
    assert [(q.records, q.matched, q.alone) for q in found.values()] == [(6, 3, 3), (3, 2, 1), (3, 1, 2)]
    assert found[ALL].auto == 3
    assert found[ALL].match_rate == pytest.approx(0.5)
    assert found[ALL].review == world.connection.execute("SELECT count(*) FROM match.review_queue").fetchall()[0][0]
    wrong = world.connection.execute("SELECT sum(1 - probability) FROM match.links WHERE verdict = 'auto'").fetchall()[0][0]
    assert found[ALL].expected_false == pytest.approx(wrong)
    assert found[ALL].expected_precision == pytest.approx(1 - wrong / 3)


def test_what_people_place_is_matched_but_no_automatic_link(world: World) -> None:
    before = matched(world)
    world.decide("crm:Account:3", "m:l:2", "same")
    found = matched(world)
    assert (found[ALL].confirmed, found[ALL].auto) == (2, before[ALL].auto)
    assert found[ALL].matched == before[ALL].matched + 2


def test_a_world_without_records_has_no_figures(world: World) -> None:
    world.put_records([])
    assert matched(world) == {}
    assert matched_any(world.connection, [])
    assert quality_table([], NAMES, "ja").count("\n") == 1


def test_a_run_is_compared_with_the_one_before_it_and_never_with_itself(world: World) -> None:
    found = list(matched(world).values())
    con = world.connection
    assert last(con, AS_OF, "r1") == {}
    note(con, found, AS_OF, "r1", "default")
    note(con, found[:1], AS_OF, "r1", "default")
    assert last(con, AS_OF, "r1") == {}
    note(con, found, AS_OF + timedelta(days=1), "r2", "default")
    assert last(con, AS_OF + timedelta(days=2), "r3") == {quality.party: quality for quality in found}
    assert list(last(con, AS_OF - timedelta(days=1), "r0")) == []


def test_a_day_that_is_replayed_is_compared_with_the_day_before_it(world: World) -> None:
    con = world.connection
    for day in range(3):
        note(con, [Quality("m", 100, day, 0, 0, 0, 0, 0.0, None)], AS_OF + timedelta(days=day), f"r{day}", "default")
    assert last(con, AS_OF + timedelta(days=1), "again")["m"].matched == 1
    assert last(con, AS_OF + timedelta(days=1), "r1")["m"].matched == 0


def quality(
    party: str = "m", records: int = 100, matched: int = 50, review: int = 0, false: float = 0.0, auto: int = 0
) -> Quality:
    return Quality(party, records, matched, auto, 0, 0, review, false, None)


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        (quality(matched=70), quality(matched=59), ["match_rate"]),
        (quality(matched=70), quality(matched=60), []),
        (quality(matched=50), quality(matched=90), []),
        (quality(review=20), quality(review=40), ["review_load"]),
        (quality(review=20), quality(review=39), []),
        (quality(review=2), quality(review=6), []),
        (quality(records=1000, review=100), quality(records=200, review=30), []),
        (quality(records=9, matched=9), quality(records=9, matched=0), []),
        (quality(matched=90, review=0), quality(matched=10, review=30), ["match_rate", "review_load"]),
        (quality(ALL, matched=90), quality(ALL, matched=10), []),
    ],
)
def test_drift_is_a_rate_that_fell_or_questions_that_doubled(before: Quality, now: Quality, moved: list[str]) -> None:
    assert [found.kind for found in drift([now], {before.party: before})] == moved


def test_a_party_that_is_new_has_not_drifted() -> None:
    assert drift([quality(matched=1)], {}) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_drift_names_the_partner_and_both_figures(language: str) -> None:
    moved = drift([quality(matched=50, review=60)], {"m": quality(matched=90, review=20)})
    fell, grew = drift_lines(moved, NAMES, language)
    assert all(word in fell for word in (NAMES["m"], "90.0%", "50.0%"))
    assert all(word in grew for word in (NAMES["m"], "200", "600"))


def test_a_party_whose_links_are_less_sure_than_stated_is_named_where_there_are_enough() -> None:
    found = [quality(ALL, auto=500, false=2.0), quality("us", auto=400, false=0.5), quality(auto=100, false=1.6)]
    assert [q.party for q in below(found, 0.99)] == ["m"]
    assert [q.party for q in below(found, 0.999)] == [ALL, "us", "m"]
    assert below([quality(auto=3, false=1.0)], 0.99) == []


def test_nothing_matched_is_amiss_only_where_there_is_something_to_match_with(world: World) -> None:
    world.put_records([{"record_id": "crm:Account:3", "name": "株式会社ナミノハナ"}])
    found = list(matched(world).values())
    assert not matched_any(world.connection, found)
    world.put_register([])
    assert matched_any(world.connection, found)


def test_recall_is_the_share_of_pairs_called_the_same_that_matching_finds_by_itself(world: World, model: Model) -> None:
    matched(world)
    assert recall(world.connection, model.auto) is None
    world.decide("crm:Account:2", "m:l:1", "same")
    world.decide("crm:Account:1", f"register:{NUMBER}", "same")
    world.decide("crm:Account:3", "m:l:3", "same")
    world.decide("crm:Account:1", "m:l:3", "different")
    world.decide("gone", "gone too", "same")
    matched(world)
    found = recall(world.connection, model.auto)
    assert found is not None
    assert (found.said, found.missed) == (3, 1)
    assert found.estimate == pytest.approx(2 / 3)
    assert 0.2 < found.low < found.estimate < found.high < 0.95
    (line,) = measured_lines(None, found, "en")
    assert "66.7%" in line


def test_records_that_meet_in_the_register_are_found(world: World, model: Model) -> None:
    world.put_records(
        [
            {"record_id": "crm:Account:1", "name": "カモメ配送", "address": "東京都江東区豊洲1-2-3"},
            {"record_id": "m:l:1", "party": "m", "name": "別名で知られる会社", "number": NUMBER},
        ]
    )
    world.decide("crm:Account:1", "m:l:1", "same")
    matched(world)
    found = recall(world.connection, model.auto)
    assert found is not None
    assert (found.said, found.missed) == (1, 0)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_report_has_a_table_a_picture_and_what_is_amiss(world: World, model: Model, language: str) -> None:
    matched(world)
    con = world.connection
    first = quality_report(con, AS_OF, "r1", model, language)
    assert first.amiss["no_drift"] == first.amiss["something_matched"] == []
    assert "武蔵" in first.table.replace("\u2060", "")
    assert first.picture.startswith("![")
    con.execute("UPDATE match.links SET probability = 0.96 WHERE verdict = 'auto' AND rule <> 'alone'")
    second = quality_report(con, AS_OF + timedelta(days=1), "r2", model, language)
    assert len(second.amiss["precise_enough"]) == 1
    assert "96.00%" in second.amiss["precise_enough"][0]


def test_the_picture_shows_every_party_and_every_link(world: World) -> None:
    found = list(matched(world).values())
    bins = probability_bins(world.connection)
    assert sum(count for (verdict, _), count in bins.items() if verdict == "auto") == found[0].auto
    odd = NAMES | {"m": "武蔵 <東> & 西"}
    root = ElementTree.fromstring(quality_svg(found, {ALL: quality(ALL)}, bins, odd, "ja"))
    told = {element.text for element in root.iter() if element.text}
    assert {"全体", odd["m"], "50.0%"} <= told
    assert ElementTree.fromstring(quality_svg([], {}, {}, {}, "en")) is not None

"""What a matching promises: lasting ids, decisions that bind, no forced joins, the same answer for the same input."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.matching.model import DEFAULT_VERSION
from tests.pipelines.matching.world import AS_OF, World

NUMBER, OTHER_NUMBER = "7000012050002", "1000013050238"
KAMOME = {"name": "株式会社カモメ配送", "address": "東京都江東区豊洲1-2-3", "phone": "03-5555-1212"}
SIRIUS = {"name": "株式会社シリウス精機", "address": "長野県諏訪市大手1-1", "web": "sirius-seiki.co.jp"}


def kamome(record_id: str, **changes: Any) -> dict[str, Any]:
    return KAMOME | {"record_id": record_id} | changes


@pytest.fixture
def world() -> World:
    return World()


def test_records_of_several_parties_and_duplicates_join(world: World) -> None:
    world.put_records(
        [
            kamome("crm:Account:1"),
            kamome("crm:Account:2", name="㈱カモメ配送"),
            kamome("musashi/list:list:9", party="musashi", name="カモメ配送(株)"),
            SIRIUS | {"record_id": "crm:Account:3"},
        ]
    )
    summary = world.match()
    assert world.groups() == {
        frozenset({"crm:Account:1", "crm:Account:2", "musashi/list:list:9"}),
        frozenset({"crm:Account:3"}),
    }
    assert (summary.records, summary.companies, summary.alone) == (4, 2, 1)


def test_every_record_has_exactly_one_placing_link(world: World) -> None:
    world.put_records(
        [kamome("a"), kamome("b", phone=None, address=None), SIRIUS | {"record_id": "c"}, {"record_id": "d", "name": "?!"}]
    )
    world.match()
    rows = world.connection.execute(
        "SELECT record_id, count(*) FROM match.links WHERE verdict IN ('auto', 'confirmed') GROUP BY 1"
    ).fetchall()
    assert dict(rows) == {"a": 1, "b": 1, "c": 1, "d": 1}


def test_no_records_at_all_is_fine(world: World) -> None:
    assert world.match().companies == 0
    assert world.links() == []


def test_the_register_gives_number_and_name(world: World) -> None:
    world.put_register([{"number": NUMBER, "name": "カモメ配送株式会社", "address": "東京都江東区豊洲１丁目２番３号"}])
    world.put_records(
        [
            kamome("a", name="ｶﾓﾒ配送"),
            kamome("b", phone=None, address=None, name="カモメ配送(株)", number=NUMBER, party="musashi"),
        ]
    )
    world.match()
    rows = world.connection.execute(
        "SELECT name, corporate_number, prefecture, city, record_count FROM match.companies"
    ).fetchall()
    assert rows == [("カモメ配送株式会社", NUMBER, "東京都", "江東区", 2)]


def test_namesakes_in_the_register_leave_the_choice_to_a_person(world: World) -> None:
    world.put_register(
        [
            {"number": NUMBER, "name": "株式会社太陽商事", "address": "東京都港区芝1-1"},
            {"number": OTHER_NUMBER, "name": "株式会社太陽商事", "address": "福岡県久留米市城南町1"},
        ]
    )
    world.put_records([{"record_id": "a", "name": "(株)太陽商事"}])
    world.match()
    assert [link[4] for link in world.links() if link[3] == "auto"] == ["alone"]
    assert world.connection.execute("SELECT DISTINCT record_id FROM match.review_queue").fetchall() == [("a",)]


def test_different_corporate_numbers_never_join(world: World) -> None:
    world.put_records([kamome("a", number=NUMBER), kamome("b", number=OTHER_NUMBER), kamome("c")])
    world.match()
    companies = world.companies()
    assert companies["a"] != companies["b"]
    numbers = world.connection.execute(
        "SELECT corporate_number FROM match.companies WHERE corporate_number IS NOT NULL"
    ).fetchall()
    assert sorted(numbers) == sorted([(NUMBER,), (OTHER_NUMBER,)])


def test_a_person_beats_any_score(world: World) -> None:
    world.put_records([kamome("a"), kamome("b"), SIRIUS | {"record_id": "c"}])
    world.decide("a", "b", "different")
    world.decide("a", "c", "same")
    world.match()
    assert world.groups() == {frozenset({"a", "c"}), frozenset({"b"})}
    by_verdict = {(row[0], row[3]) for row in world.links()}
    assert {("a", "confirmed"), ("c", "confirmed"), ("a", "rejected"), ("b", "rejected")} <= by_verdict


def test_different_holds_through_a_third_record(world: World) -> None:
    world.put_records([kamome("a"), kamome("b"), kamome("m")])
    world.decide("a", "b", "different")
    world.match()
    companies = world.companies()
    assert companies["a"] != companies["b"]


def test_a_decided_pair_is_not_asked_again(world: World) -> None:
    pair = [
        {"record_id": "a", "name": "株式会社北沢機工", "address": "長野県長野市鶴賀2-2"},
        {"record_id": "b", "name": "株式会社北沢機工", "party": "musashi"},
    ]
    world.put_records(pair)
    assert world.match().review == 1
    world.decide("b", "a", "unsure")
    assert world.match().review == 0
    world.decide("a", "b", "same")
    assert world.match().review == 0


def test_contradicting_decisions_are_counted_and_different_holds(world: World) -> None:
    world.put_records([kamome("a"), kamome("b"), kamome("c")])
    for pair, word in ((("a", "b"), "same"), (("b", "c"), "same"), (("a", "c"), "different")):
        world.decide(*pair, word)
    assert world.match().contradictions == 1
    assert world.companies()["a"] != world.companies()["c"]


def test_ids_stay_when_records_come_and_go(world: World) -> None:
    world.put_records([kamome("b"), kamome("c")])
    world.match()
    company = world.companies()["b"]
    world.put_records([kamome("a"), kamome("b"), kamome("c"), SIRIUS | {"record_id": "z"}])
    world.match()
    assert {world.companies()[record] for record in "abc"} == {company}
    world.put_records([kamome("a"), SIRIUS | {"record_id": "z"}])
    world.match()
    assert world.companies()["a"] == company
    world.put_records([kamome("b")])
    world.match()
    assert world.companies()["b"] == company


def test_when_a_company_splits_the_larger_part_keeps_the_id(world: World) -> None:
    world.put_records([kamome("a"), kamome("b"), kamome("c")])
    world.match()
    company = world.companies()["a"]
    world.decide("a", "b", "different")
    world.decide("a", "c", "different")
    world.match()
    assert world.companies()["b"] == world.companies()["c"] == company
    assert world.companies()["a"] != company


def test_a_second_run_changes_nothing(world: World) -> None:
    world.put_records([kamome("a"), kamome("b", name="カモメ配送"), SIRIUS | {"record_id": "c"}])
    world.match()
    links, ids = world.links(), world.connection.execute("SELECT * FROM state.company_ids ORDER BY ALL").fetchall()
    summary = world.match()
    assert (world.links(), summary.new_company_ids) == (links, 0)
    assert world.connection.execute("SELECT * FROM state.company_ids ORDER BY ALL").fetchall() == ids


def test_a_killed_run_that_kept_its_ids_gives_the_same_ids_again(world: World) -> None:
    world.put_records([kamome("a"), SIRIUS | {"record_id": "c"}])
    world.match()
    before = world.companies()
    world.connection.execute("DELETE FROM match.links; DELETE FROM match.companies;")
    world.match()
    assert world.companies() == before


def test_evidence_tells_what_agreed(world: World) -> None:
    world.put_records([kamome("a"), kamome("b", name="㈱カモメ配送", party="musashi")])
    world.match()
    link = next(row for row in world.links() if row[0] == "b")
    told = {part["feature"]: part["outcome"] for part in link[5]}
    seen = {"phone": "agrees", "place": "block", "name": "agrees_after_folding", "legal_form": "agrees"}
    assert seen.items() <= told.items()
    assert (link[4], link[6], link[7]) == ("phone", AS_OF, DEFAULT_VERSION)


def test_the_weights_of_the_evidence_add_up_to_the_probability(world: World) -> None:
    world.put_register([{"number": NUMBER, "name": "カモメ配送株式会社", "address": "東京都江東区豊洲１丁目２番３号"}])
    world.put_records([kamome("a"), kamome("b", name="㈱カモメ配送", party="musashi", phone="06-1111-2222")])
    world.match()
    for _, _, probability, _, rule, evidence, *_ in world.links():
        if rule != "alone":
            bits = sum(part["weight"] for part in evidence)
            assert probability == pytest.approx(1 / (1 + 2**-bits), abs=0.01)


_POOL = [
    KAMOME,
    KAMOME | {"name": "カモメ配送", "phone": None},
    KAMOME | {"name": "㈱カモメ配送 大阪支店", "address": "大阪府大阪市北区梅田1-1"},
    SIRIUS,
    SIRIUS | {"name": "シリウス精機㈱", "number": NUMBER},
    SIRIUS | {"number": OTHER_NUMBER},
    {"name": "株式会社太陽商事", "address": "東京都港区芝1-1"},
    {"name": "株式会社太陽商事", "address": "福岡県久留米市城南町1"},
    {"name": "太陽商事"},
]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(len(_POOL))))
def test_the_order_of_records_changes_nothing(order: list[int]) -> None:
    rows = [row | {"record_id": f"r{number}"} for number, row in enumerate(_POOL)]
    straight, shuffled = World(), World()
    straight.put_records(rows)
    shuffled.put_records([rows[index] for index in order])
    straight.match()
    shuffled.match()
    assert shuffled.links() == straight.links()


def test_a_hundred_records_of_one_company_join_whatever_the_caps(world: World) -> None:
    world.put_records([kamome(f"r{number:03d}", address=None, party="us" if number % 2 else "musashi") for number in range(100)])
    assert world.match().companies == 1


def _one_list(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Records of one list."""
    return [{"record_id": f"l{n}", "party": "musashi", "list": "musashi/a"} | row for n, row in enumerate(rows)]


def test_a_list_names_a_company_once_unless_it_shows_that_it_does_not(world: World) -> None:
    world.put_register(
        [{"number": NUMBER, "name": "カモメ配送株式会社", "address": "東京都江東区豊洲１丁目２番３号"}],
        [{"number": NUMBER, "kind": "former", "name": "株式会社ウミネコ急便"}],
    )
    claimants = [
        {"name": "カモメ配送株式会社", "address": "東京都江東区豊洲1-2-3"},
        {"name": "株式会社ウミネコ急便", "address": "東京都江東区豊洲1-2-3"},
    ]
    world.put_records(_one_list(*claimants))
    world.match()
    assert len(set(world.companies().values())) == 2
    doubled = [SIRIUS, SIRIUS | {"name": "シリウス精機㈱"}]
    world.put_records(_one_list(*claimants, *doubled))
    world.match()
    assert len(set(world.companies().values())) == 2
    assert world.companies()["l0"] == world.companies()["l1"]

"""Who is there: what our CRM, the partner and our people say becomes one person each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.account_plans.figure import Source
from pipelines.account_plans.form.answers import Answer
from pipelines.account_plans.gather.joined import SaidPerson, joined
from pipelines.account_plans.gather.ranks import rank_of
from pipelines.account_plans.plan import Person
from pipelines.account_plans.written.models import Written
from tests.pipelines.account_plans.gather.world import AS_OF, world
from tests.pipelines.account_plans.parts import parts_of

CRM = Source("crm", "c:Contact", AS_OF)
SHEET = [
    {"name": "大森　陽子", "title": "本部長", "department": "営業本部", "reports_to": "宮崎 直樹"},
    {"name": "田中 一", "title": "主任", "department": "営業本部", "reports_to": "大森 陽子"},
]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with world() as con:
        yield con


def _answer(value: object) -> Answer:
    day = date(2026, 11, 10)
    return Answer("a", "musashi", "people", value, None, "f", "musashi.xlsx", None, day, datetime(2026, 11, 11, tzinfo=UTC))


def _by_name(people: tuple[Person, ...]) -> dict[str, Person]:
    return {person.name: person for person in people}


def test_contacts_stand_as_the_crm_has_them_and_nobody_gets_a_role(con: duckdb.DuckDBPyConnection) -> None:
    relations = parts_of(con, "musashi").relations
    rows = con.execute(
        "SELECT person_id, name, title, department, rank, reports_to_id, source, on_date FROM marts.plan_people "
        "WHERE partner = 'musashi' AND side = 'theirs' ORDER BY rank"
    ).fetchall()
    told = [
        (one.id, one.name, one.title, one.department, one.rank, one.reports_to, one.source.where, one.source.on)
        for one in relations.theirs
    ]
    assert told == rows
    assert {person.role for person in (*relations.theirs, *relations.ours)} == {"unknown"}


def test_meetings_are_what_the_mart_holds(con: duckdb.DuckDBPyConnection) -> None:
    told = {(one.our_id, one.their_id): (one.meetings.value, one.last_on, one.strength)
            for one in parts_of(con, "musashi").relations.acquaintances}  # fmt: skip
    rows = con.execute("SELECT our_id, their_id, meetings, last_on, strength FROM marts.plan_acquaintances").fetchall()
    assert told == {(our, their): rest for our, their, *values in rows for rest in [tuple(values)]}


def test_what_the_partner_says_of_its_people_beats_the_crm_and_adds_to_it(con: duckdb.DuckDBPyConnection) -> None:
    people = _by_name(parts_of(con, "musashi", answers={"people": _answer(SHEET)}).relations.theirs)
    assert len(people) == 4
    assert (people["大森 陽子"].title, people["大森 陽子"].rank, people["大森 陽子"].id) == ("本部長", 4, "c:Contact:2")
    assert people["大森 陽子"].source == Source("partner", "musashi.xlsx", date(2026, 11, 10))
    assert (people["田中 一"].reports_to, people["田中 一"].rank) == ("c:Contact:2", 8)
    assert people["菊地 直樹"].source.trust == "crm"


def test_what_one_of_us_writes_beats_both(con: duckdb.DuckDBPyConnection) -> None:
    written = Written.model_validate({"people": [
        {"name": "大森 陽子", "role": "decision_maker", "note": "来期の予算を持つ", "department": "事業本部"},
        {"name": "ミヤザキ", "email": "1@MUSASHI.example", "role": "opponent"},
        {"name": "菊地 直樹", "left": True},
        {"name": "新任 部長", "title": "部長", "reports_to": "大森 陽子"},
    ]})  # fmt: skip
    relations = parts_of(con, "musashi", written=written, answers={"people": _answer(SHEET)}).relations
    people = _by_name(relations.theirs)
    assert set(people) == {"大森 陽子", "宮崎 直樹", "田中 一", "新任 部長"}
    oomori = people["大森 陽子"]
    assert (oomori.role, oomori.note, oomori.department, oomori.title) == (
        "decision_maker",
        "来期の予算を持つ",
        "事業本部",
        "本部長",
    )
    assert people["宮崎 直樹"].role == "opponent"
    assert people["新任 部長"].reports_to == oomori.id
    assert not [one for one in relations.acquaintances if one.their_id == "c:Contact:3"]


def test_who_knows_whom_is_as_a_person_says(con: duckdb.DuckDBPyConnection) -> None:
    written = Written.model_validate({"people": [
        {"name": "宮崎 直樹", "known_by": [{"name": "中川亮", "strength": "fair"}, {"name": "相談 役太", "strength": "strong"}]},
        {"name": "大森 陽子", "known_by": [{"name": "山下 美咲", "strength": "none"}]},
    ]})  # fmt: skip
    relations = parts_of(con, "musashi", written=written).relations
    names = {person.id: person.name for person in (*relations.ours, *relations.theirs)}
    told = {(names[one.our_id], names[one.their_id]): (one.strength, one.meetings.value) for one in relations.acquaintances}
    assert told == {
        ("相談 役太", "宮崎 直樹"): ("strong", None),
        ("中川 亮", "宮崎 直樹"): ("fair", 0),
        ("中川 亮", "菊地 直樹"): ("fair", 2),
    }


def test_departments_are_told_only_where_nobody_is_known(con: duckdb.DuckDBPyConnection) -> None:
    written = Written(departments=["営業部", "技術部"])
    assert parts_of(con, "shiranui", written=written).relations.departments == ("営業部", "技術部")
    assert parts_of(con, "musashi", written=written).relations.departments == ()


def test_two_of_one_name_in_two_departments_are_two_people() -> None:
    sheet = Source("partner", "f.xlsx", AS_OF)
    said = [SaidPerson("鈴木 一郎", sheet, department="営業"), SaidPerson("鈴木 一郎", sheet, department="技術")]
    people = [person for person, _ in joined(said)]
    assert [person.department for person in people] == ["営業", "技術"]
    assert len({person.id for person in people}) == 2


def test_two_of_one_name_with_two_addresses_are_two_people(con: duckdb.DuckDBPyConnection) -> None:
    written = Written.model_validate({"people": [
        {"name": "鈴木 一郎", "email": "i.suzuki@musashi.example", "role": "supporter"},
        {"name": "鈴木 一郎", "email": "ichiro@musashi.example", "role": "opponent"},
    ]})  # fmt: skip
    people = parts_of(con, "musashi", written=written).relations.theirs
    assert sorted(person.role for person in people if person.name == "鈴木 一郎") == ["opponent", "supporter"]


def test_ranks_follow_the_word_list() -> None:
    ranks = {
        title: rank_of(title)
        for title in ("代表取締役社長", "営業本部 本部長", "ＣＯＯ", "cook", "Deputy General Manager", "", None)
    }
    assert ranks == {
        "代表取締役社長": 1,
        "営業本部 本部長": 4,
        "ＣＯＯ": 2,
        "cook": 9,
        "Deputy General Manager": 6,
        "": 9,
        None: 9,
    }


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_nobody_ever_stands_above_himself_and_nobody_is_lost(lines: list[tuple[int, int]]) -> None:
    above = dict(lines)
    said = [SaidPerson(f"人{n}", CRM, id=str(n), reports_to=str(above[n]) if n in above else None, rank=9) for n in range(8)]
    people = {person.id: person for person, _ in joined(said)}
    assert len(people) == 8
    for person in people.values():
        climbed, steps = person.reports_to, 0
        while climbed is not None:
            climbed, steps = people[climbed].reports_to, steps + 1
            assert steps <= len(people)

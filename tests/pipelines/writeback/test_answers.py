"""What the partner manager says of people's edits, and of records that an undo holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.registrations import Refused
from pipelines.writeback import answers
from pipelines.writeback.answers import Conflict, Said, SteeredAccount, find_conflicts, find_steered, steered_accounts
from pipelines.writeback.holds import find_hold, holds_of_run, release
from tests.pipelines.writeback.answers_world import NOW, TODAY, EditedWorld

OURS = ("sales", "marketing")
END = date(2027, 3, 31)
SAID = Said("sato", NOW, "部長と合意")


@pytest.fixture
def world(tmp_path: Path) -> EditedWorld:
    return EditedWorld.new(tmp_path / "home")


def restore(world: EditedWorld, conflicts: Sequence[Conflict]) -> None:
    with world.warehouse.connect() as con:
        answers.restore(con, conflicts, SAID)


def override(
    world: EditedWorld,
    conflicts: Sequence[Conflict],
    partner: str | None = None,
    until: date = END,
    today: date = TODAY,
    said: Said = SAID,
) -> str:
    with world.warehouse.connect() as con:
        return answers.override(con, conflicts, OURS, partner, until, today, said)


def test_open_conflicts_are_read_by_account_with_its_name(world: EditedWorld) -> None:
    world.account("001B", "株式会社アオバ")
    world.account("001A", "株式会社カゼ")
    world.account("77", "株式会社クモ", "marketing", "companies")
    world.conflict("001A")
    world.conflict("001B:musashi", "may_approach", "true", "false", object="Totsugo_Account_Map__c")
    world.conflict("001B", "cells", None, "武蔵:3")
    world.conflict("77", "member", None, "true", connection="marketing", object="list:musashi:whitespace")
    world.conflict("77", "registration_status", "won", "pending", connection="marketing", object="deals")
    world.conflict("001C", "cells", "x", "y", resolved_at=NOW)
    found = [(c.name, c.id, c.field, c.theirs, c.waits) for c in world.conflicts()]
    assert found == [
        ("株式会社アオバ", "sales:Account:001B", "cells", None, True),
        ("株式会社アオバ", "sales:Totsugo_Account_Map__c:001B:musashi", "may_approach", "true", True),
        ("株式会社カゼ", "sales:Account:001A", "partner_approach", "open", True),
        ("株式会社クモ", "marketing:list:musashi:whitespace:77", "member", None, True),
        (None, "marketing:deals:77", "registration_status", "won", True),  # a deal, though a company has the same number
    ]


def test_a_record_is_found_by_its_id_and_by_the_crms_own_where_one_alone_has_it(world: EditedWorld) -> None:
    world.conflict("001A")
    world.conflict("001A", "cells", "x", "y")
    world.conflict("001A:musashi", "play", "x", "y", object="Totsugo_Account_Map__c")
    found = world.conflicts()
    assert [c.field for c in find_conflicts(found, "001A")] == ["cells", "partner_approach"]
    assert [c.field for c in find_conflicts(found, "sales:Account:001A", "cells")] == ["cells"]
    assert [c.field for c in find_conflicts(found, "001A:musashi")] == ["play"]
    for asked in ("musashi", "Account", ""):
        with pytest.raises(Refused):
            find_conflicts(found, asked)


def test_an_id_that_two_connections_have_is_told_with_both(world: EditedWorld) -> None:
    world.conflict("77", connection="marketing", object="companies")
    world.conflict("77", connection="partners", object="companies")
    with pytest.raises(Refused, match="marketing:companies:77, partners:companies:77"):
        find_conflicts(world.conflicts(), "77")


def test_a_mistaken_id_is_told_with_near_ones_and_a_strange_one_with_where_to_look(world: EditedWorld) -> None:
    world.conflict("0015gA10k000EYDAB2")
    with pytest.raises(Refused, match="Near are: sales:Account:0015gA10k000EYDAB2"):
        find_conflicts(world.conflicts(), "0015gA10k000EYDAB3")
    with pytest.raises(Refused, match="`totsugo conflicts` shows them"):
        find_conflicts(world.conflicts(), "nothing")
    with pytest.raises(Refused, match="no conflict on cells of that record; there is on: partner_approach"):
        find_conflicts(world.conflicts(), "0015gA10k000EYDAB2", "cells")


def test_a_restore_is_recorded_with_who_when_and_why(world: EditedWorld) -> None:
    world.conflict("001A")
    world.conflict("001A", "next_play", None, "紹介する")
    world.conflict("001B")
    restore(world, find_conflicts(world.conflicts(), "001A"))
    assert world.state("conflicts", "record_id, field, answer, answered_by, answered_at, reason") == [
        ("001A", "next_play", "restore", "sato", NOW, "部長と合意"),
        ("001A", "partner_approach", "restore", "sato", NOW, "部長と合意"),
        ("001B", "partner_approach", None, None, None, None),
    ]
    assert [c.waits for c in world.conflicts()] == [False, False, True]


@pytest.mark.parametrize("moved", [{"theirs": "limited"}, {"theirs": None}, {"resolved_at": NOW}])
def test_what_moved_since_it_was_read_is_not_answered_nor_what_is_beside_it(world: EditedWorld, moved: dict[str, object]) -> None:
    world.conflict("001A")
    world.conflict("001B")
    seen = world.conflicts()
    world.conflict("001A", **moved)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="nothing was recorded"):
        restore(world, seen)
    with pytest.raises(Refused, match="nothing was recorded"):
        override(world, seen[:1])
    assert world.state("conflicts", "DISTINCT answer") == [(None,)]
    assert world.state("overrides", "*") == []


@pytest.mark.parametrize(
    ("field", "theirs", "word"),
    [
        ("partner_approach", "open", "allow"),
        ("partner_approach", "no_approach", "block"),
        ("no_approach", "true", "block"),
        ("no_approach", "false", "allow"),
    ],
)
def test_an_approach_decision_becomes_an_override_with_an_end(world: EditedWorld, field: str, theirs: str, word: str) -> None:
    world.conflict("001A", field, theirs, "limited")
    assert override(world, world.conflicts()) == word
    assert world.state("overrides", "*") == [("sales:Account:001A", word, None, "部長と合意", END, "sato", NOW)]
    assert world.state("conflicts", "answer, answered_by") == [("override", "sato")]


def test_both_fields_of_one_decision_are_answered_and_others_are_left(world: EditedWorld) -> None:
    world.conflict("001A", "partner_approach", "no_approach", "open")
    world.conflict("001A", "no_approach", "true", "false")
    world.conflict("001A", "cells", "x", "y")
    override(world, world.conflicts(), "musashi")
    assert world.state("overrides", "override, partner") == [("block", "musashi")]
    assert world.state("conflicts", "field, answer") == [
        ("cells", None),
        ("no_approach", "override"),
        ("partner_approach", "override"),
    ]


@pytest.mark.parametrize(
    "edit",
    [
        {"field": "partner_approach", "theirs": "limited"},
        {"field": "partner_approach", "theirs": None},
        {"field": "next_play", "theirs": "open"},
        {"field": "partner_approach", "theirs": "open", "object": "Totsugo_Account_Map__c"},
        {"field": "no_approach", "theirs": "false", "connection": "musashi_crm"},
    ],
)
def test_what_steers_nothing_is_refused(world: EditedWorld, edit: dict[str, str]) -> None:
    world.conflict("001A", **edit)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="Use restore, or leave it"):
        override(world, world.conflicts())
    assert world.state("overrides", "*") == []


def test_fields_that_say_opposite_things_are_refused_until_one_is_named(world: EditedWorld) -> None:
    world.conflict("001A", "partner_approach", "open")
    world.conflict("001A", "no_approach", "true", "false")
    with pytest.raises(Refused, match="no_approach, partner_approach say opposite things"):
        override(world, world.conflicts())
    assert override(world, find_conflicts(world.conflicts(), "001A", "no_approach")) == "block"
    assert world.state("conflicts", "field, answer") == [("no_approach", "override"), ("partner_approach", None)]


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (TODAY, TODAY, date(2028, 11, 20)),
        (date(2028, 2, 29), date(2028, 2, 29), date(2030, 2, 28)),
    ],
)
def test_an_override_ends_between_today_and_two_years_ahead(world: EditedWorld, today: date, first: date, last: date) -> None:
    world.conflict("001A")
    for until in (first - timedelta(days=1), last + timedelta(days=1)):
        with pytest.raises(Refused, match=f"from {first} to {last}"):
            override(world, world.conflicts(), until=until, today=today)
    override(world, world.conflicts(), until=first, today=today)
    override(world, world.conflicts(), until=last, today=today)


def steered(world: EditedWorld) -> list[SteeredAccount]:
    with world.publish().warehouse.read() as con:
        return steered_accounts(con, TODAY)


def test_a_newer_override_of_the_same_account_and_partner_takes_the_place_of_the_earlier(world: EditedWorld) -> None:
    world.conflict("001A")
    override(world, world.conflicts(), "musashi")
    override(world, world.conflicts())
    world.conflict("001A", theirs="no_approach", ours="open")
    override(world, world.conflicts(), until=date(2026, 12, 31), said=Said("tanaka", NOW + timedelta(hours=1), "変更"))
    assert world.state("overrides", "override, partner, until, decided_by") == [
        ("allow", "musashi", END, "sato"),
        ("allow", None, END, "sato"),
        ("block", None, date(2026, 12, 31), "tanaka"),
    ]
    assert [(one.override, one.partner) for one in steered(world)] == [("allow", "musashi"), ("block", None)]


def test_what_is_said_again_at_the_same_moment_is_a_correction(world: EditedWorld) -> None:
    world.conflict("001A")
    override(world, world.conflicts())
    override(world, world.conflicts(), until=TODAY)
    assert world.state("overrides", "until") == [(TODAY,)]


def test_an_override_is_taken_back_with_who_when_and_why(world: EditedWorld) -> None:
    world.account("001A", "株式会社カゼ")
    world.conflict("001A")
    world.conflict("001B")
    override(world, world.conflicts()[:1])
    override(world, world.conflicts()[1:])
    assert [(one.name, one.record_id, one.override, one.until) for one in steered(world)] == [
        ("株式会社カゼ", "sales:Account:001A", "allow", END),
        (None, "sales:Account:001B", "allow", END),
    ]
    with pytest.raises(Refused, match="no override made of a conflict on zzz"):
        find_steered(steered(world), "zzz")
    later, chosen = NOW + timedelta(hours=1), find_steered(steered(world), "001A")
    with world.warehouse.connect() as con:
        answers.withdraw(con, chosen, TODAY, Said("tanaka", later, "取り消し"))
    assert world.state("overrides", "record_id, until, decided_by, decided_at, reason")[:2] == [
        ("sales:Account:001A", date(2026, 11, 19), "tanaka", later, "取り消し"),
        ("sales:Account:001A", END, "sato", NOW, "部長と合意"),
    ]
    assert [one.record_id for one in steered(world)] == ["sales:Account:001B"]


def test_holds_are_released_one_by_one_by_run_and_with_who_and_when(world: EditedWorld) -> None:
    world.account("001A", "株式会社カゼ")
    for record, run in (("001A", "3f2a-1"), ("001B", "3f2a-1"), ("001C", "9c00-1"), ("001D", "9c11-1")):
        world.hold(record, run)
    found = world.holds()
    assert [(hold.id, hold.name) for hold in find_hold(found, "001A")] == [("sales:Account:001A", "株式会社カゼ")]
    assert [hold.record_id for hold in holds_of_run(found, "3f2a")] == ["001A", "001B"]
    with pytest.raises(Refused, match="9c00-1, 9c11-1"):
        holds_of_run(found, "9c")
    with pytest.raises(Refused, match="Nothing is held by an undo of a run zzz"):
        holds_of_run(found, "zzz")
    with pytest.raises(Refused, match="zzz is not held"):
        find_hold(found, "zzz")
    with world.warehouse.connect() as con:
        release(con, holds_of_run(found, "3f2a"), "tanaka", NOW)
    assert world.state("holds", "record_id, released_by, released_at") == [
        ("001A", "tanaka", NOW),
        ("001B", "tanaka", NOW),
        ("001C", None, None),
        ("001D", None, None),
    ]
    assert [hold.record_id for hold in world.holds()] == ["001C", "001D"]

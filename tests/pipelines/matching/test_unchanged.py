"""A matching is done again only when something that decides it has changed."""

from __future__ import annotations

import pytest

from pipelines.matching.model import shipped_model
from pipelines.matching.unchanged import rematch
from tests.pipelines.matching.world import AS_OF, World

RECORDS = [{"record_id": "a", "name": "株式会社カモメ配送"}, {"record_id": "b", "name": "株式会社シリウス精機"}]


@pytest.fixture
def world() -> World:
    world = World()
    world.put_records(RECORDS)
    world.connection.execute("ALTER TABLE intermediate.records ADD COLUMN updated_at TIMESTAMPTZ")
    assert rematch(world.connection, AS_OF, "first", shipped_model()) is not None
    return world


def test_the_same_inputs_leave_the_links_alone(world: World) -> None:
    links = world.connection.execute("SELECT * FROM match.links ORDER BY ALL").fetchall()
    assert rematch(world.connection, AS_OF, "second", shipped_model()) is None
    assert world.connection.execute("SELECT * FROM match.links ORDER BY ALL").fetchall() == links


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE intermediate.records SET name_key = 'カモメ' WHERE record_id = 'a'",
        "DELETE FROM intermediate.records WHERE record_id = 'b'",
        "INSERT INTO state.decisions VALUES ('a', 'b', 'same', 'tester', now(), NULL)",
        "DELETE FROM match.links WHERE record_id = 'a'",
        "DELETE FROM state.company_ids WHERE record_id = 'a'",
    ],
)
def test_any_change_matches_again(world: World, change: str) -> None:
    world.connection.execute(change)
    assert rematch(world.connection, AS_OF, "second", shipped_model()) is not None
    assert rematch(world.connection, AS_OF, "third", shipped_model()) is None


def test_a_touched_record_is_no_change(world: World) -> None:
    world.connection.execute("UPDATE intermediate.records SET updated_at = now()")
    assert rematch(world.connection, AS_OF, "second", shipped_model()) is None

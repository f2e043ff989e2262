"""Comparing only what is new gives exactly what comparing everything gives, whatever happened in between."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.matching.features import RECORD_QUERY, REGISTER_QUERY, pair_batches
from pipelines.matching.model import shipped_model
from pipelines.matching.probability import keep_likely
from pipelines.matching.run import MatchSummary, score_pairs
from pipelines.matching.scoring import score_batch
from pipelines.warehouse import DDL
from tests.pipelines.matching.made_up import PARTIES, companies, entry, record, records
from tests.pipelines.matching.world import World

_FOUND = """
SELECT database_name || '.' || schema_name || '.' || table_name FROM duckdb_tables()
WHERE schema_name = 'match' OR (database_name = 'state' AND table_name IN ('company_ids', 'company_events')) ORDER BY ALL
"""
_FORGET = "DROP SCHEMA prepared CASCADE;" + (DDL / "prepared.sql").read_text(encoding="utf-8")


def found(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a matching writes."""
    tables = [table for (table,) in world.connection.execute(_FOUND).fetchall()]
    return {table: world.connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in tables}


class Twins:
    """Two worlds that go through the same: one remembers what it compared, the other forgets it before each matching."""

    def __init__(self, size: int, seed: int) -> None:
        self.lot = Random(seed)
        self.companies = companies(max(size // 2, 12), self.lot)
        self.entries = {company["number"]: entry(company) for company in self.companies[::2]}
        self.rows = records(self.companies, size, self.lot)
        self.worlds = World(), World()
        self.minted = size
        self.show_register()

    def show_register(self) -> None:
        for world in self.worlds:
            world.put_register(self.entries.values())

    def match(self) -> MatchSummary:
        """Both match; what they find must not differ. Gives the summary of the one that remembers."""
        for world in self.worlds:
            world.put_records(self.rows.values())
        remembers, forgets = self.worlds
        summary = remembers.match()
        forgets.connection.execute(_FORGET)
        forgets.match()
        there, here = found(forgets), found(remembers)
        for table in there:
            assert here[table] == there[table], table
        return summary

    def some(self, most: int = 5) -> list[str]:
        """Ids of a few records."""
        return self.lot.sample(sorted(self.rows), min(len(self.rows), self.lot.randint(1, most)))

    def add_records(self) -> None:
        for _ in range(self.lot.randint(1, 5)):
            self.minted += 1
            party = self.lot.choice(PARTIES)
            id = f"{party}/list:{self.minted:05d}"
            self.rows[id] = record(self.lot.choice(self.companies), id, party, self.lot)

    def remove_records(self) -> None:
        for id in self.some():
            del self.rows[id]

    def change_records(self) -> None:
        for id in self.some():
            self.rows[id] = record(self.lot.choice(self.companies), id, self.rows[id]["party"], self.lot)

    def replace_a_list(self) -> None:
        party = self.lot.choice(PARTIES)
        for id in [id for id in self.rows if id.startswith(party)]:
            if self.lot.random() < 0.5:
                self.rows[id] = record(self.lot.choice(self.companies), id, party, self.lot)
            else:
                del self.rows[id]

    def change_the_register(self) -> None:
        company = self.lot.choice(self.companies)
        if company["number"] in self.entries and self.lot.random() < 0.5:
            self.entries[company["number"]]["closed_into"] = self.lot.choice(self.companies)["number"]
        else:
            self.entries[company["number"]] = entry(company) | {"address": self.lot.choice(self.companies)["address"]}
        self.show_register()

    def decide(self) -> None:
        ids = [*self.rows, *(f"register:{number}" for number in self.entries)]
        (one, other), word = self.lot.sample(ids, 2), self.lot.choice(["same", "different", "unsure"])
        for world in self.worlds:
            world.decide(one, other, word)


_CHANGES: tuple[Callable[[Twins], None], ...] = (
    Twins.add_records,
    Twins.remove_records,
    Twins.change_records,
    Twins.replace_a_list,
    Twins.change_the_register,
    Twins.decide,
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.lists(st.lists(st.sampled_from(_CHANGES), min_size=1, max_size=4), min_size=1, max_size=3))
def test_any_sequence_of_changes(seed: int, steps: list[list[Callable[[Twins], None]]]) -> None:
    twins = Twins(24, seed)
    twins.match()
    for changes in steps:
        for change in changes:
            if twins.rows:
                change(twins)
        twins.match()


def test_a_larger_world_goes_through_everything() -> None:
    twins = Twins(200, 1)
    twins.match()
    for change in _CHANGES:
        change(twins)
        twins.match()


def test_only_what_is_new_is_compared() -> None:
    twins = Twins(200, 2)
    assert twins.match().compared == 200
    assert twins.match().compared == 0
    for at, id in enumerate(list(twins.rows)[:10]):
        twins.rows[id] = {"record_id": id, "party": twins.rows[id]["party"], "name": f"合同会社うみねこ{at}番"}
    summary = twins.match()
    others = summary.compared - 10
    assert 0 <= others <= 10, "those beside whom a name or a place got rarer"


def test_what_was_decided_compares_nothing_anew() -> None:
    twins = Twins(60, 3)
    twins.match()
    twins.decide()
    assert twins.match().compared == 0


@pytest.mark.parametrize("table", ["state.company_ids", "match.links"])
def test_a_run_that_broke_off_is_mended_by_the_next(table: str) -> None:
    """Scores are kept, then ids, then links: a run that ends before one of these leaves the earlier ones behind."""
    twins = Twins(60, 4)
    twins.match()
    twins.change_records()
    twins.add_records()
    broken = twins.worlds[0]
    broken.put_records(twins.rows.values())
    schema, name = table.split(".")
    broken.connection.execute(f"ALTER TABLE {table} RENAME TO away")
    with pytest.raises(Exception, match=name):
        broken.match()
    broken.connection.execute(f"ALTER TABLE {schema}.away RENAME TO {name}")
    twins.match()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000))
def test_the_order_of_records_and_parties_and_entries_changes_nothing(seed: int) -> None:
    twins = Twins(24, seed)
    straight, mixed = twins.worlds
    rows, entries = list(twins.rows.values()), list(twins.entries.values())
    straight.put_records(sorted(rows, key=lambda row: (row["party"], row["record_id"])))
    twins.lot.shuffle(rows)
    twins.lot.shuffle(entries)
    mixed.put_records(rows)
    mixed.put_register(entries)
    straight.match()
    mixed.match()
    assert found(mixed) == found(straight)


@pytest.mark.parametrize("query", [REGISTER_QUERY, RECORD_QUERY], ids=["register", "records"])
def test_the_size_of_batches_changes_nothing(query: str) -> None:
    twins = Twins(60, 5)
    world = twins.worlds[0]
    world.put_records(twins.rows.values())
    world.match()
    few = [keep_likely(score_batch(batch, shipped_model())) for batch in pair_batches(world.connection, query, rows=7)]
    order: list[tuple[str, str]] = [("a", "ascending"), ("b", "ascending")]
    whole = score_pairs(world.connection, query, shipped_model())
    assert whole.num_rows > 20
    assert pa.Table.from_batches(few).sort_by(order).equals(whole.sort_by(order))


def test_rows_are_as_people_write_them() -> None:
    """The made-up world is no straw man: some records join over lists, some stay alone."""
    twins = Twins(120, 6)
    summary = twins.match()
    assert 10 < summary.companies < summary.records
    assert summary.alone > 5
    assert summary.review > 0

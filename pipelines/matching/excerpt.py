"""A few records of the last run, and what bears on comparing them, in a database in memory: prepared as a matching prepares
all.

Belongs here: which rows of the published copy count (companies of one name, at one place, merged into each other). Does not:
comparing (``why``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from pipelines.matching.items import prepare_records
from pipelines.matching.register_items import prepare_register
from pipelines.normalize.functions import register
from pipelines.warehouse import DDL

_PLACE = "coalesce(city, '') || '|' || coalesce(town, '') || '|' || block"
_ASKED = f"""
asked AS (SELECT *, {_PLACE} AS place FROM intermediate.records SEMI JOIN asked_records USING (record_id)),
names AS (SELECT DISTINCT name_key FROM asked WHERE name_key IS NOT NULL),
places AS (SELECT DISTINCT place FROM asked WHERE place IS NOT NULL)
"""
_RECORDS = f"""
WITH {_ASKED}
SELECT * FROM intermediate.records
WHERE record_id IN (SELECT record_id FROM asked_records) OR name_key IN (SELECT name_key FROM names)
    OR {_PLACE} IN (SELECT place FROM places)
"""
# What was merged counts as one entry, so whoever merged with one of them, in however many steps, belongs to it.
_NUMBERS = f"""
WITH RECURSIVE {_ASKED},
known AS (SELECT e.* FROM intermediate.register_entries AS e SEMI JOIN asked_entries USING (corporate_number)),
near(corporate_number) AS (
    SELECT corporate_number FROM known UNION SELECT corporate_number FROM asked
    UNION SELECT corporate_number FROM intermediate.register_entries WHERE name_key IN (SELECT name_key FROM names)
    UNION SELECT corporate_number FROM intermediate.register_entries WHERE spoken_core IN (SELECT spoken_core FROM known)
    UNION SELECT corporate_number FROM intermediate.register_entries WHERE {_PLACE} IN (SELECT place FROM places)
),
merged AS (
    SELECT corporate_number, successor_corporate_number AS other FROM intermediate.register_entries
    WHERE is_closed AND successor_corporate_number IS NOT NULL
),
ways AS (FROM merged UNION ALL SELECT other, corporate_number FROM merged),
kin(corporate_number) AS (
    FROM near UNION SELECT ways.other FROM kin JOIN ways USING (corporate_number)
)
SELECT DISTINCT corporate_number FROM kin WHERE corporate_number IS NOT NULL
"""


@contextmanager
def excerpt(
    con: duckdb.DuckDBPyConnection, record_ids: Iterable[str], numbers: Iterable[str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with ``match_records`` and ``prepared.register_items`` of these records and entries of the register, in which
    counts of namesakes and of companies at their places are those of the whole. ``con``: the published copy."""
    asked = {"asked_records": ("record_id", record_ids), "asked_entries": ("corporate_number", numbers)}
    for name, (column, ids) in asked.items():
        con.register(name, pa.table({column: pa.array(sorted(set(ids)), pa.string())}))
    try:
        con.register("near_entries", con.sql(_NUMBERS).to_arrow_table())
        tables = {"records": con.sql(_RECORDS).to_arrow_table()} | {
            table: con.sql(f"FROM intermediate.{table} SEMI JOIN near_entries USING (corporate_number)").to_arrow_table()
            for table in ("register_entries", "register_aliases")
        }
    finally:
        for name in (*asked, "near_entries"):
            con.unregister(name)
    with duckdb.connect() as world:
        world.execute("SET TimeZone = 'UTC'; CREATE SCHEMA intermediate;")
        world.execute((DDL / "prepared.sql").read_text(encoding="utf-8"))
        register(world)
        for name, table in tables.items():
            world.register("given", table)
            world.execute(f"CREATE TABLE intermediate.{name} AS FROM given")
            world.unregister("given")
        prepare_register(world)
        prepare_records(world)
        yield world

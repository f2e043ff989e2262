"""A small warehouse for matching tests: records written as dicts go through the real normalizing functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

import pipelines
from pipelines.matching.run import MatchSummary, run_matching
from pipelines.normalize.functions import register

AS_OF = datetime(2026, 11, 20, tzinfo=UTC)
_DDL = Path(pipelines.__file__).parent / "ddl"
_COLUMNS = (
    "record_id",
    "party",
    "list",
    "name",
    "name_kana",
    "name_en",
    "address",
    "phone",
    "web",
    "number",
    "kind",
    "closed_into",
)
_NORMALIZED = """
postal_code(address) AS postal_code, address_prefecture(address) AS prefecture, address_city(address) AS city,
    address_town(address) AS town,
address_block(address) AS block, name_key(name) AS name_key, legal_form(name) AS legal_form, legal_form_side(name) AS
    legal_form_side,
name_site(name) AS site, romaji_key(name) AS romaji_key
"""


class World:
    """A warehouse and a state in memory."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        register(self.connection)
        self.connection.execute("ATTACH ':memory:' AS state; CREATE SCHEMA intermediate;")
        for file in ("state.sql", "match.sql", "prepared.sql"):
            self.connection.execute((_DDL / file).read_text(encoding="utf-8"))
        self.put_records([])
        self.put_register([])

    def _given(self, rows: Iterable[dict[str, Any]]) -> None:
        filled = [dict.fromkeys(_COLUMNS) | row for row in rows]
        self.connection.register("given", pa.Table.from_pylist(filled, pa.schema([(name, pa.string()) for name in _COLUMNS])))

    def put_records(self, rows: Iterable[dict[str, Any]]) -> None:
        """Replaces all records. Keys: record_id, name, and optionally party, address, phone, web, number, name_kana, name_en."""
        self._given(rows)
        self.connection.execute(
            f"""CREATE OR REPLACE TABLE intermediate.records AS SELECT record_id, coalesce(party, 'us') AS party,
                coalesce(list, party, 'us') AS connection, 'Account' AS object, name, name_kana, name_en,
            valid_corporate_number(number) AS corporate_number, registrable_domain(web) AS domain, NULL::VARCHAR AS email_domain,
            phone_e164(phone) AS phone, {_NORMALIZED} FROM given"""
        )

    def put_register(self, rows: Iterable[dict[str, Any]], aliases: Iterable[dict[str, Any]] = ()) -> None:
        """Replaces the register. Keys: number, name, and optionally address, name_kana, name_en, closed_into; of aliases:
        number, kind, name."""
        self._given(rows)
        self.connection.execute(
            f"""CREATE OR REPLACE TABLE intermediate.register_entries AS SELECT number AS corporate_number, name, name_kana,
                name_en, closed_into IS NOT NULL AS is_closed, closed_into AS successor_corporate_number,
                registrable_domain(web) AS domain, name_key(name_kana) AS kana_key,
                coalesce(romaji_key(name_kana), romaji_key(name)) AS sound,
                sound_core(coalesce(name_kana, name)) AS spoken_core,
                sound_concepts(coalesce(name_kana, name)) AS spoken_concepts,
                sound_whole(coalesce(name_kana, name)) AS spoken_whole,
                sound_written(coalesce(name_kana, name)) AS spoken_written,
                {_NORMALIZED} FROM given"""
        )
        self._given(aliases)
        self.connection.execute(
            """CREATE OR REPLACE TABLE intermediate.register_aliases AS SELECT number AS corporate_number, kind, name,
                name_key(name) AS name_key, legal_form(name) AS legal_form, romaji_key(name) AS romaji_key FROM given"""
        )

    def decide(self, record_id: str, other: str, decision: str) -> None:
        """Adds a person's decision."""
        self.connection.execute(
            "INSERT INTO state.decisions VALUES (?, ?, ?, 'tester', ?, NULL)", [record_id, other, decision, AS_OF]
        )

    def match(self) -> MatchSummary:
        """Runs the matching."""
        return run_matching(self.connection, AS_OF, "run-1")

    def companies(self) -> dict[str, str]:
        """record id -> company id of its placing link."""
        rows = self.connection.execute(
            "SELECT record_id, company_id FROM match.links WHERE verdict IN ('auto', 'confirmed')"
        ).fetchall()
        return dict(rows)

    def groups(self) -> set[frozenset[str]]:
        """The companies as sets of record ids."""
        groups: dict[str, set[str]] = {}
        for record, company in self.companies().items():
            groups.setdefault(company, set()).add(record)
        return {frozenset(group) for group in groups.values()}

    def links(self) -> list[tuple[Any, ...]]:
        """All links, in order."""
        return self.connection.execute("SELECT * FROM match.links ORDER BY record_id, verdict, company_id").fetchall()

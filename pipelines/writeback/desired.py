"""What the CRMs should say, read from ``marts.crm_*`` in canonical values, and what the last pull saw there.

Belongs here: reading. Does not: deciding what is wanted (dbt), comparing, sending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from pipelines.crm.objects import OURS
from pipelines.writeback import journal
from pipelines.writeback.catalogue import ACCOUNT_FIELDS, CHILD_FIELDS, OwnedField, canonical
from pipelines.writeback.journal import Target
from pipelines.writeback.push import Desired


def _rows(
    con: duckdb.DuckDBPyConnection, mart: str, key: str, rule: str, fields: Sequence[OwnedField], connection: str
) -> list[Desired]:
    columns = ", ".join(f'"{f.column}"' for f in fields)
    query = f"SELECT {key}, {rule}, {columns} FROM marts.{mart} WHERE connection = ? ORDER BY {key}"
    return [
        Desired(row[0], {f.column: _cut(f, row[i]) for i, f in enumerate(fields, start=2)}, row[1])
        for row in con.execute(query, [connection]).fetchall()
    ]


def _cut(field: OwnedField, value: object) -> str | None:
    """Canonical, and no longer than the field takes."""
    text = canonical(field.type, value)
    return text if text is None or len(text) <= field.length else text[: field.length - 1] + "…"


def accounts(con: duckdb.DuckDBPyConnection, connection: str) -> list[Desired]:
    """One per account of that connection."""
    return _rows(con, "crm_account_state", "native_id", "rule", ACCOUNT_FIELDS, connection)


def child_rows(con: duckdb.DuckDBPyConnection, target: Target) -> list[Desired]:
    """One per (account, partner) that matters; rows that we once sent and that matter no more are to go."""
    wanted = _rows(con, "crm_account_map", "external_id", "'account_map'", CHILD_FIELDS, target.connection)
    return wanted + _ended(con, target, {want.record_id for want in wanted})


def members(con: duckdb.DuckDBPyConnection, target: Target, list_key: str, merged: Mapping[str, Sequence[str]]) -> list[Desired]:
    """The companies that belong on that list; those that we once added and that belong no more are to go.

    A merge hands a membership on, so that a winner (``merged``) is on the list where we added one of its losers.
    """
    query = "SELECT native_id FROM marts.crm_lists WHERE connection = ? AND list_key = ? ORDER BY native_id"
    ids = [row[0] for row in con.execute(query, [target.connection, list_key]).fetchall()]
    ended = {want.record_id for want in _ended(con, target, set(ids))}
    heirs = {id for id, losers in merged.items() if not ended.isdisjoint(losers)} - set(ids)
    return [Desired(id, {"member": "true"}, list_key) for id in ids] + [
        Desired(id, None, "ended") for id in sorted(ended | heirs)
    ]


def _ended(con: duckdb.DuckDBPyConnection, target: Target, wanted: set[str]) -> list[Desired]:
    return [Desired(id, None, "ended") for id in sorted(journal.sent_values(con, target)) if id not in wanted]


def merged(con: duckdb.DuckDBPyConnection, connection: str, crm: str, object: str) -> dict[str, list[str]]:
    """record id -> ids of the records that were merged into it, at first or second hand."""
    table = next(p.table for p in OURS if p.crm == crm and p.object == object)
    query = f"SELECT id, arg_max(_merged_into, _synced_at) FROM raw.{table} WHERE connection = ? GROUP BY id"
    into = {id: winner for id, winner in con.execute(query, [connection]).fetchall() if winner is not None}
    found: dict[str, list[str]] = {}
    for loser in sorted(into):
        winner, passed = into[loser], {loser}
        while winner in into and winner not in passed:
            passed.add(winner)
            winner = into[winner]
        found.setdefault(winner, []).append(loser)
    return found


def seen_by_last_pull(con: duckdb.DuckDBPyConnection, connection: str, crm: str, object: str) -> dict[str, dict[str, str | None]]:
    """record id -> our fields as the newest version in raw holds them; deleted records are absent."""
    table = next(p.table for p in OURS if p.crm == crm and p.object == object)
    names = ", ".join(f"payload ->> '{f.native(crm)}'" for f in ACCOUNT_FIELDS)
    rows = con.execute(
        f"""
        SELECT id, {names} FROM raw.{table} WHERE connection = ?
        QUALIFY row_number() OVER (PARTITION BY id ORDER BY _synced_at DESC, modified_at DESC) = 1 AND NOT _deleted
        """,
        [connection],
    ).fetchall()
    return {row[0]: {f.column: canonical(f.type, row[i]) for i, f in enumerate(ACCOUNT_FIELDS, start=1)} for row in rows}

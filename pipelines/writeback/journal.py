"""The journal: each change written down before the call and settled after it, and what a killed run left.

Belongs here: ``state.journal``, ``state.sent``, ``state.conflicts``. Does not: deciding or sending.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import duckdb
import pyarrow as pa

from connectors.crm import WriteResult
from pipelines.warehouse import transaction
from pipelines.writeback.compare import RecordChange


class Target(NamedTuple):
    """What a change goes to: one object of one connection."""

    connection: str
    object: str


def _change_id(run_id: str, target: Target, record_id: str, column: str) -> str:
    return hashlib.sha256("|".join((run_id, *target, record_id, column)).encode()).hexdigest()[:32]


def journal_ahead(con: duckdb.DuckDBPyConnection, run_id: str, target: Target, changes: Iterable[RecordChange]) -> None:
    """Write every change of a batch down as pending, before it is sent."""
    rows = [
        (_change_id(run_id, target, c.record_id, w.column), run_id, *target, c.record_id, w.column, w.before, w.after, c.rule)
        for c in changes
        for w in c.writes
    ]
    if not rows:
        return
    with incoming(con, rows):
        con.execute("INSERT OR REPLACE INTO state.journal SELECT *, 'pending', NULL, now(), NULL FROM incoming")


def settle(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    target: Target,
    changes: Sequence[RecordChange],
    results: Mapping[str, WriteResult],
) -> None:
    """Note each row's result; what was written becomes what we last sent. One transaction in the state file."""
    rows = []
    for change in changes:
        result = results.get(change.record_id)
        ok = result is not None and result.ok
        error = None if ok else f"{result.code}: {result.message}" if result else "no result came back"
        for write in change.writes:
            change_id = _change_id(run_id, target, change.record_id, write.column)
            rows.append((change_id, *target, change.record_id, write.column, write.after, "written" if ok else "failed", error))
    _settle(con, rows)


def settle_by_reading(
    con: duckdb.DuckDBPyConnection, target: Target, verdicts: Iterable[tuple[str, str, str, str | None, bool]]
) -> None:
    """Settle what a killed run left pending by what the CRM holds: rows of (change_id, record_id, column, after, took effect)."""
    lost = "not in the CRM after the run was cut off"
    _settle(
        con, [(i, *target, r, c, after, "written" if ok else "failed", None if ok else lost) for i, r, c, after, ok in verdicts]
    )


def _settle(con: duckdb.DuckDBPyConnection, rows: Sequence[tuple[object, ...]]) -> None:
    if not rows:
        return
    with incoming(con, rows), transaction(con):
        con.execute(
            "UPDATE state.journal SET result = c6, error = c7, settled_at = now() FROM incoming WHERE change_id = incoming.c0"
        )
        con.execute("INSERT OR REPLACE INTO state.sent SELECT c1, c2, c3, c4, c5, now() FROM incoming WHERE c6 = 'written'")


def adopt(con: duckdb.DuckDBPyConnection, target: Target, changes: Iterable[RecordChange]) -> None:
    """Remember as sent what the CRM holds already as we want it."""
    rows = [(*target, c.record_id, a.column, a.after) for c in changes for a in c.adopted]
    if not rows:
        return
    with incoming(con, rows):
        con.execute("INSERT OR REPLACE INTO state.sent SELECT *, now() FROM incoming")


def note_conflicts(
    con: duckdb.DuckDBPyConnection, target: Target, changes: Sequence[RecordChange], compared: Sequence[str]
) -> int:
    """Keep the open conflicts of the records just compared; those that are gone are closed. Returns how many are open."""
    rows = [(*target, c.record_id, f.column, f.after, f.before) for c in changes for f in c.conflicts]
    with transaction(con):
        con.execute(
            "UPDATE state.conflicts SET resolved_at = now() WHERE connection = ? AND object = ? AND resolved_at IS NULL"
            " AND list_contains(?, record_id)",
            [*target, list(compared)],
        )
        if not rows:
            return 0
        with incoming(con, rows):
            con.execute(
                "INSERT INTO state.conflicts SELECT *, now(), now(), NULL FROM incoming ON CONFLICT DO UPDATE"
                " SET ours = excluded.ours, theirs = excluded.theirs, last_seen_at = excluded.last_seen_at, resolved_at = NULL"
            )
    return len(rows)


def disputed(con: duckdb.DuckDBPyConnection, target: Target) -> set[str]:
    """Records with an open conflict: they are read again each time, to see whether the person has taken the value back."""
    query = "SELECT DISTINCT record_id FROM state.conflicts WHERE connection = ? AND object = ? AND resolved_at IS NULL"
    return {row[0] for row in con.execute(query, [*target]).fetchall()}


def forget(con: duckdb.DuckDBPyConnection, target: Target, record_ids: Sequence[str]) -> None:
    """Drop what we sent to records that no longer exist."""
    con.execute(
        "DELETE FROM state.sent WHERE connection = ? AND object = ? AND list_contains(?, record_id)", [*target, list(record_ids)]
    )


def keep_list(con: duckdb.DuckDBPyConnection, target: Target, name: str | None) -> None:
    """Note which list in the CRM the target is (``None``: there is none). What we sent to another one counts no more:
    a list that was deleted, or made anew under another name, begins empty, and nobody has taken its members off."""
    kept = sent_values(con, Target(target.connection, "lists")).get(target.object, {}).get("name")
    with transaction(con):
        if name is None or (kept is not None and kept != name):
            con.execute("DELETE FROM state.sent WHERE connection = ? AND object = ?", [*target])
        if name is None:
            con.execute("DELETE FROM state.sent WHERE connection = ? AND object = 'lists' AND record_id = ?", [*target])
        elif kept != name:
            con.execute("INSERT OR REPLACE INTO state.sent VALUES (?, 'lists', ?, 'name', ?, now())", [*target, name])


def kept_lists(con: duckdb.DuckDBPyConnection, connection: str) -> dict[str, str]:
    """List key (``<partner>:whitespace``) -> name of the list as ``keep_list`` noted it last."""
    kept = sent_values(con, Target(connection, "lists"))
    return {object.removeprefix("list:"): row["name"] for object, row in kept.items() if row["name"]}


def sent_values(con: duckdb.DuckDBPyConnection, target: Target) -> dict[str, dict[str, str | None]]:
    """record id -> column -> what we last sent."""
    sent: dict[str, dict[str, str | None]] = {}
    query = "SELECT record_id, field, value FROM state.sent WHERE connection = ? AND object = ?"
    for record_id, column, value in con.execute(query, [*target]).fetchall():
        sent.setdefault(record_id, {})[column] = value
    return sent


def unsettled(con: duckdb.DuckDBPyConnection, target: Target) -> list[tuple[str, str, str, str | None]]:
    """(change_id, record_id, column, after) that a killed run left pending, oldest first."""
    return con.execute(
        "SELECT change_id, record_id, field, after FROM state.journal"
        " WHERE connection = ? AND object = ? AND result = 'pending' ORDER BY journaled_at, change_id",
        [*target],
    ).fetchall()


@contextmanager
def incoming(con: duckdb.DuckDBPyConnection, rows: Sequence[tuple[object, ...]]) -> Iterator[None]:
    """The rows, all texts and at least one, as the view ``incoming`` (c0, c1, ...): in bulk, for a row at a time is slow."""
    columns = zip(*rows, strict=True)
    con.register("incoming", pa.table({f"c{i}": pa.array(column, pa.string()) for i, column in enumerate(columns)}))
    try:
        yield
    finally:
        con.unregister("incoming")

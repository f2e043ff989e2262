"""The gate in front of every write to a CRM: it opens only where everything the data rests on was checked and found good.

A failed check stops what is downstream inside its own run only; a later run of the push alone
would pass. So the push asks here, and anything missing counts as failed.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pipelines.texts import text


class GateClosed(Exception):
    """Nothing may be written; the message names each reason."""


def record(con: duckdb.DuckDBPyConnection, name: str, passed: bool, run_id: str, detail: str | None = None) -> None:
    """Note the result of a check."""
    con.execute("INSERT INTO gate.results VALUES (?, ?, ?, ?, now())", [name, passed, detail, run_id])


def begin(con: duckdb.DuckDBPyConnection, name: str, run_id: str) -> None:
    """Shut the gate while a step is at work: one that is killed in the middle must not leave an older pass standing."""
    record(con, name, False, run_id, "it was begun and did not end: run it again")


def required(our_connections: Iterable[str]) -> list[str]:
    """Names of the checks that must have passed, in the order in which they must have come."""
    return [
        *(f"pull:{connection}" for connection in sorted(our_connections)),
        "dbt:before_matching",
        "matching",
        "dbt:after_matching",
    ]


def reasons_to_stay_closed(con: duckdb.DuckDBPyConnection, names: Iterable[str], language: str = "en") -> list[str]:
    """Empty when the gate is open. The newest result of each name counts, and a later step must be newer than those before it.

    The pulls come in any order among themselves, but before all else.
    """
    newest = {
        name: (passed, detail, at)
        for name, passed, detail, at in con.execute(
            "SELECT name, passed, detail, recorded_at FROM gate.results"
            " QUALIFY row_number() OVER (PARTITION BY name ORDER BY recorded_at DESC) = 1"
        ).fetchall()
    }
    reasons, last = [], None
    for name in names:
        if name not in newest:
            reasons.append(text("gate.never", language, name=name))
            continue
        passed, detail, at = newest[name]
        if not passed:
            reasons.append(text("gate.failed", language, name=name, detail=detail or "-"))
        if last and at < last[1] and not name.startswith("pull:"):
            reasons.append(text("gate.older", language, name=name, than=last[0]))
        last = (name, at) if last is None or at > last[1] else last
    return reasons

"""Matching again only when something that decides it has changed.

Belongs here: telling whether it has, by everything that a matching reads: records, register, decisions, prior ids, the
model, and the code itself. Does not: matching (``run.py``).
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.matching.model import DEFAULT_VERSION
from pipelines.matching.run import MatchSummary, run_matching
from pipelines.normalize import functions

_INPUTS = (
    "SELECT * EXCLUDE (updated_at) FROM intermediate.records",  # when a record was touched decides nothing
    "SELECT * FROM intermediate.register_entries",
    "SELECT * FROM state.decisions",
    "SELECT record_id, company_id FROM state.company_ids",
    "SELECT record_id, company_id, probability, verdict, rule FROM match.links",  # nobody else wrote there since
)


def rematch(con: duckdb.DuckDBPyConnection, as_of: datetime, run_id: str) -> MatchSummary | None:
    """Match, unless the links stand already for just these inputs: then ``None``, and nothing is touched."""
    held = con.execute("SELECT fingerprint FROM match.inputs").fetchall()
    if held and held[0][0] == _fingerprint(con):
        return None
    con.execute("DELETE FROM match.inputs")
    summary = run_matching(con, as_of, run_id)
    con.execute("INSERT INTO match.inputs VALUES (?)", [_fingerprint(con)])
    return summary


def _fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """One mark of all inputs; the order of rows does not matter."""
    digest = hashlib.sha256(f"{DEFAULT_VERSION} {functions.version()}".encode())
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in (".py", ".yaml", ".csv", ".sql"):
            digest.update(file.read_bytes())
    for query in _INPUTS:
        counted = con.execute(f"SELECT count(*), bit_xor(hash(t)), sum(hash(t) % 1000003) FROM ({query}) AS t").fetchall()
        digest.update(str(counted).encode())
    return digest.hexdigest()

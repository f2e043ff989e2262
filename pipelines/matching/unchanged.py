"""Matching again only when something that decides it has changed.

Belongs here: telling whether it has, by everything that a matching reads: records, register, decisions, prior ids, the model, and
the code itself. Does not: matching (``run.py``), nor what within a matching need not be compared again (``known``).
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from pipelines.matching.marks import code_mark, data_mark
from pipelines.matching.model import Model
from pipelines.matching.run import MatchSummary, run_matching

_INPUTS = (
    "SELECT * EXCLUDE (updated_at) FROM intermediate.records",  # when a record was touched decides nothing
    "SELECT * FROM intermediate.register_entries",
    "SELECT * FROM intermediate.register_aliases",
    "SELECT * FROM state.decisions",
    "SELECT record_id, company_id FROM state.company_ids",
    "SELECT record_id, company_id, probability, verdict, rule FROM match.links",  # nobody else wrote there since
)


def rematch(con: duckdb.DuckDBPyConnection, as_of: datetime, run_id: str, model: Model) -> MatchSummary | None:
    """Match, unless the links stand already for just these inputs: then ``None``, and nothing is touched."""
    held = con.execute("SELECT fingerprint FROM match.inputs").fetchall()
    if held and held[0][0] == _fingerprint(con, model):
        return None
    con.execute("DELETE FROM match.inputs")
    summary = run_matching(con, as_of, run_id, model)
    con.execute("INSERT INTO match.inputs VALUES (?)", [_fingerprint(con, model)])
    return summary


def _fingerprint(con: duckdb.DuckDBPyConnection, model: Model) -> str:
    return f"{code_mark()} {model.mark} {data_mark(con, _INPUTS)}"

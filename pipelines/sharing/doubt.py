"""Whether the run that the marts are of may be shared from.

Belongs here: that one question, for runs and for the command line. Does not: what a partner may see (``gate.py``).
"""

from __future__ import annotations

import duckdb

from pipelines import gate
from pipelines.settings import Settings
from pipelines.settings.environment import write_back_allowed
from pipelines.texts import text
from pipelines.transform.remember import newer_run
from pipelines.writeback.approval import is_held


def doubt_of(con: duckdb.DuckDBPyConnection, settings: Settings, language: str) -> str | None:
    """Why nothing of this run is shared, as a sentence; ``None`` where there is no doubt.

    Its models were not all built and found good together, so that one may show more than another's policy; it shows an earlier
    moment than one that is remembered; or a brake holds what it would write.
    """
    shut = gate.reasons_to_stay_closed(con, gate.required(settings.connections_of(ours=True)), language)
    if shut:
        return text("sharing.doubt.gate", language, reasons="; ".join(shut))
    if newer_run(con):
        return text("sharing.doubt.past", language)
    if write_back_allowed() and is_held(con, settings):
        return text("sharing.doubt.held", language)
    return None

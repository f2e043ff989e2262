"""Whether the run that the marts are of may be planned from.

Belongs here: that one question, for runs and for the command line. Does not: why a brake holds a change set (``writeback/``).
"""

from __future__ import annotations

from typing import Literal

import duckdb

from pipelines.settings import Settings
from pipelines.settings.environment import write_back_allowed
from pipelines.transform.remember import newer_run
from pipelines.writeback.approval import is_held

Doubt = Literal["past", "held"]


def doubt_of(con: duckdb.DuckDBPyConnection, settings: Settings) -> Doubt | None:
    """Why no plan is made of this run: ``past``, it shows an earlier moment than one that is remembered; ``held``, a brake holds
    its change set, so that what it says may be wrong. Text ``plan.files.doubt.<doubt>``. None where there is no doubt."""
    if newer_run(con):
        return "past"
    if write_back_allowed() and is_held(con, settings):
        return "held"
    return None

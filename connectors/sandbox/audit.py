"""The audit trail of a sandbox org: every field value that a call changed, in order.

Belongs here: keeping changes and telling them. Does not: noticing them (each CRM's ``records.py``); loading a world is none.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Literal

Action = Literal["create", "update", "delete", "merge", "member_add", "member_remove"]

REQUEST: ContextVar[int | None] = ContextVar("request", default=None)
"""Number of the call being answered, as the request log has it."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    user_id TEXT NOT NULL,
    object TEXT NOT NULL,
    id TEXT NOT NULL,
    action TEXT NOT NULL,
    field TEXT,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    request INTEGER
);
"""
_COLUMNS = ("seq", "at", "user_id", "object", "id", "action", "field", "before", "after", "request")


class Audit:
    """Kept beside the documents, in their transactions: what is rolled back was never changed."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.executescript(_SCHEMA)

    def note(
        self, at: str, user_id: str, object: str, id: str, action: Action, values: Mapping[str, tuple[Any, Any]] | None = None
    ) -> None:
        """One change for each field: name -> (before, after), equal where a call set what was there already.

        Without ``values`` the record as a whole is meant: ``field`` is null.
        """
        request = REQUEST.get()
        rows = [
            (at, user_id, object, id, action, name, _json(before), _json(after), request)
            for name, (before, after) in (values.items() if values else ((None, (None, None)),))
        ]
        self._db.executemany(
            f"INSERT INTO changes ({', '.join(_COLUMNS[1:])}) VALUES ({', '.join('?' * len(_COLUMNS[1:]))})", rows
        )

    def listed(self, match: str = "", after: int = 0) -> list[dict[str, Any]]:
        """Changes past number ``after`` with ``match`` in their ``object/id/field``, oldest first."""
        rows = self._db.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM changes"
            " WHERE seq > ? AND instr(object || '/' || id || '/' || coalesce(field, ''), ?) ORDER BY seq",
            (after, match),
        )
        return [
            {**found, "before": json.loads(found["before"]), "after": json.loads(found["after"])}
            for found in (dict(zip(_COLUMNS, row, strict=True)) for row in rows.fetchall())
        ]

    def clear(self) -> None:
        """Forget; numbers go on from where they were."""
        self._db.execute("DELETE FROM changes")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

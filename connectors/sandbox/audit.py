"""The audit trail of a sandbox org: every field value that a call changed, in order.

Belongs here: keeping changes and telling them. Does not: noticing them (each CRM's ``records.py``); loading a world is none.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Literal

Action = Literal["create", "update", "delete", "restore", "merge", "member_add", "member_remove"]

REQUEST: ContextVar[int | None] = ContextVar("request", default=None)
"""Number of the call being answered, as the request log has it."""

# A row is what one call did to one record; its fields are told one by one only when somebody asks, for that is seldom.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS acts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    user_id TEXT NOT NULL,
    object TEXT NOT NULL,
    id TEXT NOT NULL,
    action TEXT NOT NULL,
    changes TEXT NOT NULL,
    request INTEGER
);
"""
_COLUMNS = ("at", "user_id", "object", "id", "action", "changes", "request")
_INSERT = f"INSERT INTO acts ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_json = json.JSONEncoder(ensure_ascii=False).encode


class Audit:
    """Kept beside the documents, in their transactions: what is rolled back was never changed."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.executescript(_SCHEMA)

    def note(
        self, at: str, user_id: str, object: str, id: str, action: Action, values: Mapping[str, tuple[Any, Any]] | None = None
    ) -> None:
        """What one call did to one record: field -> (before, after), equal where it set what was there already.

        Without ``values`` the record as a whole is meant: ``field`` is null.
        """
        changes: list[tuple[str | None, Any, Any]]
        changes = [(name, *change) for name, change in values.items()] if values else [(None, None, None)]
        self._db.execute(_INSERT, (at, user_id, object, id, action, _json(changes), REQUEST.get()))

    def listed(self, match: str = "", after: int = 0) -> list[dict[str, Any]]:
        """Changes past number ``after`` with ``match`` in ``object/id/field``, oldest first; those of one act share a number."""
        acts = self._db.execute(f"SELECT seq, {', '.join(_COLUMNS)} FROM acts WHERE seq > ? ORDER BY seq", (after,))
        return [
            {
                "seq": seq, "at": at, "user_id": user_id, "object": object, "id": id, "action": action,
                "field": field, "before": before, "after": later, "request": request,
            }
            for seq, at, user_id, object, id, action, changes, request in acts.fetchall()
            for field, before, later in json.loads(changes)
            if match in f"{object}/{id}/{field or ''}"
        ]  # fmt: skip

    def clear(self) -> None:
        """Forget; numbers go on from where they were."""
        self._db.execute("DELETE FROM acts")

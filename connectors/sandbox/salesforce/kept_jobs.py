"""Keeping Bulk jobs: a restart of the server, or its death, ends none of them.

Belongs here: jobs and their data as documents of the store. Does not: what a job is (``ingest_jobs.py``, ``bulk_query.py``).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from connectors.sandbox.store import Store


class KeptJobs:
    """The jobs of one kind; their documents are the caller's."""

    def __init__(self, store: Store, kind: str) -> None:
        self._store, self._jobs, self._data, self._counter = store, f"Job {kind}", f"Job data {kind}", f"jobs_made {kind}"

    def next_number(self) -> int:
        """Counts on even when jobs were forgotten."""
        number = int(self._store.get_meta(self._counter, 0)) + 1
        self._store.set_meta(self._counter, number)
        return number

    def all(self) -> Iterator[dict[str, Any]]:
        """Every job's document, oldest first."""
        for _, doc, _, _ in self._store.select(self._jobs):
            yield doc

    def one(self, id: str) -> dict[str, Any] | None:
        """One job's document."""
        return self._store.get(self._jobs, id)

    def keep(self, id: str, doc: dict[str, Any]) -> None:
        self._store.put(self._jobs, id, doc, "")

    def keep_data(self, id: str, data: bytes) -> None:
        self._store.put(self._data, id, {"base64": base64.b64encode(data).decode()}, "")

    def data(self, id: str) -> bytes:
        """The bytes of a job; none where none came."""
        doc = self._store.get(self._data, id)
        return b"" if doc is None else base64.b64decode(doc["base64"])

    def forget(self, id: str) -> None:
        for each in (self._jobs, self._data):
            self._store.db.execute("DELETE FROM documents WHERE object = ? AND id = ?", (each, id))

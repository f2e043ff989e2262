"""A small document store on SQLite: what one sandbox org holds.

Belongs here: documents by (object, id), their order of change, transactions, and
small named values. Does not: what a document means (see ``salesforce/``, ``hubspot/``).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connectors.sandbox.audit import Audit

_PATHS = 100
"""More of them than this SQLite takes for no single ``json_extract``."""

_PUT = "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)"
_json = json.JSONEncoder(ensure_ascii=False).encode

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    object TEXT NOT NULL,
    id TEXT NOT NULL,
    doc TEXT NOT NULL,
    modified_at TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (object, id)
) WITHOUT ROWID;
DROP INDEX IF EXISTS documents_by_change;
CREATE INDEX IF NOT EXISTS documents_by_stamp ON documents (object, modified_at, id, deleted);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Store:
    """Documents of one org. Not thread-safe: each server answers on one event loop.

    ``modified_at`` is an ISO-8601 UTC text with fixed width, so that its order is the order of time.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = str(path)
        self.db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self.db.execute("PRAGMA page_size = 16384")  # of a new file: in smaller pages nearly each document would overflow
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.execute("PRAGMA cache_size = -65536")
        self.db.executescript(_SCHEMA)
        self.audit = Audit(self.db)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; may be nested."""
        self.db.execute("SAVEPOINT ours")  # of several with one name the innermost is meant
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK TO ours")
            self.db.execute("RELEASE ours")
            raise
        self.db.execute("RELEASE ours")

    def put(self, object: str, id: str, doc: dict[str, Any], modified_at: str, deleted: bool = False) -> None:
        self.db.execute(_PUT, (object, id, _json(doc), modified_at, int(deleted)))

    def put_many(self, object: str, rows: Iterable[tuple[str, dict[str, Any], str, bool]]) -> None:
        """Insert or replace (id, document, modified_at, deleted)."""
        with self.transaction():
            self.db.executemany(_PUT, ((object, id, _json(doc), at, int(gone)) for id, doc, at, gone in rows))

    def get(self, object: str, id: str, deleted: bool = False) -> dict[str, Any] | None:
        """The document, or ``None``; deleted ones only when asked for."""
        row = self.db.execute(
            "SELECT doc FROM documents WHERE object = ? AND id = ? AND deleted <= ?", (object, id, int(deleted))
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def select(
        self, object: str, where: str = "1", params: Sequence[Any] = (), order: str = "id", limit: int = -1, offset: int = 0
    ) -> Iterator[tuple[str, dict[str, Any], str, bool]]:
        """(id, document, modified_at, deleted) by an SQL condition over ``id, doc, modified_at, deleted``.

        Fields of the document are reached with ``json_extract(doc, '$.Name')``. ``where`` and ``order`` are
        made by the caller's own compiler, never from a client's text; values go into ``params``.
        """
        rows = self.db.execute(
            f"SELECT id, doc, modified_at, deleted FROM documents WHERE object = ? AND ({where})"
            f" ORDER BY {order} LIMIT ? OFFSET ?",
            (object, *params, limit, offset),
        )
        for id, doc, at, gone in rows:
            yield id, json.loads(doc), at, bool(gone)

    def ids(
        self, object: str, where: str = "1", params: Sequence[Any] = (), order: str = "id", limit: int = -1, offset: int = 0
    ) -> list[str]:
        """As ``select``, but only the ids: what a cursor over a big answer has to keep."""
        rows = self.db.execute(
            f"SELECT id FROM documents WHERE object = ? AND ({where}) ORDER BY {order} LIMIT ? OFFSET ?",
            (object, *params, limit, offset),
        )
        return [row[0] for row in rows]

    def packed_ids(
        self, object: str, where: str = "1", params: Sequence[Any] = (), order: str = "id", limit: int = -1, offset: int = 0
    ) -> str:
        """As ``ids``, one after the other in one text: a million of them are 18 MB. For ids of one length only."""
        rows = f"SELECT id FROM documents WHERE object = ? AND ({where}) ORDER BY {order} LIMIT ? OFFSET ?"
        found = self.db.execute(f"SELECT group_concat(id, '') FROM ({rows})", (object, *params, limit, offset)).fetchone()
        return found[0] or ""

    def groups(
        self,
        object: str,
        columns: Sequence[str],
        where: str,
        params: Sequence[Any],
        groups: Sequence[str],
        having: str,
        page: str,
    ) -> list[tuple[Any, ...]]:
        """Rows of SQL expressions over the documents that ``where`` selects, one for each group (without ``groups``: one).

        ``page`` is what stands after HAVING: order, limit and offset. ``params`` are those of ``where``, then of ``having``.
        """
        grouped = f"GROUP BY {', '.join(groups)} HAVING {having}" if groups else ""
        sql = f"SELECT {', '.join(columns)} FROM documents WHERE object = ? AND ({where}) {grouped} {page}"
        return list(self.db.execute(sql, (object, *params)))

    def below(
        self, object: str, link: str, ids: Sequence[str], where: str, params: Sequence[Any], order: str
    ) -> list[tuple[str, str]]:
        """(parent, id) of the documents that point at one of ``ids`` by the field ``link``."""
        parent = f"json_extract(doc, '$.{link}')"
        wanted = f"{parent} IN (SELECT value FROM json_each(?))"
        sql = f"SELECT {parent}, id FROM documents WHERE object = ? AND {wanted} AND ({where}) ORDER BY {order}"
        return list(self.db.execute(sql, (object, json.dumps(list(ids)), *params)))

    def extract(
        self, object: str, ids: Iterable[str], fields: Sequence[str], deleted_too: bool
    ) -> Iterator[tuple[list[Any], bool]]:
        """(values of the fields, deleted) of those that exist, in no order; quicker than whole documents."""
        wanted = "id IN (SELECT value FROM json_each(?)) AND deleted <= ?"
        given = (object, json.dumps(list(ids)), int(deleted_too))
        if len(fields) > _PATHS or len(fields) == 1:  # of one path SQLite makes no list
            rows = self.db.execute(f"SELECT doc, deleted FROM documents WHERE object = ? AND {wanted}", given)
            for doc, gone in rows:
                values = json.loads(doc)
                yield [values.get(name) for name in fields], bool(gone)
            return
        paths = ", ".join(f"'$.{name}'" for name in fields)
        found = self.db.execute(f"SELECT json_extract(doc, {paths}), deleted FROM documents WHERE object = ? AND {wanted}", given)
        texts = found.fetchall()
        everything = json.loads(f"[{','.join(text for text, _ in texts)}]")
        yield from ((values, bool(gone)) for values, (_, gone) in zip(everything, texts, strict=True))

    def get_many(self, object: str, ids: Iterable[str]) -> dict[str, tuple[dict[str, Any], bool]]:
        """id -> (document, deleted) of those that exist, deleted ones too."""
        rows = self.db.execute(
            "SELECT id, doc, deleted FROM documents WHERE object = ? AND id IN (SELECT value FROM json_each(?))",
            (object, json.dumps(list(ids))),
        )
        return {id: (json.loads(doc), bool(gone)) for id, doc, gone in rows}

    def index(self, field: str) -> None:
        """Make looking up by this field's value, ASCII case aside, quick in every object. ``field`` is an identifier."""
        if not field.isidentifier():
            raise ValueError(f"{field!r} is no identifier")
        self.db.execute(
            f"CREATE INDEX IF NOT EXISTS by_{field} ON documents (object, json_extract(doc, '$.{field}') COLLATE NOCASE)"
            f" WHERE json_extract(doc, '$.{field}') IS NOT NULL"
        )

    def ids_by_value(self, object: str, field: str, value: Any) -> list[str]:
        """Ids of live documents with this value, ASCII case aside, in a field that ``index`` was called for.

        The index is named, for without statistics SQLite would rather walk the whole object by its key.
        """
        rows = self.db.execute(
            f"SELECT id FROM documents INDEXED BY by_{field} WHERE object = ? AND deleted = 0"
            f" AND json_extract(doc, '$.{field}') = ? COLLATE NOCASE AND json_extract(doc, '$.{field}') IS NOT NULL ORDER BY id",
            (object, value),
        )
        return [row[0] for row in rows]

    def count(self, object: str, where: str = "1", params: Sequence[Any] = ()) -> int:
        sql = f"SELECT count(*) FROM documents WHERE object = ? AND ({where})"
        return int(self.db.execute(sql, (object, *params)).fetchone()[0])

    def fill_in(self, object: str, field: str, value: bool) -> None:
        """Give every document that lacks it a field, as of always: their order of change stays. ``field`` is an identifier."""
        if not field.isidentifier():
            raise ValueError(f"{field!r} is no identifier")
        self.db.execute(
            f"UPDATE documents SET doc = json_set(doc, '$.{field}', json(?))"
            f" WHERE object = ? AND json_type(doc, '$.{field}') IS NULL",
            (json.dumps(value), object),
        )

    def set_meta(self, key: str, value: Any) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, _json(value)))

    def get_meta(self, key: str, default: Any = None) -> Any:
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return default if row is None else json.loads(row[0])

    def clear(self) -> None:
        with self.transaction():
            self.db.execute("DELETE FROM documents")
            self.db.execute("DELETE FROM meta")
            self.audit.clear()

    def close(self) -> None:
        self.db.close()

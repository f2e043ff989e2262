"""Rows as the CSV of Bulk API 2.0 has them, and its results as ``WriteResult``.

Belongs here: what a cell means. Does not: jobs (``bulk``).

UTF-8, LF, columns sorted. An empty cell is left alone by Salesforce, ``#N/A`` clears the field, as a blank text does by REST.
A job takes fields of 32,000 characters and rows of 400,000; collections are not bound so.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from connectors.batches import plain
from connectors.crm import Row, WriteResult

_NULL = "#N/A"
_BLANK = "".join(map(chr, range(33)))
"""What Salesforce takes off the ends of a text; not the full-width space."""
_FIELD, _RECORD = 32_000, 400_000
_QUOTED = re.compile(r'[,"\n]|^\s|\s$')


def can_carry(row: Row) -> bool:
    """Whether a job can be told this row. The very text ``#N/A`` would clear, a carriage return makes Salesforce refuse the whole
    file for its line endings, and a NUL ends a text for much that reads CSV."""
    texts = [value for value in row.values() if isinstance(value, str)]
    if any(text == _NULL or "\r" in text or "\0" in text for text in texts):
        return False
    sizes = [_length(text) for text in texts]
    return max(sizes, default=0) <= _FIELD and sum(sizes) <= _RECORD


def _length(text: str) -> int:
    """As Salesforce counts: a character beyond the first 65,536 is two."""
    return len(text) if len(text) <= _FIELD // 2 else len(text.encode("utf-16-le")) // 2


def to_csv(rows: Sequence[Row]) -> bytes:
    """A file of all rows. Where a row does not name a field that another names, the field is left alone."""
    columns = sorted({name for row in rows for name in row})
    lines = [",".join(columns)]
    lines += [",".join(_cell(row[name]) if name in row else "" for name in columns) for row in rows]
    return "\n".join([*lines, ""]).encode()


def _cell(value: Any) -> str:
    value = plain(value)
    if value is None or (isinstance(value, str) and not value.strip(_BLANK)):
        return _NULL
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def succeeded(text: str | None, key_field: str) -> Iterator[WriteResult]:
    """The rows of ``successfulResults``, in no certain order."""
    for key, id, created in _results(text, key_field, "sf__created"):
        yield WriteResult(key, True, id=id, created=created == "true")


def failed(text: str | None, key_field: str) -> Iterator[WriteResult]:
    """The rows of ``failedResults``. ``sf__Error`` is ``CODE:message:fields --``."""
    for key, id, error in _results(text, key_field, "sf__error"):
        code, _, rest = error.partition(":")
        message = rest.rpartition(":")[0] or rest
        yield WriteResult(key, False, id=id or None, code=code, message=" ".join(message.split()))


def _results(text: str | None, key_field: str, column: str) -> Iterator[tuple[str, str, str]]:
    """(key, sf__Id, the column asked for) of each row; an answer may be empty altogether."""
    lines = csv.reader(io.StringIO(text or "", newline=""))
    places = {name.lower(): place for place, name in enumerate(next(lines, []))}
    for line in filter(None, lines):
        yield line[places[key_field.lower()]], line[places["sf__id"]], line[places[column]]

"""Writing CSV and XLSX files so that the same rows give the same bytes.

Belongs here: file formats and file times. Does not: what stands in the files.
"""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook

from connectors.sandbox.world.clock import AS_OF


def write_csv(
    path: Path, rows: Sequence[Sequence[str]], encoding: str, delimiter: str = ",", quote_numbers: bool = False
) -> None:
    """Lines end in CR LF as Excel ends them. ``quote_numbers`` puts every amount and number in quotes, as some exports do."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    quoting = csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for at, row in enumerate(rows):
        (quoting if quote_numbers and at % 3 == 1 and any(row) else writer).writerow(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue().encode(encoding))


def write_xlsx(path: Path, rows: Sequence[Sequence[object]], title: str, merged: Sequence[int] = (), width: int = 1) -> None:
    """One sheet; the rows in ``merged`` (from 1) are one cell across ``width`` columns."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append([None if value == "" else value for value in row])
    for at in merged:
        sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=width)
    made = io.BytesIO()
    book.save(made)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_timeless(made.getvalue()))


def _timeless(workbook: bytes) -> bytes:
    """The same workbook without the moment at which it was saved."""
    stamp = AS_OF.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, data)
            new.writestr(zipfile.ZipInfo(item.filename, (2026, 11, 20, 9, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def set_date(path: Path, day: date) -> None:
    """The file was last saved in the evening of that day."""
    at = datetime(day.year, day.month, day.day, 18, 30, tzinfo=AS_OF.tzinfo).timestamp()
    os.utime(path, (at, at))

"""The lists of a share as CSV and JSON, for a partner's systems and for Excel.

Belongs here: the bytes of these files. Does not: what stands in them (``told.py``), or the workbook. CSV is UTF-8 with a byte
order mark, without which a Japanese Excel takes it for Shift_JIS; lines end with CR LF; days and moments are ISO 8601.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import cast

from pipelines.sharing.layout import columns_of, heading
from pipelines.sharing.share import Share
from pipelines.sharing.told import Told, is_formula_like, told_count, told_rows


def csv_file(share: Share, name: str) -> bytes:
    """That list, a heading above each column."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([heading(column.name, share.language) for column in columns_of(share, name)])
    writer.writerows([_cell(value) for value in cells] for cells in told_rows(share, name))
    return written.getvalue().encode("utf-8-sig")


def summary_file(share: Share) -> bytes:
    """How many companies there are of each pair of statuses, and how long each list is. Codes, not words: machines read it."""
    counts = []
    for row in share.lists["summary"]:
        as_far_as, companies = told_count(row)
        pair = {"our_status": row.values["our_status"], "partner_status": row.values["partner_status"]}
        counted_at = cast(datetime, row.values["counted_at"]).astimezone(share.as_of.tzinfo)
        counts.append({**pair, "companies": companies, "told": as_far_as, "as_of": counted_at.isoformat()})
    whole = {
        "as_of": share.as_of.isoformat(),
        "policy_version": share.policy_version,
        "rows": {name: len(rows) for name, rows in share.lists.items() if name != "summary"},
        "counts": counts,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _cell(value: Told) -> str:
    """An apostrophe stands before what Excel would take for a formula: it has no other way to call a text a text."""
    if isinstance(value, str):
        return f"'{value}" if is_formula_like(value) else value
    if value is None:
        return ""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)

"""Rows that a partner added on the sheets for registrations and introduction requests.

Belongs here: handing such a sheet to the reader of partners' lists, and telling its rows apart. Does not: reading a list, which
``connectors.partner_files`` does for every list of a partner.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors.partner_files import COLUMNS, ListRefused, ListSpec, Rejection, read_list
from pipelines.partners.versions import sentence
from pipelines.partners.words import not_understood
from pipelines.review.layout import folded
from pipelines.review.reading import Fault
from pipelines.sharing.layout import INTRODUCTION_REQUESTS, NEW_CONTENT, NEW_REGISTRATIONS
from pipelines.sharing.returns.pages import Page
from pipelines.sharing.returns.said import INTRODUCTION, REGISTRATION, Said, claim_key
from pipelines.sharing.returns.words import Words

_KINDS = {NEW_REGISTRATIONS: REGISTRATION, INTRODUCTION_REQUESTS: INTRODUCTION}


def read_new_rows(path: Path, page: Page, sheet: str, words: Words, language: str, faults: list[Fault]) -> list[Said]:
    """What the partner added there. A cell or row that cannot be used is added to ``faults``."""
    content = NEW_CONTENT[sheet]
    try:
        read = read_list(path, ListSpec(content, sheet=page.title, header_row=page.heading_row or None))
    except ListRefused as refused:
        faults.append(Fault("return.fault.sheet", {"sheet": page.title, "why": sentence(refused.rejection, language)}))
        return []
    faults += [_fault(page.title, rejection, language) for rejection in (*read.rejections, *not_understood(read, content))]
    alike: dict[str, list[dict[str, Any]]] = {}
    kind = _KINDS[sheet]
    found: list[Said] = []
    for row in read.rows.to_pylist():
        said = {name: row[name] for name in COLUMNS[content] if row[name]}
        if row["other"]:
            said["other"] = json.loads(row["other"])
        comparable = {name: folded(str(value)) for name, value in said.items() if name != "other"}
        first = claim_key(kind, comparable, 0)
        earlier = alike.setdefault(first, [])
        if said in earlier:
            continue  # the same row once more
        key = claim_key(kind, comparable, len(earlier))
        earlier.append(said)
        found.append(Said(kind, key, None, page.title, row["row_number"], row["name"], said))
    return found


def _fault(sheet: str, rejection: Rejection, language: str) -> Fault:
    values: Mapping[str, object] = {
        "sheet": sheet,
        "row": rejection.row or 1,
        "column": rejection.column or "",
        "why": sentence(rejection, language),
    }
    return Fault("return.fault.new_row", values)

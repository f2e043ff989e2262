"""One thing that a partner says, as it is read and before it is kept.

Belongs here: its shape, and how the answers of a row become what the partner says. Does not: cells (``reading.py``,
``new_rows.py``), or keeping it (``returned.py``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.sharing.layout import COMMENT, CORRECTION, NEW_STATUS

NOT_SAME, ALREADY_SERVED, NOT_WANTED, STATUS = "not_same", "already_served", "not_wanted", "status"
REGISTRATION, INTRODUCTION = "registration", "introduction"
ABOUT = {NOT_SAME: CORRECTION, ALREADY_SERVED: CORRECTION, NOT_WANTED: CORRECTION, STATUS: NEW_STATUS}
"""Kind -> the question that it answers; every other kind is its own."""


@dataclass(frozen=True)
class Said:
    """``key`` tells the row from others in every workbook of that partner; ``row_key``: that of the share, null for a new row."""

    kind: str
    key: str
    row_key: str | None
    sheet: str
    row_number: int
    company_name: str
    content: Mapping[str, object]

    @property
    def about(self) -> tuple[str, str]:
        """What it answers: of two answers to the same the newer one counts."""
        return ABOUT.get(self.kind, self.kind), self.key


class Contradiction(ValueError):
    """Two answers of a row exclude each other."""


def company_key(row_key: str) -> str:
    """A row of whitespace may be for one product line: what the partner says of the company is the same for each."""
    return row_key.partition(":")[0]


def claim_key(kind: str, words: Mapping[str, str | None], repeat: int) -> str:
    """Of a new row: its number, else company and product; ``repeat`` counts rows of a file that are alike in these, from 0."""
    told = [words["native_id"]] if words.get("native_id") else [words.get(n) for n in ("name", "corporate_number", "product")]
    whole = json.dumps([kind, *told, *([repeat] if repeat else [])], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def sayings(correction: str | None, status: str | None, comment: str | None) -> list[tuple[str, dict[str, str]]]:
    """Kind and content of what a row's answers say; the comment goes with each. Raises ``Contradiction``."""
    if correction == ALREADY_SERVED and status not in (None, "customer"):
        raise Contradiction
    with_comment = {"comment": comment} if comment else {}
    said: list[tuple[str, dict[str, str]]] = []
    if correction == ALREADY_SERVED:
        said.append((ALREADY_SERVED, {"status": "customer", **with_comment}))
    elif correction:
        said.append((correction, with_comment))
    if status and correction != ALREADY_SERVED:
        said.append((STATUS, {"status": status, **with_comment}))
    if not said and comment:
        said.append((COMMENT, with_comment))
    return said

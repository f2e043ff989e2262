"""Answers out of a review workbook, as Excel and LibreOffice save it.

Belongs here: what a row means, whatever was moved, sorted, deleted or added; naming each cell that says nothing usable. Does
not: opening the file (``pages.py``), or what an answer leads to (``intake.py``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from pipelines.registrations import Refused
from pipelines.review.answers import parse_answer
from pipelines.review.decisions import Pair, pair_of
from pipelines.review.layout import HIDDEN_COLUMNS, MARK, TO_FILL_IN
from pipelines.review.pages import BROKEN, Cell, Page, hidden_sheet, read_pages


@dataclass(frozen=True)
class Asked:
    """What the export asked in one row."""

    key: str
    sheet: str
    record_id: str
    other_record_id: str
    probability: float | None
    stratum: str | None
    stratum_size: int | None

    @property
    def pair(self) -> Pair:
        return pair_of(self.record_id, self.other_record_id)


@dataclass(frozen=True)
class Answer:
    """One row that a person answered."""

    asked: Asked
    decision: str
    """same, different or unsure."""
    by: str | None
    reason: str | None
    place: str
    """Sheet and row, for people."""


@dataclass(frozen=True)
class Fault:
    """A cell that was set aside: the text that says why, and what it is filled with."""

    text_key: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Answered:
    """All that a file says."""

    export_id: str
    digest: str
    """Of the file's bytes."""
    asked: int
    answers: Sequence[Answer]
    faults: Sequence[Fault]


class _SetAside(Exception):
    """A cell that says nothing usable."""

    def __init__(self, fault: str, cell: Cell) -> None:
        self.fault = Fault(f"review.fault.{fault}", {**cell.place, "typed": cell.text})
        super().__init__(fault)


def read_answers(path: Path) -> Answered:
    """What people filled in. Raises ``Refused`` for a file that is no review workbook, or none that can be read."""
    try:
        content = path.read_bytes()
        export_id, asked = _hidden(hidden_sheet(path))
        pages = list(read_pages(path))
    except OSError as error:
        raise Refused("unreadable_review", file=path, error=error.strerror or error) from None
    except BROKEN:
        raise Refused("no_review_workbook", file=path) from None
    faults: list[Fault] = []
    found: list[Answer] = []
    for page in pages:
        _read_sheet(page, asked, found, faults)
    answers = _agreed(found, faults)
    return Answered(export_id, hashlib.sha256(content).hexdigest()[:16], len(asked), answers, faults)


def _hidden(lines: Sequence[Sequence[Any]]) -> tuple[str, dict[str, Asked]]:
    """The export's id, and what it asked by key. Raises ``ValueError`` where it is another program's, or another version's."""
    mark, _, *rest = lines
    if mark[0] != MARK:
        raise ValueError(mark[0])
    asked = {}
    for line in rest:
        key, sheet, a, b, probability, stratum, size = (*line, *[None] * len(HIDDEN_COLUMNS))[: len(HIDDEN_COLUMNS)]
        if key is not None:
            ids = str(json.loads(str(a))), str(json.loads(str(b)))
            drawn = None if size is None else str(stratum), None if size is None else int(size)
            asked[str(key)] = Asked(str(key), str(sheet), *ids, None if probability is None else float(probability), *drawn)
    return str(mark[1]), asked


def _read_sheet(page: Page, asked: Mapping[str, Asked], found: list[Answer], faults: list[Fault]) -> None:
    missing = {"key", "answer"} - page.columns.keys()
    if missing:
        if page.columns:
            faults.append(Fault(f"review.fault.no_{min(missing)}_column", {"sheet": page.title}))
        return
    for cells in page.rows:
        try:
            answer = _read_row(cells, asked)
        except _SetAside as fault:
            faults.append(fault.fault)
        else:
            found += [answer] if answer else []


def _read_row(cells: Mapping[str, Cell], asked: Mapping[str, Asked]) -> Answer | None:
    """The answer; None where the row has none. Raises ``_SetAside``."""
    filled = [cell for name in TO_FILL_IN if (cell := cells.get(name)) and (cell.text or cell.is_formula)]
    if not filled:
        return None
    key, typed, comment = (cells.get(name) for name in ("key", "answer", "comment"))
    if key is None or key.text not in asked:
        raise _SetAside("unknown_row", key if key and key.text else filled[0])
    for cell in filled:
        if cell.is_formula and not cell.text:
            raise _SetAside("formula", cell)
    if typed is None or not typed.text:
        if comment and comment.text:
            raise _SetAside("no_answer", comment)
        return None  # who answers may be filled in beforehand
    decision = parse_answer(typed.text)
    if decision is None:
        raise _SetAside("unknown_answer", typed)
    by = cells.get("by")
    place = f"{typed.sheet} {typed.row}"
    return Answer(asked[key.text], decision, (by and by.text) or None, (comment and comment.text) or None, place)


def _agreed(found: Sequence[Answer], faults: list[Fault]) -> list[Answer]:
    """One answer for each pair; a pair that is answered in two ways has none."""
    agreed = []
    in_order = {answer.asked.pair: at for at, answer in reversed(list(enumerate(found)))}
    for pair, group in groupby(sorted(found, key=lambda answer: in_order[answer.asked.pair]), lambda answer: answer.asked.pair):
        answers = list(group)
        if len({answer.decision for answer in answers}) == 1:
            agreed.append(answers[0])
        else:
            places = ", ".join(answer.place for answer in answers)
            faults.append(Fault("review.fault.two_answers", {"places": places, "a": pair[0], "b": pair[1]}))
    return agreed

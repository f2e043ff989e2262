"""What a partner filled in, out of the form as Excel or LibreOffice saved it.

Belongs here: finding the questions again, wherever their rows were moved, and naming each cell that says nothing usable. Does
not: what a cell's words mean (``typed.py``), the tables (``reading_tables.py``), or keeping answers (``intake.py``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.account_plans.form.layout import BY, ON, UNIT, UNITS, USUAL_UNIT, asked, questions, unit_word
from pipelines.account_plans.form.pages import Cell, Row, read_sheets
from pipelines.account_plans.form.reading_tables import Results, is_people_heading, read_people, read_results
from pipelines.account_plans.form.typed import NotUnderstood, day_of, is_no_answer, value_of
from pipelines.account_plans.profile.fields import BY_KEY, PEOPLE
from pipelines.account_plans.profile.values import to_json
from pipelines.registrations import Refused
from pipelines.review.layout import folded
from pipelines.review.pages import BROKEN
from pipelines.texts import text


@dataclass(frozen=True)
class Fault:
    """A cell that was set aside: the text that says why, and what it is filled with."""

    text_key: str
    values: Mapping[str, object]

    @classmethod
    def of(cls, reason: str, cell: Cell) -> Fault:
        return cls(f"plan.form.fault.{reason}", {**cell.place, "typed": "" if cell.value is None else cell.value})


@dataclass(frozen=True)
class Filled:
    """All that a file says. ``values``: field -> JSON, only what the partner wrote or changed."""

    form_id: str
    partner: str
    digest: str
    """Of the file's bytes."""
    by: str | None
    on: date | None
    values: Mapping[str, str]
    unchanged: int
    """Fields that stand as they were filled in beforehand."""
    faults: Sequence[Fault]


@dataclass
class _Found:
    """What is gathered while the sheets are read."""

    cells: dict[str, Cell] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_form(path: Path, today: date, partner: str | None = None, currency: str = "JPY") -> Filled:
    """What the partner wrote. ``partner`` and ``currency`` count for a file whose hidden sheet got lost. Raises ``Refused`` for a
    file that is no form, or cannot be read."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        hidden, sheets = read_sheets(path)
    except OSError as error:
        raise Refused("form_unreadable", file=path, error=error.strerror or error) from None
    except BROKEN:
        raise Refused("form_no_form", file=path) from None
    whose = hidden.get("partner") or partner
    known = _known_questions(hidden)
    rows = [row for sheet in sheets for row in sheet]
    found = _Found()
    _find(rows, known, _help_words(hidden), found)
    if whose is None or not found.cells:
        raise Refused("form_no_form" if not found.cells else "form_whose", file=path)
    if partner and hidden and partner != whose:
        raise Refused("form_other_partner", file=path, partner=whose, asked=partner)
    said = _values(found, sheets, hidden.get("currency") or currency, today)
    fresh = {key: value for key, value in said.items() if not _same(key, value, hidden.get(f"filled.{key}"))}
    on = _day(found, today)
    return Filled(
        form_id=hidden.get("form_id") or f"unknown-{digest}",
        partner=whose,
        digest=digest,
        by=_by(found),
        on=on,
        values=fresh,
        unchanged=len(said) - len(fresh),
        faults=found.faults,
    )


def _known_questions(hidden: Mapping[str, str]) -> dict[str, str]:
    """The words of every question, folded -> its key: as the form said them, and as they are said now."""
    now = {folded(asked(key, language)): key for key in questions() for language in ("ja", "en")}
    then = {folded(words): key.removeprefix("ask.") for key, words in hidden.items() if key.startswith("ask.")}
    return {**now, **then}


def _help_words(hidden: Mapping[str, str]) -> set[str]:
    """What stands beside the answers to say how to fill in, then and now, folded."""
    now = {folded(text(f"plan.form.help.{key}", language)) for key in questions() for language in ("ja", "en")}
    return now | {folded(words) for key, words in hidden.items() if key.startswith("help.")}


def _find(rows: Sequence[Row], known: Mapping[str, str], help_words: set[str], found: _Found) -> None:
    """The answer to each question: the first cell to the right of its words that says anything but how to fill in."""
    for row in rows:
        for at, cell in enumerate(row):
            key = known.get(folded(cell.value)) if isinstance(cell.value, str) else None
            if key is None:
                continue
            right = [
                c for c in row[at + 1 :] if not c.is_empty and not (isinstance(c.value, str) and folded(c.value) in help_words)
            ]
            answer = right[0] if right else Cell(cell.sheet, cell.row, cell.column + 1, None)
            if key in found.cells and not found.cells[key].is_empty:
                if not answer.is_empty and answer.value != found.cells[key].value:
                    found.faults.append(Fault.of("twice", answer))
            else:
                found.cells[key] = answer
            break


def _values(found: _Found, sheets: Sequence[Sequence[Row]], currency: str, today: date) -> dict[str, str]:
    """Field -> JSON of all that is answered."""
    said: dict[str, str] = {}
    for key, cell in found.cells.items():
        if key in BY_KEY and (value := _understood(cell, found, key)) is not None:
            said[key] = to_json(value)
    month = json.loads(said["closing_month"]) if "closing_month" in said else None
    unit = _unit(found, currency)
    results = Results(int(month) if isinstance(month, str) else None, unit, today)
    people_at = next(((sheet, at) for sheet in sheets for at, row in enumerate(sheet) if is_people_heading(row)), None)
    for row_set in sheets:
        read_results(row_set, results)
    for reason, cell in results.faults:
        found.faults.append(Fault.of(reason, cell))
    said |= {key: to_json(value) for key, value in results.values().items()}
    if results.month and "closing_month" not in said:
        said["closing_month"] = to_json(str(results.month))
    if people_at:
        people, faults = read_people(people_at[0], people_at[1])
        found.faults += [Fault.of(reason, cell) for reason, cell in faults]
        if people:
            said[PEOPLE] = json.dumps(people, ensure_ascii=False)
    return said


def _understood(cell: Cell, found: _Found, key: str) -> Any:
    if cell.fault:
        found.faults.append(Fault.of(cell.fault, cell))
        return None
    try:
        return value_of(BY_KEY[key], cell.value)
    except NotUnderstood as fault:
        found.faults.append(Fault.of(fault.reason, cell))
        return None


def _unit(found: _Found, currency: str) -> int | None:
    """What a plain number counts; None where the cell says something else, and no plain number can be taken."""
    cell = found.cells.get(UNIT)
    if cell is None or cell.is_empty:
        return UNITS[USUAL_UNIT]
    words = {folded(unit_word(unit, language, currency)): size for unit, size in UNITS.items() for language in ("ja", "en")}
    size = words.get(folded(str(cell.value)))
    if size is None:
        found.faults.append(Fault.of("unknown_unit", cell))
    return size


def _by(found: _Found) -> str | None:
    cell = found.cells.get(BY)
    return None if cell is None or is_no_answer(cell.value) else " ".join(str(cell.value).split())


def _day(found: _Found, today: date) -> date | None:
    """The day that the partner wrote, where it is one and not to come."""
    cell = found.cells.get(ON)
    if cell is None or is_no_answer(cell.value):
        return None
    try:
        day = day_of(cell.value)
    except NotUnderstood as fault:
        found.faults.append(Fault.of(fault.reason, cell))
        return None
    if day > today:
        found.faults.append(Fault.of("future", cell))
        return None
    return day


def _same(key: str, value: str, beforehand: str | None) -> bool:
    """Whether that stood on the form already. A field of years is the same where it says nothing else of any year."""
    if beforehand is None:
        return False
    new, old = json.loads(value), json.loads(beforehand)
    if isinstance(new, dict) and isinstance(old, dict) and "withheld" not in (*new, *old):
        return all(year in old and old[year] == amount for year, amount in new.items())
    if key == PEOPLE:
        return sorted(map(str, map(_line, new))) == sorted(map(str, map(_line, old)))
    return bool(new == old)


def _line(person: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted((key, value) for key, value in person.items() if value)

"""What a partner wrote into the workbook of its share, as Excel or LibreOffice saved it.

Belongs here: what a row means, whatever was sorted, moved, deleted or added; naming each cell that says nothing usable. Does not:
opening the file (``pages.py``), sheets for new rows (``new_rows.py``), or whether a row was ever shared (``known.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from connectors.partner_files.spec import VALUE_LENGTH
from pipelines.registrations import Refused
from pipelines.review.pages import BROKEN, Cell
from pipelines.review.reading import Fault
from pipelines.sharing.layout import COMMENT, CORRECTION, NEW_STATUS
from pipelines.sharing.returns.new_rows import read_new_rows
from pipelines.sharing.returns.pages import Page, filled_rows, hidden_rows, pages_of
from pipelines.sharing.returns.said import Contradiction, Said, company_key, sayings
from pipelines.sharing.returns.words import KEY, NAME, TO_FILL_IN, Changed, NoWorkbook, Words, choice_words, words_of


@dataclass(frozen=True)
class Returned:
    """All that a file says. ``digest``: of its bytes; ``faults``: cells, rows and sheets that were set aside."""

    partner: str
    share_id: str
    digest: str
    rows: Sequence[Said]
    faults: Sequence[Fault]


@dataclass(frozen=True)
class _Answered:
    """A row that has answers."""

    cells: Mapping[str, Cell]
    codes: Mapping[str, str]
    """Column -> code, or the comment."""

    @property
    def key(self) -> str:
        return company_key(self.cells[KEY].text)

    @property
    def place(self) -> str:
        return f"{self.cells[KEY].sheet} {self.cells[KEY].row}"


class _SetAside(Exception):
    """A row that says nothing usable."""

    def __init__(self, reason: str, cell: Cell) -> None:
        self.fault = cell_fault(reason, cell)
        super().__init__(reason)


def cell_fault(reason: str, cell: Cell, **values: object) -> Fault:
    """A cell that was set aside, named."""
    return Fault(f"return.fault.{reason}", {**cell.place, "typed": cell.text[:VALUE_LENGTH], **values})


def read_returned(path: Path, language: str) -> Returned:
    """What the partner filled in; ``language``: of the faults. Raises ``Refused`` for a file that is no workbook of a share, or
    one whose hidden sheet was altered, or that cannot be read."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        words = words_of(hidden_rows(path))
        pages = pages_of(path, words.headings())
        faults: list[Fault] = []
        rows = _read_pages(path, pages, words, language, faults)
    except OSError as error:
        raise Refused("return_unreadable", file=path, error=error.strerror or error) from None
    except NoWorkbook:
        raise Refused("return_no_workbook", file=path) from None
    except Changed:
        raise Refused("return_changed", file=path) from None
    except BROKEN:
        raise Refused("return_no_workbook", file=path) from None
    return Returned(words.partner, words.share_id, digest, rows, faults)


def _read_pages(path: Path, pages: Sequence[Page], words: Words, language: str, faults: list[Fault]) -> list[Said]:
    answered: list[_Answered] = []
    new: list[Said] = []
    for page in pages:
        kind = words.sheet_of(page.title, page.headings)
        if kind == "rows":
            answered += _read_rows(path, page, words, language, faults)
        elif kind is not None:
            new += read_new_rows(path, page, kind, words, language, faults)
        elif not page.is_empty and not words.knows_title(page.title):
            faults.append(Fault("return.fault.unknown_sheet", {"sheet": page.title}))
    return [*_agreed(answered, faults), *new]


def _read_rows(path: Path, page: Page, words: Words, language: str, faults: list[Fault]) -> list[_Answered]:
    columns = {words.columns[heading]: at for heading, at in page.headings.items() if heading in words.columns}
    asked = [name for name in TO_FILL_IN if name in columns]
    if not asked:
        return []  # a list that asks nothing, or whose columns for answers were deleted
    if KEY not in columns:
        faults.append(Fault("return.fault.no_key_column", {"sheet": page.title}))
        return []
    found = []
    for cells in filled_rows(path, page, columns, asked):
        try:
            codes = _codes(cells, words, language, faults)
        except _SetAside as fault:
            faults.append(fault.fault)
        else:
            found += [_Answered(cells, codes)] if codes else []
    return found


def _codes(cells: Mapping[str, Cell], words: Words, language: str, faults: list[Fault]) -> dict[str, str]:
    """What the cells of a row answer; a cell that cannot be read is set aside alone. Raises ``_SetAside``."""
    filled = {name: cell for name in TO_FILL_IN if (cell := cells.get(name)) and (cell.text or cell.is_formula)}
    key = cells.get(KEY)
    if key is None or not key.text:
        raise _SetAside("no_key", next(iter(filled.values())))
    codes: dict[str, str] = {}
    for name, cell in filled.items():
        if cell.is_formula and not cell.text:
            faults.append(cell_fault("formula", cell))
        elif name == COMMENT:
            codes[name] = cell.text
        elif (code := words.code(name, cell.text)) is not None:
            codes[name] = code
        else:
            faults.append(cell_fault("unknown_choice", cell, choices=choice_words(name, language)))
    return codes


def _agreed(answered: Sequence[_Answered], faults: list[Fault]) -> list[Said]:
    """What each company's rows say together, for it may stand on several sheets; nothing where they contradict each other."""
    in_order = {row.key: at for at, row in reversed(list(enumerate(answered)))}
    found: list[Said] = []
    for _, group in groupby(sorted(answered, key=lambda row: in_order[row.key]), lambda row: row.key):
        rows = list(group)
        codes = {name: dict.fromkeys(row.codes[name] for row in rows if name in row.codes) for name in TO_FILL_IN}
        if len(codes[CORRECTION]) > 1 or len(codes[NEW_STATUS]) > 1:
            places = ", ".join(row.place for row in rows)
            faults.append(Fault("return.fault.two_answers", {"places": places, "company": _name(rows[0])}))
            continue
        correction, status = (next(iter(codes[name]), None) for name in (CORRECTION, NEW_STATUS))
        try:
            said = sayings(correction, status, "\n".join(codes[COMMENT]) or None)
        except Contradiction:
            faults.append(Fault("return.fault.contradiction", {"places": rows[0].place, "company": _name(rows[0])}))
            continue
        first = rows[0].cells[KEY]
        found += [Said(kind, rows[0].key, first.text, first.sheet, first.row, _name(rows[0]), content) for kind, content in said]
    return found


def _name(row: _Answered) -> str:
    cell = row.cells.get(NAME)
    return cell.text if cell else ""

"""The words of a returned workbook: which sheet, column and answer they stand for, as it went out and as they are said now.

Belongs here: the hidden sheet, and comparing words. Does not: cells (``pages.py``), or what a row means (``reading.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.review.layout import folded
from pipelines.sharing import layout
from pipelines.sharing.layout import CHOICES, CORRECTION, MARK, NEW_SHEETS, NEW_STATUS, RETURN_COLUMNS, SHEETS
from pipelines.texts import text

KEY, NAME = "row_key", "company_name"
TO_FILL_IN = tuple(column.name for column in RETURN_COLUMNS)
_ROW_COLUMNS = (KEY, NAME, *TO_FILL_IN)
_REQUIRED = "name"
"""Column of a sheet for new rows by whose heading the sheet is known."""
_SHARE_ID = re.compile(r"[0-9a-f]{12}")
_LANGUAGES = ("ja", "en")


class NoWorkbook(ValueError):
    """Not a workbook of a share, or one of another form."""


class Changed(ValueError):
    """It was one, and its hidden sheet was altered."""


@dataclass(frozen=True)
class Words:
    """``partner`` and ``share_id``: what the workbook says of itself. All words are folded."""

    partner: str
    share_id: str
    language: str
    titles: Mapping[str, str]
    """Title of a sheet -> its name in ``layout``, ``cover`` and ``summary`` too."""
    columns: Mapping[str, str]
    """Heading on a sheet with rows of the share -> column."""
    new: Mapping[str, Mapping[str, str]]
    """Sheet for new rows -> heading -> column."""
    choices: Mapping[str, Mapping[str, str]]
    """Column that is to be filled in -> word, or the code itself -> code."""

    def headings(self) -> set[str]:
        """Every heading by which a heading row is known."""
        return {*self.columns, *(heading for of in self.new.values() for heading in of)}

    def knows_title(self, title: str) -> bool:
        """Whether a sheet went out under that title."""
        return folded(title) in self.titles

    def code(self, column: str, typed: str) -> str | None:
        """The code of what was chosen; None where it was nothing of the choice."""
        return self.choices[column].get(folded(typed))

    def sheet_of(self, title: str, headings: Mapping[str, int]) -> str | None:
        """``rows`` for a sheet with rows of the share, the name of a sheet for new rows, or None."""
        found = {self.columns[heading] for heading in headings if heading in self.columns}
        if KEY in found or found.intersection(TO_FILL_IN):
            return "rows"
        for name, known in self.new.items():
            if any(known.get(heading) == _REQUIRED for heading in headings):
                return name
        titled = self.titles.get(folded(title))
        return titled if titled in NEW_SHEETS else None


def words_of(hidden: Sequence[Sequence[Any]]) -> Words:
    """From the rows of the hidden sheet. Raises ``NoWorkbook`` or ``Changed``."""
    lines = [(str(key), str(value)) for key, value, *_ in ((*line, None, None) for line in hidden) if key and value is not None]
    if not lines or lines[0][0] != MARK:
        raise NoWorkbook
    said = dict(lines[1:])
    partner, language, share_id = said.get("partner"), said.get("language"), lines[0][1]
    if not partner or language not in _LANGUAGES or not _SHARE_ID.fullmatch(share_id) or len(said) < len(lines) - 1:
        raise Changed
    names = ("cover", "summary", *SHEETS, *NEW_SHEETS)
    titles = {folded(layout.sheet_title(name, spoken)): name for name in names for spoken in _LANGUAGES}
    columns = {folded(layout.heading(name, spoken)): name for name in _ROW_COLUMNS for spoken in _LANGUAGES}
    return Words(
        partner=partner,
        share_id=share_id,
        language=language,
        titles={**titles, **_then(said, "sheet.", names)},
        columns={**columns, **_then(said, "column.", _ROW_COLUMNS)},
        new={sheet: _new_headings(sheet, said) for sheet in NEW_SHEETS},
        choices={column: _choices(column, said) for column in (CORRECTION, NEW_STATUS)},
    )


def choice_words(column: str, language: str) -> str:
    """What the column offers, for people."""
    return text("return.joiner", language).join(layout.choices(column, language))


def _new_headings(sheet: str, said: Mapping[str, str]) -> dict[str, str]:
    names = [column.name for column in NEW_SHEETS[sheet]]
    now = {folded(layout.new_heading(sheet, name, spoken)): name for name in names for spoken in _LANGUAGES}
    return {**now, **_then(said, f"new.{sheet}.", names)}


def _choices(column: str, said: Mapping[str, str]) -> dict[str, str]:
    codes = CHOICES[column]
    now = {folded(word): code for spoken in _LANGUAGES for word, code in layout.choices(column, spoken).items()}
    return {**{folded(code): code for code in codes}, **now, **_then(said, f"choice.{column}.", codes)}


def _then(said: Mapping[str, str], prefix: str, names: Sequence[str]) -> dict[str, str]:
    """The words as the workbook went out."""
    return {folded(said[prefix + name]): name for name in names if prefix + name in said}

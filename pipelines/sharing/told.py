"""How a value of a share is told: codes in words, texts made harmless, counts as far as they may be told.

Belongs here: one cell's value, the same in every file. Does not: where it stands (``layout.py``), or how a kind of file holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import cast

from pipelines.sharing.layout import columns_of
from pipelines.sharing.share import Share, SharedRow
from pipelines.texts import text

Told = str | int | date | datetime | None
LONGEST = 16_000
"""Characters of one text: even if each is an emoji, a cell of a workbook holds it."""
_WORDS = {
    "partner_status": "status.",
    "our_status": "status.",
    "kind": "share.kind.",
    "direction": "share.direction.",
    "introductions.status": "introduction.status.",
    "registrations.status": "registration.status.",
    "play_key": "",
    "reason_key": "",
}
"""Column, or list and column -> what stands before the value in the key of its text."""
_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
# what no workbook can hold, and what turns the direction of the text around it
_UNFIT = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# the full-width signs too: a Japanese Excel takes what is typed so for the half-width ones
_FORMULA = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@|＝＋－＠｜﹢﹣﹦﹫−]")


def told_rows(share: Share, name: str) -> Iterator[list[Told]]:
    """The cells of each row of that list, in the order of ``columns_of``."""
    *columns, _, _ = ((column.name, _key(name, column.name)) for column in columns_of(share, name))
    for row in share.lists[name]:
        yield [*(_told(row.values.get(column), key, share.language) for column, key in columns), share.as_of, row.row_key]


def told(name: str, column: str, value: object, language: str) -> Told:
    """A value of that list's column; a text on one line, without what is no text."""
    return _told(value, _key(name, column), language)


def _told(value: object, key: str | None, language: str) -> Told:
    if not isinstance(value, str):
        return cast(Told, value)
    return plain(value) if key is None else _word(key + value, language)


def _key(name: str, column: str) -> str | None:
    return _WORDS.get(f"{name}.{column}", _WORDS.get(column))


def plain(value: str) -> str | None:
    """A text as one legible line; ``None`` where nothing is left of it."""
    if value.isprintable() and len(value) <= LONGEST:  # nearly all are
        return value.strip() or None
    line = _UNFIT.sub("", _BREAKS.sub(" ", value)).strip()
    return (line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…") or None


def is_formula_like(value: str) -> bool:
    """Whether a spreadsheet may take the text for a formula, when it opens the file or when somebody edits the cell."""
    return not value[:1].isalnum() and _FORMULA.match(value) is not None


def told_count(row: SharedRow) -> tuple[str, int | None]:
    """How a row of ``summary`` may be told: ``exact`` or ``at_least`` with a number, ``not_told`` without one."""
    companies = cast(int, row.values["companies"])
    if row.values["is_exact"]:
        return "exact", companies
    return ("at_least", companies) if companies else ("not_told", None)


def moment_words(at: datetime) -> str:
    """An aware moment, for people: to the minute, with its zone."""
    return f"{at:%Y-%m-%d %H:%M} (UTC{at.isoformat()[-6:]})"


@cache
def _word(key: str, language: str) -> str:
    # our own people read of "the partner" why it is offered a company; it reads of itself
    return text(f"share.{key}" if key.startswith("whitespace.") else key, language)

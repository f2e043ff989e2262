"""What a column's heading means: the catalogue of usual headings, and the choice of the header row's roles.

Belongs here: comparing headings and mapping them to canonical columns. Does not: the headings
themselves (``headings.yaml``, which a partner manager can extend) and the cells below them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from connectors.partner_files.spec import COLUMNS, ListSpec, Rejection

_NOTE = re.compile(r"[(\[【〔<「『][^)\]】〕>」』]*[)\]】〕>」』]")
_MARKS = re.compile(r"[\W_]+")
_UNIT = re.compile(r"(百万円|千円|万円|億円)")


@dataclass(frozen=True)
class Heading:
    """One heading of the file: its cell text, where it stands (from 0), and what becomes of its cells."""

    text: str
    index: int
    column: str | None = None
    """Canonical column, or ``None``: the cells go to ``other`` under ``text``."""
    unit: str = ""
    """Unit of an amount that only the heading names, such as 千円."""


def heading_key(text: str) -> str:
    """A heading made comparable: width, case, spaces, line breaks and marks do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    return _MARKS.sub("", folded) or folded  # 〒 is all mark, and a heading


def _forms(text: str) -> tuple[str, str]:
    """The heading as a whole, then without its notes in brackets: 会社名(カナ) means another thing, 会社名(必須) does not."""
    return heading_key(text), heading_key(_NOTE.sub("", unicodedata.normalize("NFKC", text)))


def catalogue_text() -> str:
    """The catalogue as it stands, for telling whether a file would be read differently now."""
    return files("connectors.partner_files").joinpath("headings.yaml").read_text("utf-8")


@cache
def _catalogue(content: str) -> dict[str, tuple[str, int]]:
    """Heading key -> (canonical column or ``address_part``, rank; 0 is best)."""
    sections = yaml.safe_load(catalogue_text())
    known: dict[str, tuple[str, int]] = {}
    for section in (content, "any"):
        for column, headings in sections[section].items():
            for rank, heading in enumerate(headings):
                known.setdefault(heading_key(str(heading)), (column, rank + (1000 if section == "any" else 0)))
    return known


def meaning(text: str, content: str) -> tuple[str, int] | None:
    """Canonical column (or ``address_part``) of that heading and how good a heading it is for it (0 is best)."""
    known = _catalogue(content)
    whole, bare = _forms(text)
    return known.get(whole) or (known.get(bare) if bare else None)


def column_of(text: str, specs: Iterable[ListSpec]) -> str | None:
    """The canonical column that a heading of such lists is read as; ``None`` where its cells stay under its own name."""
    for spec in specs:
        named = {heading_key(heading): column for column in spec.columns for heading in _named(spec, column)}
        usual = (meaning(text, spec.content) or ("",))[0].replace("address_part", "address")
        column = text if text in COLUMNS[spec.content] else named.get(heading_key(text)) or usual
        if column in COLUMNS[spec.content] and (column not in spec.columns or heading_key(text) in named or column == text):
            return column
    return None


def recognised(cells: Iterable[str], spec: ListSpec) -> tuple[bool, int]:
    """Whether the cells name the company's name column, and how many of them are known headings."""
    wanted = {heading_key(heading): column for column in spec.columns for heading in _named(spec, column)}
    found = [wanted.get(heading_key(cell)) or (meaning(cell, spec.content) or (None,))[0] for cell in cells if cell]
    columns = [column for column in found if column]
    return "name" in columns, len(columns)


def _named(spec: ListSpec, column: str) -> tuple[str, ...]:
    given = spec.columns.get(column, ())
    return (given,) if isinstance(given, str) else tuple(given)


def map_headings(cells: Sequence[str], row: int, spec: ListSpec) -> tuple[list[Heading], list[Rejection]]:
    """What becomes of each column of the file, in order, and what is wrong with the header row."""
    used = max((index + 1 for index, cell in enumerate(cells) if cell), default=0)  # formatted but empty columns may follow
    texts, usable, faults = _unrepeated(cells[:used], row)
    chosen, missing = _overridden(texts, usable, spec)
    faults += [
        Rejection(row, column, "partners.column_not_found", {"column": column, "heading": heading}, heading, whole_row=False)
        for column, heading in missing
    ]
    chosen |= _recognised_columns(texts, usable, spec, chosen)
    headings = [Heading(text, index, chosen.get(index), _unit(text, chosen.get(index))) for index, text in enumerate(texts)]
    return headings, faults


def _unrepeated(cells: Sequence[str], row: int) -> tuple[list[str], list[int], list[Rejection]]:
    """Headings made unique, the places of those that may mean something, and a fault for each repeated one.

    The second of the same heading keeps its cells, in ``other``: which of the two is right, nobody here can know.
    """
    counts: dict[str, int] = {}
    texts, usable, faults = [], [], []
    for index, cell in enumerate(cells):
        key = unicodedata.normalize("NFKC", cell).casefold().strip()
        counts[key] = counts.get(key, 0) + 1
        if key and counts[key] > 1:
            faults.append(
                Rejection(row, cell, "partners.duplicate_heading", {"heading": cell, "letter": letter(index)}, cell, False)
            )
            texts.append(f"{cell} ({letter(index)})")
        else:
            texts.append(cell or f"({letter(index)})")
            usable += [index] if cell else []
    return texts, usable, faults


def _overridden(texts: Sequence[str], usable: Sequence[int], spec: ListSpec) -> tuple[dict[int, str], list[tuple[str, str]]]:
    places = {heading_key(texts[index]): index for index in reversed(usable)}
    chosen: dict[int, str] = {}
    missing = []
    for column in spec.columns:
        for heading in _named(spec, column):
            if (index := places.get(heading_key(heading))) is None:
                missing.append((column, heading))
            else:
                chosen[index] = column
    return chosen, missing


def _recognised_columns(texts: Sequence[str], usable: Sequence[int], spec: ListSpec, taken: dict[int, str]) -> dict[int, str]:
    """The best heading for each column that the caller did not name; parts of an address all go to it, in order."""
    best: dict[str, tuple[int, int]] = {}
    parts = []
    for index in usable:
        found = meaning(texts[index], spec.content)
        if found is None or index in taken:
            continue
        column, rank = found
        if column == "address_part":
            parts.append(index)
        elif column in COLUMNS[spec.content] and column not in taken.values() and (rank, index) < best.get(column, (rank + 1, 0)):
            best[column] = (rank, index)
    chosen = {index: column for column, (_, index) in best.items()}
    if "address" not in taken.values():
        chosen |= dict.fromkeys(parts, "address")
    return chosen


def _unit(text: str, column: str | None) -> str:
    found = _UNIT.search(unicodedata.normalize("NFKC", text)) if column == "amount" else None
    return found.group(1) if found else ""


def letter(index: int) -> str:
    """Spreadsheet letter of a column, from 0: A, B ... Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name

"""What stands in the cells of one question, and how a value gets into a cell without becoming a formula.

Belongs here: texts of cells, marking what differs. Does not: where they stand, colours of cells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import tzinfo
from difflib import SequenceMatcher

import phonenumbers
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color

from pipelines.matching.kanji import tell_kanji
from pipelines.matching.words import evidence_line
from pipelines.review.answers import answer_word
from pipelines.review.decisions import Decision
from pipelines.review.layout import Row
from pipelines.review.questions import REGISTER, Side
from pipelines.texts import text

Shown = CellRichText | str | float
NOTHING = "–"
LONGEST = 300
"""Characters of one value that are shown; a name or address of more is no name or address."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FONT, SIZE = "Yu Gothic", 10  # on every Windows and Mac; elsewhere the program takes another for Japanese
_DIFFERENT = InlineFont(rFont=FONT, sz=SIZE, b=True, color=Color("C00000"))


def put(cell: Cell, value: Shown) -> None:
    """Write it; a text always as text, also where Excel would take it for a formula or an error, now or when it is edited."""
    if isinstance(value, float | int):
        cell.value = value
        return
    cell.value = value if isinstance(value, CellRichText) else ILLEGAL_CHARACTERS_RE.sub("", value)
    if value:
        cell.data_type = "s"
        if str(value).startswith(_FORMULA_STARTS):
            cell.quotePrefix = True  # type: ignore[attr-defined]


def shown_width(line: str) -> int:
    """In half-width characters: a Japanese one takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)


def cell_texts(row: Row, key: str, language: str, zone: tzinfo | None) -> dict[str, Shown]:
    """Column -> what stands there; what is to be filled in is left out."""
    asked = row.question
    shown: dict[str, Shown] = {"number": row.number, "key": key}
    for column, (of, mark) in _BOTH.items():
        upper, lower = (_one_line(of(side, language) or "") for side in (asked.left, asked.right))
        shown[column] = _both(upper, lower, mark)
    if asked.probability is not None:
        shown["probability"] = asked.probability
    shown["evidence"] = evidence_line(tell_kanji(asked.evidence, asked.left.name, [asked.right.name]), language)
    if row.said:
        shown["said"] = said_words(row.said, language, zone)
    return shown


def said_words(said: Decision, language: str, zone: tzinfo | None) -> str:
    """What was said, by whom and on which day."""
    word, on = answer_word(said.decision, language), said.decided_at.astimezone(zone).date()
    told = text("review.said", language, answer=word, by=said.decided_by, on=on)
    return f"{told}\n{said.reason}" if said.reason else told


def _party(side: Side, language: str) -> str:
    if not side.party:
        return text("review.gone", language)
    if side.party == REGISTER:
        return text("review.register", language)
    return side.party_name or side.party


def _status(side: Side, language: str) -> str:
    return text(f"status.{side.statuses[0]}", language) if side.statuses else ""


def _address(side: Side, _: str) -> str:
    code = side.postal_code
    return " ".join(filter(None, (f"〒{code[:3]}-{code[3:]}" if code else "", side.address)))


def _phone(side: Side, _: str) -> str:
    """As it is dialled here; a foreign one with its country."""
    if not side.phone:
        return ""
    try:
        number = phonenumbers.parse(side.phone)
    except phonenumbers.NumberParseException:
        return side.phone
    style = "NATIONAL" if number.country_code == 81 else "INTERNATIONAL"
    return str(phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, style)))


# column -> (its value, what of a difference is marked: the characters that differ, the whole value, or nothing)
_BOTH: dict[str, tuple[Callable[[Side, str], str | None], str]] = {
    "name": (lambda side, _: side.name, "characters"),
    "address": (_address, "characters"),
    "phone": (_phone, "whole"),
    "web": (lambda side, _: side.web, "whole"),
    "corporate_number": (lambda side, _: side.corporate_number, "whole"),
    "kana": (lambda side, _: side.name_kana, "characters"),
    "english": (lambda side, _: side.name_en, "characters"),
    "party": (_party, "nothing"),
    "status": (_status, "nothing"),
    "record": (lambda side, _: side.record_id, "nothing"),
}


def _both(upper: str, lower: str, mark: str) -> CellRichText | str:
    """One above the other, a dash for what is missing; nothing where both are."""
    if not upper and not lower:
        return ""
    if mark == "nothing" or not upper or not lower or _folds(_characters(upper)) == _folds(_characters(lower)):
        return f"{upper or NOTHING}\n{lower or NOTHING}"
    if mark == "whole":
        return CellRichText(TextBlock(_DIFFERENT, f"{upper}\n{lower}"))
    lines = _characters(upper), _characters(lower)
    same = SequenceMatcher(None, _folds(lines[0]), _folds(lines[1]), autojunk=False).get_matching_blocks()
    above = _marked(lines[0], [(found.a, found.a + found.size) for found in same])
    below = _marked(lines[1], [(found.b, found.b + found.size) for found in same])
    return CellRichText(*above, "\n", *below)


def _marked(line: Sequence[str], same: Sequence[tuple[int, int]]) -> list[str | TextBlock]:
    """The line in parts; what lies outside the spans that are the same stands out."""
    parts: list[str | TextBlock] = []
    at = 0
    for start, end in same:
        parts += [TextBlock(_DIFFERENT, "".join(line[at:start]))] if start > at else []
        parts += ["".join(line[start:end])] if end > start else []
        at = end
    return parts


def _characters(line: str) -> list[str]:
    """One by one; a half-width voiced kana is one, not two."""
    return re.findall(r".[ﾞﾟ]?", line)


def _folds(characters: Sequence[str]) -> list[str]:
    """Each without width and case: a difference in these alone is none to look at."""
    return [unicodedata.normalize("NFKC", c).casefold() for c in characters]


def _one_line(value: str) -> str:
    """Without what no workbook can hold, on one line, and not longer than anybody reads."""
    legible = ILLEGAL_CHARACTERS_RE.sub("", re.sub(r"[\r\n\t]+", " ", value)).strip()
    return legible if len(legible) <= LONGEST else legible[: LONGEST - 1] + "…"

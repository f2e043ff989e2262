"""One cell of a list: the quirks of spreadsheets taken off, and what cannot be used told apart.

Belongs here: text of a single cell. Does not: making values comparable (names, addresses, dates):
that is the pipeline's business, and it wants the text as the partner wrote it.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum.exceptions import ValidationError
from stdnum.jp import cn

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\u200b]")
_QUOTED_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
# Only what a spreadsheet would calculate: a phone number may begin with +, an empty cell may be written as -, a handle with @.
_FORMULA = re.compile(r"=.|[+\-@]\s*(?:[A-Za-z_][\w.]*\s*\(|\$?[A-Za-z]{1,3}\$?\d+\s*(?:[-+*/&:,]|$)|.*[!|])", re.DOTALL)
_EMPTY_NUMBER = re.compile(r"[-‐－ー―—/.]*|なし|無し|無|不明|未登録|未確認|対象外|n/?a|none|null|unknown", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)


def clean(text: str) -> str:
    """The text without what spreadsheets add to it: control characters, spaces around it, a leading apostrophe, ``="0123"``."""
    text = _CONTROLS.sub("", text).strip()
    if (wrapped := _QUOTED_FORMULA.fullmatch(text)) is not None:
        text = wrapped.group(1).replace('""', '"').strip()
    return text[1:].strip() if text.startswith("'") else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate the cell instead of showing it. Expects cleaned text."""
    return text[:1] in ("=", "+", "-", "@") and _FORMULA.match(text) is not None


def corporate_number(text: str) -> tuple[str | None, str | None]:
    """The 13 digits of a 法人番号 or ``None``, and the reason key where the cell says something that is none.

    Full-width digits, hyphens and the T of an invoice number are taken off; a dash or なし counts as empty.
    """
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if _EMPTY_NUMBER.fullmatch(folded):
        return None, None
    if _SCIENTIFIC.fullmatch(folded):
        return None, "partners.corporate_number_rounded"
    digits = re.sub(r"[-‐－ー―—]|\.0+$", "", folded.upper().removeprefix("T"))
    try:
        return cn.validate(digits), None
    except ValidationError:
        return None, "partners.corporate_number_invalid"

"""What a person means who types into a cell of the form: numbers, amounts, lists, choices, and what is no answer. Pure.

Belongs here: one cell. Does not: where it stands (``reading.py``). What could mean two things is refused, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from pipelines.account_plans.profile.fields import Field
from pipelines.account_plans.profile.values import WITHHELD, Value, Withheld
from pipelines.normalize.values import parse_amount, parse_date
from pipelines.texts import text

LONGEST = 2000
"""Characters of one answer."""
_MOST_MONEY, _MOST_PEOPLE = 1e15, 1e7
_SECRET = frozenset(
    (
        *("非公開", "非公開です", "非開示", "未公開", "未開示", "非公表", "未公表", "公表せず", "開示不可", "回答不可", "社外秘"),
        *("公開していません", "公表していません", "開示していません", "お答えできません", "回答できません", "ご回答できません"),
        *("回答を控えます", "回答は控えます", "回答を差し控えます", "ノーコメント"),
        *("notdisclosed", "undisclosed", "confidential", "private", "withheld", "notpublic", "nocomment"),
    )
)
_DASHES = frozenset("-ー―—–‐−─")
_NO_ANSWER = frozenset(
    (
        *("不明", "わからない", "分からない", "わかりません", "分かりません", "未定", "確認中", "未確認"),
        *("?", "unknown", "tbd", "dontknow", "n/a", "na"),
    )
)
_NONE = frozenset(("なし", "無し", "無", "いない", "おりません", "ゼロ", "none"))
_ABOUT = re.compile(r"^(?:約|およそ|おおよそ|凡そ|概ね|計|合計|approx(?:imately)?\.?|about|ca?\.|~)\s*", re.IGNORECASE)
_ROUGHLY = re.compile(r"\s*(?:程度|ほど|前後|弱|強|くらい|ぐらい)$")
_ASIDE = re.compile(r"\s*[(（\[][^)）\]]*[)）\]]\s*")
_COUNTED = re.compile(r"\s*(?:名様|名|人|people|persons?|employees|staff)\s*$", re.IGNORECASE)
_ENGLISH = re.compile(
    r"^(?P<sign>[-−△▲(]?)\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<size>thousand|million|billion|trillion|mln|bln|bn|mn|mil|[kmb])\b\.?\)?$",
    re.IGNORECASE,
)
_SIZES = {"t": 10**3, "k": 10**3, "m": 10**6, "b": 10**9}
_CURRENCY = re.compile(r"^(?:JPY|USD|EUR|US\$|\$|€)\s*|\s*(?:JPY|USD|EUR|dollars|euros?|yen)$", re.IGNORECASE)
_JAPANESE = re.compile(r"[-−△▲(]*[¥\\]?[\d,.\s千百万億兆]+円?\)?")
_SEVERAL = re.compile(r"[~〜～]|\d\s*[-−–]\s*\d|\d\s+\d")
_HAS_UNIT = re.compile(r"[千万億兆円¥\\]")
_MAN = re.compile(r"[千万億兆]")
_BULLET = re.compile(r"^(?:[・•●○◆■*※]|[-‐–]\s|[(（]?\d{1,2}[.)）．]\s*|[①-⑳])\s*")
_BETWEEN = re.compile(r"[\n、，,;；]+")
_COMPANY_END = re.compile(r"^(?:ltd|inc|llc|llp|corp|co|plc|gmbh|ag|k\.?k)\.?$", re.IGNORECASE)


class NotUnderstood(Exception):
    """The cell says nothing usable; ``reason`` is the end of the text ``plan.form.fault.<reason>``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def is_withheld(typed: Any) -> bool:
    """Whether somebody says that they will not say."""
    word = _folded(typed).strip("。.()")
    return word in _SECRET or (bool(word) and set(word) <= _DASHES)


def is_no_answer(typed: Any) -> bool:
    """Empty, or a word for not knowing."""
    return _folded(typed).strip("。.") in _NO_ANSWER or not _folded(typed)


def value_of(field: Field, typed: Any) -> Value | None:
    """What the cell says of that field (of any kind but years); None where it is not answered. Raises ``NotUnderstood``."""
    if is_no_answer(typed):
        return None
    if is_withheld(typed):
        return WITHHELD
    if len(str(typed)) > LONGEST:
        raise NotUnderstood("too_long")
    if field.kind == "number":
        return number_of(typed)
    if field.kind == "choice":
        return choice_of(field, typed)
    if field.kind == "list":
        return list_of(_lines(typed))
    words = _lines(typed)
    return words if field.kind == "long_text" else " ".join(words.split())


def number_of(typed: Any) -> float:
    """A count such as 320, 約３２０名, 1万2000人. Raises ``NotUnderstood`` for anything that is no single whole number."""
    if isinstance(typed, bool | date):
        raise NotUnderstood("no_number")
    number = float(typed) if isinstance(typed, int | float) else _count(_plain(typed))
    if number < 0 or not number.is_integer():
        raise NotUnderstood("no_whole_number")
    if number > _MOST_PEOPLE:
        raise NotUnderstood("too_large")
    return number


def amount_of(typed: Any, unit: int) -> float | Withheld | None:
    """An amount in whole units of the currency; a plain number is in the form's ``unit``. Raises ``NotUnderstood``."""
    if is_no_answer(typed):
        return None
    if is_withheld(typed):
        return WITHHELD
    if isinstance(typed, bool | date):
        raise NotUnderstood("no_amount")
    amount = float(typed) * unit if isinstance(typed, int | float) else _money(_plain(typed), unit)
    if not abs(amount) <= _MOST_MONEY:  # nor is what is no number at all
        raise NotUnderstood("too_large")
    return float(round(amount, 2))


def choice_of(field: Field, typed: Any) -> str:
    """The code of the choice. Raises ``NotUnderstood``."""
    word = _folded(typed)
    if field.key == "closing_month":
        if isinstance(typed, date):
            return str(typed.month)
        word = re.sub(r"(?:月末|月期|月|\.0)$", "", _folded(_ASIDE.sub("", str(typed))).removeprefix("毎年").removesuffix("決算"))
        word = word.lstrip("0")
    for code in field.choices:
        if word in (code, *(_folded(text(field.choice_key(code), language)) for language in ("ja", "en"))):
            return code
        if field.key == "closing_month" and word == _folded(text(field.choice_key(code), "en"))[:3]:
            return code
    raise NotUnderstood("unknown_choice")


def list_of(typed: str) -> tuple[str, ...]:
    """One name per line or between commas, without bullets; a company's Co., Ltd. stays whole."""
    names: list[str] = []
    for part in _BETWEEN.split(typed):
        name = _BULLET.sub("", part.strip()).strip()
        if names and _COMPANY_END.match(name):
            names[-1] += f", {name}"
        elif name:
            names.append(name)
    return tuple(dict.fromkeys(names))


def day_of(typed: Any) -> date:
    """A date as a cell or as people write it. Raises ``NotUnderstood``."""
    if isinstance(typed, datetime):
        return typed.date()
    if isinstance(typed, date):
        return typed
    found = parse_date(pa.array([str(typed)]))[0].as_py()
    if found is None:
        raise NotUnderstood("no_date")
    return date.fromisoformat(found)


def _count(words: str) -> float:
    if _folded(words) in _NONE:
        return 0.0
    bare = _COUNTED.sub("", _without_about(words))
    if not _MAN.search(bare):
        if re.fullmatch(r"-?\d{1,3}(?:[,，]\d{3})*(?:\.0+)?|-?\d+(?:\.\d+)?", bare):
            return float(bare.replace(",", "").replace("，", ""))
        raise NotUnderstood("no_number")
    return _japanese(bare, "no_number")


def _money(words: str, unit: int) -> float:
    bare = re.sub(
        r"^(?:JPY|USD|EUR|US\$|\$|€)\s*|\s*(?:JPY|USD|EUR|dollars|euros?|yen)$", "", _without_about(words), flags=re.IGNORECASE
    )
    if found := _ENGLISH.match(bare.lstrip("¥\\")):
        number = float(found["number"].replace(",", ""))
        size = 10**12 if found["size"].lower() == "trillion" else _SIZES[found["size"][0].lower()]
        return -number * size if found["sign"] else number * size
    return _japanese(bare, "no_amount") * (1 if _HAS_UNIT.search(bare) else unit)


def _japanese(words: str, fault: str) -> float:
    """1億2000万円, 1,200, △500; refuses a range, two numbers, or words between."""
    if re.search(r"[~〜～]|\d\s*[-−–]\s*\d|\d\s+\d", words) or not re.fullmatch(
        r"[-−△▲(]*[¥\\]?[\d,.\s千百万億兆]+円?\)?", words
    ):
        raise NotUnderstood(fault)
    found = parse_amount(pa.array([words]))[0].as_py()
    if found is None:
        raise NotUnderstood(fault)
    return float(found)


def _without_about(words: str) -> str:
    """Without 約, 程度 and what stands in brackets, unless all of it does: (120) is a loss."""
    plain = words if re.fullmatch(r"\([\d,.]+\)", words) else _ASIDE.sub("", words)
    return _ROUGHLY.sub("", _ABOUT.sub("", plain.strip())).strip()


def _plain(typed: Any) -> str:
    """The words in one width."""
    return unicodedata.normalize("NFKC", str(typed)).strip()


def _lines(typed: Any) -> str:
    """As it was typed, line by line; a number without the point that the cell gave it."""
    words = str(int(typed)) if isinstance(typed, float) and typed.is_integer() else str(typed)
    return "\n".join(line.strip() for line in words.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()


def _folded(typed: Any) -> str:
    return "" if typed is None else "".join(unicodedata.normalize("NFKC", str(typed)).casefold().replace("'", "").split())

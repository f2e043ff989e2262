"""Fiscal years as people name them: 2026年3月期, 令和8年3月期, 2025年度, FY ended March 2026. Pure.

Belongs here: reading and writing such a name. Does not: the amounts (``typed.py``). A fiscal year is known by the year and month
in which it ends.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from pipelines.account_plans.form.layout import PERIODS
from pipelines.account_plans.profile.values import Value
from pipelines.account_plans.profile.words import year_words

Period = tuple[int, int]
_ERAS = {"令和": 2018, "令": 2018, "R": 2018, "平成": 1988, "平": 1988, "H": 1988}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ERA = r"(?P<era>令和|平成|令|平|[RH])\.?\s*(?P<of_era>元|\d{1,2})"
_YEAR = rf"(?:{_ERA}|(?P<year>(?:19|20)\d\d)|['’]?(?P<short>\d\d))"
_REST = r"\s*(?:末|度)?\s*(?:期|決算期?|実績)?"
_ENDED = re.compile(rf"^{_YEAR}\s*[年./\-]\s*(?P<month>\d{{1,2}})\s*月?(?:\s*[./\-]?\s*\d{{1,2}}日?)?{_REST}$", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"^(?P<month>\d{1,2})\s*[/\-]\s*(?P<year>(?:19|20)\d\d)$")
_WORDS = re.compile(rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?[\s,]*(?:\d{{1,2}}[\s,]+)?'?(?P<year>(?:19|20)\d\d)$", re.IGNORECASE)
_JAPANESE = re.compile(rf"^{_YEAR}\s*年度{_REST}$", re.IGNORECASE)
_BARE = re.compile(r"^(?:FY\s*)?'?(?P<year>(?:19|20)\d\d|\d\d)(?:\s*年)?$", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(（][^)）]*[)）]\s*$")


def period_of(typed: Any, closing_month: int | None) -> Period | None:
    """The year and month in which that fiscal year ends; None where it cannot be told. ``closing_month``: as the form says it.

    2025年度 is the one that begins in 2025; a year alone (2025, FY2025) may mean either, unless it ends in December.
    """
    if isinstance(typed, date):
        return typed.year, typed.month
    words = _ASIDE.sub("", unicodedata.normalize("NFKC", str(typed))).strip()
    if found := _ENDED.match(words) or _MONTH_FIRST.match(words):
        return _checked(_year(found.groupdict()), int(found["month"]))
    if found := _WORDS.search(words):
        return _checked(int(found["year"]), 1 + _MONTHS.index(found["name"].lower()))
    if closing_month and (found := _JAPANESE.match(words)):
        return _checked(_year(found.groupdict()) + (closing_month != 12), closing_month)
    if closing_month == 12 and (found := _BARE.match(words)):
        return _checked(_full(found["year"]), 12)
    return None


def period_words(year: int, month: int, language: str) -> str:
    """The fiscal year as the form names it."""
    return year_words(year, str(month), language) if language == "ja" else f"{year}-{month:02}"


def periods_to_ask(filled: Mapping[str, Value], made_on: date) -> list[Period | None]:
    """The last fiscal years that have ended, newest first, one per row of the form; unknown where the closing month is."""
    month = filled.get("closing_month")
    if not isinstance(month, str):
        return [None] * len(PERIODS)
    newest = made_on.year if int(month) < made_on.month else made_on.year - 1
    return [(newest - back, int(month)) for back in range(len(PERIODS))]


def _year(found: Mapping[str, str | None]) -> int:
    era, of_era = found.get("era"), found.get("of_era")
    if era and of_era:
        return _ERAS[era.upper()] + (1 if of_era == "元" else int(of_era))
    return _full(found.get("year") or found.get("short") or "")


def _full(year: str) -> int:
    return int(year) + 2000 if len(year) == 2 else int(year)


def _checked(year: int, month: int) -> Period | None:
    return (year, month) if 1 <= month <= 12 else None

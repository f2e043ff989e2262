"""SOQL's date literals: ``TODAY``, ``LAST_N_DAYS:30`` and their like, as spans of days.

Belongs here: which days a word means on a given day. Does not: comparing (``soql_sql.py``).
"""

from __future__ import annotations

from datetime import date, timedelta


def span(literal: str, today: date) -> tuple[date, date]:
    """First and last day that an upper-case literal means on ``today``."""
    word, _, count = literal.partition(":")
    n = int(count or 0)
    match word:
        case "TODAY":
            return today, today
        case "YESTERDAY":
            return today - timedelta(1), today - timedelta(1)
        case "TOMORROW":
            return today + timedelta(1), today + timedelta(1)
        case "N_DAYS_AGO":
            return today - timedelta(n), today - timedelta(n)
        case "LAST_N_DAYS" | "LAST_90_DAYS":
            return today - timedelta(n or 90), today
        case "NEXT_N_DAYS" | "NEXT_90_DAYS":
            return today + timedelta(1), today + timedelta(n or 90)
    word = word.replace("FISCAL_", "")  # the fiscal year is the calendar's
    if word.endswith("_AGO"):
        unit = word.split("_")[1].removesuffix("S")
        return _unit(unit, today, -n), _unit(unit, today, 1 - n) - timedelta(1)
    which, unit = word.replace("_N_", "_").removesuffix("S").split("_")
    start, following = _unit(unit, today, 0), _unit(unit, today, 1)
    if which == "THIS":
        return start, following - timedelta(1)
    if which == "LAST":
        return _unit(unit, today, -(n or 1)), start - timedelta(1)
    return following, _unit(unit, today, (n or 1) + 1) - timedelta(1)


def _unit(unit: str, today: date, steps: int) -> date:
    """First day of the week (from Sunday), month, quarter or year ``steps`` away from the one of ``today``."""
    if unit == "WEEK":
        return today - timedelta((today.weekday() + 1) % 7) + timedelta(weeks=steps)
    if unit == "YEAR":
        return date(today.year + steps, 1, 1)
    size = 3 if unit == "QUARTER" else 1
    month = (today.month - 1) // size * size + steps * size
    return date(today.year + month // 12, month % 12 + 1, 1)

"""The demo world's time: fixed, so that every build of it is the same.

Belongs here: the moment the world stands at and the ways its sources write moments and dates.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

AS_OF = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
TODAY: date = AS_OF.date()
_AS_OF_UTC = AS_OF.astimezone(UTC)


def ago(days: int) -> date:
    """The date so many days before today (negative: after)."""
    return TODAY - timedelta(days=days)


def moment(rng: Random, oldest: int, newest: int = 1) -> datetime:
    """A moment between so many days ago, in UTC, never after the world's own."""
    span = max(oldest - newest, 1) * 86400
    return _AS_OF_UTC - timedelta(seconds=newest * 86400 + int(rng.random() * span))


def salesforce_time(at: datetime) -> str:
    return f"{at.isoformat()[:19]}.000+0000"


def hubspot_time(at: datetime) -> str:
    return f"{at.isoformat()[:19]}.000Z"


def hubspot_midnight(day: date) -> str:
    """HubSpot keeps a close date as midnight UTC."""
    return f"{day.isoformat()}T00:00:00.000Z"


def slashed(day: date) -> str:
    """2026/1/5"""
    return f"{day.year}/{day.month}/{day.day}"


def wareki(day: date, short: bool = False) -> str:
    """令和8年1月5日, or R8.1.5; only for days from 2019-05-01 on."""
    year = day.year - 2018
    return f"R{year}.{day.month}.{day.day}" if short else f"令和{year}年{day.month}月{day.day}日"

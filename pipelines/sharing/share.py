"""A share: what one partner may see, as values.

Belongs here: its shape. Does not: where it comes from (``gate.py``), or how it is told (``layout.py``, files, mails).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.settings.sharing import ALL_LISTS

LISTS: tuple[str, ...] = ALL_LISTS
"""In the order in which they are shown."""


@dataclass(frozen=True)
class SharedRow:
    """One row of a list. ``company_id`` and ``record_id`` are for the log alone and stand in no output."""

    row_key: str
    company_id: str | None
    record_id: str | None
    """The partner's own record."""
    company_name: str | None
    values: dict[str, object]
    """Column -> text, whole number, date or ``None``: only columns that the policy names. Statuses, reasons and so on are words
    of the product (``customer``, ``partner_reason.direct``)."""


@dataclass(frozen=True)
class Share:
    """Everything that a partner may be told, and nothing else: whoever writes for a partner writes from this."""

    partner: str
    partner_name: str
    our_name: str
    language: str
    policy_version: str
    minimum_count: int
    as_of: datetime
    """As of when it is true, in the vendor's time zone."""
    run_id: str
    lists: dict[str, tuple[SharedRow, ...]]
    """List -> its rows, for each list that the policy names."""
    columns: dict[str, tuple[str, ...]]
    """List -> columns of its rows, in order."""

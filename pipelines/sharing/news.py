"""What is new to a partner since its last mail, and the note that it was told; before it is sent, so that nothing goes out twice.

Belongs here: comparing what stands in the folder with what stood there at the last mail, and the note. Does not: what may be told
(the ``Share``), the words (``digest.py``), sending (``mail.py``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from pipelines.settings import Settings
from pipelines.sharing import log
from pipelines.sharing.share import LISTS, Share, SharedRow
from pipelines.transform.remember import newer_run
from pipelines.warehouse import transaction

CHANNEL = "email"
NAMED = 20
"""Companies by name in one mail; the rest is a count."""
TOLD = ("company_name", "their_id", "product_line", "reason_key", "valid_until")
"""Columns of ``no_approach`` that a mail tells, where the policy names them."""


@dataclass(frozen=True)
class News:
    """One mail to one partner, before it is words."""

    partner: str
    language: str
    as_of: datetime
    """In the vendor's time zone."""
    counts: dict[str, tuple[int, int]]
    """List -> its new rows and its withdrawn ones, where there are any."""
    barred: tuple[SharedRow, ...] = ()
    """New rows of ``no_approach`` by name, ``NAMED`` at most; their ``values`` are those that are told."""
    is_ended: bool = False
    """Nothing is shared any more."""


_SINCE_THE_LAST_MAIL = """
    WITH
        last AS (
            SELECT max(delivered_at) AS mailed_at FROM state.share_deliveries WHERE partner = $partner AND channel = $channel
        ),
        shared AS (
            SELECT list, row_key, bool_or(withdrawn_at IS NULL) AS stands,
                bool_or(coalesce(shared_at <= mailed_at AND (withdrawn_at IS NULL OR withdrawn_at > mailed_at), false)) AS stood
            FROM state.sharing_log CROSS JOIN last
            WHERE partner = $partner AND sharing_log.channel = $folder AND list <> 'summary'
            GROUP BY list, row_key
        )
    SELECT list, row_key, stands FROM shared WHERE stands <> stood ORDER BY ALL
"""
_CLOSE_WITHDRAWN = """
    UPDATE state.sharing_log AS mailed SET withdrawn_at = $at, withdrawn_because = gone.because
    FROM (
        SELECT list, row_key, arg_max(withdrawn_because, withdrawn_at) AS because
        FROM state.sharing_log WHERE partner = $partner AND channel = $folder
        GROUP BY ALL HAVING bool_and(withdrawn_at IS NOT NULL)
    ) AS gone
    WHERE mailed.partner = $partner AND mailed.channel = $channel AND mailed.withdrawn_at IS NULL
        AND mailed.list = gone.list AND mailed.row_key = gone.row_key
"""
_NOTE = """
    INSERT INTO state.share_deliveries BY NAME
    SELECT $partner AS partner, $channel AS channel, $digest AS digest, run_id, as_of, $at AS delivered_at, $ended AS withdrawn
    FROM config.run
"""


def take(con: duckdb.DuckDBPyConnection, settings: Settings, shares: Mapping[str, Share | None], at: datetime) -> dict[str, News]:
    """Partner -> what it is to be told of its folder, which holds that share, noted as sent.

    ``at``: a moment after all that was delivered. A partner without an address has nothing, and nobody has where we have no mail
    server; a run of the past has nothing and leaves no note.
    """
    addressed = [partner for partner in sorted(shares) if partner in settings.partners and settings.sharing_of(partner).mail_to]
    if settings.alerts.email is None or newer_run(con):
        return {}
    taken = {}
    with transaction(con):
        for partner in addressed:
            channels = {"partner": partner, "channel": CHANNEL, "folder": log.FOLDER}
            changes = con.execute(_SINCE_THE_LAST_MAIL, channels).fetchall()
            if not changes:
                continue
            share = shares[partner]
            taken[partner] = news = _news(con, settings, partner, share, changes)
            con.execute(_CLOSE_WITHDRAWN, channels | {"at": at})
            if share and news.barred:
                log.announce(con, _named(share, news.barred), CHANNEL, at)
            note = {"partner": partner, "channel": CHANNEL, "digest": _digest(changes), "at": at, "ended": news.is_ended}
            con.execute(_NOTE, note)
    return taken


def _news(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    partner: str,
    share: Share | None,
    changes: Sequence[tuple[str, str, bool]],
) -> News:
    as_of = con.execute("SELECT as_of FROM config.run").fetchall()[0][0]
    moved = {name: [stands for found, _, stands in changes if found == name] for name in LISTS}
    new = {key for name, key, stands in changes if name == "no_approach" and stands}
    barred = [row for row in (share.lists.get("no_approach", ()) if share else ()) if row.row_key in new]
    return News(
        partner=partner,
        language=settings.sharing_of(partner).language or settings.us.language,
        as_of=as_of.astimezone(settings.us.zone),
        counts={name: (sum(stand), len(stand) - sum(stand)) for name, stand in moved.items() if stand},
        barred=tuple(_told(row) for row in barred[:NAMED]),
        is_ended=share is None or not share.lists,
    )


def _told(row: SharedRow) -> SharedRow:
    return replace(row, values={name: row.values[name] for name in TOLD if row.values.get(name) is not None})


def _named(share: Share, barred: tuple[SharedRow, ...]) -> Share:
    """The share as far as the mail tells it by name, for the log."""
    columns = tuple(name for name in share.columns["no_approach"] if name in TOLD)
    return replace(share, lists={"no_approach": barred}, columns={"no_approach": columns})


def _digest(changes: Sequence[tuple[str, str, bool]]) -> str:
    return hashlib.sha256(json.dumps(changes).encode()).hexdigest()

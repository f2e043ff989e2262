"""``state.sharing_log``: which row and fields stand with whom, by which way out, under which policy.

Belongs here: what a share changes against the rows that stand, as set differences. Does not: handing anything over
(``deliver.py``), or answering questions from the log (``asked.py``).

New rows are logged before anything leaves (``announce``), and old ones closed after it has left (``settle``): whoever is killed
in between has logged more than the partner sees, never less.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import duckdb
import pyarrow as pa

from pipelines.settings.sharing import SharingPolicy
from pipelines.sharing.share import Share, SharedRow

FOLDER = "folder"
"""The channel of the files."""
ASIDE = frozenset({"counted_at", "rank"})
"""Columns that say when, or before which others. They go out too, but a row in which nothing else is new is the same: one company
more at the top would be news of every other."""
Ended = Literal["policy", "ended"]

_ROWS = pa.schema(
    [
        *((name, pa.string()) for name in ("list", "row_key", "company_id", "company_name", "content")),
        *((name, pa.list_(pa.string())) for name in ("fields", "named")),
    ]
)
_OPEN = "(FROM state.sharing_log WHERE partner = $partner AND channel = $channel AND withdrawn_at IS NULL)"
_IS_SAME = "opened.content = told.content AND opened.policy_version = $version"

_ANNOUNCE = f"""
INSERT INTO state.sharing_log BY NAME
SELECT
    sha256(concat_ws('|', $partner, $channel, told.list, told.row_key, coalesce(earlier.times, 0))) AS entry_id,
    $partner AS partner, $channel AS channel, told.list, told.row_key, told.company_id, told.company_name, told.fields,
    told.content, $version AS policy_version, $run_id AS run_id, $as_of AS as_of, $at AS shared_at
FROM told
ANTI JOIN {_OPEN} AS opened ON opened.list = told.list AND opened.row_key = told.row_key AND {_IS_SAME}
LEFT JOIN (
    SELECT list, row_key, count(*) AS times FROM state.sharing_log WHERE partner = $partner AND channel = $channel GROUP BY ALL
) AS earlier ON earlier.list = told.list AND earlier.row_key = told.row_key
"""

# what is so of the partner's companies whatever its policy shows: by it a row that the policy withdraws is told from one that
# is no longer so; nothing of it leaves
_SO = """
(
    SELECT 'whitespace' AS list, company_id FROM marts.whitespace WHERE partner = $partner
    UNION SELECT 'no_approach', company_id FROM marts.no_approach WHERE partner = $partner AND named_by_partner
    UNION SELECT 'overlaps', company_id FROM marts.account_map WHERE partner = $partner AND our_status <> 'absent'
    UNION SELECT 'introductions', company_id FROM marts.introductions WHERE partner = $partner
    UNION SELECT 'introductions', company_id FROM marts.introduction_proposals WHERE partner = $partner
    UNION SELECT 'registrations', company_id FROM marts.registrations WHERE partner = $partner
)
"""
_JUDGED = f"""
SELECT
    opened.entry_id, opened.list, opened.row_key, opened.company_id,
    CASE
        WHEN told.row_key IS NOT NULL AND {_IS_SAME} THEN NULL
        WHEN opened.policy_version = $version THEN IF(told.row_key IS NOT NULL, 'changed', 'no_longer_so')
        WHEN told.row_key IS NOT NULL THEN IF(list_has_all(told.named, opened.fields), 'changed', 'policy')
        WHEN so.list IS NOT NULL OR NOT list_contains($lists, opened.list) OR opened.list = 'summary' THEN 'policy'
        ELSE 'no_longer_so'
    END AS because
FROM {_OPEN} AS opened
LEFT JOIN told ON told.list = opened.list AND told.row_key = opened.row_key
LEFT JOIN {_SO} AS so ON so.list = opened.list AND so.company_id = opened.company_id
"""
_SETTLE = f"""
UPDATE state.sharing_log AS kept SET withdrawn_at = $at, withdrawn_because = judged.because
FROM ({_JUDGED}) AS judged WHERE judged.entry_id = kept.entry_id AND judged.because IS NOT NULL
"""
_DIFFERENCE = f"""
WITH
    opened AS (
        SELECT list, row_key, company_id, bool_or(because IS NULL) AS stays, bool_or(because IS NOT NULL) AS closes
        FROM ({_JUDGED}) GROUP BY ALL
    ),
    compared AS (
        SELECT coalesce(told.list, opened.list) AS list, coalesce(told.company_id, opened.company_id) AS company_id,
            told.row_key IS NOT NULL AS goes_out, opened.row_key IS NOT NULL AS stands,
            coalesce(opened.stays, false) AS stays, coalesce(opened.closes, false) AS closes
        FROM told FULL JOIN opened ON opened.list = told.list AND opened.row_key = told.row_key
    )
SELECT list, count(*) FILTER (goes_out), count(*) FILTER (NOT stands), count(*) FILTER (goes_out AND stands AND NOT stays),
    count(*) FILTER (NOT goes_out), count(*) FILTER (goes_out AND stays AND closes),
    list(DISTINCT company_id) FILTER (company_id IS NOT NULL AND NOT stays)
FROM compared GROUP BY list
"""


@dataclass(frozen=True)
class Difference:
    """One list against what stands with the partner, in rows. ``unsettled``: logged twice by a delivery that was broken off."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    unsettled: int = 0
    companies: tuple[str, ...] = ()
    """Of the rows that are new, changed or withdrawn."""

    @property
    def is_none(self) -> bool:
        return not (self.new or self.changed or self.withdrawn or self.unsettled)


@dataclass(frozen=True)
class BeyondRecall:
    """What the partner may have kept of rows that were withdrawn: files are replaced, copies and mails are not."""

    rows: int
    companies: int
    since: datetime
    """When the first of them went out."""
    mailed: int
    """So many of the rows also went out by mail."""


def difference(con: duckdb.DuckDBPyConnection, share: Share, channel: str) -> dict[str, Difference]:
    """What handing this share over changes: list -> its difference, for lists that have or had rows. Writes nothing."""
    with _told(con, share):
        rows = con.execute(_DIFFERENCE, _judging(share, channel)).fetchall()
    found = {
        name: Difference(in_all, new, changed, withdrawn, unsettled, tuple(sorted(companies or ())))
        for name, in_all, new, changed, withdrawn, unsettled, companies in rows
    }
    return {name: found.get(name, Difference()) for name in sorted({*found, *share.lists})}


def announce(con: duckdb.DuckDBPyConnection, share: Share, channel: str, at: datetime) -> int:
    """Log every row that does not stand just so; before it leaves, within the caller's transaction. How many those are."""
    values = {"version": share.policy_version, "run_id": share.run_id, "as_of": share.as_of, "at": at}
    with _told(con, share):
        return _count(con.execute(_ANNOUNCE, values | {"partner": share.partner, "channel": channel}))


def settle(con: duckdb.DuckDBPyConnection, share: Share, channel: str, at: datetime) -> int:
    """Close every row that the share no longer says so, once it is out. How many those were."""
    with _told(con, share):
        return _count(con.execute(_SETTLE, _judging(share, channel) | {"at": at}))


def close_all(con: duckdb.DuckDBPyConnection, partner: str, channel: str, at: datetime, because: Ended) -> int:
    """Close what stands with the partner by this way out, once it is withdrawn there. How many rows those were."""
    return _count(
        con.execute(
            "UPDATE state.sharing_log SET withdrawn_at = ?, withdrawn_because = ?"
            " WHERE partner = ? AND channel = ? AND withdrawn_at IS NULL",
            [at, because, partner, channel],
        )
    )


def note_policy(con: duckdb.DuckDBPyConnection, partner: str, policy: SharingPolicy, at: datetime) -> None:
    """Keep the policy whole under its version, the first time that anything is shared under it."""
    con.execute(
        "INSERT OR IGNORE INTO state.sharing_policies VALUES (?, ?, ?, ?)",
        [partner, policy.version, json.dumps(policy.model_dump(mode="json"), sort_keys=True, ensure_ascii=False), at],
    )


def standing(con: duckdb.DuckDBPyConnection, partner: str, channel: str) -> dict[str, int]:
    """List -> how many rows stand with the partner by this way out."""
    return dict(
        con.execute(
            "SELECT list, count(*) FROM state.sharing_log WHERE partner = ? AND channel = ? AND withdrawn_at IS NULL"
            " GROUP BY list ORDER BY list",
            [partner, channel],
        ).fetchall()
    )


def versions(con: duckdb.DuckDBPyConnection, partner: str, channel: str) -> set[str]:
    """Versions of the policy under which rows stand."""
    query = "SELECT DISTINCT policy_version FROM state.sharing_log WHERE partner = ? AND channel = ? AND withdrawn_at IS NULL"
    return {version for (version,) in con.execute(query, [partner, channel]).fetchall()}


def beyond_recall(
    con: duckdb.DuckDBPyConnection, partner: str, channel: str | None = None, at: datetime | None = None
) -> BeyondRecall | None:
    """Rows that a policy or the end of sharing withdrew, ever or at that moment; ``None`` where there are none."""
    rows, companies, since, mailed = con.execute(
        """
        SELECT count(DISTINCT list || row_key), count(DISTINCT company_id), min(shared_at),
            count(DISTINCT list || row_key) FILTER (EXISTS (
                FROM state.sharing_log AS mails WHERE mails.partner = gone.partner AND mails.channel = 'email'
                    AND mails.list = gone.list AND mails.row_key = gone.row_key))
        FROM state.sharing_log AS gone
        WHERE partner = $partner AND withdrawn_because IN ('policy', 'ended')
            AND ($channel IS NULL OR channel = $channel) AND ($at IS NULL OR withdrawn_at = $at)
        """,
        {"partner": partner, "channel": channel, "at": at},
    ).fetchall()[0]
    return BeyondRecall(rows, companies, since, mailed) if rows else None


@contextmanager
def _told(con: duckdb.DuckDBPyConnection, share: Share) -> Iterator[None]:
    """The rows of the share as the view ``told``."""
    rows = [(name, row) for name, entries in share.lists.items() for row in entries]
    contents = [content_of(row) for _, row in rows]
    columns: dict[str, list[Any]] = {
        "list": [name for name, _ in rows],
        "row_key": [row.row_key for _, row in rows],
        "company_id": [row.company_id for _, row in rows],
        "company_name": [row.company_name for _, row in rows],
        "content": [_JSON.encode(content) for content in contents],
        "fields": [[name for name, value in row.values.items() if value is not None] for _, row in rows],
        "named": [list(share.columns[name]) for name, _ in rows],
    }
    con.register("told", pa.table(columns, _ROWS))
    try:
        yield
    finally:
        con.unregister("told")


def content_of(row: SharedRow) -> dict[str, object]:
    """What the row says: column -> value, empty ones and those set aside left out."""
    return {name: value for name, value in row.values.items() if value is not None and name not in ASIDE}


def _plain(value: object) -> str:
    """Dates as JSON tells them."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a share")


_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=_plain)


def _judging(share: Share, channel: str) -> dict[str, object]:
    return {"partner": share.partner, "channel": channel, "version": share.policy_version, "lists": list(share.lists)}


def _count(result: duckdb.DuckDBPyConnection) -> int:
    return int(result.fetchall()[0][0])

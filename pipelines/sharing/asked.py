"""What the log answers: what stands or stood with a partner, and who was told what of a company.

Belongs here: queries on ``state.sharing_log``, and which companies of it a person means. Does not: writing it (``log.py``), or
printing (``cli/shared.py``).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.normalize.functions import FUNCTIONS


@dataclass(frozen=True)
class Entry:
    """A row that went out. Moments are aware; ``because``: why it was withdrawn, ``None`` where it stands."""

    partner: str
    channel: str
    list: str
    company_id: str | None
    company_name: str | None
    content: dict[str, Any]
    """Column -> value, as JSON holds it."""
    policy_version: str
    shared_at: datetime
    withdrawn_at: datetime | None
    because: str | None


@dataclass(frozen=True)
class Standing:
    """A partner's part of the log, in rows."""

    rows: int
    companies: int
    withdrawn: int


@dataclass(frozen=True)
class UsedPolicy:
    """A version of a policy that something was shared under."""

    version: str
    since: datetime
    approved_by: str | None


_ENTRY = """
SELECT partner, channel, list, company_id, company_name, content, policy_version, shared_at, withdrawn_at,
    withdrawn_because AS because
FROM state.sharing_log
"""
_ORDER = "ORDER BY partner, list, company_name NULLS LAST, row_key, channel, shared_at, entry_id"


def entries_of(con: duckdb.DuckDBPyConnection, partner: str, list_name: str | None, withdrawn: bool) -> list[Entry]:
    """Rows of one partner, of one list or all; ``withdrawn``: those too that no longer stand."""
    chosen = "WHERE partner = $partner AND ($list IS NULL OR list = $list) AND ($withdrawn OR withdrawn_at IS NULL)"
    return _entries(con, chosen, {"partner": partner, "list": list_name, "withdrawn": withdrawn})


def entries_about(con: duckdb.DuckDBPyConnection, companies: Collection[str], partner: str | None) -> list[Entry]:
    """Every row of these companies, withdrawn ones too, to one partner or to all."""
    chosen = "WHERE company_id IN (SELECT unnest($companies)) AND ($partner IS NULL OR partner = $partner)"
    return _entries(con, chosen, {"companies": sorted(companies), "partner": partner})


def companies_called(con: duckdb.DuckDBPyConnection, asked: str) -> set[str]:
    """Companies of the log that a partner was told of by that id, 法人番号, or name in any writing, whether or not a run
    still knows them."""
    key = FUNCTIONS["name_key"](pa.array([asked.strip()], pa.string()))[0].as_py()
    told = con.execute(
        "SELECT DISTINCT company_id, company_name, content ->> 'corporate_number' FROM state.sharing_log"
        " WHERE company_id IS NOT NULL"
    ).fetchall()
    keys = FUNCTIONS["name_key"](pa.array([name for _, name, _ in told], pa.string())).to_pylist()
    return {
        company_id
        for (company_id, name, number), name_key in zip(told, keys, strict=True)
        if asked.strip() in (company_id, name, number) or (key is not None and name_key == key)
    }


def standing_of(con: duckdb.DuckDBPyConnection, partner: str) -> Standing:
    """How much stands with the partner, by any way out, and how much was withdrawn."""
    return Standing(
        *con.execute(
            """
            SELECT count(*) FILTER (withdrawn_at IS NULL), count(DISTINCT company_id) FILTER (withdrawn_at IS NULL),
                count(*) FILTER (withdrawn_at IS NOT NULL)
            FROM state.sharing_log WHERE partner = ?
            """,
            [partner],
        ).fetchall()[0]
    )


def partners_told(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Every partner that anything was ever shared with."""
    return [partner for (partner,) in con.execute("SELECT DISTINCT partner FROM state.sharing_log ORDER BY partner").fetchall()]


def policies_of(con: duckdb.DuckDBPyConnection, partner: str) -> list[UsedPolicy]:
    """Versions of the partner's policy, oldest first."""
    rows = con.execute(
        "SELECT policy_version, first_used_at, policy ->> 'approved_by' FROM state.sharing_policies WHERE partner = ?"
        " ORDER BY first_used_at, policy_version",
        [partner],
    ).fetchall()
    return [UsedPolicy(*row) for row in rows]


def _entries(con: duckdb.DuckDBPyConnection, chosen: str, values: dict[str, object]) -> list[Entry]:
    found = con.execute(f"{_ENTRY} {chosen} {_ORDER}", values)
    names = [column[0] for column in found.description or ()]
    rows, at = found.fetchall(), names.index("content")
    return [Entry(**dict(zip(names, row, strict=True)) | {"content": json.loads(row[at])}) for row in rows]

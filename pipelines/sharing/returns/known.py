"""What we know of the rows that a workbook answers: that they were shared with this partner, and which company they mean.

Belongs here: the sharing log, and the partner's record of a company in the last run. Does not: reading the workbook
(``reading.py``), or keeping what it says (``intake.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.registrations import Refused
from pipelines.settings import Settings
from pipelines.sharing.log import FOLDER
from pipelines.sharing.told import plain

_HANDED_OUT = """
SELECT DISTINCT partner FROM state.share_deliveries WHERE channel = ? AND starts_with(digest, ?) ORDER BY partner
"""
_SHARED = """
SELECT row_key, max_by(company_id, (shared_at, entry_id)) FILTER (company_id IS NOT NULL),
    list(DISTINCT company_name) FILTER (company_name IS NOT NULL), list(content ORDER BY shared_at, entry_id)
FROM state.sharing_log WHERE partner = ? AND list_contains(?, row_key) GROUP BY row_key
"""
# accounts before claims, the warmest first, as the share itself chooses
_RECORDS = """
SELECT record_id, object, company_id, native_id FROM marts.map_records
LEFT JOIN config.status_order AS statuses USING (status)
WHERE party = $partner AND (list_contains($companies, company_id) OR list_contains($ids, native_id))
ORDER BY object IN ('registration', 'introduction'), statuses.rank NULLS LAST, record_id
"""
_CLAIMS = ("registration", "introduction")


@dataclass(frozen=True)
class Shared:
    """A row as it was shared, in all its versions together; of each field the newest value counts."""

    company_id: str | None
    names: Sequence[str]
    """Under which the partner was told the company."""
    told: Mapping[str, Any]

    @property
    def their_ids(self) -> list[str]:
        """The ids under which the partner itself has the company."""
        return str(self.told["their_id"]).split("; ") if self.told.get("their_id") else []


@dataclass(frozen=True)
class TheirRecord:
    """A record of the partner. A claim is no record that could have a status."""

    record_id: str
    is_claim: bool


def check_whose(
    con: duckdb.DuckDBPyConnection, settings: Settings, said_to_be: str, share_id: str, asked: str | None, file: str
) -> None:
    """Raises ``Refused`` unless that share was handed to that partner, and is the one that was asked for. ``con``: with state."""
    if asked and asked != said_to_be:
        raise Refused("return_other_partner", file=file, partner=said_to_be, asked=asked)
    if said_to_be not in settings.partners:
        raise Refused("return_unknown_partner", file=file, partner=said_to_be)
    handed_to = [partner for (partner,) in con.execute(_HANDED_OUT, [FOLDER, share_id]).fetchall()]
    if said_to_be not in handed_to:
        if handed_to:
            raise Refused("return_other_partner", file=file, partner=", ".join(handed_to), asked=said_to_be)
        raise Refused("return_not_handed_out", file=file, partner=said_to_be, number=share_id)


def shared_rows(con: duckdb.DuckDBPyConnection, partner: str, row_keys: Iterable[str]) -> dict[str, Shared]:
    """Row key -> what the partner was told, of those that it ever was told. ``con``: with state."""
    rows = con.execute(_SHARED, [partner, sorted(set(row_keys))]).fetchall()
    found = {}
    for key, company_id, names, contents in rows:
        told: dict[str, Any] = {}
        for content in contents:
            told |= json.loads(content)
        found[key] = Shared(company_id, [plain(name) or "" for name in names or ()], told)
    return found


def their_records(con: duckdb.DuckDBPyConnection, partner: str, shared: Mapping[str, Shared]) -> dict[str, list[TheirRecord]]:
    """Row key -> the partner's records of that company, best first; by its own id where the company is another one by now.
    ``con``: the published copy."""
    companies = sorted({row.company_id for row in shared.values() if row.company_id})
    ids = sorted({id for row in shared.values() for id in row.their_ids})
    rows = con.execute(_RECORDS, {"partner": partner, "companies": companies, "ids": ids}).fetchall()
    by_company: dict[str, list[TheirRecord]] = {}
    by_id: dict[str, list[TheirRecord]] = {}
    for record_id, object_name, company_id, native_id in rows:
        record = TheirRecord(record_id, object_name in _CLAIMS)
        by_company.setdefault(company_id, []).append(record)
        by_id.setdefault(native_id, []).append(record)
    return {
        key: by_company.get(row.company_id or "", []) or [record for id in row.their_ids for record in by_id.get(id, [])]
        for key, row in shared.items()
    }

"""What in our CRMs stands behind a delivery, so that the time from a change to the partner's list can be measured.

Belongs here: the newest such change. Does not: measuring or telling the time.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import duckdb

from pipelines.crm.objects import OURS

_LANDED = " UNION ALL ".join(
    f"SELECT connection || ':{one.object}:' || id AS id, modified_at, _deleted FROM raw.{one.table} WHERE _synced_at > $since"
    for one in OURS
    if one.object in ("Account", "Lead", "Opportunity", "companies", "contacts", "deals")
)
_NEWEST = f"""
WITH
    records AS (
        SELECT record_id FROM marts.map_records
        WHERE party = 'us' AND company_id IN (SELECT unnest($companies))
    ),
    behind AS (
        FROM records
        UNION SELECT opportunity_id FROM intermediate.opportunities SEMI JOIN records USING (record_id)
    )
SELECT max(modified_at) FROM ({_LANDED}) AS landed
WHERE _deleted OR id IN (SELECT record_id FROM behind)
"""


def newest_change(con: duckdb.DuckDBPyConnection, companies: Collection[str], since: datetime) -> datetime | None:
    """When people last changed, in our CRMs, an account, lead or deal of these companies, of what was pulled after ``since``;
    deleted records count as theirs. ``None`` where nothing of them changed there: a partner's list, a rule or a day did it."""
    if not companies:
        return None
    found: datetime | None = con.execute(_NEWEST, {"companies": sorted(companies), "since": since}).fetchall()[0][0]
    return found

"""Company ids in ``state``: given to the groups of one matching, kept, and every merge or split of companies noted as an event.

Belongs here: the tables. Does not: which group takes which id (``identities``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from pipelines.matching.clustering import Clusters
from pipelines.matching.identities import assign_company_ids
from pipelines.warehouse import transaction


@dataclass(frozen=True)
class Companies:
    """Company id of each group that holds a record, by the group's root, and how many of the ids are new."""

    of_root: dict[int, str]
    new: int


def give_ids(
    connection: duckdb.DuckDBPyConnection, record_ids: list[str], clusters: Clusters, as_of: datetime, run_id: str
) -> Companies:
    """Gives every group with a record its company id. Ids and events go into ``state`` in one transaction of their own, so that a
    run that is killed after it finds the same ids again, and no event twice. ``record_ids``: of nodes 0 to n - 1."""
    groups: dict[int, list[str]] = {}
    for node, record_id in enumerate(record_ids):
        groups.setdefault(clusters.root(node), []).append(record_id)
    rows = connection.execute("SELECT record_id, company_id, minted_at FROM state.company_ids").fetchall()
    prior = {record_id: (company_id, minted_at) for record_id, company_id, minted_at in rows}
    ids = assign_company_ids(list(groups.values()), prior)
    minted = dict(sorted(prior.values(), key=lambda row: row[1], reverse=True))
    changed = [
        (record_id, company_id, minted.get(company_id, as_of))
        for group, company_id in zip(groups.values(), ids, strict=True)
        for record_id in group
        if record_id not in prior or prior[record_id][0] != company_id
    ]
    if changed:
        _write(connection, changed, as_of, run_id)
    return Companies(dict(zip(groups, ids, strict=True)), len(set(ids) - set(minted)))


# Records that had another id before moved: their old company was merged into the new one where nobody is left in it, else split.
_EVENTS = """
INSERT INTO state.company_events
WITH moved AS (
    SELECT old.company_id AS old_id, new.company_id AS new_id, count(*) AS records
    FROM new_ids AS new JOIN state.company_ids AS old USING (record_id) WHERE old.company_id <> new.company_id GROUP BY ALL
),
staying AS (
    SELECT DISTINCT company_id FROM state.company_ids AS s
    WHERE record_id IN (SELECT id FROM match_records) AND record_id NOT IN (SELECT record_id FROM new_ids)
)
SELECT CASE WHEN s.company_id IS NULL THEN 'merged' ELSE 'split' END, m.old_id, m.new_id, m.records, $as_of, $run_id
FROM moved AS m LEFT JOIN staying AS s ON s.company_id = m.old_id ORDER BY ALL
"""


def _write(connection: duckdb.DuckDBPyConnection, changed: list[tuple[str, str, datetime]], as_of: datetime, run_id: str) -> None:
    columns = [list(column) for column in zip(*changed, strict=True)]
    moments = pa.array(columns[2], pa.timestamp("us", "UTC"))
    connection.register("new_ids", pa.table({"record_id": columns[0], "company_id": columns[1], "minted_at": moments}))
    try:
        with transaction(connection):
            connection.execute(_EVENTS, {"as_of": as_of, "run_id": run_id})
            connection.execute("INSERT OR REPLACE INTO state.company_ids SELECT record_id, company_id, minted_at FROM new_ids")
    finally:
        connection.unregister("new_ids")

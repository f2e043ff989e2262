"""Writing what was found: links, companies and the review queue into ``match.*``, in one transaction.

Belongs here: the tables' rows. Does not: ids (``company_ids``), what joined what (``resolve``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.matching.company_ids import Companies
from pipelines.matching.decisions import Decisions
from pipelines.matching.evidence import TYPE, evidence_sql, rule_sql
from pipelines.matching.resolve import Pairs, Resolution
from pipelines.warehouse import transaction

REVIEW_PER_RECORD = 3  # more candidates than these help nobody

_LINKS = f"""
INSERT INTO match.links
SELECT r.id, l.company_id, CASE l.verdict WHEN 'confirmed' THEN 1.0 WHEN 'rejected' THEN 0.0 ELSE coalesce(s.probability,
1.0) END,
    l.verdict,
    CASE WHEN l.verdict IN ('confirmed', 'rejected') THEN 'decision' WHEN s.a IS NULL THEN 'alone' ELSE {rule_sql("s")} END,
    CASE WHEN s.a IS NULL THEN []::{TYPE} ELSE {evidence_sql("s")} END,
    $as_of, $version
FROM found_links AS l JOIN match_records AS r ON r.item = l.item LEFT JOIN scored_pairs AS s ON s.row = l.row
ORDER BY r.id, l.verdict, l.company_id
"""
_COMPANIES = """
INSERT INTO match.companies
WITH records AS (
    SELECT f.company_id, r.* FROM found_members AS f JOIN match_records AS r ON r.item = f.item
),
named AS (
    SELECT f.company_id, e.* FROM found_entries AS f JOIN prepared.register_items AS e ON e.entry = f.entry
    WHERE e.alias IS NULL AND e.id = e.corporate_number
),
by_records AS (
    SELECT company_id, arg_min(name, (party <> 'us', corporate_number IS NULL, -length(name), id)) AS name,
        min(corporate_number) AS corporate_number,
        arg_min(prefecture, (site IS NOT NULL, id)) FILTER (prefecture IS NOT NULL) AS prefecture,
        arg_min(city, (site IS NOT NULL, id)) FILTER (city IS NOT NULL) AS city, count(*)::INTEGER AS record_count
    FROM records GROUP BY company_id
),
by_register AS (
    SELECT company_id, arg_min(name, id) AS name, min(id) AS corporate_number, arg_min(prefecture, id) AS prefecture,
        arg_min(city, id) AS city
    FROM named GROUP BY company_id
)
SELECT r.company_id, coalesce(e.name, r.name), coalesce(e.corporate_number, r.corporate_number),
    coalesce(e.prefecture, r.prefecture), coalesce(e.city, r.city), r.record_count
FROM by_records AS r LEFT JOIN by_register AS e USING (company_id) ORDER BY r.company_id
"""
_QUEUE = f"""
INSERT INTO match.review_queue
SELECT row_number() OVER (ORDER BY (a.party = 'us') <> (coalesce(b.party, '') = 'us') DESC, b.id IS NULL, s.probability DESC,
a.id,
        coalesce(b.id, e.id)),
    a.id, coalesce(b.id, 'register:' || e.id), q.company_id, s.probability, {evidence_sql("s")}
FROM found_questions AS q JOIN scored_pairs AS s USING (row) JOIN match_records AS a ON a.item = s.a
LEFT JOIN match_records AS b ON b.item = s.b AND s.entry IS NULL
LEFT JOIN prepared.register_items AS e ON e.item = s.b AND s.entry IS NOT NULL
"""


@dataclass
class _Rows:
    """Rows to be written: (item, company id, verdict, row of the scored pairs or -1), and questions (row, company id)."""

    links: list[tuple[int, str, str, int]]
    questions: list[tuple[int, str]]


def write_matches(
    connection: duckdb.DuckDBPyConnection, scored: pa.Table, pairs: Pairs, resolution: Resolution, decisions: Decisions,
    companies: Companies, records: int, entries: np.ndarray, as_of: datetime, version: str,
) -> None:  # fmt: skip
    """Rewrites ``match.*``. ``scored``: the pairs with codes, bits and probability, in the order of ``pairs``; ``entries``: the
    register's entry of node ``records`` + i."""
    rows = _Rows([*_placing(records, resolution, companies)], [])
    rejected = _rejected(records, resolution, decisions, companies)
    barred = {(item, company) for item, company, *_ in rejected}
    _review(pairs, resolution, companies, barred, rows)
    members = [(node, company) for root, company in companies.of_root.items() for node in resolution.clusters.members(root)]
    views = {
        "scored_pairs": scored.append_column("row", pa.array(range(scored.num_rows), pa.int64())),
        "found_links": _table(rows.links + rejected, item=pa.int32(), company_id=pa.string(), verdict=pa.string(),
        row=pa.int64()),
        "found_questions": _table(rows.questions, row=pa.int64(), company_id=pa.string()),
        "found_members": _table([m for m in members if m[0] < records], item=pa.int32(), company_id=pa.string()),
        "found_entries": _table(
            [(int(entries[node - records]), company) for node, company in members if node >= records],
            entry=pa.uint64(), company_id=pa.string(),
        ),
    }  # fmt: skip
    for name, table in views.items():
        connection.register(name, table)
    try:
        with transaction(connection):
            connection.execute("DELETE FROM match.links; DELETE FROM match.companies; DELETE FROM match.review_queue;")
            connection.execute(_LINKS, {"as_of": as_of, "version": version})
            connection.execute(_COMPANIES)
            connection.execute(_QUEUE)
    finally:
        for name in views:
            connection.unregister(name)


def _table(rows: Sequence[tuple[object, ...]], **types: pa.DataType) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(types)
    return pa.table({name: pa.array(column, kind) for (name, kind), column in zip(types.items(), columns, strict=True)})


def _placing(records: int, resolution: Resolution, companies: Companies) -> list[tuple[int, str, str, int]]:
    return [
        (
            item,
            companies.of_root[resolution.clusters.root(item)],
            "confirmed" if item in resolution.confirmed else "auto",
            int(resolution.placed_by[item]),
        )
        for item in range(records)
    ]


def _rejected(
    records: int, resolution: Resolution, decisions: Decisions, companies: Companies
) -> list[tuple[int, str, str, int]]:
    links: dict[tuple[int, str], None] = {}
    for pair in decisions.different:
        for record, other in (pair, pair[::-1]):
            company = companies.of_root.get(resolution.clusters.root(other))
            if record < records and company and resolution.clusters.root(record) != resolution.clusters.root(other):
                links.setdefault((record, company))
    return [(item, company, "rejected", -1) for item, company in links]


def _review(pairs: Pairs, resolution: Resolution, companies: Companies, barred: set[tuple[int, str]], rows: _Rows) -> None:
    """A record may join the other side's company, and the other way round; each question stands in the queue once."""
    linked: set[tuple[int, str]] = set()
    asked: set[tuple[str, str]] = set()
    per_record: dict[int, int] = {}
    for row in resolution.review:
        a, b = int(pairs.a[row]), int(pairs.b[row])
        own = companies.of_root[resolution.clusters.root(a)]
        theirs = companies.of_root.get(resolution.clusters.root(b))
        for record, company in ((a, theirs), (b, own)):
            wanted = company is not None and (record == a or not pairs.entry[row])
            if wanted and (record, company) not in linked and per_record.get(record, 0) < REVIEW_PER_RECORD:
                per_record[record] = per_record.get(record, 0) + 1
                linked.add((record, str(company)))
                if (record, company) not in barred:
                    rows.links.append((record, str(company), "review", int(row)))
        first, second = sorted((own, theirs or f"register:{b}"))
        if (first, second) not in asked:
            asked.add((first, second))
            rows.questions.append((int(row), theirs or own))

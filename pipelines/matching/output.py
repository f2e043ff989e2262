"""Writing what was found: ids into ``state.company_ids``, links, companies and the review queue into ``match.*``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.matching.clustering import Clusters
from pipelines.matching.decisions import Decisions
from pipelines.matching.evidence import evidence_of, rule_of
from pipelines.matching.identities import assign_company_ids
from pipelines.matching.model import Model
from pipelines.matching.resolve import Pair, Resolution

_EVIDENCE = pa.list_(pa.struct([("feature", pa.string()), ("outcome", pa.string()), ("weight", pa.float64())]))
_LINKS = pa.schema(
    [
        ("item", pa.int32()), ("company_id", pa.string()), ("probability", pa.float64()), ("verdict", pa.string()),
        ("rule", pa.string()), ("evidence", _EVIDENCE),
    ]
)  # fmt: skip
_QUEUE = pa.schema(
    [
        ("item", pa.int32()),
        ("other", pa.int32()),
        ("company_id", pa.string()),
        ("probability", pa.float64()),
        ("evidence", _EVIDENCE),
    ]
)
_REVIEW_PER_RECORD = 3  # more candidates than these help nobody


@dataclass(frozen=True)
class Companies:
    """Company id of each cluster that holds a record, and how many of the ids are new."""

    of_root: dict[int, str]
    new: int


def write_ids(connection: duckdb.DuckDBPyConnection, items: pa.Table, clusters: Clusters, as_of: datetime) -> Companies:
    """Gives every cluster with a record its company id and keeps them in ``state.company_ids``, in one transaction of their
    own."""
    record_ids = items.filter(pc.invert(items["is_register"]))["id"].to_pylist()
    groups: dict[int, list[str]] = {}
    for item, record_id in enumerate(record_ids):
        groups.setdefault(clusters.root(item), []).append(record_id)
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
        columns = [list(column) for column in zip(*changed, strict=True)]
        table = pa.table(
            {"record_id": columns[0], "company_id": columns[1], "minted_at": pa.array(columns[2], pa.timestamp("us", "UTC"))}
        )
        connection.register("match_new_ids", table)
        connection.execute("INSERT OR REPLACE INTO state.company_ids SELECT record_id, company_id, minted_at FROM match_new_ids")
        connection.unregister("match_new_ids")
    new = len(set(ids) - set(minted))
    return Companies(dict(zip(groups, ids, strict=True)), new)


def _placing_links(record_count: int, resolution: Resolution, companies: Companies) -> list[dict[str, Any]]:
    links = []
    for item in range(record_count):
        root = resolution.clusters.root(item)
        pair = resolution.placed_by.get(item)
        link = {
            "item": item,
            "company_id": companies.of_root[root],
            "probability": 1.0,
            "verdict": "auto",
            "rule": "alone",
            "evidence": [],
        }
        if pair is not None:
            link |= {"probability": pair["probability"], "rule": rule_of(pair), "evidence": evidence_of(pair)}
        if item in resolution.confirmed:
            link |= {"probability": 1.0, "verdict": "confirmed", "rule": "decision"}
        links.append(link)
    return links


def _review(resolution: Resolution, companies: Companies) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(links, queue rows): a record may join the other
    side's company, and the other way round; each question stands in the queue once."""
    links: dict[tuple[int, str], dict[str, Any]] = {}
    asked: dict[tuple[str, str], dict[str, Any]] = {}
    per_record: dict[int, int] = {}
    for pair in resolution.review:
        evidence = evidence_of(pair)
        roots = {side: resolution.clusters.root(pair[side]) for side in ("a", "b")}
        own, theirs = (companies.of_root.get(roots[side]) for side in ("a", "b"))
        for record, company in ((pair["a"], theirs), (pair["b"], own)):
            wanted = company and (not pair["with_register"] or record == pair["a"])
            if wanted and (record, company) not in links and per_record.get(record, 0) < _REVIEW_PER_RECORD:
                per_record[record] = per_record.get(record, 0) + 1
                links[record, str(company)] = _candidate(record, str(company), pair, "review", rule_of(pair), evidence)
        sides = sorted((str(own), theirs or f"register:{pair['b']}"))
        row = {
            "item": pair["a"],
            "other": pair["b"],
            "company_id": theirs or own,
            "probability": pair["probability"],
            "evidence": evidence,
        }
        asked.setdefault((sides[0], sides[1]), row)
    return list(links.values()), list(asked.values())


def _candidate(
    item: int, company_id: str, pair: Pair | None, verdict: str, rule: str, evidence: list[dict[str, Any]]
) -> dict[str, Any]:
    probability = pair["probability"] if pair else 0.0
    return {
        "item": item,
        "company_id": company_id,
        "probability": probability,
        "verdict": verdict,
        "rule": rule,
        "evidence": evidence,
    }


def _rejected(record_count: int, resolution: Resolution, decisions: Decisions, companies: Companies) -> list[dict[str, Any]]:
    links: dict[tuple[int, str], dict[str, Any]] = {}
    for pair in decisions.different:
        for record, other in (pair, pair[::-1]):
            company = companies.of_root.get(resolution.clusters.root(other))
            if record < record_count and company and resolution.clusters.root(record) != resolution.clusters.root(other):
                links.setdefault((record, company), _candidate(record, company, None, "rejected", "decision", []))
    return list(links.values())


_WRITE = """
INSERT INTO match.links SELECT i.id, l.company_id, l.probability, l.verdict, l.rule, l.evidence, $as_of, $version
FROM match_new_links AS l JOIN match_items AS i USING (item) ORDER BY i.id, l.verdict, l.company_id;
"""
_WRITE_COMPANIES = """
INSERT INTO match.companies
WITH members AS (
    SELECT c.company_id, i.* FROM match_item_companies AS c JOIN match_items AS i USING (item)
)
SELECT company_id,
    coalesce(arg_min(name, id) FILTER (is_register), arg_min(name, (party <> 'us', corporate_number IS NULL, -length(name), id))),
    coalesce(arg_min(corporate_number, id) FILTER (is_register), min(corporate_number)),
    coalesce(arg_min(prefecture, id) FILTER (is_register), arg_min(prefecture, (site IS NOT NULL, id)) FILTER (prefecture IS
        NOT NULL)),
    coalesce(arg_min(city, id) FILTER (is_register), arg_min(city, (site IS NOT NULL, id)) FILTER (city IS NOT NULL)),
    count(*) FILTER (NOT is_register)
FROM members GROUP BY company_id ORDER BY company_id
"""
_WRITE_QUEUE = """
INSERT INTO match.review_queue
SELECT row_number() OVER (ORDER BY (a.party = 'us') <> (coalesce(b.party, '') = 'us') DESC, b.is_register, q.probability DESC,
    a.id, b.id), a.id,
    CASE WHEN b.is_register THEN 'register:' || b.id ELSE b.id END, q.company_id, q.probability, q.evidence
FROM match_new_queue AS q JOIN match_items AS a ON a.item = q.item JOIN match_items AS b ON b.item = q.other
"""


def write_matches(
    connection: duckdb.DuckDBPyConnection,
    items: pa.Table,
    resolution: Resolution,
    decisions: Decisions,
    companies: Companies,
    as_of: datetime,
    model: Model,
) -> dict[str, int]:
    """Rewrites ``match.*`` in one transaction; gives counts by name of the summary's fields."""
    record_count = items.num_rows - pc.sum(items["is_register"]).as_py() if items.num_rows else 0
    placing = _placing_links(record_count, resolution, companies)
    review, queue = _review(resolution, companies)
    rejected = _rejected(record_count, resolution, decisions, companies)
    barred = {(link["item"], link["company_id"]) for link in rejected}
    review = [link for link in review if (link["item"], link["company_id"]) not in barred]
    members = [(item, company) for root, company in companies.of_root.items() for item in resolution.clusters.members(root)]
    connection.register("match_new_links", pa.Table.from_pylist(placing + review + rejected, _LINKS))
    connection.register("match_new_queue", pa.Table.from_pylist(queue, _QUEUE))
    connection.register(
        "match_item_companies",
        pa.table(
            {"item": pa.array([m[0] for m in members], pa.int32()), "company_id": pa.array([m[1] for m in members], pa.string())}
        ),
    )
    connection.execute("BEGIN TRANSACTION")
    try:
        connection.execute("DELETE FROM match.links; DELETE FROM match.companies; DELETE FROM match.review_queue;")
        connection.execute(_WRITE, {"as_of": as_of, "version": model.version})
        connection.execute(_WRITE_COMPANIES)
        connection.execute(_WRITE_QUEUE)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    finally:
        for name in ("match_new_links", "match_new_queue", "match_item_companies"):
            connection.unregister(name)
    in_register = connection.execute("SELECT count(*) FROM match.companies WHERE corporate_number IS NOT NULL").fetchall()
    return {
        "companies": len(companies.of_root),
        "companies_in_register": in_register[0][0],
        "auto": sum(link["verdict"] == "auto" for link in placing),
        "confirmed": sum(link["verdict"] == "confirmed" for link in placing),
        "alone": sum(link["rule"] == "alone" for link in placing),
        "review": len(queue),
        "rejected": len(rejected),
    }

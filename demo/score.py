"""How well a run's matching and map agree with the demo world's hidden truth.

Belongs here: the measures. Does not: making the truth (``connectors.sandbox.world``), or anything a run may read:
no pipeline imports this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Pairs:
    """Agreement over pairs of records: ``right`` of ``found`` pairs are true, of ``true`` pairs that there are."""

    found: int
    true: int
    right: int

    @property
    def precision(self) -> float:
        """1.0 where nothing was paired."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """1.0 where there was nothing to find."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def text(self) -> str:
        return f"precision {self.precision:.1%}, recall {self.recall:.1%}, F1 {self.f1:.1%}"


@dataclass(frozen=True)
class PartnerScore:
    """One partner's map beside the truth, in companies."""

    partner: str
    companies: int
    """That the partner's list truly holds."""
    on_map: int
    """That the map says it holds."""
    agree: int
    """Companies with the same statuses of both sides on the map and in truth (where the truth says absent, the map must too)."""
    overlaps: int
    """That we truly have a record of."""
    false_overlaps: int
    """Map rows that show a company on both sides although it is not."""
    missed_overlaps: int
    """True overlaps that the map does not show as such."""


@dataclass(frozen=True)
class Score:
    """Everything measured; counts of records are of those that the truth knows."""

    records: int
    """Records that the truth says a run should see."""
    records_missing: int
    """Of these, not in ``intermediate.records``."""
    records_unlinked: int
    """In ``intermediate.records`` but without a placing link."""
    records_unknown: int
    """In ``intermediate.records`` but unknown to the truth: rows that should have been set aside."""
    pairs: Pairs
    """All records of one company against each other."""
    cross_pairs: Pairs
    """One record of ours, one of a partner's: what the map is made of."""
    registered: int
    """Records whose company is in the register."""
    register_found: int
    """Of these, linked to a company with the right 法人番号."""
    register_wrong: int
    """Of all records, linked to a company with another company's 法人番号."""
    partners: tuple[PartnerScore, ...]

    @property
    def register_coverage(self) -> float:
        """Share of registered records whose company carries the right 法人番号."""
        return self.register_found / self.registered if self.registered else 1.0

    @property
    def cells_compared(self) -> int:
        return sum(p.companies for p in self.partners)

    @property
    def cells_agree(self) -> int:
        return sum(p.agree for p in self.partners)

    @property
    def cell_agreement(self) -> float:
        return self.cells_agree / self.cells_compared if self.cells_compared else 1.0

    def lines(self) -> list[str]:
        """The score as a person reads it."""
        lines = [
            f"all records:     {self.pairs.text} over {self.records:,} records",
            f"ours × partners: {self.cross_pairs.text} over {self.cross_pairs.true:,} true pairs",
            f"register:        {self.register_coverage:.1%} of {self.registered:,} records carry the right 法人番号, "
            f"{self.register_wrong:,} a wrong one",
            f"map:             {self.cell_agreement:.1%} of {self.cells_compared:,} companies stand in their true cell",
        ]
        for p in self.partners:
            lines.append(
                f"  {p.partner:<10} {p.agree:>5,} of {p.companies:>5,} cells; "
                f"of {p.overlaps:,} overlaps {p.missed_overlaps:,} missed, {p.false_overlaps:,} shown falsely"
            )
        lost = {
            "not read": self.records_missing,
            "without a link": self.records_unlinked,
            "that should not be": self.records_unknown,
        }
        if any(lost.values()):
            lines.append("records " + ", ".join(f"{what}: {count:,}" for what, count in lost.items() if count))
        return lines


_TRUTH = """
CREATE TEMP TABLE truth_records AS
SELECT party, entity_id, coalesce(record_id, partner || '/' || list || '#' || row_number) AS key
FROM read_parquet($records) WHERE entity_id IS NOT NULL;

CREATE TEMP TABLE seen AS -- each record that the truth knows, with the company it truly is and the company it was linked to
SELECT t.key, t.entity_id, t.party, r.record_id, l.company_id
FROM truth_records AS t
LEFT JOIN (
    SELECT record_id, CASE WHEN row_number IS NULL THEN record_id ELSE connection || '#' || row_number END AS key
    FROM w.intermediate.records
) AS r USING (key)
LEFT JOIN (SELECT record_id, company_id FROM w.match.links WHERE verdict IN ('auto', 'confirmed')) AS l
    ON l.record_id = r.record_id;

CREATE TEMP TABLE named AS -- which company the map means: the one that most of its records are
SELECT company_id, arg_max(entity_id, (n, entity_id)) AS entity_id
FROM (SELECT company_id, entity_id, count(*) AS n FROM seen WHERE company_id IS NOT NULL GROUP BY ALL) GROUP BY company_id;
"""

_PAIRS = """
WITH both_ways AS (SELECT company_id, entity_id, count(*) AS n FROM seen GROUP BY ALL)
SELECT
    coalesce((SELECT sum(n * (n - 1) // 2) FROM (
        SELECT sum(n) AS n FROM both_ways WHERE company_id IS NOT NULL GROUP BY company_id)), 0)::BIGINT,
    coalesce((SELECT sum(n * (n - 1) // 2) FROM (SELECT sum(n) AS n FROM both_ways GROUP BY entity_id)), 0)::BIGINT,
    coalesce((SELECT sum(n * (n - 1) // 2) FROM both_ways WHERE company_id IS NOT NULL), 0)::BIGINT
"""

_CROSS_PAIRS = """
WITH both_ways AS (
    SELECT company_id, entity_id, count(*) FILTER (party = 'us') AS us, count(*) FILTER (party <> 'us') AS them
    FROM seen GROUP BY ALL
)
SELECT
    coalesce((SELECT sum(us * them) FROM (
        SELECT sum(us) AS us, sum(them) AS them FROM both_ways WHERE company_id IS NOT NULL GROUP BY company_id)), 0)::BIGINT,
    coalesce((SELECT sum(us * them) FROM (SELECT sum(us) AS us, sum(them) AS them FROM both_ways GROUP BY entity_id)), 0)::BIGINT,
    coalesce((SELECT sum(us * them) FROM both_ways WHERE company_id IS NOT NULL), 0)::BIGINT
"""

_COUNTS = """
SELECT
    count(DISTINCT key),
    count(*) FILTER (record_id IS NULL),
    count(*) FILTER (record_id IS NOT NULL AND company_id IS NULL),
    (SELECT count(*) FROM w.intermediate.records WHERE record_id NOT IN (SELECT record_id FROM seen WHERE record_id IS NOT NULL)),
    count(*) FILTER (e.corporate_number IS NOT NULL),
    count(*) FILTER (e.corporate_number = c.corporate_number),
    count(*) FILTER (c.corporate_number IS NOT NULL AND c.corporate_number IS DISTINCT FROM e.corporate_number)
FROM seen
JOIN read_parquet($entities) AS e USING (entity_id)
LEFT JOIN w.match.companies AS c USING (company_id)
"""

_MAP = """
WITH truth AS (
    SELECT t.party AS partner, t.entity_id, coalesce(u.status, 'absent') AS ours, t.status AS theirs
    FROM read_parquet($statuses) AS t
    LEFT JOIN read_parquet($statuses) AS u ON u.entity_id = t.entity_id AND u.party = 'us'
    WHERE t.party <> 'us'
), map AS ( -- a company split in two has two rows here, each judged alone
    SELECT m.partner, n.entity_id, coalesce(m.our_status, 'absent') AS ours, m.partner_status AS theirs
    FROM w.marts.account_map AS m LEFT JOIN named AS n USING (company_id)
), judged AS (
    SELECT coalesce(t.partner, m.partner) AS partner, t.entity_id, m.partner IS NOT NULL AS on_map,
        t.ours IS NOT DISTINCT FROM m.ours AND t.theirs IS NOT DISTINCT FROM m.theirs AS same,
        coalesce(t.ours, 'absent') <> 'absent' AS overlap, coalesce(m.ours, 'absent') <> 'absent' AS shown
    FROM truth AS t FULL JOIN map AS m ON m.partner = t.partner AND m.entity_id = t.entity_id
), per_company AS (
    SELECT partner, entity_id, count(*) FILTER (on_map) AS rows, bool_and(same) AS same,
        bool_or(overlap) AS overlap, bool_or(shown) AS shown,
        count(*) FILTER (shown AND NOT overlap) AS falsely
    FROM judged GROUP BY partner, entity_id
)
SELECT partner, count(entity_id), sum(rows)::BIGINT, count(*) FILTER (same AND rows = 1 AND entity_id IS NOT NULL),
    count(*) FILTER (overlap), sum(falsely)::BIGINT, count(*) FILTER (overlap AND NOT shown)
FROM per_company GROUP BY partner ORDER BY partner
"""


def score(warehouse: Path, truth: Path) -> Score:
    """Compare the published warehouse with the truth directory of the world it was run on.

    Raises ``FileNotFoundError`` where either is missing, ``duckdb.CatalogException`` where the warehouse has not been built.
    """
    files = {name: truth / f"{name}.parquet" for name in ("records", "entities", "statuses")}
    for path in (warehouse, *files.values()):
        if not path.exists():
            raise FileNotFoundError(path)
    with duckdb.connect() as con:
        quoted = str(warehouse).replace("'", "''")
        con.execute(f"ATTACH '{quoted}' AS w (READ_ONLY)")
        for statement in _TRUTH.split(";"):
            if statement.strip():
                con.execute(statement, {"records": str(files["records"])} if "$records" in statement else None)
        counts = _row(con, _COUNTS, entities=files["entities"])
        partners = con.execute(_MAP, {"statuses": str(files["statuses"])}).fetchall()
        return Score(
            records=counts[0],
            records_missing=counts[1],
            records_unlinked=counts[2],
            records_unknown=counts[3],
            pairs=Pairs(*_row(con, _PAIRS)),
            cross_pairs=Pairs(*_row(con, _CROSS_PAIRS)),
            registered=counts[4],
            register_found=counts[5],
            register_wrong=counts[6],
            partners=tuple(PartnerScore(*row) for row in partners),
        )


def _row(con: duckdb.DuckDBPyConnection, sql: str, **files: Path) -> tuple[int, ...]:
    found = con.execute(sql, {name: str(path) for name, path in files.items()} or None).fetchone()
    assert found is not None
    return found

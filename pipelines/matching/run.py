"""One matching, start to end: reads ``intermediate.*`` and ``state.*``, mints ids into ``state.company_ids``, rewrites
``match.*``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import pyarrow as pa

from pipelines.matching.blocking import candidate_pairs
from pipelines.matching.decisions import read_decisions
from pipelines.matching.features import pair_batches
from pipelines.matching.items import prepare_items
from pipelines.matching.model import DEFAULT_VERSION, Model, load_model
from pipelines.matching.output import write_ids, write_matches
from pipelines.matching.probability import keep_likely, with_probability
from pipelines.matching.resolve import resolve
from pipelines.matching.scoring import score_batch


@dataclass
class MatchSummary:
    """What a matching did, in numbers of records unless said otherwise."""

    run_id: str
    model_version: str
    records: int = 0
    register_entries: int = 0
    pairs: int = 0  # candidate pairs that were scored
    companies: int = 0
    companies_in_register: int = 0
    new_company_ids: int = 0
    auto: int = 0
    confirmed: int = 0
    alone: int = 0  # of auto: in a company of their own
    review: int = 0  # rows of the review queue
    rejected: int = 0
    contradictions: int = 0  # decisions that contradict older ones
    seconds: dict[str, float] = field(default_factory=dict)  # by stage

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measures a stage."""
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


def score_candidates(connection: duckdb.DuckDBPyConnection, model: Model) -> pa.Table:
    """The pairs of ``match_pairs`` that may be one company, with outcomes, bits and probability. Needs ``match_items``."""
    batches = [keep_likely(score_batch(batch, model)) for batch in pair_batches(connection)]
    # DuckDB's threads give pairs in any order; sums of odds must not depend on it
    return with_probability(pa.Table.from_batches(batches).sort_by([("a", "ascending"), ("b", "ascending")]))


def run_matching(
    connection: duckdb.DuckDBPyConnection, as_of: datetime, run_id: str, model_version: str = DEFAULT_VERSION
) -> MatchSummary:
    """Matches all records with the register and among each other.

    ``connection``: a writable warehouse with ``intermediate.records`` and ``intermediate.register_entries`` (may be empty),
    the state file attached
    as ``state``. Ids are committed first, then ``match.*`` in one transaction: DuckDB commits nothing across two files, and a
    run that is
    killed in between mints the same ids again. Raises ``ValueError`` for an unknown model version.
    """
    model = load_model(model_version)
    summary = MatchSummary(run_id, model.version)
    with summary.stage("prepare"):
        summary.records, summary.register_entries = prepare_items(connection)
    with summary.stage("candidates"):
        summary.pairs = candidate_pairs(connection)
    with summary.stage("score"):
        scored = score_candidates(connection, model)
    with summary.stage("cluster"):
        items = connection.sql("SELECT item, id, is_register, corporate_number FROM match_items ORDER BY item").to_arrow_table()
        decisions = read_decisions(connection)
        resolution = resolve(scored, items["corporate_number"].to_pylist(), decisions, model)
        summary.contradictions = len(resolution.contradictions)
    with summary.stage("write"):
        companies = write_ids(connection, items, resolution.clusters, as_of)
        summary.new_company_ids = companies.new
        counts = write_matches(connection, items, resolution, decisions, companies, as_of, model)
    for name, count in counts.items():
        setattr(summary, name, count)
    return summary

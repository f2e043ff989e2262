"""One matching, start to end: reads ``intermediate.*`` and ``state.*``, mints ids into ``state.company_ids``, rewrites
``match.*``.

Belongs here: the order of the steps, and what is said of them. Does not: any step.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.matching import known
from pipelines.matching.blocking import candidate_pairs
from pipelines.matching.company_ids import give_ids
from pipelines.matching.decisions import REGISTER, on_nodes
from pipelines.matching.features import RECORD_QUERY, REGISTER_QUERY, pair_batches
from pipelines.matching.items import prepare_records
from pipelines.matching.marks import code_mark
from pipelines.matching.model import Model, shipped_model
from pipelines.matching.output import write_matches
from pipelines.matching.placing import may_place
from pipelines.matching.probability import among_entries, among_records, keep_likely
from pipelines.matching.register_items import ready_register
from pipelines.matching.resolve import Pairs, resolve
from pipelines.matching.scoring import score_batch
from pipelines.review.decisions import in_force


@dataclass
class MatchSummary:
    """What a matching did, in numbers of records unless said otherwise."""

    run_id: str
    model_version: str
    records: int = 0
    compared: int = 0  # of them: new or changed since the last matching
    register_entries: int = 0
    pairs: int = 0  # that may be one company
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


def score_pairs(connection: duckdb.DuckDBPyConnection, query: str, model: Model) -> pa.Table:
    """The pairs of ``REGISTER_QUERY`` or ``RECORD_QUERY`` that may be one company, with codes and bits."""
    return pa.Table.from_batches([keep_likely(score_batch(batch, model)) for batch in pair_batches(connection, query)])


def run_matching(connection: duckdb.DuckDBPyConnection, as_of: datetime, run_id: str, model: Model | None = None) -> MatchSummary:
    """Matches all records with the register and among each other; what was compared before is not compared again.

    ``connection``: a writable warehouse with ``intermediate.records``, ``intermediate.register_entries`` and
    ``intermediate.register_aliases`` (both may be empty), the state file attached as ``state``. Ids are committed first, then
    ``match.*`` in one transaction: DuckDB commits nothing across two files, and a run that is killed in between mints the same
    ids again.
    """
    model = model or shipped_model()
    summary = MatchSummary(run_id, model.version)
    with summary.stage("register"):
        register_mark = ready_register(connection)
    with summary.stage("prepare"):
        summary.records = prepare_records(connection)
        summary.compared = known.begin(connection, f"{register_mark} {model.mark} {code_mark()}")
    with summary.stage("candidates"):
        candidate_pairs(connection)
        known.only_new_pairs(connection)
    with summary.stage("score"):
        known.keep(connection, score_pairs(connection, REGISTER_QUERY, model), score_pairs(connection, RECORD_QUERY, model))
        entry_scores, pair_scores = known.all_scores(connection)
        scored = pa.concat_tables([among_entries(entry_scores), among_records(pair_scores)])
    _settle(connection, scored, as_of, model, summary)
    _count(connection, summary)
    return summary


def _settle(
    connection: duckdb.DuckDBPyConnection, scored: pa.Table, as_of: datetime, model: Model, summary: MatchSummary
) -> None:
    """Groups, ids and tables from scored pairs."""
    with summary.stage("cluster"):
        records = connection.sql("SELECT id, list, corporate_number FROM match_records ORDER BY item").to_arrow_table()
        ids = records["id"].to_pylist()
        said = in_force(connection)
        entries, numbers = _entries(connection, scored, [d.record_id for d in said] + [d.other_record_id for d in said])
        nodes = {record: node for node, record in enumerate(ids)}
        nodes |= {REGISTER + number: len(ids) + at for at, number in enumerate(numbers)}
        pairs = _pairs(scored, len(ids), entries)
        lists = [*records["list"].to_pylist(), *[None] * len(entries)]
        decisions = on_nodes(said, nodes)
        resolution = resolve(pairs, [*records["corporate_number"].to_pylist(), *numbers], lists, decisions, model)
        summary.contradictions = len(resolution.contradictions)
    with summary.stage("write"):
        companies = give_ids(connection, ids, resolution.clusters, as_of, summary.run_id)
        summary.new_company_ids, summary.companies, summary.pairs = companies.new, len(companies.of_root), scored.num_rows
        write_matches(
            connection, scored, pairs, resolution, decisions, companies, len(ids), entries, as_of, model.version
        )  # fmt: skip


def _entries(connection: duckdb.DuckDBPyConnection, scored: pa.Table, told: list[str]) -> tuple[np.ndarray, list[str]]:
    """The register's entries that a record may belong to, or that a decision names: (entry, its corporate number), by entry."""
    connection.register("scored_pairs", scored)
    connection.register("told", pa.table({"id": pa.array(told, pa.string())}))
    rows = connection.execute(
        f"""
        SELECT entry, any_value(corporate_number) AS number FROM prepared.register_items
        WHERE entry IN (SELECT entry FROM scored_pairs)
            OR id IN (SELECT substring(id, {len(REGISTER) + 1}) FROM told WHERE starts_with(id, '{REGISTER}'))
        GROUP BY entry ORDER BY entry
        """
    ).fetchnumpy()
    connection.unregister("scored_pairs")
    connection.unregister("told")
    return np.asarray(rows["entry"], np.uint64), [str(number) for number in rows["number"]]


def _pairs(scored: pa.Table, records: int, entries: np.ndarray) -> Pairs:
    entry = np.asarray(scored["entry"].is_valid())
    b = scored["b"].to_numpy().astype(np.int64)
    b[entry] = records + np.searchsorted(entries, scored["entry"].fill_null(0).to_numpy()[entry])
    return Pairs(
        a=scored["a"].to_numpy().astype(np.int64), b=b, probability=scored["probability"].to_numpy(),
        score=scored["score"].to_numpy(), place=scored["place_code"].to_numpy(), entry=entry,
        may_place=may_place(scored),
    )  # fmt: skip


def _count(connection: duckdb.DuckDBPyConnection, summary: MatchSummary) -> None:
    counts = connection.sql(
        """
        SELECT (SELECT count(DISTINCT entry) FROM prepared.register_items) AS register_entries,
            (SELECT count(*) FROM match.companies WHERE corporate_number IS NOT NULL) AS companies_in_register,
            count(*) FILTER (verdict = 'auto') AS auto, count(*) FILTER (verdict = 'confirmed') AS confirmed,
            count(*) FILTER (rule = 'alone') AS alone, count(*) FILTER (verdict = 'rejected') AS rejected,
            (SELECT count(*) FROM match.review_queue) AS review
        FROM match.links
        """
    ).to_arrow_table()
    for name, count in counts.to_pylist()[0].items():
        setattr(summary, name, count)

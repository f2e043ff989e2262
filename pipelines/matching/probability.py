"""From bits to probabilities: a record belongs to at most one entry of the register, so its entries compete with each other
and with
none of them; records among each other do not.

Belongs here: rivals, and the best of several names of one entry. Does not: bits (``scoring``), thresholds (``model``).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

KEEP_BITS = -7.0  # pairs below say nothing, for nobody to look at


def keep_likely(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The pairs worth keeping. What is dropped would weigh less than 1:100 as a rival."""
    return batch.filter(pa.array(batch.column("score").to_numpy() >= KEEP_BITS))


def among_entries(scored: pa.Table) -> pa.Table:
    """Pairs of records and register items -> one row a record and entry, by the name of the entry that fits best, with
    ``rivals_bits`` (what the record's other entries take away) and ``probability``."""
    scored = scored.sort_by([("a", "ascending"), ("entry", "ascending"), ("score", "descending"), ("b", "ascending")])
    records, entries = scored["a"].to_numpy(), scored["entry"].to_numpy()
    first = np.ones(len(records), bool)
    first[1:] = (records[1:] != records[:-1]) | (entries[1:] != entries[:-1])
    best = scored.filter(pa.array(first))
    odds, records = np.exp2(best["score"].to_numpy().astype(float)), best["a"].to_numpy()
    total = np.bincount(records, odds) if len(records) else np.zeros(0)
    others = np.maximum(total[records] - odds, 0.0)
    return _with(best, odds, others)


def among_records(scored: pa.Table) -> pa.Table:
    """Pairs of records, with ``rivals_bits`` (0) and ``probability``."""
    scored = scored.sort_by([("a", "ascending"), ("b", "ascending")])
    odds = np.exp2(scored["score"].to_numpy().astype(float))
    return _with(scored, odds, np.zeros(len(odds)))


def _with(scored: pa.Table, odds: np.ndarray, others: np.ndarray) -> pa.Table:
    # rounded, so that the order in which odds were added up does not show
    probability = np.round(odds / (1.0 + others + odds), 6)
    rivals = np.round(-np.log2(1.0 + others), 3).astype(np.float32)
    return scored.append_column("rivals_bits", pa.array(rivals)).append_column("probability", pa.array(probability))

"""From bits to probabilities: a record belongs to at most one register entry, so its entries compete; records among each
other do not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

_KEEP_BITS = -6.0  # pairs below say nothing, for nobody to look at


def keep_likely(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The pairs worth keeping, with those that rule a company out (numbers differ) dropped too."""
    return batch.filter(pa.array(batch.column("score").to_numpy() >= _KEEP_BITS))


def with_probability(scored: pa.Table) -> pa.Table:
    """Adds ``probability``: odds / (1 + odds), where for register entries the odds of a
    record's other entries count against each."""
    odds = np.exp2(np.clip(scored["score"].to_numpy(), -60, 60))
    with_register = scored["with_register"].to_numpy(zero_copy_only=False).astype(bool)
    records = scored["a"].to_numpy()
    rivals = np.zeros(int(records.max()) + 1 if len(records) else 1)
    np.add.at(rivals, records[with_register], odds[with_register])
    against = np.where(with_register, rivals[records] - odds, 0.0) if len(records) else odds
    return scored.append_column("probability", pa.array(np.round(odds / (1.0 + np.maximum(against, 0.0) + odds), 9)))

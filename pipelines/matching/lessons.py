"""What people's decisions teach: the decided pairs, compared as they are today.

Belongs here: which decisions count, what is compared of their pairs, and which of them are held back for a trial. Does not:
estimating (``learning``), judging what was learned (``trial``).

People are asked about pairs that look doubtful, not about any pairs. That does no harm: which pairs are asked depends on what
is compared alone, and the answers are learned given just that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.matching.blocking import register_candidates
from pipelines.matching.decisions import REGISTER
from pipelines.matching.features import REGISTER_QUERY, pair_batches, pairs_query
from pipelines.matching.learning import Lesson, positions
from pipelines.matching.model import Model
from pipelines.matching.placing import may_place
from pipelines.matching.probability import among_entries
from pipelines.matching.run import score_pairs
from pipelines.matching.scoring import compare, score_batch
from pipelines.review.decisions import Decision, Pair

HELD_BACK = 4  # one decision in so many of each answer is kept for trials

_TAUGHT = f"""
CREATE OR REPLACE TEMP TABLE taught_records AS
SELECT t.said, least(x.item, y.item) AS a, greatest(x.item, y.item) AS b
FROM taught AS t JOIN match_records AS x ON x.id = t.one JOIN match_records AS y ON y.id = t.other;
CREATE OR REPLACE TEMP TABLE taught_entries AS
WITH named AS (
    SELECT said, one AS id, substring(other, {len(REGISTER) + 1}) AS number FROM taught WHERE starts_with(other, '{REGISTER}')
    UNION ALL
    SELECT said, other, substring(one, {len(REGISTER) + 1}) FROM taught WHERE starts_with(one, '{REGISTER}')
)
SELECT DISTINCT n.said, r.item AS a, i.item AS b, i.entry
FROM named AS n JOIN match_records AS r ON r.id = n.id
JOIN prepared.register_items AS e ON e.id = n.number JOIN prepared.register_items AS i ON i.entry = e.entry;
CREATE OR REPLACE TEMP TABLE match_new_records AS SELECT DISTINCT a AS item FROM taught_entries;
"""
_Key = tuple[int, int, bool]  # record, other record or entry, whether it is an entry


@dataclass(frozen=True)
class Lessons:
    """Decided pairs that exist now, in the order of a hash of their ids: group i of ``lesson`` is what was said of ``pairs[i]``,
    and the offset is what its rivals take away. ``may_place``: bool by pair, whether it may be linked without a person."""

    pairs: list[Pair]
    lesson: Lesson
    may_place: np.ndarray

    def held_back(self) -> np.ndarray:
        """bool by pair: the first quarter of each answer. A hash is as good as a lot, and falls the same way each time."""
        result = np.zeros(len(self.pairs), bool)
        for answer in (True, False):
            rows = np.flatnonzero(self.lesson.same == answer)
            result[rows[: -(-len(rows) // HELD_BACK)]] = True
        return result


def gather(connection: duckdb.DuckDBPyConnection, said: Sequence[Decision], model: Model) -> Lessons:
    """The lessons of the decisions *same* and *different*, oldest first, whose two sides exist, whether or not blocking finds the
    pair. Of two on one pair (an entry, and one that was merged into it) the newer counts.

    Needs ``match_records`` and the prepared register. What rivals take away is by ``model``."""
    answers = [decision for decision in said if decision.decision in ("same", "different")]
    _name_pairs(connection, answers)
    among_records, at_records = _observed(connection, pairs_query("taught_records", among_records=True), model)
    among_register, at_entries = _observed(connection, pairs_query("taught_entries", among_records=False), model)
    places = may_place(among_records), may_place(among_register)
    seen = {key: (at_records[row], 0.0, places[0][row]) for key, row in _best(among_records, "b").items()}
    register_candidates(connection)
    rivals = _rivals(pa.concat_tables([among_register, score_pairs(connection, REGISTER_QUERY, model)]))
    seen |= {key: (at_entries[row], rivals[key], places[1][row]) for key, row in _best(among_register, "entry").items()}
    chosen = {key: answers[number] for number, key in sorted(_keys(connection))}
    order = sorted(chosen, key=lambda key: (_lot(chosen[key].pair), chosen[key].pair))
    lesson = Lesson(
        at=np.array([seen[key][0] for key in order], np.int32).reshape(len(order), at_records.shape[1]),
        group=np.arange(len(order)),
        same=np.array([chosen[key].decision == "same" for key in order], bool),
        offset=np.array([seen[key][1] for key in order], float),
    )
    return Lessons([chosen[key].pair for key in order], lesson, np.array([seen[key][2] for key in order], bool))


def _name_pairs(connection: duckdb.DuckDBPyConnection, answers: Sequence[Decision]) -> None:
    columns = {"said": range(len(answers)), "one": [d.pair[0] for d in answers], "other": [d.pair[1] for d in answers]}
    schema = pa.schema([("said", pa.int32()), ("one", pa.string()), ("other", pa.string())])
    connection.register("taught", pa.table({name: pa.array(columns[name], schema.field(name).type) for name in columns}))
    connection.execute(_TAUGHT)
    connection.unregister("taught")


def _keys(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, _Key]]:
    """(position of the decision, the pair it is about)."""
    rows = connection.execute(
        "SELECT said, a, b, false FROM taught_records UNION SELECT said, a, entry, true FROM taught_entries"
    )
    return [(said, (a, other, entry)) for said, a, other, entry in rows.fetchall()]


def _observed(connection: duckdb.DuckDBPyConnection, query: str, model: Model) -> tuple[pa.Table, np.ndarray]:
    """The pairs scored, and for each its ``Lesson.at``."""
    batches = list(pair_batches(connection, query))
    at = np.concatenate([positions(*compare(batch)) for batch in batches])
    return pa.Table.from_batches([score_batch(batch, model) for batch in batches]), at


def _best(scored: pa.Table, other: str) -> dict[_Key, int]:
    """The row of each pair, by the name of the entry that fits best."""
    best: dict[_Key, tuple[float, int, int]] = {}
    columns = (scored[name].to_pylist() for name in ("a", other, "score", "b"))
    for row, (a, key, score, b) in enumerate(zip(*columns, strict=True)):
        found = (-score, b, row)
        best[a, key, other == "entry"] = min(found, best.get((a, key, other == "entry"), found))
    return {key: row for key, (_, _, row) in best.items()}


def _rivals(scored: pa.Table) -> dict[_Key, float]:
    """Bits that the other entries of a record take away from each."""
    entries = among_entries(scored)
    columns = (entries[name].to_pylist() for name in ("a", "entry", "rivals_bits"))
    return {(a, entry, True): bits for a, entry, bits in zip(*columns, strict=True)}


def _lot(pair: Pair) -> str:
    return hashlib.sha256("\n".join(pair).encode()).hexdigest()

"""The weights that are shipped, estimated from sets with known truth:
``python benchmarks/estimate_weights.py OUT.csv SET_DIR[:RECORDS] ...``.

Sets are as for ``match.py``; of each at most RECORDS partner records are used (all where left out). What no set shows (corporate
numbers, domains, phones) keeps the weights stated here. Weights are estimated twice: first one for each outcome, then one
for each outcome in its context, held to the first.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.match import match_set
from pipelines.matching.features import REGISTER_QUERY, pair_batches
from pipelines.matching.learning import Lesson, estimate, flat, positions, shaped
from pipelines.matching.model import Model, shipped_model, write_model
from pipelines.matching.outcomes import FEATURES
from pipelines.matching.scoring import compare

# in bits; of records among each other no set tells: they are held to stand apart more firmly than a record and its entry
_STATED = {
    "corporate_number": [[20.0], [-20.0]],
    "domain": [[8.0, 2.0], [-1.5, -1.5]],
    "phone": [[9.5, 2.5], [-0.7, -0.7]],
    "base": [[-4.0, -4.0, -4.0, -7.5]],
}
_MORE_AMONG_RECORDS = 3.5
_STRENGTH = 0.5  # observations that each prior weight counts for
_STEPS = 12


def lesson_of(folder: Path, most: int | None, seed: int = 1) -> Lesson:
    """The candidate pairs of a set's partner records, by record, with the true one marked."""
    connection = duckdb.connect()
    match_set(connection, folder, shipped_model())
    columns: list[tuple[np.ndarray, ...]] = []
    for batch in pair_batches(connection, REGISTER_QUERY):
        record, entry = (batch.column(name).to_numpy() for name in ("a", "entry"))
        columns.append((record, entry, positions(*compare(batch))))
    record, entry, at = (np.concatenate(part) for part in zip(*columns, strict=True))
    found = connection.execute(
        """
        SELECT i.item, j.entry FROM read_parquet($path) AS t JOIN match_records AS i ON i.id = t.pid
        JOIN prepared.register_items AS j ON j.id = t.mid AND j.alias IS NULL
        """,
        {"path": str(folder / "truth.parquet")},
    ).fetchnumpy()
    right = np.zeros(int(record.max()) + 1, np.uint64)  # no entry's hash is 0
    known = found["item"] < len(right)
    right[found["item"][known]] = found["entry"][known]
    used = np.zeros(len(right), bool)
    used[np.random.default_rng(seed).permutation(len(right))[:most]] = True
    rows = np.flatnonzero(used[record])
    rows = rows[_best_name_of_each_entry(record[rows], entry[rows], at[rows])]
    group = np.unique(record[rows], return_inverse=True)[1]
    return Lesson(at[rows], group, right[record[rows]] == entry[rows], np.zeros(len(rows)))


def _best_name_of_each_entry(record: np.ndarray, entry: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Of the several names of an entry the one that is most like the record's stands for it: rows, in order."""
    name = np.where(at[:, 0] < 0, np.iinfo(np.int32).max, at[:, 0])
    order = np.lexsort((name, entry, record))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(record[order]) != 0) | (np.diff(entry[order]) != 0)
    return np.sort(order[first])


def together(lessons: list[Lesson]) -> Lesson:
    """Several lessons as one."""
    starts = np.cumsum([0, *(int(lesson.group.max()) + 1 for lesson in lessons)])
    return Lesson(
        at=np.concatenate([lesson.at for lesson in lessons]),
        group=np.concatenate([lesson.group + start for lesson, start in zip(lessons, starts, strict=False)]),
        same=np.concatenate([lesson.same for lesson in lessons]),
        offset=np.concatenate([lesson.offset for lesson in lessons]),
    )


def estimated(lesson: Lesson) -> Model:
    """Weights of the lesson as a model (without thresholds)."""
    prior = flat({f.name: np.array(_STATED.get(f.name, np.zeros((len(f.outcomes), len(f.contexts))))) for f in FEATURES})
    outcome = np.repeat(
        np.arange(sum(len(f.outcomes) for f in FEATURES)), [len(f.contexts) for f in FEATURES for _ in f.outcomes]
    )
    sizes = np.bincount(outcome)
    plain_prior = np.bincount(outcome, prior) / sizes
    plain_at = np.where(lesson.at >= 0, outcome[lesson.at], -1)
    plain = estimate(
        Lesson(plain_at, lesson.group, lesson.same, lesson.offset), plain_prior, np.full(len(sizes), _STRENGTH), _STEPS
    )
    held_to = prior + (plain - plain_prior)[outcome]
    bits = shaped(estimate(lesson, held_to, np.full(len(prior), _STRENGTH), _STEPS))
    bits["base"][0, -1] = bits["base"][0, :2].min() - _MORE_AMONG_RECORDS
    return Model("estimated", 1.0, 1.0, bits)


def main() -> None:
    """Writes the weights of the sets named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT.csv")
    parser.add_argument("sets", nargs="+", metavar="SET_DIR[:RECORDS]")
    arguments = parser.parse_args()
    lessons = []
    for told in arguments.sets:
        folder, _, most = told.partition(":")
        lessons.append(lesson_of(Path(folder), int(most) if most else None))
        print(f"{folder}: {len(lessons[-1].same):,} pairs, {int(lessons[-1].same.sum()):,} of them true", flush=True)
    arguments.out.write_text(write_model(estimated(together(lessons))), encoding="utf-8")


if __name__ == "__main__":
    main()

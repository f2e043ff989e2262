"""What people's decisions gain on one set: ``python benchmarks/learning.py SET_DIR [--decisions 200,400,1000] [--seed 1]``.

SET_DIR is as in ``match.py``. Of the best match of each partner record some are drawn by lot and answered by the truth: four
fifths of them doubtful ones, the others links that are automatic. Weights are learned from the answers as a run would, and tried
on the records that nobody was asked about. Prints a line for the shipped weights and one for the learned; the latter are used by
a run only where it says so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.match import best_matches, figures, match_set
from pipelines.matching.blocking import candidate_pairs
from pipelines.matching.decisions import REGISTER
from pipelines.matching.features import REGISTER_QUERY
from pipelines.matching.learning import flat, part, probabilities
from pipelines.matching.lessons import gather
from pipelines.matching.model import Model, shipped_model
from pipelines.matching.placing import may_place
from pipelines.matching.probability import among_entries
from pipelines.matching.run import score_pairs
from pipelines.matching.trial import automatic_from, compare_models, learn
from pipelines.review.decisions import Decision

_PRECISION = 0.99
_DOUBTFUL = 0.8  # of what is asked; the others are spot checks
_SHOWN = ("precision at default verdict", "recall at default verdict", "recall at precision .99", "calibration error")
_WHEN = datetime(2026, 11, 20, tzinfo=UTC)


def answers(connection: duckdb.DuckDBPyConnection, folder: Path, model: Model, count: int, lot: Random) -> list[Decision]:
    """So many decisions, as the truth has them."""
    best = best_matches(connection, folder).to_pylist()
    doubtful = [row for row in best if model.review <= row["probability"] < model.auto]
    automatic = [row for row in best if row["probability"] >= model.auto]
    asked = lot.sample(doubtful, min(len(doubtful), round(count * _DOUBTFUL)))
    asked += lot.sample(automatic, min(len(automatic), count - len(asked)))
    return [
        Decision(row["pid"], f"{REGISTER}{row['mid']}", "same" if row["hit"] else "different", "truth", _WHEN) for row in asked
    ]


def learned(connection: duckdb.DuckDBPyConnection, said: list[Decision], shipped: Model) -> tuple[Model, str]:
    """(weights of the decisions with their threshold, how they fared on those held back)."""
    lessons = gather(connection, said, shipped)
    model, strength = learn(lessons, shipped, "learned")
    trial = compare_models(lessons, model, shipped, _PRECISION)
    held = part(lessons.lesson, lessons.held_back() & lessons.may_place)
    auto = automatic_from(probabilities(flat(dict(model.bits)), held), held.same, _PRECISION, shipped.auto)
    told = f"{trial.reason}, surprise {trial.before.loss:.3f} -> {trial.after.loss:.3f} bits, shipped weights as {strength:g}"
    return replace(model, auto=auto), told


def fares(connection: duckdb.DuckDBPyConnection, folder: Path, model: Model) -> str:
    """The figures of a model on the records in ``match_records``, in one line."""
    connection.execute("CREATE OR REPLACE TEMP TABLE match_new_records AS SELECT item FROM match_records")
    candidate_pairs(connection)
    scored = among_entries(score_pairs(connection, REGISTER_QUERY, model))
    connection.register("scored", scored.append_column("may_place", pa.array(may_place(scored))))
    found = figures(connection, best_matches(connection, folder), model)
    return "  ".join(f"{name} {found[name]:.4f}" for name in _SHOWN)


def main() -> None:
    """Prints the figures of the set named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="SET_DIR")
    parser.add_argument("--decisions", default="200,400,1000", help="how many answers, one try each (200,400,1000)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    shipped, lot = shipped_model(), Random(arguments.seed)
    for count in map(int, arguments.decisions.split(",")):
        with tempfile.TemporaryDirectory() as home, duckdb.connect(f"{home}/set.duckdb") as connection:
            match_set(connection, arguments.folder, shipped)
            said = answers(connection, arguments.folder, shipped, count, lot)
            model, told = learned(connection, said, shipped)
            connection.execute("DELETE FROM match_records WHERE list_contains(?, id)", [[d.record_id for d in said]])
            print(f"{len(said)} decisions: {told}")
            for name, tried in (("shipped", shipped), ("learned", model)):
                print(f"  {name}  {fares(connection, arguments.folder, tried)}")


if __name__ == "__main__":
    main()

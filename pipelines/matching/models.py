"""The versions of the weights that decisions taught, in ``state.match_models``, and which version a run uses.

Belongs here: when to learn anew, keeping versions, choosing one. Does not: learning and judging (``trial``), the shipped weights
(``model``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.matching.decisions import REGISTER
from pipelines.matching.items import prepare_records
from pipelines.matching.learning import flat, probabilities
from pipelines.matching.lessons import Lessons, gather
from pipelines.matching.model import Model, read_model, shipped_model, write_model
from pipelines.matching.register_items import ready_register
from pipelines.matching.trial import Trial, automatic_from, compare_models, learn
from pipelines.review.decisions import Decision, Pair, in_force
from pipelines.warehouse import transaction

ENOUGH = 200  # decisions before anything is learned ...
ENOUGH_OF_EACH = 20  # ... of each answer
CHANGED = 0.1  # share of the last version's decisions that must be new or otherwise before it is learned anew

_VERSIONS = """
SELECT version, based_on, compared_with, made_at, decisions, held_back, strength, train_loss, train_loss_before, loss,
    loss_before, gain_low, wrong, wrong_before, missed, missed_before, verdict, reason
FROM state.match_models ORDER BY substring(version, 9)::INTEGER
"""
_LIVE = f"""
SELECT id FROM asked_ids WHERE id IN (SELECT record_id FROM intermediate.records)
    OR id IN (SELECT '{REGISTER}' || corporate_number FROM intermediate.register_entries)
"""


class UnknownModel(Exception):
    """The settings name a version that there is not, or whose weights are of other features than these."""


class Version(NamedTuple):
    """One row of ``state.match_models``, whose DDL says what each column means."""

    version: str
    based_on: str
    compared_with: str
    made_at: datetime
    decisions: int
    held_back: int
    strength: float
    train_loss: float
    train_loss_before: float
    loss: float
    loss_before: float
    gain_low: float
    wrong: int
    wrong_before: int
    missed: int
    missed_before: int
    verdict: str
    reason: str


def versions(con: duckdb.DuckDBPyConnection) -> list[Version]:
    """Every version that was ever learned, oldest first."""
    return [Version(*row) for row in con.execute(_VERSIONS).fetchall()]


def model_in_force(con: duckdb.DuckDBPyConnection, as_of: datetime, run_id: str) -> Model:
    """The model of a run: ``chosen_model``, after learning from the decisions where the settings let it and there are enough of
    them that no version knows. Needs ``intermediate.*`` and ``state`` on a writable warehouse. Raises ``UnknownModel``."""
    precision, review, asked = asked_for(con)
    if asked == "auto":
        _learn_if_due(con, precision, shipped_model(precision, review), chosen_model(con), as_of, run_id)
    return chosen_model(con)


def chosen_model(con: duckdb.DuckDBPyConnection) -> Model:
    """The model that ``config.matching`` asks for, with the thresholds for the stated precision; under *auto* the newest version
    that was accepted for the features of this one. Raises ``UnknownModel``."""
    precision, review, asked = asked_for(con)
    shipped = shipped_model(precision, review)
    if asked == "auto":
        known = [v.version for v in versions(con) if v.verdict == "accepted" and v.based_on == shipped.version]
        asked = known[-1] if known else "shipped"
    return shipped if asked == "shipped" else learned_model(con, asked, precision, shipped)


def asked_for(con: duckdb.DuckDBPyConnection) -> tuple[float, float, str]:
    """(stated precision, lowest probability for review, auto or shipped or a version). Raises ``UnknownModel``."""
    row = con.execute("SELECT stated_precision, review, model FROM config.matching").fetchone()
    if row is None:
        raise UnknownModel("config.matching is empty: materialize the asset settings first.")
    return row[0], row[1], row[2]


def learned_model(con: duckdb.DuckDBPyConnection, version: str, precision: float, shipped: Model) -> Model:
    """A version that was learned; its threshold as the decisions held back from it bear out. Raises ``UnknownModel``."""
    kept = con.execute("SELECT based_on, weights FROM state.match_models WHERE version = ?", [version]).fetchone()
    if kept is None:
        known = ", ".join(v.version for v in versions(con) if v.based_on == shipped.version) or "none yet"
        raise UnknownModel(f"matching.model names {version}, which was never learned. Write auto, shipped, or one of: {known}.")
    if kept[0] != shipped.version:
        raise UnknownModel(f"matching.model names {version}, which weighs what {kept[0]} compared. Write auto or shipped.")
    held = con.execute(
        "SELECT probability, decision = 'same' AS same FROM state.match_lessons WHERE version = ? AND held_back AND may_place",
        [version],
    ).fetchnumpy()
    auto = automatic_from(np.asarray(held["probability"]), np.asarray(held["same"], bool), precision, shipped.auto)
    return read_model(version, auto, shipped.review, kept[1])


def _learn_if_due(
    con: duckdb.DuckDBPyConnection, precision: float, shipped: Model, old: Model, as_of: datetime, run_id: str
) -> None:
    """Learns a version and keeps it, accepted or refused, where decisions that nobody learned from ask for it."""
    said = in_force(con)
    answers = _live_answers(con, said)
    if not _enough(list(answers.values())) or not _news(con, shipped, said, answers):
        return
    ready_register(con)
    prepare_records(con)
    lessons = gather(con, said, shipped)
    if not _enough(["same" if same else "different" for same in lessons.lesson.same]):
        return
    version = f"learned-{len(versions(con)) + 1}"
    new, strength = learn(lessons, shipped, version)
    trial = compare_models(lessons, new, old, precision)
    _keep(con, new, old, lessons, strength, trial, shipped.version, as_of, run_id)


def _enough(answers: Sequence[str]) -> bool:
    return len(answers) >= ENOUGH and min(answers.count("same"), answers.count("different")) >= ENOUGH_OF_EACH


def _live_answers(con: duckdb.DuckDBPyConnection, said: Sequence[Decision]) -> dict[Pair, str]:
    """same or different, by pair whose two sides exist."""
    answers = {d.pair: d.decision for d in said if d.decision in ("same", "different")}
    con.register("asked_ids", pa.table({"id": pa.array(sorted({id for pair in answers for id in pair}), pa.string())}))
    live = {id for (id,) in con.execute(_LIVE).fetchall()}
    con.unregister("asked_ids")
    return {pair: answer for pair, answer in answers.items() if live.issuperset(pair)}


def _news(con: duckdb.DuckDBPyConnection, shipped: Model, said: Sequence[Decision], answers: dict[Pair, str]) -> bool:
    """Whether enough was said that the last version for these features does not know, or was taken back that it does."""
    last = [v.version for v in versions(con) if v.based_on == shipped.version][-1:]
    rows = con.execute(
        "SELECT record_id, other_record_id, decision FROM state.match_lessons WHERE list_contains(?, version)", [last]
    ).fetchall()
    taught = {(a, b): decision for a, b, decision in rows}
    standing = {decision.pair for decision in said}
    changed = sum(taught.get(pair) != answer for pair, answer in answers.items()) + len(taught.keys() - standing)
    return not last or changed >= CHANGED * len(taught)


def _keep(
    con: duckdb.DuckDBPyConnection, new: Model, old: Model, lessons: Lessons, strength: float, trial: Trial, based_on: str,
    as_of: datetime, run_id: str,
) -> None:  # fmt: skip
    held = lessons.held_back()
    before, after = trial.before, trial.after
    row = {
        "version": new.version, "based_on": based_on, "compared_with": old.version, "made_at": as_of, "run_id": run_id,
        "decisions": int((~held).sum()), "held_back": int(held.sum()), "strength": strength, "train_loss": after.train_loss,
        "train_loss_before": before.train_loss, "loss": after.loss, "loss_before": before.loss, "gain_low": trial.gain_low,
        "wrong": after.wrong, "wrong_before": before.wrong, "missed": after.missed, "missed_before": before.missed,
        "weights": write_model(new), "verdict": "accepted" if trial.reason == "better" else "refused", "reason": trial.reason,
    }  # fmt: skip
    taught = pa.table(
        {
            "version": [new.version] * len(held),
            "record_id": [a for a, _ in lessons.pairs],
            "other_record_id": [b for _, b in lessons.pairs],
            "decision": ["same" if same else "different" for same in lessons.lesson.same],
            "held_back": held,
            "may_place": lessons.may_place,
            "probability": probabilities(flat(dict(new.bits)), lessons.lesson),
        }
    )
    con.register("new_version", pa.Table.from_pylist([row]))
    con.register("new_lessons", taught)
    with transaction(con):
        con.execute("INSERT INTO state.match_models BY NAME SELECT * FROM new_version")
        con.execute("INSERT INTO state.match_lessons BY NAME SELECT * FROM new_lessons")
    con.unregister("new_version")
    con.unregister("new_lessons")

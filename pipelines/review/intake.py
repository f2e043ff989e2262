"""Taking answers in: which of them are new, and recording those.

Belongs here: telling what a file says for the first time from what it said before. Does not: reading the file
(``reading.py``). The same file twice adds nothing; an answer that was changed since adds a newer one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from pipelines.review.decisions import Decision, Pair, add, in_force, pair_of
from pipelines.review.reading import Answer, Answered
from pipelines.warehouse import incoming, transaction

_EARLIER = """
SELECT record_id, other_record_id, arg_max(decision, (imported_at, rowid)),
    arg_max(coalesce(reason, ''), (imported_at, rowid)), bool_or(file_digest = $digest)
FROM state.review_answers WHERE export_id = $export GROUP BY ALL
"""
_LOG = """
INSERT INTO state.review_answers BY NAME
SELECT $export AS export_id, $digest AS file_digest, c0 AS sheet, c1 AS record_id, c2 AS other_record_id, c3 AS decision,
    c4 AS decided_by, c5 AS reason, $at AS imported_at, c6::DOUBLE AS probability, c7 AS stratum, c8::BIGINT AS stratum_size
FROM incoming
"""


@dataclass
class Intake:
    """What became of a file's answers."""

    taken: list[Decision] = field(default_factory=list)
    repeated: int = 0
    """Answers that this export gave before, or that stand already."""
    replaced: list[tuple[Decision, Decision]] = field(default_factory=list)
    """Another word was in force: that one, and the new one."""


@dataclass(frozen=True)
class _Earlier:
    decision: str
    reason: str
    same_file: bool


def take_in(con: duckdb.DuckDBPyConnection, answered: Answered, by: str, at: datetime) -> Intake:
    """Record what is new; ``by`` answered where a row names nobody. ``con``: the warehouse with its state."""
    with transaction(con):
        rows = con.execute(_EARLIER, {"digest": answered.digest, "export": answered.export_id}).fetchall()
        earlier = {pair_of(a, b): _Earlier(*rest) for a, b, *rest in rows}
        standing = {decision.pair: decision for decision in in_force(con)}
        unread = [answer for answer in answered.answers if not (e := earlier.get(answer.asked.pair)) or not e.same_file]
        intake = _sorted_out(unread, earlier, standing, by, at)
        intake.repeated += len(answered.answers) - len(unread)
        add(con, intake.taken)
        if unread:
            with incoming(con, [_logged(answer, by) for answer in unread]):
                con.execute(_LOG, {"export": answered.export_id, "digest": answered.digest, "at": at})
    return intake


def _logged(answer: Answer, by: str) -> tuple[str | None, ...]:
    asked = answer.asked
    drawn = (None if value is None else str(value) for value in (asked.probability, asked.stratum, asked.stratum_size))
    return (asked.sheet, asked.record_id, asked.other_record_id, answer.decision, answer.by or by, answer.reason, *drawn)


def _sorted_out(
    answers: Sequence[Answer], earlier: Mapping[Pair, _Earlier], standing: Mapping[Pair, Decision], by: str, at: datetime
) -> Intake:
    intake = Intake()
    for answer in answers:
        asked, before, now = answer.asked, earlier.get(answer.asked.pair), standing.get(answer.asked.pair)
        again = before and (before.decision, before.reason) == (answer.decision, answer.reason or "")
        if again or (now and now.decision == answer.decision and answer.reason in (None, now.reason)):
            intake.repeated += 1
            continue
        new = Decision(asked.record_id, asked.other_record_id, answer.decision, answer.by or by, at, answer.reason)
        intake.taken.append(new)
        if now and now.decision != new.decision:
            intake.replaced.append((now, new))
    return intake

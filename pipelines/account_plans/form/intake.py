"""Taking a form in: which of its answers are new, and keeping those until a person accepts them.

Belongs here: telling new from repeated, newer from older, and recording. Does not: reading the file (``reading.py``), or
verdicts (``answers.py``). The same file twice adds nothing; of two answers to one field that wait the newer one stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import duckdb

from pipelines.account_plans.form.answers import ACCEPTED, SUPERSEDED, WAITING, Answer, answers_of
from pipelines.account_plans.form.reading import Filled
from pipelines.warehouse import transaction

_ADD = """
INSERT INTO state.partner_answers BY NAME
SELECT ? AS answer_id, ? AS partner, ? AS field, ? AS value, ?::VARCHAR AS before, ? AS form_id, ? AS file,
    ?::VARCHAR AS filled_in_by, ?::DATE AS filled_in_on, ?::TIMESTAMPTZ AS received_at, ? AS verdict
"""
_SUPERSEDE = "UPDATE state.partner_answers SET verdict = 'superseded', decided_at = ? WHERE answer_id = ? AND verdict = 'waiting'"


@dataclass
class Intake:
    """What became of a file's answers."""

    taken: list[Answer] = field(default_factory=list)
    """They wait for a person now."""
    older: list[Answer] = field(default_factory=list)
    """Kept, but a newer one waits already."""
    repeated: int = 0
    """Answers that the file gave before, or that stand or wait already."""


def take_in(
    con: duckdb.DuckDBPyConnection, filled: Filled, file: str, before: Mapping[str, str | None], today: date, at: datetime
) -> Intake:
    """Record what is new. ``file``: its name as it came back; ``before``: field -> JSON of what we know; ``con``: with state."""
    intake = Intake()
    with transaction(con):
        earlier = answers_of(con, filled.partner)
        ids = {answer.answer_id for answer in earlier}
        for key, value in filled.values.items():
            new = _answer(filled, key, value, file, before.get(key), today, at)
            waiting, standing = _newest(earlier, key, WAITING), _newest(earlier, key, ACCEPTED)
            last = waiting or standing
            if new.answer_id in ids or (last and last.value == new.value):
                intake.repeated += 1
            elif waiting and waiting.filled_in_on > new.filled_in_on:
                intake.older.append(replace(new, verdict=SUPERSEDED))
            else:
                intake.taken.append(new)
                if waiting:
                    con.execute(_SUPERSEDE, [at, waiting.answer_id])
        for answer in (*intake.taken, *intake.older):
            _add(con, answer)
    return intake


def _answer(filled: Filled, key: str, value: str, file: str, before: str | None, today: date, at: datetime) -> Answer:
    whole = "\0".join((filled.partner, filled.form_id, key, value, filled.digest))
    return Answer(
        answer_id=hashlib.sha256(whole.encode()).hexdigest()[:16],
        partner=filled.partner,
        field=key,
        value=json.loads(value),
        before=None if before is None else json.loads(before),
        form_id=filled.form_id,
        file=file,
        filled_in_by=filled.by,
        filled_in_on=filled.on or today,
        received_at=at,
    )


def _newest(answers: list[Answer], key: str, verdict: str) -> Answer | None:
    of = [answer for answer in answers if (answer.field, answer.verdict) == (key, verdict)]
    return max(of, key=lambda answer: (answer.filled_in_on, answer.received_at, answer.answer_id), default=None)


def _add(con: duckdb.DuckDBPyConnection, new: Answer) -> None:
    value, before = (
        None if one is None else json.dumps(one, ensure_ascii=False, sort_keys=True) for one in (new.value, new.before)
    )
    row = [new.answer_id, new.partner, new.field, value, before, new.form_id, new.file, new.filled_in_by, new.filled_in_on]
    con.execute(_ADD, [*row, new.received_at, new.verdict])

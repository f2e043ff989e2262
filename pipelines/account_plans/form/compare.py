"""What an answer would change: beside each other what we knew and what the partner says now.

Belongs here: choosing what it is held against, and telling it. Does not: printing (the command line), or deciding. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.account_plans.figure import Source
from pipelines.account_plans.form.answers import Answer
from pipelines.account_plans.form.reading_tables import shown_people
from pipelines.account_plans.profile.fields import BY_KEY, PEOPLE
from pipelines.account_plans.profile.trust import Said, best
from pipelines.account_plans.profile.values import checked, to_json
from pipelines.account_plans.profile.words import words_of
from pipelines.texts import text

_AS_TRUSTED = ("person", "partner")


@dataclass(frozen=True)
class Difference:
    """One answer, told. ``before`` is None where nobody as trusted said anything."""

    answer: Answer
    label: str
    now: str
    before: str | None
    ours: str | None
    """What one of us entered, which an accepted answer does not replace."""
    ours_from: Source | None


def label_of(field: str, language: str) -> str:
    """The field's name."""
    return text(f"plan.profile.{field}", language)


def known_json(field: str, said: Mapping[str, Sequence[Said]], accepted: Mapping[str, Answer]) -> str | None:
    """What is known of the field from the partner or from one of us, as JSON."""
    if field == PEOPLE:
        return json.dumps(accepted[PEOPLE].value, ensure_ascii=False) if PEOPLE in accepted else None
    known = best(one for one in said.get(field, ()) if one.source.trust in _AS_TRUSTED)
    return to_json(known.value) if known else None


def difference(answer: Answer, said: Mapping[str, Sequence[Said]], language: str, currency: str) -> Difference:
    """The answer beside what stood when it came in, and beside what one of us entered since. ``said``: as it is now."""
    now, before = (_told(answer.field, value, language, currency) for value in (answer.value, answer.before))
    ours = best(one for one in said.get(answer.field, ()) if one.source.trust == "person")
    told = words_of(BY_KEY[answer.field], ours.value, language, currency) if ours else None
    return Difference(answer, label_of(answer.field, language), now or "", before, told, ours.source if ours else None)


def _told(field: str, value: Any, language: str, currency: str) -> str | None:
    if value is None:
        return None
    if field == PEOPLE:
        return shown_people(value)
    return words_of(BY_KEY[field], checked(BY_KEY[field], value), language, currency).replace("\n", " / ")

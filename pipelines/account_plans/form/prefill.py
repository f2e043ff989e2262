"""What may stand on the form before the partner fills it in: its own words, and what is public. Pure.

Belongs here: the gate through which everything on the form passes. Does not: reading (``profile/gather.py``). What one of us
entered, our CRM's words that are not public, and all that the map shows never pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from pipelines.account_plans.form.answers import Answer
from pipelines.account_plans.form.layout import PERSON, Person, answerable
from pipelines.account_plans.profile.fields import BY_KEY, PEOPLE
from pipelines.account_plans.profile.trust import Said, best
from pipelines.account_plans.profile.values import Value, checked

_PUBLIC_SOURCES = ("crm", "map")
_REMARK = re.compile(r"[(（\[【<＜〔「※*＊!！?？:：;；\n]")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def prefilled(name: str, said: Mapping[str, Sequence[Said]], accepted: Mapping[str, Answer]) -> dict[str, Value]:
    """Field -> value. ``name``: of the partner, as we write it to it; ``said``: all that anybody says of each field."""
    public = {"company_name": name, **{key: shown for key in said if (shown := _public(key, said[key]))}}
    own = {key: checked(BY_KEY[key], accepted[key].value) for key in answerable() if key in accepted and key != PEOPLE}
    return {**public, **own}


def people_of(accepted: Mapping[str, Answer]) -> tuple[Person, ...]:
    """The people that the partner named."""
    answer = accepted.get(PEOPLE)
    return tuple({column: person.get(column) for column in PERSON} for person in answer.value) if answer else ()


def _public(key: str, said: Sequence[Said]) -> str | None:
    """The value where it has the form of a public one: a field of a CRM may hold a remark of ours too."""
    field = BY_KEY[key]
    if not field.is_public or key == "company_name":
        return None
    known = best(one for one in said if one.source.trust in _PUBLIC_SOURCES)
    if known is None or not isinstance(known.value, str):
        return None
    if key == "website":
        return _site(known.value)
    return None if _REMARK.search(known.value) else known.value


def _site(value: str) -> str | None:
    """Only the host: a path or query may tell where we have it from."""
    split = urlsplit(value if "://" in value else f"https://{value}")
    host = (split.hostname or "").casefold()
    return f"https://{host}/" if _HOST.fullmatch(host) else None

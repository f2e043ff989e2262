"""Building and writing one sandbox org's documents.

Belongs here: ids, people and the files ``orgs/<org>/*.jsonl`` and ``schema.json``. Does not: what a sales
team did (``salesforce_org``, ``hubspot_portal``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from connectors.sandbox.world import words

Document = dict[str, Any]
_PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "User": "005",
    "Opportunity": "006",
    "Lead": "00Q",
    "Task": "00T",
    "Event": "00U",
    "OpportunityPartner": "00I",
    "Deal_Registration__c": "a0D",
}


_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def salesforce_id(object: str, number: int, instance: int = 1) -> str:
    """The 18-character id of the ``number``-th record of an object, apart for each ``instance`` (one digit).

    Made here and not by the sandbox's server, whose modules cost more to import than a small world to make. The ids are far
    above those that a sandbox org gives out itself.
    """
    serial, rest = "", 7 * number
    while len(serial) < 6:
        rest, digit = divmod(rest, 62)
        serial = _BASE62[digit] + serial
    id15 = f"{_PREFIXES[object]}5gA{instance}0k" + serial
    return id15 + "".join(_CHECK[sum(1 << bit for bit in range(5) if "A" <= id15[at + bit] <= "Z")] for at in (0, 5, 10))


@dataclass(frozen=True)
class Person:
    last: str
    first: str
    kana: str
    mail: str
    """The part of the mail address before the @."""

    @property
    def name(self) -> str:
        return f"{self.last} {self.first}"


def person(rng: Random) -> Person:
    last, first = rng.choice(words.SURNAMES), rng.choice(words.GIVEN_NAMES)
    return Person(last.text, first.text, f"{last.kana} {first.kana}", f"{first.english}.{last.english}".lower())


def people(rng: Random, count: int) -> list[Person]:
    """Different people, with different mail addresses."""
    found: dict[str, Person] = {}
    while len(found) < count:
        somebody = person(rng)
        found.setdefault(somebody.mail, somebody)
    return list(found.values())


def write_org(folder: Path, objects: Mapping[str, Iterable[Document]], schema: Document) -> dict[str, int]:
    """One line per document; gives the count per object."""
    folder.mkdir(parents=True, exist_ok=True)
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    counts = {}
    for name, documents in objects.items():
        lines = [encode(document) for document in documents]
        (folder / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        counts[name] = len(lines)
    (folder / "schema.json").write_text(json.dumps(schema, ensure_ascii=False, indent=1), encoding="utf-8")
    return counts

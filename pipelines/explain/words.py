"""The steps of ``marts.explanations`` as sentences in Japanese or English.

Belongs here: filling texts with what the model found. Does not: finding or deciding anything (dbt, ``marts/explain``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from pipelines.texts import catalogue, text

_STEPS = """
SELECT section, text_key, params FROM marts.explanations
WHERE company_id = $company AND ($partner IS NULL OR partner IS NULL OR partner = $partner)
ORDER BY section_order, ordered_by, text_key, params::VARCHAR
"""
NOTHING = "–"
_PARTIES = {"parties", "winner", "spared"}


@dataclass(frozen=True)
class Step:
    """One sentence of the explanation, under the heading of its section."""

    section: str
    sentence: str
    record_id: str | None = None
    """The record whose match it tells of."""


def explained(con: duckdb.DuckDBPyConnection, company_id: str, language: str, partner: str | None = None) -> list[Step]:
    """Everything that led to what the CRM shows of that company, in the order in which it was decided.

    A parameter whose name ends in ``_key`` is the key of a text and is told in the same language; one in ``_PARTIES`` holds
    ids of parties and is told by their names.
    """
    names = dict(con.execute("SELECT party, name FROM config.parties").fetchall())
    rows = con.execute(_STEPS, {"company": company_id, "partner": partner}).fetchall()
    return [
        Step(
            text(f"explain.section.{section}", language),
            filled(key, language, _told(params, names, language)),
            params.get("record_id") if key == "explain.record" else None,
        )
        for section, key, params in rows
    ]


def filled(key: str, language: str, values: Mapping[str, str | None]) -> str:
    """The text with its values; a part in angle brackets goes where one of its values is not known."""
    return _sentence(catalogue()[key][language], {name: value for name, value in values.items() if value})


def _told(params: dict[str, str | None], names: dict[str, str], language: str) -> dict[str, str]:
    """What is filled in, by name; what is not known is left out."""
    told = {}
    for name, value in params.items():
        if not value:
            continue
        if name in _PARTIES:
            value = "、".join(names.get(party.strip(), party.strip()) for party in value.split(","))
        told[name.removesuffix("_key")] = text(value, language) if name.endswith("_key") else value
    return told


def _sentence(template: str, told: dict[str, str]) -> str:
    """Fill the template; a part in angle brackets goes if nothing is known for it."""

    def optional(part: re.Match[str]) -> str:
        return part[1] if all(name in told for name in re.findall(r"{(\w+)}", part[1])) else ""

    return re.sub(r"<([^<>]*)>", optional, template).format_map(_Known(told))


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return NOTHING

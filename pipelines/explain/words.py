"""The steps of ``marts.explanations`` as sentences in Japanese or English.

Belongs here: filling texts with what the model found. Does not: finding or deciding anything (dbt, ``marts/explain``).
"""

from __future__ import annotations

import re
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


def explained(con: duckdb.DuckDBPyConnection, company_id: str, language: str, partner: str | None = None) -> list[Step]:
    """Everything that led to what the CRM shows of that company, in the order in which it was decided.

    A parameter whose name ends in ``_key`` is the key of a text and is told in the same language; one in ``_PARTIES`` holds
    ids of parties and is told by their names.
    """
    names = dict(con.execute("SELECT party, name FROM config.parties").fetchall())
    rows = con.execute(_STEPS, {"company": company_id, "partner": partner}).fetchall()
    return [
        Step(text(f"explain.section.{section}", language), _sentence(_template(key, language), _told(params, names, language)))
        for section, key, params in rows
    ]


def _template(key: str, language: str) -> str:
    return catalogue()[key][language]


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

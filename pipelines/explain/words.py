"""The steps of ``marts.explanations`` as sentences in Japanese or English.

Belongs here: filling texts with what the model found. Does not: finding or deciding anything (dbt, ``marts/explain``).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipelines.texts import text

_STEPS = """
SELECT section, text_key, params FROM marts.explanations
WHERE company_id = $company AND ($partner IS NULL OR partner IS NULL OR partner = $partner)
ORDER BY section_order, ordered_by, text_key, params::VARCHAR
"""
NOTHING = "–"


@dataclass(frozen=True)
class Step:
    """One sentence of the explanation, under the heading of its section."""

    section: str
    sentence: str


def explained(con: duckdb.DuckDBPyConnection, company_id: str, language: str, partner: str | None = None) -> list[Step]:
    """Everything that led to what the CRM shows of that company, in the order in which it was decided.

    A parameter whose name ends in ``_key`` is the key of a text and is told in the same language.
    """
    rows = con.execute(_STEPS, {"company": company_id, "partner": partner}).fetchall()
    return [Step(text(f"explain.section.{section}", language), _sentence(key, params, language)) for section, key, params in rows]


def _sentence(key: str, params: dict[str, str | None], language: str) -> str:
    told = {}
    for name, value in params.items():
        if name.endswith("_key"):
            told[name.removesuffix("_key")] = text(value, language) if value else NOTHING
        else:
            told[name] = value if value not in (None, "") else NOTHING
    return text(key, language, **told)

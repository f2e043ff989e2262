"""Customers of both sides by industry and by prefecture.

Belongs here: reading them, and naming industries in the reader's language. Does not: what the partner says of its own
customer base (``profile/``).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import duckdb

from pipelines.account_plans.figure import Figure
from pipelines.account_plans.gather.figures import Mart
from pipelines.account_plans.industries import industry_names
from pipelines.account_plans.plan import Base

Kind = Literal["industry", "prefecture"]
TOLD = 8
"""So many of each kind: what a slide can hold."""
_BASES = """
SELECT coalesce(names.name, bases.value) AS label, bases.value, our_customers, their_customers, both_customers
FROM marts.plan_bases AS bases
LEFT JOIN (SELECT unnest($written) AS written, unnest($names) AS name) AS names ON names.written = lower(bases.value)
WHERE bases.partner = $partner AND bases.kind = $kind AND lower(bases.value) NOT IN ('other', 'その他')
ORDER BY position LIMIT $told
"""


def bases_of(con: duckdb.DuckDBPyConnection, partner: str, kind: Kind, language: str, as_of: date) -> tuple[Base, ...]:
    """The first ``TOLD`` by customers of both, then the partner's, then ours; 'other' says nothing and is left out."""
    names = industry_names(language)
    values = {"partner": partner, "kind": kind, "written": list(names), "names": list(names.values()), "told": TOLD}
    return tuple(_base(kind, as_of, *row) for row in con.execute(_BASES, values).fetchall())


def _base(kind: Kind, as_of: date, label: str, value: str, ours: int, theirs: int, both: int) -> Base:
    mart = Mart("plan_bases", as_of)

    def figure(side: str, count: int) -> Figure:
        return mart.figure(f"base.{kind}.{value.lower()}.{side}", count, "companies", f"base.{side}", of=label)

    return Base(label, figure("ours", ours), figure("theirs", theirs), figure("both", both))

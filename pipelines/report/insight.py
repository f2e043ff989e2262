"""What we know of each partner, read from the marts: its fit and parts, its state, lifts, and what is proposed for a ghost.

Belongs here: queries and the value types they fill. Does not: how they look (``insight_words.py``, the command line).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import duckdb


@dataclass(frozen=True)
class Part:
    """One part of a fit."""

    part: str
    points: float
    max_points: float
    is_known: bool
    reached: int | None
    full_at: int | None
    label_key: str
    basis_key: str


@dataclass(frozen=True)
class Lift:
    """One comparison of our dealings with a partner and without it; the numbers are None where they are not shown."""

    measure: str
    basis: str
    n: int
    baseline_n: int
    value: float | None
    baseline_value: float | None
    lift: float | None
    ci_low: float | None
    ci_high: float | None
    hidden_key: str | None


@dataclass(frozen=True)
class ProposedCompany:
    """A company to begin with when a ghost is revived."""

    company_name: str
    cell: int
    our_status: str
    partner_status: str
    expected_value: float | None


@dataclass
class Proposal:
    """What to do about a ghost."""

    proposal: str
    reason_key: str
    silent_days: int | None
    unused_companies: int
    unused_value: float
    cells: str | None
    companies: list[ProposedCompany] = field(default_factory=list)


@dataclass
class PartnerInsight:
    """One partner."""

    partner: str
    name: str
    stage: str
    fit: float
    points: float
    known_points: float
    max_points: float
    state: str
    last_activity_on: date | None
    last_activity_key: str | None
    silent_days: int | None
    companies: int
    overlap: int
    our_targets: int
    covered_targets: int
    coverage: float | None
    parts: list[Part] = field(default_factory=list)
    lifts: list[Lift] = field(default_factory=list)
    proposal: Proposal | None = None


T = TypeVar("T")


def partner_insights(con: duckdb.DuckDBPyConnection) -> list[PartnerInsight]:
    """Every partner that has not ended, in the order of the yaml."""
    fits = con.execute(
        f"""SELECT partner, name, {_names(PartnerInsight, skip=2, until="parts")}
        FROM (SELECT fit.*, parties.name, parties.position FROM marts.partner_fit AS fit
              INNER JOIN config.parties AS parties ON parties.party = fit.partner) ORDER BY position"""
    ).fetchall()
    insights = {row[0]: PartnerInsight(*row) for row in fits}
    for partner, part in _rows(con, Part, "marts.partner_fit_parts", "position"):
        insights[partner].parts.append(part)
    measures = "list_position(['win_rate', 'contract_value', 'days_to_close', 'retention'], measure), basis"
    for partner, lift in _rows(con, Lift, "marts.partner_lifts", measures):
        insights[partner].lifts.append(lift)
    for partner, *values in con.execute(
        f"SELECT partner, {_names(Proposal, until='companies')}, {_names(ProposedCompany)} "
        "FROM marts.partner_proposals ORDER BY partner, rank"
    ).fetchall():
        at = len(Proposal.__dataclass_fields__) - 1
        proposal = insights[partner].proposal or Proposal(*values[:at])
        insights[partner].proposal = proposal
        if values[at] is not None:
            proposal.companies.append(ProposedCompany(*values[at:]))
    return list(insights.values())


def minimum_n(con: duckdb.DuckDBPyConnection) -> int:
    """How many cases each side of a comparison needs to be shown."""
    row = con.execute("SELECT max(value) FROM config.parameters WHERE name = 'minimum_n'").fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _names(of: type, skip: int = 0, until: str | None = None) -> str:
    """The fields of a value type as columns."""
    names = list(of.__dataclass_fields__)  # type: ignore[attr-defined]
    return ", ".join(names[skip : names.index(until) if until else None])


def _rows(con: duckdb.DuckDBPyConnection, of: Callable[..., T], table: str, order: str) -> list[tuple[str, T]]:
    rows = con.execute(f"SELECT partner, {_names(of)} FROM {table} ORDER BY partner, {order}").fetchall()  # type: ignore[arg-type]
    return [(partner, of(*values)) for partner, *values in rows]

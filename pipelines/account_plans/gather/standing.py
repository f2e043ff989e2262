"""How we stand with a partner: its list beside ours, fit and state, introductions and registrations, what dealing with it is
associated with, and whom it must leave alone.

Belongs here: short queries on the marts and the figures they fill. Does not: what that makes us propose (``drafts/``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.account_plans.figure import Figure, Unit
from pipelines.account_plans.gather.figures import Mart

_PARTNER = """
SELECT parties.name, parties.party_type, parties.stage, fit.state, fit.last_activity_on, fit.last_activity_key
FROM marts.partner_fit AS fit INNER JOIN config.parties AS parties ON parties.party = fit.partner WHERE fit.partner = ?
"""
_FIT: tuple[tuple[str, str, Unit], ...] = (
    ("fit", "if(known_points > 0, fit, NULL)", "points"),
    ("silent_days", "if(last_activity_on IS NULL, NULL, silent_days)", "days"),
    ("listed", "companies", "companies"),
    ("overlap", "overlap", "companies"),
    ("our_targets", "our_targets", "companies"),
    ("covered_targets", "covered_targets", "companies"),
    ("coverage", "coverage", "share"),
)
"""Key of the figure, its column of ``marts.partner_fit``, its unit."""
_INTRODUCTIONS = """
SELECT count(*) FILTER (WHERE status = 'requested'), count(*) FILTER (WHERE status = 'accepted'),
       count(*) FILTER (WHERE is_open AND status = 'met'), count(*) FILTER (WHERE status = 'won'), count(*)
FROM marts.introductions WHERE partner = ? AND direction = 'to_us'
"""
_REGISTRATIONS = "SELECT count(*) FROM marts.registrations WHERE partner = ? AND status = 'submitted'"
_BARS = """
SELECT rule, count(DISTINCT company_id) FROM marts.no_approach WHERE partner = ? AND named_by_partner GROUP BY rule ORDER BY rule
"""
_LIFTS = """
SELECT measure, basis, n, baseline_n, value, baseline_value, lift, ci_low, ci_high FROM marts.partner_lifts
WHERE partner = ? AND is_shown
ORDER BY list_position(['win_rate', 'contract_value', 'days_to_close', 'retention'], measure), basis
"""
_PROPOSAL = """
SELECT max(proposal), max(unused_companies) FROM marts.partner_proposals WHERE partner = ?
"""
LIFT_UNITS: dict[str, Unit] = {"win_rate": "share", "contract_value": "money", "days_to_close": "days", "retention": "share"}


@dataclass(frozen=True)
class Lift:
    """Our dealings with the partner beside like ones without it: an association, no effect. ``basis``: ``involved`` (partner of
    record) or ``present``. ``side``: ``better`` or ``worse`` than without it where the whole interval says so, else ``open``."""

    measure: str
    basis: str
    cases: Figure
    value: Figure
    baseline: Figure
    side: str


@dataclass(frozen=True)
class Standing:
    """All of it. ``whitespace`` and ``no_approach`` have no value before there is a contract, what its list would tell none
    before there is a list. ``introductions``: those to us, by requested, accepted, met, won and all; ``registrations``: those
    that wait for an answer. ``proposal``: revive, close or none, of a ghost. ``bars``: rule -> companies that it named itself."""

    partner: str
    as_of: date
    name: str
    type: str
    stage: str
    state: str
    last_activity_on: date | None
    last_activity_key: str | None
    fit: Figure
    silent_days: Figure
    listed: Figure
    overlap: Figure
    our_targets: Figure
    covered_targets: Figure
    coverage: Figure
    whitespace: Figure
    greenfield: Figure
    no_approach: Figure
    introductions: dict[str, Figure]
    registrations: Figure
    bars: dict[str, Figure]
    lifts: tuple[Lift, ...]
    proposal: str | None
    unused: Figure

    @property
    def has_list(self) -> bool:
        """The partner has given a list, so that the map says something of it."""
        return bool(self.listed.value)


def standing_of(con: duckdb.DuckDBPyConnection, partner: str, as_of: date) -> Standing:
    """``partner``: one that has not ended; ``as_of``: the run's date. Raises ``LookupError`` for a partner the marts lack."""
    row = con.execute(_PARTNER, [partner]).fetchone()
    if row is None:
        raise LookupError(partner)
    name, kind, stage, state, last_on, last_key = row
    fit = _fit(con, partner, as_of)
    has_list = bool(fit["listed"].value)
    proposal, unused = con.execute(_PROPOSAL, [partner]).fetchone() or (None, None)
    proposals = Mart("partner_proposals", as_of)
    return Standing(
        partner, as_of, name, kind, stage, state, last_on, last_key, **fit,
        whitespace=_count(con, "whitespace", partner, as_of, stage == "active"),
        greenfield=_count(con, "greenfield", partner, as_of, has_list),
        no_approach=_count(con, "no_approach", partner, as_of, stage == "active"),
        introductions=_introductions(con, partner, as_of),
        registrations=_registrations(con, partner, as_of),
        bars=_bars(con, partner, as_of),
        lifts=tuple(_lift(Mart("partner_lifts", as_of), *row) for row in con.execute(_LIFTS, [partner]).fetchall()),
        proposal=proposal,
        unused=proposals.figure("unused", unused, "companies"),
    )  # fmt: skip


def _fit(con: duckdb.DuckDBPyConnection, partner: str, as_of: date) -> dict[str, Figure]:
    columns = ", ".join(column for _, column, _ in _FIT)
    values = con.execute(f"SELECT {columns} FROM marts.partner_fit WHERE partner = ?", [partner]).fetchone() or ()
    mart = Mart("partner_fit", as_of)
    return {key: mart.figure(key, value, unit) for (key, _, unit), value in zip(_FIT, values, strict=True)}


def _count(con: duckdb.DuckDBPyConnection, model: str, partner: str, as_of: date, is_known: bool) -> Figure:
    """Companies, each once however many product lines it has a row for."""
    row = con.execute(f"SELECT count(DISTINCT company_id) FROM marts.{model} WHERE partner = ?", [partner]).fetchone()
    return Mart(model, as_of).figure(model, row[0] if row and is_known else None, "companies")


def _introductions(con: duckdb.DuckDBPyConnection, partner: str, as_of: date) -> dict[str, Figure]:
    mart = Mart("introductions", as_of)
    counts = con.execute(_INTRODUCTIONS, [partner]).fetchone() or ()
    kinds = ("requested", "accepted", "met", "won", "all")
    return {kind: mart.figure(f"introductions.{kind}", count, "introductions") for kind, count in zip(kinds, counts, strict=True)}


def _registrations(con: duckdb.DuckDBPyConnection, partner: str, as_of: date) -> Figure:
    row = con.execute(_REGISTRATIONS, [partner]).fetchone()
    return Mart("registrations", as_of).figure("registrations.submitted", row[0] if row else None, "registrations")


def _bars(con: duckdb.DuckDBPyConnection, partner: str, as_of: date) -> dict[str, Figure]:
    mart = Mart("no_approach", as_of)
    return {rule: mart.figure(f"bars.{rule}", count, "companies") for rule, count in con.execute(_BARS, [partner]).fetchall()}


def _lift(
    mart: Mart, measure: str, basis: str, n: int, _other: int, value: float, baseline: float, lift: float, low: float, high: float
) -> Lift:
    """Fewer days are better, more of all else."""
    key, unit = f"lift.{measure}.{basis}", LIFT_UNITS[measure]
    above, below = ("worse", "better") if measure == "days_to_close" else ("better", "worse")
    side = above if low > 1 else below if high < 1 else "open"
    return Lift(
        measure,
        basis,
        mart.figure(f"{key}.cases", n, "deals" if measure != "retention" else "companies"),
        mart.figure(f"{key}.with", value, unit),
        mart.figure(f"{key}.without", baseline, unit),
        side,
    )

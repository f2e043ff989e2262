"""The settings as ``config.*`` tables (``pipelines/ddl/config.sql``), rewritten whole at the start of every run.

Belongs here: one function per table, settings in, rows out. Does not: any rule; rules are SQL in dbt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings.models import Settings
from pipelines.settings.segments import Segments, segments_of

DDL = Path(__file__).resolve().parents[1] / "ddl" / "config.sql"


@dataclass(frozen=True)
class Run:
    """One run: its id and its moment. ``as_of`` is aware; every rule takes it as *now*."""

    run_id: str
    as_of: datetime


Rows = Iterable[tuple[Any, ...]]


def _parties(settings: Settings) -> Rows:
    yield ("us", settings.us.name, "us", "active", False, None, 0)
    for position, (party, p) in enumerate(settings.partners.items(), start=1):
        yield (party, p.name, p.type, p.stage, p.exclusive, p.whitespace_cap, position)


def _registration_terms(settings: Settings) -> Rows:
    for party, partner in settings.partners.items():
        terms = settings.rules.registrations_of(partner.type, partner.registrations)
        days = (terms.pending_days, terms.protection_days, terms.activity_days, terms.grace_days, terms.extension_days)
        yield (party, terms.approval, *days)


def _no_approach_rules(settings: Settings) -> Rows:
    for party, partner in settings.partners.items():
        for rule, entry in settings.rules.no_approach_of(partner.type, partner.no_approach).items():
            yield (party, rule, entry.enabled, entry.days, entry.reach, entry.by_product_line)


def _territories(settings: Settings) -> Rows:
    for party, partner in settings.partners.items():
        territory = partner.territory
        yield from ((party, "prefecture", value) for value in territory.prefectures)
        yield from ((party, "industry", value) for value in territory.industries)
        yield from ((party, "product_line", value) for value in territory.product_lines)
        if territory.employees.at_least is not None:
            yield (party, "employees_at_least", str(territory.employees.at_least))
        if territory.employees.at_most is not None:
            yield (party, "employees_at_most", str(territory.employees.at_most))


def rows_of_segments(party: str, own: Segments) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Rows of ``config.segments`` and ``config.segment_conditions`` of one party."""
    segments, conditions = [], []
    for (source, status), alternatives in segments_of(own).items():
        for at, alternative in enumerate(alternatives, start=1):
            key = (party, source, alternative.object, status, at)
            segments.append((*key, alternative.since))
            conditions += [(*key, n, c.field, c.operator, c.texts) for n, c in enumerate(alternative.all, start=1)]
    return segments, conditions


def _segments(settings: Settings) -> tuple[Rows, Rows]:
    """Of every party."""
    parties = {"us": settings.segments} | {party: partner.segments for party, partner in settings.partners.items()}
    found = [rows_of_segments(party, own) for party, own in parties.items()]
    return [row for rows, _ in found for row in rows], [row for _, rows in found for row in rows]


def _product_words(settings: Settings) -> Rows:
    for line, product in settings.product_lines.items():
        yield from ((line, word) for word in dict.fromkeys([line, product.name, *product.words]))


def _group_members(settings: Settings) -> Rows:
    for group in settings.groups:
        for at, member in enumerate(group.members, start=1):
            yield (group.name, at, member.corporate_number, member.name)


def _plan_rates(settings: Settings) -> Rows:
    for party, partner in settings.partners.items():
        rates = settings.rules.account_plans.rates | partner.account_plans.rates
        yield from ((party, cell, rate) for cell, rate in sorted(rates.items()))


def _sharing_policies(settings: Settings) -> Rows:
    for party in settings.partners:
        policy = settings.sharing_of(party)
        named = (policy.lists, policy.named_fields)
        yield (party, policy.version, policy.approved_by, policy.until, policy.minimum_count, *(list(each) for each in named))


def _sharing_levels(settings: Settings) -> Rows:
    for party in settings.partners:
        policy = settings.sharing_of(party)
        yield from ((party, "status", status, level) for status, level in sorted(policy.statuses.items()))
        yield from ((party, "cell", str(cell), level) for cell, level in sorted(policy.cells.items()))


def _partner_terms(settings: Settings) -> Rows:
    for party in settings.partners:
        terms = settings.terms_of(party)
        yield (party, terms.use, terms.until)


def _parameters(settings: Settings) -> Rows:
    rules = settings.rules
    numbers = {"assignment_days": rules.assignment_days, **rules.insight.model_dump()}
    numbers["alert_lapsing_days"] = settings.alerts.lapsing_days
    numbers["fiscal_year_starts_in"] = settings.us.fiscal_year_starts_in
    yield from ((name, float(value)) for name, value in numbers.items())


def config_rows(settings: Settings, run: Run) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of every ``config`` table, columns in the order of the DDL."""
    us = settings.us
    partners, connections = settings.partners.items(), settings.connections.items()
    segments, conditions = _segments(settings)
    return {
        "run": [(run.run_id, run.as_of, run.as_of.astimezone(us.zone).date(), us.time_zone, us.language, us.currency)],
        "parties": list(_parties(settings)),
        "connections": [(name, c.crm, c.party) for name, c in connections],
        "partner_lists": [(p, e.name, e.content, e.kind, e.default_status) for p, partner in partners for e in partner.lists],
        "field_roles": [
            (name, o, role, f) for name, c in connections for o, roles in c.fields.items() for role, f in roles.items()
        ],
        "party_accounts": [(p, connection, id) for p, partner in partners for connection, id in partner.our_account.items()],
        "status_words": [
            (p, word, status) for p, partner in partners for e in partner.lists for word, status in e.statuses.items()
        ],
        "segments": list(segments),
        "segment_conditions": list(conditions),
        "status_order": [(status, at) for at, status in enumerate(settings.rules.status_order, start=1)],
        "registration_terms": list(_registration_terms(settings)),
        "no_approach_rules": list(_no_approach_rules(settings)),
        "territories": list(_territories(settings)),
        "restricted": [(r.partner, r.corporate_number, r.name, r.product_line, r.reach, r.reason) for r in settings.restricted],
        "product_lines": [(line, p.name, at) for at, (line, p) in enumerate(settings.product_lines.items(), start=1)],
        "matching": [(settings.matching.precision, settings.matching.review, settings.matching.model)],
        "product_words": list(_product_words(settings)),
        "group_members": list(_group_members(settings)),
        "exchange_rates": [(us.currency, 1.0, None), *((c, r.rate, r.on) for c, r in settings.exchange_rates.items())],
        "alert_kinds": [(kind,) for kind in settings.alerts.kinds],
        "parameters": list(_parameters(settings)),
        "plan_rates": list(_plan_rates(settings)),
        "sharing_policies": list(_sharing_policies(settings)),
        "sharing_levels": list(_sharing_levels(settings)),
        "partner_terms": list(_partner_terms(settings)),
    }


def write_config(con: duckdb.DuckDBPyConnection, settings: Settings, run: Run) -> None:
    """Replace every ``config`` table in one transaction; the tables too, so that they have the shape of this version."""
    con.execute("BEGIN")
    con.execute("DROP SCHEMA IF EXISTS config CASCADE")
    con.execute(DDL.read_text(encoding="utf-8"))
    for table, rows in config_rows(settings, run).items():
        if rows:
            con.executemany(f"INSERT INTO config.{table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    con.execute("COMMIT")

"""The settings as ``config.*`` tables (``pipelines/ddl/config.sql``), rewritten whole at the start of every run.

Belongs here: one function per table, settings in, rows out. Does not: any rule; rules are SQL in dbt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from pipelines.settings.models import Settings


@dataclass(frozen=True)
class Run:
    """One run: its id and its moment. ``as_of`` is aware; every rule takes it as *now*."""

    run_id: str
    as_of: datetime


def _parties(settings: Settings) -> Iterable[tuple[Any, ...]]:
    yield ("us", settings.us.name, "us", "active", False, None, "manual", 0)
    for position, (party, p) in enumerate(settings.partners.items(), start=1):
        yield (party, p.name, p.type, p.stage, p.exclusive, p.whitespace_cap, p.registration_approval, position)


def _no_approach_rules(settings: Settings) -> Iterable[tuple[Any, ...]]:
    for party, partner in settings.partners.items():
        for rule in type(settings.rules.no_approach).model_fields:
            entry = getattr(partner.no_approach, rule) or getattr(settings.rules.no_approach, rule)
            yield (party, rule, entry.enabled, entry.days)


def _territories(settings: Settings) -> Iterable[tuple[Any, ...]]:
    for party, partner in settings.partners.items():
        yield from ((party, "prefecture", value) for value in partner.territory.prefectures)
        yield from ((party, "industry", value) for value in partner.territory.industries)


def _parameters(settings: Settings) -> Iterable[tuple[Any, ...]]:
    for name, value in settings.rules.model_dump(exclude={"no_approach"}).items():
        yield (name, float(value))


def config_rows(settings: Settings, run: Run) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of every ``config`` table, columns in the order of the DDL."""
    us = settings.us
    partners, connections = settings.partners.items(), settings.connections.items()
    return {
        "run": [(run.run_id, run.as_of, run.as_of.astimezone(us.zone).date(), us.time_zone, us.language)],
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
        "no_approach_rules": list(_no_approach_rules(settings)),
        "territories": list(_territories(settings)),
        "restricted": [(r.partner, r.corporate_number, r.name, r.reason) for r in settings.restricted],
        "parameters": list(_parameters(settings)),
    }


def write_config(con: duckdb.DuckDBPyConnection, settings: Settings, run: Run) -> None:
    """Replace the content of every ``config`` table in one transaction."""
    con.execute("BEGIN")
    for table, rows in config_rows(settings, run).items():
        con.execute(f"DELETE FROM config.{table}")
        if rows:
            con.executemany(f"INSERT INTO config.{table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    con.execute("COMMIT")

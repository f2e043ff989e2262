"""A world of ``facts.py`` put where the marts read it, and the models of sharing built over it.

Belongs here: one way from facts to tables, and building. Does not: what may be in the outcome.
The tables are those of the compiled project in memory (``tests/scenarios/prepared.py``); rows are put in already matched.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

import duckdb

from pipelines.settings.models import Settings
from tests.leaks.facts import Facts, Partner, Policy, Record
from tests.scenarios.prepared import PreparedProject, prepared_project
from tests.scenarios.scenario import BASE, TODAY, Tree, moment

AS_OF = moment(TODAY)
BUILT = ("share_whitespace", "share_no_approach", "share_overlaps", "share_introductions", "share_registrations", "share_summary")
_TRAITS = ("corporate_number", "prefecture", "city", "industry", "employees")


def settings_of(facts: Facts) -> Settings:
    """As the yaml would state this world."""
    connections = dict(BASE["connections"])
    for partner in facts.partners.values():
        if partner.has_crm:
            connections[f"{partner.party}_crm"] = connections["our_hubspot"] | {"party": partner.party}
    return Settings.model_validate(
        BASE
        | {
            "us": {"name": facts.our_name},
            "alerts": {"email": {"host": "mail.example", "sender": "sharing@example.com", "to": ["us@example.com"]}},
            "connections": connections,
            "product_lines": {line: {"name": name} for line, name in facts.lines.items()},
            "restricted": [{"corporate_number": number, "partner": p, "reason": "legal"} for number, p in facts.restricted],
            "partners": {partner.party: _stated(partner) for partner in facts.partners.values()},
        }
    )


def _stated(partner: Partner) -> Tree:
    contents = ("accounts", "registrations", "introductions")
    return {
        "name": partner.name,
        "type": partner.type,
        "stage": partner.stage,
        "exclusive": partner.exclusive,
        "whitespace_cap": partner.cap,
        "territory": {"prefectures": list(partner.territory)},
        "no_approach": partner.rules,
        "lists": [{"name": content, "content": content, "file": f"{content}.csv"} for content in contents],
        "sharing": _policy(partner.policy),
    }


def _policy(policy: Policy) -> Tree:
    return {
        "statuses": policy.statuses,
        "cells": policy.cells,
        "lists": list(policy.lists),
        "fields": list(policy.fields),
        "minimum_count": policy.minimum_count,
        "until": policy.until,
        "approved_by": policy.approved_by,
        "mail_to": [policy.mail_to],
        "language": policy.language,
    }


@cache
def models(names: tuple[str, ...]) -> list[Any]:
    """The marts that these need, parents first."""
    project = prepared_project()
    return [model for model in project.needed_for(names) if model.schema == "marts"]


def build(
    facts: Facts, settings: Settings, as_of: datetime = AS_OF, *, keep_state: bool = False, names: tuple[str, ...] = BUILT
) -> duckdb.DuckDBPyConnection:
    """The marts over these facts, on the connection that comes back."""
    project = prepared_project()
    project.empty(keep_state=keep_state)
    project.write_settings(settings, as_of)
    for table, rows in _tables(facts, as_of).items():
        if table.startswith("state.") and keep_state:
            continue
        _insert(project, table, rows)
    project.build(models(names))
    return project.con


def _insert(project: PreparedProject, table: str, rows: Iterable[Tree]) -> None:
    """Rows of one shape. Not through a registered table: that would change the catalogue, and every statement be planned anew."""
    rows = list(rows)
    if not rows:
        return
    names = list(rows[0])
    place = f"({', '.join('?' for _ in names)})"
    values = [row[name] for row in rows for name in names]
    chosen = ", ".join(f'"{name}"' for name in names)
    project.con.execute(f"INSERT INTO {table} ({chosen}) VALUES {', '.join([place] * len(rows))}", values)


def _tables(facts: Facts, as_of: datetime) -> dict[str, list[Tree]]:
    evidence = [{"feature": "name", "outcome": "same_text", "weight": 5.0}]
    placed = [record for record in facts.records if record.company]
    sizes = {company: sum(record.company == company for record in placed) for company in facts.companies}
    return {
        "intermediate.records": [_record(record) for record in facts.records],
        "intermediate.record_statuses": [
            {"record_id": r.record_id, "party": r.party, "status": status, "reason": "status.test", "since": r.since}
            for r in facts.records
            for status in r.statuses
        ],
        "intermediate.opportunities": [
            {
                "opportunity_id": deal.deal_id,
                "record_id": deal.record_id,
                "party": "us",
                "name": deal.name,
                "stage": deal.stage,
                "is_open": deal.is_open,
                "is_won": deal.is_won,
                "amount": float(deal.amount),
                "close_date": deal.close_date,
                "created_on": deal.close_date,
                "last_activity_on": deal.active,
                "product": deal.product,
                "scope": deal.scope,
                "partner_of_record": deal.partner_of_record,
                "owner_name": deal.owner,
            }
            for deal in facts.deals
        ],
        "intermediate.registration_claims": [
            {
                "claim_id": claim.claim_id,
                "record_id": claim.record_id,
                "partner": claim.partner,
                "origin": claim.origin,
                "registered_on": claim.received,
                "last_activity_on": claim.active,
                "product": claim.product,
                "scope": claim.scope,
                "amount": float(claim.amount),
                "partner_status_word": claim.status_word,
                "received_at": moment(claim.received),
            }
            for claim in facts.claims
        ],
        "intermediate.introduction_claims": [
            {
                "introduction_id": each.introduction_id,
                "record_id": each.record_id,
                "partner": each.partner,
                "direction": each.direction,
                "status": each.status,
                "requested_on": TODAY,
                "amount": float(each.amount),
                "owner_name": each.owner,
                "note": each.note,
                "origin": each.origin,
            }
            for each in facts.introductions
        ],
        "intermediate.overrides": [
            {
                "record_id": each.record_id,
                "override": each.override,
                "partner": each.partner,
                "partner_text": each.partner,
                "reason": each.reason,
                "until": each.until,
                "decided_by": each.decided_by,
                "is_valid": True,
            }
            for each in facts.overrides
        ],
        "intermediate.register_entries": [
            {
                "corporate_number": entry.corporate_number,
                "source": "register",
                "name": entry.name,
                "prefecture": entry.prefecture,
                "city": entry.city,
            }
            for entry in facts.register
        ],
        "match.links": [
            {
                "record_id": record.record_id,
                "company_id": record.company,
                "probability": 0.97,
                "verdict": "auto",
                "rule": "name_address",
                "evidence": evidence,
                "matched_at": as_of,
                "model_version": "v1",
            }
            for record in placed
        ],
        "match.companies": [
            {
                "company_id": company,
                "name": facts.company_names[company],
                "corporate_number": number,
                "prefecture": next((r.traits.prefecture for r in placed if r.company == company), None),
                "city": next((r.traits.city for r in placed if r.company == company), None),
                "record_count": sizes[company],
            }
            for company, number in facts.companies.items()
            if sizes[company]
        ],
        "state.registration_decisions": [
            {
                "claim_id": claim.claim_id,
                "decision": claim.decision,
                "reason": None,
                "decided_by": "tkdecidedby",
                "decided_at": moment(claim.received),
            }
            for claim in facts.claims
            if claim.decision
        ],
    }


def _record(record: Record) -> Tree:
    return {
        "record_id": record.record_id,
        "party": record.party,
        "source": "file" if "/" in record.connection else "salesforce" if "salesforce" in record.connection else "hubspot",
        "connection": record.connection,
        "object": record.object,
        "native_id": record.native_id,
        "name": record.name,
        "owner_name": record.owner,
        "parent_record_id": record.parent,
        **{name: getattr(record.traits, name) for name in _TRAITS},
        **record.hidden,
    }

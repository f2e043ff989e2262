"""What a scenario says that people decided and that earlier runs remembered, put into the state.

Belongs here: the tables of ``state``. Does not: what this run's sources say (``facts.py``), or what the run itself remembers.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from tests.scenarios.scenario import Day, Given, Tree, moment

PERSON = "佐藤 花子"


def claims(given: Given) -> Iterator[tuple[str, str, str, Tree]]:
    """(its name in the scenario, claim id, partner, what is said of it) of every registration given, whatever its source."""
    for partner, rows in given.registrations.items():
        yield from ((name, f"{partner}/registrations:registration:{name}", partner, row) for name, row in rows.items())
    for name, row in given.crm_registrations.items():
        yield name, f"our_salesforce:DealRegistration__c:{name}", row["Partner__c"], row
    for name, row in given.opportunities.items():
        if "RegisteredBy__c" in row:
            yield name, f"our_salesforce:Opportunity:{name}", row["RegisteredBy__c"], row


def write_state(con: duckdb.DuckDBPyConnection, day: Day) -> None:
    """Decisions are stated anew each day; what was received and assigned before, an earlier day's run has remembered."""
    given = day.given
    ids = {name: claim_id for name, claim_id, _, _ in claims(given)}
    con.execute("DELETE FROM state.registration_decisions; DELETE FROM state.override_confirmations; DELETE FROM state.overrides")
    for entry in given.decisions:
        decided = [entry.get("reason"), entry.get("by", PERSON), moment(entry.get("day", day.as_of))]
        row = [ids[entry["registration"]], entry["decision"], entry.get("until"), *decided]
        con.execute("INSERT INTO state.registration_decisions VALUES (?, ?, ?, ?, ?, ?)", row)
    for entry in given.confirmed:
        row = [f"our_salesforce:Account:{entry['account']}", entry.get("partner"), entry["until"], None, PERSON, day.as_of]
        con.execute("INSERT INTO state.override_confirmations VALUES (?, ?, ?, ?, ?, ?)", row)
    for entry in given.manager_overrides:
        said = [entry["override"], entry.get("partner"), entry.get("reason", "両社で合意"), entry["until"]]
        row = [f"our_salesforce:Account:{entry['account']}", *said, PERSON, moment(entry.get("day", day.as_of))]
        con.execute("INSERT INTO state.overrides VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    for _, claim_id, partner, about in claims(given):
        if "received" in about:
            received = [claim_id, partner, moment(about["received"])]
            con.execute("INSERT INTO state.registrations VALUES (?, ?, ?) ON CONFLICT DO NOTHING", received)
    for company, entry in given.assigned.items() if day.is_first else ():
        row = [company, entry["partner"], entry["since"], entry["until"], entry.get("rule", "only_candidate")]
        con.execute("INSERT INTO state.assignments VALUES (?, ?, ?, ?, ?)", row)


def unheard(con: duckdb.DuckDBPyConnection, given: Given) -> list[str]:
    """Registrations of the scenario that no model found."""
    found = {claim_id for (claim_id,) in con.execute("SELECT claim_id FROM intermediate.registration_claims").fetchall()}
    return [name for name, claim_id, _, _ in claims(given) if claim_id not in found]

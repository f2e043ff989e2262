"""Copying into the state what the marts decided and a rebuild must not forget; idempotent.

Belongs here: one statement per state table. Does not: any rule (dbt decides; this only remembers).
"""

from __future__ import annotations

import duckdb

from pipelines.warehouse import transaction

_STATEMENTS = {
    "registrations": """
        INSERT INTO state.registrations BY NAME
        SELECT claim_id, partner, received_at FROM intermediate.registration_claims
        ON CONFLICT DO NOTHING
    """,
    "first_seen_map": """
        INSERT INTO state.first_seen
        SELECT 'account_map', partner || '|' || company_id, first_seen_at FROM marts.account_map
        ON CONFLICT DO NOTHING
    """,
    "first_seen_collisions": """
        INSERT INTO state.first_seen
        SELECT 'collision', collision_id, first_seen_at FROM marts.collisions
        ON CONFLICT DO NOTHING
    """,
    "assignments_released": """
        DELETE FROM state.assignments
        WHERE NOT EXISTS (FROM marts.assignments AS wanted WHERE wanted.company_id = assignments.company_id)
    """,
    "assignments": """
        INSERT OR REPLACE INTO state.assignments BY NAME
        SELECT company_id, partner, assigned_on, held_until, rule FROM marts.assignments
    """,
}


def remember(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows touched by each statement, all in one transaction of the state file."""
    counts = {}
    with transaction(con):
        for name, statement in _STATEMENTS.items():
            row = con.execute(statement).fetchone()
            counts[name] = int(row[0]) if row else 0
    return counts

"""Copying into the state what the marts decided and a rebuild must not forget; idempotent per moment of a run.

Belongs here: one statement per state table, and when nothing may be remembered. Does not: any rule (dbt decides;
this only remembers).
A run of an earlier moment than the newest that is remembered shows the past and is not remembered: it would write
what is known today into the past. All is one transaction of the state file; rows that say the same already stay as they are.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from pipelines.warehouse import transaction

MANY = 20
"""So many rows do not vanish at once: where they would, something broke before."""
_NEEDED = ("account_map", "assignments", "collision_log", "map_versions", "account_map_history")
_COLLISION = """collision_id, kind, company_id, company_name, scope, parties, severity, who_must_act, suggested_winner, rule,
            first_seen_at, last_seen_at, resolved_at"""
_VERSION = (
    *("party", "company_id", "our_status", "partner_status", "cell", "registration_status", "is_whitespace"),
    *("no_approach_rule", "valid_from"),
)

_STATEMENTS = {
    "registrations": """
        INSERT INTO state.registrations BY NAME
        SELECT claim_id, partner, received_at FROM intermediate.registration_claims
        ANTI JOIN state.registrations USING (claim_id)
    """,
    "first_seen": """
        INSERT INTO state.first_seen BY NAME
        SELECT 'account_map' AS kind, partner || '|' || company_id AS key, first_seen_at FROM marts.account_map
        ANTI JOIN (FROM state.first_seen WHERE kind = 'account_map') AS seen ON seen.key = partner || '|' || company_id
    """,
    "assignments_released": """
        DELETE FROM state.assignments
        WHERE NOT EXISTS (FROM marts.assignments AS wanted WHERE wanted.company_id = assignments.company_id)
    """,
    "assignments": """
        INSERT OR REPLACE INTO state.assignments BY NAME
        SELECT company_id, partner, assigned_on, held_until, rule FROM marts.assignments
        EXCEPT SELECT company_id, partner, assigned_on, held_until, rule FROM state.assignments
    """,
    "collisions": f"""
        INSERT OR REPLACE INTO state.collisions BY NAME
        SELECT {_COLLISION} FROM marts.collision_log EXCEPT SELECT {_COLLISION} FROM state.collisions
    """,
    "versions_undone": f"""
        DELETE FROM state.map_history AS kept
        WHERE valid_from = (SELECT as_of FROM config.run) AND NOT EXISTS (
            FROM turned AS wanted WHERE {" AND ".join(f"wanted.{name} IS NOT DISTINCT FROM kept.{name}" for name in _VERSION)}
        )
    """,
    "versions_reopened": """
        UPDATE state.map_history AS kept SET valid_until = NULL
        WHERE valid_until = (SELECT as_of FROM config.run) AND NOT EXISTS (
            FROM turned AS wanted
            WHERE wanted.party = kept.party AND wanted.company_id = kept.company_id AND wanted.valid_until = kept.valid_until
        )
    """,
    "versions_closed": """
        UPDATE state.map_history AS kept SET valid_until = wanted.valid_until FROM turned AS wanted
        WHERE wanted.party = kept.party AND wanted.company_id = kept.company_id AND wanted.valid_from = kept.valid_from
            AND kept.valid_until IS NULL AND wanted.valid_until IS NOT NULL
    """,
    "versions_opened": """
        INSERT INTO state.map_history BY NAME
        SELECT wanted.* FROM turned AS wanted ANTI JOIN state.map_history USING (party, company_id, valid_from)
        WHERE wanted.valid_until IS NULL
    """,
    "runs": "INSERT OR REPLACE INTO state.map_runs BY NAME SELECT run_id, as_of FROM config.run",
}
_EVEN_HELD = ("registrations",)
"""When a claim came is its priority, whatever becomes of the run that first saw it."""
_TURNED = """
    CREATE OR REPLACE TEMP TABLE turned AS FROM marts.account_map_history
    WHERE (SELECT as_of FROM config.run) IN (valid_from, valid_until)
"""


class RefusedToRemember(Exception):
    """The marts look broken; to remember them would wipe what the state holds."""


def newer_run(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """The newest remembered moment, if this run's is earlier: then it shows the past and leaves no trace."""
    row = con.execute("SELECT max(as_of) FROM state.map_runs WHERE as_of > (SELECT as_of FROM config.run)").fetchone()
    return row[0] if row else None


def remember(con: duckdb.DuckDBPyConnection, held: bool = False) -> dict[str, int]:
    """Rows touched by each statement; none in a run of the past. Raises ``RefusedToRemember`` rather than forget everything.

    ``held``: a brake holds what the run would write, so what it decided may be wrong; only when claims came is remembered.
    """
    refuse_if_broken(con)
    if newer_run(con):
        return {}
    counts = {}
    con.execute(_TURNED)
    with transaction(con):
        for name, statement in _STATEMENTS.items():
            if held and name not in _EVEN_HELD:
                continue
            row = con.execute(statement).fetchone()
            counts[name] = int(row[0]) if row else 0
    con.execute("DROP TABLE turned")
    return counts


def refuse_if_broken(con: duckdb.DuckDBPyConnection) -> None:
    """Whether the marts are there, of this run, and not suddenly empty."""
    schema = "table_schema = 'marts' AND table_catalog = current_database()"
    found = con.execute(f"SELECT table_name FROM information_schema.tables WHERE {schema}").fetchall()
    missing = [name for name in _NEEDED if (name,) not in found]
    if missing:
        raise RefusedToRemember(f"marts.{missing[0]} does not exist. Build the models after matching first.")
    if _count(con, "marts.account_map WHERE as_of <> (SELECT as_of FROM config.run)"):
        raise RefusedToRemember("marts.account_map was built by another run. Build the models after matching of this run first.")
    for mart, kept, concerned in (
        ("map_versions WHERE party = 'us'", "map_history WHERE party = 'us' AND valid_until IS NULL", "party = 'us'"),
        ("account_map", "map_history WHERE cell IS NOT NULL AND valid_until IS NULL", "party <> 'us' AND stage <> 'ended'"),
        ("assignments", "assignments", "party <> 'us' AND exclusive AND stage = 'active'"),
    ):
        held = _count(con, f"state.{kept}")
        if held >= MANY and not _count(con, f"marts.{mart}") and _count(con, f"config.parties WHERE {concerned}"):
            name = mart.split()[0]
            raise RefusedToRemember(f"marts.{name} is empty although the state holds {held:,} such rows. Nothing was forgotten.")


def _count(con: duckdb.DuckDBPyConnection, rows: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {rows}").fetchone()
    return int(row[0]) if row else 0

"""The one gate: the only place that reads what may leave for a partner.

Belongs here: the models ``marts.share_*`` as a ``Share``. Does not: any rule of what may leave, which is SQL
(``dbt_project/models/marts/sharing``).

A policy that the yaml states otherwise than the models were built under shares nothing: the models may know more than it allows.
"""

from __future__ import annotations

import duckdb

from pipelines.settings import Settings
from pipelines.sharing.share import LISTS, Share, SharedRow

_OWN = (("their_id", None), ("company_name", None))
_TRAITS = tuple((name, name) for name in ("corporate_number", "prefecture", "city", "industry", "employees"))
_COLUMNS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "whitespace": (
        ("rank", "rank"), *_OWN, *_TRAITS, ("partner_status", None), ("our_status", "our_status"),
        ("product_line", "product_line"), ("reason_key", "reason"), ("held_until", "held_until"),
    ),
    "no_approach": (
        *_OWN, *_TRAITS, ("product_line", "product_line"), ("reason_key", "reason"), ("valid_until", "valid_until"),
    ),
    "overlaps": (
        *_OWN, *_TRAITS, ("partner_status", None), ("our_status", "our_status"), ("cell", "cell"), ("play_key", "play"),
        ("our_owner", "our_owner"), ("first_seen_on", "first_seen_on"),
    ),
    "introductions": (
        ("rank", "rank"), *_OWN, ("kind", None), ("direction", None), ("status", None), ("requested_on", None),
        ("accepted_on", None), ("met_on", None), ("closed_on", None), ("our_owner", "our_owner"),
    ),
    "registrations": (*_OWN, ("product", None), ("status", None), ("received_on", None), ("valid_until", None)),
    "summary": (("our_status", None), ("partner_status", None), ("companies", None), ("is_exact", None), ("counted_at", None)),
}  # fmt: skip
"""List -> (column, the field of the policy that names it; ``None``: it goes with the list)."""
_ORDER = {
    "whitespace": "rank NULLS LAST, company_name, row_key",
    "introductions": "kind DESC, rank NULLS LAST, requested_on DESC NULLS LAST, company_name, row_key",
    "registrations": "received_on DESC, company_name, row_key",
    "overlaps": "cell NULLS LAST, company_name, row_key",
    "summary": "row_key",
}


def share_of(con: duckdb.DuckDBPyConnection, settings: Settings, partner: str) -> Share | None:
    """What the partner may see by the last run; ``None`` where that is nothing at all. ``con``: on the warehouse or its copy."""
    policy = settings.sharing_of(partner) if partner in settings.partners else None
    found = con.execute(
        "SELECT policy_version, minimum_count, lists, fields FROM marts.share_partners WHERE partner = ?", [partner]
    ).fetchone()
    if policy is None or found is None or found[0] != policy.version:
        return None
    version, minimum_count, lists, fields = found
    run_id, as_of = con.execute("SELECT run_id, as_of FROM config.run").fetchall()[0]
    columns = {
        name: tuple(column for column, field in _COLUMNS[name] if field is None or field in fields)
        for name in LISTS
        if name in lists
    }
    return Share(
        partner=partner,
        partner_name=settings.partners[partner].name,
        our_name=settings.us.name,
        language=policy.language or settings.us.language,
        policy_version=version,
        minimum_count=minimum_count,
        as_of=as_of.astimezone(settings.us.zone),
        run_id=run_id,
        lists={name: _rows(con, name, partner, named) for name, named in columns.items()},
        columns=columns,
    )


def _rows(con: duckdb.DuckDBPyConnection, name: str, partner: str, columns: tuple[str, ...]) -> tuple[SharedRow, ...]:
    keys = (
        ("row_key", "NULL", "NULL", "NULL")
        if name == "summary"
        else ("row_key", "company_id", "partner_record_id", "company_name")
    )
    rows = con.execute(
        f"SELECT {', '.join((*keys, *columns))} FROM marts.share_{name} WHERE partner = ? "
        f"ORDER BY {_ORDER.get(name, 'company_name, row_key')}",
        [partner],
    ).fetchall()
    return tuple(
        SharedRow(row_key, company_id, record_id, company_name, dict(zip(columns, values, strict=True)))
        for row_key, company_id, record_id, company_name, *values in rows
    )

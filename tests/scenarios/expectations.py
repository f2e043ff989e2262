"""What a scenario expects, compared with what the models say, and the difference told in words.

Belongs here: which mart answers which kind of expectation, and the comparison. Does not: building the models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from tests.scenarios.facts import BadScenario
from tests.scenarios.scenario import TOKYO, Tree

NONE = "none"


@dataclass(frozen=True)
class Kind:
    """One kind of expectation: the mart that answers it, the names that lead to a row, the column that a bare word means."""

    table: str
    keys: tuple[str, ...]
    says: str
    query: str = "SELECT * FROM {table}"
    order: str = ""
    """Column whose order the expected rows must have; empty: any order."""

    @property
    def model(self) -> str:
        return self.table.split(".")[1]

    def rows(self, con: duckdb.DuckDBPyConnection) -> list[Tree]:
        cursor = con.execute(self.query.format(table=self.table) + f" ORDER BY {self.order or 'ALL'}")
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_LAST = "split_part({0}, ':', -1)"
KINDS = {
    "statuses": Kind("marts.party_companies", ("party", "company_id"), "status"),
    "all_statuses": Kind("marts.company_statuses", ("company_id",), "our_status"),
    "cells": Kind(
        "marts.account_map", ("partner", "company_id"), "cell_text",
        "SELECT *, coalesce(cell::varchar, our_status || ' x ' || partner_status) AS cell_text FROM {table}",
    ),
    "counts": Kind(
        "marts.account_map_summary", ("partner", "cell_text"), "companies",
        "SELECT *, coalesce(cell::varchar, our_status || ' x ' || partner_status) AS cell_text FROM {table}",
    ),
    "no_approach": Kind("marts.no_approach", ("partner", "company_id"), "rule"),
    "whitespace": Kind("marts.whitespace", ("partner",), "company_id", order="partner, rank, company_id"),
    "whitespace_rows": Kind("marts.whitespace", ("partner", "company_id"), "scope"),
    "whitespace_verdicts": Kind("marts.whitespace_verdicts", ("partner", "company_id"), "verdict"),
    "greenfield": Kind("marts.greenfield", ("partner",), "company_id", order="partner, rank"),
    "arbitration": Kind("marts.arbitration", ("company_id",), "partner", order="company_id, place"),
    "assigned": Kind("marts.assignments", ("company_id",), "partner"),
    "groups": Kind("marts.company_groups", ("company_id",), "group_id"),
    "flags": Kind("marts.crm_account_state", ("native_id",), "partner_approach"),
    "child_rows": Kind(
        "marts.crm_account_map", ("account_native_id", "partner_id"), "may_approach",
        "SELECT *, split_part(external_id, ':', 2) AS partner_id FROM {table}",
    ),
    "deal_verdicts": Kind("marts.crm_registration_state", ("native_id",), "registration_status"),
    "tasks": Kind("marts.crm_tasks", ("account_native_id",), "external_id"),
    "partner_flags": Kind("marts.crm_partner_account_state", ("native_id",), "no_approach"),
    "duplicates": Kind("marts.crm_duplicates", ("company_id",), "native_id", order="connection, company_id, position"),
    "measures": Kind("marts.run_measures", ("name",), "value"),
    "crm_lists": Kind("marts.crm_lists", ("list_key",), "native_id"),
    "registrations": Kind(
        "marts.registrations", ("registration",), "status",
        f"SELECT *, {_LAST.format('claim_id')} AS registration, {_LAST.format('held_by_claim_id')} AS held_by FROM {{table}}",
    ),
    "introductions": Kind(
        "marts.introductions", ("introduction",), "status",
        f"SELECT *, {_LAST.format('introduction_id')} AS introduction FROM {{table}}",
    ),
    "introduction_proposals": Kind("marts.introduction_proposals", ("partner",), "company_id", order="partner, rank"),
    "collisions": Kind("marts.collisions", ("company_id",), "kind"),
    "collision_log": Kind("marts.collision_log", ("company_id",), "kind"),
    "partner_fit": Kind("marts.partner_fit", ("partner",), "state"),
    "fit_parts": Kind("marts.partner_fit_parts", ("partner", "part"), "points"),
    "lifts": Kind("marts.partner_lifts", ("partner", "measure", "basis"), "is_shown"),
    "partner_proposals": Kind("marts.partner_proposals", ("partner",), "proposal", order="partner, rank"),
    "changes": Kind("marts.account_map_changes", ("party", "company_id"), "change"),
    "map_versions": Kind("marts.account_map_history", ("party", "company_id"), "our_status"),
    "alerts": Kind("marts.alerts", ("kind",), "company_id"),
    "opportunities": Kind(
        "intermediate.opportunities", ("opportunity",), "amount",
        f"SELECT *, {_LAST.format('opportunity_id')} AS opportunity FROM {{table}}",
    ),
    "record_statuses": Kind(
        "intermediate.record_statuses", ("record",), "status",
        f"SELECT *, {_LAST.format('record_id')} AS record FROM {{table}}",
    ),
    "partners_of_record": Kind(
        "intermediate.partners_of_record", ("record",), "partner",
        f"SELECT *, {_LAST.format('record_id')} AS record FROM {{table}}",
    ),
}  # fmt: skip


def models_of(expect: Tree) -> set[str]:
    """The models that answer these expectations."""
    unknown = set(expect) - set(KINDS)
    if unknown:
        raise BadScenario(f"nothing answers {', '.join(sorted(unknown))}. Expect one of {', '.join(sorted(KINDS))}")
    return {KINDS[kind].model for kind in expect}


def differences(con: duckdb.DuckDBPyConnection, expect: Tree) -> list[str]:
    """One sentence for everything that is otherwise than expected."""
    found = []
    for kind_name, expected in expect.items():
        kind = KINDS[kind_name]
        rows = kind.rows(con)
        for path, wanted in _leaves(expected, len(kind.keys)):
            at = [row for row in rows if all(_same(part, row[key]) for part, key in zip(path, kind.keys, strict=False))]
            found += [f"{kind_name} of {' / '.join(path) or 'all'}: {told}" for told in _compared(kind, wanted, at)]
    return found


def _leaves(expected: Any, depth: int, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """(names that lead there, rows wanted there). A list or ``none`` may stand higher up and then speaks of all below it."""
    if depth and isinstance(expected, dict):
        for key, below in expected.items():
            yield from _leaves(below, depth - 1, (*path, str(key)))
    elif expected == NONE:
        yield path, []
    else:
        yield path, expected if isinstance(expected, list) else [expected]


def _compared(kind: Kind, wanted: list[Any], rows: list[Tree]) -> Iterator[str]:
    left = list(rows)
    for place, each in enumerate(wanted):
        candidates = left[:1] if kind.order else left
        fitting = [row for row in candidates if not _unfit(kind, each, row)]
        if fitting:
            left.remove(fitting[0])
        elif kind.order:
            there = _shown(kind, each, rows[place]) if place < len(rows) else "nothing"
            yield f"expected {_said(each)} in place {place + 1}, found {there}"
            left = left[1:]
        else:
            there = "; ".join(_shown(kind, each, row) for row in rows) or "nothing"
            yield f"expected {_said(each)}, found {there}"
            return
    if left:
        extra = "; ".join(_shown(kind, wanted[0] if wanted else None, row) for row in left)
        yield f"expected {'nothing' if not wanted else 'no more'}, found {extra}"


def _unfit(kind: Kind, wanted: Any, row: Tree) -> list[str]:
    """The columns of the row that are otherwise than wanted."""
    columns = wanted if isinstance(wanted, dict) else {kind.says: wanted}
    missing = set(columns) - set(row)
    if missing:
        raise BadScenario(f"{kind.table} has no column {', '.join(sorted(missing))}; it has {', '.join(row)}")
    return [name for name, value in columns.items() if not _same(value, row[name])]


def _same(wanted: Any, found: Any) -> bool:
    """``~text`` is contained in it; a key's last word stands for the key; a day stands for a moment of that day in Tokyo."""
    if isinstance(wanted, str) and wanted.startswith("~"):
        return found is not None and wanted[1:] in str(found)
    if wanted is None or found is None or isinstance(wanted, bool):
        return wanted is found or (wanted == found and type(wanted) is type(found))
    if isinstance(found, datetime) and not isinstance(wanted, datetime):
        return found.astimezone(TOKYO).date() == wanted
    if isinstance(found, list):
        return isinstance(wanted, list) and len(wanted) == len(found) and all(map(_same, wanted, found))
    if isinstance(wanted, (int, float)) and isinstance(found, (int, float)):
        return abs(wanted - found) < 0.005
    if isinstance(wanted, date) or isinstance(found, date):
        return str(wanted) == str(found)
    return str(wanted) == str(found) or str(found).endswith("." + str(wanted))


def _said(wanted: Any) -> str:
    return ", ".join(f"{name} {_word(value)}" for name, value in wanted.items()) if isinstance(wanted, dict) else _word(wanted)


def _shown(kind: Kind, wanted: Any, row: Tree) -> str:
    columns = [kind.says, *(name for name in wanted if name != kind.says)] if isinstance(wanted, dict) else [kind.says]
    return ", ".join(f"{name} {_word(row[name])}" for name in columns) if len(columns) > 1 else _word(row[kind.says])


def _word(value: Any) -> str:
    return "nothing" if value is None else str(value)

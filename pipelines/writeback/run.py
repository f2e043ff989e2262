"""One write-back: the gate, then every connection of ours that the yaml allows, target by target.

Belongs here: what is written where, in which order. Does not: how (``push.py``), nor any rule (dbt).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from connectors.crm import Crm
from pipelines import gate
from pipelines.settings import Settings
from pipelines.writeback import desired, journal
from pipelines.writeback.catalogue import ACCOUNT_OBJECT, list_names
from pipelines.writeback.channels import AccountFields, ChildRows, ListMembers
from pipelines.writeback.push import PushOutcome, push

FIELDS_MISSING = "not provisioned, left alone: {names}. Run `totsugo provision`"


def write_back(
    con: duckdb.DuckDBPyConnection, settings: Settings, crms: Mapping[str, Crm], run_id: str, dry_run: bool = False
) -> dict[str, list[PushOutcome]]:
    """connection -> outcome per target. ``crms`` are our own, logged in. Raises ``GateClosed`` before the first read."""
    gate.require_open(con, gate.required(settings.connections_of(ours=True)))
    outcomes: dict[str, list[PushOutcome]] = {}
    for connection, crm in crms.items():
        if settings.write_back.enabled and settings.connections[connection].write_back:
            outcomes[connection] = _write_connection(con, settings, connection, crm, run_id, dry_run)
    return outcomes


def _write_connection(
    con: duckdb.DuckDBPyConnection, settings: Settings, connection: str, crm: Crm, run_id: str, dry_run: bool
) -> list[PushOutcome]:
    object = ACCOUNT_OBJECT[crm.name]
    accounts = AccountFields(crm, connection, object)
    merged = desired.merged(con, connection, crm.name, object)
    outcomes = []
    if missing := accounts.missing():
        outcomes.append(PushOutcome(object, skipped=FIELDS_MISSING.format(names=", ".join(missing))))
    else:
        known = desired.seen_by_last_pull(con, connection, crm.name, object)
        # an account that the pull has not seen is nobody's to write
        wanted = [want for want in desired.accounts(con, connection) if want.record_id in known]
        outcomes.append(push(con, accounts, wanted, known, run_id, dry_run, merged))
    if crm.name == "salesforce" and settings.write_back.child_rows:
        outcomes.append(_write_children(con, connection, crm, run_id, dry_run))
    if crm.name == "hubspot" and settings.write_back.lists:
        # a partner that left the yaml leaves lists behind: they are emptied
        names = journal.kept_lists(con, connection) | list_names({id: p.name for id, p in settings.partners.items()})
        outcomes += [_write_list(con, connection, crm, key, name, object, run_id, dry_run, merged) for key, name in names.items()]
    return outcomes


def _write_children(con: duckdb.DuckDBPyConnection, connection: str, crm: Crm, run_id: str, dry_run: bool) -> PushOutcome:
    channel = ChildRows(crm, connection)
    if missing := channel.missing():
        return PushOutcome(channel.target.object, skipped=FIELDS_MISSING.format(names=", ".join(missing)))
    sent = journal.sent_values(con, channel.target)
    return push(con, channel, desired.child_rows(con, channel.target), sent, run_id, dry_run)


def _write_list(
    con: duckdb.DuckDBPyConnection,
    connection: str,
    crm: Crm,
    key: str,
    name: str,
    object: str,
    run_id: str,
    dry_run: bool,
    merged: Mapping[str, Sequence[str]],
) -> PushOutcome:
    channel = ListMembers(crm, connection, key, name, object)
    members = {id: {"member": "true"} for id in crm.members(name)}
    exists = bool(members) or channel.exists()
    if not dry_run:
        journal.keep_list(con, channel.target, name if exists else None)
    if not exists:
        return PushOutcome(channel.target.object, skipped=FIELDS_MISSING.format(names=f"list {name}"))
    return push(con, channel, desired.members(con, channel.target, key, merged), members, run_id, dry_run, merged)

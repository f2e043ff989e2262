"""What write-back keeps in one connection, in the order in which it is written, and what is left alone because it is not there.

Belongs here: which channels the settings ask for, and whether the CRM has what they need. Does not: how one is read or sent
(``channels.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb

from connectors.crm import Crm
from pipelines.settings import Settings
from pipelines.texts import text
from pipelines.writeback import journal
from pipelines.writeback.catalogue import (
    ACCOUNT_FIELDS,
    ACCOUNT_OBJECT,
    CHILD_KEY,
    DEAL_OBJECT,
    OVERRIDE_FIELDS,
    PARTNER_ACCOUNT_FIELDS,
    REGISTRATION_FIELDS,
    TASK_KEY,
    TASK_OBJECT,
    OwnedField,
    list_names,
)
from pipelines.writeback.channels import Channel, ChildRows, ListMembers, RecordFields, Tasks
from pipelines.writeback.journal import Target

LIST_PREFIX = "Totsugo "


@dataclass
class PlannedTarget:
    """One channel, and why it is left alone, if it is."""

    channel: Channel
    skipped: str | None = None


def written_connections(settings: Settings) -> list[str]:
    """Connections that the yaml lets be written, ours before partners'; none with the kill switch off."""
    names = [*settings.connections_of(ours=True), *settings.connections_of(ours=False)]
    return [name for name in names if settings.write_back.enabled and settings.connections[name].write_back]


def targets_of(con: duckdb.DuckDBPyConnection, settings: Settings, connection: str, crm: Crm) -> Iterator[PlannedTarget]:
    """Every target of one connection. Asks the CRM which of our fields and lists it has; writes nothing to it."""
    object = ACCOUNT_OBJECT[crm.name]
    if settings.connections[connection].party != "us":
        accounts = told(crm, connection)
        yield _with_fields(settings, accounts, accounts.natives.values())
        return
    unread = _unread(settings, crm, object)
    for planned in _ours(con, settings, connection, crm, object):
        planned.skipped = planned.skipped or unread
        yield planned


def told(crm: Crm, connection: str) -> RecordFields:
    """What a partner's own CRM is told, on its accounts."""
    return _fields(crm, connection, ACCOUNT_OBJECT[crm.name], PARTNER_ACCOUNT_FIELDS, "crm_partner_account_state", ours=False)


def _unread(settings: Settings, crm: Crm, object: str) -> str | None:
    """Why nothing may be written where the reps' input cannot be read: a block unread looks lifted."""
    present = crm.existing_fields(object) or set()
    missing = [name for name in (f.native(crm.name) for f in OVERRIDE_FIELDS) if name not in present]
    return _missing(settings, missing) if missing else None


def _ours(con: duckdb.DuckDBPyConnection, settings: Settings, connection: str, crm: Crm, object: str) -> Iterator[PlannedTarget]:
    options = settings.write_back
    if options.account_fields:
        accounts = _fields(crm, connection, object, ACCOUNT_FIELDS, "crm_account_state")
        yield _with_fields(settings, accounts, accounts.natives.values())
    if options.registration_verdicts:
        deals = _fields(crm, connection, DEAL_OBJECT[crm.name], REGISTRATION_FIELDS, "crm_registration_state")
        yield _with_fields(settings, deals, deals.natives.values())
    if crm.name == "salesforce" and options.child_rows:
        rows = ChildRows(crm, connection)
        yield _with_fields(settings, rows, [CHILD_KEY, "Account__c", *rows.natives.values()])
    if crm.name == "hubspot" and options.lists:
        yield from _lists(con, settings, connection, crm, object)
    if options.next_play_tasks:
        yield _with_fields(settings, Tasks(crm, connection, TASK_OBJECT[crm.name]), [TASK_KEY[crm.name]])


def _fields(crm: Crm, connection: str, object: str, fields: tuple[OwnedField, ...], mart: str, ours: bool = True) -> RecordFields:
    target = Target(connection, object)
    return RecordFields(crm, target, fields, mart, mart_key="native_id", records=object, ours=ours, pulled=True)


def _with_fields(settings: Settings, channel: Channel, natives: Iterable[str]) -> PlannedTarget:
    present = channel.crm.existing_fields(channel.target.object)
    if present is None:
        return PlannedTarget(channel, _missing(settings, [channel.target.object]))
    missing = [name for name in natives if name not in present]
    return PlannedTarget(channel, _missing(settings, missing) if missing else None)


def _missing(settings: Settings, names: list[str]) -> str:
    return text("write_back.not_provisioned", settings.us.language, names=", ".join(names))


def _lists(con: duckdb.DuckDBPyConnection, settings: Settings, connection: str, crm: Crm, object: str) -> Iterator[PlannedTarget]:
    """A partner that left the yaml leaves lists behind: they are emptied."""
    wanted = list_names({id: partner.name for id, partner in settings.partners.items()})
    there = crm.existing_lists(LIST_PREFIX)
    for key, name in {**journal.kept_lists(con, connection), **wanted}.items():
        channel = ListMembers(crm, connection, key, name, object)
        if name in there:
            journal.keep_list(con, channel.target, name, there[name])
            yield PlannedTarget(channel)
        elif key in wanted:
            yield PlannedTarget(channel, _missing(settings, [name]))

"""When the line runs: the whole of it daily, and the part behind our CRMs as soon as something changed there.

Both start switched off: a person turns them on in the UI once the set-up is trusted.
"""

import hashlib
import json
from collections.abc import Iterator

import dagster as dg

from connectors.crm import CrmError, Cursor
from pipelines.crm.landing import cursor_of
from pipelines.resources import Totsugo

WATCHED = {"salesforce": ("Account", "Opportunity", "Lead"), "hubspot": ("companies", "deals")}
EVERY = 30
"""Seconds between two looks. Each costs a call for every watched object, some 9,000 a day of Salesforce's limit."""

account_mapping = dg.define_asset_job(
    "account_mapping",
    selection=dg.AssetSelection.all(),
    description="The whole line: pull, normalize, match, map, write back, publish.",
    executor_def=dg.in_process_executor,
)

refresh_from_crm = dg.define_asset_job(
    "refresh_from_crm",
    selection=dg.AssetSelection.all()
    - dg.AssetSelection.groups("partners", "register")
    - dg.AssetSelection.assets("account_plans"),
    description="What depends on our own CRMs, partners' lists as they were last read; plans wait for the daily run.",
    executor_def=dg.in_process_executor,
)


def daily(time_zone: str) -> dg.ScheduleDefinition:
    """Every morning before work, in the vendor's time zone."""
    return dg.ScheduleDefinition(name="daily", job=account_mapping, cron_schedule="0 5 * * *", execution_timezone=time_zone)


@dg.sensor(
    job=refresh_from_crm,
    minimum_interval_seconds=EVERY,
    description="Sees changes that people made in our CRMs, not our own writes.",
)
def crm_changes(context: dg.SensorEvaluationContext, totsugo: Totsugo) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Asks each CRM how many records changed since the last pull, leaving out those that our own user changed last."""
    if not totsugo.paths.published.exists():
        yield dg.SkipReason("No run has ended yet: start the job account_mapping once.")
        return
    found = []
    with totsugo.warehouse.read() as con:
        for name, connection in totsugo.settings.connections_of(ours=True).items():
            crm = totsugo.crm(name)
            try:
                us = crm.identity().user_id
                for object in WATCHED[connection.crm]:
                    cursor = cursor_of(con, name, object)
                    changed = crm.changed_since(object, cursor, not_by=us) if cursor else 0
                    if changed:
                        found.append(f"{name}.{object}: {changed} changed after {_short(cursor)}")
            except CrmError as error:
                context.log.warning(f"{name}: {error}")
    if found:
        changes = ", ".join(entry.split(" changed")[0] for entry in found)
        yield dg.RunRequest(run_key="; ".join(found), tags={"totsugo/changes": changes})
    else:
        yield dg.SkipReason("Nothing changed in our CRMs since the last pull.")


def _short(cursor: Cursor | None) -> str:
    """A name for the place where a pull stands: the same place has the same name, so that one change starts one run."""
    return hashlib.sha256(json.dumps(cursor, sort_keys=True).encode()).hexdigest()[:12]

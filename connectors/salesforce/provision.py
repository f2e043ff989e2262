"""Creating what Totsugo owns in a Salesforce org: fields, the child object with its views, two permission sets.

Belongs here: what is missing, creating it, and the order. Alters and removes nothing that exists: a field of our name that will
not do is named, and left. Runs under an administrator's login, never from a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from connectors.batches import SchemaRefused
from connectors.crm import FieldSpec, ObjectSpec, ProvisionReport
from connectors.salesforce import metadata_api
from connectors.salesforce.list_views import provision_views
from connectors.salesforce.metadata import ACTIVITIES, field_component, misfit, object_component
from connectors.salesforce.outcome import Outcome
from connectors.salesforce.permissions import READER, grant
from connectors.salesforce.session import SalesforceSession


def provision(
    session: SalesforceSession, objects: Sequence[ObjectSpec], dry_run: bool, integration_user: str | None
) -> ProvisionReport:
    """Create what is missing; with ``dry_run`` only say what would be. ``integration_user`` ``None``: this login's own."""
    outcome = Outcome()
    ours = [found for spec in objects if (found := _provision_object(session, spec, dry_run, outcome)) is not None]
    for spec in ours:
        if spec.views:
            provision_views(session, spec, dry_run, outcome)
    grant(session, ours, integration_user, dry_run, outcome)
    outcome.by_hand += _left_to_people(ours)
    return outcome.report()


def _provision_object(session: SalesforceSession, spec: ObjectSpec, dry_run: bool, outcome: Outcome) -> ObjectSpec | None:
    """The object with those of its fields that are as Totsugo needs them; ``None`` where it cannot have any."""
    if spec.create:
        there = bool(metadata_api.read(session, "CustomObject", [spec.name]))
        late = not there and not dry_run and bool(metadata_api.create(session, "CustomObject", [object_component(spec)]))
        (outcome.present if there or late else outcome.created).append(spec.name)
    elif not _exists(session, spec.name):
        outcome.by_hand.append(f"object {spec.name}: it does not exist, or this login cannot see it; Totsugo does not create it")
        return None
    return replace(spec, fields=_provision_fields(session, spec, dry_run, outcome))


def _provision_fields(session: SalesforceSession, spec: ObjectSpec, dry_run: bool, outcome: Outcome) -> tuple[FieldSpec, ...]:
    wanted = {field: field_component(spec, field) for field in spec.fields}
    found = metadata_api.read(session, "CustomField", [component["fullName"] for component in wanted.values()])
    missing = [component for component in wanted.values() if component["fullName"] not in found]
    late = set() if dry_run else metadata_api.create(session, "CustomField", missing)
    fit = []
    for field, component in wanted.items():
        name = component["fullName"]
        wrong = misfit(found[name], component) if name in found else None
        if wrong:
            outcome.by_hand.append(f"field {name} {wrong}")
            continue
        (outcome.present if name in found or name in late else outcome.created).append(name)
        fit.append(field)
    return tuple(fit)


def _exists(session: SalesforceSession, object: str) -> bool:
    try:
        session.call("GET", f"sobjects/{object}/describe")
    except SchemaRefused:
        return False
    return True


def _left_to_people(objects: Sequence[ObjectSpec]) -> list[str]:
    shown = [spec.name for spec in objects if spec.name not in ACTIVITIES]
    steps = [f"page layouts of {', '.join(shown)}: place the Totsugo fields where reps look"] if shown else []
    steps += [f"related list of {spec.name}: place it on the page layout of Account" for spec in objects if spec.create]
    steps.append(f"permission set {READER}: assign it to the sales reps")
    if any(spec.name in ACTIVITIES for spec in objects):
        steps.append("integration user: give it Edit Tasks, which no permission on an object grants")
    return steps

"""List views on an object of ours, and the tab under which people find them.

Belongs here: what is missing, creating it, and saying where one that exists shows other rows. Does not: fields and objects
(``provision``), what a view shows (whoever specifies it). Alters and removes nothing that exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.crm import ObjectSpec
from connectors.salesforce import metadata_api
from connectors.salesforce.metadata import Component, listed, tab_component, view_component
from connectors.salesforce.outcome import Outcome
from connectors.salesforce.session import SalesforceSession


def provision_views(session: SalesforceSession, object: ObjectSpec, dry_run: bool, outcome: Outcome) -> None:
    """The views of ``object``, and its tab."""
    tab, views = tab_component(object), [view_component(object, view) for view in object.views]
    _provision(session, "CustomTab", "tab", [tab], dry_run, outcome)
    found = _provision(session, "ListView", "list view", views, dry_run, outcome)
    for wanted in views:
        has = found.get(wanted["fullName"])
        if has is not None and _filters(has) != _filters(wanted):
            shown = f"{_told(has)}, not {_told(wanted)}"
            outcome.by_hand.append(f"list view {wanted['fullName']} shows other rows than Totsugo would: {shown}")


def _provision(
    session: SalesforceSession, kind: str, called: str, wanted: list[Component], dry_run: bool, outcome: Outcome
) -> dict[str, Component]:
    """What exists of the wanted components, before any was made."""
    found = metadata_api.read(session, kind, [one["fullName"] for one in wanted])
    missing = [one for one in wanted if one["fullName"] not in found]
    late = set() if dry_run else metadata_api.create(session, kind, missing)
    for one in wanted:
        there = one["fullName"] in found or one["fullName"] in late
        (outcome.present if there else outcome.created).append(f"{called} {one['fullName']}")
    return found


def _filters(view: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    return {(one["field"], one["operation"], str(one.get("value") or "")) for one in listed(view.get("filters"))}


def _told(view: Mapping[str, Any]) -> str:
    return " and ".join(f"{field} {operation} {value}" for field, operation, value in sorted(_filters(view))) or "all rows"

"""The relationships from a record down to those that point at it.

Belongs here: their names. Does not: reading the records (``queries.py``, ``related.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.salesforce.schema import Field, ObjectType, View

_STANDARD = {
    ("Account", "ParentId"): "ChildAccounts", ("Contact", "AccountId"): "Contacts",
    ("Opportunity", "AccountId"): "Opportunities", ("Task", "WhatId"): "Tasks", ("Task", "WhoId"): "Tasks",
    ("Event", "WhatId"): "Events", ("Event", "WhoId"): "Events",
    ("AccountPartner", "AccountFromId"): "AccountPartnersFrom", ("AccountPartner", "AccountToId"): "AccountPartnersTo",
    ("AccountPartner", "OpportunityId"): "AccountPartners", ("OpportunityPartner", "OpportunityId"): "OpportunityPartnersFrom",
    ("OpportunityPartner", "AccountToId"): "OpportunityPartnersTo", ("User", "ManagerId"): "ManagedUsers",
    ("PermissionSetAssignment", "PermissionSetId"): "Assignments",
    ("PermissionSetAssignment", "AssigneeId"): "PermissionSetAssignments",
    ("FieldPermissions", "ParentId"): "FieldPerms", ("ObjectPermissions", "ParentId"): "ObjectPerms",
}  # fmt: skip
"""(type, field) -> the name that Salesforce gave it; those that are not here have none, as that of an owner."""


@dataclass(frozen=True)
class Child:
    """A type whose records point at others by ``link``; ``name`` is empty where SOQL cannot follow it."""

    name: str
    type: ObjectType
    link: Field


def all_children(parent: ObjectType, view: View) -> list[Child]:
    """Every way in which records that this user sees may point at ``parent``."""
    return [
        Child(link.children or _STANDARD.get((each.name, link.name), ""), each, link)
        for each in view.types.values()
        for link in each.fields.values()
        if parent.name in link.reference_to and not each.tooling
    ]


def children_of(parent: ObjectType, view: View) -> dict[str, Child]:
    """Those with a name, by it in small letters."""
    return {each.name.lower(): each for each in all_children(parent, view) if each.name}

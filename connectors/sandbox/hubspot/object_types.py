"""The object types a portal has: their names, ids, default properties and association types.

Belongs here: fixed data of HubSpot's data model and its look-up. Does not: property definitions (``standard_properties.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.hubspot.errors import validation_error


@dataclass(frozen=True)
class AssociationType:
    """One way in which records of two types can be associated, in one direction."""

    type_id: int
    name: str
    label: str | None = None
    category: str = "HUBSPOT_DEFINED"

    def as_json(self) -> dict[str, object]:
        return {"category": self.category, "typeId": self.type_id, "label": self.label}


@dataclass(frozen=True)
class ObjectType:
    """One object type; ``name`` (plural) is what stores and code call it."""

    name: str
    singular: str
    type_id: str
    defaults: tuple[str, ...]
    """Properties that come with a record when none were asked for."""
    searched: tuple[str, ...]
    """Properties that a search's free ``query`` looks at."""
    modified: str = "hs_lastmodifieddate"
    created: str = "createdate"
    required: tuple[str, ...] = ()
    """Properties without which no record is made."""
    associated: tuple[tuple[str, AssociationType, AssociationType], ...] = ()
    """Of a portal's own object: (name of the other, the association seen from here, and from there)."""

    @property
    def always(self) -> tuple[str, str, str]:
        """Properties that come with every record."""
        return (self.created, self.modified, "hs_object_id")


TYPES = (
    ObjectType("companies", "company", "0-2", ("domain", "name"), ("name", "domain", "phone", "website")),
    ObjectType(
        "contacts",
        "contact",
        "0-1",
        ("email", "firstname", "lastname"),
        ("firstname", "lastname", "email", "phone", "company"),
        modified="lastmodifieddate",
    ),
    ObjectType(
        "deals",
        "deal",
        "0-3",
        ("amount", "closedate", "dealname", "dealstage", "pipeline"),
        ("dealname", "dealstage", "pipeline"),
    ),
    ObjectType("tasks", "task", "0-27", (), ("hs_task_subject", "hs_task_body"), created="hs_createdate"),
    ObjectType("meetings", "meeting", "0-47", (), ("hs_meeting_title", "hs_meeting_body"), created="hs_createdate"),
)

BY_NAME = {key: kind for kind in TYPES for key in (kind.name, kind.singular, kind.type_id)}


def _pair(
    first: str, second: str, default: tuple[int, int], primary: tuple[int, int] | None = None
) -> dict[tuple[str, str], tuple[AssociationType, ...]]:
    made: dict[tuple[str, str], tuple[AssociationType, ...]] = {}
    for position, (a, b) in enumerate(((first, second), (second, first))):
        name = f"{BY_NAME[a].singular}_to_{BY_NAME[b].singular}"
        plain = AssociationType(default[position], name if primary is None else f"{name}_unlabeled")
        made[a, b] = (plain,) if primary is None else (plain, AssociationType(primary[position], name, "Primary"))
    return made


ASSOCIATION_TYPES: dict[tuple[str, str], tuple[AssociationType, ...]] = {
    **_pair("contacts", "companies", (279, 280), (1, 2)),
    **_pair("deals", "companies", (341, 342), (5, 6)),
    **_pair("deals", "contacts", (3, 4)),
    **_pair("tasks", "contacts", (204, 203)),
    **_pair("tasks", "companies", (192, 191)),
    **_pair("tasks", "deals", (216, 215)),
    **_pair("meetings", "contacts", (200, 199)),
    **_pair("meetings", "companies", (188, 187)),
    **_pair("meetings", "deals", (212, 211)),
    ("companies", "companies"): (
        AssociationType(450, "company_to_company"),
        AssociationType(13, "parent_to_child_company", "Child Company"),
        AssociationType(14, "child_to_parent_company", "Parent Company"),
    ),
}
"""(from, to) -> its types; the first is the default (unlabelled) one."""

_OPPOSITE = {13: 14, 14: 13}


def between(a: ObjectType, b: ObjectType) -> tuple[AssociationType, ...]:
    """How the two can be associated: not at all, most of them."""
    own = [there for name, there, _ in a.associated if name == b.name] + [
        back for name, _, back in b.associated if name == a.name
    ]
    return ASSOCIATION_TYPES.get((a.name, b.name), tuple(own))


def association_types(a: ObjectType, b: ObjectType) -> tuple[AssociationType, ...]:
    """Raises ``HubSpotError`` (400) where the two cannot be associated."""
    found = between(a, b)
    if not found:
        raise validation_error(f"No association type exists between {a.singular} and {b.singular}")
    return found


def opposite(a: ObjectType, b: ObjectType, type_id: int) -> int:
    """The id of the same association type seen from the other side."""
    if type_id in _OPPOSITE:
        return _OPPOSITE[type_id]
    there, back = association_types(a, b), association_types(b, a)
    return back[[kind.type_id for kind in there].index(type_id)].type_id

"""What Totsugo owns in a CRM, as the connectors create it: every field, object and view with its texts.

Belongs here: labels, help and descriptions from the catalogue of texts, and what a list view shows. Does not: which of it a
connection gets (``provision.py``), names and types (``catalogue.py``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace

from connectors.crm import FieldSpec, ObjectSpec, ViewSpec
from pipelines.settings.models import Partner
from pipelines.texts import text
from pipelines.writeback.catalogue import (
    ACCOUNT_OBJECT,
    CHILD_FIELDS,
    CHILD_KEY,
    CHILD_OBJECT,
    DEAL_OBJECT,
    REGISTRATION_FIELDS,
    TASK_KEY,
    TASK_OBJECT,
    OwnedField,
)

_LABEL = 40
"""Characters that Salesforce gives a label."""
_OFFERED = ("target", "known", "absent")
"""Our statuses in which a company can be whitespace."""
_WHITESPACE = ("Account__c", "Our_Status__c", "Partner_Status__c", "Cell__c", "Play__c", "Assigned__c", "Valid_Until__c")
_NO_APPROACH = ("Account__c", "Reason__c", "Valid_From__c", "Valid_Until__c", "Our_Status__c", "Partner_Status__c")


def account_spec(crm: str, fields: tuple[OwnedField, ...], language: str, group: str) -> ObjectSpec:
    """These fields on accounts (Salesforce) or companies (HubSpot); ``group``: of their texts."""
    specs = tuple(_spec(f, f.native(crm), language, group) for f in fields)
    return ObjectSpec(ACCOUNT_OBJECT[crm], "", specs)


def deal_spec(crm: str, language: str) -> ObjectSpec:
    """The verdict on a registration, on opportunities or deals."""
    return ObjectSpec(DEAL_OBJECT[crm], "", tuple(_spec(f, f.native(crm), language, "deal") for f in REGISTRATION_FIELDS))


def task_spec(crm: str, language: str) -> ObjectSpec:
    """The key on tasks by which one is made only once."""
    return ObjectSpec(TASK_OBJECT[crm], "", (_key(TASK_KEY[crm], "task", language),))


def child_spec(language: str, partners: Mapping[str, Partner] | None) -> ObjectSpec:
    """Our own child object in Salesforce: one row per (account, partner) that matters. ``partners`` ``None``: without views."""
    account = FieldSpec(
        "Account__c",
        "reference",
        text("field.child.account.label", language),
        help=_both("field.child.account.help"),
        description=_both("field.totsugo.description"),
        reference_to=ACCOUNT_OBJECT["salesforce"],
    )
    fields = tuple(_spec(f, f.child(), language, "child") for f in CHILD_FIELDS)
    return ObjectSpec(
        CHILD_OBJECT,
        text("object.account_map", language),
        (_key(CHILD_KEY, "child", language), account, *fields),
        create=True,
        plural=text("object.account_map.plural", language),
        description=_both("object.account_map.description"),
        views=() if partners is None else _views(language, partners),
    )


def _spec(field: OwnedField, name: str, language: str, group: str) -> FieldSpec:
    return replace(field.spec(name, language, group), description=_both(f"field.{field.owner}.description"))


def _key(name: str, group: str, language: str) -> FieldSpec:
    label, help = text(f"field.{group}.key.label", language), _both(f"field.{group}.key.help")
    return FieldSpec(name, "text", label, help, _both("field.key.description"), external_id=True)


def _both(key: str) -> str:
    """Administrators and reps of one CRM may read either language."""
    return f"{text(key, 'ja')} / {text(key, 'en')}"


def _views(language: str, partners: Mapping[str, Partner]) -> tuple[ViewSpec, ...]:
    offered = (("May_Approach__c", ("true",)), ("Our_Status__c", _OFFERED))
    barred = (("May_Approach__c", ("false",)),)
    views = [
        ViewSpec("Totsugo_whitespace", text("view.all.whitespace", language), ("Partner__c", *_WHITESPACE, "NAME"), offered),
        ViewSpec("Totsugo_no_approach", text("view.all.no_approach", language), ("Partner__c", *_NO_APPROACH, "NAME"), barred),
    ]
    for id, partner in partners.items():
        own = ("Partner__c", (partner.name,))
        held = (("Assigned__c", ("true",)),) if partner.exclusive else ()
        for kind, columns, conditions in (
            ("whitespace", _WHITESPACE, (own, *offered, *held)),
            ("no_approach", _NO_APPROACH, (own, *barred)),
        ):
            label = _label(partner.name, text(f"list.{kind}", language))
            views.append(ViewSpec(view_name(id, kind), label, (*columns, "NAME"), conditions))
    return tuple(views)


def _label(partner: str, kind: str) -> str:
    room = _LABEL - len(kind) - 1
    return f"{partner if len(partner) <= room else partner[: room - 1] + '…'} {kind}"


def view_name(partner: str, kind: str) -> str:
    """``Totsugo_musashi_whitespace``: letters, digits and single underscores, 40 at most, and never the same for two partners."""
    room = _LABEL - len(f"Totsugo__{kind}")
    plain = re.sub(r"_+", "_", partner).strip("_")
    if plain != partner or len(plain) > room:
        digest = hashlib.blake2b(partner.encode(), digest_size=4).hexdigest()
        plain = f"{plain[: room - len(digest) - 1].rstrip('_')}_{digest}"
    return f"Totsugo_{plain}_{kind}"

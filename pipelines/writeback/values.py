"""Canonical values in the words that the CRM shows people.

Belongs here: one value in one language. Does not: labels of fields (``words.py``), values for an API (``catalogue.py``).
"""

from __future__ import annotations

from pipelines.texts import catalogue, text
from pipelines.writeback.catalogue import (
    ACCOUNT_FIELDS,
    ACCOUNT_OBJECT,
    CHILD_FIELDS,
    CHILD_OBJECT,
    DEAL_OBJECT,
    MEMBER_FIELDS,
    PARTNER_ACCOUNT_FIELDS,
    REGISTRATION_FIELDS,
    OwnedField,
)

_FIELDS: dict[str, tuple[str, tuple[OwnedField, ...]]] = {
    **dict.fromkeys(ACCOUNT_OBJECT.values(), ("account", (*ACCOUNT_FIELDS, *PARTNER_ACCOUNT_FIELDS))),
    **dict.fromkeys(DEAL_OBJECT.values(), ("deal", REGISTRATION_FIELDS)),
    CHILD_OBJECT: ("child", CHILD_FIELDS),
}
"""object -> the group of its texts, and its fields."""
_MEMBER = MEMBER_FIELDS[0].column


def value_label(object: str, column: str, value: str | None, language: str) -> str:
    """On, off, empty, the label of a choice, or the value as it is."""
    group, fields = _FIELDS.get(object, ("", ()))
    switch = column == _MEMBER or any(field.column == column and field.type == "checkbox" for field in fields)
    if switch:
        return text("answer.value.on" if value == "true" else "answer.value.off", language)
    if value is None:
        return text("answer.value.empty", language)
    key = f"field.{group}.{column}.{value}"
    return text(key, language) if key in catalogue() else value

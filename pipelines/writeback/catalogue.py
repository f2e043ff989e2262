"""What Totsugo owns in a CRM: every field, object, and list, by their names in each CRM and in the marts.

Belongs here: names, types, labels, and the values that an API takes. Does not: comparing or writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from connectors.crm import FieldSpec, FieldType
from pipelines.texts import text

CHILD_OBJECT = "Totsugo_Account_Map__c"
CHILD_KEY = "Totsugo_Key__c"
TASK_KEY = {"salesforce": "Totsugo_Key__c", "hubspot": "totsugo_key"}
ACCOUNT_OBJECT = {"salesforce": "Account", "hubspot": "companies"}
DEAL_OBJECT = {"salesforce": "Opportunity", "hubspot": "deals"}
TASK_OBJECT = {"salesforce": "Task", "hubspot": "tasks"}
Owner = Literal["totsugo", "rep"]


@dataclass(frozen=True)
class OwnedField:
    """A field of ours: ``column`` in the mart, native names in the CRMs (``None``: not there)."""

    column: str
    type: FieldType
    length: int = 255
    values: tuple[str, ...] = ()
    owner: Owner = "totsugo"

    def native(self, crm: str) -> str:
        """``Totsugo_No_Approach__c`` in Salesforce, ``totsugo_no_approach`` in HubSpot."""
        if crm == "hubspot":
            return f"totsugo_{self.column}"
        return f"Totsugo_{'_'.join(part.capitalize() for part in self.column.split('_'))}__c"

    def child(self) -> str:
        """The same on our own child object, which needs no prefix."""
        return f"{'_'.join(part.capitalize() for part in self.column.split('_'))}__c"

    def spec(self, name: str, language: str, group: str) -> FieldSpec:
        key = f"field.{group}.{self.column}"
        return FieldSpec(
            name=name,
            type=self.type,
            label=text(f"{key}.label", language),
            help=f"{text(f'{key}.help', 'ja')} / {text(f'{key}.help', 'en')}",
            length=self.length,
            values=tuple((value, text(f"{key}.{value}", language)) for value in self.values),
            writable_by_people=self.owner == "rep",
        )


ACCOUNT_FIELDS = (
    OwnedField("partner_approach", "picklist", values=("open", "assigned", "limited", "no_approach")),
    OwnedField("no_approach", "checkbox"),
    OwnedField("no_approach_detail", "long_text", length=2000),
    OwnedField("no_approach_until", "date"),
    OwnedField("assigned_partner", "text"),
    OwnedField("cells", "text"),
    OwnedField("next_play", "text"),
    OwnedField("as_of", "date"),
)
OVERRIDE_FIELDS = (
    OwnedField("override", "picklist", values=("allow", "block"), owner="rep"),
    OwnedField("override_partner", "text", owner="rep"),
    OwnedField("override_reason", "text", owner="rep"),
    OwnedField("override_until", "date", owner="rep"),
)
PARTNER_ACCOUNT_FIELDS = (
    *(f for f in ACCOUNT_FIELDS if f.column in ("no_approach", "no_approach_detail", "no_approach_until")),
    OwnedField("whitespace", "checkbox"),
    OwnedField("as_of", "date"),
)
"""What a partner's own CRM is told of a company: whether this partner may approach it, until when, and the coarse reason;
whether it is offered to the partner."""
REGISTRATION_FIELDS = (
    OwnedField(
        "registration_status",
        "picklist",
        values=("submitted", "pending", "approved", "rejected", "extended", "expired", "won"),
    ),
    OwnedField("registration_reason", "text"),
    OwnedField("registration_until", "date"),
)
"""The verdict on a claim, on the opportunity or deal that makes it."""
_STATUSES = ("customer", "open_opportunity", "target", "known", "absent")
CHILD_FIELDS = (
    OwnedField("partner", "text"),
    OwnedField("partner_type", "picklist", values=("reseller", "technology", "investor", "advisor")),
    OwnedField("our_status", "picklist", values=_STATUSES),
    OwnedField("partner_status", "picklist", values=_STATUSES),
    OwnedField("cell", "number"),
    OwnedField("play", "text"),
    OwnedField("may_approach", "checkbox"),
    OwnedField("reason", "text"),
    OwnedField("valid_from", "date"),
    OwnedField("valid_until", "date"),
    OwnedField("assigned", "checkbox"),
    OwnedField("evidence", "text"),
    OwnedField("as_of", "date"),
)


MEMBER_FIELDS = (OwnedField("member", "text"),)
TASK_FIELDS = (
    OwnedField("account_native_id", "text"),
    OwnedField("subject", "text"),
    OwnedField("description", "long_text", length=32_000),
    OwnedField("due_on", "date"),
    OwnedField("owner_native_id", "text"),
)


def native_value(type: FieldType, value: str | None, crm: str) -> Any:
    """The canonical value as the CRM's API takes it; ``None`` clears."""
    if crm == "hubspot" or value is None:
        return value
    if type == "checkbox":
        return value == "true"
    return float(value) if type == "number" else value


def owned_fields(crm: str, object: str, ours: bool, verdicts: bool) -> list[str]:
    """Native names of what Totsugo keeps on an object of our CRM (``ours``) or a partner's, and of the rep's input there."""
    if not ours:
        fields = PARTNER_ACCOUNT_FIELDS if object == ACCOUNT_OBJECT[crm] else ()
    elif object == ACCOUNT_OBJECT[crm]:
        fields = (*ACCOUNT_FIELDS, *OVERRIDE_FIELDS)
    else:
        fields = REGISTRATION_FIELDS if verdicts and object == DEAL_OBJECT[crm] else ()
    return [f.native(crm) for f in fields]


def list_names(settings_partners: dict[str, str]) -> dict[str, str]:
    """HubSpot lists: key (``<partner>:whitespace``) -> the name that people see. Input: partner -> its name."""
    return {
        f"{partner}:{kind}": f"Totsugo {name} {text(f'list.{kind}', 'ja')}"
        for partner, name in settings_partners.items()
        for kind in ("whitespace", "no_approach")
    }

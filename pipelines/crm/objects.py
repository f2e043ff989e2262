"""Which objects and fields are pulled from which CRM, and into which raw table.

Belongs here: the catalogue, as data. Does not: how a pull lands (``landing.py``), or what a field means (dbt staging).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.settings import Connection

_SALESFORCE = {
    "Account": "Id Name Type Industry NumberOfEmployees AnnualRevenue Website Phone BillingCountry BillingPostalCode"
    " BillingState BillingCity BillingStreet ParentId OwnerId CreatedDate LastActivityDate LastModifiedDate"
    " LastModifiedById SystemModstamp IsDeleted MasterRecordId",
    "Lead": "Id Company LastName FirstName Email Phone Website Country PostalCode State City Street Status IsConverted"
    " ConvertedAccountId Industry NumberOfEmployees OwnerId CreatedDate LastActivityDate LastModifiedDate"
    " LastModifiedById SystemModstamp IsDeleted MasterRecordId",
    "Opportunity": "Id Name AccountId StageName IsClosed IsWon Amount CurrencyIsoCode Probability CloseDate CreatedDate"
    " LastActivityDate LastStageChangeDate Type OwnerId LastModifiedDate LastModifiedById SystemModstamp IsDeleted",
    "OpportunityPartner": "Id OpportunityId AccountToId Role IsPrimary SystemModstamp IsDeleted",
    "AccountPartner": "Id AccountFromId AccountToId Role IsPrimary SystemModstamp IsDeleted",
    "Contact": "Id AccountId LastName FirstName Title Department Email Phone ReportsToId OwnerId LastModifiedById"
    " SystemModstamp IsDeleted MasterRecordId",
    "User": "Id Name Email IsActive Department Title SystemModstamp",
    "Task": "Id AccountId WhatId WhoId Subject Status ActivityDate OwnerId LastModifiedById SystemModstamp IsDeleted",
    "Event": "Id AccountId WhatId WhoId Subject ActivityDate StartDateTime OwnerId LastModifiedById SystemModstamp IsDeleted",
}
_HUBSPOT = {
    "companies": "name domain website phone country zip state city address industry numberofemployees annualrevenue"
    " lifecyclestage hubspot_owner_id hs_parent_company_id createdate hs_lastmodifieddate notes_last_contacted",
    "contacts": "email firstname lastname company phone jobtitle lifecyclestage hubspot_owner_id createdate lastmodifieddate",
    "deals": "dealname dealstage pipeline amount closedate createdate hs_is_closed hs_is_closed_won hubspot_owner_id"
    " hs_lastmodifieddate notes_last_contacted deal_currency_code hs_deal_stage_probability",
    "owners": "email firstName lastName archived",
    "tasks": "hs_task_subject hs_task_status hs_timestamp hubspot_owner_id hs_lastmodifieddate",
    "meetings": "hs_meeting_title hs_timestamp hubspot_owner_id hs_lastmodifieddate",
}
DECISIVE = {
    "Account": {"Name"},
    "Opportunity": {"AccountId", "IsClosed", "IsWon", "CloseDate"},
    "companies": {"name"},
    "deals": {"hs_is_closed", "hs_is_closed_won", "closedate"},
}
"""Fields without which deals and names say nothing. Decisive too is what segments ask: a login that lost sight of one such
field would make every customer vanish."""
OPTIONAL = {"OpportunityPartner", "AccountPartner"}
"""Objects of features that an org may have switched off."""
UNMISSED = {"CurrencyIsoCode", "OwnerId"}
"""Fields that an org or an object may do without: nobody needs to be told."""
_CLAIM_FIELDS = {
    "salesforce": "Id OwnerId CurrencyIsoCode CreatedDate SystemModstamp IsDeleted",
    "hubspot": "hubspot_owner_id hs_createdate hs_lastmodifieddate associated_company_ids",
}
_CLAIM_ROLES = {"registered_by": "registration", "introduced_with": "introduction"}
_FROM_PARTNERS = {"salesforce": ("Account", "Opportunity", "User"), "hubspot": ("companies", "deals", "owners")}


@dataclass(frozen=True)
class PulledObject:
    """One object of one CRM: ``table`` is its name in schema ``raw``."""

    crm: str
    object: str
    table: str
    fields: tuple[str, ...]
    role: str | None = None
    """The role that makes an object of the yaml one of these: ``registered_by`` or ``introduced_with``."""

    @property
    def key(self) -> str:
        """Under what its cursor is kept: one object may play both roles."""
        return self.object if self.role is None else f"{self.role}:{self.object}"


def _catalogue(ours: bool) -> tuple[PulledObject, ...]:
    prefix = "" if ours else "partner_"
    return tuple(
        PulledObject(crm, name, f"{prefix}{crm}_{name.lower()}", tuple(fields.split()))
        for crm, objects in (("salesforce", _SALESFORCE), ("hubspot", _HUBSPOT))
        for name, fields in objects.items()
        if ours or name in _FROM_PARTNERS[crm]
    )


OURS = _catalogue(ours=True)
PARTNERS = _catalogue(ours=False)
CLAIMS = tuple(
    PulledObject(crm, f"The object with the role {role}", f"{crm}_{name}", tuple(fields.split()), role)
    for crm, fields in _CLAIM_FIELDS.items()
    for role, name in _CLAIM_ROLES.items()
)
"""Deal registrations and introductions in our CRMs: which objects these are, the yaml says."""


def objects_of(connection: Connection, catalogue: Sequence[PulledObject]) -> list[PulledObject]:
    """What is pulled over this connection: of the catalogue its CRM's objects, of ours also those that the yaml gives a role."""
    found = [p for p in catalogue if p.crm == connection.crm and p.role is None]
    if connection.party != "us":
        return found
    known = {p.object for p in found}
    return found + [
        replace(claims, object=name)
        for name, roles in connection.fields.items()
        for claims in CLAIMS
        if claims.crm == connection.crm and claims.role in roles and name not in known
    ]


def fields_wanted(
    pulled: PulledObject, connection: Connection, owned: Sequence[str] = (), named: Sequence[str] = ()
) -> list[str]:
    """Standard fields, those that the yaml gives a role, ``owned`` ones (Totsugo's) and those that segments name; no repeats."""
    return list(dict.fromkeys([*pulled.fields, *connection.fields.get(pulled.object, {}).values(), *owned, *named]))


def decisive_roles(pulled: PulledObject, connection: Connection) -> list[str]:
    """Fields of the yaml by which a partner holds a company: a login that lost sight of one would let every claim lapse."""
    roles = connection.fields.get(pulled.object, {}) if connection.party == "us" else {}
    return [field for role, field in roles.items() if role in ("registered_by", "registration_status")]

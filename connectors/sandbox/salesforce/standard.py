"""The standard objects and fields of an org, as data.

Belongs here: names, types, lengths and flags, one field a line, and the parser of that notation.
Does not: custom fields, behaviour.

A line is ``Name type[(length)] [flags] [-> Target[,Target]:Relationship] [= picklist | values]``. Flags: ``required``,
``readonly``, ``createonly``, ``unique``, ``external``, ``restricted``, ``cascade`` (goes when its parent goes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_SYSTEM = """
Id id(18) readonly
IsDeleted boolean readonly
CreatedDate datetime readonly
CreatedById reference(18) readonly -> User:CreatedBy
LastModifiedDate datetime readonly
LastModifiedById reference(18) readonly -> User:LastModifiedBy
SystemModstamp datetime readonly
"""
_ADDRESS = """
{0}Street textarea(255)
{0}City string(40)
{0}State string(80)
{0}PostalCode string(20)
{0}Country string(80)
"""
_INDUSTRIES = (
    "Agriculture | Banking | Construction | Consulting | Education | Finance | Government | Healthcare | Manufacturing | Retail"
)

_TYPES: dict[str, tuple[str, str, str, str]] = {
    "Account": (
        "001",
        "取引先",
        "",
        f"""
Name string(255) required
Type picklist(255) = Prospect | Customer - Direct | Customer | Partner | Other | Target | 既存顧客 | ターゲット
Industry picklist(255) = {_INDUSTRIES}
NumberOfEmployees int
AnnualRevenue currency
Website url(255)
Phone phone(40)
Fax phone(40)
AccountNumber string(40)
AccountSource picklist(255) = Web | Partner Referral | Other
Rating picklist(255) = Hot | Warm | Cold
Ownership picklist(255) = Public | Private | Subsidiary | Other
Site string(80)
TickerSymbol string(20)
Description textarea(32000)
{_ADDRESS.format("Billing")}{_ADDRESS.format("Shipping")}
ParentId reference(18) -> Account:Parent
OwnerId reference(18) -> User:Owner
LastActivityDate date readonly
MasterRecordId reference(18) readonly -> Account:MasterRecord
""",
    ),
    "Lead": (
        "00Q",
        "リード",
        "",
        f"""
LastName string(80) required
FirstName string(40)
Name string(121) readonly
Company string(255) required
Title string(128)
Email email(80)
Phone phone(40)
Website url(255)
{_ADDRESS.format("")}
Status picklist(255) = Open - Not Contacted | Working - Contacted | Closed - Converted | Closed - Not Converted
Industry picklist(255) = {_INDUSTRIES}
LeadSource picklist(255) = Web | Partner Referral | Other
NumberOfEmployees int
AnnualRevenue currency
Description textarea(32000)
IsConverted boolean readonly
ConvertedDate date readonly
ConvertedAccountId reference(18) readonly -> Account:ConvertedAccount
ConvertedContactId reference(18) readonly -> Contact:ConvertedContact
ConvertedOpportunityId reference(18) readonly -> Opportunity:ConvertedOpportunity
OwnerId reference(18) -> User:Owner
LastActivityDate date readonly
MasterRecordId reference(18) readonly -> Lead:MasterRecord
""",
    ),
    "Opportunity": (
        "006",
        "商談",
        "",
        """
Name string(120) required
AccountId reference(18) cascade -> Account:Account
StageName picklist(255) required
Amount currency
CloseDate date required
Probability percent
IsClosed boolean readonly
IsWon boolean readonly
Type picklist(255) = New Customer | Existing Customer - Upgrade | Existing Customer - Replacement
LeadSource picklist(255) = Web | Partner Referral | Other
NextStep string(255)
Description textarea(32000)
OwnerId reference(18) -> User:Owner
LastActivityDate date readonly
LastStageChangeDate datetime readonly
""",
    ),
    "OpportunityPartner": (
        "00I",
        "商談パートナー",
        "readonly",
        """
OpportunityId reference(18) required createonly cascade -> Opportunity:Opportunity
AccountToId reference(18) required createonly -> Account:AccountTo
Role picklist(40) = Dealer | Distributor | System Integrator | VAR/Reseller | Consultant
IsPrimary boolean
ReversePartnerId reference(18) readonly -> OpportunityPartner:ReversePartner
""",
    ),
    "AccountPartner": (
        "00I",
        "取引先パートナー",
        "readonly",
        """
AccountFromId reference(18) required createonly cascade -> Account:AccountFrom
AccountToId reference(18) required createonly -> Account:AccountTo
OpportunityId reference(18) createonly -> Opportunity:Opportunity
Role picklist(40) = Dealer | Distributor | System Integrator | VAR/Reseller | Consultant
IsPrimary boolean
ReversePartnerId reference(18) readonly -> AccountPartner:ReversePartner
""",
    ),
    "Contact": (
        "003",
        "取引先責任者",
        "",
        f"""
LastName string(80) required
FirstName string(40)
Name string(121) readonly
AccountId reference(18) cascade -> Account:Account
Title string(128)
Department string(80)
Email email(80)
Phone phone(40)
MobilePhone phone(40)
ReportsToId reference(18) -> Contact:ReportsTo
{_ADDRESS.format("Mailing")}
Description textarea(32000)
OwnerId reference(18) -> User:Owner
LastActivityDate date readonly
MasterRecordId reference(18) readonly -> Contact:MasterRecord
""",
    ),
    "User": (
        "005",
        "ユーザー",
        "",
        """
Username string(80) required
LastName string(80) required
FirstName string(40)
Name string(121) readonly
Email email(128) required
IsActive boolean
Alias string(8)
Department string(80)
Title string(80)
UserType picklist(40)
ManagerId reference(18) -> User:Manager
""",
    ),
    "Task": (
        "00T",
        "ToDo",
        "",
        """
Subject string(255)
Status picklist(255) = Not Started | In Progress | Completed | Waiting on someone else | Deferred
Priority picklist(255) = High | Normal | Low
ActivityDate date
AccountId reference(18) readonly -> Account:Account
WhatId reference(18) -> Account,Opportunity:What
WhoId reference(18) -> Contact,Lead:Who
OwnerId reference(18) -> User:Owner
Description textarea(32000)
IsClosed boolean readonly
""",
    ),
    "Event": (
        "00U",
        "行動",
        "",
        """
Subject string(255)
ActivityDate date
StartDateTime datetime
EndDateTime datetime
DurationInMinutes int
AccountId reference(18) readonly -> Account:Account
WhatId reference(18) -> Account,Opportunity:What
WhoId reference(18) -> Contact,Lead:Who
OwnerId reference(18) -> User:Owner
Description textarea(32000)
""",
    ),
    "OpportunityStage": (
        "01J",
        "商談フェーズ",
        "readonly",
        """
MasterLabel string(255)
ApiName string(255)
IsActive boolean
IsClosed boolean
IsWon boolean
SortOrder int
DefaultProbability percent
""",
    ),
    "Organization": (
        "00D",
        "組織",
        "readonly",
        """
Name string(80)
TimeZoneSidKey picklist(40)
LanguageLocaleKey picklist(40)
DefaultLocaleSidKey picklist(40)
IsSandbox boolean
InstanceName string(5)
OrganizationType picklist(40)
""",
    ),
    "PermissionSet": (
        "0PS",
        "権限セット",
        "",
        """
Name string(80) required unique
Label string(80) required
Description string(255)
IsOwnedByProfile boolean readonly
""",
    ),
    "PermissionSetAssignment": (
        "0Pa",
        "権限セットの割り当て",
        "",
        """
PermissionSetId reference(18) required createonly cascade -> PermissionSet:PermissionSet
AssigneeId reference(18) required createonly -> User:Assignee
""",
    ),
    "FieldPermissions": (
        "01k",
        "項目権限",
        "",
        """
ParentId reference(18) required createonly cascade -> PermissionSet:Parent
SobjectType string(40) required createonly
Field string(255) required createonly
PermissionsRead boolean
PermissionsEdit boolean
""",
    ),
    "ObjectPermissions": (
        "110",
        "オブジェクト権限",
        "",
        """
ParentId reference(18) required createonly cascade -> PermissionSet:Parent
SobjectType string(40) required createonly
PermissionsRead boolean
PermissionsCreate boolean
PermissionsEdit boolean
PermissionsDelete boolean
PermissionsViewAllRecords boolean
PermissionsModifyAllRecords boolean
""",
    ),
    "PermissionSetTabSetting": (
        "01j",
        "タブ設定",
        "",
        """
ParentId reference(18) required createonly cascade -> PermissionSet:Parent
Name string(80) required createonly
Visibility picklist(40) required restricted = DefaultOff | DefaultOn
""",
    ),
    "CustomField": (
        "00N",
        "カスタム項目",
        "tooling",
        """
DeveloperName string(255)
NamespacePrefix string(15)
TableEnumOrId string(255)
EntityDefinitionId string(255)
FullName string(255)
Metadata complexvalue readonly
""",
    ),
    "ValidationRule": (
        "03d",
        "入力規則",
        "tooling",
        """
ValidationName string(80)
NamespacePrefix string(15)
EntityDefinitionId string(255)
FullName string(255)
Active boolean
Description string(255)
ErrorDisplayField string(255)
ErrorMessage string(255)
Metadata complexvalue readonly
""",
    ),
    "CustomObject": (
        "01I",
        "カスタムオブジェクト",
        "tooling",
        """
DeveloperName string(255)
NamespacePrefix string(15)
FullName string(255)
Metadata complexvalue readonly
""",
    ),
}

_LINE = re.compile(
    r"(?P<name>\w+) (?P<type>[a-z]+)(?:\((?P<length>\d+)\))?(?P<flags>(?: [a-z]+)*)"
    r"(?: -> (?P<to>[\w,]+):(?P<relationship>\w+))?(?: = (?P<values>.+))?"
)


@dataclass(frozen=True)
class FieldLine:
    """One parsed line; the names are those of ``schema.Field``."""

    name: str
    type: str
    label: str
    length: int
    required: bool
    createable: bool
    updateable: bool
    external_id: bool
    unique: bool
    restricted: bool
    cascade: bool
    values: tuple[tuple[str, str], ...]
    reference_to: tuple[str, ...]
    relationship: str | None


@dataclass(frozen=True)
class TypeText:
    """One parsed standard type."""

    name: str
    label: str
    plural: str
    prefix: str
    fields: tuple[FieldLine, ...]
    tooling: bool
    writable: bool


@cache
def parse() -> tuple[TypeText, ...]:
    """Every standard type. Raises ``ValueError`` on a line it cannot read."""
    types = []
    for name, (prefix, label, flags, text) in _TYPES.items():
        lines = [line.strip() for line in (_SYSTEM + text).splitlines() if line.strip()]
        fields = tuple(_field(line) for line in lines)
        types.append(TypeText(name, label, label, prefix, fields, "tooling" in flags, not flags))
    return tuple(types)


def _field(line: str) -> FieldLine:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"cannot read the field line {line!r}")
    flags = set((found["flags"] or "").split())
    values = [value.strip() for value in (found["values"] or "").split("|") if value.strip()]
    return FieldLine(
        name=found["name"],
        type=found["type"],
        label=re.sub(r"(?<=[a-z])(?=[A-Z])", " ", found["name"]),
        length=int(found["length"] or 0),
        required="required" in flags,
        createable="readonly" not in flags,
        updateable=not flags & {"readonly", "createonly"},
        external_id="external" in flags,
        unique="unique" in flags,
        restricted="restricted" in flags,
        cascade="cascade" in flags,
        values=tuple((value, value) for value in values),
        reference_to=tuple((found["to"] or "").split(",")) if found["to"] else (),
        relationship=found["relationship"],
    )

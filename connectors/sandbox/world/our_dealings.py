"""What our own Salesforce says of dealings with partners beside the deals' partner field.

Belongs here: deal registrations kept as a custom object, partners named in the deals' Partners list, customers that left.
Does not: what partners send as files (``registrations``, ``introductions``).
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.sandbox.world import words
from connectors.sandbox.world.clock import ago
from connectors.sandbox.world.market import KNOWN, OPEN, TARGET
from connectors.sandbox.world.org import Document
from connectors.sandbox.world.salesforce_org import SalesforceOrg


def _field(name: str, type: str, label: str, **more: object) -> Document:
    return {"name": name, "type": type, "label": label, **more}


def _lookup(name: str, label: str) -> Document:
    return _field(name, "reference", label, referenceTo="Account", relationshipName=name.replace("__c", "__r"))


OBJECTS: list[Document] = [
    {
        "name": "Deal_Registration__c",
        "label": "案件登録",
        "fields": [
            _lookup("Partner__c", "申請パートナー"),
            _lookup("Account__c", "対象取引先"),
            _field("Company__c", "string", "対象企業名", length=255),
            _field("Product__c", "string", "製品", length=80),
            _field("Amount__c", "currency", "想定金額"),
            _field("Submitted__c", "date", "申請日"),
            _field("Status__c", "string", "審査状況", length=40),
            _field("Last_Activity__c", "date", "最終活動日"),
        ],
    }
]
_CHURNED = 60


def add(org: SalesforceOrg, accounts: Mapping[int, list[Document]], partners: Mapping[str, str]) -> None:
    """All of it, on accounts that are there already. ``partners``: partner -> the account that stands for it."""
    _registrations(org, accounts, partners)
    _named_partners(org, partners)
    _churn(org, accounts)


def _registrations(org: SalesforceOrg, accounts: Mapping[int, list[Document]], partners: Mapping[str, str]) -> None:
    """The technology partners register through our own Salesforce: some on an account, some by a name as they wrote it."""
    rng, ours = org.rng, org.market.ours()
    org.objects["Deal_Registration__c"] = []
    verdicts = ("承認", "承認", "申請中", "却下")
    for partner in ("hoshizora", "kitakaze"):
        named = {company.id for company in org.market.named.values()}
        pool = [
            id
            for id, status in org.market.partners[partner].items()
            if status == OPEN and ours.get(id) in (TARGET, KNOWN) and id in accounts and id not in named
        ]
        for at, id in enumerate(rng.sample(pool, min(len(pool), org.market.count(8, least=4)))):
            company, by_name = org.market.companies[id], at % 2 == 1
            document: Document = {
                "Id": org.id("Deal_Registration__c"),
                "Name": f"DR-{len(org.objects['Deal_Registration__c']) + 1:04d}",
                "Partner__c": partners[partner],
                "Account__c": None if by_name else accounts[id][0]["Id"],
                "Company__c": org.clerk.name(company) if by_name else None,
                "Product__c": rng.choice(words.PRODUCTS),
                "Amount__c": rng.randint(5, 60) * 100_000,
                "Submitted__c": ago(2 if at % 4 == 2 else rng.randint(8, 60)).isoformat(),
                "Status__c": verdicts[at % 4],
                "Last_Activity__c": ago(rng.randint(1, 7)).isoformat(),
            }
            org.objects["Deal_Registration__c"].append(org.stamp(document, 70, 1))
            if by_name:
                org.truth.claim(f"{org.name}:Deal_Registration__c:{document['Id']}", partner, company)


def _named_partners(org: SalesforceOrg, partners: Mapping[str, str]) -> None:
    """Some reps use the deal's Partners list instead of the field."""
    org.objects["OpportunityPartner"] = []
    deals = [deal for deal in org.objects["Opportunity"] if not deal["IsClosed"] and not deal.get("SalesPartner__c")]
    for deal in org.rng.sample(deals, min(len(deals), org.market.count(24, least=2))):
        document: Document = {
            "Id": org.id("OpportunityPartner"),
            "OpportunityId": deal["Id"],
            "AccountToId": partners[org.rng.choice(("musashi", "setouchi"))],
            "Role": "VAR/Reseller",
            "IsPrimary": True,
        }
        org.objects["OpportunityPartner"].append(org.stamp(document, 9, 5))


def _churn(org: SalesforceOrg, accounts: Mapping[int, list[Document]]) -> None:
    """Customers that left: they bought lately enough, but an account manager entered the day on which they ended it."""
    known = [
        id
        for id, status in org.market.salesforce.items()
        if status == KNOWN and org.market.ours()[id] == KNOWN and id in accounts and not org.deals_of.get(accounts[id][0]["Id"])
    ]
    for at, id in enumerate(known[: org.market.count(_CHURNED, least=4)]):
        account = accounts[id][0]
        org.deal(account, org.market.companies[id], "won", 500 + at)
        account["Type"] = "Customer"
        account["ChurnDate__c"] = ago(20 + at * 9 % 300).isoformat()

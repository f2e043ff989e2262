"""Our own HubSpot portal: what the marketing team of アオゾラソフト keeps, overlapping with Salesforce.

Belongs here: duplicates, contacts that know their company only as a text, marketing's activities. Does not: the
general shape of a portal's documents (``hubspot_portal``).
"""

from __future__ import annotations

from connectors.sandbox.world.clock import ago, hubspot_midnight
from connectors.sandbox.world.companies import Company
from connectors.sandbox.world.hubspot_portal import HubSpotPortal
from connectors.sandbox.world.market import CUSTOMER, KNOWN, OPEN, TARGET, Market
from connectors.sandbox.world.org import Document
from connectors.sandbox.world.truth import Truth
from connectors.sandbox.world.writing import OUR_MARKETING

NAME = "our_hubspot"
PROPERTIES: list[Document] = [
    {"name": name, "label": label, "type": "string", "fieldType": "text", "groupName": "companyinformation"}
    for name, label in (("corporate_number", "法人番号"), ("name_kana", "会社名カナ"), ("name_en", "会社名（英語）"))
]


def build(market: Market, truth: Truth) -> tuple[HubSpotPortal, dict[int, list[Document]]]:
    """The portal, and the company records of each company by entity id."""
    portal = HubSpotPortal(market, truth, NAME, "us", OUR_MARKETING, owners=20, first_id=5_000_000_001)
    rng = portal.rng
    records: dict[int, list[Document]] = {}
    for id, status in market.hubspot.items():
        company = market.companies[id]
        records[id] = [_company(portal, company, status)]
        if rng.random() < 0.075:
            records[id].append(_company(portal, company, KNOWN if status == KNOWN or rng.random() < 0.5 else TARGET))
        _people(portal, company, records[id][0], status)
        _activities(portal, records[id][0], status)
    _parents(market, records)
    _people_without_company(portal)
    return portal, records


def _company(portal: HubSpotPortal, company: Company, status: str) -> Document:
    listing = portal.clerk.write(company)
    return portal.company(
        company,
        status,
        listing,
        corporate_number=listing.number,
        name_kana=listing.kana,
        name_en=listing.english,
    )


def _people(portal: HubSpotPortal, company: Company, document: Document, status: str) -> None:
    rng = portal.rng
    for _ in range(rng.choice((0, 1, 1, 2, 3)) if status != KNOWN else rng.choice((0, 0, 1))):
        text = portal.clerk.name(company) if rng.random() < 0.6 else None
        portal.contact(company, document, status, text, company.domain if rng.random() < 0.9 else None)


def _activities(portal: HubSpotPortal, document: Document, status: str) -> None:
    rng = portal.rng
    if status == KNOWN or rng.random() > 0.4:
        return
    owner = document["properties"].get("hubspot_owner_id")
    days = rng.randint(2, 500)
    on = hubspot_midnight(ago(days))
    if rng.random() < 0.7:
        task = portal.add(
            "tasks",
            {"hs_task_subject": "フォローコール", "hs_task_status": "COMPLETED", "hs_timestamp": on, "hubspot_owner_id": owner},
            days + 5,
            days,
        )
        portal.associate("tasks", task, document)
    if status in (CUSTOMER, OPEN) or rng.random() < 0.2:
        meeting = portal.add(
            "meetings",
            {"hs_meeting_title": "オンライン打ち合わせ", "hs_timestamp": on, "hubspot_owner_id": owner},
            days + 5,
            days,
        )
        portal.associate("meetings", meeting, document)


def _parents(market: Market, records: dict[int, list[Document]]) -> None:
    for id, documents in records.items():
        parent = market.companies[id].parent
        if parent is not None and parent.id in records:
            documents[0]["properties"]["hs_parent_company_id"] = records[parent.id][0]["id"]


def _people_without_company(portal: HubSpotPortal) -> None:
    """People from web forms and seminars: a company as they typed it, no company record. Each is a record of the map."""
    market, rng = portal.market, portal.rng
    statuses, named = market.ours(), {company.id for company in market.named.values()}
    ours = [id for id in statuses if id not in named]
    for id in rng.sample(ours, min(len(ours), market.count(900))):
        company = market.companies[id]
        status = TARGET if statuses[id] != KNOWN and rng.random() < 0.6 else KNOWN
        contact = portal.contact(
            company, None, status, portal.clerk.name(company), company.domain if rng.random() < 0.6 else None
        )
        portal.truth.crm(f"{NAME}:contacts:{contact['id']}", "us", company, status)
    for _ in range(market.count(400)):  # people of whose company we know nothing: no record of the map
        portal.contact(market.companies[0], None, KNOWN, None, "gmail.com")

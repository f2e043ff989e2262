"""A HubSpot portal as its users have filled it: companies, contacts, deals, activities, owners, associations.

Belongs here: documents in HubSpot's form (every property a text), each consistent with the status that the plan
gives the company. Does not: whose portal it is (``our_hubspot``).
"""

from __future__ import annotations

from connectors.sandbox.world import words
from connectors.sandbox.world.clock import ago, hubspot_midnight, hubspot_time, moment
from connectors.sandbox.world.companies import Company
from connectors.sandbox.world.market import CUSTOMER, KNOWN, OPEN, TARGET, Market
from connectors.sandbox.world.org import Document, people, person
from connectors.sandbox.world.truth import Truth
from connectors.sandbox.world.writing import Clerk, Habits, Listing

STAGES = (  # id, label, probability, closed
    ("appointmentscheduled", "アポイント獲得", "0.2", False),
    ("qualifiedtobuy", "ニーズ確認", "0.4", False),
    ("presentationscheduled", "提案", "0.6", False),
    ("decisionmakerboughtin", "決裁者合意", "0.8", False),
    ("contractsent", "契約書送付", "0.9", False),
    ("closedwon", "受注", "1.0", True),
    ("closedlost", "失注", "0.0", True),
)
LIFECYCLE = {
    CUSTOMER: ("customer",),
    OPEN: ("opportunity", "opportunity", "salesqualifiedlead"),
    TARGET: ("lead", "marketingqualifiedlead", "salesqualifiedlead"),
    KNOWN: ("subscriber", "other", ""),
}
INDUSTRIES = {
    "建設業": "CONSTRUCTION",
    "製造業": "MACHINERY",
    "卸売業": "WHOLESALE",
    "小売業": "RETAIL",
    "運輸業": "LOGISTICS_AND_SUPPLY_CHAIN",
    "情報通信業": "INFORMATION_TECHNOLOGY_AND_SERVICES",
    "サービス業": "CONSUMER_SERVICES",
    "不動産業": "REAL_ESTATE",
    "金融業": "FINANCIAL_SERVICES",
    "医療": "HOSPITAL_HEALTH_CARE",
    "教育": "EDUCATION_MANAGEMENT",
    "農業": "FARMING",
    "電気・ガス業": "UTILITIES",
    "団体": "NON_PROFIT_ORGANIZATION_MANAGEMENT",
}
_SCOPES = [
    f"crm.{kind}.{name}.{right}"
    for kind in ("objects", "schemas")
    for name in ("companies", "contacts", "deals")
    for right in ("read", "write")
]


class HubSpotPortal:
    """Collects documents; ``objects`` (associations among them) is what gets written."""

    def __init__(self, market: Market, truth: Truth, name: str, party: str, habits: Habits, owners: int, first_id: int) -> None:
        self.market, self.truth, self.name, self.party, self.first_id = market, truth, name, party, first_id
        self.rng = market.rng(name)
        self.clerk = Clerk(market.rng(f"{name}:clerk"), habits)
        self.objects: dict[str, list[Document]] = {
            name: [] for name in ("owners", "companies", "contacts", "deals", "tasks", "meetings", "associations")
        }
        self._mails: set[str] = set()
        self._hire(owners)

    def _hire(self, count: int) -> None:
        for at, somebody in enumerate(people(self.rng, count)):
            times = {"createdAt": hubspot_time(moment(self.rng, 1500, 1300)), "updatedAt": hubspot_time(moment(self.rng, 1300))}
            self.objects["owners"].append(
                {
                    "id": str(70001 + at),
                    "email": f"{somebody.mail}@{self.party if self.party != 'us' else 'aozora-soft'}.co.jp",
                    "firstName": somebody.first,
                    "lastName": somebody.last,
                    "userId": 50001 + at,
                    "archived": False,
                    **times,
                }
            )

    def add(self, object: str, properties: dict[str, str | None], days: int, touched: int | None = None) -> Document:
        """A record created about ``days`` ago, last changed within days of ``touched`` ago, or any time since.

        Empty properties are left out.
        """
        created = moment(self.rng, days, max(1, days - 20))
        modified = moment(self.rng, days if touched is None else touched, 1 if touched is None else max(1, touched - 9))
        created, modified = min(created, modified), max(created, modified)
        stamp = {"contacts": "lastmodifieddate"}.get(object, "hs_lastmodifieddate")
        made = {"tasks": "hs_createdate", "meetings": "hs_createdate"}.get(object, "createdate")
        kept = {key: value for key, value in properties.items() if value}
        document = {
            "id": str(self.first_id + 3 * len(self.objects[object])),
            "properties": {**kept, made: hubspot_time(created), stamp: hubspot_time(modified)},
            "createdAt": hubspot_time(created),
            "updatedAt": hubspot_time(modified),
            "archived": False,
        }
        self.objects[object].append(document)
        return document

    def associate(self, object: str, document: Document, company: Document) -> None:
        self.objects["associations"].append(
            {"from": object, "from_id": document["id"], "to": "companies", "to_id": company["id"]}
        )

    def owner(self) -> str:
        return str(self.rng.choice(self.objects["owners"])["id"])

    def company(self, company: Company, status: str, listing: Listing | None = None, **more: str | None) -> Document:
        """A company record with the lifecycle stage and deals that make its status true."""
        rng = self.rng
        listing = listing or self.clerk.write(company)
        domain = company.domain if listing.website else None
        document = self.add(
            "companies",
            {
                "name": listing.name,
                "domain": domain,
                "website": listing.website if rng.random() < 0.6 else None,
                "phone": listing.phone,
                "country": "日本" if listing.prefecture and rng.random() < 0.5 else None,
                "zip": listing.postal,
                "state": listing.prefecture,
                "city": listing.city,
                "address": listing.street,
                "industry": INDUSTRIES[company.industry] if rng.random() < 0.6 else None,
                "numberofemployees": str(company.employees) if rng.random() < 0.4 else None,
                "lifecyclestage": rng.choice(LIFECYCLE[status]),
                "hubspot_owner_id": self.owner() if rng.random() < 0.8 else None,
                "notes_last_contacted": hubspot_time(moment(rng, 400)) if status != KNOWN and rng.random() < 0.6 else None,
                **more,
            },
            rng.randint(60, 1500),
        )
        self.truth.crm(f"{self.name}:companies:{document['id']}", self.party, company, status)
        self._deals(document, company, status)
        return document

    def _deals(self, document: Document, company: Company, status: str) -> None:
        rng = self.rng
        if status == OPEN and (document["properties"]["lifecyclestage"] != "opportunity" or rng.random() < 0.8):
            self.deal(document, company, rng.choice(STAGES[:5]), rng.randint(1, 90))
        if status == CUSTOMER and rng.random() < 0.85:
            self.deal(document, company, STAGES[5], rng.randint(5, 1070))
        if rng.random() < 0.12:
            self.deal(document, company, STAGES[6], rng.randint(10, 900))

    def deal(self, document: Document, company: Company, stage: tuple[str, str, str, bool], days: int) -> Document:
        """A deal last touched so many days ago; an open one closes in the coming months."""
        rng = self.rng
        closes = ago(days) if stage[3] else ago(-rng.randint(5, 120))
        amount, abroad = rng.randint(2, 80) * 100_000, self.party == "us" and rng.random() < 0.04
        deal = self.add(
            "deals",
            {
                "dealname": f"{company.core} {rng.choice(words.PRODUCTS) if self.party == 'us' else 'クラウド移行'}",
                "dealstage": stage[0],
                "pipeline": "default",
                "amount": str(amount // 150 if abroad else amount),
                "closedate": hubspot_midnight(closes),
                "deal_currency_code": "USD" if abroad else "JPY",
                "hs_is_closed": "true" if stage[3] else "false",
                "hs_is_closed_won": "true" if stage[0] == "closedwon" else "false",
                "hubspot_owner_id": document["properties"].get("hubspot_owner_id") or self.owner(),
                "notes_last_contacted": hubspot_time(moment(rng, days + 1, days)),
            },
            days + rng.randint(20, 150),
            days,
        )
        self.associate("deals", deal, document)
        return deal

    def contact(
        self, company: Company, document: Document | None, status: str, text: str | None, mail_domain: str | None
    ) -> Document:
        """A person; with ``document`` associated to a company record, otherwise knowing their company as a text at most."""
        rng = self.rng
        somebody = person(rng)
        mail = f"{somebody.mail}@{mail_domain}" if mail_domain else None
        if mail in self._mails:
            mail = f"{somebody.mail}{len(self._mails)}@{mail_domain}"
        self._mails.add(mail or "")
        contact = self.add(
            "contacts",
            {
                "email": mail,
                "firstname": somebody.first,
                "lastname": somebody.last,
                "company": text,
                "jobtitle": rng.choice(words.TITLES),
                "lifecyclestage": rng.choice(LIFECYCLE[status]),
                "hubspot_owner_id": self.owner() if rng.random() < 0.5 else None,
            },
            rng.randint(10, 1200),
        )
        if document is not None:
            self.associate("contacts", contact, document)
        return contact

    def _token(self, suffix: str, user_id: int) -> Document:
        """The first acts as an integration that owns nothing, the other as the first owner."""
        scopes = ["crm.objects.owners.read", "crm.lists.read", "crm.lists.write", *_SCOPES]
        return {"token": f"{self.name}{suffix}-demo-only", "user_id": user_id, "scopes": scopes}

    def schema(self, properties: list[Document]) -> Document:
        """Custom properties of companies, the deal pipeline, and tokens that open nothing but a local sandbox."""
        stages = [
            {"id": id, "label": label, "metadata": {"probability": p, "isClosed": str(closed).lower()}}
            for id, label, p, closed in STAGES
        ]
        return {
            "properties": {"companies": properties},
            "pipelines": {"deals": [{"id": "default", "label": "営業パイプライン", "stages": stages}]},
            "tokens": [self._token("", 50900), self._token("-rep", 50001)],
        }


def build_partner_portal(market: Market, truth: Truth, name: str, partner: str, habits: Habits) -> HubSpotPortal:
    """A partner's portal: companies with deals, owners; a few companies entered twice."""
    portal = HubSpotPortal(market, truth, name, partner, habits, owners=12, first_id=9_000_000_001)
    for id, status in market.partners[partner].items():
        company = market.companies[id]
        portal.company(company, status)
        if portal.rng.random() < 0.04:
            portal.company(company, KNOWN if status == KNOWN else TARGET)
    return portal

"""Our own Salesforce org: what the sales team of アオゾラソフト keeps.

Belongs here: what only our org has: custom fields, partner accounts, partners of record, branches, leads,
activities. Does not: the general shape of an org's documents (``salesforce_org``).
"""

from __future__ import annotations

from datetime import date

from connectors.sandbox.world import our_dealings, partner_relations, words
from connectors.sandbox.world.clock import ago
from connectors.sandbox.world.companies import Company
from connectors.sandbox.world.market import CUSTOMER, KNOWN, OPEN, PARTNERS, TARGET, Market
from connectors.sandbox.world.org import Document, person
from connectors.sandbox.world.salesforce_org import INDUSTRIES, SalesforceOrg, login
from connectors.sandbox.world.truth import Truth
from connectors.sandbox.world.writing import OURS

NAME = "our_salesforce"
OVERRIDING_REP = 5
"""Which of the reps sets overrides in the demo; has an API client of their own, the second one."""
PARTNER_ACCOUNTS = {partner: f"001{at:012d}AAA" for at, partner in enumerate(PARTNERS, 1)}
_PARTNER_NAMES = {
    "musashi": "武蔵システムズ株式会社",
    "setouchi": "瀬戸内ソリューション株式会社",
    "hoshizora": "ほしぞらクラウド株式会社",
    "kitakaze": "キタカゼ・データ株式会社",
    "mirai": "みらいベンチャーパートナーズ株式会社",
    "tasogare": "たそがれ商事株式会社",
    "akebono": "あけぼの税理士法人",
}


def schema(org: SalesforceOrg) -> Document:
    """Custom fields and the API client; Totsugo's own fields are created by provisioning."""
    partner: Document = {
        "name": "SalesPartner__c",
        "type": "reference",
        "referenceTo": "Account",
        "relationshipName": "SalesPartner__r",
        "label": "販売パートナー",
    }
    account: list[Document] = [
        {"name": "CorporateNumber__c", "type": "string", "length": 13, "label": "法人番号"},
        {"name": "NameKana__c", "type": "string", "length": 255, "label": "取引先名（カナ）"},
        {"name": "NameEn__c", "type": "string", "length": 255, "label": "取引先名（英語）"},
        partner,
        {"name": "ChurnDate__c", "type": "date", "label": "解約日"},
    ]
    product: Document = {"name": "ProductLine__c", "type": "string", "length": 80, "label": "製品"}
    return {
        "custom_objects": our_dealings.OBJECTS,
        "custom_fields": {"Account": account, "Opportunity": [partner, product]},
        "clients": [login(org.integration_user, NAME), login(org.reps[OVERRIDING_REP], f"{NAME}-rep")],
    }


def build(market: Market, truth: Truth) -> tuple[SalesforceOrg, dict[int, list[Document]]]:
    """The org, and the accounts of each company by entity id."""
    org = SalesforceOrg(market, truth, NAME, "us", OURS, instance=1, reps=max(8, market.count(42)))
    _partner_accounts(org)
    accounts: dict[int, list[Document]] = {}
    for id, status in market.salesforce.items():
        company = market.companies[id]
        accounts[id] = [_own(org, company, status)]
        if org.rng.random() < 0.05:
            accounts[id].append(_own(org, company, KNOWN if status == KNOWN else TARGET))
        if company.employees > 60 and org.rng.random() < 0.14:
            accounts[id].append(_branch(org, company, accounts[id][0]))
        _work(org, company, accounts[id][0], status)
    _parents(market, accounts)
    _leads(org, accounts)
    our_dealings.add(org, accounts, PARTNER_ACCOUNTS)
    partner_relations.add(org, PARTNER_ACCOUNTS)
    return org, accounts


def _own(org: SalesforceOrg, company: Company, status: str) -> Document:
    listing = org.clerk.write(company)
    served_by = org.market.served_by.get(company.id)
    partner = PARTNER_ACCOUNTS[served_by] if served_by and status in (CUSTOMER, OPEN) else None
    document = org.account(
        company,
        status,
        listing,
        SalesPartner__c=partner,
        CorporateNumber__c=listing.number or None,
        NameKana__c=listing.kana or None,
        NameEn__c=listing.english or None,
    )
    for deal in org.deals_of.get(document["Id"], []):
        deal["SalesPartner__c"] = partner if org.rng.random() < 0.8 else None
    return document


def _branch(org: SalesforceOrg, company: Company, head: Document) -> Document:
    """A branch that has an account of its own beneath the head office's: the same legal entity."""
    listing = org.clerk.write(company)
    branch = org.rng.choice(words.BRANCHES)
    listing.name = f"{company.name} {branch}"
    org.clerk.elsewhere(listing, branch)
    return org.account(company, KNOWN, listing, ParentId=head["Id"], OwnerId=head["OwnerId"], SalesPartner__c=None)


def _work(org: SalesforceOrg, company: Company, account: Document, status: str) -> None:
    """People there, and what the rep did with them."""
    rng = org.rng
    deals = org.deals_of.get(account["Id"], [])
    number = {CUSTOMER: 3, OPEN: 2, TARGET: 1}.get(status, 0) + (rng.random() < 0.4)
    contacts = [
        org.contact(account, company.domain, rng.choice(words.TITLES), rng.choice(words.DEPARTMENTS)) for _ in range(number)
    ]
    latest = account["LastActivityDate"]
    for _ in range({CUSTOMER: 2, OPEN: 2, TARGET: 1}.get(status, 0) if rng.random() < 0.6 else 0):
        on = ago(rng.randint(3, 700))
        if status == OPEN and latest:  # a deal left idle on purpose stays idle
            on = min(on, date.fromisoformat(latest))
        org.activity("Event" if rng.random() < 0.25 else "Task", account, on, contacts, rng.choice(deals) if deals else None)


def _parents(market: Market, accounts: dict[int, list[Document]]) -> None:
    """Subsidiaries stand beneath their parent's account for the groups that somebody cared to arrange."""
    for id, documents in accounts.items():
        parent = market.companies[id].parent
        if parent is not None and parent.id in accounts and parent.id % 3:
            documents[0]["ParentId"] = accounts[parent.id][0]["Id"]


def _leads(org: SalesforceOrg, accounts: dict[int, list[Document]]) -> None:
    """Unconverted leads are records of ours; converted ones live on as accounts."""
    for id in org.market.leads:
        lead = _lead(org, org.market.companies[id])
        org.truth.crm(f"{NAME}:Lead:{lead['Id']}", "us", org.market.companies[id], TARGET)
    with_account = list(accounts)
    for id in org.rng.sample(with_account, min(len(with_account), org.market.count(300))):
        _lead(org, org.market.companies[id], accounts[id][0]["Id"])


def _lead(org: SalesforceOrg, company: Company, converted_to: str | None = None) -> Document:
    rng, listing = org.rng, org.clerk.write(company)
    name = person(rng)
    document: Document = {
        "Id": org.id("Lead"),
        "Company": listing.name,
        "LastName": name.last,
        "FirstName": name.first,
        "Email": f"{name.mail}@{listing.mail_domain}" if listing.mail_domain else None,
        "Phone": listing.phone or None,
        "Website": listing.website or None,
        "Country": None,
        "PostalCode": listing.postal or None,
        "State": listing.prefecture or None,
        "City": listing.city or None,
        "Street": listing.street or None,
        "Industry": INDUSTRIES[company.industry],
        "NumberOfEmployees": company.employees if rng.random() < 0.3 else None,
        "Status": "Closed - Converted" if converted_to else rng.choice(("Open - Not Contacted", "Working - Contacted")),
        "IsConverted": converted_to is not None,
        "ConvertedAccountId": converted_to,
        "OwnerId": rng.choice(org.reps),
        "LastActivityDate": ago(rng.randint(2, 300)).isoformat() if rng.random() < 0.5 else None,
        "MasterRecordId": None,
    }
    org.objects["Lead"].append(org.stamp(document, rng.randint(30, 900)))
    return document


def _partner_accounts(org: SalesforceOrg) -> None:
    """The partners themselves, with the people we know there and who reports to whom. Not records of the map."""
    ranks = (
        ("代表取締役", "経営"),
        ("執行役員", "営業本部"),
        ("部長", "営業本部"),
        ("部長", "アライアンス推進部"),
        ("課長", "営業一課"),
        ("課長", "営業二課"),
    )
    for partner, id in PARTNER_ACCOUNTS.items():
        account: Document = {
            "Id": id,
            "Name": _PARTNER_NAMES[partner],
            "Type": "Partner",
            "Industry": "Consulting",
            "NumberOfEmployees": org.rng.randint(30, 900),
            "AnnualRevenue": None,
            "Website": f"https://www.{partner}.co.jp/",
            "Phone": None,
            "BillingCountry": "日本",
            "BillingPostalCode": None,
            "BillingState": "東京都",
            "BillingCity": "港区",
            "BillingStreet": None,
            "ParentId": None,
            "OwnerId": org.rng.choice(org.reps),
            "LastActivityDate": None,
            "MasterRecordId": None,
        }
        org.objects["Account"].append(org.stamp(account, 1600))
        above: list[str] = []
        for at, (title, department) in enumerate(ranks):
            boss = above[(at - 1) // 2] if at else None
            above.append(org.contact(account, f"{partner}.co.jp", title, department, boss)["Id"])
        contacts = [c for c in org.objects["Contact"] if c["AccountId"] == id]
        contacts += [
            org.contact(account, f"{partner}.co.jp", "担当", org.rng.choice(("営業一課", "営業二課")), org.rng.choice(above[4:]))
            for _ in range(org.rng.randint(2, 9))
        ]
        newest = 380 if partner == "tasogare" else 4
        for _ in range(6):
            org.activity("Event", account, ago(newest + org.rng.randint(0, 200)), contacts, None)

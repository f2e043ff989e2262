"""A Salesforce org as its users have filled it: accounts, opportunities, contacts, activities, users.

Belongs here: documents in Salesforce's fields, each consistent with the status that the plan gives the
company. Does not: what only our own org has (``our_salesforce``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from connectors.sandbox.world import words
from connectors.sandbox.world.clock import TODAY, ago, moment, salesforce_time
from connectors.sandbox.world.companies import Company
from connectors.sandbox.world.market import CUSTOMER, OPEN, TARGET, Market
from connectors.sandbox.world.org import Document, people, person, salesforce_id
from connectors.sandbox.world.truth import Truth
from connectors.sandbox.world.writing import Clerk, Habits, Listing

INDUSTRIES = {
    "建設業": "Construction",
    "製造業": "Manufacturing",
    "卸売業": "Retail",
    "小売業": "Retail",
    "情報通信業": "Consulting",
    "運輸業": "Other",
    "サービス業": "Consulting",
    "不動産業": "Other",
    "金融業": "Finance",
    "医療": "Healthcare",
    "教育": "Education",
    "農業": "Agriculture",
    "電気・ガス業": "Other",
    "団体": "Other",
}


@dataclass(frozen=True)
class Stages:
    """An org's names for the stages of a deal."""

    open: tuple[str, ...]
    won: str
    lost: str


JAPANESE_STAGES = Stages(("見込み", "ヒアリング", "提案", "見積提出", "最終交渉"), "受注", "失注")
ENGLISH_STAGES = Stages(
    ("Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review"), "Closed Won", "Closed Lost"
)
_SUBJECTS = ("電話", "メール", "訪問", "オンライン商談", "見積送付", "デモ実施", "契約更新の確認", "導入支援の打ち合わせ")


class SalesforceOrg:
    """Collects documents; ``objects`` is what gets written."""

    def __init__(self, market: Market, truth: Truth, name: str, party: str, habits: Habits, instance: int, reps: int) -> None:
        self.market, self.truth, self.name, self.party, self.instance = market, truth, name, party, instance
        self.rng = market.rng(name)
        self.clerk = Clerk(market.rng(f"{name}:clerk"), habits)
        self.stages = JAPANESE_STAGES if party == "us" else ENGLISH_STAGES
        self.mail_domain = "aozora-soft.co.jp" if party == "us" else f"{party}.co.jp"
        self.objects: dict[str, list[Document]] = {
            name: [] for name in ("User", "Account", "Contact", "Opportunity", "Lead", "Task", "Event")
        }
        self.deals_of: dict[str, list[Document]] = {}
        self._hire(reps)

    def id(self, object: str) -> str:
        """The next id of an object."""
        return salesforce_id(object, len(self.objects[object]) + 1, self.instance)

    def stamp(self, document: Document, created_days: int, touched_days: int | None = None) -> Document:
        """Fill in the system fields: created so many days ago, last modified after ``touched_days`` ago or any time since."""
        created = moment(self.rng, created_days, max(1, created_days - 30))
        modified = moment(
            self.rng,
            created_days if touched_days is None else touched_days,
            1 if touched_days is None else max(1, touched_days - 9),
        )
        document["CreatedDate"] = salesforce_time(min(created, modified))
        document["LastModifiedDate"] = document["SystemModstamp"] = salesforce_time(max(created, modified))
        document["LastModifiedById"] = document.get("OwnerId") or salesforce_id("User", 1, self.instance)
        document["IsDeleted"] = False
        return document

    def _hire(self, count: int) -> None:
        names = people(self.rng, count)
        for at, somebody in enumerate(names):
            user = {
                "Id": self.id("User"),
                "Name": somebody.name,
                "LastName": somebody.last,
                "FirstName": somebody.first,
                "Username": f"{somebody.mail}@{self.mail_domain}",
                "Email": f"{somebody.mail}@{self.mail_domain}",
                "IsActive": at == 0 or self.rng.random() < 0.9,
                "Department": ("営業一部", "営業二部", "西日本営業部", "パートナー推進部")[at % 4],
                "Title": "部長" if at < 4 else "課長" if at < 10 else "担当",
            }
            self.objects["User"].append(self.stamp(user, 1500))
        self.reps = [user["Id"] for user in self.objects["User"]]
        self.objects["User"].append(self.stamp(self._integration(), 700))
        self.integration_user: str = self.objects["User"][-1]["Id"]

    def _integration(self) -> Document:
        """Whom the API client acts as: nobody's name stands on its changes, and it owns nothing."""
        mail = f"totsugo.integration@{self.mail_domain}"
        return {
            "Id": self.id("User"),
            "Name": "Totsugo 連携",
            "LastName": "連携",
            "FirstName": "Totsugo",
            "Username": mail,
            "Email": mail,
            "IsActive": True,
            "Department": "情報システム部",
            "Title": None,
        }

    def account(self, company: Company, status: str, listing: Listing | None = None, **more: object) -> Document:
        """An account of the company with whatever makes its status true."""
        listing = listing or self.clerk.write(company)
        days = self.rng.randint(120, 1700)
        document: Document = {
            "Id": self.id("Account"),
            "Name": listing.name,
            "Type": self._type(status),
            "Industry": INDUSTRIES[company.industry],
            "NumberOfEmployees": company.employees if self.rng.random() < 0.6 else None,
            "AnnualRevenue": company.employees * self.rng.randint(8, 40) * 1_000_000 if self.rng.random() < 0.3 else None,
            "Website": listing.website or None,
            "Phone": listing.phone or None,
            "BillingCountry": self.rng.choice(("日本", "日本", "Japan", None)),
            "BillingPostalCode": listing.postal or None,
            "BillingState": listing.prefecture or None,
            "BillingCity": listing.city or None,
            "BillingStreet": listing.street or None,
            "ParentId": None,
            "OwnerId": self.rng.choice(self.reps),
            "LastActivityDate": None,
            "MasterRecordId": None,
        }
        document.update(more)
        self.objects["Account"].append(self.stamp(document, days))
        self.truth.crm(f"{self.name}:Account:{document['Id']}", self.party, company, status)
        self._deals(document, company, status)
        return document

    def _type(self, status: str) -> str | None:
        rng = self.rng
        if status == CUSTOMER:
            return rng.choice(("Customer", "Customer", "Customer", "Customer - Direct", "既存顧客", "Prospect", None))
        if status == TARGET:
            return rng.choice(("Prospect", "Prospect", "Target", "ターゲット"))
        return rng.choice(("Prospect", "Prospect", None)) if status == OPEN else rng.choice((None, None, "Other"))

    def _deals(self, account: Document, company: Company, status: str) -> None:
        """Opportunities that give the account its status; lost and long past ones that do not."""
        rng, is_typed = self.rng, account["Type"] in ("Customer", "Customer - Direct", "既存顧客")
        if status == CUSTOMER:
            for _ in range(rng.choice((1, 1, 2, 3)) if not is_typed or rng.random() < 0.85 else 0):
                self.deal(account, company, "won", rng.randint(5, 1070))
            if rng.random() < 0.22:
                self.deal(account, company, "open")
        elif status == OPEN:
            for _ in range(1 if rng.random() < 0.85 else 2):
                self.deal(account, company, "open")
        elif status != TARGET and rng.random() < 0.18:
            self.deal(account, company, "won", rng.randint(1130, 1700))
        if rng.random() < 0.24:
            self.deal(account, company, "lost", rng.randint(10, 1200))

    def deal(
        self, account: Document, company: Company, outcome: str, closed_days: int = 0, idle_days: int | None = None
    ) -> Document:
        """An opportunity: ``open`` (``idle_days`` without activity), or ``won`` / ``lost`` so many days ago."""
        rng = self.rng
        if outcome == "open":
            idle = idle_days if idle_days is not None else rng.randint(1, 75) if rng.random() < 0.8 else rng.randint(105, 260)
            age, close, active = idle + rng.randint(15, 150), ago(-rng.randint(5, 150)), ago(idle)
            stage = rng.choice(self.stages.open)
        else:
            age, close, active = closed_days + rng.randint(20, 200), ago(closed_days), ago(closed_days)
            stage = self.stages.won if outcome == "won" else self.stages.lost
        product = rng.choice(words.PRODUCTS) if self.party == "us" else rng.choice(("データ基盤", "BI導入", "年間保守"))
        document: Document = {
            "Id": self.id("Opportunity"),
            "Name": f"{company.core} {product}"[:120],
            "AccountId": account["Id"],
            "StageName": stage,
            "IsClosed": outcome != "open",
            "IsWon": outcome == "won",
            "Amount": rng.randint(2, 60) * 100_000 if rng.random() < 0.94 else None,
            "CloseDate": close.isoformat(),
            "LastActivityDate": active.isoformat(),
            "LastStageChangeDate": salesforce_time(moment(rng, (TODAY - active).days + 10, (TODAY - active).days + 1)),
            "Type": rng.choice(("New Customer", "Existing Customer - Upgrade")),
            "OwnerId": account["OwnerId"],
        }
        if self.party == "us":
            document["ProductLine__c"] = product
        self.objects["Opportunity"].append(self.stamp(document, age, (TODAY - active).days))
        self.deals_of.setdefault(account["Id"], []).append(document)
        touch(account, active)
        return document

    def contact(
        self, account: Document, listing_domain: str | None, title: str, department: str, reports_to: str | None = None
    ) -> Document:
        somebody = person(self.rng)
        document: Document = {
            "Id": self.id("Contact"),
            "AccountId": account["Id"],
            "LastName": somebody.last,
            "FirstName": somebody.first,
            "Title": title,
            "Department": department,
            "Email": f"{somebody.mail}@{listing_domain}" if listing_domain else None,
            "Phone": account["Phone"] if self.rng.random() < 0.4 else None,
            "ReportsToId": reports_to,
            "OwnerId": account["OwnerId"],
            "MasterRecordId": None,
        }
        self.objects["Contact"].append(self.stamp(document, 1400))
        return document

    def activity(
        self,
        object: str,
        account: Document,
        on: date,
        contacts: Sequence[Document],
        deal: Document | None,
        owner: str | None = None,
    ) -> None:
        """A ``Task`` or an ``Event`` with the account, of its owner unless another is named."""
        about = deal or account
        who = self.rng.choice(contacts)["Id"] if contacts else None
        document: Document = {
            "Id": self.id(object),
            "AccountId": account["Id"],
            "WhatId": about["Id"],
            "WhoId": who,
            "Subject": self.rng.choice(_SUBJECTS),
            "ActivityDate": on.isoformat(),
            "OwnerId": owner or account["OwnerId"],
        }
        if object == "Task":
            document["Status"] = "Completed"
        else:
            document["StartDateTime"] = f"{(on - timedelta(days=1)).isoformat()}T{self.rng.randint(0, 8) + 15:02d}:00:00.000+0000"
        self.objects[object].append(self.stamp(document, (TODAY - on).days + 10, (TODAY - on).days))
        touch(account, on)


def touch(account: Document, on: date) -> None:
    """The account's last activity is no earlier than this one."""
    account["LastActivityDate"] = max(account["LastActivityDate"] or "", on.isoformat())


def build_partner_org(market: Market, truth: Truth, name: str, partner: str, habits: Habits) -> SalesforceOrg:
    """A partner's org: accounts with deals, users; a few accounts entered twice."""
    org = SalesforceOrg(market, truth, name, partner, habits, instance=2, reps=12)
    for id, status in market.partners[partner].items():
        company = market.companies[id]
        org.account(company, status)
        if org.rng.random() < 0.03:
            org.account(company, TARGET if status in (CUSTOMER, OPEN) else status)
    return org


def login(user_id: str, name: str) -> Document:
    """An API client that acts as the user. It opens nothing but a local sandbox."""
    return {"client_id": f"{name}-demo-client", "client_secret": f"{name}-demo-only", "user_id": user_id}

"""What our Salesforce knows of the partners themselves: facts, more of their people, and who of us meets whom.

Belongs here: what goes beyond the six people that every partner begins with. Does not: those (``our_salesforce``), nor any
company of the map. It is made last, so that it changes nothing else of the world.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import NamedTuple

from connectors.sandbox.world.clock import ago
from connectors.sandbox.world.org import Document
from connectors.sandbox.world.salesforce_org import SalesforceOrg


class Facts(NamedTuple):
    """Of a partner's account. The revenue is in million yen, the telephone numbers are given to nobody."""

    industry: str
    employees: int
    revenue: int
    phone: str
    postal: str
    prefecture: str
    city: str
    street: str


_FACTS = {
    "musashi": Facts("Technology", 640, 18_200, "03-0000-0101", "105-0000", "東京都", "港区", "芝浦東町1-2-3"),
    "setouchi": Facts("Technology", 210, 4_600, "086-000-0102", "700-0000", "岡山県", "岡山市北区", "瀬戸町2-4-6"),
    "hoshizora": Facts("Technology", 180, 3_900, "03-0000-0103", "150-0000", "東京都", "渋谷区", "星丘3-5-7"),
    "kitakaze": Facts("Technology", 95, 1_700, "011-000-0104", "060-0000", "北海道", "札幌市中央区", "北風通4-6"),
    "mirai": Facts("Finance", 24, 900, "03-0000-0105", "106-0000", "東京都", "港区", "未来坂5-1"),
    "tasogare": Facts("Retail", 320, 12_400, "045-000-0106", "220-0000", "神奈川県", "横浜市西区", "夕凪町6-8-1"),
    "akebono": Facts("Consulting", 38, 620, "03-0000-0107", "101-0000", "東京都", "千代田区", "暁町7-2"),
}
_MORE = (  # of a large partner: department, and titles from the top down, each reporting to the one before
    ("技術本部", ("執行役員", "部長", "課長", "主任")),
    ("マーケティング部", ("部長", "主任", "担当")),
    ("カスタマーサポート部", ("部長", "課長", "担当")),
    ("経営企画室", ("室長",)),
)
_SIZES = {"musashi": "large", "mirai": "small"}
_DEPARTMENTS = {"mirai": ("経営", "投資部", "投資部")}
_TITLES = {"akebono": {"代表取締役": "代表社員"}, "mirai": {"執行役員": "パートナー"}}
_NEWEST = {"tasogare": 380, "akebono": 40}
"""Days since the last meeting, where it is longer ago than usual."""


def add(org: SalesforceOrg, partner_accounts: Mapping[str, str]) -> None:
    """Fill in every partner's account, ``partner_accounts`` being partner -> its id."""
    rng = org.market.rng("partner_relations")
    accounts = {account["Id"]: account for account in org.objects["Account"] if account["Id"] in partner_accounts.values()}
    for partner, id in partner_accounts.items():
        account = accounts[id]
        _fill_in(account, _FACTS[partner])
        people = [contact for contact in org.objects["Contact"] if contact["AccountId"] == id]
        if _SIZES.get(partner) == "large":
            people += _more_people(org, account, people[0], f"{partner}.co.jp")
        elif _SIZES.get(partner) == "small":
            people = _only_the_heads(org, people)
        _call(people, partner)
        _meet(org, rng, account, people, _NEWEST.get(partner, 3))


def _fill_in(account: Document, facts: Facts) -> None:
    account["Industry"], account["NumberOfEmployees"] = facts.industry, facts.employees
    account["AnnualRevenue"], account["Phone"] = facts.revenue * 1_000_000, facts.phone
    account["BillingPostalCode"], account["BillingState"] = facts.postal, facts.prefecture
    account["BillingCity"], account["BillingStreet"] = facts.city, facts.street


def _more_people(org: SalesforceOrg, account: Document, head: Document, domain: str) -> list[Document]:
    found: list[Document] = []
    for department, titles in _MORE:
        above = head
        for title in titles:
            above = org.contact(account, domain, title, department, above["Id"])
            found.append(above)
    return found


def _only_the_heads(org: SalesforceOrg, people: list[Document]) -> list[Document]:
    """The first three; whoever met another of them met the head."""
    kept = people[:3]
    gone = {contact["Id"] for contact in people[3:]}
    org.objects["Contact"] = [contact for contact in org.objects["Contact"] if contact["Id"] not in gone]
    for event in org.objects["Event"]:
        if event["WhoId"] in gone:
            event["WhoId"] = kept[1]["Id"]
    return kept


def _call(people: list[Document], partner: str) -> None:
    """Titles and departments as this kind of company has them."""
    for contact in people:
        contact["Title"] = _TITLES.get(partner, {}).get(contact["Title"], contact["Title"])
    for contact, department in zip(people, _DEPARTMENTS.get(partner, ()), strict=False):
        contact["Department"] = department


def _meet(org: SalesforceOrg, rng: Random, account: Document, people: list[Document], newest: int) -> None:
    """Three to five of us, of different departments where there are enough: one who is close to somebody there, the others less.
    Nobody meets the head, whom the owner alone has met, if anybody."""
    theirs = people[1:]
    for at, user in enumerate(_ours(org, rng, account["OwnerId"])):
        close = at == 0
        for who in rng.sample(theirs, min(len(theirs), rng.randint(1, 3))):
            for days in _days(rng, newest, close):
                org.activity("Event" if rng.random() < 0.6 else "Task", account, ago(days), [who], None, owner=user)
            close = False


def _days(rng: Random, newest: int, close: bool) -> list[int]:
    """Days ago of the meetings of two people."""
    if close:
        return [newest + rng.randint(0, 40), *(newest + rng.randint(41, 300) for _ in range(rng.randint(4, 6)))]
    return [newest + rng.randint(0, 420) for _ in range(rng.choice((1, 1, 2, 3)))]


def _ours(org: SalesforceOrg, rng: Random, owner: str) -> list[str]:
    """Ids of users who are still with us, the account's owner left out; the department that looks after partners first."""
    free = [user for user in org.objects["User"] if user["IsActive"] and user["Id"] != owner and user["Title"]]
    of = {
        department: [u for u in free if u["Department"] == department] for department in sorted({u["Department"] for u in free})
    }
    first = [rng.choice(of.pop("パートナー推進部"))] if "パートナー推進部" in of else []
    others = [rng.choice(users) for users in of.values()]
    return [user["Id"] for user in (first + rng.sample(others, len(others)))[: rng.randint(3, 4)]]

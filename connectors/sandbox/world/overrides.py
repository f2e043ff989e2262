"""What reps put into Totsugo's override fields, once provisioning has created them.

Belongs here: which records are overridden and with what, faulty ones too. Does not: writing them (the demo
does that, as the rep would). Sources: the accounts and company records that the orgs were built with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeVar

from connectors.sandbox.world import our_hubspot, our_salesforce
from connectors.sandbox.world.clock import ago
from connectors.sandbox.world.market import CUSTOMER, TARGET, Market
from connectors.sandbox.world.org import Document

T = TypeVar("T")
Records = Mapping[int, list[Document]]


@dataclass(frozen=True)
class Rep:
    """Somebody who sets overrides in one CRM."""

    org: str
    object: str
    user_id: str

    def sets(self, records: Iterable[Document], *wish: str | date | None) -> list[Document]:
        """The same ``wish`` (override, partner, reason, until; ``None`` is left empty) on each of the records."""
        keys = ("override", "override_partner", "override_reason", "override_until")
        values = {self._field(key): str(value) for key, value in zip(keys, wish, strict=True) if value is not None}
        base = {"org": self.org, "object": self.object, "user_id": self.user_id, "values": values}
        return [{**base, "id": record.get("Id") or record["id"]} for record in records]

    def _field(self, key: str) -> str:
        return f"Totsugo_{key.title()}__c" if self.object == "Account" else f"totsugo_{key}"


def build(market: Market, accounts: Records, companies: Records, user: str, owner: str) -> list[Document]:
    """Overrides as ``{org, object, id, user_id, values}``; ``user`` is the Salesforce rep, ``owner`` the HubSpot user."""
    named = {company.id for company in market.named.values()}
    ours, musashi, setouchi = market.ours(), market.partners["musashi"], market.partners["setouchi"]

    def pick(records: Records, fits: Callable[[int], bool]) -> Iterator[Document]:
        return (documents[0] for id, documents in records.items() if id not in named and fits(id))

    customers = pick(accounts, lambda id: ours.get(id) == CUSTOMER and musashi.get(id) == TARGET)
    targets = pick(accounts, lambda id: ours.get(id) == TARGET and id in musashi and len(accounts[id]) == 1)
    twins = (documents for id, documents in accounts.items() if len(documents) > 1 and id in musashi and id not in named)
    marketing = pick(companies, lambda id: ours.get(id) == TARGET and id in setouchi and id not in accounts)
    restricted, live = (accounts[market.named[key].id][:1] for key in ("restricted", "live"))
    twin = next(twins, [])
    soon, later, past = ago(-72), ago(-131), ago(51)
    rep, marketer = Rep(our_salesforce.NAME, "Account", user), Rep(our_hubspot.NAME, "companies", owner)
    return [
        *rep.sets(_first(customers, 2), "allow", "musashi", "共同提案で合意済み（武蔵システムズ 営業本部）", later),
        *rep.sets(_first(targets, max(2, market.count(12))), "block", None, "役員案件のため当社が直接対応", soon),
        *rep.sets(_first(targets, 1), "block", "武蔵システムズ株式会社", "先方より代理店経由を断られている", soon),
        *rep.sets(_first(customers, 1), "allow", "musashi", None, later),  # no reason: a fault
        *rep.sets(_first(customers, 1), "allow", "musashi", "期限は後日確認", None),  # no end: a fault
        *rep.sets(_first(targets, 1), "block", None, "決算期が終わるまで", past),
        *rep.sets(restricted, "allow", "hoshizora", "先方から依頼あり", later),  # restricted beats it
        *rep.sets(live, "allow", "setouchi", "瀬戸内ソリューションにも声をかけたい", later),  # against a live registration
        *marketer.sets(_first(marketing, 1), "block", "setouchi", "展示会で当社に直接問い合わせあり", soon),
        *rep.sets(twin[:1], "allow", "musashi", "紹介の約束あり", later),  # two accounts of one company:
        *rep.sets(twin[1:2], "block", None, "与信確認中", soon),  # block beats allow
    ]


def _first(items: Iterator[T], count: int) -> list[T]:
    """The next ``count`` of an iterator, which goes on from there for the next asker."""
    return list(islice(items, count))

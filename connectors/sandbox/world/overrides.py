"""What reps put into Totsugo's override fields, once provisioning has created them.

Belongs here: which records are overridden and with what, faulty ones too. Does not: writing them (the demo
does that, as the rep would). Sources: the accounts and company records that the orgs were built with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import TypeVar

from connectors.sandbox.world import our_hubspot, our_salesforce
from connectors.sandbox.world.clock import ago
from connectors.sandbox.world.market import CUSTOMER, TARGET, Market
from connectors.sandbox.world.org import Document

T = TypeVar("T")
Records = Mapping[int, list[Document]]


def _values(prefix: str, suffix: str, override: str, partner: str | None, reason: str | None, until: date | None) -> Document:
    """The four fields in the CRM's own names; what the rep left empty is left out."""
    title = str.title if suffix else str.lower  # Totsugo_Override_Until__c, totsugo_override_until
    pairs = {"override": override, "override_partner": partner, "override_reason": reason, "override_until": until and until.isoformat()}
    return {f"{prefix}{title(key)}{suffix}": value for key, value in pairs.items() if value is not None}


def _salesforce(record: Document, user: str, override: str, partner: str | None, reason: str | None, until: date | None) -> Document:
    values = _values("Totsugo_", "__c", override, partner, reason, until)
    return {"org": our_salesforce.NAME, "object": "Account", "id": record["Id"], "user_id": user, "values": values}


def _hubspot(record: Document, user: str, override: str, partner: str | None, reason: str | None, until: date | None) -> Document:
    values = _values("totsugo_", "", override, partner, reason, until)
    return {"org": our_hubspot.NAME, "object": "companies", "id": record["id"], "user_id": user, "values": values}


def build(market: Market, accounts: Records, companies: Records, user: str, owner: str) -> list[Document]:
    """Overrides as ``{org, object, id, user_id, values}``; ``user`` is the Salesforce rep, ``owner`` the HubSpot user who set them."""
    named = {company.id for company in market.named.values()}
    ours, musashi = market.ours(), market.partners["musashi"]

    def pick(records: Records, fits: Callable[[int], bool]) -> Iterator[Document]:
        return (documents[0] for id, documents in records.items() if id not in named and fits(id))

    customers = pick(accounts, lambda id: ours.get(id) == CUSTOMER and musashi.get(id) == TARGET)
    targets = pick(accounts, lambda id: ours.get(id) == TARGET and id in musashi and len(accounts[id]) == 1)
    twins = (documents for id, documents in accounts.items() if len(documents) > 1 and id in musashi and id not in named)
    marketing = pick(companies, lambda id: ours.get(id) == TARGET and id in market.partners["setouchi"] and id not in accounts)
    soon, later = ago(-72), ago(-131)
    found = [
        *(_salesforce(r, user, "allow", "musashi", "共同提案で合意済み（武蔵システムズ 営業本部）", later) for r in _first(customers, 2)),
        *(_salesforce(r, user, "block", None, "役員案件のため当社が直接対応", soon) for r in _first(targets, max(2, market.count(12)))),
        *(_salesforce(r, user, "block", "武蔵システムズ株式会社", "先方より代理店経由を断られている", soon) for r in _first(targets, 1)),
        *(_salesforce(r, user, "allow", "musashi", None, later) for r in _first(customers, 1)),
        *(_salesforce(r, user, "allow", "musashi", "期限は後日確認", None) for r in _first(customers, 1)),
        *(_salesforce(r, user, "block", None, "決算期が終わるまで", ago(51)) for r in _first(targets, 1)),
        _salesforce(accounts[market.named["restricted"].id][0], user, "allow", "hoshizora", "先方から依頼あり", later),
        _salesforce(accounts[market.named["live"].id][0], user, "allow", "setouchi", "瀬戸内ソリューションにも声をかけたい", later),
        *(_hubspot(r, owner, "block", "setouchi", "展示会で当社に直接問い合わせあり", soon) for r in _first(marketing, 1)),
    ]
    for one, two in ((d[0], d[1]) for d in _first(twins, 1)):
        found.append(_salesforce(one, user, "allow", "musashi", "紹介の約束あり", later))
        found.append(_salesforce(two, user, "block", None, "与信確認中", soon))
    return found


def _first(items: Iterator[T], count: int) -> list[T]:
    """The next ``count`` of an iterator, which goes on from there for the next asker."""
    return list(islice(items, count))

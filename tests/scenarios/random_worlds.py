"""Random worlds for the property tests: small, crowded, and full of the cases that rules meet.

Belongs here: what may occur in a world and how often. Does not: what must hold in every one (``tests/dbt/test_invariants.py``).
A world is a scenario's ``Given`` and runs as one; it is crowded on purpose, so that rules meet each other.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.scenarios.scenario import TODAY, Given, Tree

PREFECTURES = ["東京都", "岡山県", "広島県"]
COMPANIES = ["aoba", "benis", "chiyoda", "daiwa", "edogawa", "fuji", "ginza", "hibiya", "ikebukuro", "joban"]
PARTNERS = ["musashi", "setouchi", "tasogare", "hoshizora"]
WORDS = ["既存顧客", "商談中", "見込み", "解約", None]
LINES = {"keihi": "経費精算", "kintai": "勤怠管理"}
NUMBERS = ["7000012050002", "9000012060002", "2000012010019", "1180301018771"]


def _days_ago(most: int, least: int = 0) -> st.SearchStrategy[date]:
    return st.integers(least, most).map(lambda days: TODAY - timedelta(days=days))


def _or_none(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def _seldom(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.none(), st.none(), strategy)


def _stated(entry: Tree) -> Tree:
    return {key: value for key, value in entry.items() if value is not None}


@st.composite
def _settings(draw: st.DrawFn) -> Tree:
    """Four partners: two exclusive resellers, one more with a cap, one that may be of any stage and shares."""
    lists = [
        {"name": "accounts", "file": "a.csv", "default_status": "target"},
        {"name": "registrations", "content": "registrations", "file": "r.csv"},
        {"name": "introductions", "content": "introductions", "file": "i.csv"},
    ]
    territory = _seldom(st.lists(st.sampled_from(PREFECTURES), min_size=1, max_size=2, unique=True))
    rules = {
        "our_customer": {"reach": draw(st.sampled_from(["company", "group"])), "days": draw(st.sampled_from([0, 30, 180]))},
        "our_open_opportunity": {"by_product_line": draw(st.booleans())},
        "customer_of_other_partner": {"enabled": draw(st.booleans())},
        "registered_by_other": {"reach": draw(st.sampled_from(["company", "group"]))},
    }
    partners: Tree = {
        "musashi": {"registrations": {"approval": draw(st.sampled_from(["manual", "automatic"]))}},
        "setouchi": {"territory": {"prefectures": draw(territory) or []}},
        "tasogare": {
            "name": "たそがれ商事株式会社",
            "type": "reseller",
            "exclusive": True,
            "whitespace_cap": draw(st.integers(0, 2)),
            "lists": lists,
        },
        "hoshizora": {
            "name": "ほしぞらクラウド株式会社",
            "type": "technology",
            "stage": draw(st.sampled_from(["active", "active", "prospective", "ended"])),
            "lists": lists,
        },
    }
    return {
        "product_lines": {line: {"name": name} for line, name in LINES.items()},
        "rules": {"no_approach": rules, "registrations": {"approval": "automatic"}},
        "restricted": [{"corporate_number": number, "reason": "legal"} for number in NUMBERS[: draw(st.integers(0, 2))]],
        "partners": partners,
    }


@st.composite
def _override(draw: st.DrawFn) -> Tree:
    return {
        "Totsugo_Override__c": draw(st.sampled_from(["allow", "allow", "block"])),
        "Totsugo_Override_Partner__c": draw(_or_none(st.sampled_from(PARTNERS))),
        "Totsugo_Override_Reason__c": "営業判断",
        "Totsugo_Override_Until__c": TODAY + timedelta(days=draw(st.integers(-5, 60))),
    }


@st.composite
def _our_side(draw: st.DrawFn, company: str, given: Tree) -> None:
    """None, one or two accounts of ours, perhaps with a deal, an override, a partner of record, a parent."""
    for copy in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        account = f"A{company}{copy}"
        entry = {"company": company, "Type": draw(st.sampled_from([None, "Prospect", "Prospect", "Prospect", "Customer"]))}
        entry["SalesPartner__c"] = draw(_seldom(st.sampled_from(PARTNERS)))
        if draw(st.integers(0, 5)) == 5:
            entry |= draw(_override())
        if given["accounts"] and draw(st.integers(0, 3)) == 3:
            entry["parent"] = draw(st.sampled_from(sorted(given["accounts"])))
        given["accounts"][account] = _stated(entry)
        if draw(st.integers(0, 3)) == 3:
            given["opportunities"][f"O{account}"] = draw(_deal(account))


@st.composite
def _deal(draw: st.DrawFn, account: str) -> Tree:
    state = draw(st.sampled_from(["open", "open", "won", "lost"]))
    created = draw(_days_ago(200))
    deal = {"account": account, "IsClosed": state != "open", "IsWon": state == "won", "Amount": draw(st.integers(1, 9)) * 100_000}
    deal |= {"CreatedDate": f"{created}T00:00:00.000+0000", "Product__c": draw(_or_none(st.sampled_from(list(LINES.values()))))}
    deal["CloseDate"] = draw(st.one_of(_days_ago(60), _days_ago(1200, 1000))) if state != "open" else None
    deal["LastActivityDate"] = draw(_or_none(_days_ago(120)))
    deal["SalesPartner__c"] = draw(_or_none(st.sampled_from(PARTNERS)))
    return _stated(deal)


@st.composite
def _partner_side(draw: st.DrawFn, company: str, partner: str, given: Tree) -> None:
    """Perhaps a row on the partner's list, perhaps a registration that we received in the last months."""
    key = f"{partner[0].upper()}{company}"
    if draw(st.integers(0, 1)):
        row = {"company": company, "status": draw(st.sampled_from(WORDS)), "last_activity_on": draw(_or_none(_days_ago(150)))}
        if draw(st.integers(0, 9)) == 9:
            row["might_be"] = draw(st.sampled_from([name for name in COMPANIES if name != company]))
        given["lists"].setdefault(partner, {})[key] = _stated(row)
    if draw(st.integers(0, 6)) == 6:
        claim = {"company": company, "received": draw(_days_ago(100)), "last_activity_on": draw(_or_none(_days_ago(40)))}
        claim["product"] = draw(_or_none(st.sampled_from(list(LINES.values()))))
        given["registrations"].setdefault(partner, {})[f"R{key}"] = _stated(claim)
        decision = draw(st.sampled_from([None, None, "approved", "rejected", "extended"]))
        if decision:
            given["decisions"].append({"registration": f"R{key}", "decision": decision, "day": TODAY})


@st.composite
def worlds(draw: st.DrawFn, capped: bool = True) -> Given:
    """A world on ``TODAY``. Without ``capped`` no partner has a cap: a freed place would move what stands below it."""
    given: Tree = {key: {} for key in ("companies", "accounts", "opportunities", "lists", "registrations", "assigned")}
    given |= {"settings": draw(_settings()), "decisions": []}
    if not capped:
        given["settings"]["partners"]["tasogare"]["whitespace_cap"] = None
    companies = COMPANIES[: draw(st.integers(4, len(COMPANIES)))]
    for at, company in enumerate(companies):
        about = {
            "prefecture": draw(_or_none(st.sampled_from(PREFECTURES))),
            "industry": draw(st.sampled_from(["製造業", "小売業"])),
        }
        given["companies"][company] = about | ({"corporate_number": NUMBERS[at]} if at < len(NUMBERS) else {})
        draw(_our_side(company, given))
        for partner in PARTNERS:
            draw(_partner_side(company, partner, given))
        if draw(st.integers(0, 4)) == 4:
            since = draw(_days_ago(80))
            given["assigned"][company] = {
                "partner": draw(st.sampled_from(PARTNERS[:3])),
                "since": since,
                "until": since + timedelta(days=90),
            }
    return Given.model_validate(given)

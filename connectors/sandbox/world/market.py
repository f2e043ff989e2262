"""Who does business with whom: the demo world's plan before anybody writes it down.

Belongs here: each party's status towards each company, overlaps, partners of record, the cases
that a demo must show. Does not: names, files, CRMs, or what matching makes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

from connectors.sandbox.world import places
from connectors.sandbox.world.companies import Company, found_all

CUSTOMER, OPEN, TARGET, KNOWN = "customer", "open_opportunity", "target", "known"
RANK = {CUSTOMER: 0, OPEN: 1, TARGET: 2, KNOWN: 3}
PARTNERS = ("musashi", "setouchi", "hoshizora", "kitakaze", "mirai", "tasogare", "akebono")

NAMED = {  # key: core|kana|English|industry|city; companies that the demo's stories are about
    "restricted": "クモソラ経費|クモソラケイヒ|Kumosora Keihi|情報通信業|渋谷区",
    "conflict": "髙澤精密工業|タカザワセイミツコウギョウ|Takazawa Precision|製造業|福山市",
    "expiring": "みなとフーズ|ミナトフーズ|Minato Foods|製造業|神戸市中央区",
    "existing": "瀬戸内海運倉庫|セトナイカイウンソウコ|Setonai Marine Warehouse|運輸業|高松市",
    "pending": "備前テクノセラミックス|ビゼンテクノセラミックス|Bizen Techno Ceramics|製造業|岡山市北区",
    "lapsed": "北斗緑地造園|ホクトリョクチゾウエン|Hokuto Ryokuchi Zoen|建設業|札幌市中央区",
    "live": "廣瀬ロボティクス|ヒロセロボティクス|Hirose Robotics|製造業|名古屋市中区",
}


@dataclass(frozen=True)
class Plan:
    """How one partner's list is made up, at scale 1.0."""

    companies: int
    shared: float
    """Part of them that we have a record of."""
    statuses: tuple[float, float, float, float]
    """Weights of customer, open, target, known."""
    territory: frozenset[str] | None = None


PLANS = {
    "musashi": Plan(2380, 0.62, (0.36, 0.18, 0.36, 0.10)),
    "setouchi": Plan(860, 0.58, (0.34, 0.18, 0.38, 0.10), places.SETOUCHI_TERRITORY),
    "hoshizora": Plan(1150, 0.60, (0.34, 0.20, 0.34, 0.12)),
    "kitakaze": Plan(960, 0.60, (0.36, 0.20, 0.32, 0.12)),
    "mirai": Plan(60, 0.70, (1.0, 0.0, 0.0, 0.0)),
    "tasogare": Plan(680, 0.55, (0.36, 0.12, 0.42, 0.10)),
    "akebono": Plan(130, 0.60, (1.0, 0.0, 0.0, 0.0)),
}
_SELLING = ("musashi", "setouchi", "hoshizora", "kitakaze", "tasogare")
_OUR_SHARE_OF_OVERLAP = {CUSTOMER: 0.22, OPEN: 0.15, TARGET: 0.40, KNOWN: 0.23}


@dataclass
class Market:
    """The plan. Keys are entity ids; a company has a status only where a party has a record of it."""

    seed: int
    scale: float
    companies: list[Company]
    named: dict[str, Company]
    salesforce: dict[int, str] = field(default_factory=dict)
    leads: list[int] = field(default_factory=list)
    hubspot: dict[int, str] = field(default_factory=dict)
    partners: dict[str, dict[int, str]] = field(default_factory=dict)
    served_by: dict[int, str] = field(default_factory=dict)
    """Partner of record of a customer or deal of ours."""

    def rng(self, part: str) -> Random:
        """A stream of its own for each part of the world, so that a change in one leaves the others as they were."""
        return Random(f"{self.seed}:{part}")

    def count(self, at_full_scale: int, least: int = 1) -> int:
        return max(least, round(at_full_scale * self.scale))

    def ours(self) -> dict[int, str]:
        """Our status per company, of everything we hold."""
        return strongest([self.salesforce, self.hubspot, dict.fromkeys(self.leads, TARGET)])


def strongest(views: Iterable[Mapping[int, str]]) -> dict[int, str]:
    """Of several statuses of a company, customer > open_opportunity > target > known."""
    merged: dict[int, str] = {}
    for view in views:
        for company, status in view.items():
            if company not in merged or RANK[status] < RANK[merged[company]]:
                merged[company] = status
    return merged


def _by_size(rng: Random, companies: Iterable[Company]) -> list[int]:
    """Entity ids in an order where larger companies tend to come first: they are on everybody's list."""
    keyed = [(rng.random() ** (8.0 / (8 + min(c.employees, 300))), c.id) for c in companies]
    return [id for _, id in sorted(keyed, reverse=True)]


def _draw(rng: Random, weights: Mapping[str, float]) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def _plan_ours(market: Market, order: list[int]) -> None:
    rng = market.rng("ours")
    accounts = order[: market.count(7250)]
    weights = {CUSTOMER: 0.17, OPEN: 0.11, TARGET: 0.42, KNOWN: 0.30}
    market.salesforce = {id: _draw(rng, weights) for id in accounts}
    rest = order[len(accounts) :]
    rng.shuffle(rest)
    alone = rest[: market.count(1750)]
    shared = rng.sample(accounts, min(len(accounts), market.count(2900)))
    same = {CUSTOMER: {CUSTOMER: 0.8, KNOWN: 0.2}, OPEN: {OPEN: 0.5, TARGET: 0.4, KNOWN: 0.1}}
    other = {TARGET: 0.5, KNOWN: 0.46, OPEN: 0.04}
    market.hubspot = {id: _draw(rng, same.get(market.salesforce[id], other)) for id in shared}
    market.hubspot |= {id: _draw(rng, {TARGET: 0.62, KNOWN: 0.3, OPEN: 0.06, CUSTOMER: 0.02}) for id in alone}
    new = rest[len(alone) : len(alone) + market.count(800)]
    market.leads = (
        new + rng.sample(accounts, min(len(accounts), market.count(330))) + rng.sample(alone, min(len(alone), market.count(150)))
    )


def _plan_partner(market: Market, partner: str, strangers: list[int]) -> None:
    plan, rng = PLANS[partner], market.rng(f"partner:{partner}")
    wanted = market.count(plan.companies, least=40)
    inside = [
        id
        for id in strangers
        if plan.territory is None or market.companies[id].city.prefecture in plan.territory or rng.random() < 0.02
    ]
    by_status: dict[str, list[int]] = {status: [] for status in RANK}
    named = {company.id for company in market.named.values()}
    for id, status in market.ours().items():
        at_home = plan.territory is None or market.companies[id].city.prefecture in plan.territory
        if id not in named and (at_home or rng.random() < 0.03):
            by_status[status].append(id)
    chosen: list[int] = []
    for status, share in _OUR_SHARE_OF_OVERLAP.items():
        pool = by_status[status]
        chosen += rng.sample(pool, min(len(pool), max(4, round(wanted * plan.shared * share))))
    chosen += rng.sample(inside, min(len(inside), max(0, wanted - len(chosen))))
    weights = dict(zip(RANK, plan.statuses, strict=True))
    market.partners[partner] = {id: _draw(rng, weights) for id in chosen}
    _show_all_cells(market, partner)


def _show_all_cells(market: Market, partner: str) -> None:
    """In a small world chance leaves cells empty; here each of the nine that the partner can have gets a company."""
    theirs, ours = market.partners[partner], market.ours()
    possible = [status for status, weight in zip(RANK, PLANS[partner].statuses, strict=True) if weight and status != KNOWN]
    for our_status in (CUSTOMER, OPEN, TARGET):
        shared = [id for id in theirs if ours.get(id) == our_status]
        for id, status in zip(shared, possible, strict=False):
            theirs[id] = status


def _place_named(market: Market) -> None:
    ids = {key: company.id for key, company in market.named.items()}
    for key, status in {"restricted": KNOWN, "existing": CUSTOMER, "expiring": TARGET, "live": TARGET, "lapsed": TARGET}.items():
        market.salesforce[ids[key]] = status
    market.hubspot[ids["conflict"]] = TARGET
    for partner, statuses in {
        "musashi": {"restricted": TARGET, "conflict": OPEN, "expiring": OPEN, "lapsed": TARGET, "live": OPEN},
        "setouchi": {"conflict": TARGET, "existing": TARGET, "pending": OPEN},
        "hoshizora": {"restricted": OPEN},
    }.items():
        market.partners[partner] |= {ids[key]: status for key, status in statuses.items()}


def _plan_partners_of_record(market: Market) -> None:
    """Some of our customers and deals come through a partner, mostly through one that lists them as its customer."""
    rng = market.rng("partners of record")
    for id, status in market.salesforce.items():
        if status not in (CUSTOMER, OPEN):
            continue
        holders = [p for p in _SELLING if market.partners[p].get(id) == CUSTOMER]
        if holders and rng.random() < 0.4:
            market.served_by[id] = rng.choice(holders)
        elif rng.random() < 0.04:
            market.served_by[id] = rng.choice(("musashi", "setouchi", "tasogare"))


def plan(seed: int, scale: float) -> Market:
    """The whole plan; the same for the same seed and scale."""
    companies, named = found_all(seed, scale, NAMED)
    market = Market(seed, scale, companies, named)
    special = {company.id for company in named.values()}
    rng = market.rng("market")
    candidates = [c for c in companies if c.id not in special and (c.closed_on is None or rng.random() < 0.05)]
    order = _by_size(rng, candidates)
    order = order[: market.count(17_000)]
    _plan_ours(market, order)
    ours = market.ours()
    strangers = [id for id in order if id not in ours]
    for partner in PARTNERS:
        _plan_partner(market, partner, strangers)
    _place_named(market)
    _plan_partners_of_record(market)
    return market

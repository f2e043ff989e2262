"""A partner whose quarter is planned: the few marts that goals and steps rest on, in the shape of their contracts.

Belongs here: what happened, as a test puts it there, and the plan of a day. Does not: anything that asserts.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import duckdb

from pipelines.account_plans.figure import Figure
from pipelines.account_plans.gather.actions import actions_of
from pipelines.account_plans.history.compare import compared, earlier_of
from pipelines.account_plans.history.keep import Kept, current, keep, kept, period_of
from pipelines.account_plans.plan import Plan, Potential, Relations
from pipelines.account_plans.written.models import Written
from pipelines.warehouse import create_tables
from tests.pipelines.account_plans import plans
from tests.pipelines.registrations.world import create_model, insert_row

MODELS = (
    "account_map",
    "company_traits",
    "introduction_proposals",
    "introductions",
    "partner_activity",
    "plan_best_companies",
    "plan_events",
)
PARTNER = "musashi"
NOBODY = Relations((), (), (), (), ())


@dataclass
class Quarter:
    """Everything of one partner; ``plan`` makes its plan as of a day, ``run`` remembers it too."""

    con: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    language: str = "en"
    relations: Relations = NOBODY
    events: int = 0

    def __post_init__(self) -> None:
        self.con.execute("SET TimeZone = 'UTC'; ATTACH ':memory:' AS state")
        create_tables(self.con)
        for model in MODELS:
            create_model(self.con, model)

    def partner(self, partner_type: str = "reseller", stage: str = "active", state: str = "active") -> Quarter:
        insert_row(self.con, "config.parties", party=PARTNER, name="武蔵", party_type=partner_type, stage=stage, exclusive=True,
                   position=1)  # fmt: skip
        insert_row(self.con, "marts.partner_activity", partner=PARTNER, state=state)
        return self

    def happened(self, measure: str, *days: date, amount: float | None = None) -> Quarter:
        for day in days:
            self.events += 1
            insert_row(self.con, "marts.plan_events", partner=PARTNER, measure=measure, event_id=f"e{self.events}",
                       happened_on=day, amount=amount)  # fmt: skip
        return self

    def companies(self, cell: int, count: int, *, direction: str | None = None, industry: str = "Retail") -> Quarter:
        """Companies of that cell: on the map, among the best and, with a ``direction``, to be introduced."""
        ours, theirs = _SIDES[cell]
        for n in range(count):
            company = f"c{cell}-{n}"
            both: dict[str, Any] = {
                "partner": PARTNER,
                "cell": cell,
                "company_id": company,
                "company_name": f"Company {cell}-{n}",
            }
            owner = "Hanako" if n % 2 == 0 else None
            role = {"owner_role": "sales", "our_owner": owner, "our_status": ours, "partner_status": theirs}
            insert_row(self.con, "marts.account_map", **both, **role)
            insert_row(self.con, "marts.plan_best_companies", **both, **role, rank=cell * 100 + n, cell_rank=n,
                       play_key="play.joint_proposal", chance_value=1.0)  # fmt: skip
            insert_row(self.con, "marts.company_traits", company_id=company, industry=industry, industry_key=industry.lower())
            if direction:
                insert_row(self.con, "marts.introduction_proposals", **both, direction=direction, owner_name=owner, rank=n + 1,
                           reason_key="play.reseller_sells", our_status=ours, partner_status=theirs, expected_value=100.0,
                           chance=0.25)  # fmt: skip
        return self

    def waiting(self, *companies: str) -> Quarter:
        """Introductions asked for that have not led to a meeting."""
        for n, company in enumerate(companies):
            insert_row(self.con, "marts.introductions", partner=PARTNER, introduction_id=f"i{n}", company_id=company,
                       company_name=company, status="requested", requested_on=date(2026, 9, 1), is_open=True)  # fmt: skip
        return self

    def plan(self, day: date, written: Written | None = None) -> Plan:
        """The plan as of that day, out of what is remembered and what people wrote."""
        written, period = written or Written(), period_of(day, 4)
        base = plans.full(self.language)
        potential, now = self.potential(base.potential), current(self.kept(), period, day)
        starts_on = now.starts_on if now else day
        actions = actions_of(
            self.con, PARTNER, potential, self.relations, written, now, period, starts_on, day, self.language, "JPY"
        )
        figures = compared(base.overview, base.direction, potential)
        earlier = earlier_of(self.con, self.kept(), period, written, figures, day, self.language, "JPY")
        used = {figure.key: figure for figure in figures}
        return dataclasses.replace(base, partner=PARTNER, as_of=day, period=period, starts_on=starts_on, potential=potential,
                                   actions=actions, earlier=earlier, used=used)  # fmt: skip

    def run(self, day: date, written: Written | None = None) -> Plan:
        """The plan of that day's run, remembered."""
        plan = self.plan(day, written)
        keep(self.con, plan, datetime.combine(day, time(), UTC))
        return plan

    def kept(self) -> tuple[Kept, ...]:
        return kept(self.con, PARTNER)

    def potential(self, base: Potential) -> Potential:
        """Of the companies on the map, at one deal a year for two companies."""
        counts = dict(self.con.execute("SELECT cell, count(*) FROM marts.account_map GROUP BY cell").fetchall())
        cells = tuple(
            dataclasses.replace(cell, companies=_with(cell.companies, counts.get(cell.cell, 0)),
                                expected_deals=_with(cell.expected_deals, counts.get(cell.cell, 0) / 2))
            for cell in base.cells
        )  # fmt: skip
        return dataclasses.replace(base, cells=cells)


_SIDES = {
    1: ("customer", "customer"),
    2: ("open_opportunity", "customer"),
    3: ("target", "customer"),
    6: ("customer", "target"),
    8: ("target", "open_opportunity"),
    9: ("target", "target"),
}


def _with(figure: Figure, value: float) -> Figure:
    return dataclasses.replace(figure, value=float(value))

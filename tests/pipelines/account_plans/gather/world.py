"""Six partners in six situations, in marts made of the models' own contracts.

``musashi`` sells much, ``hoshizora`` is a technology partner through which nothing came, ``mirai`` an investor that introduces
us, ``tasogare`` a ghost, ``akebono`` an advisor without a contract; of ``shiranui`` nothing is known.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import yaml

from pipelines.report.figures import CELLS
from pipelines.settings.environment import PROJECT_ROOT

AS_OF = date(2026, 11, 20)
PARTNERS = ("musashi", "hoshizora", "mirai", "tasogare", "akebono", "shiranui")
MODELS = PROJECT_ROOT / "dbt_project" / "models" / "marts"
MARTS = (
    "partner_fit", "partner_lifts", "partner_proposals", "introductions", "registrations", "no_approach", "whitespace",
    "greenfield",
    "plan_sales", "plan_open_deals", "plan_potential", "plan_bases", "plan_people", "plan_acquaintances",
)  # fmt: skip
PARTIES = (
    ("musashi", "武蔵システムズ株式会社", "reseller", "active"),
    ("hoshizora", "ほしぞらクラウド株式会社", "technology", "active"),
    ("mirai", "みらいベンチャーパートナーズ株式会社", "investor", "active"),
    ("tasogare", "たそがれ商事株式会社", "reseller", "active"),
    ("akebono", "あけぼの税理士法人", "advisor", "prospective"),
    ("shiranui", "しらぬい販売株式会社", "reseller", "active"),
)
PLAYS = {"musashi": "reseller_sells", "hoshizora": "partner_introduces_us", "mirai": "portfolio_introduction"}
COMPANIES = {
    "musashi": (96, 66, 162, 39, 42, 87, 49, 77, 166),
    "hoshizora": (43, 22, 68, 17, 11, 41, 31, 50, 67),
    "mirai": (7, 6, 16, 0, 0, 0, 0, 0, 0),
    "tasogare": (20, 12, 47, 7, 3, 23, 19, 10, 45),
    "akebono": (14, 12, 28, 0, 0, 0, 0, 0, 0),
    "shiranui": (0, 0, 0, 0, 0, 0, 0, 0, 0),
}
SALES = {
    "musashi": ((9, 2.39e7), (20, 5.73e7), (28, 8.91e7), (19, 5.24e7)),
    "tasogare": ((7, 2e7), (16, 4.8e7), (11, 3e7), (1, 2e6)),
}


def world() -> duckdb.DuckDBPyConnection:
    """A connection of its own, in memory."""
    con = duckdb.connect()
    con.execute((PROJECT_ROOT / "pipelines" / "ddl" / "config.sql").read_text(encoding="utf-8"))
    con.execute("CREATE SCHEMA marts")
    for mart in MARTS:
        (file,) = MODELS.rglob(f"{mart}.yml")
        columns = yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0]["columns"]
        listed = ", ".join(f"{column['name']} {column['data_type']}" for column in columns)
        con.execute(f"CREATE TABLE marts.{mart} ({listed})")
    for position, (party, name, kind, stage) in enumerate(PARTIES, start=1):
        insert(con, "config.parties", party=party, name=name, party_type=kind, stage=stage, exclusive=False, position=position)
    for partner in PARTNERS:
        _sales(con, partner)
        _potential(con, partner)
    _fit(con)
    _dealings(con)
    _bases(con)
    _people(con)
    return con


def insert(con: duckdb.DuckDBPyConnection, table: str, **row: Any) -> None:
    con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", list(row.values()))


def _sales(con: duckdb.DuckDBPyConnection, partner: str) -> None:
    for year, (deals, amount) in zip(range(2023, 2027), SALES.get(partner, ((0, 0.0),) * 4), strict=True):
        row = {"partner": partner, "fiscal_year": year, "deals": deals, "amount": amount, "is_current": year == 2026}
        insert(con, "marts.plan_sales", **row)
    deals, amount = {"musashi": (61, 2.108e8), "tasogare": (1, 4.8e6)}.get(partner, (0, 0.0))
    insert(con, "marts.plan_open_deals", partner=partner, deals=deals, amount=amount, expected_amount=amount / 2)


def _potential(con: duckdb.DuckDBPyConnection, partner: str) -> None:
    for (ours, theirs), cell in CELLS.items():
        companies = COMPANIES[partner][cell - 1]
        rate = None if cell == 9 else {"customer": 373 / 1292, "open_opportunity": 56 / 64, "target": 11 / 72}[ours]
        cases, successes = (0, 0) if rate is None else (1290, 372)
        basis = "none" if rate is None else "customers"
        deals, amount = (None, None) if rate is None else (companies * rate, companies * rate * 3.05e6)
        insert(
            con, "marts.plan_potential", partner=partner, cell=cell, our_status=ours, partner_status=theirs,
            play_key=f"play.{PLAYS.get(partner, 'joint_add_on')}", companies=companies, value=companies * 5e6, rate=rate,
            rate_basis_key=f"plan.rate.{basis}", rate_cases=cases, rate_successes=successes, deal_amount=3.05e6, deal_cases=52,
            deal_is_of_partner=partner == "musashi", expected_deals=deals, expected_amount=amount,
        )  # fmt: skip


def _fit(con: duckdb.DuckDBPyConnection) -> None:
    acted = {"musashi": (date(2026, 11, 15), "registration"), "hoshizora": (date(2026, 10, 1), "list"),
             "mirai": (date(2026, 10, 16), "introduction"), "tasogare": (date(2025, 11, 8), "activity")}  # fmt: skip
    numbers = {"musashi": (58.5, 2415, 784, 162), "hoshizora": (41.0, 1176, 350, 68), "mirai": (43.8, 60, 29, 16),
               "tasogare": (31.9, 687, 186, 47), "akebono": (37.2, 130, 54, 28), "shiranui": (0.0, 0, 0, 0)}  # fmt: skip
    for party, _, _, stage in PARTIES:
        fit, companies, overlap, covered = numbers[party]
        on, act = acted.get(party, (None, None))
        known = 90.0 if companies else 0.0
        state = "ghost" if party in ("tasogare", "shiranui") else "active"
        insert(
            con, "marts.partner_fit", partner=party, stage=stage, fit=fit, points=fit * 0.9, known_points=known, max_points=100.0,
            state=state, last_activity_on=on, last_activity_key=f"insight.act.{act}" if act else None,
            silent_days=(AS_OF - on).days if on else (0 if companies else None), companies=companies, overlap=overlap,
            our_targets=5767, covered_targets=covered, coverage=covered / 5767 if companies else None,
        )  # fmt: skip
    for partner, basis, value, low, high in (
        ("musashi", "involved", 0.838, 1.44, 1.76),
        ("akebono", "present", 0.596, 0.93, 1.45),
    ):
        insert(
            con, "marts.partner_lifts", partner=partner, measure="win_rate", basis=basis, n=90, baseline_n=3446, value=value,
            baseline_value=0.527, lift=value / 0.527, ci_low=low, ci_high=high, is_shown=True,
        )  # fmt: skip
    insert(con, "marts.partner_lifts", partner="musashi", measure="days_to_close", basis="involved", n=74, baseline_n=1712,
           value=84.5, baseline_value=60.4, lift=1.4, ci_low=1.1, ci_high=1.7, is_shown=True)  # fmt: skip
    insert(con, "marts.partner_lifts", partner="mirai", measure="win_rate", basis="involved", n=2, baseline_n=90, is_shown=False)
    for rank in (1, 2):
        insert(
            con,
            "marts.partner_proposals",
            partner="tasogare",
            proposal="revive",
            unused_companies=176,
            unused_value=9.6e8,
            rank=rank,
        )
    insert(con, "marts.partner_proposals", partner="shiranui", proposal="none", unused_companies=0, unused_value=0.0)


def _dealings(con: duckdb.DuckDBPyConnection) -> None:
    for partner, statuses in (
        ("musashi", ("requested",) * 2 + ("accepted",) * 3 + ("met",) * 6 + ("won",)),
        ("mirai", ("requested", "met", "met", "won", "won", "declined")),
    ):
        for n, status in enumerate(statuses):
            row = {"partner": partner, "introduction_id": f"{partner}{n}", "direction": "to_us", "status": status}
            insert(con, "marts.introductions", **row, is_open=status in ("requested", "accepted", "met"))
    insert(con, "marts.introductions", partner="mirai", introduction_id="x", direction="to_partner", status="met", is_open=True)
    for n, status in enumerate(("approved", "approved", "submitted", "expired")):
        insert(con, "marts.registrations", partner="musashi", claim_id=f"c{n}", status=status)
    for partner, count in (("musashi", 3), ("tasogare", 2), ("mirai", 1)):
        for n in range(count):
            for scope in ("crm", "hr"):  # a row for each product line: still one company
                insert(con, "marts.whitespace", partner=partner, company_id=f"w{n}", scope=scope)
    for partner, count in (("musashi", 5), ("akebono", 4)):
        for n in range(count):
            insert(con, "marts.greenfield", partner=partner, company_id=f"g{n}")
    for n, (rule, named) in enumerate(
        (
            ("our_customer", True),
            ("our_customer", True),
            ("our_customer", False),
            ("our_open_opportunity", True),
            ("restricted", True),
        )
    ):
        for scope in ("crm", "hr"):
            row = {"partner": "musashi", "company_id": f"n{n}", "scope": scope, "rule": rule}
            insert(con, "marts.no_approach", **row, named_by_partner=named)


def _bases(con: duckdb.DuckDBPyConnection) -> None:
    counts = (("Other", 125, 40, 30), ("Manufacturing", 246, 91, 20), ("CONSTRUCTION", 97, 30, 7), ("陶磁器", 5, 3, 1))
    for position, (value, ours, theirs, both) in enumerate(counts, start=1):
        row = {"kind": "industry", "value": value, "our_customers": ours, "their_customers": theirs, "both_customers": both}
        insert(con, "marts.plan_bases", partner="musashi", position=position, **row)
    for position in range(1, 13):
        row = {"kind": "prefecture", "value": f"県{'あ' * position}", "our_customers": 50, "their_customers": 60 - position}
        insert(con, "marts.plan_bases", partner="musashi", position=position, both_customers=40 - position, **row)


def _people(con: duckdb.DuckDBPyConnection) -> None:
    for person, name, title, department, rank, above in (
        ("c:Contact:1", "宮崎 直樹", "代表取締役", "経営", 1, None),
        ("c:Contact:2", "大森 陽子", "部長", "営業本部", 5, "c:Contact:1"),
        ("c:Contact:3", "菊地 直樹", "課長", "技術本部", 7, "c:Contact:2"),
    ):
        insert(
            con, "marts.plan_people", partner="musashi", side="theirs", person_id=person, name=name, title=title, rank=rank,
            department=department, email=f"{person[-1]}@musashi.example", reports_to_id=above, source="c:Contact",
            on_date=date(2026, 9, 1),
        )  # fmt: skip
    for person, name in (("c:User:1", "中川 亮"), ("c:User:2", "山下 美咲")):
        insert(con, "marts.plan_people", partner="musashi", side="ours", person_id=person, name=name, rank=9, source="c:User",
               on_date=AS_OF)  # fmt: skip
    for our, their, meetings, last_on, strength in (
        ("c:User:1", "c:Contact:1", 0, None, "weak"),
        ("c:User:2", "c:Contact:2", 5, date(2026, 10, 30), "strong"),
        ("c:User:1", "c:Contact:3", 2, date(2026, 4, 13), "fair"),
    ):
        row = {"our_id": our, "their_id": their, "meetings": meetings, "last_on": last_on, "strength": strength}
        insert(con, "marts.plan_acquaintances", partner="musashi", **row)

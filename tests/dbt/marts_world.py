"""A small world for the tests of the marts, told in the words of the rules.

Belongs here: companies, records, deals, claims and partners put straight into the tables that the
marts read (``intermediate.*``, ``match.*``, ``config.*``, ``state.*``), already matched. Does not:
anything that asserts, and anything before matching.
The intermediate tables are created from the column contracts of their own models.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import yaml

from pipelines.settings.sharing import ALL_LISTS, PRESETS
from tests.dbt.compiled import build_on, compiled_project
from tests.dbt.harness import AS_OF, PROJECT, TestWarehouse

READ = [
    "register_entries",
    "records",
    "crm_record_texts",
    "record_statuses",
    "opportunities",
    "activities",
    "partners_of_record",
    "overrides",
    "registration_claims",
    "introduction_claims",
    "former_customers",
    "segment_matches",
    "partner_accounts",
    "our_people",
    "partner_contacts",
    "partner_meetings",
    "partner_deal_owners",
]
TODAY = date(2026, 11, 20)
RULES = {
    "our_customer": (True, 180),
    "our_open_opportunity": (True, 90),
    "registered_by_other": (True, None),
    "customer_of_other_partner": (False, None),
    "out_of_contract": (True, None),
}
TERMS = {"pending_days": 5, "protection_days": 90, "activity_days": 30, "grace_days": 0, "extension_days": 30}


class World:
    """Facts first, then ``build()``; ``rows()`` afterwards."""

    def __init__(self, warehouse: TestWarehouse) -> None:
        self.warehouse = warehouse
        self._records = 0
        self._create_intermediate()
        self.insert(
            "config.parties",
            party="us",
            name="アオゾラソフト株式会社",
            party_type="us",
            stage="active",
            exclusive=False,
            position=0,
        )
        for rank, status in enumerate(("customer", "open_opportunity", "target", "known"), start=1):
            self.insert("config.status_order", status=status, rank=rank)
        self.insert("config.exchange_rates", currency="JPY", rate=1.0)
        for connection, crm in (("our_salesforce", "salesforce"), ("our_hubspot", "hubspot")):
            self.insert("config.connections", connection=connection, crm=crm, party="us")
        for name, value in {
            "assignment_days": 90,
            "minimum_n": 10,
            "cooling_days": 60,
            "ghost_days": 120,
            "alert_lapsing_days": 7,
        }.items():
            self.insert("config.parameters", name=name, value=value)

    def insert(self, table: str, **row: Any) -> None:
        names = ", ".join(f'"{name}"' for name in row)
        self.warehouse.con.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' for _ in row)})", list(row.values()))

    def partner(
        self,
        partner: str,
        *,
        name: str | None = None,
        stage: str = "active",
        exclusive: bool = True,
        cap: int | None = None,
        approval: str = "automatic",
        prefectures: tuple[str, ...] = (),
        rules: dict[str, tuple[bool, int | None]] | None = None,
        reach: str = "company",
        by_product_line: bool = False,
        terms: dict[str, int] | None = None,
        party_type: str = "reseller",
    ) -> None:
        position = self.warehouse.rows("SELECT count(*) AS n FROM config.parties")[0]["n"]
        self.insert(
            "config.parties",
            party=partner,
            name=name or partner,
            party_type=party_type,
            stage=stage,
            exclusive=exclusive,
            whitespace_cap=cap,
            position=position,
        )
        self.insert("config.registration_terms", partner=partner, approval=approval, **(TERMS | (terms or {})))
        for rule, (enabled, days) in (RULES | (rules or {})).items():
            self.insert(
                "config.no_approach_rules",
                partner=partner,
                rule=rule,
                enabled=enabled,
                days=days,
                reach=reach,
                by_product_line=by_product_line,
            )
        for prefecture in prefectures:
            self.insert("config.territories", partner=partner, kind="prefecture", value=prefecture)

    def policy(
        self,
        partner: str,
        *,
        statuses: dict[str, str] | None = None,
        cells: dict[int, str] | None = None,
        fields: tuple[str, ...] = PRESETS["full"],
        lists: tuple[str, ...] = ALL_LISTS,
        minimum_count: int = 5,
        until: date | None = None,
        approved_by: str | None = "佐藤",
    ) -> None:
        """What the partner may see of ours."""
        row = {"policy_version": "v1", "approved_by": approved_by, "until": until, "minimum_count": minimum_count}
        self.insert("config.sharing_policies", partner=partner, lists=list(lists), fields=list(fields), **row)
        for kind, levels in (("status", statuses or {}), ("cell", cells or {})):
            for key, level in levels.items():
                self.insert("config.sharing_levels", partner=partner, kind=kind, key=str(key), level=level)

    def company(
        self, company: str, *, name: str | None = None, prefecture: str | None = "東京都", corporate_number: str | None = None
    ) -> str:
        self.insert(
            "match.companies",
            company_id=company,
            name=name or f"株式会社{company}",
            corporate_number=corporate_number,
            prefecture=prefecture,
            record_count=1,
        )
        return company

    def record(
        self,
        party: str,
        company: str,
        status: str | tuple[str, ...] | None = "target",
        *,
        crm: str = "salesforce",
        industry: str | None = None,
        since: date | None = None,
        **columns: Any,
    ) -> str:
        """A record of that party on that company; of ours an Account or a HubSpot company, of a partner a list row."""
        self._records += 1
        native = columns.pop("native_id", f"{self._records:04d}")
        if party == "us":
            connection, kind = ("our_salesforce", "Account") if crm == "salesforce" else ("our_hubspot", "companies")
        else:
            connection, kind, crm = f"{party}/accounts", columns.pop("object", "list"), "file"
        record_id = f"{connection}:{kind}:{native}"
        row = {
            "record_id": record_id,
            "party": party,
            "source": crm,
            "connection": connection,
            "object": kind,
            "native_id": native,
            "name": f"株式会社{company}",
            "industry": industry,
        } | columns
        self.insert("intermediate.records", **row)
        self.link(record_id, company)
        for each in (status,) if isinstance(status, str) else status or ():
            self.insert(
                "intermediate.record_statuses", record_id=record_id, party=party, status=each, reason="status.test", since=since
            )
        return record_id

    def named(
        self,
        company: str,
        status: str | tuple[str, ...] = "target",
        partners: tuple[str, ...] = ("musashi",),
        employees: int | None = None,
        **columns: Any,
    ) -> str:
        """A company of ours with that status, which these partners named as their target. Returns our record."""
        self.company(company, **columns)
        ours = self.record("us", company, status, employees=employees)
        for partner in partners:
            self.record(partner, company)
        return ours

    def link(self, record_id: str, company: str, verdict: str = "auto", rule: str = "name_address") -> None:
        self.warehouse.con.execute(
            """INSERT INTO match.links VALUES (?, ?, 0.97, ?, ?,
               [{'feature': 'name', 'outcome': 'same_text', 'weight': 5.0}], ?, 'v1')""",
            [record_id, company, verdict, rule, AS_OF],
        )

    def deal(
        self,
        record_id: str,
        *,
        state: str = "open",
        amount: float = 1_000_000,
        close: date | None = None,
        created: date | None = None,
        active: date | None = None,
        partner: str | None = None,
        scope: str = "*",
    ) -> str:
        """A deal of ours on that record; its id."""
        self._records += 1
        opportunity_id = f"our_salesforce:Opportunity:{self._records:04d}"
        self.insert(
            "intermediate.opportunities",
            opportunity_id=opportunity_id,
            record_id=record_id,
            party="us",
            scope=scope,
            is_open=state == "open",
            is_won=state == "won",
            amount=amount,
            close_date=close,
            created_on=created or date(2026, 1, 5),
            last_activity_on=active,
            partner_of_record=partner,
        )
        return opportunity_id

    def activity(self, record_id: str, party: str, on: date, kind: str = "task") -> None:
        self.insert("intermediate.activities", record_id=record_id, party=party, activity_on=on, kind=kind)

    def claim(
        self,
        partner: str,
        company: str,
        *,
        received: datetime = AS_OF,
        active: date | None = None,
        scope: str = "*",
        crm_status: str | None = None,
        deal: str | None = None,
    ) -> str:
        """A row of the partner's registration list; with ``deal`` (id of one, see above) the claim that our opportunity makes."""
        claim_id = deal or self.record(partner, company, None, object="registration")
        of_deal = "SELECT record_id FROM intermediate.opportunities WHERE opportunity_id = ?"
        record_id = self.warehouse.con.execute(of_deal, [deal]).fetchall()[0][0] if deal else claim_id
        self.insert(
            "intermediate.registration_claims",
            claim_id=claim_id,
            record_id=record_id,
            partner=partner,
            origin="opportunity" if deal else "file",
            last_activity_on=active,
            scope=scope,
            crm_status=crm_status,
            received_at=received,
        )
        return claim_id

    def decided(self, claim_id: str, decision: str, *, at: datetime = AS_OF, until: date | None = None, by: str = "sato") -> None:
        """What the partner manager said of a claim."""
        self.insert(
            "state.registration_decisions", claim_id=claim_id, decision=decision, until=until, decided_by=by, decided_at=at
        )

    def introduction(self, partner: str, company: str | None, status: str, *, direction: str = "to_us", **columns: Any) -> str:
        """An introduction of the partner's list; of no company (None) while its match is in review."""
        self._records += 1
        introduction_id = f"{partner}/introductions:introduction:{self._records:04d}"
        self.insert(
            "intermediate.records",
            record_id=introduction_id,
            party=partner,
            source="file",
            connection=f"{partner}/introductions",
            object="introduction",
            name=f"株式会社{company or '不明'}",
        )
        if company:
            self.link(introduction_id, company)
        self.insert(
            "intermediate.introduction_claims",
            introduction_id=introduction_id,
            record_id=introduction_id,
            partner=partner,
            direction=direction,
            status=status,
            origin="file",
            **columns,
        )
        return introduction_id

    def override(
        self,
        record_id: str,
        override: str,
        partner: str | None = None,
        *,
        until: date = date(2026, 12, 31),
        is_valid: bool = True,
    ) -> None:
        self.insert(
            "intermediate.overrides",
            record_id=record_id,
            override=override,
            partner=partner,
            reason="営業判断",
            until=until,
            is_valid=is_valid,
        )

    def assigned(self, company: str, partner: str, *, on: date, until: date) -> None:
        self.insert(
            "state.assignments", company_id=company, partner=partner, assigned_on=on, held_until=until, rule="only_candidate"
        )

    def build(self, *models: str) -> World:
        """The marts over the facts, as dbt compiled them; those named with all they need, else all."""
        project = compiled_project()
        marts = {name for name, model in project.models.items() if model.schema == "marts"}
        build_on(self.warehouse.con, [model for model in project.needed_for(models or marts) if model.name in marts])
        return self

    def rows(self, table: str, columns: str = "*", where: str = "true") -> list[tuple[Any, ...]]:
        """Rows of a mart, sorted."""
        return self.warehouse.con.execute(f"SELECT {columns} FROM marts.{table} WHERE {where} ORDER BY ALL").fetchall()

    def _create_intermediate(self) -> None:
        self.warehouse.con.execute("CREATE SCHEMA IF NOT EXISTS intermediate")
        for model in READ:
            (file,) = (PROJECT / "models" / "intermediate").rglob(f"{model}.yml")
            columns = yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0]["columns"]
            listed = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in columns)
            self.warehouse.con.execute(f"CREATE OR REPLACE TABLE intermediate.{model} ({listed})")

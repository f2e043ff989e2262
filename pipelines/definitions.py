"""Everything that Dagster loads, assembled from the capabilities in the order of the flow; nothing else."""

from __future__ import annotations

import dagster as dg

from pipelines.account_plans.assets import account_plans
from pipelines.automation.assets import alerts_sent
from pipelines.automation.jobs import account_mapping, crm_changes, daily, refresh_from_crm
from pipelines.crm.assets import partner_crms_answered, pull_hubspot, pull_partner_crms, pull_salesforce
from pipelines.matching.assets import match_companies
from pipelines.partners.assets import lists_accepted, nothing_rejected, read_partner_lists
from pipelines.register.assets import load_register
from pipelines.report.assets import account_map_report, published_copy
from pipelines.resources import Totsugo
from pipelines.settings import time_zone_of
from pipelines.settings.assets import settings_tables
from pipelines.settings.environment import Paths, write_back_allowed
from pipelines.sharing.assets import shares
from pipelines.transform.assets import dbt_phases, memory
from pipelines.transform.project import DBT, PROJECT_DIR, Dbt, prepared_project
from pipelines.writeback.assets import crm_fields, planned_change_set


def build_defs(paths: Paths, write_back: bool) -> dg.Definitions:
    """The code location. ``write_back`` decides whether the asset that writes to the CRMs exists at all."""
    project = prepared_project(paths)
    last, written = ([crm_fields], "crm_fields") if write_back else ([], "change_set")
    return dg.Definitions(
        assets=[
            settings_tables,
            pull_salesforce,
            pull_hubspot,
            pull_partner_crms,
            read_partner_lists,
            load_register,
            *dbt_phases(project),
            match_companies,
            memory,
            alerts_sent,
            account_map_report,
            account_plans,
            planned_change_set,
            shares,
            *last,
            published_copy(after=["alerts_sent", "account_map_report", "account_plans", "shares", written]),
        ],
        asset_checks=[nothing_rejected, lists_accepted, partner_crms_answered],
        jobs=[account_mapping, refresh_from_crm],
        schedules=[daily(time_zone_of(paths.config))],
        sensors=[crm_changes],
        resources={
            "totsugo": Totsugo(),
            "dbt": Dbt(project_dir=str(PROJECT_DIR), profiles_dir=str(PROJECT_DIR), dbt_executable=str(DBT)),
        },
        executor=dg.in_process_executor,
    )


defs = build_defs(Paths.from_environment(), write_back_allowed())

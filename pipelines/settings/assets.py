"""The first step of every run in Dagster: the moment, the settings as tables, and a backup of the state."""

from datetime import UTC, datetime

import dagster as dg

from pipelines.resources import Totsugo
from pipelines.settings.environment import as_of_from_environment, aware
from pipelines.settings.faults import SettingsError
from pipelines.settings.tables import Run, config_rows, write_config


class RunMoment(dg.Config):
    """``as_of``: the moment that every rule takes as now, ISO 8601 (without an offset: UTC); empty means now."""

    as_of: str = ""


@dg.asset(key=["settings"], group_name="settings", kinds={"yaml", "duckdb"}, owners=["team:partners"], pool="duckdb")
def settings_tables(context: dg.AssetExecutionContext, config: RunMoment, totsugo: Totsugo) -> dg.MaterializeResult:
    """`account_mapping.yaml` as tables that the models read, and the one moment of this run. The state is backed up first."""
    try:
        settings = totsugo.settings
    except SettingsError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    as_of = aware(datetime.fromisoformat(config.as_of)) if config.as_of else as_of_from_environment() or datetime.now(UTC)
    run = Run(context.run_id, as_of)
    backup = totsugo.warehouse.back_up_state(context.run_id)
    with totsugo.warehouse.connect() as con:
        write_config(con, settings, run)
    counts = {table: dg.MetadataValue.int(len(rows)) for table, rows in config_rows(settings, run).items()}
    return dg.MaterializeResult(metadata={"as_of": as_of.isoformat(), "state_backup": str(backup or "none yet"), **counts})

"""Alerts in Dagster: the last thing that a run does for people."""

import dagster as dg

from pipelines.automation.alerts import take
from pipelines.automation.channels import ChannelFailed, channels_of
from pipelines.automation.messages import Digest
from pipelines.resources import Totsugo
from pipelines.settings.environment import write_back_allowed
from pipelines.writeback.approval import is_held


class AlertOptions(dg.Config):
    """``dry_run``: count what would be sent, send and note nothing."""

    dry_run: bool = False


@dg.asset(
    key=["alerts_sent"],
    deps=[["marts", "alerts"], ["memory"]],
    group_name="history",
    kinds={"slack"},
    owners=["team:partners"],
    pool="duckdb",
    check_specs=[dg.AssetCheckSpec("channels_answered", asset=["alerts_sent"], description="Every channel took its alerts.")],
)
def alerts_sent(context: dg.AssetExecutionContext, config: AlertOptions, totsugo: Totsugo) -> dg.MaterializeResult:
    """New overlaps, new collisions and claims that lapse soon, to Slack or by mail, each once. Off until a channel is set.

    A run whose change set a brake holds tells nothing of what may be wrong; that it is held, `crm_fields` tells.
    """
    settings = totsugo.settings
    channels = channels_of(settings.alerts)
    counts: dict[str, int] = {}
    faults: list[str] = []
    if not config.dry_run:
        names = [channel.name for channel in channels]
        with totsugo.warehouse.connect() as con:
            taken = {name: [] for name in names} if write_back_allowed() and is_held(con, settings) else take(con, names)
        for channel in channels:
            alerts = taken[channel.name]
            counts[f"{channel.name}_alerts"] = len(alerts)
            try:
                counts[f"{channel.name}_messages"] = channel.send(Digest(alerts, settings.us.language)) if alerts else 0
            except ChannelFailed as failed:
                context.log.warning(f"Alerts that did not go out are not sent again. {failed}")
                faults.append(str(failed))
    if not channels:
        context.log.info("Alerts are off: account_mapping.yaml names no channel under alerts.")
    check = dg.AssetCheckResult(
        check_name="channels_answered",
        passed=not faults,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"faults": "; ".join(faults) or "none"},
    )
    on = ", ".join(channel.name for channel in channels) or "off"
    return dg.MaterializeResult(metadata={"channels": on, "dry_run": config.dry_run, **counts}, check_results=[check])

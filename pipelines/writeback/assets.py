"""Write-back in Dagster: one asset and its check. Registered only where the environment opts in."""

import dagster as dg

from connectors.crm import CrmError
from pipelines.gate import GateClosed
from pipelines.resources import Totsugo
from pipelines.writeback.push import PushOutcome
from pipelines.writeback.run import write_back


class WriteBackMode(dg.Config):
    """``dry_run``: compare and show, write nothing."""

    dry_run: bool = False


def table(outcomes: dict[str, list[PushOutcome]]) -> str:
    """What became of each target, as a Markdown table."""
    lines = [
        "| connection | object | wanted | changed | fields written | failed | left to people | note |",
        "|---|---|--:|--:|--:|--:|--:|---|",
    ]
    for connection, targets in outcomes.items():
        lines += [
            f"| {connection} | {o.target} | {o.records_wanted} | {o.records_changed} | {o.fields_written} | {o.fields_failed}"
            f" | {o.conflicts} | {o.skipped or ''} |"
            for o in targets
        ]
    return "\n".join(lines)


@dg.asset(
    key=["crm_fields"],
    deps=["memory", ["marts", "crm_account_state"], ["marts", "crm_account_map"], ["marts", "crm_lists"]],
    group_name="writeback",
    kinds={"salesforce", "hubspot"},
    owners=["team:data"],
    pool="duckdb",
    check_specs=[dg.AssetCheckSpec("every_write_succeeded", asset=["crm_fields"], description="No row was refused by a CRM.")],
)
def crm_fields(context: dg.AssetExecutionContext, config: WriteBackMode, totsugo: Totsugo) -> dg.MaterializeResult:
    """Our fields on accounts, child rows and lists say what the marts say. Only differences are sent; people's edits stay."""
    settings = totsugo.settings
    crms = {name: totsugo.crm(name) for name in settings.connections_of(ours=True)}
    try:
        with totsugo.warehouse.connect() as con:
            outcomes = write_back(con, settings, crms, context.run_id, config.dry_run)
    except (GateClosed, CrmError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    everything = [o for targets in outcomes.values() for o in targets]
    failures = [failure for o in everything for failure in o.failures]
    check = dg.AssetCheckResult(
        check_name="every_write_succeeded",
        passed=not failures,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"failures": dg.MetadataValue.md("\n".join(f"- {f}" for f in failures[:50]) or "none")},
    )
    return dg.MaterializeResult(
        metadata={
            "fields_written": sum(o.fields_written for o in everything),
            "fields_failed": sum(o.fields_failed for o in everything),
            "left_to_people": sum(o.conflicts for o in everything),
            "recovered_after_a_cut": sum(o.recovered for o in everything),
            "dry_run": config.dry_run,
            "switched_off": not settings.write_back.enabled,
            "targets": dg.MetadataValue.md(table(outcomes)),
        },
        check_results=[check],
    )

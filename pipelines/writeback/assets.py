"""Write-back in Dagster: the change set, which writes nothing, and the step that carries it out where the environment opts in."""

import getpass

import dagster as dg

from connectors.crm import CrmError
from pipelines.automation.held import tell_held
from pipelines.gate import GateClosed
from pipelines.resources import Totsugo
from pipelines.texts import text
from pipelines.transform.remember import RefusedToRemember, remember
from pipelines.writeback import approval, change_set, words
from pipelines.writeback.approval import NotApproved
from pipelines.writeback.plan import make_plan
from pipelines.writeback.run import WriteBackOutcome, write_back

_MARTS = (
    *("crm_account_state", "crm_account_map", "crm_lists", "crm_registration_state", "crm_tasks"),
    *("crm_tasks_withdrawn", "crm_partner_account_state", "run_measures"),
)


@dg.asset(
    key=["change_set"],
    deps=[["marts", name] for name in _MARTS],
    group_name="writeback",
    kinds={"duckdb"},
    owners=["team:data"],
    pool="duckdb",
)
def planned_change_set(context: dg.AssetExecutionContext, totsugo: Totsugo) -> dg.MaterializeResult:
    """Everything that this run would write to the CRMs, by object, field and kind of change, with samples. Writes nothing."""
    settings = totsugo.settings
    language = settings.us.language
    with totsugo.warehouse.connect() as con:
        id = make_plan(con, settings, totsugo.crm)
        counts, held = change_set.counts(con), approval.judge(con, settings)
        tables = words.target_table(counts, language), words.field_table(con, language), words.sample_table(con, language)
    return dg.MaterializeResult(
        metadata={
            "change_set": id,
            "records_to_change": sum(c.changed for c in counts),
            "fields_to_write": sum(c.fields for c in counts),
            "left_to_people": sum(c.conflicts for c in counts),
            "recovered_after_a_cut": sum(c.recovered for c in counts),
            "brakes": dg.MetadataValue.md("\n".join(f"- {sentence}" for sentence in held) or "none"),
            "targets": dg.MetadataValue.md(tables[0]),
            "fields": dg.MetadataValue.md(tables[1]),
            "samples": dg.MetadataValue.md(tables[2]),
        }
    )


class WriteBackMode(dg.Config):
    """``dry_run``: write nothing. ``approve``: id of a held change set, which is then written if it is still that very one."""

    dry_run: bool = False
    approve: str = ""


_CHECKS = {
    "no_brake_tripped": "The change set was like a normal day's, or a person approved it.",
    "every_write_succeeded": "No row was refused by a CRM.",
    "every_crm_answered": "No CRM failed as a whole, and every canary was read back as it was sent.",
    "nothing_left_over": "The API calls that a run may make were enough for the whole change set.",
}


@dg.asset(
    key=["crm_fields"],
    deps=["change_set", "memory"],
    group_name="writeback",
    kinds={"salesforce", "hubspot"},
    owners=["team:data"],
    pool="duckdb",
    check_specs=[dg.AssetCheckSpec(name, asset=["crm_fields"], description=told) for name, told in _CHECKS.items()],
)
def crm_fields(context: dg.AssetExecutionContext, config: WriteBackMode, totsugo: Totsugo) -> dg.MaterializeResult:
    """Our fields, child rows and lists say what the marts say: the change set is carried out, unless a brake holds it."""
    settings = totsugo.settings
    language = settings.us.language
    try:
        with totsugo.warehouse.connect() as con:
            if config.approve and config.dry_run:
                raise NotApproved(text("approve.dry_run", language))
            if config.approve:
                approval.approve(con, config.approve, getpass.getuser(), "Dagster", language)
            planned = sum(c.fields for c in change_set.counts(con))
            outcome = (
                WriteBackOutcome(str(change_set.current(con)))
                if config.dry_run
                else write_back(con, settings, totsugo.crm, context.run_id)
            )
            if config.approve:
                remember(con)
            faults = tell_held(con, settings, outcome.change_set_id) if outcome.held else []
    except (GateClosed, NotApproved, RefusedToRemember, CrmError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    for fault in faults:
        context.log.warning(fault)
    return dg.MaterializeResult(
        metadata={
            "change_set": outcome.change_set_id,
            "fields_written": planned if config.dry_run else outcome.fields_written,
            "fields_failed": sum(o.fields_failed for o in outcome.targets),
            "left_to_people": sum(o.conflicts for o in outcome.targets),
            "dry_run": config.dry_run,
            "switched_off": not settings.write_back.enabled,
            "held": dg.MetadataValue.md(_listed(_held(outcome, language))),
            "stopped": dg.MetadataValue.md(_listed(words.faults(outcome, language))),
            "left_over": dg.MetadataValue.md(_listed(words.unfinished(outcome, language))),
            "targets": dg.MetadataValue.md(words.outcome_table(outcome.targets, language)),
        },
        check_results=_checks(outcome, language),
    )


def _held(outcome: WriteBackOutcome, language: str) -> list[str]:
    """Why nothing was written, and the way on."""
    if not outcome.held:
        return []
    id = outcome.change_set_id
    return [text("brake.held", language, id=id), *outcome.held, text("brake.approve", language, id=id)]


def _checks(outcome: WriteBackOutcome, language: str) -> list[dg.AssetCheckResult]:
    failures = [failure for o in outcome.targets for failure in o.failures]
    return [
        _check("no_brake_tripped", _held(outcome, language), dg.AssetCheckSeverity.ERROR),
        _check("every_write_succeeded", failures[:50], dg.AssetCheckSeverity.WARN),
        _check("every_crm_answered", words.faults(outcome, language), dg.AssetCheckSeverity.ERROR),
        _check("nothing_left_over", words.unfinished(outcome, language), dg.AssetCheckSeverity.WARN),
    ]


def _listed(sentences: list[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences) or "none"


def _check(name: str, faults: list[str], severity: dg.AssetCheckSeverity) -> dg.AssetCheckResult:
    listed = dg.MetadataValue.md(_listed(faults))
    return dg.AssetCheckResult(check_name=name, passed=not faults, severity=severity, metadata={"faults": listed})

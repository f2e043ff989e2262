"""Pulling the CRMs in Dagster: one op per kind of CRM of ours, one for the partners' own."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import dagster as dg

from connectors.crm import CrmError, QuotaExhausted
from pipelines import gate
from pipelines.crm.landing import PullOutcome, pull_object
from pipelines.crm.objects import CLAIMS, OURS, PARTNERS, PulledObject, decisive_roles, fields_wanted, objects_of
from pipelines.resources import Totsugo
from pipelines.settings import Connection, segment_fields
from pipelines.texts import text
from pipelines.warehouse import little_memory
from pipelines.writeback.catalogue import owned_fields


def _specs(catalogue: Sequence[PulledObject], group: str) -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            ["raw", p.table],
            deps=["settings"],
            group_name=group,
            kinds={p.crm, "duckdb"},
            owners=["team:data"],
            description=f"{p.object} as {p.crm.capitalize()} holds it: every version pulled, deletions and merges included.",
        )
        for p in catalogue
    ]


def _owned(pulled: PulledObject, connection: Connection, verdicts: bool) -> list[str]:
    """Our own fields and the rep's input; in a partner's CRM only where we may write."""
    ours = connection.party == "us"
    return owned_fields(pulled.crm, pulled.object, ours, verdicts) if ours or connection.write_back else []


def _pull(
    context: dg.AssetExecutionContext, totsugo: Totsugo, catalogue: Sequence[PulledObject], connections: dict[str, Connection]
) -> Iterator[dg.MaterializeResult]:
    """Pull every object of every connection and note the result for the gate.

    One of our own CRMs that fails, fails the op with one sentence; of a partner's, the last good state stays.
    """
    outcomes: dict[str, list[tuple[str, PullOutcome]]] = {p.table: [] for p in catalogue}
    failed: list[str] = []
    verdicts = totsugo.settings.write_back.registration_verdicts
    with totsugo.warehouse.connect() as con, little_memory(con):
        for name, connection in connections.items():
            wanted = objects_of(connection, catalogue)
            segments = totsugo.settings.segments_of(connection.party)
            blind: list[str] = []
            gate.begin(con, f"pull:{name}", context.run_id)
            try:
                for p in wanted:
                    named, asked = segment_fields(segments, p.crm, p.object)
                    fields = fields_wanted(p, connection, _owned(p, connection, verdicts), named)
                    decisive = [*decisive_roles(p, connection), *asked]
                    every = timedelta(days=connection.full_pull_days)
                    outcome = pull_object(con, totsugo.crm(name), name, p, fields, context.run_id, decisive, every)
                    outcomes[p.table].append((name, outcome))
                    blind += outcome.blind_to
            except CrmError as error:
                why = str(error)
                if isinstance(error, QuotaExhausted):
                    why = text("quota.pull", totsugo.settings.us.language, object=p.object, why=error)
                gate.record(con, f"pull:{name}", False, context.run_id, why)
                if connection.party == "us":
                    raise dg.Failure(f"{name}: {why}", allow_retries=False) from error
                failed.append(f"{name}: {why}")
                context.log.warning(failed[-1])
            else:
                detail = f"its login cannot see {', '.join(blind)}: grant read access, then run again" if blind else None
                gate.record(con, f"pull:{name}", not blind, context.run_id, detail)
    for table, by_connection in outcomes.items():
        yield dg.MaterializeResult(asset_key=["raw", table], metadata=_metadata(by_connection, failed))


def _metadata(outcomes: Sequence[tuple[str, PullOutcome]], failed: Sequence[str]) -> dict[str, dg.MetadataValue]:
    notes = [*failed, *(f"{name}: {note}" for name, o in outcomes for note in o.notes)]
    counts = {
        "rows_pulled": sum(o.rows for _, o in outcomes),
        "versions_landed": sum(o.landed for _, o in outcomes),
        "deleted": sum(o.deleted for _, o in outcomes),
    }
    metadata: dict[str, dg.MetadataValue] = {name: dg.MetadataValue.int(count) for name, count in counts.items()}
    if notes:
        metadata["notes"] = dg.MetadataValue.md("\n".join(f"- {note}" for note in notes))
    return metadata


def _ours(totsugo: Totsugo, crm: str) -> dict[str, Connection]:
    return {name: c for name, c in totsugo.settings.connections_of(ours=True).items() if c.crm == crm}


_SALESFORCE = [p for p in (*OURS, *CLAIMS) if p.crm == "salesforce"]
_HUBSPOT = [p for p in (*OURS, *CLAIMS) if p.crm == "hubspot"]


@dg.multi_asset(specs=_specs(_SALESFORCE, "crm"), pool="duckdb")
def pull_salesforce(context: dg.AssetExecutionContext, totsugo: Totsugo) -> Iterator[dg.MaterializeResult]:
    """Accounts, leads, opportunities and what belongs to them in our Salesforce, what changed since the last pull."""
    yield from _pull(context, totsugo, _SALESFORCE, _ours(totsugo, "salesforce"))


@dg.multi_asset(specs=_specs(_HUBSPOT, "crm"), pool="duckdb")
def pull_hubspot(context: dg.AssetExecutionContext, totsugo: Totsugo) -> Iterator[dg.MaterializeResult]:
    """Companies, contacts, deals and what belongs to them in our HubSpot, what changed since the last pull."""
    yield from _pull(context, totsugo, _HUBSPOT, _ours(totsugo, "hubspot"))


class PartnerSelection(dg.Config):
    """Limits a run to some partners: only their sources are read again. Empty means all."""

    partners: list[str] = []


@dg.asset_check(
    asset=["raw", "partner_salesforce_account"], pool="duckdb", description="Every partner's CRM answered the last pull."
)
def partner_crms_answered(totsugo: Totsugo) -> dg.AssetCheckResult:
    """Warns where the map rests on what a partner's CRM said at an earlier time."""
    names = [f"pull:{name}" for name in totsugo.settings.connections_of(ours=False)]
    with totsugo.warehouse.connect() as con:
        reasons = gate.reasons_to_stay_closed(con, names)
    listed = dg.MetadataValue.md("\n".join(f"- {reason}" for reason in reasons) or "none")
    return dg.AssetCheckResult(passed=not reasons, severity=dg.AssetCheckSeverity.WARN, metadata={"reasons": listed})


@dg.multi_asset(specs=_specs(PARTNERS, "partners"), pool="duckdb")
def pull_partner_crms(
    context: dg.AssetExecutionContext, config: PartnerSelection, totsugo: Totsugo
) -> Iterator[dg.MaterializeResult]:
    """Accounts and opportunities of partners that connected their own CRM."""
    connections = totsugo.settings.connections_of(ours=False)
    chosen = {name: c for name, c in connections.items() if not config.partners or c.party in config.partners}
    yield from _pull(context, totsugo, PARTNERS, chosen)

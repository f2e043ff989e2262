"""Sharing in Dagster: each partner's share to its folder, as soon as a run knows better."""

from datetime import UTC, date, datetime

import dagster as dg
import duckdb

from pipelines.resources import Totsugo
from pipelines.sharing.share import LISTS
from pipelines.transform.remember import newer_run

_CHECKS = {
    "every_share_delivered": "Each partner has what it may have.",
    "every_mail_sent": "Each partner with an address was told what is new.",
}


class ShareOptions(dg.Config):
    """``dry_run``: say what would be handed over, hand over and note nothing."""

    dry_run: bool = False


@dg.asset(
    key=["shares"],
    deps=[["memory"], ["change_set"], *(["marts", f"share_{name}"] for name in ("partners", *LISTS))],
    group_name="sharing",
    kinds={"duckdb", "excel"},
    owners=["team:partners"],
    pool="duckdb",
    check_specs=[dg.AssetCheckSpec(name, asset=["shares"], description=told) for name, told in _CHECKS.items()],
)
def shares(context: dg.AssetExecutionContext, config: ShareOptions, totsugo: Totsugo) -> dg.MaterializeResult:
    """What each partner may see, to its folder: only what changed, and what it may no longer have is taken back. Mails tell it.

    Nothing is handed over of a run whose change set a brake holds, or that replays a moment before one remembered. What the yaml
    lets a partner no longer have is taken back all the same, but for a replay.
    """
    from pipelines.sharing import deliver, handed, mail, news  # workbooks and storage: the code location loads without them
    from pipelines.sharing.doubt import doubt_of

    settings = totsugo.settings
    language = settings.us.language
    with totsugo.warehouse.connect() as con:
        folder = deliver.folder_of(settings, totsugo.paths)
        courier = deliver.Courier(con, settings, folder, _today(con), _now)
        why_not = doubt_of(con, settings, language)
        act = deliver.would_deliver if config.dry_run else deliver.take_back_ended if why_not else deliver.deliver
        partners = [] if newer_run(con) else deliver.partners_of(con, settings)
        delivered = act(courier, partners)
        settled = {one.partner: one.share for one in delivered if one.is_settled and not config.dry_run}
        mails = news.take(con, settings, settled, _now())
    not_sent = mail.send(settings, mails)  # after the files are closed: a mail server may take its time
    if why_not:
        context.log.warning(why_not)
    for one in delivered:
        if one.error:
            context.log.error(f"{one.partner}: {one.fault}", exc_info=one.error)
    faults = [line for one in delivered if not one.is_settled for line in handed.sentences(one, settings, language)]
    kept = [handed.kept_by(one, settings, language) for one in delivered if one.beyond_recall]
    return dg.MaterializeResult(
        metadata={
            "shares": dg.MetadataValue.md(handed.deliveries_table(delivered, settings, folder.address, language)),
            "beyond_recall": _listed(kept),
            "shares_delivered": sum(one.outcome == "delivered" and not config.dry_run for one in delivered),
            "shares_withdrawn": sum(one.outcome == "withdrawn" and not config.dry_run for one in delivered),
            "partners_to_mail": len(mails),
            "dry_run": config.dry_run,
            "none_shared": why_not or "–",
        },
        check_results=[_check("every_share_delivered", faults), _check("every_mail_sent", [not_sent] if not_sent else [])],
    )


def _check(name: str, faults: list[str]) -> dg.AssetCheckResult:
    listed = {"faults": _listed(faults)}
    return dg.AssetCheckResult(check_name=name, passed=not faults, severity=dg.AssetCheckSeverity.WARN, metadata=listed)


def _listed(sentences: list[str]) -> dg.MarkdownMetadataValue:
    return dg.MetadataValue.md("\n".join(f"- {sentence}" for sentence in sentences) or "none")


def _today(con: duckdb.DuckDBPyConnection) -> date:
    """The day of the run, in the vendor's time zone."""
    day: date = con.execute("SELECT as_of_date FROM config.run").fetchall()[0][0]
    return day


def _now() -> datetime:
    """When it happens, whatever moment the run shows: by it the latency is told, and what came after the last mail."""
    return datetime.now(UTC)

"""Partners' lists in Dagster: reading every file of the yaml, and what was wrong with them as checks."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from pipelines.crm.assets import PartnerSelection
from pipelines.partners.landing import ListOutcome, land_list
from pipelines.resources import Totsugo

_TABLES = {
    "partner_lists": "Every version of every partner's list that was read, good or refused.",
    "partner_list_rows": "Rows of the accepted account lists, under canonical column names.",
    "partner_registration_rows": "Rows of the accepted deal registration lists (案件登録).",
    "partner_introduction_rows": "Rows of the accepted introduction lists (紹介).",
    "rejected_rows": "Rows and cells that were set aside: file, row, column and reason.",
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["raw", table],
            deps=["settings"],
            group_name="partners",
            kinds={"csv", "excel", "duckdb"},
            owners=["team:partners"],
            description=description,
        )
        for table, description in _TABLES.items()
    ],
    pool="duckdb",
)
def read_partner_lists(
    context: dg.AssetExecutionContext, config: PartnerSelection, totsugo: Totsugo
) -> Iterator[dg.MaterializeResult]:
    """Every list of every partner: a changed file is read, an unchanged one passed over, a bad one leaves the last good one."""
    settings, now = totsugo.settings, datetime.now(UTC)
    outcomes: list[ListOutcome] = []
    with totsugo.warehouse.connect() as con:
        for id, partner in settings.partners.items():
            for entry in partner.lists if not config.partners or id in config.partners else ():
                path = totsugo.paths.config.parent / entry.file
                outcomes.append(land_list(con, id, entry, path, context.run_id, now, settings.us.language))
        counts = {t: con.execute(f"SELECT count(*) FROM raw.{t}").fetchone() for t in _TABLES}
    for table in _TABLES:
        rows = counts[table]
        metadata: dict[str, dg.MetadataValue] = {"dagster/row_count": dg.MetadataValue.int(rows[0] if rows else 0)}
        if table == "partner_lists":
            metadata["rows_read"] = dg.MetadataValue.int(sum(o.rows for o in outcomes))
            metadata["lists"] = dg.MetadataValue.md(_table(outcomes))
        yield dg.MaterializeResult(asset_key=["raw", table], metadata=metadata)


def _table(outcomes: list[ListOutcome]) -> str:
    lines = ["| partner | list | file | verdict | rows | set aside | reason |", "|---|---|---|---|--:|--:|---|"]
    lines += [
        f"| {o.partner} | {o.list} | {f.file} | {f.verdict} | {f.rows:,} | {f.rejected:,} | {f.reason or ''} |"
        for o in outcomes
        for f in o.files
    ]
    return "\n".join(lines)


@dg.asset_check(asset=["raw", "rejected_rows"], pool="duckdb", description="No row or cell of any source had to be set aside.")
def nothing_rejected(totsugo: Totsugo) -> dg.AssetCheckResult:
    """Warns, with the first rows, so that somebody asks the partner; the good rows have gone on."""
    with totsugo.warehouse.connect() as con:
        rows = con.execute("SELECT source, file, row_number, column_name, reason FROM raw.rejected_rows ORDER BY ALL").fetchall()
    lines = ["| source | file | row | column | reason |", "|---|---|--:|---|---|"]
    lines += ["| " + " | ".join("" if v is None else str(v).replace("|", "/") for v in row) + " |" for row in rows[:50]]
    return dg.AssetCheckResult(
        passed=not rows,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"set_aside": len(rows), "first": dg.MetadataValue.md("\n".join(lines))},
    )


@dg.asset_check(asset=["raw", "partner_lists"], pool="duckdb", description="The newest version of every list was accepted.")
def lists_accepted(totsugo: Totsugo) -> dg.AssetCheckResult:
    """Warns where a newest file was refused: the map then still shows the last good one."""
    with totsugo.warehouse.connect() as con:
        refused = con.execute(
            """
            SELECT partner, list, file, reason FROM raw.partner_lists
            QUALIFY row_number() OVER (PARTITION BY partner, list ORDER BY _synced_at DESC) = 1 AND NOT accepted
            ORDER BY ALL
            """
        ).fetchall()
    lines = [f"- {partner} / {name} ({file}): {reason}" for partner, name, file, reason in refused]
    listed = dg.MetadataValue.md("\n".join(lines) or "none")
    return dg.AssetCheckResult(passed=not refused, severity=dg.AssetCheckSeverity.WARN, metadata={"refused": listed})

"""The company register in Dagster: loaded once, then only what its files add."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from pipelines.register.landing import RegisterOutcome, land_register
from pipelines.resources import Totsugo

_TABLES = {
    "company_register": "The newest state of every entry of the national company register (国税庁 法人番号).",
    "company_register_names": "How entries of the national register were named before.",
    "edinet_companies": "The companies of EDINET's code lists, each state with the days on which it was listed.",
    "gbizinfo_companies": "Readings, English names and websites of gBizINFO.",
    "company_aliases": "Other names of companies, from files of our own.",
}


@dg.multi_asset(
    name="load_register",
    specs=[
        dg.AssetSpec(
            ["raw", table],
            deps=["settings"],
            group_name="register",
            kinds={"csv", "duckdb"},
            owners=["team:data"],
            description=description,
        )
        for table, description in _TABLES.items()
    ],
    pool="duckdb",
)
def load_register(context: dg.AssetExecutionContext, totsugo: Totsugo) -> Iterator[dg.MaterializeResult]:
    """The company register, optional: the newest state of every entry and its other names, unchanged files passed over."""
    settings = totsugo.settings
    patterns = [str(totsugo.paths.config.parent / pattern) for pattern in settings.register_.files]
    with totsugo.warehouse.connect() as con:
        outcome = land_register(con, patterns, context.run_id, datetime.now(UTC), settings.us.language)
        counts = {table: con.execute(f"SELECT count(*) FROM raw.{table}").fetchall()[0][0] for table in _TABLES}
    for table, count in counts.items():
        metadata: dict[str, dg.MetadataValue] = {"dagster/row_count": dg.MetadataValue.int(count)}
        if table == "company_register":
            metadata |= _report(outcome)
        yield dg.MaterializeResult(asset_key=["raw", table], metadata=metadata)


def _report(outcome: RegisterOutcome) -> dict[str, dg.MetadataValue]:
    report: dict[str, dg.MetadataValue] = {
        "entries": dg.MetadataValue.int(outcome.entries),
        "files_read": dg.MetadataValue.md("\n".join(f"- {file}" for file in outcome.files_read) or "none: nothing new"),
        "set_aside": dg.MetadataValue.int(outcome.rejected),
    }
    if outcome.left_out:
        kinds = sorted(outcome.left_out.items(), key=lambda item: -item[1])
        report["without_corporate_number"] = dg.MetadataValue.md("\n".join(f"- {kind}: {count:,}" for kind, count in kinds))
    if outcome.faults:
        report["faults"] = dg.MetadataValue.md("\n".join(f"- {fault}" for fault in outcome.faults))
    return report

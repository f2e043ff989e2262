"""The company register in Dagster: loaded once, then only what its files add."""

from datetime import UTC, datetime

import dagster as dg

from pipelines.register.landing import land_register
from pipelines.resources import Totsugo


@dg.multi_asset(
    name="load_register",
    specs=[
        dg.AssetSpec(
            ["raw", "company_register"],
            deps=["settings"],
            group_name="register",
            kinds={"csv", "duckdb"},
            owners=["team:data"],
            description="The newest state of every entry of the national company register (国税庁 法人番号), and beside it what "
            "EDINET's lists, gBizINFO and our own files tell of other names.",
        )
    ],
    pool="duckdb",
)
def load_register(context: dg.AssetExecutionContext, totsugo: Totsugo) -> dg.MaterializeResult:
    """The company register, optional: the newest state of every entry and its other names, unchanged files passed over."""
    settings = totsugo.settings
    patterns = [str(totsugo.paths.config.parent / pattern) for pattern in settings.register_.files]
    with totsugo.warehouse.connect() as con:
        outcome = land_register(con, patterns, context.run_id, datetime.now(UTC), settings.us.language)
    metadata: dict[str, dg.MetadataValue] = {
        "entries": dg.MetadataValue.int(outcome.entries),
        "files_read": dg.MetadataValue.md("\n".join(f"- {file}" for file in outcome.files_read) or "none: nothing new"),
        "set_aside": dg.MetadataValue.int(outcome.rejected),
    }
    if outcome.left_out:
        kinds = sorted(outcome.left_out.items(), key=lambda item: -item[1])
        metadata["without_corporate_number"] = dg.MetadataValue.md("\n".join(f"- {kind}: {count:,}" for kind, count in kinds))
    if outcome.faults:
        metadata["faults"] = dg.MetadataValue.md("\n".join(f"- {fault}" for fault in outcome.faults))
    return dg.MaterializeResult(metadata=metadata)

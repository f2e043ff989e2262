"""Matching in Dagster: which records are the same company, and what a person should look at."""

from collections.abc import Iterator

import dagster as dg

from pipelines import gate
from pipelines.matching import compared
from pipelines.matching.models import UnknownModel, model_in_force
from pipelines.matching.unchanged import rematch
from pipelines.report.quality_report import quality_report
from pipelines.resources import Totsugo

_TABLES = {
    "links": "One placing link per record, with its evidence; review candidates beside it.",
    "companies": "One row per company that a placing link names.",
    "review_queue": "What a person should look at, most valuable first.",
}
_CHECKS = {
    "precise_enough": "Automatic links are expected to be as precise as the settings state, of every party.",
    "no_drift": "No party's match rate fell, and no party's questions doubled, since the last run.",
    "something_matched": "Some record was matched with the register or another party.",
}


@dg.multi_asset(
    name="match_companies",
    specs=[
        dg.AssetSpec(
            ["match", table],
            deps=[["intermediate", "records"], ["intermediate", "register_entries"], ["intermediate", "register_aliases"]],
            group_name="matching",
            kinds={"python", "duckdb"},
            owners=["team:data"],
            description=description,
        )
        for table, description in _TABLES.items()
    ],
    check_specs=[dg.AssetCheckSpec(name, asset=["match", "links"], description=what) for name, what in _CHECKS.items()],
    pool="duckdb",
)
def match_companies(context: dg.AssetExecutionContext, totsugo: Totsugo) -> Iterator[dg.MaterializeResult]:
    """Candidates by blocking, evidence by rapidfuzz, companies by clustering; ids are kept from run to run."""
    with totsugo.warehouse.connect() as con:
        row = con.execute("SELECT as_of FROM config.run").fetchone()
        if row is None:
            raise dg.Failure("config.run is empty: materialize the asset settings first.", allow_retries=False)
        gate.begin(con, "matching", context.run_id)
        try:
            model = model_in_force(con, row[0], context.run_id)
        except UnknownModel as error:
            raise dg.Failure(str(error), allow_retries=False) from None
        if not compared.stands(con):
            con.execute("DELETE FROM match.inputs")
        summary = rematch(con, row[0], context.run_id, model)
        if summary:
            compared.keep(con)
        report = quality_report(con, row[0], context.run_id, model, totsugo.settings.us.language)
        verdicts = dict(con.execute("SELECT verdict, count(*) FROM match.links GROUP BY ALL").fetchall())
        counts = {table: int(con.execute(f"SELECT count(*) FROM match.{table}").fetchall()[0][0]) for table in _TABLES}
        # without a company every child row and list member would look ended
        found = counts["companies"] > 0
        gate.record(con, "matching", found, context.run_id, None if found else "it found no company at all")
    context.log.info(f"weights {model.version}, automatic links from a probability of {model.auto:.3f}")
    context.log.info(str(summary) if summary else "nothing that matching reads has changed: the links stand")
    for table in _TABLES:
        row_count = dg.MetadataValue.int(counts[table])
        metadata: dict[str, dg.MetadataValue] = {"dagster/row_count": row_count}
        if table == "links":
            metadata |= {verdict: dg.MetadataValue.int(count) for verdict, count in sorted(verdicts.items())}
            metadata["model_version"] = dg.MetadataValue.text(model.version)
            metadata |= {"quality": dg.MetadataValue.md(report.table), "quality_picture": dg.MetadataValue.md(report.picture)}
        elif table == "companies":
            metadata["companies"] = row_count
        checks = [_check(name, report.amiss[name]) for name in _CHECKS] if table == "links" else []
        yield dg.MaterializeResult(asset_key=["match", table], metadata=metadata, check_results=checks)


def _check(name: str, amiss: list[str]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=["match", "links"],
        passed=not amiss,
        severity=dg.AssetCheckSeverity.ERROR if name == "something_matched" else dg.AssetCheckSeverity.WARN,
        metadata={"found": dg.MetadataValue.md("\n".join(f"- {line}" for line in amiss) or "none")},
    )

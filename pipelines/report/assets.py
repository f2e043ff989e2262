"""The end of the line in Dagster: the map as table and picture, and the copy that readers outside a run use."""

import dagster as dg

from pipelines.report.figures import partner_maps
from pipelines.report.heatmap import heatmap_svg
from pipelines.report.insight import minimum_n, partner_insights
from pipelines.report.insight_words import report_markdown
from pipelines.report.svg import as_markdown_image
from pipelines.report.words import cell_table, list_table, map_table
from pipelines.resources import Totsugo

_READ = ("account_map_summary", "whitespace", "greenfield", "no_approach", "collisions",
         "partner_fit", "partner_fit_parts", "partner_lifts", "partner_proposals")  # fmt: skip


@dg.asset(
    key=["account_map_report"],
    deps=[["marts", name] for name in _READ],
    group_name="map",
    kinds={"duckdb"},
    owners=["team:partners"],
    pool="duckdb",
)
def account_map_report(context: dg.AssetExecutionContext, totsugo: Totsugo) -> dg.MaterializeResult:
    """The 3x3 account map of every partner, as tables and as a picture, and what we know of each partner."""
    us = totsugo.settings.us
    language = us.language
    with totsugo.warehouse.connect() as con:
        maps, insights, minimum = partner_maps(con), partner_insights(con), minimum_n(con)
    return dg.MaterializeResult(
        metadata={
            "account_map": dg.MetadataValue.md(map_table(maps, language)),
            "cells": dg.MetadataValue.md(cell_table(maps, language)),
            "partners": dg.MetadataValue.md(report_markdown(insights, minimum, us.currency, language)),
            "lists": dg.MetadataValue.md(list_table(maps, language)),
            "heatmap": dg.MetadataValue.md(as_markdown_image(heatmap_svg(maps, language), "account map")),
            "overlaps": sum(m.overlap for m in maps),
            "whitespace": sum(m.whitespace for m in maps),
            "collisions": sum(m.collisions for m in maps),
        }
    )


def published_copy(after: list[str]) -> dg.AssetsDefinition:
    """The read-only copy, made after the last step of the line (``after``), so that it shows what the run did."""

    @dg.asset(key=["published"], deps=after, group_name="map", kinds={"duckdb"}, owners=["team:data"], pool="duckdb")
    def published(totsugo: Totsugo) -> dg.MaterializeResult:
        """`published.duckdb`: what notebooks, sensors and the command line read, replaced whole at the end of a run."""
        totsugo.warehouse.publish()
        return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(totsugo.paths.published)})

    return published

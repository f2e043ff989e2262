"""How well a run matched, put together: the figures, kept for the next run, as table, picture and what is amiss.

Belongs here: which figures meet which. Does not: any figure (``pipelines.matching.quality``), or how it looks
(``quality_picture``, ``quality_words``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.matching.model import Model
from pipelines.matching.quality import below, drift, last, matched_any, measure, note
from pipelines.matching.recall import recall
from pipelines.report.quality_picture import probability_bins, quality_svg
from pipelines.report.quality_words import below_lines, drift_lines, measured_lines, quality_table
from pipelines.report.svg import as_markdown_image
from pipelines.review.precision import checked, precision
from pipelines.texts import text


@dataclass(frozen=True)
class QualityReport:
    """``table`` and ``picture``: Markdown; ``amiss``: sentences by check (precise_enough, no_drift, something_matched), none
    where all is well."""

    table: str
    picture: str
    amiss: dict[str, list[str]]


def quality_report(con: duckdb.DuckDBPyConnection, as_of: datetime, run_id: str, model: Model, language: str) -> QualityReport:
    """Measures the links as they stand, and notes it in ``state.match_quality``. ``con``: the warehouse, writable."""
    found, before = measure(con), last(con, as_of, run_id)
    note(con, found, as_of, run_id, model.version)
    names = dict(con.execute("SELECT party, name FROM config.parties").fetchall())
    (stated,) = con.execute("SELECT stated_precision FROM config.matching").fetchall()[0]
    measured = measured_lines(precision(checked(con)), recall(con, model.auto), language)
    return QualityReport(
        table="\n\n".join([quality_table(found, names, language), *measured]),
        picture=as_markdown_image(quality_svg(found, before, probability_bins(con), names, language), "quality of matching"),
        amiss={
            "precise_enough": below_lines(below(found, stated), stated, names, language),
            "no_drift": drift_lines(drift(found, before), names, language),
            "something_matched": [] if matched_any(con, found) else [text("quality.check.nothing", language)],
        },
    )

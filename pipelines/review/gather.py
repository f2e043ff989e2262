"""What one workbook asks: the questions that wait, links drawn by lot, decisions that contradict each other.

Belongs here: choosing and numbering the rows. Does not: how they look (``workbook.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from pipelines.review.contradictions import contradictions
from pipelines.review.decisions import Decision, Pair, pairs
from pipelines.review.layout import CONTRADICTIONS, QUESTIONS, SPOT_CHECKS, Review, Row
from pipelines.review.questions import Question, sides_of, waiting
from pipelines.review.spot_checks import draw


def gather(
    con: duckdb.DuckDBPyConnection, decisions: Sequence[Decision], day: date, limit: int, checks: int, partner: str | None = None
) -> Review:
    """The first ``limit`` questions, ``checks`` automatic links and every contradiction; of one partner's records, or of all.

    ``con``: the published copy; ``decisions``: those in force.
    """
    decided = pairs(decisions)
    asked = [question for question in waiting(con, decided) if partner is None or partner in question.parties]
    drawn = draw(con, decided, day, checks, partner)
    rows = {
        QUESTIONS: [Row(str(at), question) for at, question in enumerate(asked[:limit], 1)],
        SPOT_CHECKS: [Row(str(at), c.question, None, c.stratum, c.stratum_size) for at, c in enumerate(drawn, 1)],
        CONTRADICTIONS: _contradicting(con, decisions, partner),
    }
    return Review({sheet: of_sheet for sheet, of_sheet in rows.items() if of_sheet}, max(0, len(asked) - limit))


def _contradicting(con: duckdb.DuckDBPyConnection, decisions: Sequence[Decision], partner: str | None) -> list[Row]:
    """Each decision that some contradiction holds, once, with the numbers of those that do."""
    numbers: dict[Pair, list[int]] = {}
    said = {}
    for number, found in enumerate(contradictions(decisions), 1):
        for decision in found.decisions:
            numbers.setdefault(decision.pair, []).append(number)
            said[decision.pair] = decision
    sides = sides_of(con, (id for pair in numbers for id in pair))
    rows = [
        Row(", ".join(map(str, of_pair)), Question(sides[said[pair].record_id], sides[said[pair].other_record_id]), said[pair])
        for pair, of_pair in numbers.items()
    ]
    ours = {row.number for row in rows if partner is None or partner in row.question.parties}
    return [row for row in rows if row.number in ours]

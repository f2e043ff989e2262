"""The quality of a matching as a picture: where the probabilities lie, and how much of each party's records is matched.

Belongs here: how the figures look. Does not: the figures (``pipelines.matching.quality``), words about them (``quality_words``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import duckdb

from pipelines.matching.quality import ALL, Quality
from pipelines.report.quality_words import figures, party_name
from pipelines.report.svg import FAINT, INK, QUIET, bar, picture, shorten, words
from pipelines.texts import text

BORDERS = (0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.97, 0.99, 0.995, 0.999)
"""Probabilities between which links are counted: finer where it matters."""
_BINS = """
WITH told AS (
    SELECT probability, 'auto' AS verdict FROM match.links WHERE verdict = 'auto' AND rule <> 'alone'
    UNION ALL SELECT probability, 'to_review' FROM match.review_queue
)
SELECT verdict, len(list_filter($borders, lambda border: border <= probability)) AS bin, count(*) FROM told GROUP BY ALL
"""
Bins = Mapping[tuple[str, int], int]
"""(auto or to_review, number of the bin) -> links or questions."""

_COLORS = {"auto": "#0b5c9e", "to_review": "#e08e0b"}
_WIDTH, _GAP = 810, 24
_PLOT_H, _BIN_W, _ROW_H = 130, 60, 26
_NAME_W, _BAR_W = 170, 260


def probability_bins(con: duckdb.DuckDBPyConnection) -> Bins:
    """How many automatic links and questions lie between which borders."""
    rows = con.execute(_BINS, {"borders": list(BORDERS)}).fetchall()
    return {(verdict, number): count for verdict, number, count in rows}


def quality_svg(
    found: Sequence[Quality], before: Mapping[str, Quality], bins: Bins, names: Mapping[str, str], language: str
) -> str:
    """A histogram of the probabilities above; below it for each party a bar of its match rate, a mark where it stood at the last
    run, and its figures. ``names``: party -> name."""
    top = _GAP + 20 + _PLOT_H + 62
    height = top + 30 + _ROW_H * len(found) + _GAP
    return picture(_WIDTH, height, [*_histogram(bins, language), *_parties(found, before, names, language, top)])


def _histogram(bins: Bins, language: str) -> list[str]:
    foot, most = _GAP + 30 + _PLOT_H, max((sum(bins.get((v, n), 0) for v in _COLORS) for n in range(len(BORDERS) + 1)), default=0)
    parts = [words(text("quality.histogram", language), _GAP, _GAP + 6, size=14, color=INK, weight=600)]
    for at, verdict in enumerate(_COLORS):
        x = _WIDTH - 230 + at * 100
        parts += [bar(x, _GAP - 4, 10, 10, _COLORS[verdict]), words(text(f"quality.{verdict}", language), x + 15, _GAP + 5)]
    for number in range(len(BORDERS) + 1):
        x, y = _GAP + 10 + number * _BIN_W, float(foot)
        total = sum(bins.get((verdict, number), 0) for verdict in _COLORS)
        for verdict, color in _COLORS.items():
            count = bins.get((verdict, number), 0)
            # the whole bar grows with the root of its count, so that few doubtful links stay visible beside many sure ones
            tall = math.sqrt(total / most) * _PLOT_H * count / total if total else 0.0
            y -= tall
            parts.append(bar(x + 4, y, _BIN_W - 8, tall, color) if count else "")
        parts.append(words(f"{total:,}", x + _BIN_W / 2, y - 4, anchor="middle", color=INK) if total else "")
        if number < len(BORDERS):
            parts.append(words(f"{BORDERS[number]:.1%}".replace(".0%", "%"), x + _BIN_W, foot + 15, anchor="middle", size=10))
    return [*parts, bar(_GAP + 10, foot, _BIN_W * (len(BORDERS) + 1), 1, FAINT, radius=0)]


def _parties(
    found: Sequence[Quality], before: Mapping[str, Quality], names: Mapping[str, str], language: str, top: float
) -> list[str]:
    columns = ("records", "review", "expected_false", "expected_precision")
    rights = [_GAP + _NAME_W + _BAR_W + at for at in (56, 130, 230, 326)]
    parts = [words(text("quality.match_rate", language), _GAP, top + 6, size=14, color=INK, weight=600)]
    parts += [
        words(text(f"quality.{name}", language), x, top + 6, anchor="end", size=9)
        for name, x in zip(columns, rights, strict=True)
    ]
    parts.append(words(f"| {text('quality.before', language)}", _GAP + _NAME_W + _BAR_W - 40, top + 6, size=9, color="#c0392b"))
    for at, quality in enumerate(found):
        y, x = top + 20 + at * _ROW_H, _GAP + _NAME_W
        parts.append(words(shorten(party_name(quality.party, names, language), 14), _GAP, y + 13, color=INK))
        parts.append(bar(x, y, _BAR_W, 17, "#edf1f5"))
        parts.append(bar(x, y, _BAR_W * quality.match_rate, 17, "#3c8dc5" if quality.party == ALL else "#7db7de"))
        parts.append(words(f"{quality.match_rate:.1%}", x + 6, y + 13, color=INK, weight=600))
        was = before.get(quality.party)
        if was:
            parts.append(bar(x + _BAR_W * was.match_rate - 1, y - 3, 2, 23, "#c0392b", radius=0))
        for told, right in zip(figures(quality), rights, strict=True):
            parts.append(words(told, right, y + 13, anchor="end", color=QUIET))
    return parts

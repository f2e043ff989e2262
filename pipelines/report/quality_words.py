"""The quality of a matching in words: a table, what people's answers measure, and what is amiss.

Belongs here: sentences. Does not: the figures (``pipelines.matching.quality``, ``pipelines.matching.recall``,
``pipelines.review.precision``), the picture (``quality_picture``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.matching.quality import ALL, Drift, Quality
from pipelines.matching.recall import Recall
from pipelines.report.words import table
from pipelines.review.precision import Precision
from pipelines.texts import text


def figures(quality: Quality) -> tuple[str, str, str, str]:
    """Records, questions, expected false links, expected precision."""
    expected = quality.expected_precision
    precision = "–" if expected is None else f"{expected:.2%}"
    return f"{quality.records:,}", f"{quality.review:,}", f"{quality.expected_false:,.1f}", precision


def party_name(party: str, names: Mapping[str, str], language: str) -> str:
    """As people call it. ``names``: party -> name."""
    return text("quality.all", language) if party == ALL else names.get(party, party)


def quality_table(found: Sequence[Quality], names: Mapping[str, str], language: str) -> str:
    """One row a party, in Markdown."""
    columns = ("party", "records", "match_rate", "alone", "review", "review_load", "expected_false", "expected_precision")
    rows: list[list[str | int]] = []
    for q in found:
        records, review, false, precision = figures(q)
        shares = f"{q.match_rate:.1%}", f"{q.alone_share:.1%}"
        rows.append(
            [party_name(q.party, names, language), records, *shares, review, f"{1000 * q.review_load:,.0f}", false, precision]
        )
    return table([text(f"quality.{name}", language) for name in columns], rows)


def measured_lines(precision: Precision | None, recall: Recall | None, language: str) -> list[str]:
    """What people's answers measure, where there are any."""
    lines = []
    if precision:
        lines.append(text("quality.measured_precision", language, checked=f"{precision.checked:,}", **_bounds(precision)))
    if recall:
        lines.append(text("quality.measured_recall", language, said=f"{recall.said:,}", **_bounds(recall)))
    return lines


def _bounds(share: Precision | Recall) -> dict[str, str]:
    return {"estimate": f"{share.estimate:.1%}", "low": f"{share.low:.1%}", "high": f"{share.high:.1%}"}


def below_lines(below: Sequence[Quality], stated: float, names: Mapping[str, str], language: str) -> list[str]:
    """Whose links are likely less precise than the settings state."""
    return [
        text(
            "quality.check.below", language, party=party_name(q.party, names, language), now=figures(q)[3], stated=f"{stated:.1%}"
        )
        for q in below
    ]


def drift_lines(drifts: Sequence[Drift], names: Mapping[str, str], language: str) -> list[str]:
    """What moved since the last run, and for whom."""
    lines = []
    for d in drifts:
        before, now = (f"{v:.1%}" if d.kind == "match_rate" else f"{1000 * v:,.0f}" for v in (d.before, d.now))
        lines.append(
            text(f"quality.check.{d.kind}", language, party=party_name(d.party, names, language), before=before, now=now)
        )
    return lines

"""The account map in words: a Markdown table for Dagster's metadata, and the lists' sizes."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.report.figures import OUTSIDE, STATUSES, PartnerMap
from pipelines.texts import text


def map_table(maps: Sequence[PartnerMap], language: str) -> str:
    """One row per partner: the nine cells, the overlap, and the sizes of the lists."""
    cells = [(ours, theirs) for theirs in STATUSES for ours in STATUSES]
    numbers = ("1", "2", "3", "4", "5", "8", "6", "7", "9")
    ordered = sorted(zip(numbers, cells, strict=True))
    heads = [f"{n}" for n, _ in ordered]
    lists = [text(f"report.{name}", language) for name in ("whitespace", "greenfield", "no_approach", "collisions")]
    lines = [
        f"| {text('report.partner', language)} | " + " | ".join([*heads, *lists]) + " |",
        "|---|" + "--:|" * (len(heads) + len(lists)),
    ]
    for m in maps:
        counts = [f"{m.counts.get(cell, 0):,}" for _, cell in ordered]
        sizes = [f"{n:,}" for n in (m.whitespace, m.greenfield, m.no_approach, m.collisions)]
        lines.append(f"| {m.name} | " + " | ".join([*counts, *sizes]) + " |")
    legend = "  ".join(
        f"{n} {text(f'report.status.{ours}', language)}×{text(f'report.status.{theirs}', language)}"
        for n, (ours, theirs) in ordered
    )
    return "\n".join(lines) + f"\n\n{text('report.legend', language)}: {legend}"


def grid(m: PartnerMap) -> list[tuple[str, list[int]]]:
    """The map as rows for a terminal: (our side, counts for each of the partner's sides), outer cells last."""
    sides = (*STATUSES, OUTSIDE)
    return [(ours, [m.counts.get((ours, theirs), 0) for theirs in sides]) for ours in sides]

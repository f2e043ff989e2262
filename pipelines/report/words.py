"""The account map in words: Markdown tables for Dagster's metadata, and rows for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.report.figures import CELLS, OUTSIDE, STATUSES, PartnerMap
from pipelines.texts import text


def map_table(maps: Sequence[PartnerMap], language: str) -> str:
    """One row per partner: the nine cells and their sum."""
    cells = sorted(CELLS.items(), key=lambda item: item[1])
    heads = [text("report.partner", language), *(str(number) for _, number in cells), text("report.all_cells", language)]
    rows: list[list[str | int]] = [[_unbroken(m.name), *(m.counts.get(cell, 0) for cell, _ in cells), m.overlap] for m in maps]
    legend = ", ".join(
        f"{number} {text(f'report.status.{ours}', language)}×{text(f'report.status.{theirs}', language)}"
        for (ours, theirs), number in cells
    )
    return f"{_table(heads, rows)}\n\n{text('report.legend', language)}: {legend}"


def list_table(maps: Sequence[PartnerMap], language: str) -> str:
    """One row per partner: the sizes of its lists."""
    heads = [text(f"report.{name}", language) for name in ("partner", "whitespace", "greenfield", "no_approach", "collisions")]
    rows: list[list[str | int]] = [[_unbroken(m.name), m.whitespace, m.greenfield, m.no_approach, m.collisions] for m in maps]
    return _table(heads, rows)


def grid(m: PartnerMap) -> list[tuple[str, list[int]]]:
    """The map as rows for a terminal: (our side, counts for each of the partner's sides), outer cells last."""
    sides = (*STATUSES, OUTSIDE)
    return [(ours, [m.counts.get((ours, theirs), 0) for theirs in sides]) for ours in sides]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    lines = ["| " + " | ".join(_unbroken(head) for head in heads) + " |", "|---|" + "--:|" * (len(heads) - 1)]
    lines += ["| " + " | ".join(f"{value:,}" if isinstance(value, int) else value for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _unbroken(words: str) -> str:
    """Japanese may break after any character, and a narrow table would set it one below the other: word joiners hold it."""
    return "\u2060".join(words)

"""The account map in words: Markdown tables for Dagster's metadata, and rows for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.report.figures import CELLS, OUTSIDE, STATUSES, PartnerMap
from pipelines.texts import text


def map_table(maps: Sequence[PartnerMap], language: str) -> str:
    """One row per partner: the companies of the nine cells and their sum."""
    cells = sorted(CELLS.items(), key=lambda item: item[1])
    heads = [text("report.partner", language), *(str(number) for _, number in cells), text("report.all_cells", language)]
    rows: list[list[str | int]] = [[m.name, *(m.at(sides).companies for sides, _ in cells), m.overlap] for m in maps]
    legend = ", ".join(f"{number} {_sides(sides, language)}" for sides, number in cells)
    return f"{table(heads, rows)}\n\n{text('report.legend', language)}: {legend}"


def cell_table(maps: Sequence[PartnerMap], language: str) -> str:
    """One row per partner and cell in use: companies, each side's records, our money. 500 records here may be 350 there."""
    names = ("partner", "cell", "companies", "our_records", "partner_records", "open_amount", "expected_value")
    rows: list[list[str | int]] = [
        [
            m.name,
            f"{number} {_sides(sides, language)}",
            cell.companies,
            cell.our_records,
            cell.partner_records,
            money(cell.open_amount, m.currency, language),
            money(cell.expected_value, m.currency, language),
        ]
        for m in maps
        for sides, number in sorted(CELLS.items(), key=lambda item: item[1])
        if (cell := m.at(sides)).companies
    ]
    return table([text(f"report.{name}", language) for name in names], rows)


def money(amount: float | None, currency: str, language: str) -> str:
    """An amount as people say it: 1.2億円, 340万円; JPY 120M, USD 3.4k. A dash where there is none."""
    if not amount:
        return "–"
    steps = ((1e12, "兆"), (1e8, "億"), (1e4, "万")) if language == "ja" else ((1e9, "B"), (1e6, "M"), (1e3, "k"))
    size, unit = next(((size, unit) for size, unit in steps if abs(amount) >= size), (1.0, ""))
    number = amount / size
    digits = f"{number:,.1f}" if unit and abs(number) < 10 else f"{number:,.0f}"
    if language == "ja" and currency == "JPY":
        return f"{digits.removesuffix('.0')}{unit}円"
    return f"{currency} {digits.removesuffix('.0')}{unit}"


def _sides(sides: tuple[str, str], language: str) -> str:
    return "×".join(text(f"report.status.{side}", language) for side in sides)


def list_table(maps: Sequence[PartnerMap], language: str) -> str:
    """One row per partner: the sizes of its lists."""
    heads = [text(f"report.{name}", language) for name in ("partner", "whitespace", "greenfield", "no_approach", "collisions")]
    rows: list[list[str | int]] = [[m.name, m.whitespace, m.greenfield, m.no_approach, m.collisions] for m in maps]
    return table(heads, rows)


def grid(m: PartnerMap) -> list[tuple[str, list[int]]]:
    """The map as rows for a terminal: (our side, counts for each of the partner's sides), outer cells last."""
    sides = (*STATUSES, OUTSIDE)
    return [(ours, [m.at((ours, theirs)).companies for theirs in sides]) for ours in sides]


def table(heads: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    """A Markdown table; the first column to the left, the others to the right."""
    lines = ["| " + " | ".join(_unbroken(head) for head in heads) + " |", "|---|" + "--:|" * (len(heads) - 1)]
    lines += ["| " + " | ".join(f"{v:,}" if isinstance(v, int) else _unbroken(v) for v in row) + " |" for row in rows]
    return "\n".join(lines)


def _unbroken(words: str) -> str:
    """Japanese may break after any character, and a narrow table would set it one below the other: word joiners hold it.
    A bar would begin another column."""
    return "\u2060".join(words.replace("|", "／"))

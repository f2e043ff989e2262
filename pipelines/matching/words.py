"""A match's evidence in the words that people read, in Japanese or English.

Belongs here: sentences, the one line, the waterfall. Does not: what was compared or what it weighs (``evidence.py``), or
where it is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from rich.table import Table

from pipelines.texts import catalogue, text

Evidence = Sequence[dict[str, Any]]
"""Of ``match.links`` and ``match.review_queue``: {feature, outcome, weight in bits}, heaviest first."""
PRIOR = "base"
_BAR_WIDTH = 30


@dataclass(frozen=True)
class Step:
    """One step of a waterfall: its words, its bits, and the sum of all bits down to it."""

    label: str
    bits: float
    total: float


def outcome_words(feature: str, outcome: str, language: str) -> str:
    """What was seen, without its weight; an outcome that has no text of its own is told by its name."""
    key = f"evidence.{feature}.{outcome}"
    if key in catalogue():
        return text(key, language)
    return text("evidence.other", language, feature=feature, outcome=outcome)


def evidence_words(evidence: Evidence, language: str) -> list[str]:
    """Each part with its bits, in the order given: ``town agrees (+3.0)``."""
    return [
        text(
            "evidence.part",
            language,
            words=outcome_words(part["feature"], part["outcome"], language),
            weight=_signed(part["weight"]),
        )
        for part in evidence
    ]


def evidence_line(evidence: Evidence, language: str) -> str:
    """All in one line, without the starting point, which says nothing of these two; empty where there is no evidence."""
    told = [part for part in evidence if part["feature"] != PRIOR]
    return text("evidence.joiner", language).join(evidence_words(told, language))


def waterfall(evidence: Evidence, language: str) -> list[Step]:
    """The steps from the starting point to the score, the starting point first, the rest in the order given."""
    ordered = sorted(evidence, key=lambda part: part["feature"] != PRIOR)
    totals = accumulate(float(part["weight"]) for part in ordered)
    return [
        Step(outcome_words(part["feature"], part["outcome"], language), float(part["weight"]), total)
        for part, total in zip(ordered, totals, strict=True)
    ]


def waterfall_table(evidence: Evidence, probability: float, language: str) -> Table:
    """The waterfall to be printed: words, bits, running total and a bar from the total before to the total after; the last
    row is the sum and what it means as a probability."""
    steps = waterfall(evidence, language)
    edges = [0.0, *(step.total for step in steps)]
    low, high = min(edges), max(edges)
    scale = _BAR_WIDTH / (high - low) if high - low > 1e-6 else 0.0
    table = Table.grid(padding=(0, 1))
    for justify in ("left", "right", "right", "left"):
        table.add_column(justify=justify)  # type: ignore[arg-type]
    for before, step in zip(edges, steps, strict=False):
        table.add_row(_plain(step.label), _signed(step.bits), _signed(step.total), _bar(before - low, step.total - low, scale))
    told = text("evidence.probability", language, probability=percent(probability))
    table.add_row(f"[bold]{text('evidence.total', language)}[/bold]", "", f"[bold]{_signed(edges[-1])}[/bold]", told)
    return table


def percent(probability: float) -> str:
    """As people read it: one decimal, and never 100% or 0% for what is not certain."""
    shown = min(max(probability, 0.001), 0.999) if 0 < probability < 1 else probability
    return f"{shown:.1%}"


def _signed(bits: float) -> str:
    """One decimal with its sign; nothing is told as -0.0."""
    return f"{round(float(bits), 1) + 0.0:+.1f}"


def _plain(words: str) -> str:
    """Without what the printer would take for markup."""
    return words.replace("[", r"\[")


def _bar(start: float, end: float, scale: float) -> str:
    """Where the step leads, from left to right for more, in red for less; a step too small to be seen is a thin line."""
    left, right = sorted((round(start * scale), round(end * scale)))
    blocks = "█" * (right - left) or "▏"
    return " " * left + (f"[red]{blocks}[/red]" if end < start else f"[green]{blocks}[/green]")

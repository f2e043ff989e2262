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
_NAME_AGREES = ("same_text", "agrees_after_folding", "agrees_after_kanji")
_ABOUT_NAME = ("rarity", "namesakes")
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


def _gathered(evidence: Evidence, language: str) -> list[tuple[str, float, str]]:
    """(words, bits, feature) of each part. Where the name agrees, how much that says is told with it, before the rest, which
    stays in its order: alone, an everyday name that speaks for a pair looks odd."""
    name = [part for part in evidence if part["feature"] == "name" and part["outcome"] in _NAME_AGREES][:1]
    with_name = [*name, *(part for part in evidence if name and part["feature"] in _ABOUT_NAME)]
    others = [[part] for part in evidence if not any(part is told for told in with_name)]
    told = []
    for parts in [with_name, *others] if with_name else others:
        words = [outcome_words(part["feature"], part["outcome"], language) for part in parts]
        more = {"words": words[0], "more": _joined(words[1:], language)}
        bits = sum(float(part["weight"]) for part in parts)
        told.append((text("evidence.with", language, **more) if len(words) > 1 else words[0], bits, str(parts[0]["feature"])))
    return told


def _joined(words: Sequence[str], language: str) -> str:
    return text("evidence.joiner", language).join(words)


def evidence_words(evidence: Evidence, language: str) -> list[str]:
    """Each part with its bits, in the order given: ``town agrees (+3.0)``."""
    return [_part(words, bits, language) for words, bits, _ in _gathered(evidence, language)]


def _part(words: str, bits: float, language: str) -> str:
    return text("evidence.part", language, words=words, weight=_signed(bits))


def evidence_line(evidence: Evidence, language: str) -> str:
    """All in one line, without the starting point, which says nothing of these two; empty where there is no evidence."""
    told = [part for part in evidence if part["feature"] != PRIOR]
    return _joined(evidence_words(told, language), language)


def waterfall(evidence: Evidence, language: str) -> list[Step]:
    """The steps from the starting point to the score, the starting point first, the rest in the order given."""
    ordered = sorted(_gathered(evidence, language), key=lambda told: told[2] != PRIOR)
    totals = accumulate(bits for _, bits, _ in ordered)
    return [Step(words, bits, total) for (words, bits, _), total in zip(ordered, totals, strict=True)]


def waterfall_table(evidence: Evidence, probability: float, language: str) -> Table:
    """The waterfall to be printed: words, bits, running total and a bar from the total before to the total after; the last
    row is the sum and what it means as a probability."""
    steps = waterfall(evidence, language)
    edges = [0.0, *(step.total for step in steps)]
    low, high = min(edges), max(edges)
    scale = _BAR_WIDTH / (high - low) if high - low > 1e-6 else 0.0
    table = Table.grid(padding=(0, 1))
    for justify in ("left", "right", "right", "left"):
        table.add_column(justify=justify, overflow="fold")  # type: ignore[arg-type]
    for before, step in zip(edges, steps, strict=False):
        table.add_row(_plain(step.label), _signed(step.bits), _signed(step.total), _bar(before - low, step.total - low, scale))
    told = text("evidence.probability", language, probability=percent(probability))
    table.add_row(f"[bold]{text('evidence.total', language)}[/bold]", "", f"[bold]{_signed(edges[-1])}[/bold]", told)
    return table


def percent(probability: float, decimals: int = 1) -> str:
    """As people read it, and never 100% or 0% for what is not certain."""
    least = 0.1 ** (decimals + 2)
    shown = min(max(probability, least), 1 - least) if 0 < probability < 1 else probability
    return f"{shown:.{decimals}%}"


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

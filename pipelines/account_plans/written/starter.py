"""The ``<partner>.yaml`` to begin with: what may be written there, as comments to uncomment.

Belongs here: its lines, and writing it where there is none. Does not: what a file may say (``models.py``), or taking words over
from a deck (``take.py``).
"""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.account_plans.profile.fields import WRITABLE
from pipelines.account_plans.written.slots import NUMBERED, SINGLE
from pipelines.texts import catalogue, text

_EXAMPLES = {
    "profile": """\
profile:
  main_business: {{value: {business}, on: {day}, by: {ours}}}
  sales: {{value: {{{year}: 1200000000}}, on: {day}}}""",
    "our_goals": "our_goals: {goals}",
    "targets": """\
targets:
  - {{year: {year}, amount: 30000000, deals: 6}}""",
    "people": """\
people:
  - {{name: {theirs}, title: {title}, department: {department}, role: decision_maker}}
  - {{name: {other}, reports_to: {theirs}, role: supporter, known_by: [{{name: {ours}, strength: strong}}]}}""",
    "departments": "departments: [{department}]",
    "texts": """\
texts:
  direction.purpose: {purpose}""",
    "goals": """\
goals:
  - period: {period}
    month: 1
    text: {goal}
    measure: meetings
    target: 2""",
    "moves": """\
moves:
  - text: {move}
    goal_month: 1
    owner: {ours}
    due: {day}
  - {{id: {step}, done: {day}}}""",
    "effort": "effort: {{now: 10, proposed: 6}}",
}
"""Part of the file -> how it is written. What is in braces are words of the catalogue, or days of the quarter."""
_WORDS = ("business", "goals", "ours", "theirs", "other", "title", "department", "purpose", "goal", "move")


def starter(name: str, period: str, day: str, language: str) -> str:
    """The file's content. ``name``: the partner's; ``period``: the quarter of the examples; ``day``: one of it, 2026-11-20."""
    words = {word: text(f"plan.written.example.{word}", language) for word in _WORDS}
    step = f"{period.replace('-', '').lower()}-m1"
    filled = words | {"period": period, "day": day, "year": period[:4], "step": step}
    listed = {"fields": ", ".join(WRITABLE), "slots": ", ".join((*SINGLE, *(f"{slot}.1" for slot in NUMBERED)))}
    lines = [*_explained("head", language, partner=name), "version: 1"]
    for part, example in _EXAMPLES.items():
        lines += ["", *_explained(part, language, **listed)]
        lines += [f"# {line}" for line in example.format(**filled).split("\n")]
    return "\n".join(lines) + "\n"


def create(file: Path, content: str) -> bool:
    """Write the file where there is none; tells whether it did. One that is there stays as it is."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(content)
    except FileExistsError:
        return False
    return True


def _explained(part: str, language: str, **values: str) -> list[str]:
    """A sentence a line."""
    sentences = re.split(r"(?<=。)|(?<=[.)] )", catalogue()[f"plan.written.starter.{part}"][language])
    return [f"## {sentence.strip().format(**values)}" for sentence in sentences if sentence.strip()]

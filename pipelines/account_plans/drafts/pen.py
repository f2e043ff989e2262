"""How a drafted sentence is told: out of the catalogue, its numbers being figures, and a person's own words before it.

Belongs here: filling in texts, and taking what a person wrote in a slot instead. Does not: deciding what to say (the other
modules of this package).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from string import Formatter

from pipelines.account_plans.figure import Figure, told
from pipelines.account_plans.plan import Sentence
from pipelines.texts import catalogue, text


@dataclass(frozen=True)
class Clause:
    """One text of the catalogue: its placeholders are figures, told as people write them, or words (names, dates). A figure
    that the text has no place for is not told."""

    key: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


Draft = Sequence[Clause]
"""The clauses of one paragraph."""


@dataclass(frozen=True)
class Pen:
    """Tells sentences in one language. ``written``: slot -> what a person wrote there, which stands instead of a draft."""

    language: str
    currency: str
    written: Mapping[str, str] = field(default_factory=dict)

    def told(self, figure: Figure) -> str:
        return told(figure, self.language, self.currency)

    def words(self, key: str, **values: object) -> str:
        return text(key, self.language, **values)

    def template(self, key: str) -> str:
        """The text with its placeholders."""
        return catalogue()[key][self.language]

    def day(self, day: date) -> str:
        return self.words("plan.draft.day", year=day.year, month=self._month(day), day=day.day)

    def until(self, day: date) -> str:
        """A day of a fiscal year that is named already."""
        return self.words("plan.draft.until", month=self._month(day), day=day.day)

    def listed(self, names: Iterable[str]) -> str:
        return ("、" if self.language == "ja" else ", ").join(names)

    def sentence(self, slot: str, draft: Draft) -> Sentence:
        """One paragraph; blank words of a person count as none."""
        if self.written.get(slot, "").strip():
            return self._by_hand(slot)
        figures = {figure.key: figure for clause in draft for figure in self._used(clause)}
        words = ("" if self.language == "ja" else " ").join(self._clause(clause) for clause in draft)
        return Sentence(slot, words, figures=tuple(figures.values()))

    def sentences(self, prefix: str, drafts: Sequence[Draft]) -> tuple[Sentence, ...]:
        """The paragraphs of a list, slots ``<prefix>.1`` onwards. A person's words replace the draft of that slot or stand
        after the drafts; blank words take the draft away."""
        slots = {f"{prefix}.{number}": draft for number, draft in enumerate(drafts, start=1)}
        own = [slot for slot in self.written if slot.removeprefix(f"{prefix}.").isdecimal() and slot not in slots]
        told_of = [self.sentence(slot, draft) for slot, draft in slots.items() if self.written.get(slot, "-").strip()]
        further = sorted(own, key=lambda slot: int(slot.rpartition(".")[2]))
        return (*told_of, *(self._by_hand(slot) for slot in further if self.written[slot].strip()))

    def _month(self, day: date) -> str:
        return self.words(f"plan.draft.month.{day.month}")

    def _by_hand(self, slot: str) -> Sentence:
        return Sentence(slot, self.written[slot].strip(), written=True)

    def _used(self, clause: Clause) -> Iterator[Figure]:
        names = {name for _, name, _, _ in Formatter().parse(self.template(clause.key))}
        return (figure for name, figure in clause.figures.items() if name in names)

    def _clause(self, clause: Clause) -> str:
        figures = {name: self.told(figure) for name, figure in clause.figures.items()}
        return text(clause.key, self.language, **figures, **clause.words)

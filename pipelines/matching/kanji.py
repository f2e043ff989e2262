"""Whether 旧字体 and 異体字 are what two writings of a name differ in.

Belongs here: finding such a difference, and telling it in a match's evidence. Does not: folding (``pipelines.normalize.text``);
scoring knows only that names agree after folding, for what was folded weighs nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from pipelines.normalize.text import data_words

_FIRST_KANJI = "\u3400"


@cache
def _kept_forms() -> dict[str, str]:
    return {variant: word[0] for word in data_words("kanji_folds.txt") for variant in word}


def _forms(name: str) -> dict[str, set[str]]:
    """Kanji in the form that is kept -> the forms in which it stands in the name."""
    forms: dict[str, set[str]] = {}
    for character in name:
        plain = unicodedata.normalize("NFKC", character)  # compatibility ideographs are old forms too
        if len(plain) == 1 and plain >= _FIRST_KANJI:
            forms.setdefault(_kept_forms().get(plain, plain), set()).add(character)
    return forms


def differ_in_kanji(name: str, other: str) -> bool:
    """Whether some kanji stands in both, but in another form."""
    ours, theirs = _forms(name), _forms(other)
    return any(ours[kanji] != theirs[kanji] for kanji in ours.keys() & theirs.keys())


def tell_kanji(evidence: Sequence[dict[str, Any]], name: str | None, others: Iterable[str | None]) -> list[dict[str, Any]]:
    """The evidence, with ``agrees_after_kanji`` for ``agrees_after_folding`` where the name differs from another in kanji."""
    found = any(differ_in_kanji(name, other) for other in others if name and other)
    if not found:
        return list(evidence)
    folded = {"feature": "name", "outcome": "agrees_after_folding"}
    return [part | {"outcome": "agrees_after_kanji"} if folded.items() <= part.items() else part for part in evidence]

"""What the comparison of two records can give: features, their outcomes, and the contexts in which an outcome weighs differently.

Belongs here: the vocabulary, whose positions are the codes that SQL and scoring pass on. Does not: weights (``model``), nor
comparing (``features``, ``scoring``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """One thing that is compared. A code is a position in ``outcomes``; -1 stands for nothing to compare, which weighs
    nothing."""

    name: str
    outcomes: tuple[str, ...]
    contexts: tuple[str, ...] = ("always",)


# how alike two names are at best: in writing, in sound or in English
LIKENESS = ("same", "alike", "partly", "unlike")
_SIMILAR = ("similar_95", "similar_90", "similar_85", "similar_80", "similar_70", "similar_60")
# by bytes, of which a kanji has three and a Latin letter one: about what a name can tell apart
_LENGTHS = ("tiny", "short", "medium", "long")

FEATURES = (
    Feature(
        "name",
        ("same_text", "agrees_after_folding", "numbered", "extended", *_SIMILAR, "contained", "differs"),
        tuple(f"{length}{part}" for length in _LENGTHS for part in ("", "_contained")),
    ),
    Feature("rarity", ("everyday", "common", "usual", "uncommon", "rare", "very_rare", "unique"), ("same", "heard")),
    Feature("namesakes", ("none", "one", "few", "several", "many"), ("same", "heard")),
    Feature("alias", ("former", "short", "trade", "english", "kana"), ("same_name", "other_name")),
    Feature("reading", ("agrees", "similar_95", "similar_90", "similar_80", "similar_65", "differs"), LIKENESS),
    Feature(
        "english_name",
        ("agrees", "similar_95", "similar_90", "similar_80", "similar_70", "differs"),
        ("core_agrees", "core_differs"),
    ),
    Feature(
        "legal_form",
        (
            "agrees", "side_differs", "differs", "other_kind", "translated", "other_language",
            "missing_here", "missing_there", "missing_both",
        ),
        ("same_name", "other_name"),
    ),
    Feature(
        "place",
        (
            "block", "block_shared", "block_crowded", "block_tower", "chome", "town", "city", "prefecture", "differs", "missing",
        ),
        LIKENESS,
    ),
    Feature("postal_code", ("agrees", "area", "differs", "missing"), ("block", "elsewhere", "no_place")),
    Feature("site", ("present",), ("near", "elsewhere")),
    Feature("corporate_number", ("agrees", "differs")),
    Feature("domain", ("agrees", "differs"), ("related", "unrelated")),
    Feature("phone", ("agrees", "differs"), ("related", "unrelated")),
    # the odds that a record's company is none of those it was compared with
    Feature("base", ("stranger",), ("placed", "unplaced", "western", "among_records")),
)  # fmt: skip
BY_NAME = {feature.name: feature for feature in FEATURES}
RARITY_BITS = (18.0, 24.0, 30.0, 36.0, 44.0, 54.0)
"""Surprise of a name in bits, from which on it counts as the next outcome of ``rarity``."""


def code(feature: str, outcome: str) -> int:
    """Position of an outcome. Raises ``ValueError`` for an unknown one."""
    return BY_NAME[feature].outcomes.index(outcome)

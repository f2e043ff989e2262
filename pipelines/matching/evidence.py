"""A pair's outcomes in the words that people read: feature, what was seen, and how many bits it weighed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.matching.scoring import FEATURES

Evidence = list[dict[str, Any]]

# outcome of a feature -> (feature as told, outcome as told), where they differ
_TOLD = {
    ("address", "differs"): ("prefecture", "differs"),
    ("legal_form", "side_differs"): ("legal_form_side", "differs"),
}
_PLACES = ("block", "town", "city", "prefecture")


def evidence_of(pair: Mapping[str, Any]) -> Evidence:
    """List of {feature, outcome, weight}, heaviest first; what is missing on one side is left out."""
    told = []
    for feature in FEATURES:
        outcome = pair[f"{feature}_outcome"]
        if outcome is None:
            continue
        name, word = _TOLD.get((feature, outcome), (feature, outcome))
        if outcome in _PLACES:
            name, word = outcome, "agrees"
        word = (
            "similar"
            if word.startswith("similar") or word in ("contained", "numbered")
            else "agrees"
            if word == "agrees_name_differs"
            else word
        )
        told.append({"feature": name, "outcome": word, "weight": round(float(pair[f"{feature}_bits"]), 2)})
    return sorted(told, key=lambda part: (-abs(part["weight"]), part["feature"]))


def rule_of(pair: Mapping[str, Any]) -> str:
    """The one word for what decided: the strongest thing that agrees."""
    for feature in ("corporate_number", "domain", "phone"):
        if pair[f"{feature}_outcome"] == "agrees":
            return feature
    placed = pair["address_outcome"] in ("block", "town", "city") or pair["postcode_outcome"] == "agrees"
    if pair["name_outcome"] in ("agrees", "agrees_after_folding"):
        return "name_address" if placed else "name"
    if pair["english_name_outcome"]:
        return "english_name"
    if pair["reading_outcome"]:
        return "kana"
    return "similar_name_address" if placed else "similar_name"

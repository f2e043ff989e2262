"""A scored pair's codes and bits as evidence that people read: SQL expressions over a table of scores.

Belongs here: feature, outcome and bits as a list, and the one word for what decided. Does not: words of a language (``words``).
"""

from __future__ import annotations

from pipelines.matching.outcomes import BY_NAME, FEATURES, code

TYPE = "STRUCT(feature VARCHAR, outcome VARCHAR, weight DOUBLE)[]"
_CLOSE_BITS, _MANY_BITS = -0.2, -2.0


def _part(feature: str, outcome: str, bits: str) -> str:
    return f"{{'size': -abs({bits}), 'feature': '{feature}', 'outcome': {outcome}, 'weight': round({bits}::DOUBLE, 2)}}"


def evidence_sql(alias: str) -> str:
    """List of {feature, outcome, weight}, heaviest first, whose weights add up to the log-odds of the probability; what weighs
    nothing is left out. ``alias``: the table with ``<feature>_code``, ``<feature>_bits`` and ``rivals_bits``."""
    parts = []
    for feature in FEATURES:
        outcomes = ", ".join(f"'{outcome}'" for outcome in feature.outcomes)
        outcome = f"[{outcomes}][{alias}.{feature.name}_code + 1]"
        parts.append(_part(feature.name, outcome, f"{alias}.{feature.name}_bits"))
    rivals = f"""CASE WHEN {alias}.rivals_bits > {_CLOSE_BITS} THEN 'alone'
        WHEN {alias}.rivals_bits > {_MANY_BITS} THEN 'close' ELSE 'many' END"""
    parts.append(_part("rivals", rivals, f"{alias}.rivals_bits"))
    return f"""list_transform(
        list_sort(list_filter([{", ".join(parts)}], lambda part: part.weight <> 0)),
        lambda part: {{'feature': part.feature, 'outcome': part.outcome, 'weight': part.weight}})"""


def _is(alias: str, feature: str, *outcomes: str) -> str:
    return f"{alias}.{feature}_code IN ({', '.join(str(code(feature, outcome)) for outcome in outcomes)})"


def rule_sql(alias: str) -> str:
    """The one word for what decided: the strongest thing that agrees."""
    places = [o for o in BY_NAME["place"].outcomes if o not in ("prefecture", "differs", "missing")]
    placed = f"({_is(alias, 'place', *places)} OR {_is(alias, 'postal_code', 'agrees')})"
    same = _is(alias, "name", "same_text", "agrees_after_folding")
    return f"""CASE
        WHEN {_is(alias, "corporate_number", "agrees")} THEN 'corporate_number'
        WHEN {_is(alias, "domain", "agrees")} THEN 'domain'
        WHEN {_is(alias, "phone", "agrees")} THEN 'phone'
        WHEN {same} AND {alias}.alias_code >= 0 THEN 'alias'
        WHEN {same} AND {placed} THEN 'name_address'
        WHEN {same} THEN 'name'
        WHEN {_is(alias, "english_name", "agrees")} THEN 'english_name'
        WHEN {_is(alias, "reading", "agrees")} THEN 'kana'
        WHEN {placed} THEN 'similar_name_address'
        ELSE 'similar_name' END"""

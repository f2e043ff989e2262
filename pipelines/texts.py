"""The one catalogue of texts that people read: ``dbt_project/seeds/texts.csv`` (key, ja, en).

dbt reads it as a seed, Python reads it here, so that a sentence stands in one place.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds" / "texts.csv"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every text: key -> {ja, en}."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def text(key: str, language: str, **values: object) -> str:
    """The text of that key in ``ja`` or ``en``, its ``{placeholders}`` filled in. Raises ``KeyError`` for an unknown key."""
    return catalogue()[key][language].format(**values)

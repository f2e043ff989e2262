"""How high a title stands, by the same word list as ``marts.plan_people``: for people whom no CRM knows.

Belongs here: the rank of one title. Does not: the words (``dbt_project/seeds/title_ranks.csv``).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pyarrow as pa

from pipelines.normalize.text import fold_text

WORDS = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds" / "title_ranks.csv"
NO_RANK = 9


def rank_of(title: str | None) -> int:
    """1 is the highest; that of the longest word in it, ``NO_RANK`` where it says nothing."""
    if not title or not (spaced := _spaced(title)):
        return NO_RANK
    found = [(-len(word), rank, word) for word, rank, held in _words() if held in spaced]
    return min(found)[1] if found else NO_RANK


@cache
def _words() -> tuple[tuple[str, int, str], ...]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        return tuple((row["word"], int(row["rank"]), _spaced(row["word"])) for row in csv.DictReader(file))


def _spaced(words: str) -> str:
    """Folded, Latin words with spaces around, so that ``coo`` does not stand in ``cook``."""
    folded = fold_text(pa.array([words], pa.string()))[0].as_py() or ""
    return re.sub(r"([a-z0-9]+)", r" \1 ", folded)

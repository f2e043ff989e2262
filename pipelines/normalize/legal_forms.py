"""Legal forms: finding them at the front (前株) or the back (後株) of a folded name, cutting them off, naming their kind."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pyarrow as pa

from pipelines.normalize.codepoints import CharacterClass, Spans
from pipelines.normalize.text import DATA, fold_text
from pipelines.normalize.wordtable import WordTable

EDGE = CharacterClass(" ,.・/_-")
_LARGE = str.maketrans("ャュョッ", "ヤユヨツ")


@cache
def kinds() -> pa.Array:
    """The kinds of legal form, in the order of the numbers that ``take_front`` and ``take_back`` give."""
    return pa.array(sorted({row["form"] for row in _rows()}))


def _rows() -> list[dict[str, str]]:
    with (DATA / "legal_forms.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _table(side: str) -> tuple[WordTable, np.ndarray]:
    """(the forms of one side, the kind of each and -1 at the end). Words of western forms may be parted by dots or commas."""
    number = {kind: number for number, kind in enumerate(kinds().to_pylist())}
    rows = [(row["text"], number[row["form"]]) for row in _rows() if row["side"] in (side, "both")]
    # bank transfers and registers write small kana large
    rows += [(large, kind) for text, kind in rows if (large := text.translate(_LARGE)) != text]
    words = fold_text(pa.array([text for text, _ in rows])).to_pylist()
    return WordTable(words, back=side == "back", separators=" .,"), np.array([*(kind for _, kind in rows), -1])


def take_front(names: Spans) -> tuple[Spans, np.ndarray]:
    """(names without edges and 前株 form, number of its kind or -1). ``names``: folded."""
    names = names.trimmed(EDGE)
    table, kind = _table("front")
    which, end = table.find(names, leave=1)
    return Spans(names.points, end, names.stop).trimmed(EDGE), kind[which]


def take_back(names: Spans) -> tuple[Spans, np.ndarray]:
    """(names without edges and 後株 form, number of its kind or -1). ``names``: folded."""
    names = names.trimmed(EDGE)
    table, kind = _table("back")
    which, end = table.find(names, leave=1)
    return Spans(names.points, names.start, end).trimmed(EDGE), kind[which]

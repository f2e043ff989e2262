"""Legal forms: finding them at the front (前株) or the back (後株) of a folded name, cutting them off, naming their kind."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.text import fold_text, replace

_FILE = Path(__file__).parent / "data" / "legal_forms.csv"
_EDGE = r" ,.・/_\-"


@dataclass(frozen=True)
class _Forms:
    front: str  # RE2 patterns, each with the groups f (the form) and r (the rest)
    back: str
    texts: pa.Array  # texts of the forms with separators taken out, and
    kinds: pa.Array  # their kinds, in the same order


def _pattern(text: str) -> str:
    """A form's text as RE2: separators between its words may be dots, commas, spaces or nothing; western ones are whole words."""
    if not re.fullmatch(r"[a-z/& ]+", text):
        return re.escape(text)
    return r"\b" + r"[.,\s]*".join(re.escape(word) for word in text.split()) + r"\b[.]*"


@cache
def _forms() -> _Forms:
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    folded = fold_text(pa.array([row["text"] for row in rows])).to_pylist()
    by_length = sorted(zip(folded, rows, strict=True), key=lambda pair: (-len(pair[0]), pair[0]))
    front = "|".join(_pattern(text) for text, row in by_length if row["side"] != "back")
    back = "|".join(_pattern(text) for text, row in by_length if row["side"] != "front")
    kinds = {text.replace(" ", ""): row["form"] for text, row in by_length}
    return _Forms(
        front=rf"^[{_EDGE}]*(?P<f>{front})[{_EDGE}]*(?P<r>.+)$",
        back=rf"^(?P<r>.*?[^{_EDGE}])[{_EDGE}]*(?P<f>{back})[{_EDGE}]*$",
        texts=pa.array(list(kinds)),
        kinds=pa.array(list(kinds.values())),
    )


def _take(values: pa.Array, pattern: str) -> tuple[pa.Array, pa.Array]:
    """(rest, kind of the form) for every value; (the value, null) where no form stands there."""
    forms = _forms()
    found = pc.extract_regex(values, pattern)
    kind = forms.kinds.take(pc.index_in(replace(pc.struct_field(found, "f"), r"[.,\s]", ""), forms.texts))
    rest = pc.coalesce(pc.struct_field(found, "r"), values)
    return rest, kind


def take_front(folded: pa.Array) -> tuple[pa.Array, pa.Array]:
    """(name without its 前株 form, kind or null)."""
    return _take(folded, _forms().front)


def take_back(folded: pa.Array) -> tuple[pa.Array, pa.Array]:
    """(name without its 後株 form, kind or null)."""
    return _take(folded, _forms().back)

"""Company names: notes and honorifics cut, branch split off as site, legal form apart, and the key that matching compares."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterClass, CharacterMap, Spans, apart, write
from pipelines.normalize.kana import readable, romaji
from pipelines.normalize.legal_forms import kinds, take_back, take_front
from pipelines.normalize.notes import cut_notes, may_have_notes
from pipelines.normalize.short_tails import short_tails
from pipelines.normalize.sites import cut_site, may_have_site
from pipelines.normalize.text import edited, folded, remember_last
from pipelines.normalize.western import may_abbreviate, spelled_out, unaccented

_BRACKET_EDGE = CharacterClass(" (")


class NameParts(NamedTuple):
    """Folded parts of a name, each of the length of the input."""

    core: Spans  # without form, site and notes; spaces kept
    form: np.ndarray  # number of the kind, -1 for none
    in_front: np.ndarray
    site: pa.Array


@cache
def _key_folds() -> CharacterMap:
    """Punctuation goes; small kana become large (キャノン, キヤノン), ヶ and ヵ become ケ and カ; middle dots and long dashes
    do not count; accents of Latin letters go."""
    small = dict(
        zip(
            "ァィゥェォッャュョヮヵヶヰヱぁぃぅぇぉっゃゅょゎゐゑ",
            "アイウエオツヤユヨワカケイエあいうえおつやゆよわいえ",
            strict=True,
        )
    )
    dropped = dict.fromkeys(" !\"#$%'()*+,-./:;<=>?@[\\]^_`{|}~・、。·•…※★☆■□●○◎◆◇▲△▼▽→←↑↓=™®©°", "")
    return CharacterMap(small | dropped | unaccented())


@remember_last
def split_name(names: pa.Array | pa.ChunkedArray) -> NameParts:
    """The parts of raw names. Most have a form at one edge and nothing else: only the others go through the patterns."""
    texts = folded(names)
    rest, front = take_front(texts)
    core, back = take_back(rest)
    form, in_front, site = np.where(front >= 0, front, back), front >= 0, pa.nulls(len(names), pa.string())
    rows = may_have_notes(core) | may_have_site(core)
    if not rows.any():
        return NameParts(core, form, in_front, site)
    odd = _split_with_care(apart(texts.take(rows)))
    form[rows], in_front[rows] = odd.form, odd.in_front
    return NameParts(core.put(rows, odd.core), form, in_front, pc.replace_with_mask(site, pa.array(rows), odd.site))


def _split_with_care(texts: Spans) -> NameParts:
    rest, front = take_front(cut_notes(texts))
    rest, site = cut_site(rest)
    rest, back = take_back(rest)
    core, inner = _cut_brackets(rest)
    return NameParts(core, np.select([front >= 0, back >= 0], [front, back], inner), front >= 0, write(site))


def _cut_brackets(names: Spans) -> tuple[Spans, np.ndarray]:
    """What still stands in brackets at the end is a reading or a remark: 日本電気株式会社 (nec). A form may stand before it."""
    opening = names.last(names.points == ord("("))
    closing = Spans(names.points, np.maximum(opening, names.start), names.stop).first(names.points == ord(")"))
    rest = Spans(names.points, names.start, np.maximum(opening, names.start)).trimmed(_BRACKET_EDGE)
    rows = (closing >= names.stop - 1) & (rest.start < rest.stop)
    form = np.full(len(rows), -1)
    rest, form[rows] = take_back(rest.take(rows))
    return names.put(rows, rest), form


def name_key(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """What two spellings of one company's name have in common; null for names of nothing but punctuation."""
    core = split_name(names).core
    return short_tails(write(_key_folds()(edited(core, may_abbreviate(core), spelled_out))))


def legal_form(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Kind of the legal form in its full Japanese wording (株式会社), or the western short form (inc, ltd, gmbh)."""
    form = split_name(names).form
    return kinds().take(pa.array(form, mask=form < 0))


def legal_form_side(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """'front' (前株) or 'back' (後株)."""
    parts = split_name(names)
    side = np.where(parts.in_front, 0, 1)
    return pa.array(["front", "back"]).take(pa.array(side, mask=parts.form < 0))


def name_site(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Branch, office or department that stood in the name."""
    return split_name(names).site


def romaji_key(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The name as it sounds, in Latin letters, for kana, Latin and mixed names; null where a kanji occurs."""
    core = split_name(names).core
    rows = readable(core)
    result = pa.nulls(len(names), pa.string())
    if not rows.any():
        return result
    return pc.replace_with_mask(result, pa.array(rows), write(romaji(core.take(rows))))

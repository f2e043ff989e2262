"""Made-up companies by the million: names recombined from real ones, and near variants that a matcher must tell apart.

Belongs here: columns of names and addresses, made without a loop over rows. Does not: noise of partner lists.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.matching_sets.sources import Company, made_postcode
from benchmarks.matching_sets.words import words

COLUMNS = ("id", "name", "kana", "name_en", "pref", "city", "street", "post")
"""Columns of a master; all text, nothing is null."""

FORMS = words("forms")
_FORM = re.compile(rf"^(?P<front>{'|'.join(FORMS)})?[\s　]*(?P<stem>.+?)[\s　]*(?P<back>{'|'.join(FORMS)})?$")
_RUNS = re.compile(r"[一-龥々〆ヶ𠀀-𪛟﨑髙]+|[ァ-ヺー・]+|[ぁ-ん]+|[Ａ-Ｚａ-ｚA-Za-z&＆．.]+|.")
_EXTENSIONS = words("extensions")
_PREFIXES = words("prefixes")
_COMMON_TOWNS = words("towns")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def split_form(name: str) -> tuple[str, str, str]:
    """A name as (form in front, stem, form behind), the absent ones empty."""
    found = _FORM.match(name)
    return (found["front"] or "", found["stem"], found["back"] or "") if found else ("", name, "")


class NameParts:
    """What real names are made of: stems, heads and tails with their frequency, forms with their side."""

    def __init__(self, names: Sequence[str]) -> None:
        # what has no form (shrines, property wards) would make odd companies
        split = [(front, stem, back) for front, stem, back in map(split_form, names) if front or back]
        self.stems = pa.array(sorted({stem for _, stem, _ in split}))
        heads: Counter[str] = Counter()
        tails: Counter[str] = Counter()
        for _, stem, _ in split:
            head, tail = _head_and_tail(stem)
            heads[head] += 1
            if tail:
                tails[tail] += 1
        self.heads, self._head_weights = _weighted(heads, 1, 0.75)
        self.tails, self._tail_weights = _weighted(tails, 4, 0.75)
        sides = Counter((front, back) for front, _, back in split if bool(front) != bool(back))
        common = sides.most_common(24)
        self.fronts, self.backs = pa.array([f for (f, _), _ in common]), pa.array([b for (_, b), _ in common])
        counts = np.array([count for _, count in common], float)
        self._form_weights = counts / counts.sum()

    def compose(self, rng: np.random.Generator, rows: int) -> pa.Array:
        """New stems: head and tail (山本 + 電機), or the first half of one stem with the second of another."""
        head = self.heads.take(rng.choice(len(self.heads), rows, p=self._head_weights))
        tail = self.tails.take(rng.choice(len(self.tails), rows, p=self._tail_weights))
        plain = _join(head, tail)
        first, second = (self.stems.take(rng.integers(0, len(self.stems), rows)) for _ in range(2))
        spliced = _join(pc.utf8_slice_codeunits(first, 0, 3), pc.utf8_slice_codeunits(second, 2, 7))
        return pc.if_else(rng.random(rows) < 0.8, plain, spliced)

    def vary(self, rng: np.random.Generator, stems: pa.Array) -> pa.Array:
        """Near variants of given stems: the same name, an extension, a prefix, one character changed, 商事 for 商会."""
        rows = len(stems)
        extended = _join(stems, pa.array(_EXTENSIONS).take(rng.integers(0, len(_EXTENSIONS), rows)))
        prefixed = _join(pa.array(_PREFIXES).take(rng.integers(0, len(_PREFIXES), rows)), stems)
        other = pc.utf8_slice_codeunits(self.stems.take(rng.integers(0, len(self.stems), rows)), 0, 1)
        changed = pc.choose(
            pa.array(rng.integers(0, 3, rows)),
            *(
                _join(pc.utf8_slice_codeunits(stems, 0, at), other, pc.utf8_slice_codeunits(stems, at + 1, 99))
                for at in (1, 2, 3)
            ),
        )
        tail = self.tails.take(rng.choice(len(self.tails), rows, p=self._tail_weights))
        swapped = _join(pc.utf8_slice_codeunits(stems, 0, 4), tail)
        kind = pa.array(rng.choice(5, rows, p=[0.35, 0.25, 0.1, 0.2, 0.1]))
        return pc.choose(kind, stems, extended, prefixed, changed, swapped)

    def with_forms(self, rng: np.random.Generator, stems: pa.Array) -> pa.Array:
        """Full names: each stem with a legal form before or behind it, as often as in the real names."""
        form = rng.choice(len(self.fronts), len(stems), p=self._form_weights)
        return _join(self.fronts.take(form), stems, self.backs.take(form))


class Places:
    """Real cities and towns, from which addresses are made."""

    def __init__(self, companies: Sequence[Company]) -> None:
        counts = Counter((c.pref, c.city) for c in companies if c.city)
        cities = sorted(counts)
        towns: dict[tuple[str, str], set[str]] = {city: set(_COMMON_TOWNS[crc32(city[1].encode()) % 7 :: 7]) for city in cities}
        for company in companies:
            if company.city and (
                town := re.split(r"[\d０-９－ー\-]|[一二三四五六七八九十]+丁目", company.street, maxsplit=1)[0].strip()
            ):
                towns[company.pref, company.city].add(town[:12])
        rows = [(pref, city, town) for pref, city in cities for town in sorted(towns[pref, city])]
        weights = np.array([counts[pref, city] ** 0.5 / len(towns[pref, city]) for pref, city, _ in rows])
        self._weights = weights / weights.sum()
        self.pref, self.city, self.town = (pa.array(column) for column in zip(*rows, strict=True))
        self.post = pa.array([made_postcode(*row) for row in rows])

    def addresses(self, rng: np.random.Generator, rows: int) -> dict[str, pa.Array]:
        """Columns pref, city, street, post of as many made addresses."""
        place = rng.choice(len(self.town), rows, p=self._weights)
        numbers = pa.array([str(number).translate(_WIDE) for number in range(3000)])
        chome, block, house, lot = (numbers.take(rng.integers(1, high, rows)) for high in (7, 31, 41, 3000))
        style = pa.array(rng.choice(4, rows, p=[0.4, 0.25, 0.2, 0.15]))
        number = pc.choose(
            style,
            _join(chome, "丁目", block, "番", house, "号"),
            _join(lot, "番地"),
            _join(chome, "－", block, "－", house),
            _join(lot, "番地", house),
        )
        columns = {name: getattr(self, name).take(place) for name in ("pref", "city", "post")}
        return columns | {"street": _join(self.town.take(place), number)}


def made_up_companies(rng: np.random.Generator, names: Sequence[str], places: Places, rows: int, first_id: int = 0) -> pa.Table:
    """As many companies that do not exist, in the columns of a master; two fifths are near variants of real or made-up names."""
    parts = NameParts(names)
    composed = parts.compose(rng, rows - rows * 2 // 5)
    models = pa.concat_arrays([parts.stems, composed]).take(
        np.where(
            rng.random(rows - len(composed)) < max(0.15, len(parts.stems) / (len(parts.stems) + rows)),
            rng.integers(0, len(parts.stems), rows - len(composed)),
            rng.integers(len(parts.stems), len(parts.stems) + len(composed), rows - len(composed)),
        )
    )
    stems = pa.concat_arrays([composed, parts.vary(rng, models)]).take(rng.permutation(rows))
    ids = pc.utf8_lpad(pa.array(np.arange(first_id, first_id + rows)).cast(pa.string()), 12, "0")
    empty = pa.array([""]).take(np.zeros(rows, int))
    columns = {"id": _join("S", ids), "name": parts.with_forms(rng, stems), "kana": empty, "name_en": empty}
    return pa.table(columns | places.addresses(rng, rows)).select(COLUMNS)


def _head_and_tail(stem: str) -> tuple[str, str]:
    runs = _RUNS.findall(stem)
    if len(runs) > 1:
        return "".join(runs[:-1]), runs[-1]
    return (stem[:2], stem[2:]) if len(stem) > 3 else (stem, "")


def _weighted(counts: Counter[str], least: int, power: float) -> tuple[pa.Array, np.ndarray]:
    kept = sorted((text, count) for text, count in counts.items() if count >= least and len(text) <= 10)
    weights = np.array([count**power for _, count in kept])
    return pa.array([text for text, _ in kept]), weights / weights.sum()


def _join(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")

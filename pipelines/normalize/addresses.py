"""Japanese addresses taken apart: prefecture, city, town, and the block in Arabic numerals. Not a geocoder: it knows
municipalities, but no towns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.normalize.blocks import split_rest
from pipelines.normalize.codepoints import CharacterClass, span
from pipelines.normalize.places import place_folds, take_city, take_prefecture
from pipelines.normalize.prefectures import PREFECTURES
from pipelines.normalize.text import edited, folded, remember_last, replace

_POSTCODE = r"^[\s〒]*(?:〒\s*\d{3}-?\d{4}|\d{3}-\d{4}|\d{7})?[\s:]*"
_POSTCODE_START = CharacterClass("〒" + span("0", "9"))


class AddressParts(NamedTuple):
    """Parts of an address, each an array of the length of the input."""

    prefecture: pa.Array
    city: pa.Array
    town: pa.Array
    block: pa.Array


@remember_last
def split_address(addresses: pa.Array | pa.ChunkedArray) -> AddressParts:
    """The parts of full address texts; what cannot be read is null."""
    texts = folded(addresses)
    texts = edited(texts, _POSTCODE_START(texts.points[texts.start]), lambda some: replace(some, _POSTCODE, ""))
    rest, prefecture = take_prefecture(place_folds()(texts))
    rest, city, only_prefecture = take_city(rest)
    prefecture = np.where(prefecture >= 0, prefecture, only_prefecture)
    return AddressParts(pa.array(PREFECTURES).take(pa.array(prefecture, mask=prefecture < 0)), city, *split_rest(rest))


def address_prefecture(addresses: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Prefecture in its official wording (東京都), from the text or from a city that leaves no doubt."""
    return split_address(addresses).prefecture


def address_city(addresses: pa.Array | pa.ChunkedArray) -> pa.Array:
    """City, ward or town (横浜市港北区, 港区, 智頭町), without its 郡, folded."""
    return split_address(addresses).city


def address_town(addresses: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Town without 大字 and 字 and without numbers (新横浜), folded."""
    return split_address(addresses).town


def address_block(addresses: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Numbers of 丁目, 番 and 号 as 1-4-1; rooms and floors do not count."""
    return split_address(addresses).block

"""Which encoding a text file is in.

Belongs here: looking at bytes. Does not: splitting them into cells, or deciding what to do with a row
whose bytes cannot be read (the reader sets such a row aside).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

DAMAGED = re.compile("[\ufffd\uf8f0-\uf8f3\x80-\x9f]")
"""What stands where bytes could not be decoded, here or in the program before. CP932 makes U+F8F0 and on of odd bytes."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
# Windows' own superset is meant wherever somebody says Shift_JIS: ㈱ and 髙 exist only there.
_WIDER = {"shift_jis": "cp932", "utf-8": "utf-8-sig"}
_CANDIDATES = ("utf-8", "cp932", "euc_jp", "euc_jis_2004")
_LINE = 1 << 20
_SAMPLE = 1 << 16
_HALF_KANA = re.compile(r"[\uff61-\uff9f\ue000-\uf8ff]")
_TOO_DAMAGED = 0.5


def codec(encoding: str) -> str:
    """The codec to decode with where somebody declared that encoding."""
    name = codecs.lookup(encoding).name
    return _WIDER.get(name, name)


def detect(path: Path, recognised: Callable[[str], int]) -> str | None:
    """Name of the codec that reads the file, or ``None`` where none gives text.

    ``recognised`` counts the known headings in a piece of text: the best witness where several encodings
    decode the same bytes. Memory stays bounded by 1 MB, whatever the length of a line.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if (wide := _utf16_without_bom(head, recognised)) is not None:
        return wide
    lines, damaged = _damage(path)
    if not damaged["utf-8"]:
        return "iso2022_jp_2" if b"\x1b$" in head else "utf-8"
    usable = [name for name in _CANDIDATES if damaged[name] <= _TOO_DAMAGED * lines]
    if usable:
        return min(usable, key=lambda name: _badness(head.decode(name, "replace"), damaged[name], recognised))
    from charset_normalizer import from_bytes  # slow to import, and hardly ever needed

    guess = from_bytes(head).best()
    return guess.encoding if guess is not None else None


def _badness(sample: str, damaged_lines: int, recognised: Callable[[str], int]) -> tuple[int, int, float]:
    """Few known headings, then damaged lines, then half-width kana (what EUC-JP looks like when read as CP932)."""
    wide = sum(1 for char in sample if char > "\x7f") or 1
    return -recognised(sample), damaged_lines, len(_HALF_KANA.findall(sample)) / wide


def _utf16_without_bom(head: bytes, recognised: Callable[[str], int]) -> str | None:
    """The byte order that gives known headings, else NULs in one half of the bytes, tell UTF-16: its line ends have them."""
    if b"\0" not in head:
        return None
    known = {name: recognised(head.decode(name, "replace")) for name in ("utf-16-le", "utf-16-be")}
    if any(known.values()):
        return max(known, key=lambda name: known[name])
    even, odd = head[0::2].count(0), head[1::2].count(0)
    few, many = 0.05 * len(head) / 2, 0.2 * len(head) / 2
    if min(even, odd) > few or max(even, odd) < many:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _damage(path: Path) -> tuple[int, dict[str, int]]:
    """How many lines the file has, and how many of them each candidate cannot decode."""
    lines, damaged = 0, dict.fromkeys(_CANDIDATES, 0)
    with path.open("rb") as file:
        for line in _lines(file.readline):
            lines += 1
            if line.isascii():
                continue
            for name in _CANDIDATES:
                damaged[name] += DAMAGED.search(line.decode(name, "replace")) is not None
    return lines, damaged


def _lines(readline: Callable[[int], bytes]) -> Iterator[bytes]:
    """Lines of the file; of one longer than 1 MB nothing, since no cell of it will be used."""
    whole = True
    while line := readline(_LINE):
        ends = line.endswith(b"\n")
        if whole and (ends or len(line) < _LINE):
            yield line
        whole = ends

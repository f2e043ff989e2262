"""Salesforce record ids: 15 characters that mind case, or 18 that do not.

Belongs here: the form of ids. Does not: which records exist.
"""

from __future__ import annotations

import re

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")


def is_id(text: object) -> bool:
    """Whether it has the form of an id."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def to_18(id: str) -> str:
    """The 18-character form of an id of 15 or 18 characters."""
    if len(id) != 15:
        return id
    blocks = (id[start : start + 5] for start in (0, 5, 10))
    return id + "".join(_CHECK[sum(1 << place for place, letter in enumerate(block) if letter.isupper())] for block in blocks)


def make_id(prefix: str, number: int) -> str:
    """The 18-character id number ``number`` of the type with this 3-character key prefix."""
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return to_18(f"{prefix}5g{digits:0>10}")

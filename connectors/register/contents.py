"""Tells what a file of the register is by what stands in it.

Belongs here: looking at the first lines. Does not: reading the file, or which files count (``files``).
"""

from __future__ import annotations

import re
import zipfile
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from connectors.register.aliases import is_aliases
from connectors.register.edinet import is_edinet
from connectors.register.faults import RegisterRefused
from connectors.register.gbizinfo import is_gbizinfo
from connectors.register.lines import best_encoding, refusing_damage, streams

_HEAD = 1 << 16
_HEADER_WITHIN = 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ENTRY = re.compile(r'"?\d*"?,"?\d{13}"?,')


class Content(StrEnum):
    """Whose file it is."""

    REGISTER = "register"
    EDINET = "edinet"
    GBIZINFO = "gbizinfo"
    ALIASES = "aliases"


def content_of(path: Path) -> Content:
    """What the file holds. An empty one is a difference of the national register on a day without any.

    Raises ``RegisterRefused`` where it cannot be opened or is none of them.
    """
    with refusing_damage():
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if "[Content_Types].xml" in archive.namelist():
                    return Content.ALIASES
        with closing(streams(path)) as members:
            head = next(members).read(_HEAD)
    text = head.decode("utf-16" if head.startswith(_UTF16) else best_encoding(head), "replace")
    lines = text.splitlines()[:_HEADER_WITHIN]
    if is_edinet(lines):
        return Content.EDINET
    if any(is_aliases(re.split(r"[,\t;]", line.replace('"', ""))) for line in lines):
        return Content.ALIASES
    if is_gbizinfo(lines):
        return Content.GBIZINFO
    if any(lines) and not any(map(_ENTRY.match, lines)):
        raise RegisterRefused("register.no_entries")
    return Content.REGISTER

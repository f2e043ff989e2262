"""Which files a pattern of the settings means.

Belongs here: globbing as people expect it across systems. Does not: opening the files.
"""

from __future__ import annotations

import glob
import re
import unicodedata
from fnmatch import fnmatchcase
from pathlib import Path


def matching_files(pattern: str) -> list[Path]:
    """Files that the pattern (or plain path) means, oldest first: by name, numbers in it compared as numbers, then by time.

    File names compare in composed form, since macOS hands out ガ as two characters. Hidden files and the
    lock files that office programs leave (``~$...``) do not count.
    """
    place = Path(pattern)
    if glob.has_magic(str(place.parent)):
        found = [Path(name) for name in glob.glob(pattern, recursive=True)]
    elif place.parent.is_dir():
        wanted = _composed(place.name)
        found = [
            path for path in place.parent.iterdir() if _composed(path.name) == wanted or fnmatchcase(_composed(path.name), wanted)
        ]
    else:
        found = []
    files = [path for path in found if path.is_file() and not path.name.startswith((".", "~$"))]
    return sorted(files, key=lambda path: (_natural(str(path)), path.stat().st_mtime_ns))


def display_name(path: Path, pattern: str) -> str:
    """The file's name as reports show it: below the pattern's last folder without a wildcard."""
    parts = Path(pattern).parts[:-1]
    fixed = next((index for index, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    return _composed("/".join(path.parts[fixed:]))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _natural(text: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", _composed(text))
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]

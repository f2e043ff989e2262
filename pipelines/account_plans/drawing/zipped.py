"""The same parts, the same bytes: Office files without the moment at which they were made.

Belongs here: packing and unpacking Office files. Does not: what stands in their parts.
"""

from __future__ import annotations

import io
import re
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a ZIP file can hold
_MOMENTS = re.compile(rb"<dcterms:(created|modified)\b[^>]*?(/>|>.*?</dcterms:\1>)", re.DOTALL)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts by their names. Raises ``zipfile.BadZipFile``."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}


def packed(parts: dict[str, bytes]) -> bytes:
    """A file of the parts, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def without_moments(data: bytes) -> bytes:
    """The file, and every workbook in it, without dates of making."""
    parts = unpacked(data)
    for name, content in parts.items():
        if name.endswith(".xlsx"):
            parts[name] = without_moments(content)
        elif name == "docProps/core.xml":
            parts[name] = _MOMENTS.sub(b"", content)
    return packed(parts)

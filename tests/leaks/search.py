"""Every byte of an output, turned into text wherever it hides, and the tokens that stand in it.

Belongs here: opening containers (zip files such as workbooks, part by part with their names; mails with their encodings) and
finding tokens. Does not: who may see them.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from email import message_from_bytes, policy

from tests.leaks.oracle import TOKEN

_DIGITS = re.compile(r"\d{9,}")


def texts_in(name: str, content: bytes) -> Iterator[str]:
    """Name and content of an output as texts, one per encoding that it may be in."""
    yield name
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            yield parts.comment.decode(errors="replace")
            for part in parts.infolist():
                yield part.comment.decode(errors="replace") + part.extra.decode("latin-1")
                yield from texts_in(part.filename, parts.read(part))
        return
    if name.endswith(".eml"):
        yield from _mail(content)
    for encoding in ("utf-8", "utf-16", "cp932"):
        yield content.decode(encoding, errors="ignore")


def _mail(content: bytes) -> Iterator[str]:
    message = message_from_bytes(content, policy=policy.default)
    for part in message.walk():
        yield from (f"{name}: {value}" for name, value in part.items())
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield from texts_in(part.get_filename() or "body", payload)


def tokens_of(name: str, content: bytes, numbers: set[str]) -> set[str]:
    """The tokens that stand in the output: texts by their form, numbers by being one of ``numbers``, however written."""
    found: set[str] = set()
    for text in texts_in(name, content):
        plain = unicodedata.normalize("NFKC", text).lower()
        found |= {*TOKEN.findall(plain)}
        for run in _DIGITS.findall(plain) + _DIGITS.findall(re.sub(r"(?<=\d)[,_](?=\d)", "", plain)):
            found |= {run[at : at + size] for size in (9, 12, 13) for at in range(len(run) - size + 1)} & numbers
    return found

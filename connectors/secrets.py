"""Keeping what a login must not tell out of texts that people, logs and the warehouse get.

Belongs here: the forms in which a secret may come back in an answer. Does not: which values are secret (each CRM's ``login``).
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

_SHORTEST = 4
"""Characters; blotting out anything shorter would only make a text unreadable."""
_SIGNED = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
"""A signed assertion; it opens the door for minutes, and is another each time."""
_LINE = 16
"""Characters from which on one line of a key is a secret by itself."""


class Secrets:
    """The secrets of one login; those that it is given later (access tokens) are added."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        for value in values:
            self.add(value)

    def __repr__(self) -> str:
        return f"Secrets({len(self._forms)})"

    def add(self, value: str) -> None:
        """From now on ``hidden`` hides it, too."""
        self._forms.update(form for form in _forms(value) if len(form) >= _SHORTEST)

    def hidden(self, text: str) -> str:
        """The text with every secret blotted out, longest first, so that no part of one is left standing."""
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, "…")
        return _SIGNED.sub("…", text)


def _forms(value: str) -> Iterator[str]:
    """The value as it is, and as an address, a form, a header, JSON or a page may say it."""
    yield from (value, " ".join(value.split()), quote(value, safe=""), quote_plus(value), html.escape(value))
    yield from (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    for encoded in (base64.b64encode(value.encode()), base64.urlsafe_b64encode(value.encode())):
        yield encoded.decode().rstrip("=")
    lines = value.split("\n")
    if len(lines) > 1:
        yield from (line for line in map(str.strip, lines) if len(line) >= _LINE and not line.startswith("-----"))

"""Why an answer is not recorded, as a text of the catalogue; and the ids that a mistaken one may have meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from pipelines.texts import text

_SHOWN = 3


class Refused(Exception):
    """An answer that cannot be taken. ``sentence`` says why in ``ja`` or ``en``."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason = reason
        self._values = values
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        return text(f"answer.refused.{self.reason}", language, **self._values)


def one_of(asked: str, known: Sequence[str], refused: str) -> str:
    """The id itself, or the one that ends in it. Raises ``Refused`` with near ones."""
    found = [id for id in known if id == asked] or [id for id in known if id.endswith(f":{asked}")]
    if len(found) == 1:
        return found[0]
    raise refusal(refused, asked, {id: id.rsplit(":", 1)[-1] for id in known}, found)


def refusal(refused: str, asked: str, known: Mapping[str, str], found: Sequence[str] = ()) -> Refused:
    """Why ``asked`` names nothing, or too much (``found``), with ids that it may have meant. ``known``: id -> its short form."""
    by_short = {short: id for id, short in known.items()}
    near = found or get_close_matches(asked, known, _SHOWN) or [by_short[s] for s in get_close_matches(asked, by_short, _SHOWN)]
    if near:
        return Refused(f"{refused}_near", asked=asked, near=", ".join(near[:_SHOWN]))
    return Refused(refused, asked=asked)

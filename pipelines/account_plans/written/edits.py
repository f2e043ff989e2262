"""What a deck that a person edited changes in ``<partner>.yaml``.

Belongs here: deciding it. Does not: reading the deck (``drawing/slots.py``), or writing the file (``take.py``). Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.account_plans.written.merge import move_id
from pipelines.account_plans.written.models import Written
from pipelines.account_plans.written.slots import is_listed, is_slot, move_of


@dataclass(frozen=True)
class Edit:
    """New words of a slot; blank ones leave the paragraph out of its list. ``before``: what a person had written there."""

    slot: str
    words: str
    before: str | None = None


@dataclass(frozen=True)
class Edits:
    """``dropped``: ids of steps whose words were deleted. ``emptied``: slots whose words were deleted though the plan must say
    something there. ``unknown``: slots that no plan has."""

    texts: tuple[Edit, ...] = ()
    dropped: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def edits_of(found: Mapping[str, tuple[str, bool]], written: Written) -> Edits:
    """``found``: slot -> (its words, whether a person changed them). What stands in the file already is no edit."""
    edited = {slot: words.strip() for slot, (words, by_hand) in sorted(found.items()) if by_hand}
    known = {slot: words for slot, words in edited.items() if is_slot(slot)}
    gone = {move_id(move) for move in written.moves if move.dropped}
    emptied = [slot for slot, words in known.items() if not words]
    return Edits(
        tuple(
            Edit(slot, words, (written.texts.get(slot) or "").strip() or None)
            for slot, words in known.items()
            if (words or is_listed(slot)) and written.texts.get(slot, "\0").strip() != words
        ),
        tuple(move for slot in emptied if (move := move_of(slot)) is not None and move not in gone),
        tuple(slot for slot in emptied if not is_listed(slot) and move_of(slot) is None),
        tuple(slot for slot in edited if slot not in known),
    )

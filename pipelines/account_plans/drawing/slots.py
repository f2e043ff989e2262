"""What a person typed into a deck: the words of its slots, and whether they are still those that were put there.

Belongs here: reading a deck as PowerPoint or LibreOffice saved it. Does not: writing it (``pptx.py``), or keeping the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.group import GroupShape

from pipelines.account_plans.drawing.pptx_shapes import DIGEST, SLOT, as_kept, digest
from pipelines.account_plans.drawing.pptx_template import opened


def texts_of(path: Path) -> dict[str, tuple[str, bool]]:
    """Slot -> (its words, a paragraph a line; whether a person changed them). Slots that were deleted are absent; of copies, the
    first that was changed counts. Raises ``Refused`` for a file that is no deck."""
    found: dict[str, tuple[str, bool]] = {}
    for slide in opened(path).slides:
        for shape in _boxes(slide.shapes):
            slot, _, made = shape.name.removeprefix(SLOT).partition(DIGEST)
            words = as_kept(shape.text_frame.text)
            edited = digest(words) != made.strip()
            if slot not in found or (edited and not found[slot][1]):
                found[slot] = words, edited
    return found


def subject_of(path: Path) -> str:
    """What the deck is about; empty where its properties do not say. Raises ``Refused`` for a file that is no deck."""
    return opened(path).core_properties.subject or ""


def _boxes(shapes: Iterable[BaseShape]) -> Iterator[Shape]:
    """Those with a slot, in groups too."""
    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from _boxes(shape.shapes)
        elif isinstance(shape, Shape) and shape.has_text_frame and shape.name.startswith(SLOT):
            yield shape

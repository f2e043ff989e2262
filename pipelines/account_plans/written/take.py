"""Taking what a person typed into a plan's deck over into ``<partner>.yaml``, whose comments and order stay.

Belongs here: writing the file. Does not: what changes (``edits.py``), or reading the deck (``drawing/slots.py``). Together with
``starter.py`` all that writes the file, and only when a person asks for it.
"""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString
from ruamel.yaml.util import load_yaml_guess_indent

from pipelines.account_plans.drawing.slots import subject_of, texts_of
from pipelines.account_plans.written.edits import Edit, Edits, edits_of
from pipelines.account_plans.written.load import load
from pipelines.account_plans.written.merge import move_id
from pipelines.account_plans.written.models import WrittenMove
from pipelines.account_plans.written.slots import move_of
from pipelines.registrations import Refused
from pipelines.texts import text
from pipelines.whole_file import write_whole

_NEW = "version: 1\n"


def take(deck: Path, file: Path, on: date, language: str) -> Edits:
    """What was taken over, and what could not be. A sentence of a person that another replaces stays in the file as a comment
    with the day ``on``. Raises ``Refused`` for a file that is no deck, or another partner's; ``SettingsError`` for a yaml with
    faults, which stays."""
    about = subject_of(deck)
    if about and about != file.stem:
        raise Refused("plan_other_deck", deck=deck, about=about, partner=file.stem)
    edits = edits_of(texts_of(deck), load(file))
    if edits.texts or edits.dropped:
        content = file.read_text(encoding="utf-8") if file.exists() else _NEW
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, _edited(content, edits, on, language).encode())
    return edits


def _edited(content: str, edits: Edits, on: date, language: str) -> str:
    yaml = YAML()
    yaml.preserve_quotes, yaml.width, yaml.allow_unicode = True, 4096, True
    tree, indent, offset = load_yaml_guess_indent(content, yaml=yaml)
    tree = CommentedMap(version=1) if tree is None else tree
    for edit in edits.texts:
        _put(_texts(tree), edit, on, language)
    for move in edits.dropped:
        _drop(_moves(tree), move)
    _name_steps(tree, edits)
    lists = {"sequence": 4, "offset": 2} if offset is None else {"sequence": indent, "offset": offset}
    yaml.indent(mapping=2, **lists)
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def _texts(tree: CommentedMap) -> CommentedMap:
    if tree.get("texts") is None:
        tree["texts"] = CommentedMap()
    return tree["texts"]


def _moves(tree: CommentedMap) -> CommentedSeq:
    if tree.get("moves") is None:
        tree["moves"] = CommentedSeq()
    return tree["moves"]


def _put(texts: CommentedMap, edit: Edit, on: date, language: str) -> None:
    """The new words; those of a person that they replace stay above them as a comment."""
    texts[edit.slot] = LiteralScalarString(edit.words) if "\n" in edit.words else edit.words
    if edit.before:
        replaced = text("plan.written.replaced", language, day=on.isoformat(), words=edit.before)
        texts.yaml_set_comment_before_after_key(edit.slot, before=replaced, indent=2)


def _drop(moves: CommentedSeq, move: str) -> None:
    entry = next((one for one in moves if move_id(WrittenMove.model_validate(dict(one))) == move), None)
    if entry is None:
        entry = CommentedMap()
        moves.append(entry)
    entry["id"], entry["dropped"] = move, True


def _name_steps(tree: CommentedMap, edits: Edits) -> None:
    """A written step that has other words now keeps the id by which these find it."""
    taken = {move_of(edit.slot) for edit in edits.texts}
    for entry in tree.get("moves") or []:
        own = move_id(WrittenMove.model_validate(dict(entry)))
        if own in taken and "id" not in entry:
            entry["id"] = own

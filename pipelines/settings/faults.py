"""A YAML file that people write, read into a model so that each fault is named with its line and its mend.

Belongs here: YAML, ``${NAME}`` from the environment, and the wording of faults, of whichever file. Does not: what a file may
say (its model), or which file it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from pipelines.settings.base import Model

_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")

Keys = tuple[str, ...]
"""The keys that lead to a place of the file; an entry of a list by its position from 0."""
Read = TypeVar("Read", bound=Model)
Check = Callable[[Read], Iterable[tuple[Keys, str]]]
"""What a model cannot tell by itself: the places at fault, and what to write there."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in the file: where, what, and what to write instead."""

    line: int
    path: str
    message: str


class SettingsError(Exception):
    """The file cannot be used; ``faults`` names every reason."""

    def __init__(self, file: Path, faults: list[Fault]) -> None:
        self.file = file
        self.faults = sorted(set(faults))
        super().__init__("\n".join(f"{file.name}:{f.line}: {f.path + ': ' if f.path else ''}{f.message}" for f in self.faults))


def read_model(
    file: Path,
    model: type[Read],
    *,
    absent: str,
    environment: Mapping[str, str] | None = None,
    may_be_empty: bool = False,
    check: Check[Read] = lambda _: (),
) -> Read:
    """Read and check the file. ``environment``: fills ``${NAME}``; without it such words stay as they stand. ``absent``: what to
    do where there is no such file. Raises ``SettingsError`` with every fault; secrets never appear in it."""
    root = _composed(file, absent)
    if root is None and may_be_empty:
        return model()
    if not isinstance(root, yaml.MappingNode):
        raise SettingsError(file, [Fault(1, "", "is empty. Begin with 'version: 1'" if root is None else _NO_ENTRIES)])
    reading = _Reading(environment)
    tree = reading.value(root, ())
    try:
        value = model.model_validate(tree)
    except ValidationError as invalid:
        unset = {fault.path for fault in reading.faults}
        for details in invalid.errors():
            fault = _fault(details, reading.lines, model)
            if not any(fault.path.startswith(path) or path.startswith(fault.path + ".") for path in unset):
                reading.faults.append(fault)
        raise SettingsError(file, reading.faults) from None
    reading.faults += [
        Fault(_line(keys, reading.lines), ".".join(keys), message)
        for keys, message in (*_open_secrets(value, reading.written), *check(value))
    ]
    if reading.faults:
        raise SettingsError(file, reading.faults)
    return value


def _open_secrets(value: Any, written: set[Keys], at: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Secrets of the model that stand in the file itself, in which copies and version control would keep them."""
    if isinstance(value, SecretStr) and value and at in written:
        yield at, f"is a secret that is written out. Put it into an environment variable and write ${{{_variable(at)}}} here"
    elif isinstance(value, BaseModel):
        for name, field_ in type(value).model_fields.items():
            yield from _open_secrets(getattr(value, name), written, (*at, field_.alias or name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _open_secrets(each, written, (*at, str(key)))


def _variable(keys: Keys) -> str:
    """How the variable for the secret at this place might be called."""
    words = {"provision_login": "admin", "login": "", "connections": "", "alerts": ""}
    return "_".join(filter(None, (words.get(key, key) for key in keys))).upper()


def near(given: str, known: Iterable[str], otherwise: str) -> str:
    """The end of a fault's message: the word that was meant, as far as one is close, else what to do."""
    close = difflib.get_close_matches(given, sorted({*known} - {given}), n=1)
    return f". Did you mean {close[0]}?" if close else f". {otherwise}"


_NO_ENTRIES = "has no entries such as 'version: 1'. Write one on each line, as 'name: value'"


def _composed(file: Path, absent: str) -> yaml.Node | None:
    try:
        root: yaml.Node | None = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        raise SettingsError(file, [Fault(0, "", f"there is no such file. {absent}")]) from None
    except UnicodeDecodeError:
        raise SettingsError(file, [Fault(0, "", "is not UTF-8. Save it as UTF-8")]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise SettingsError(file, [Fault(line, "", f"is not YAML: {error.problem}. Check indentation and quotes")]) from None
    except yaml.reader.ReaderError as error:
        mend = f"holds a character that no one can see (code {error.character:#x}). Delete it"
        raise SettingsError(file, [Fault(0, "", mend)]) from None
    return root


@dataclass
class _Reading:
    """One pass over the YAML tree: plain values, the line of each path, and the faults met on the way."""

    environment: Mapping[str, str] | None
    lines: dict[Keys, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    written: set[Keys] = field(default_factory=set)
    """Places whose value stands in the file, be it only in part, and not in the environment."""

    def value(self, node: yaml.Node, path: Keys) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, str(i))) for i, child in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        if node.tag == "tag:yaml.org,2002:str" or "${" in node.value:
            return self._interpolated(node.value, path)
        if node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float") and re.match(r"^0\d", node.value):
            return node.value  # 0012345 is an id, not an octal number
        try:
            return yaml.SafeLoader("").construct_object(node)
        except ValueError as error:  # such as 2026-02-30
            self.faults.append(Fault(self.lines[path], ".".join(path), f"'{node.value}' cannot be: {error}. Mend it"))
            return None

    def _mapping(self, node: yaml.MappingNode, path: Keys) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in result:
                first = self.lines[(*path, key)]
                message = f"stands here twice (first in line {first}). Remove one of them"
                self.faults.append(Fault(key_node.start_mark.line + 1, ".".join((*path, key)), message))
                continue
            result[key] = self.value(value_node, (*path, key))
            self.lines[(*path, key)] = key_node.start_mark.line + 1
        return result

    def _interpolated(self, value: str, path: Keys) -> str:
        if self.environment is None:
            return value
        if _VARIABLE.sub(lambda match: match[2] or "", value):
            self.written.add(path)
        environment = self.environment

        def replacement(match: re.Match[str]) -> str:
            name, default = match.groups()
            found = environment.get(name) or default
            if found is None:
                message = f"the environment variable {name} is not set. Set it, or write its value here if it is no secret"
                self.faults.append(Fault(self.lines[path], ".".join(path), message))
                return f"<{name}>"
            return found

        return _VARIABLE.sub(replacement, value)


def _worded(error: ErrorDetails, model: type[Model]) -> str:
    """A pydantic error in words that say what to write instead."""
    loc, given = error["loc"], error.get("input")
    names = set(map(str, loc))
    if (names & {"login", "provision_login"} and loc[-1] not in ("method", "audience")) or names & {"slack_webhook", "password"}:
        given = "…"  # it may be a secret
    if error["type"] == "extra_forbidden":
        return "is no setting" + near(str(loc[-1]), _all_keys(model), "Remove it")
    if error["type"] == "missing":
        return "is missing. Add it"
    if error["type"] == "literal_error":
        return f"'{given}' is not one of {error['ctx']['expected'].replace(chr(39), '')}. Write one of these"
    if error["type"] == "string_pattern_mismatch":
        return f"'{given}' does not have the form {error['ctx']['pattern']}. Mend it"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] == "model_type":
        entries = ", ".join(_entries(error["ctx"]["class_name"], model))
        return f"'{given}' stands here, but entries belong here ({entries}). Indent them below it, or write {{name: value}}"
    if error["type"] == "list_type":
        return f"'{given}' is no list. Write [ ] around it, or each entry on a line of its own after '- '"
    if error["type"] == "dict_type":
        return f"'{given}' stands here, but entries belong here. Indent them below it, as 'name: value'"
    if error["type"].startswith("date_"):
        return f"'{given}' is no day. Write one such as 2026-11-20"
    return f"{error['msg'].replace('Input should be', 'should be')}, but '{given}' stands here"


def _entries(name: str, model: type[Model]) -> list[str]:
    """The names that a part of the file may hold."""
    return list(model.model_json_schema(by_alias=True).get("$defs", {}).get(name, {}).get("properties", {}))


def _all_keys(model: type[Model]) -> set[str]:
    """Every name that the file may use, for 'did you mean'."""
    schema = model.model_json_schema(by_alias=True)
    return {name for part in (schema, *schema.get("$defs", {}).values()) for name in part.get("properties", {})}


def _fault(error: ErrorDetails, lines: Mapping[Keys, int], model: type[Model]) -> Fault:
    path = tuple(str(step) for step in error["loc"] if step != "[key]")
    message = _worded(error, model)
    named = re.match(r"^([\w.-]+): (.*)", message)
    if named and (*path, named[1].split(".")[0]) in lines:  # a check between parts names the place itself
        path, message = (*path, *named[1].split(".")), named[2]
    return Fault(_line(path, lines), ".".join(path), message)


def _line(path: Keys, lines: Mapping[Keys, int]) -> int:
    """Of the place itself or, where it is not written, of the nearest around it."""
    known = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in lines), ())
    return lines.get(known, 1)

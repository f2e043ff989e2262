"""Reading ``account_mapping.yaml`` so that each fault is named with its line and its mend.

Belongs here: YAML, ``${NAME}`` from the environment, and the wording of faults. Does not:
what the file may say (``models.py``).
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipelines.settings import models
from pipelines.settings.base import Model
from pipelines.settings.models import Settings

_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


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


@dataclass
class _Reading:
    """One pass over the YAML tree: plain values, the line of each path, and the faults met on the way."""

    environment: Mapping[str, str]
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def value(self, node: yaml.Node, path: tuple[str, ...]) -> Any:
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
        return yaml.SafeLoader("").construct_object(node)

    def _mapping(self, node: yaml.MappingNode, path: tuple[str, ...]) -> dict[str, Any]:
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

    def _interpolated(self, value: str, path: tuple[str, ...]) -> str:
        def replacement(match: re.Match[str]) -> str:
            name, default = match.groups()
            found = self.environment.get(name) or default
            if found is None:
                message = f"the environment variable {name} is not set. Set it, or write its value here if it is no secret"
                self.faults.append(Fault(self.lines[path], ".".join(path), message))
                return f"<{name}>"
            return found

        return _VARIABLE.sub(replacement, value)


def _worded(error: ErrorDetails) -> str:
    """A pydantic error in words that say what to write instead."""
    loc, given = error["loc"], error.get("input")
    names = set(map(str, loc))
    if (names & {"login", "provision_login"} and loc[-1] != "method") or names & {"slack_webhook", "password"}:
        given = "…"  # it may be a secret
    if error["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(loc[-1]), _all_keys(), n=1)
        return "is no setting" + (f". Did you mean {close[0]}?" if close else ". Remove it")
    if error["type"] == "missing":
        return "is missing. Add it"
    if error["type"] == "literal_error":
        return f"'{given}' is not one of {error['ctx']['expected'].replace(chr(39), '')}. Write one of these"
    if error["type"] == "string_pattern_mismatch":
        return f"'{given}' does not have the form {error['ctx']['pattern']}. Mend it"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] in ("model_type", "dict_type", "list_type"):
        return f"{error['msg'].replace('Input should be', 'should be')}. Indent its entries below it"
    return f"{error['msg'].replace('Input should be', 'should be')}, but '{given}' stands here"


def _all_keys() -> list[str]:
    """Every setting's name, for 'did you mean'."""
    return sorted({f.alias or name for c in Model.__subclasses__() for name, f in c.model_fields.items()})


def load_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the file. Raises ``SettingsError`` with every fault; secrets never appear in it."""
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        raise SettingsError(file, [Fault(0, "", "there is no such file. Write it, or point TOTSUGO_CONFIG at it")]) from None
    except UnicodeDecodeError:
        raise SettingsError(file, [Fault(0, "", "is not UTF-8. Save it as UTF-8")]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise SettingsError(file, [Fault(line, "", f"is not YAML: {error.problem}. Check indentation and quotes")]) from None
    if not isinstance(root, yaml.MappingNode):
        raise SettingsError(file, [Fault(1, "", "is empty. Begin with 'version: 1'")])
    reading = _Reading(environment)
    tree = reading.value(root, ())
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as invalid:
        unset = {fault.path for fault in reading.faults}
        for details in invalid.errors():
            fault = _fault(details, reading.lines)
            if not any(fault.path.startswith(path) or path.startswith(fault.path + ".") for path in unset):
                reading.faults.append(fault)
        raise SettingsError(file, reading.faults) from None
    if reading.faults:
        raise SettingsError(file, reading.faults)
    return settings


def _fault(error: ErrorDetails, lines: dict[tuple[str, ...], int]) -> Fault:
    path = tuple(str(step) for step in error["loc"] if step != "[key]")
    message = _worded(error)
    named = re.match(r"^([\w.-]+): (.*)", message)
    if named and (*path, named[1].split(".")[0]) in lines:  # a check between parts names the place itself
        path, message = (*path, *named[1].split(".")), named[2]
    known = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in lines), ())
    return Fault(lines.get(known, 1), ".".join(path), message)


def time_zone_of(file: Path) -> str:
    """``us.time_zone`` alone, for the schedule, which is made before any environment is set; else the default."""
    default = str(models.Us.model_fields["time_zone"].default)
    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
        return models.Us(name="", time_zone=tree["us"].get("time_zone", default)).time_zone
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, KeyError, TypeError, AttributeError):
        return default

"""Metadata components as XML and back.

Belongs here: the notation that the Metadata API's calls and source files share. Does not: envelopes (``metadata_api``), file
names (``source_format``), what a component says (``metadata``).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def elements(values: Mapping[str, Any], indent: str = "") -> str:
    """Elements in the order that the API's schema prescribes: ``fullName``, then by name. With ``indent`` one a line."""
    end = "\n" if indent else ""
    deeper = indent + "    " if indent else ""
    parts = []
    for name in sorted(values, key=lambda name: (name != "fullName", name)):
        for value in values[name] if isinstance(values[name], list) else [values[name]]:
            if isinstance(value, Mapping):
                parts.append(f"{indent}<{name}>{end}{elements(value, deeper)}{indent}</{name}>{end}")
            else:
                parts.append(f"{indent}<{name}>{_text(value)}</{name}>{end}")
    return "".join(parts)


def _text(value: Any) -> str:
    return escape(str(value).lower() if isinstance(value, bool) else str(value))


def document(kind: str, values: Mapping[str, Any]) -> str:
    """A source file."""
    body = elements(values, indent="    ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{NAMESPACE}">\n{body}</{kind}>\n'


def parsed(element: ET.Element) -> Any:
    """An element's content: text, or values below by name, repeated ones as a list; ``None`` for nil."""
    if element.get(_NIL) == "true":
        return None
    if not len(element):
        return element.text or ""
    values: dict[str, Any] = {}
    for child in element:
        name, value = local_name(child), parsed(child)
        values[name] = [*(values[name] if isinstance(values[name], list) else [values[name]]), value] if name in values else value
    return values


def local_name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]

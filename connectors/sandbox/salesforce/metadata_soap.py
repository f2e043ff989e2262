"""Metadata API: create, read, update, upsert and delete components over SOAP.

Belongs here: envelopes, and which component goes where. Does not: what a definition must say (``definitions.py``,
``validation.py``, ``permission_metadata.py``, ``view_metadata.py``). Custom objects and fields, rules and permission sets take
effect; other types (list views, tabs, layouts) are kept and given back as they came.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.salesforce import permission_metadata, view_metadata
from connectors.sandbox.salesforce.definitions import as_list, missing
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.org import Org
from connectors.sandbox.salesforce.records import Session

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_META = "http://soap.sforce.com/2006/04/metadata"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_MOST = 10
_NUMBERS = frozenset({"length", "precision", "scale", "visibleLines"})
_FLAGS = frozenset({"active", "caseSensitive", "default", "externalId", "required", "restricted", "sorted", "unique"})


async def answer(org: Org, request: Request) -> Response:
    """One SOAP call, one envelope back."""
    try:
        envelope = ET.fromstring(await request.body())
        session_id = envelope.findtext(f".//{{{_META}}}sessionId", "")
        body = envelope.find(f"{{{_SOAP}}}Body")
        if body is None or not len(body):
            raise ET.ParseError("there is no Body")
    except ET.ParseError as wrong:
        return _fault("soapenv:Client", f"The request is not a SOAP envelope: {wrong}")
    org.usage.count()
    if org.faults.take("session_expired", request.url.path, request.method):
        org.sessions.end(session_id)
    session = org.sessions.find(session_id)
    if session is None:
        return _fault("sf:INVALID_SESSION_ID", "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session")
    if not session.admin:
        return _fault(
            "sf:INSUFFICIENT_ACCESS",
            "INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions",
        )
    call = body[0]
    operation = _local(call.tag)
    known = {"createMetadata", "updateMetadata", "upsertMetadata", "readMetadata", "deleteMetadata"}
    if operation not in known:
        return _fault("soapenv:Client", f"No operation available for request {call.tag}")
    given = call.findall(f"{{{_META}}}metadata") or call.findall(f"{{{_META}}}fullNames")
    if len(given) > _MOST:
        return _fault(
            "sf:LIMIT_EXCEEDED",
            f"LIMIT_EXCEEDED: record limit reached. cannot submit more than {_MOST} records into this operation",
        )
    return _envelope(operation, _results(org, session, operation, call))


def _results(org: Org, session: Session, operation: str, call: ET.Element) -> str:
    kind = call.findtext(f"{{{_META}}}type", "")
    names = [each.text or "" for each in call.findall(f"{{{_META}}}fullNames")]
    if operation == "readMetadata":
        return f"<result>{''.join(_record(kind, name, _read(org, kind, name)) for name in names)}</result>"
    if operation == "deleteMetadata":
        return "".join(_result(name, lambda name=name: _delete(org, kind, name)) for name in names)  # type: ignore[misc]
    parts = []
    for each in call.findall(f"{{{_META}}}metadata"):
        kind = each.get(f"{{{_XSI}}}type", "").rpartition(":")[2]
        values = _value(each)
        name = values.pop("fullName", "")
        parts.append(_result(name, lambda kind=kind, name=name, values=values: _put(org, session, operation, kind, name, values)))  # type: ignore[misc]
    return "".join(parts)


def _put(org: Org, session: Session, operation: str, kind: str, name: str, values: dict[str, Any]) -> str:
    """Create or change one component; gives ``<created>`` where the operation answers it."""
    exists = _read(org, kind, name) is not None
    if operation == "updateMetadata" and not exists:
        raise missing(kind, name)
    if exists and operation == "createMetadata":
        raise SalesforceError("DUPLICATE_DEVELOPER_NAME", f"{kind} named {name} already exists")
    with org.store.transaction():
        match kind:
            case "CustomField":
                (org.definitions.replace_field if exists else org.definitions.add_field)(name, values)
            case "CustomObject":
                (org.definitions.replace_object if exists else org.definitions.add_object)(name, values)
            case "ValidationRule":
                (org.rules.replace if exists else org.rules.add)(name, values)
            case "PermissionSet":
                permission_metadata.put(org.records, session, name, values)
            case _:
                if kind in ("ListView", "CustomTab"):
                    view_metadata.check(org.records.schema, kind, name, values)
                org.store.put(f"Metadata {kind}", name, {"FullName": name, "Metadata": values}, "")
    return f"<created>{str(not exists).lower()}</created>" if operation == "upsertMetadata" else ""


def _read(org: Org, kind: str, name: str) -> dict[str, Any] | None:
    if kind == "PermissionSet":
        return permission_metadata.read(org.store, name)
    if kind == "ValidationRule":
        doc = org.rules.find(name)
    elif kind not in ("CustomField", "CustomObject"):
        doc = org.store.get(f"Metadata {kind}", name)
    else:
        doc = org.definitions.find(kind, name)
    if doc is None:
        return None
    fields, rules = [], []
    if kind == "CustomObject":
        where = "deleted = 0 AND json_extract(doc, '$.EntityName') = ?"
        found = org.store.select("CustomField", where, (doc["FullName"],))
        fields = [{"fullName": each["FullName"].split(".")[1], **each["Metadata"]} for _, each, _, _ in found]
        rules = [{"fullName": each["ValidationName"], **each["Metadata"]} for each in org.rules.of(doc["FullName"])]
    return {**doc["Metadata"], **({"fields": fields} if fields else {}), **({"validationRules": rules} if rules else {})}


def _delete(org: Org, kind: str, name: str) -> str:
    if kind in ("CustomField", "CustomObject"):
        org.definitions.remove(kind, name)
    elif kind == "ValidationRule":
        org.rules.remove(name)
    elif org.store.get(f"Metadata {kind}", name) is None:
        raise missing(kind, name)
    else:
        org.store.put(f"Metadata {kind}", name, {}, "", deleted=True)
    return ""


def _result(name: str, act: Callable[[], str]) -> str:
    try:
        created = act()
    except SalesforceError as wrong:
        error = f"<errors><message>{escape(wrong.message)}</message><statusCode>{wrong.code}</statusCode></errors>"
        return f"<result>{error}<fullName>{escape(name)}</fullName><success>false</success></result>"
    return f"<result>{created}<fullName>{escape(name)}</fullName><success>true</success></result>"


def _record(kind: str, name: str, values: dict[str, Any] | None) -> str:
    if values is None:
        return '<records xsi:nil="true"/>'
    return f'<records xsi:type="{escape(kind)}"><fullName>{escape(name)}</fullName>{_xml(values)}</records>'


def _xml(values: dict[str, Any]) -> str:
    parts = []
    for name, value in values.items():
        for each in as_list(value):
            text = _xml(each) if isinstance(each, dict) else escape(str(each).lower() if isinstance(each, bool) else str(each))
            parts.append(f"<{name}>{text}</{name}>")
    return "".join(parts)


def _value(element: ET.Element) -> Any:
    """An element as JSON: leaves are texts, numbers or flags, repeated children lists, nil ``None``."""
    if element.get(f"{{{_XSI}}}nil") == "true":
        return None
    if not len(element) and _local(element.tag) != "metadata":
        return _leaf(_local(element.tag), element.text or "")
    values: dict[str, Any] = {}
    for child in element:
        name, value = _local(child.tag), _value(child)
        values[name] = [*as_list(values[name]), value] if name in values else value
    return {name: value for name, value in values.items() if value is not None}


def _leaf(name: str, text: str) -> str | int | bool:
    """A value as the Tooling API, which gives the same definitions in JSON, has it."""
    if name in _NUMBERS and text.isdecimal():
        return int(text)
    return text == "true" if name in _FLAGS and text in ("true", "false") else text


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _envelope(operation: str, content: str) -> Response:
    body = f'<{operation}Response xmlns="{_META}" xmlns:xsi="{_XSI}">{content}</{operation}Response>'
    return _xml_response(body, 200)


def _fault(code: str, message: str) -> Response:
    sf = f'xmlns:sf="{_META}"'
    return _xml_response(
        f"<soapenv:Fault {sf}><faultcode>{code}</faultcode><faultstring>{escape(message)}</faultstring></soapenv:Fault>", 500
    )


def _xml_response(body: str, status: int) -> Response:
    envelope = f'<soapenv:Envelope xmlns:soapenv="{_SOAP}"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>'
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{envelope}', status, media_type="text/xml;charset=UTF-8")

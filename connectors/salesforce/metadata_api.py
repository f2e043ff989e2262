"""The Metadata API's calls that need no deployment: read and create, ten components at a time.

Belongs here: envelopes, faults, and answers as plain values. Does not: what a component says (``metadata``). The library's own
client is not used: it reads 1.5 MB of WSDL first, has no time limit and keeps the session that it was made with.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

import requests

from connectors.batches import CallRefused
from connectors.crm import CrmUnavailable
from connectors.salesforce.metadata import Component
from connectors.salesforce.metadata_xml import NAMESPACE, elements, local_name, parsed
from connectors.salesforce.session import API_VERSION, SalesforceSession

_MOST = 10
_EXISTS = {"DUPLICATE_DEVELOPER_NAME", "DUPLICATE_VALUE"}
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def read(session: SalesforceSession, kind: str, names: Sequence[str]) -> dict[str, Component]:
    """Those of the components that exist, whether this login sees their records or not: full name -> component."""
    found: dict[str, Component] = {}
    for part in _parts(names):
        asked = "".join(f"<fullNames>{escape(name)}</fullNames>" for name in part)
        answer = _call(session, "readMetadata", f"<type>{kind}</type>{asked}")
        for record in answer.iter(f"{{{NAMESPACE}}}records"):
            component = parsed(record)
            if isinstance(component, dict) and component.get("fullName"):
                found[component["fullName"]] = component
    return found


def create(session: SalesforceSession, kind: str, components: Sequence[Component]) -> set[str]:
    """Create them; returns the names of those that exist already: made by a call that broke off before its answer came.

    Raises ``CallRefused`` with what Salesforce says of the first that it refuses.
    """
    present: set[str] = set()
    for part in _parts(components):
        given = "".join(f'<metadata xsi:type="{kind}">{elements(component)}</metadata>' for component in part)
        answer = _call(session, "createMetadata", given)
        results = [parsed(result) for result in answer.iter(f"{{{NAMESPACE}}}result")]
        for component, result in zip(part, results, strict=True):
            if result["success"] == "true":
                continue
            errors = result.get("errors") or {}
            first = errors[0] if isinstance(errors, list) else errors
            if first.get("statusCode") not in _EXISTS:
                said = f"{first.get('message')} ({first.get('statusCode')})"
                name = component["fullName"]
                raise CallRefused(f"Salesforce at {session.host} refused to create {name}: {said}", first.get("statusCode", ""))
            present.add(component["fullName"])
    return present


def _parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[at : at + _MOST] for at in range(0, len(items), _MOST))


def _call(session: SalesforceSession, operation: str, content: str) -> ET.Element:
    """The answer's ``<…Response>``. A session that is over is opened again, once."""
    answer = _send(session, operation, content)
    fault = answer.find(f".//{{{_SOAP}}}Fault")
    if fault is not None and "INVALID_SESSION_ID" in (fault.findtext("faultcode") or ""):
        session.call("GET", "limits")  # its 401 makes the session log in again
        answer = _send(session, operation, content)
        fault = answer.find(f".//{{{_SOAP}}}Fault")
    if fault is not None:
        said = " ".join((fault.findtext("faultstring") or "").split())
        code = (fault.findtext("faultcode") or "").rpartition(":")[2]
        raise CallRefused(f"Salesforce at {session.host} refused {operation}: {said or code}", code)
    response = next((e for e in answer.iter() if local_name(e) == f"{operation}Response"), None)
    if response is None:
        raise _no_data(session)
    return response


def _send(session: SalesforceSession, operation: str, content: str) -> ET.Element:
    sf = session.sf
    header = f"<SessionHeader><sessionId>{escape(sf.session_id)}</sessionId></SessionHeader>"
    envelope = (
        f'<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="{_SOAP}" xmlns:xsi="{_XSI}" xmlns="{NAMESPACE}">'
        f"<env:Header>{header}</env:Header><env:Body><{operation}>{content}</{operation}></env:Body></env:Envelope>"
    )
    url = f"https://{sf.sf_instance}/services/Soap/m/{API_VERSION}"
    headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
    try:
        response = sf.session.post(url, data=envelope.encode(), headers=headers)
    except requests.RequestException as error:
        raise CrmUnavailable(f"Salesforce at {session.host} could not be reached ({type(error).__name__}).") from None
    try:
        return ET.fromstring(response.content)
    except ET.ParseError:
        raise _no_data(session) from None


def _no_data(session: SalesforceSession) -> CrmUnavailable:
    return CrmUnavailable(f"Salesforce at {session.host} answered something that is no data; try again later.")

"""The partner API's calls that REST lacks, over SOAP: ``merge``, ``undelete``, ``convertLead``.

Belongs here: envelopes. Does not: what becomes of the records (``merging.py``); logging in, which is OAuth's here.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.salesforce import errors, merging
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.org import Org
from connectors.sandbox.salesforce.records import Session
from connectors.sandbox.salesforce.schema import ObjectType

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_API = "urn:partner.soap.sforce.com"


async def answer(org: Org, request: Request) -> Response:
    """One SOAP call, one envelope back."""
    try:
        envelope = ET.fromstring(await request.body())
        call = envelope.find(f"{{{_SOAP}}}Body")[0]  # type: ignore[index]
    except (ET.ParseError, TypeError, IndexError) as wrong:
        return _fault("soapenv:Client", f"The request is not a SOAP envelope: {wrong}")
    org.used += 1
    session = org.sessions.find(envelope.findtext(f".//{{{_API}}}sessionId", ""))
    if session is None:
        return _fault("sf:INVALID_SESSION_ID", "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session")
    act = {"merge": _merge, "undelete": _undelete, "convertLead": _convert}.get(_local(call.tag))
    if act is None:
        return _fault("soapenv:Client", f"No operation available for request {call.tag}")
    try:
        result = f"{act(org, session, call)}<success>true</success>"
    except SalesforceError as wrong:
        error = f"<message>{escape(wrong.message)}</message><statusCode>{wrong.code}</statusCode>"
        result = f"<errors>{error}</errors><success>false</success>"
    name = f"{_local(call.tag)}Response"
    return _respond(f'<{name} xmlns="{_API}"><result>{result}</result></{name}>', 200)


def _merge(org: Org, session: Session, call: ET.Element) -> str:
    request = call[0]
    given = {_local(part.tag): part.text or "" for part in request[0]}
    type = org.records.type(session, given.pop("type"))
    master, losers = given.pop("Id"), [part.text or "" for part in request[1:]]
    merging.merge(org.records, session, type, master, losers, given)
    return f"<id>{master}</id>{''.join(f'<mergedRecordIds>{id}</mergedRecordIds>' for id in losers)}"


def _undelete(org: Org, session: Session, call: ET.Element) -> str:
    id = call[0].text or ""
    merging.undelete(org.records, session, _type_of(org, session, id), id)
    return f"<id>{id}</id>"


def _convert(org: Org, session: Session, call: ET.Element) -> str:
    wanted = {_local(part.tag): part.text or "" for part in call[0]}
    made = merging.convert(org.records, session, wanted["leadId"], wanted)
    return "".join(f"<{name}>{id}</{name}>" for name, id in {**made, "leadId": wanted["leadId"]}.items())


def _type_of(org: Org, session: Session, id: str) -> ObjectType:
    for type in org.records.view(session).types.values():
        if type.prefix == id[:3]:
            return type
    raise errors.not_found()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _fault(code: str, message: str) -> Response:
    fault = f"<faultcode>{code}</faultcode><faultstring>{escape(message)}</faultstring>"
    return _respond(f"<soapenv:Fault>{fault}</soapenv:Fault>", 500)


def _respond(body: str, status: int) -> Response:
    envelope = f'<soapenv:Envelope xmlns:soapenv="{_SOAP}"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>'
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{envelope}', status, media_type="text/xml;charset=UTF-8")

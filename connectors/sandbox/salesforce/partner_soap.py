"""The partner API over SOAP: ``login``, ``logout``, and the calls that REST lacks: ``merge``, ``undelete``, ``convertLead``.

Belongs here: envelopes. Does not: what becomes of the records (``merging.py``), whether a login is good (``auth.py``).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.salesforce import errors, merging
from connectors.sandbox.salesforce.auth import INVALID_LOGIN, LoginRefused, org_id
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.oauth import UNTRUSTED_NETWORK
from connectors.sandbox.salesforce.org import VERSIONS, Org
from connectors.sandbox.salesforce.records import Session
from connectors.sandbox.salesforce.schema import ObjectType

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_API = "urn:partner.soap.sforce.com"
_FAULT = "urn:fault.partner.soap.sforce.com"
_FIRST_WITHOUT_LOGIN = 65.0
"""From this version on the SOAP API lets nobody log in."""
_SESSION_SECONDS = 7200


async def answer(org: Org, request: Request) -> Response:
    """One SOAP call, one envelope back."""
    try:
        envelope = ET.fromstring(await request.body())
        call = envelope.find(f"{{{_SOAP}}}Body")[0]  # type: ignore[index]
    except (ET.ParseError, TypeError, IndexError) as wrong:
        return _fault("soapenv:Client", f"The request is not a SOAP envelope: {wrong}")
    org.usage.count()
    if _local(call.tag) == "login":
        return _log_in(org, request, call)
    token = envelope.findtext(f".//{{{_API}}}sessionId", "")
    session = org.sessions.find(token)
    if session is None:
        message = "Invalid Session ID found in SessionHeader: Illegal Session"
        return _fault("sf:INVALID_SESSION_ID", f"INVALID_SESSION_ID: {message}", "UnexpectedErrorFault")
    if _local(call.tag) == "logout":
        org.sessions.end(token)
        return _respond(f'<logoutResponse xmlns="{_API}"/>', 200)
    act = {"merge": _merge, "undelete": _undelete, "convertLead": _convert}.get(_local(call.tag))
    if act is None:
        return _fault("soapenv:Client", f"No operation available for request {call.tag}")
    try:
        results = "".join(_result(act, org, session, each) for each in call)
    except (KeyError, IndexError):
        return _fault("soapenv:Client", f"Something that {_local(call.tag)} needs is missing in the request")
    name = f"{_local(call.tag)}Response"
    return _respond(f'<{name} xmlns="{_API}">{results}</{name}>', 200)


def _result(act: Callable[[Org, Session, ET.Element], str], org: Org, session: Session, asked: ET.Element) -> str:
    """What became of one of the things asked for."""
    try:
        result = f"{act(org, session, asked)}<success>true</success>"
    except SalesforceError as wrong:
        error = f"<message>{escape(wrong.message)}</message><statusCode>{wrong.code}</statusCode>"
        result = f"<errors>{error}</errors><success>false</success>"
    return f"<result>{result}</result>"


def _log_in(org: Org, request: Request, call: ET.Element) -> Response:
    version, path = request.path_params["version"], request.url.path
    if version not in VERSIONS or float(version) >= _FIRST_WITHOUT_LOGIN:
        message = "login() is not available in this API version; use OAuth"
        return _fault("sf:UNSUPPORTED_API_VERSION", f"UNSUPPORTED_API_VERSION: {message}", "UnexpectedErrorFault")
    given = {_local(part.tag): part.text or "" for part in call}
    try:
        if org.faults.take("login_refused", path):
            raise LoginRefused("INVALID_LOGIN", INVALID_LOGIN)
        trusted = not org.faults.take(UNTRUSTED_NETWORK, path)
        session_id, session = org.sessions.log_in(given.get("username", ""), given.get("password", ""), trusted)
    except LoginRefused as refused:
        return _fault(f"sf:{refused.error}", f"{refused.error}: {refused.description}", "LoginFault")
    return _respond(
        f'<loginResponse xmlns="{_API}"><result>{_welcome(org, request, session_id, session)}</result></loginResponse>', 200
    )


def _welcome(org: Org, request: Request, session_id: str, session: Session) -> str:
    """What ``login`` answers, in the order of the WSDL."""
    url, version, id = str(request.base_url).rstrip("/"), request.path_params["version"], org_id(org.store)
    user, organisation = org.store.get("User", session.user_id) or {}, org.store.get("Organization", id) or {}
    info = {
        "organizationId": id,
        "organizationName": organisation.get("Name"),
        "sessionSecondsValid": _SESSION_SECONDS,
        "userEmail": user.get("Email"),
        "userFullName": user.get("Name"),
        "userId": session.user_id,
        "userLanguage": organisation.get("LanguageLocaleKey"),
        "userLocale": organisation.get("DefaultLocaleSidKey"),
        "userName": user.get("Username"),
        "userTimeZone": organisation.get("TimeZoneSidKey"),
        "userType": "Standard",
    }
    result = {
        "metadataServerUrl": f"{url}/services/Soap/m/{version}/{id[:15]}",
        "passwordExpired": "false",
        "sandbox": "true",
        "serverUrl": f"{url}/services/Soap/u/{version}/{id[:15]}",
        "sessionId": session_id,
        "userId": session.user_id,
    }
    return f"{_elements(result)}<userInfo>{_elements(info)}</userInfo>"


def _elements(values: Mapping[str, object]) -> str:
    return "".join(f"<{name}>{escape(str('' if value is None else value))}</{name}>" for name, value in values.items())


def _merge(org: Org, session: Session, request: ET.Element) -> str:
    given = {_local(part.tag): part.text or "" for part in request[0]}
    type = org.records.type(session, given.pop("type"))
    master, losers = given.pop("Id"), [part.text or "" for part in request[1:]]
    merging.merge(org.records, session, type, master, losers, given)
    return f"<id>{master}</id>{''.join(f'<mergedRecordIds>{id}</mergedRecordIds>' for id in losers)}"


def _undelete(org: Org, session: Session, asked: ET.Element) -> str:
    id = asked.text or ""
    merging.undelete(org.records, session, _type_of(org, session, id), id)
    return f"<id>{id}</id>"


def _convert(org: Org, session: Session, asked: ET.Element) -> str:
    wanted = {_local(part.tag): part.text or "" for part in asked}
    made = merging.convert(org.records, session, wanted["leadId"], wanted)
    return "".join(f"<{name}>{id}</{name}>" for name, id in {**made, "leadId": wanted["leadId"]}.items())


def _type_of(org: Org, session: Session, id: str) -> ObjectType:
    for type in org.records.view(session).types.values():
        if type.prefix == id[:3]:
            return type
    raise errors.not_found()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _fault(code: str, message: str, kind: str = "") -> Response:
    """``kind``: the type of the fault's detail, which Salesforce's own faults carry."""
    detail = ""
    if kind:
        short, _, text = message.partition(": ")
        inner = f"<sf:exceptionCode>{short}</sf:exceptionCode><sf:exceptionMessage>{escape(text)}</sf:exceptionMessage>"
        detail = f'<detail><sf:{kind} xsi:type="sf:{kind}">{inner}</sf:{kind}></detail>'
    fault = f"<faultcode>{code}</faultcode><faultstring>{escape(message)}</faultstring>{detail}"
    return _respond(f"<soapenv:Fault>{fault}</soapenv:Fault>", 500)


def _respond(body: str, status: int) -> Response:
    spaces = f'xmlns:soapenv="{_SOAP}" xmlns:sf="{_FAULT}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    envelope = f"<soapenv:Envelope {spaces}><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{envelope}', status, media_type="text/xml;charset=UTF-8")

"""Several calls in one: ``composite``, up to 25 that may build on each other's answers, and ``composite/batch``, that do not.

Belongs here: carrying out the calls and their references. Does not: what a call does (``rest.py``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route
from starlette.types import Message, Scope

from connectors.sandbox.salesforce import about, errors, rest
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.org import Call

_MAX_CALLS = 25
_REFERENCE = re.compile(r"@\{(\w+)((?:\.\w+|\[\d+\])+)\}")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_HALTED = "The transaction was rolled back since another operation in the same transaction failed."

Answers = dict[str, dict[str, Any]]


class _RollBack(Exception):
    """Undo the transaction; the answers are kept."""


async def composite(call: Call) -> Response:
    """One after the other; with ``allOrNone`` the first that fails takes back all."""
    body = await call.json()
    asked = body.get("compositeRequest")
    if not isinstance(asked, list) or not all(isinstance(one, dict) for one in asked):
        raise SalesforceError("JSON_PARSER_ERROR", "compositeRequest must be a list of objects")
    if len(asked) > _MAX_CALLS:
        raise SalesforceError("LIMIT_EXCEEDED", f"The limit of {_MAX_CALLS} subrequests is exceeded")
    names = [str(one.get("referenceId") or "") for one in asked]
    if "" in names or len(set(names)) < len(names):
        raise SalesforceError("INVALID_INPUT", "Each subrequest needs a referenceId of its own")
    answers: Answers = {}
    try:
        # Nothing in here waits for anything, so no other call comes between the parts of the transaction
        with call.org.store.transaction():
            for name, one in zip(names, asked, strict=True):
                answers[name] = {**await _answer(call, one, answers), "referenceId": name}
                if body.get("allOrNone") and answers[name]["httpStatusCode"] >= 300:
                    raise _RollBack
    except _RollBack:
        call.org.schema.refresh()
        halted = _shown(SalesforceError("PROCESSING_HALTED", _HALTED))
        for name in names:
            if name not in answers or answers[name]["httpStatusCode"] < 300:
                answers[name] = {**halted, "referenceId": name}
    return JSONResponse({"compositeResponse": [answers[name] for name in names]})


async def batch(call: Call) -> Response:
    """One after the other; with ``haltOnError`` none after the first that fails."""
    body = await call.json()
    asked = body.get("batchRequests")
    if not isinstance(asked, list) or not all(isinstance(one, dict) for one in asked):
        raise SalesforceError("JSON_PARSER_ERROR", "batchRequests must be a list of objects")
    if len(asked) > _MAX_CALLS:
        raise SalesforceError("LIMIT_EXCEEDED", f"The limit of {_MAX_CALLS} subrequests is exceeded")
    results: list[dict[str, Any]] = []
    failed = False
    for one in asked:
        if failed and body.get("haltOnError"):
            halted = SalesforceError("BATCH_PROCESSING_HALTED", "Batch processing halted per request", 412)
            results.append({"statusCode": halted.status, "result": halted.as_json()})
            continue
        address = "/services/data/" + str(one.get("url") or "").lstrip("/").removeprefix("services/data/")
        answer = await _answer(call, {"method": one.get("method"), "url": address, "body": one.get("richInput")}, {})
        failed = failed or answer["httpStatusCode"] >= 400
        results.append({"statusCode": answer["httpStatusCode"], "result": answer["body"]})
    return JSONResponse({"hasErrors": failed, "results": results})


async def _answer(call: Call, asked: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    try:
        address = urlsplit(_filled(str(asked.get("url") or ""), answers))
        sent = b"" if asked.get("body") is None else json.dumps(_filled(asked["body"], answers)).encode()
        scope: Scope = {
            **call.request.scope, "method": str(asked.get("method") or "").upper(), "path": address.path.rstrip("/"),
            "query_string": quote(address.query, safe="%&=+,'()*!:;@/?-._~$").encode(),
            "headers": [(key.lower().encode(), str(value).encode()) for key, value in (asked.get("httpHeaders") or {}).items()],
        }  # fmt: skip
        response = await _carried_out(call, scope, sent)
    except SalesforceError as wrong:
        return _shown(wrong)
    body = json.loads(bytes(response.body)) if response.body else None
    located = isinstance(body, dict) and response.status_code == 201 and "id" in body
    headers = {"Location": f"{scope['path']}/{body['id']}"} if located and isinstance(body, dict) else {}
    return {"body": body, "httpHeaders": headers, "httpStatusCode": response.status_code}


def _shown(wrong: SalesforceError) -> dict[str, Any]:
    return {"body": wrong.as_json(), "httpHeaders": {}, "httpStatusCode": wrong.status}


async def _carried_out(call: Call, scope: Scope, sent: bytes) -> Response:
    """Raises ``SalesforceError``."""

    async def receive() -> Message:
        return {"type": "http.request", "body": sent, "more_body": False}

    scope = {key: value for key, value in scope.items() if key not in ("path_params", "endpoint", "route", "raw_path")}
    for route, handler in _SERVED:
        match, found = route.matches(scope)
        if match is Match.FULL:
            return await handler(Call(call.org, call.session, Request({**scope, **found}, receive), call.version))
    raise errors.not_found()


def _filled(value: Any, answers: Answers) -> Any:
    """References replaced by what they point at. Raises PROCESSING_HALTED."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda found: _referred(found, answers), value)
    if isinstance(value, list):
        return [_filled(one, answers) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, answers) for key, one in value.items()}
    return value


def _referred(found: re.Match[str], answers: Answers) -> str:
    answer = answers.get(found[1], {})
    here = answer.get("body") if answer.get("httpStatusCode", 400) < 300 else None
    for name, place in _STEP.findall(found[2]):
        if isinstance(here, dict) and name:
            here = here.get(name)
        elif isinstance(here, list) and place and int(place) < len(here):
            here = here[int(place)]
        else:
            here = None
    if here is None:
        message = f"Invalid reference specified. No value for {found[1]}{found[2]} found in {found[1]}"
        raise SalesforceError("PROCESSING_HALTED", message)
    return str(here)


ROUTES = (
    ("/services/data/v{version}/composite", composite, ("POST",)),
    ("/services/data/v{version}/composite/batch", batch, ("POST",)),
)
_SERVED = [
    (Route(path, handler, methods=list(methods)), handler)
    for path, handler, methods in (*about.ROUTES, *rest.ROUTES)
    if "{version}" in path
]

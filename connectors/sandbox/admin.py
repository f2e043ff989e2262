"""The control panel of a sandbox org: request log, changes, faults, reset, clock, under ``/__sandbox__/``.

Belongs here: what is the same for every CRM, as a plain ASGI middleware round the org's app.
Does not: anything that a real CRM would answer.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.audit import REQUEST, Audit
from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import COMMON_KINDS, SETTINGS, Faults

PREFIX = "/__sandbox__/"
_ID = re.compile(r"(?<=/)(?:\d+|(?=[A-Za-z]*\d)[A-Za-z0-9]{15,18}(?:-\d+)?)(?=/|$)")
_HELP = {
    "GET requests?match=": "calls whose path has the text (the last 5,000 are kept), and how many of each kind since clearing",
    "DELETE requests": "clear the log",
    "GET changes?match=&after=": "every value that a call changed: past number 'after', with the text in object/id/field",
    "DELETE changes": "forget them; numbers go on",
    "GET faults": "what is armed, and how often each has struck",
    "POST faults": "arm one, a JSON object of fault_settings; without count and rate it strikes always",
    "DELETE faults?kind=": "disarm all, or those of one kind",
    "POST reset": "start afresh from the world: records, schema, sessions, jobs, faults and log",
    "GET now": "the sandbox's time",
    "POST now": 'set it: {"now": "2026-11-20T09:00:00+09:00"}',
}
_HTML_503 = b"<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>"


class RequestLog:
    """The last requests of an org, and how many there were of each kind since the last ``clear``."""

    def __init__(self, keep: int = 5000) -> None:
        self._ring: deque[dict[str, Any]] = deque(maxlen=keep)
        self._counts: Counter[str] = Counter()
        self._last = 0

    def number(self) -> int:
        """The next request's number; none is given twice, not even after ``clear``."""
        self._last += 1
        return self._last

    def add(self, entry: dict[str, Any]) -> None:
        self._ring.append(entry)
        self._counts[f"{entry['method']} {_ID.sub('{id}', entry['path'])}"] += 1

    def clear(self) -> None:
        self._ring.clear()
        self._counts.clear()

    def as_json(self, match: str = "") -> dict[str, Any]:
        requests = [entry for entry in self._ring if match in entry["path"]]
        return {"total": sum(self._counts.values()), "counts": dict(self._counts), "requests": requests}


class OrgAdmin:
    """ASGI app of one org: ``build(reset)`` makes the CRM's app, anew and with its world reloaded when ``reset`` is true."""

    def __init__(self, build: Callable[[bool], ASGIApp], faults: Faults, clock: Clock, audit: Audit) -> None:
        self._build, self.faults, self._clock, self._audit = build, faults, clock, audit
        self.log = RequestLog()
        self._app = build(False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(PREFIX):
            await self._administer(scope, receive, send)
        else:
            await self._watched(scope, receive, send)

    async def _watched(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, with a common fault where one is armed, and log it."""
        started, path, method = time.perf_counter(), scope["path"], scope["method"]
        seen = {"status": 0, "request_bytes": 0, "response_bytes": 0}
        number = self.log.number()
        REQUEST.set(number)  # each request is a task with a context of its own

        async def counting_receive() -> Message:
            message = await receive()
            seen["request_bytes"] += len(message.get("body", b""))
            return message

        async def counting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            seen["response_bytes"] += len(message.get("body", b""))
            await send(message)

        struck = await self._with_common_faults(scope, counting_receive, counting_send, send)
        query = scope["query_string"].decode("latin-1")[:2000]
        entry = {"number": number, "method": method, "path": path, "query": query, **seen, "fault": struck}
        self.log.add({**entry, "ms": round((time.perf_counter() - started) * 1000, 2)})

    async def _with_common_faults(self, scope: Scope, receive: Receive, send: Send, raw_send: Send) -> str | None:
        path, method = scope["path"], scope["method"]
        slow = self.faults.draw("slow", path, method)
        if slow is not None:
            await asyncio.sleep(slow.seconds)
        if self.faults.take("http_503_html", path, method):
            await _respond(send, 503, _HTML_503, "text/html; charset=UTF-8")
            return "http_503_html"
        drop = self.faults.draw("drop_connection", path, method)
        if drop is not None:
            if drop.when == "after":
                await self._app(scope, receive, _swallow)
            await _abort(raw_send, receive)
            return "drop_connection"
        await self._app(scope, receive, send)
        return None if slow is None else "slow"

    async def _administer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, answer = self._answer(scope, await _json_body(receive))
        except (ValueError, TypeError) as wrong:
            status, answer = 400, {"error": str(wrong)}
        await _respond(send, status, json.dumps(answer, ensure_ascii=False).encode(), "application/json")

    def _answer(self, scope: Scope, body: dict[str, Any]) -> tuple[int, Any]:
        query = {key: values[0] for key, values in parse_qs(scope["query_string"].decode()).items()}
        match scope["method"], scope["path"].removeprefix(PREFIX).strip("/"):
            case "GET", "":
                return 200, {"calls": _HELP, "fault_kinds": self.faults.kinds, "fault_settings": SETTINGS}
            case "GET", "requests":
                return 200, self.log.as_json(query.get("match", ""))
            case "DELETE", "requests":
                self.log.clear()
                return 200, {"cleared": True}
            case "GET", "changes":
                return 200, {"changes": self._audit.listed(query.get("match", ""), int(query.get("after", 0)))}
            case "DELETE", "changes":
                self._audit.clear()
                return 200, {"cleared": True}
            case "GET", "faults":
                return 200, {"faults": self.faults.listed(), "kinds": self.faults.kinds, "common_kinds": sorted(COMMON_KINDS)}
            case "POST", "faults":
                self.faults.arm(body)
                return 201, {"faults": self.faults.listed()}
            case "DELETE", "faults":
                self.faults.clear(query.get("kind"))
                return 200, {"faults": self.faults.listed()}
            case "POST", "reset":
                self.faults.clear()
                self.log.clear()
                self._app = self._build(True)
                return 200, {"reset": True}
            case "POST", "now":
                self._clock.set(_aware(str(body.get("now"))))
                return 200, {"now": self._clock.now().isoformat()}
            case "GET", "now":
                return 200, {"now": self._clock.now().isoformat()}
        return 404, {"error": f"no such thing; GET {PREFIX} tells what there is"}


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("now needs a time zone")
    return moment


async def _json_body(receive: Receive) -> dict[str, Any]:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    body = json.loads(b"".join(parts) or b"{}")
    if not isinstance(body, dict):
        raise TypeError("the body must be a JSON object")
    return body


async def _respond(send: Send, status: int, body: bytes, content_type: str) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _swallow(message: Message) -> None:
    """The answer that a dropped connection never delivers."""


async def _abort(send: Send, receive: Receive) -> None:
    """Cut the connection without an answer. ASGI has no word for it, so this reaches for uvicorn's transport."""
    send.__self__.transport.abort()  # type: ignore[attr-defined]
    while (await receive())["type"] != "http.disconnect":
        pass

"""Passing faults of both CRMs are waited out as each asks for it, and nothing is waited for that will not pass."""

from __future__ import annotations

import email.utils
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import MaxRetryError

from connectors import open_crm, retry
from connectors.crm import Crm, CrmError, CrmUnavailable, LoginRefused, QuotaExhausted
from connectors.retry import Refusal, retry_policy
from connectors.salesforce.errors import passes
from connectors.sandbox.server import Org, SandboxServer

ACCOUNTS = {"salesforce": "Account", "hubspot": "companies"}


class Waits:
    """A clock that stands still but for the pauses."""

    def __init__(self) -> None:
        self.now, self.pauses = 1000.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    waits = Waits()
    monkeypatch.setattr(retry, "PACE", 1.0)
    monkeypatch.setattr(retry, "sleep", waits.sleep)
    monkeypatch.setattr(retry, "monotonic", waits.monotonic)
    monkeypatch.setattr("connectors.hubspot.pace.monotonic", waits.monotonic)
    return waits


@pytest.fixture(params=["salesforce", "hubspot"])
def org(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Org]:
    with SandboxServer(tmp_path, orgs={"org": request.param}) as server:
        yield server.orgs["org"]


@pytest.fixture
def crm(org: Org) -> Crm:
    crm = open_crm(org.crm, org.url, org.credentials)
    crm.identity()
    return crm


def look(crm: Crm) -> int:
    """One cheap call."""
    return crm.changed_since(ACCOUNTS[crm.name], {"stamp": "2026-01-01T00:00:00.000Z", "id": ""}, None)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Org]:
    with SandboxServer(tmp_path, orgs={"portal": "hubspot"}) as server:
        yield server.orgs["portal"]


def test_an_overloaded_crm_is_asked_ever_more_seldom_and_given_up_after_about_a_minute(crm: Crm, org: Org, waits: Waits) -> None:
    org.faults.arm({"kind": "http_503_html"})
    with pytest.raises(CrmUnavailable, match=r"kept failing \(HTTP 503\); try again later"):
        look(crm)
    full = [1, 2, 4, 8, 16, 32]
    assert [half / 2 <= wait <= half for wait, half in zip(waits.pauses, full, strict=True)] == [True] * 6


def test_a_dropped_connection_is_opened_anew_at_once(crm: Crm, org: Org, waits: Waits) -> None:
    org.faults.arm({"kind": "drop_connection", "count": 1})
    assert look(crm) == 0
    assert waits.pauses == []


@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
@pytest.mark.parametrize("answers", [[("cut", 200), ("whole", 503)], [("whole", 429), ("cut", 200), ("cut", 200)]])
def test_bodies_that_break_off_and_refusals_are_attempts_of_one_call(
    crm: str, answers: list[tuple[Any, ...]], waits: Waits
) -> None:
    with _Server(answers * 6) as (url, served):
        opened = open_crm(crm, url, _LOGINS[crm])
        with pytest.raises(CrmUnavailable):
            opened.identity()
        assert len(served) == 1 + retry.ATTEMPTS


def test_an_answer_that_is_no_data_is_said_so(waits: Waits) -> None:
    with _Server([("html", 200)] * 4) as (url, _), pytest.raises(CrmUnavailable, match="no data"):
        open_crm("hubspot", url, {"token": "x"}).identity()


@pytest.mark.parametrize(
    ("kind", "seconds", "least", "most"),
    [
        ("rate_limit_secondly", 0, 1, 1.1),
        ("rate_limit_ten_secondly", 0, 10, 11),
        ("rate_limit_secondly", 3, 3, 3.3),
        ("rate_limit_ten_secondly", 7, 7, 7.7),
    ],
)
def test_each_short_limit_of_hubspot_is_waited_for(
    portal: Org, waits: Waits, kind: str, seconds: float, least: float, most: float
) -> None:
    crm = open_crm("hubspot", portal.url, portal.credentials)
    portal.faults.arm({"kind": kind, "count": 1, "seconds": seconds})
    crm.existing_fields("companies")
    (wait,) = waits.pauses
    assert least <= wait <= most


def test_records_that_somebody_else_is_writing_are_asked_for_again(portal: Org, waits: Waits) -> None:
    portal.faults.arm({"kind": "conflict", "count": 2, "match": "/batch/read"})
    assert open_crm("hubspot", portal.url, portal.credentials).read("companies", ["1"], ["name"]) == {}


@pytest.mark.parametrize("seconds", [0, 30])
def test_nobody_waits_for_a_day_s_limit(portal: Org, waits: Waits, seconds: float) -> None:
    crm = open_crm("hubspot", portal.url, portal.credentials)
    portal.faults.arm({"kind": "rate_limit_daily", "seconds": seconds})
    with pytest.raises(QuotaExhausted, match="daily limit"):
        crm.existing_fields("companies")
    assert waits.pauses == []


def test_searches_go_four_a_second_once_one_was_refused_and_other_calls_as_ever(portal: Org, waits: Waits) -> None:
    crm = open_crm("hubspot", portal.url, portal.credentials)
    for _ in range(3):
        look(crm)
    assert waits.pauses == []
    portal.faults.arm({"kind": "rate_limit_secondly", "count": 1, "match": "/search"})
    look(crm)
    waits.pauses.clear()
    waits.now += 60
    for _ in range(3):
        look(crm)
        crm.existing_fields("companies")
    assert waits.pauses == pytest.approx([0.25, 0.25])


def test_with_no_room_left_in_ten_seconds_the_next_call_waits_until_there_is(waits: Waits) -> None:
    room = {"X-HubSpot-RateLimit-Interval-Milliseconds": "10000", "X-HubSpot-RateLimit-Max": "190"}
    full, free = {**room, "X-HubSpot-RateLimit-Remaining": "0"}, {**room, "X-HubSpot-RateLimit-Remaining": "57"}
    with _Server([("whole", 200, free), ("whole", 200, full), ("whole", 200, free), ("whole", 200, free)]) as (url, served):
        crm: Any = open_crm("hubspot", url, {"token": "x"})
        crm._session.call("GET", "/a")
        waits.now += 4
        crm._session.call("GET", "/b")
        crm._session.call("GET", "/c")
        assert waits.pauses == [6.0]
        crm._session.call("GET", "/d")
        assert (waits.pauses, len(served)) == ([6.0], 4)


@pytest.mark.parametrize("date", [False, True])
@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_retry_after_is_kept_by_number_and_by_date(waits: Waits, crm: str, date: bool) -> None:
    asked = email.utils.formatdate(time.time() + 40, usegmt=True) if date else "40"
    with _Server([("whole", 503, {"Retry-After": asked}), ("whole", 400)]) as (url, served):
        with pytest.raises(CrmError):
            open_crm(crm, url, _LOGINS[crm]).identity()
        (wait,) = waits.pauses
        assert 38 <= wait <= 44
        assert len(served) == 2


def test_a_wait_that_is_longer_than_our_patience_is_not_begun_but_told(waits: Waits) -> None:
    with _Server([("whole", 477, {"Retry-After": "7200"})]) as (url, served):
        with pytest.raises(CrmUnavailable, match="asks to be tried again in 120 minutes"):
            open_crm("hubspot", url, {"token": "x"}).identity()
        assert (waits.pauses, len(served)) == ([], 1)


def test_a_retry_after_in_unknown_words_is_as_none(waits: Waits) -> None:
    with _Server([("whole", 503, {"Retry-After": "soon"}), ("whole", 200)]) as (url, _):
        crm: Any = open_crm("hubspot", url, {"token": "x"})
        assert crm._session.call("GET", "/a") == {}
    assert len(waits.pauses) == 1


def test_all_waits_of_a_call_end_after_five_minutes(waits: Waits) -> None:
    with _Server([("whole", 429, {"Retry-After": "70"})] * 9) as (url, served), pytest.raises(CrmUnavailable):
        open_crm("hubspot", url, {"token": "x"}).identity()
    assert sum(waits.pauses) <= retry.LONGEST
    assert len(served) == 5


@given(
    st.lists(
        st.tuples(st.sampled_from([400, 429, 500, 503]), st.one_of(st.none(), st.integers(0, 400))), min_size=20, max_size=20
    )
)
def test_whatever_a_crm_asks_for_a_call_ends_in_time(refusals: list[tuple[int, int | None]]) -> None:
    patience, total, attempts = retry_policy(), 0.0, 1
    try:
        for status, asked in refusals:
            headers = {} if asked is None else {"Retry-After": str(asked)}
            patience = patience.refused("GET", Refusal(status, headers, b"", "/"))
            assert status != 400
            assert asked is None or patience._next_pause >= asked
            total, attempts = total + patience._next_pause, attempts + 1
    except MaxRetryError:
        pass
    assert attempts <= 1 + retry.ATTEMPTS
    assert patience._next_pause <= retry.LONGEST


def test_a_day_s_limit_of_salesforce_is_final_and_one_of_calls_under_way_passes(tmp_path: Path, waits: Waits) -> None:
    with SandboxServer(tmp_path, orgs={"sales": "salesforce"}) as server:
        org = server.orgs["sales"]
        crm = open_crm("salesforce", org.url, org.credentials)
        crm.identity()
        org.faults.arm({"kind": "request_limit", "count": 1})
        with pytest.raises(QuotaExhausted):
            look(crm)
        assert waits.pauses == []
        org.faults.arm({"kind": "query_timeout", "count": 2})
        assert look(crm) == 0
        assert len(waits.pauses) == 2


@pytest.mark.parametrize(
    ("status", "code", "message", "later"),
    [
        (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", False),
        (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", True),
        (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", True),
        (400, "QUERY_TIMEOUT", "Your query request was running for too long.", True),
        (400, "SERVER_UNAVAILABLE", "The server is busy.", True),
        (503, "SERVER_UNAVAILABLE", "The server is busy.", True),
        (500, "UNKNOWN_EXCEPTION", "An unexpected error occurred.", True),
        (400, "MALFORMED_QUERY", "unexpected token", False),
        (404, "NOT_FOUND", "The requested resource does not exist", False),
        (401, "INVALID_SESSION_ID", "Session expired or invalid", False),
    ],
)
def test_which_refusals_of_salesforce_pass(status: int, code: str, message: str, later: bool) -> None:
    body = json.dumps([{"errorCode": code, "message": message}]).encode()
    assert (passes(Refusal(status, {}, body, "")) is not None) is later


def test_a_soap_fault_is_not_made_again_for_its_status() -> None:
    body = b"<soapenv:Body><soapenv:Fault><faultcode>sf:INVALID_SESSION_ID</faultcode></soapenv:Fault></soapenv:Body>"
    assert passes(Refusal(500, {}, body, "")) is None
    assert passes(Refusal(500, {}, body.replace(b"INVALID_SESSION_ID", b"SERVER_UNAVAILABLE"), "")) is not None


def test_a_session_that_ends_again_at_once_is_a_refused_login_after_one_login_more(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, orgs={"sales": "salesforce"}) as server:
        org = server.orgs["sales"]
        crm = open_crm("salesforce", org.url, org.credentials)
        crm.identity()
        before = crm.calls()
        org.faults.arm({"kind": "session_expired"})
        with pytest.raises(LoginRefused, match="ended the session twice"):
            look(crm)
        assert crm.calls() == before + 1
        org.faults.clear()
        assert look(crm) == 0


_LOGINS = {"salesforce": {"client_id": "a", "client_secret": "b"}, "hubspot": {"token": "x"}}


class _Server:
    """A server that gives these answers in order, ``(how, status, headers)``: ``whole``, ``html``, or ``cut`` in the body."""

    def __init__(self, answers: list[tuple[Any, ...]]) -> None:
        self._answers, self.served = list(answers), list[str]()

    def __enter__(self) -> tuple[str, list[str]]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                how, status, *more = owner._answers[len(owner.served)]
                owner.served.append(self.path)
                body = b"<html>Maintenance</html>" if how == "html" else b"{}"
                self.send_response(status)
                for name, value in (more[0] if more else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "text/html" if how == "html" else "application/json")
                self.send_header("Content-Length", str(len(body) + (how == "cut")))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = how == "cut"

            do_GET = do_POST = _answer

            def log_message(self, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._http.server_port}", self.served

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

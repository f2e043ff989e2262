"""The days of a sequence: faults are armed, people work, and a run comes to its end, breaks off, or is killed.

Belongs here: which faults, which boundaries, in which order; all by the seed. Does not: what must hold afterwards (``books``).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from connectors import open_crm
from connectors.crm import CrmError
from connectors.quota import Budget
from tests.campaign.vendor import Vendor
from tests.pipelines.writeback.everything import FREE, SWITCHES
from tests.pipelines.writeback.killed_run import Kill, killed, sizes

FAULTS: dict[str, tuple[dict[str, Any], ...]] = {
    "sales": (
        {"kind": "http_503_html", "count": 2},
        {"kind": "http_503_html", "count": 9, "match": "composite", "method": "PATCH"},
        {"kind": "http_503_html", "count": 9, "match": "/query"},
        {"kind": "drop_connection", "count": 2, "match": "quer"},
        {"kind": "drop_connection", "count": 1, "method": "PATCH"},
        {"kind": "drop_connection", "count": 2, "method": "PATCH", "when": "after"},
        {"kind": "drop_connection", "count": 1, "method": "POST", "match": "jobs", "when": "after"},
        {"kind": "drop_connection", "count": 1, "method": "PUT", "when": "after"},
        {"kind": "drop_connection", "count": 1, "method": "DELETE", "when": "after"},
        {"kind": "slow", "rate": 0.1, "seconds": 0.02},
        {"kind": "row_lock", "rate": 0.3, "count": 20},
        {"kind": "row_lock", "rate": 0.9, "count": 60},
        {"kind": "validation_rule", "rate": 0.2, "count": 6},
        {"kind": "session_expired", "count": 1},
        {"kind": "session_expired", "count": 2, "match": "jobs"},
        {"kind": "request_limit", "count": 1, "match": "composite", "method": "PATCH"},
        {"kind": "request_limit", "count": 3},
        {"kind": "query_timeout", "count": 1},
        # of pulls alone: to other reads Salesforce shows the version before, where the sandbox shows none
        {"kind": "late_visible", "rate": 0.5, "seconds": 20, "match": "queryAll/"},
        {"kind": "late_visible", "seconds": 60, "match": "queryAll/"},
        {"kind": "late_visible", "seconds": 60, "match": "jobs/query/"},
        {"kind": "job_failed", "count": 1},
        {"kind": "job_aborted", "count": 1},
        {"kind": "job_failed", "count": 9},
        {"kind": "job_slow", "count": 3},
    ),
    "marketing": (
        {"kind": "http_503_html", "count": 2},
        {"kind": "rate_limit_secondly", "count": 2, "seconds": 1},
        {"kind": "rate_limit_secondly", "count": 2, "seconds": 0},
        {"kind": "rate_limit_ten_secondly", "count": 2, "seconds": 0},
        {"kind": "rate_limit_ten_secondly", "rate": 0.2, "count": 6, "seconds": 10},
        {"kind": "rate_limit_daily", "count": 1, "match": "/batch/update"},
        {"kind": "rate_limit_daily", "count": 3},
        {"kind": "invalid_authentication", "count": 1},
        {"kind": "partial_207", "rate": 0.2, "count": 5},
        {"kind": "partial_207_read", "rate": 0.2, "count": 3},
        {"kind": "validation_error", "count": 1, "match": "/batch/update"},
        {"kind": "conflict", "count": 1, "match": "/batch/"},
        {"kind": "drop_connection", "count": 2, "match": "objects"},
        {"kind": "drop_connection", "count": 1, "method": "POST"},
        {"kind": "drop_connection", "count": 1, "match": "batch/update", "when": "after"},
        {"kind": "drop_connection", "count": 1, "match": "batch/upsert", "when": "after"},
        {"kind": "drop_connection", "count": 1, "method": "PUT", "when": "after"},
        {"kind": "gateway", "count": 9, "match": "batch/update"},
        {"kind": "gateway_timeout", "count": 2},
        {"kind": "slow", "rate": 0.1, "seconds": 0.02},
        {"kind": "search_lag", "rate": 0.5, "seconds": 20},
        {"kind": "search_lag", "seconds": 60},
    ),
}
KILLS = (
    ("call", "queryAll|GET query/|objects/\\w+/search|GET /crm/v3/objects"),
    ("call", "jobs/query"),
    ("call", "(PATCH|DELETE) composite|POST /crm/v3/objects/\\w+/batch/(update|upsert)|PUT /crm/v3/lists|POST /crm/v4"),
    ("call", "jobs/ingest"),
    ("sql", "INSERT INTO raw|raw.cursors"),
    ("sql", "state.journal BY NAME"),
    ("sql", "TABLE settled"),
    ("sql", "INTO state.sent"),
    ("sql", "state.conflicts BY NAME"),
)
_WATCHED = ("queryAll", "query/", "PATCH composite", "POST composite", "/search", "/batch/read", "/batch/update", "memberships")


def one_day(vendor: Vendor, rng: random.Random, patch: pytest.MonkeyPatch) -> None:
    desk = vendor.desk
    pass_time(vendor, rng.choice((1, 30, 200, 4000, 90_000)))
    vendor.want_more(rng.sample(SWITCHES, rng.randint(1, len(SWITCHES))))
    for _ in range(rng.randrange(4)):
        vendor.a_person_works(rng)
    for name, faults in FAULTS.items():
        for _ in range(rng.choice((0, 1, 1, 2))):
            _arm(vendor, rng, name, rng.choice(faults))
    jobs, query_jobs = rng.random() < 0.4, rng.random() < 0.4
    try:
        if rng.random() < 0.5:
            at, match = rng.choice(KILLS)
            jobs, query_jobs = jobs or "ingest" in match, query_jobs or "jobs/query" in match
            kill = Kill(at, match, rng.randint(1, 7), rng.choice(("before", "after")), jobs, query_jobs)
            vendor.told(f"run in a process of its own: {kill}")
            killed(desk, FREE, kill, surely=False)
        else:
            _run(vendor, rng, jobs, query_jobs, patch)
    except CrmError as broken:  # the pull failed, and so did the run
        vendor.told(f"  the run broke off: {type(broken).__name__} {broken}")
    for name, org in desk.orgs.items():
        vendor.told(f"  faults of {name} that struck: {[(f['kind'], f['taken']) for f in org.faults.listed() if f['taken']]}")
        org.faults.clear()
    for _ in range(rng.randrange(3)):
        vendor.a_person_works(rng)


def _arm(vendor: Vendor, rng: random.Random, name: str, fault: dict[str, Any]) -> None:
    fault = {**fault, "seed": rng.randrange(10**6), "skip": rng.choice((0, 0, 0, 2, 6))}
    vendor.told(f"{name} will have {fault}")
    vendor.desk.orgs[name].faults.arm(fault)


def _run(vendor: Vendor, rng: random.Random, jobs: bool, query_jobs: bool, patch: pytest.MonkeyPatch) -> None:
    """In this process; a person may act in its midst, or a budget of calls end it."""
    desk, kept = vendor.desk, dict(vendor.desk.crms)
    vendor.told(f"run, jobs {jobs}, query jobs {query_jobs}")
    if rng.random() < 0.2:
        name, calls = rng.choice(sorted(desk.crms)), rng.randint(3, 60)
        org = desk.orgs[name]
        desk.crms[name] = open_crm(org.crm, org.url, org.credentials, Budget(calls=calls))
        vendor.told(f"  of {name} with {calls} calls at most")
    if rng.random() < 0.5:
        _in_the_midst(vendor, rng)
    with patch.context() as sized:
        for module, name, value in sizes(jobs, query_jobs):
            sized.setattr(module, name, value)
        try:
            outcome = desk.run(FREE)
            vendor.told(f"  {outcome.fields_written} fields written; {outcome.faults}; {[t.stopped for t in outcome.targets]}")
        finally:
            for crm in desk.crms.values():
                vars(crm._session).pop("call", None)  # type: ignore[attr-defined]
            desk.crms = kept


def _in_the_midst(vendor: Vendor, rng: random.Random) -> None:
    """A person acts just before some call of ours."""
    match, left, seed = rng.choice(_WATCHED), rng.randint(1, 4), rng.random()
    for crm in vendor.desk.crms.values():
        session: Any = crm._session  # type: ignore[attr-defined]
        session.call = _watched(session.call, match, left, lambda: _acts(vendor, random.Random(seed)))


def _acts(vendor: Vendor, rng: random.Random) -> None:
    vendor.told("  in the midst of the run:")
    armed = {name: org.faults._armed for name, org in vendor.desk.orgs.items()}
    for org in vendor.desk.orgs.values():
        org.faults.clear()  # the faults are our login's
    vendor.a_person_works(rng)
    for name, org in vendor.desk.orgs.items():
        org.faults._armed = armed[name]


def _watched(call: Callable[..., Any], match: str, left: int, act: Callable[[], None]) -> Callable[..., Any]:
    def watched(method: str, path: str, *rest: Any, **named: Any) -> Any:
        nonlocal left
        if match in f"{method} {path}":
            left -= 1
            if left == 0:
                act()
        return call(method, path, *rest, **named)

    return watched


def pass_time(vendor: Vendor, seconds: int) -> None:
    """In both CRMs alike, whose clock is one."""
    url = f"{vendor.desk.orgs['sales'].url}/__sandbox__/now"
    now = datetime.fromisoformat(requests.get(url, timeout=10).json()["now"])
    later = now + timedelta(seconds=seconds)
    requests.post(url, json={"now": later.isoformat()}, timeout=10).raise_for_status()
    vendor.told(f"-- {seconds} seconds later")

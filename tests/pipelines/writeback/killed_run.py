"""One run, or one undo, in a process of its own that kills itself with SIGKILL at a boundary that a test names.

Belongs here: the process. Does not: what must hold after it (``test_kills.py``).

The process is forked from multiprocessing's fork server, which has this module loaded: a kill costs no start of an interpreter.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors import open_crm, retry
from connectors.crm import CrmError
from connectors.hubspot import associations, lists, pages
from connectors.hubspot import pull as hubspot_pull
from connectors.hubspot import reading as hubspot_reading
from connectors.hubspot import write as hubspot_write
from connectors.hubspot.session import HubspotSession
from connectors.salesforce import bulk, bulk_query, locks
from connectors.salesforce import jobs as salesforce_jobs
from connectors.salesforce import pull as salesforce_pull
from connectors.salesforce import reading as salesforce_reading
from connectors.salesforce import write as salesforce_write
from connectors.salesforce.session import SalesforceSession
from pipelines.settings import Settings
from pipelines.writeback.undo import undo
from tests.pipelines.writeback.conftest import Desk, warehouse

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])
PAGE_ROWS = 4
_SMALL_JOB, _NO_JOB = 5, 10**6
_BROKE_OFF = 3
"""Exit code of a run that a CRM's fault ended."""


@dataclass(frozen=True)
class Kill:
    """At the ``nth`` statement (``sql``) or call (``call``) that ``match`` finds something in, ``before`` or ``after`` it."""

    at: str
    match: str
    nth: int = 1
    when: str = "after"
    jobs: bool = False
    """Writes go to Salesforce by jobs."""
    query_jobs: bool = False
    """Reads come from Salesforce by jobs, as far as there is more than a page."""


def sizes(jobs: bool, query_jobs: bool) -> list[tuple[Any, str, Any]]:
    """(module, constant, value) of all that has a size or waits: then a few records make many calls, or a job, in no time."""
    by_hubspot = [(module, name) for module in (pages, hubspot_pull) for name in ("LIST_ROWS", "SEARCH_ROWS")]
    return [
        *((module, "_ROWS", PAGE_ROWS) for module in (salesforce_write, hubspot_write, hubspot_reading)),
        *((module, name, PAGE_ROWS) for module, name in by_hubspot),
        (lists, "_CHANGES", PAGE_ROWS),
        (associations, "_INPUTS", PAGE_ROWS),
        (hubspot_pull, "_BATCH_ROWS", 2 * PAGE_ROWS),
        (salesforce_reading, "_IDS", PAGE_ROWS),
        (bulk_query, "PAGE_ROWS", PAGE_ROWS),
        (salesforce_pull, "BREAK_EVEN", 0 if query_jobs else _NO_JOB),
        (bulk, "BREAK_EVEN", _SMALL_JOB if jobs else _NO_JOB),
        (salesforce_jobs, "_PAUSES", (1.0, 10.0)),
        (locks, "_WAIT", 0.001),
        (retry, "PACE", 0.01),
    ]


def killed(desk: Desk, settings: Settings, kill: Kill, undoing: str | None = None, surely: bool = True) -> None:
    """Run in a process that dies there. Raises ``AssertionError`` where it never came to the boundary, and had to ``surely``;
    also where it ended by an error that is none of a CRM's, as its output tells."""
    desk.runs += 1
    logins = {name: (org.crm, org.url, org.credentials) for name, org in desk.orgs.items()}
    process = _FORKS.Process(target=_run, args=(desk.home, logins, settings, kill, desk.runs, desk.pulled, undoing))
    with desk.lent():
        process.start()
        process.join(60)
    ended = process.exitcode
    assert ended in ((-signal.SIGKILL,) if surely else (-signal.SIGKILL, 0, _BROKE_OFF)), f"exit code {ended}, {kill}"


def _run(
    home: Path,
    logins: dict[str, tuple[str, str, dict[str, str]]],
    settings: Settings,
    kill: Kill,
    runs: int,
    pulled: tuple[str, ...],
    undoing: str | None,
) -> None:
    for module, name, value in sizes(kill.jobs, kill.query_jobs):
        setattr(module, name, value)
    crms = {name: open_crm(*login) for name, login in logins.items()}
    with warehouse(home).connect() as opened:
        con: Any = _Deadly(opened, kill) if kill.at == "sql" else opened
        if kill.at == "call":
            salesforce = _Fuse(kill)
            SalesforceSession.call = _deadly_call(SalesforceSession.call, salesforce)  # type: ignore[method-assign]
            SalesforceSession.download = _deadly_download(SalesforceSession.download, salesforce)  # type: ignore[method-assign]
            HubspotSession.call = _deadly_call(HubspotSession.call, _Fuse(kill))  # type: ignore[method-assign]
        desk = Desk({}, crms, {}, con, home, runs - 1, pulled=pulled)
        try:
            if undoing:
                undo(con, settings, crms.__getitem__, undoing, f"run-{runs}", "sato")
            else:
                desk.run(settings)
        except CrmError:
            sys.exit(_BROKE_OFF)


class _Fuse:
    def __init__(self, kill: Kill) -> None:
        self._kill, self._left = kill, kill.nth

    def round(self, told: str, act: Callable[[], Any]) -> Any:
        """Do it, and die before or after, if this is the boundary."""
        strikes = re.search(self._kill.match, told, re.DOTALL) is not None
        self._left -= strikes
        if strikes and self._left == 0 and self._kill.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = act()
        if strikes and self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done


class _Deadly:
    """A connection to DuckDB."""

    def __init__(self, con: Any, kill: Kill) -> None:
        self._con, self._fuse = con, _Fuse(kill)

    def execute(self, query: str, parameters: Any = None) -> Any:
        return self._fuse.round(f"{query} {parameters}", lambda: self._con.execute(query, parameters))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)


def _deadly_call(call: Callable[..., Any], fuse: _Fuse) -> Callable[..., Any]:
    def deadly(session: Any, method: str, path: str, *rest: Any, **named: Any) -> Any:
        return fuse.round(f"{method} {path} {rest} {named}", lambda: call(session, method, path, *rest, **named))

    return deadly


def _deadly_download(download: Callable[..., Any], fuse: _Fuse) -> Callable[..., Any]:
    def deadly(session: Any, path: str, *rest: Any) -> Any:
        return fuse.round(f"GET {path}", lambda: download(session, path, *rest))

    return deadly

"""One run, or one undo, in a process of its own that kills itself with SIGKILL at a boundary that a test names.

Belongs here: the process. Does not: what must hold after it (``test_kills.py``).

The process is forked from multiprocessing's fork server, which has this module loaded: a kill costs no start of an interpreter.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors import open_crm, retry
from connectors.hubspot import lists
from connectors.hubspot import write as hubspot_write
from connectors.hubspot.session import HubspotSession
from connectors.salesforce import bulk
from connectors.salesforce import write as salesforce_write
from connectors.salesforce.session import SalesforceSession
from pipelines.settings import Settings
from pipelines.writeback.undo import undo
from tests.pipelines.writeback.conftest import Desk, warehouse

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])
_SMALL_CALL, _SMALL_JOB = 4, 5
"""Rows of a call and of a job in the process to be killed, so that a few records make several calls, or a job."""


@dataclass(frozen=True)
class Kill:
    """At the ``nth`` statement (``sql``) or call (``call``) that ``match`` finds something in, ``before`` or ``after`` it."""

    at: str
    match: str
    nth: int = 1
    when: str = "after"
    jobs: bool = False
    """Writes go to Salesforce by jobs."""


def killed(desk: Desk, settings: Settings, kill: Kill, undoing: str | None = None, surely: bool = True) -> None:
    """Run in a process that dies there. Raises ``AssertionError`` where it never came to the boundary, and had to ``surely``."""
    desk.runs += 1
    logins = {name: (org.crm, org.url, org.credentials) for name, org in desk.orgs.items()}
    process = _FORKS.Process(target=_run, args=(desk.home, logins, settings, kill, desk.runs, desk.pulled, undoing))
    with desk.lent():
        process.start()
        process.join(60)
    died = process.exitcode == -signal.SIGKILL
    assert died or not surely, f"exit code {process.exitcode}: it never came to {kill}"


def _run(
    home: Path,
    logins: dict[str, tuple[str, str, dict[str, str]]],
    settings: Settings,
    kill: Kill,
    runs: int,
    pulled: tuple[str, ...],
    undoing: str | None,
) -> None:
    salesforce_write._ROWS = hubspot_write._ROWS = lists._CHANGES = _SMALL_CALL  # type: ignore[misc]
    bulk.BREAK_EVEN = _SMALL_JOB if kill.jobs else 10**6  # type: ignore[misc]
    retry.PACE = 0.02  # this process knows nothing of the suite's own
    crms = {name: open_crm(*login) for name, login in logins.items()}
    with warehouse(home).connect() as opened:
        con: Any = _Deadly(opened, kill) if kill.at == "sql" else opened
        if kill.at == "call":
            for session in (SalesforceSession, HubspotSession):
                session.call = _deadly_call(session.call, kill)  # type: ignore[method-assign]
        desk = Desk({}, crms, {}, con, home, runs - 1, pulled=pulled)
        if undoing:
            undo(con, settings, crms.__getitem__, undoing, f"run-{runs}", "sato")
        else:
            desk.run(settings)


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


def _deadly_call(call: Callable[..., Any], kill: Kill) -> Callable[..., Any]:
    fuse = _Fuse(kill)

    def deadly(session: Any, method: str, path: str, *rest: Any, **named: Any) -> Any:
        return fuse.round(f"{method} {path} {rest} {named}", lambda: call(session, method, path, *rest, **named))

    return deadly

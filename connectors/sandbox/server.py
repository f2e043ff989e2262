"""One process and one event loop that serve every org of a sandbox, each on its own loopback port.

Belongs here: homes, ports, loading worlds, starting and stopping. Does not: any CRM's behaviour. Each CRM is a package with

* ``create_app(store, org_name, faults, clock) -> ASGI app``: keeps nothing that must survive outside ``store``
* ``load(store, directory)``: fill an empty store from ``orgs/<org>/``, or with bare defaults where ``directory`` is ``None``
* ``FAULTS``: kind of fault of its own -> a line for people
* ``logins(store) -> dict[str, dict[str, str]]``: kind of login -> what a client needs for it. Kinds: ``integration``, under which
  Totsugo runs; ``admin``, who may customise the org; ``person``, who works in it
* ``login_methods(store) -> dict[str, dict[str, str]]``: method of ``connectors.open_crm`` -> what the integration needs for it
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import importlib
import json
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp

from connectors.sandbox.admin import OrgAdmin
from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import Faults
from connectors.sandbox.store import Store

_KEEP_ALIVE = 60
"""Seconds that an idle connection stays open: longer than clients wait before they ask for a job again, which is often 5 s."""


class SandboxError(Exception):
    """The sandbox cannot start; the text says why and what to do."""


@dataclass
class Org:
    """One org that is being served."""

    name: str
    crm: str
    url: str
    credentials: dict[str, str]
    """The integration's login; with ``admin`` and ``person`` as ``connectors.open_crm`` takes it."""
    admin: dict[str, str]
    person: dict[str, str]
    faults: Faults
    store: Store
    logins: dict[str, dict[str, str]] = field(default_factory=dict)
    """Method -> the integration's login by it."""

    def as_json(self) -> dict[str, Any]:
        others = {"admin": self.admin, "person": self.person, "logins": self.logins}
        return {"crm": self.crm, "url": self.url, **self.credentials, **others}

    def changes(self, match: str = "", after: int = 0) -> list[dict[str, Any]]:
        """The audit trail, as ``GET /__sandbox__/changes`` tells it."""
        return self.store.audit.listed(match, after)


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: several share one loop, and one of us listens for signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Sandbox:
    """Every org of one home directory, opened but served only inside ``serve``."""

    def __init__(self, home: Path, world: Path | None = None, orgs: Mapping[str, str] | None = None, reset: bool = False) -> None:
        """``orgs``: name -> crm, where there is no world or besides it. Raises ``SandboxError``."""
        self.home, self.world, self.clock = home, world, Clock()
        home.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(home / "lock")
        (home / "sandbox.json").unlink(missing_ok=True)
        self.orgs: dict[str, Org] = {}
        self._servers: list[tuple[_Server, socket.socket]] = []
        for name, crm in {**self._orgs_of_world(), **(orgs or {})}.items():
            self._open(name, crm, reset)

    def _orgs_of_world(self) -> dict[str, str]:
        if self.world is None:
            return {}
        try:
            described = json.loads((self.world / "world.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SandboxError(f"no world at {self.world}: world.json is missing; generate it first") from None
        if "as_of" in described:
            self.clock.not_before(datetime.fromisoformat(described["as_of"]))
        return {org["name"]: org["crm"] for org in described["orgs"]}

    def _open(self, name: str, crm: str, reset: bool) -> None:
        package = importlib.import_module(f"connectors.sandbox.{crm}")
        store = Store(self.home / f"{name}.sqlite")
        directory = None if self.world is None else self.world / "orgs" / name
        directory = directory if directory is not None and directory.is_dir() else None
        faults = Faults(package.FAULTS)

        def build(again: bool) -> ASGIApp:
            if again or store.get_meta("loaded_from") is None:
                with store.transaction():
                    store.clear()
                    package.load(store, directory)
                    store.set_meta("loaded_from", "defaults" if directory is None else directory.name)
            return package.create_app(store, name, faults, self.clock)

        if reset:
            store.clear()
        try:
            admin = OrgAdmin(build, faults, self.clock, store.audit)
        except ValueError as wrong:
            raise SandboxError(f"the world of {name} cannot be loaded: {wrong}") from None
        listener = _listen(self._port_of(name))
        config = uvicorn.Config(
            admin,
            lifespan="off",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=_KEEP_ALIVE,
        )
        self._servers.append((_Server(config), listener))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        logins = package.logins(store)
        methods = {method: {"method": method, **needed} for method, needed in package.login_methods(store).items()}
        self.orgs[name] = Org(name, crm, url, logins["integration"], logins["admin"], logins["person"], faults, store, methods)

    def _port_of(self, name: str) -> int:
        """The port this org had last time, or 0 for any."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            return int(json.loads((self.home / "ports.json").read_text()).get(name, 0))
        return 0

    async def serve(self, on_ready: Callable[[], None]) -> None:
        """Answer until ``stop``. Calls ``on_ready`` once every org answers and ``sandbox.json`` is written."""
        running = [asyncio.ensure_future(server.serve(sockets=[listener])) for server, listener in self._servers]
        while not all(server.started for server, _ in self._servers):
            if any(task.done() for task in running):
                raise SandboxError("an org's server ended before it began to answer")
            await asyncio.sleep(0.005)
        ports = {org.name: int(org.url.rsplit(":", 1)[1]) for org in self.orgs.values()}
        _write_json(self.home / "ports.json", ports)
        described = {"orgs": {org.name: org.as_json() for org in self.orgs.values()}, "pid": os.getpid()}
        _write_json(self.home / "sandbox.json", described)
        on_ready()
        await asyncio.gather(*running)

    def stop(self) -> None:
        """Ask ``serve`` to end; calls in flight get a second."""
        for server, _ in self._servers:
            server.should_exit = True

    def close(self) -> None:
        """Release files, ports and the home. The stores stay on disk."""
        (self.home / "sandbox.json").unlink(missing_ok=True)
        for _, listener in self._servers:
            listener.close()
        for org in self.orgs.values():
            org.store.close()
        os.close(self._lock)


class SandboxServer:
    """The sandbox in a thread of this process, for tests: ``with SandboxServer(home, orgs={"acme": "salesforce"})``."""

    def __init__(self, home: Path, world: Path | None = None, orgs: Mapping[str, str] | None = None, reset: bool = False) -> None:
        self._sandbox = Sandbox(Path(home), None if world is None else Path(world), orgs, reset)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def _run(self) -> None:
        try:
            asyncio.run(self._sandbox.serve(self._ready.set))
        finally:
            self._ready.set()

    @property
    def orgs(self) -> dict[str, Org]:
        """Every org by name."""
        return self._sandbox.orgs

    @property
    def clock(self) -> Clock:
        return self._sandbox.clock

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(30)
        if not self._thread.is_alive():
            raise SandboxError("the sandbox ended before it began to answer")
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.stop()
        self._thread.join(10)
        self._sandbox.close()


def run(home: Path, world: Path | None = None, reset: bool = False, out: Callable[[str], None] = print) -> None:
    """Serve until SIGTERM or SIGINT. ``world`` defaults to ``home/world``. Raises ``SandboxError``."""
    default = home / "world"
    world = world if world is not None else (default if default.is_dir() else None)
    if world is None:
        raise SandboxError(f"no world: give one, or put it at {default}")
    sandbox = Sandbox(home, world, reset=reset)

    async def main() -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, sandbox.stop)
        await sandbox.serve(lambda: out("\n".join(f"{org.name:<24}{org.crm:<12}{org.url}" for org in sandbox.orgs.values())))

    try:
        asyncio.run(main())
    finally:
        sandbox.close()


def _listen(port: int) -> socket.socket:
    """A bound loopback socket: on ``port`` if it is free, else on any."""
    for wanted in (port, 0):
        # with TCP named, asyncio turns Nagle off: an answer would wait 40 ms
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", wanted))
            return listener
        except OSError:
            listener.close()
    raise SandboxError("no free loopback port")


def _locked(path: Path) -> int:
    """A lock that goes with the process: two servers on one home would answer from two minds."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise SandboxError(f"another sandbox is running on {path.parent}; stop it or choose another home") from None
    return handle


def _write_json(path: Path, value: Any) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
    os.replace(name, path)

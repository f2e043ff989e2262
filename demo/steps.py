"""The steps of the demo, each by the command a user would give, or by what a sales rep does in the CRM.

Belongs here: calling the parts in this process, and printing. Does not: files and processes (``stage.py``).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

from rich.console import Console

from demo.score import score
from demo.stage import Stage
from pipelines.account_plans import told
from pipelines.account_plans.make import Maker, make_plans, make_portfolio, partners_of
from pipelines.cli import show
from pipelines.cli.line import LineOutcome, run_line
from pipelines.cli.provisioning import provisioned
from pipelines.settings import Paths, load_settings
from pipelines.settings.environment import PROJECT_ROOT
from pipelines.warehouse import Warehouse


def provision() -> int:
    """Create what is missing in our CRMs; returns how many things were created."""
    settings = load_settings(Paths.from_environment().config)
    return sum(len(provisioned(settings, name).created) for name in settings.connections_of(ours=True))


def run(console: Console) -> LineOutcome:
    """The real job, as ``totsugo run`` starts it."""
    return run_line(console)


def account_map(console: Console, outcome: LineOutcome) -> None:
    """What a partner manager wants to know."""
    paths = Paths.from_environment()
    with Warehouse(paths).read() as con:
        show.account_map(console, con, load_settings(paths.config).us.language)
    show.written(console, outcome)


def account_plans(console: Console) -> None:
    """Every partner's plan, and how long each takes."""
    settings, warehouse = load_settings(Paths.from_environment().config), Warehouse(Paths.from_environment())
    maker = Maker.of(warehouse, warehouse.read, settings)
    made, (page, _) = make_plans(maker, partners_of(settings)), make_portfolio(maker)
    for one in (*made, page):
        for sentence in told.sentences(one, maker.language):
            console.print(f"  {one.seconds:4.1f} s  {sentence}", markup=False)


def hidden_truth(console: Console, stage: Stage) -> None:
    """How well matching did against the truth that no pipeline code can read."""
    console.print("\n[bold]Against the hidden truth[/bold] (no pipeline code can read it):")
    for line in score(Paths.from_environment().published, stage.truth).lines():
        console.print(f"  {line}", markup=False)


def open_ui(console: Console, stage: Stage) -> int:
    """Dagster's UI and daemon on this demo, until interrupted."""
    port = _free_port(3000)
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workspace",
        "workspace.yaml",
    ]
    log = stage.home / "logs" / "dagster-dev.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, env={**os.environ}, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
        with _stopped_at_the_end(process):
            if not _answers(process, port):
                console.print(f"[red]Dagster did not come up. The log says why: {log}[/red]")
                return 1
            console.print(f"Dagster UI: [bold]http://127.0.0.1:{port}[/bold]   (Ctrl-C stops it and the sandbox CRMs)")
            with contextlib.suppress(KeyboardInterrupt):
                process.wait()
    return 0


@contextlib.contextmanager
def _stopped_at_the_end(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with contextlib.suppress(ProcessLookupError):  # what it started and left behind
            os.killpg(process.pid, signal.SIGTERM)


def _answers(process: subprocess.Popen[bytes], port: int, seconds: float = 90) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=2) as answer:
            return bool(json.load(answer))
        time.sleep(0.3)
    return False


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return int(listener.getsockname()[1])
    raise SystemExit("No free loopback port for the UI.")

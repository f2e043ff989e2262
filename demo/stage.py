"""Where the demo plays: its world, its sandbox CRMs, and the environment that points Totsugo at them.

Belongs here: files, the sandbox process, environment variables. Does not: what is run on it (``steps.py``).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.sandbox.world import build
from pipelines.settings.environment import PROJECT_ROOT

START_LIMIT = 60
"""Seconds in which the sandbox must answer."""


@dataclass(frozen=True)
class Stage:
    """One demo in one folder; ``scale`` shrinks the world for tests."""

    home: Path
    scale: float = 1.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Stage:
        home = Path(environment.get("TOTSUGO_DEMO_HOME", PROJECT_ROOT / ".local" / "demo")).resolve()
        return cls(home, float(environment.get("TOTSUGO_DEMO_SCALE", "1")))

    @property
    def world(self) -> Path:
        return self.home / "world"

    @property
    def truth(self) -> Path:
        """Which records are which company, known only to the world's maker and to ``demo.score``."""
        return self.home / "truth"

    @property
    def about(self) -> dict[str, Any]:
        """The world's own description (``world.json``)."""
        found: dict[str, Any] = json.loads((self.world / "world.json").read_text(encoding="utf-8"))
        return found

    def build_world(self) -> None:
        """Make the world, unless the same one is there already."""
        build(self.world, self.truth, scale=self.scale)

    @contextlib.contextmanager
    def sandbox(self) -> Iterator[dict[str, Any]]:
        """The sandbox CRMs of this world, running: those of ``make ui`` if they are, else our own until the end of the block."""
        running = self._described()
        if running is not None:
            yield running
            return
        command = [sys.executable, "-m", "connectors.sandbox", "--home", str(self._sandbox_home), "--world", str(self.world)]
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            yield self._wait_for(process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)

    @property
    def _sandbox_home(self) -> Path:
        return self.home / "sandbox"

    def _described(self) -> dict[str, Any] | None:
        """``sandbox.json`` of a sandbox that is alive."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
            found: dict[str, Any] = json.loads((self._sandbox_home / "sandbox.json").read_text(encoding="utf-8"))
            os.kill(found["pid"], 0)
            return found
        return None

    def _wait_for(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            described = self._described()
            if described is not None:
                return described
            if process.poll() is not None:
                raise SystemExit("The sandbox CRMs ended before they answered; the line above says why.")
            time.sleep(0.05)
        raise SystemExit(f"The sandbox CRMs did not answer within {START_LIMIT} s.")

    def environment(self, described: Mapping[str, Any]) -> dict[str, str]:
        """The variables that ``account_mapping.yaml`` names, and where this demo keeps its state."""
        found = {
            "TOTSUGO_HOME": str(self.home),
            "TOTSUGO_CONFIG": str(PROJECT_ROOT / "account_mapping.yaml"),
            "TOTSUGO_WRITE_BACK": "1",
            "TOTSUGO_FIRST_FILL": "write",
            "TOTSUGO_AS_OF": self.about["as_of"],
            "PARTNER_FILES": str(self.world / "files"),
            "REGISTER_FILES": str(self.world / "register"),
            "DAGSTER_HOME": str(PROJECT_ROOT),
            "DAGSTER_DISABLE_TELEMETRY": "1",
        }
        for name, org in described["orgs"].items():
            for key, value in org.items():
                if key == "logins":  # other methods of the same login, which the demo does not use
                    continue
                if isinstance(value, dict):  # a login of another kind: OUR_SALESFORCE_ADMIN_CLIENT_ID
                    found |= {f"{name}_{key}_{part}".upper(): str(text) for part, text in value.items()}
                elif key != "crm":
                    found[f"{name}_{key}".upper()] = str(value)
        return found

"""Faults that a test or a curious person switches on in a sandbox org.

Belongs here: which faults are armed, and whether the next call draws one. Does not: what a fault looks
like on the wire (``admin.py`` for those common to all CRMs, the CRM's app for its own).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

COMMON_KINDS = {
    "http_503_html": "503 with an HTML page",
    "drop_connection": "the connection is cut 'before' or 'after' (see 'when') the call takes effect",
    "slow": "the answer waits 'seconds'",
}
SETTINGS = {
    "kind": "which fault",
    "count": "strike so many times, then no more",
    "rate": "strike each fitting call with this probability, from 0 to 1",
    "seed": "which calls a rate strikes: the same seed, the same calls",
    "match": "only calls with this text in their path (or in what the kind says it is matched with)",
    "method": "only calls of this HTTP method",
    "skip": "let so many fitting calls pass first",
    "seconds": "for kinds that wait or lag",
    "when": "drop_connection: 'before' or 'after'",
}


@dataclass
class Fault:
    """One armed fault: the next ``count`` fitting calls, or each with probability ``rate``; with neither, every one."""

    kind: str
    count: int | None = None
    rate: float | None = None
    seed: int = 0
    match: str = ""
    """Part of the path (or of the text an app asks with); empty fits all."""
    method: str = ""
    skip: int = 0
    """So many fitting calls pass before the fault begins: breaks a page or a batch in the middle."""
    seconds: float = 1.0
    """How long ``slow`` waits."""
    when: str = "before"
    """``drop_connection``: ``before`` the call takes effect, or ``after`` it did and its answer is lost."""
    taken: int = 0
    _random: random.Random = field(default_factory=random.Random, repr=False)

    def __post_init__(self) -> None:
        if self.when not in ("before", "after"):
            raise ValueError("when must be 'before' or 'after'")
        self._random.seed(self.seed)

    def draw(self, kind: str, path: str, method: str) -> bool:
        """Whether it strikes this call; counts it if so."""
        if kind != self.kind or self.match not in path or (method and self.method and method.upper() != self.method.upper()):
            return False
        if self.count is not None and self.taken >= self.count:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.rate is not None and self._random.random() >= self.rate:
            return False
        self.taken += 1
        return True


class Faults:
    """The armed faults of one org. Apps ask ``take(kind, path)`` where their own faults can strike.

    ``own_kinds``: the CRM's own, with a line for people.
    """

    def __init__(self, own_kinds: Mapping[str, str]) -> None:
        self.kinds = {**COMMON_KINDS, **own_kinds}
        self._armed: list[Fault] = []

    def arm(self, settings: dict[str, Any]) -> Fault:
        """Arm a fault from the admin API's JSON. Raises ``ValueError`` on an unknown setting or kind."""
        unknown = sorted(settings.keys() - SETTINGS)
        if unknown or not isinstance(settings.get("kind"), str):
            raise ValueError(f"unknown settings: {', '.join(unknown)}" if unknown else "a fault needs a kind")
        if settings["kind"] not in self.kinds:
            raise ValueError(f"there is no fault {settings['kind']}; there are {', '.join(sorted(self.kinds))}")
        fault = Fault(**settings)
        self._armed.append(fault)
        return fault

    def draw(self, kind: str, path: str, method: str = "") -> Fault | None:
        """The fault of this kind that strikes this call, if any."""
        return next((fault for fault in self._armed if fault.draw(kind, path, method)), None)

    def take(self, kind: str, path: str = "", method: str = "") -> bool:
        """Whether a fault of this kind strikes this call."""
        return self.draw(kind, path, method) is not None

    def clear(self, kind: str | None = None) -> None:
        """Disarm all, or those of one kind."""
        self._armed = [fault for fault in self._armed if kind is not None and fault.kind != kind]

    def listed(self) -> list[dict[str, Any]]:
        """What is armed and how often each has struck."""
        return [{key: value for key, value in asdict(fault).items() if key != "_random"} for fault in self._armed]

"""How many calls a run may make to one CRM: a budget of its own, and a reserve of the CRM's limit that it never touches.

Belongs here: the sums. Does not: which header says what (the sessions), or how many calls a batch costs (each CRM's ``client``).
"""

from __future__ import annotations

from dataclasses import dataclass

from connectors.crm import Quota, QuotaExhausted


@dataclass(frozen=True)
class Budget:
    """What a run may use of one CRM."""

    calls: int | None = None
    """Calls of one run; ``None``: as many as the reserve lets be."""
    reserve: float = 0.1
    """Share of the CRM's daily limit that is left to others."""
    made: int = 0
    """Calls that the same run made already, in other processes."""


class Meter:
    """Counts the calls of one session and keeps what the CRM's headers said last."""

    def __init__(self, host: str, budget: Budget) -> None:
        self._host, self._budget = host, budget
        self.calls = 0
        """Calls made by this session, attempts that were repeated not counted."""
        self.quota = Quota(None, None)

    def heard(self, used: int, limit: int) -> None:
        """What an answer's headers say of the day's calls."""
        self.quota = Quota(used, limit)

    def left(self) -> int | None:
        """Calls that may still be made; ``None``: nothing stands against any number."""
        rooms = []
        if self._budget.calls is not None:
            rooms.append(self._budget.calls - self._budget.made - self.calls)
        if self.quota.used is not None and self.quota.limit is not None:
            rooms.append(int(self.quota.limit * (1 - self._budget.reserve)) - self.quota.used)
        return max(0, min(rooms)) if rooms else None

    def require(self, calls: int) -> None:
        """Raises ``QuotaExhausted`` unless so many calls may be made, in words that say which limit stands against it."""
        left = self.left()
        if left is None or left >= calls:
            return
        made = self._budget.made + self.calls
        if self._budget.calls is not None and self._budget.calls - made < calls:
            raise QuotaExhausted(
                f"{self._host}: this run may make {self._budget.calls:,} API calls and has made {made:,};"
                f" the next step needs {calls:,}. Raise calls_per_run, or let the next run go on."
            )
        raise QuotaExhausted(
            f"{self._host}: {self.quota.used:,} of the day's {self.quota.limit:,} API calls are used, and"
            f" {self._budget.reserve:.0%} are kept in reserve; the next step needs {calls:,}. A later run goes on from here."
        )

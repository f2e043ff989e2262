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


class Meter:
    """Counts the calls of one session, which is a run's only one to its CRM, and keeps what the CRM's headers said last."""

    def __init__(self, host: str, budget: Budget) -> None:
        self._host, self._budget = host, budget
        self.calls = 0
        """Calls made by this session, attempts that were repeated not counted."""
        self._heard_at = 0
        self.quota = Quota(None, None)

    def heard(self, used: int, limit: int) -> None:
        """What an answer's headers say of the day's calls, whoever made them."""
        self.quota = Quota(used, limit)
        self._heard_at = self.calls

    def require(self, calls: int) -> None:
        """Raises ``QuotaExhausted`` unless so many calls may be made, in words that say which limit stands against it."""
        of_run = self._budget.calls
        if of_run is not None and of_run - self.calls < calls:
            raise QuotaExhausted(
                f"{self._host}: this run may make {of_run:,} API calls (calls_per_run) and has made {self.calls:,};"
                f" the next step needs {calls:,}"
            )
        used, limit = self.quota.used, self.quota.limit
        if used is None or limit is None:  # the first answer will tell
            return
        used += self.calls - self._heard_at  # some answers, such as those of HubSpot's searches, say nothing
        if int(limit * (1 - self._budget.reserve)) - used < calls:
            raise QuotaExhausted(
                f"{self._host}: {used:,} of the day's {limit:,} API calls are used, and {self._budget.reserve:.0%} are kept in"
                f" reserve; the next step needs {calls:,}"
            )

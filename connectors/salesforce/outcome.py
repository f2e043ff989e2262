"""What a provisioning has done so far.

Belongs here: the three lists that become a ``ProvisionReport``. Does not: doing any of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.crm import ProvisionReport


@dataclass
class Outcome:
    """Names in the order in which they were looked at."""

    created: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)

    def report(self) -> ProvisionReport:
        return ProvisionReport(tuple(self.created), tuple(self.present), tuple(self.by_hand))

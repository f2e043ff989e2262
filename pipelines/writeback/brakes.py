"""The brakes: whether a change set is so unlike a normal day that a person should look at it before anything is written.

Belongs here: measuring the counts against ``write_back.brakes``, pure. Does not: what may have caused it (``causes.py``), holding
and approving (``approval.py``).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.settings.write_back import Brakes
from pipelines.writeback.catalogue import CHILD_OBJECT
from pipelines.writeback.causes import Moved
from pipelines.writeback.change_set import TargetCounts
from pipelines.writeback.journal import Target


@dataclass(frozen=True)
class Tripped:
    """One brake that tripped; ``values`` fill the text ``brake.<name>``."""

    name: str
    target: Target | None = None
    values: dict[str, object] = field(default_factory=dict)


def tripped(
    counts: Sequence[TargetCounts], brakes: Brakes, as_of: datetime, last_as_of: datetime | None, lost: Sequence[Moved] = ()
) -> list[Tripped]:
    """Every brake that the change set trips; none means that it may be written.

    ``last_as_of``: of the last run that wrote. ``lost``: sources of which too much is gone since.
    """
    filled = {target.target.connection for target in counts if target.sent}
    found = [entry for target in counts if not target.skipped for entry in _of_target(target, brakes, filled)]
    return found + (astray(brakes, as_of, last_as_of, lost) if any(target.changed for target in counts) else [])


def astray(brakes: Brakes, as_of: datetime, last_as_of: datetime | None, lost: Sequence[Moved]) -> list[Tripped]:
    """What is wrong with the run itself, whatever it would write: later runs must not be measured against it."""
    found = [Tripped("source", None, {"moved": source}) for source in lost]
    if last_as_of is not None and (as_of - last_as_of).days > brakes.days_ahead:
        days = (as_of - last_as_of).days
        found.append(Tripped("clock", None, {"days": days, "last": last_as_of.date(), "limit": brakes.days_ahead}))
    return found


def _of_target(counts: TargetCounts, brakes: Brakes, filled: Container[str]) -> Iterator[Tripped]:
    """``filled``: connections that were written before; there a new list, such as a new partner's, is nothing new."""
    if counts.target.object == CHILD_OBJECT and counts.changed and counts.wanted > brakes.child_rows:
        yield Tripped("child_rows", counts.target, {"count": counts.wanted, "limit": brakes.child_rows})
    if counts.first_fill:
        new_list = counts.target.object.startswith("list:") and counts.target.connection in filled
        if brakes.first_fill == "hold" and counts.changed and not new_list:
            yield Tripped("first_fill", counts.target, {"count": counts.changed})
        return
    total = max(counts.wanted, counts.sent)
    child = "_rows" if counts.target.object == CHILD_OBJECT else ""
    for name, count, limit in (
        ("changed", counts.changed, brakes.changed_share),
        (f"flags_set{child}", counts.flags_set, brakes.flags_set_share),
        (f"flags_cleared{child}", counts.flags_cleared, brakes.flags_cleared_share),
        ("removed", counts.removed, brakes.removed_share),
    ):
        if count >= brakes.at_least and count > limit * total:
            share = count / total
            yield Tripped(name, counts.target, {"count": count, "total": total, "share": share, "limit": limit})

"""What ``account_mapping.yaml`` says of write-back: what is written, and the brakes.

Belongs here: the shape and the defaults. Does not: measuring a change set against them (``pipelines/writeback/brakes.py``).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipelines.settings.base import Days, Model

Share = Annotated[float, Field(ge=0, le=1)]


class Brakes(Model):
    """A change set that passes one of these is held whole until a person approves it (``totsugo approve``). Shares are of the
    records of one object or list that should be as the map says."""

    first_fill: Literal["hold", "write"] = "hold"
    """The first time that an object or list is written everything in it changes: held like any other, or written."""
    changed_share: Share = 0.3
    """Records that would change."""
    flags_set_share: Share = 0.05
    """Accounts that would become no-approach."""
    flags_cleared_share: Share = 0.05
    """Accounts that would be no-approach no longer."""
    removed_share: Share = 0.2
    """Child rows or list members that would go."""
    source_loss_share: Share = 0.5
    """How much of a source (a party's records, our customers, the register) may be gone since the last run that wrote."""
    at_least: Annotated[int, Field(ge=1)] = 20
    """Fewer records than this never trip a brake by their share."""
    child_rows: Annotated[int, Field(ge=0)] = 200_000
    """Rows of the child object that one connection may hold."""
    days_ahead: Days = 45
    """How far the moment of a run may lie after that of the last one that wrote."""
    canary: Annotated[int, Field(ge=1, le=200)] = 10
    """Records of each object that are written, read back and compared before the rest."""


class WriteBack(Model):
    """``enabled`` is the kill switch; the rest says what is written."""

    enabled: bool = True
    account_fields: bool = True
    """Off: only child rows and lists are written, which spares the triggers of accounts."""
    child_rows: bool = True
    lists: bool = True
    registration_verdicts: bool = False
    """Status, reason and end of a deal registration onto the opportunity or deal that it is."""
    next_play_tasks: bool = False
    """The next play as a task for the account's owner; each once."""
    brakes: Brakes = Brakes()

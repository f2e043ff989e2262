"""Handing shares over as files: log, files, log again; and taking back what a partner may no longer have.

Belongs here: the order of the steps, and that one partner's fault stops no other. Does not: what a partner may see
(``gate.py``), the rows of the log (``log.py``), the files (``files.py``), where they lie (``storage.py``), or any other way out.

The same share is not handed over twice. One that was broken off is known by rows that are logged twice, and handed over again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import duckdb

from pipelines.settings import Paths, Settings
from pipelines.sharing import counts, log
from pipelines.sharing.behind import newest_change
from pipelines.sharing.files import files_of
from pipelines.sharing.gate import share_of
from pipelines.sharing.layout import share_digest
from pipelines.sharing.log import FOLDER, BeyondRecall, Difference
from pipelines.sharing.share import Share
from pipelines.sharing.storage import Folder, StorageFault
from pipelines.texts import text
from pipelines.warehouse import transaction

Outcome = Literal["delivered", "unchanged", "withdrawn", "none", "outdated", "failed"]


@dataclass(frozen=True)
class Courier:
    """What all deliveries of one call share. ``con``: on the marts of the last run, with ``state``; ``clock``: the moment, asked
    as things happen; ``again``: hand over what is unchanged, too."""

    con: duckdb.DuckDBPyConnection
    settings: Settings
    folder: Folder
    today: date
    clock: Callable[[], datetime]
    again: bool = False


@dataclass
class Delivered:
    """What came of one partner's share. ``none``: there is none, and there was none; ``outdated``: its policy is another one than
    the last run knew, and nothing was touched; ``failed``: ``fault`` says why."""

    partner: str
    outcome: Outcome = "failed"
    share: Share | None = None
    lists: dict[str, Difference] = field(default_factory=dict)
    """List -> what the delivery changed for the partner."""
    delivered_at: datetime | None = None
    changed_at: datetime | None = None
    """The newest change in our CRMs that it shows."""
    beyond_recall: BeyondRecall | None = None
    """Of what this delivery withdrew because of the policy or its end."""
    fault: str | None = None
    error: Exception | None = None
    """Of a fault that no person made: a mistake of ours."""

    @property
    def is_settled(self) -> bool:
        """What the partner has is what it may have."""
        return self.outcome in ("delivered", "unchanged", "withdrawn", "none")

    @property
    def latency(self) -> float | None:
        """Seconds from that change to the partner's folder."""
        if self.delivered_at is None or self.changed_at is None or self.delivered_at < self.changed_at:
            return None
        return (self.delivered_at - self.changed_at).total_seconds()


@dataclass(frozen=True)
class _Last:
    """The newest delivery of a partner."""

    digest: str
    at: datetime
    withdrawn: bool


def folder_of(settings: Settings, paths: Paths) -> Folder:
    """Where shares go; a relative path is seen from the yaml. Nothing is opened yet."""
    named = settings.sharing.folder
    if named is None or "://" in named:
        return Folder(named or paths.home / "shares", settings.sharing.storage)
    return Folder(paths.config.parent / named, settings.sharing.storage)


def partners_of(con: duckdb.DuckDBPyConnection, settings: Settings) -> list[str]:
    """Partners that have a share or had one: those of the yaml in its order, then those that it no longer names."""
    query = "SELECT partner FROM state.share_deliveries UNION SELECT partner FROM state.sharing_log ORDER BY partner"
    return list(dict.fromkeys([*settings.partners, *(partner for (partner,) in con.execute(query).fetchall())]))


def may_have_one(settings: Settings, partner: str, today: date) -> bool:
    """Whether the yaml lets anything be shared with the partner on that day."""
    if partner not in settings.partners or settings.partners[partner].stage != "active":
        return False
    policy = settings.sharing_of(partner)
    return policy.approved_by is not None and (policy.until is None or policy.until >= today)


def deliver(courier: Courier, partners: Sequence[str]) -> list[Delivered]:
    """Hand each of these partners its share, or take it back. A fault is that partner's alone."""
    return [_alone(courier, partner, _delivered) for partner in partners]


def would_deliver(courier: Courier, partners: Sequence[str]) -> list[Delivered]:
    """What ``deliver`` would do; nothing is written."""
    return [_alone(courier, partner, _looked_at) for partner in partners]


def take_back_ended(courier: Courier, partners: Sequence[str]) -> list[Delivered]:
    """Take back what partners have whom the yaml lets have nothing: for that no run is needed. The others are left out."""
    ended = [partner for partner in partners if not may_have_one(courier.settings, partner, courier.today)]
    return deliver(courier, ended)


def _delivered(courier: Courier, made: Delivered) -> None:
    if not may_have_one(courier.settings, made.partner, courier.today):
        _withdraw(courier, made, "ended")
        return
    made.share = share_of(courier.con, courier.settings, made.partner)
    if made.share is None:
        _outdated(courier, made)
    elif not made.share.lists:
        _withdraw(courier, made, "policy")
    else:
        _hand_over(courier, made, made.share)


def _looked_at(courier: Courier, made: Delivered) -> None:
    ended = not may_have_one(courier.settings, made.partner, courier.today)
    made.share = None if ended else share_of(courier.con, courier.settings, made.partner)
    if made.share is None and not ended:
        _outdated(courier, made)
    elif made.share is None or not made.share.lists:
        made.lists = _all_withdrawn(courier, made.partner)
        made.outcome = "withdrawn" if _has_something(courier, made.partner) else "none"
    else:
        made.lists = log.difference(courier.con, made.share, FOLDER)
        made.outcome = "unchanged" if _is_there(courier, made.share, made.lists) else "delivered"


def _hand_over(courier: Courier, made: Delivered, share: Share) -> None:
    con, at = courier.con, courier.clock()
    made.lists = log.difference(con, share, FOLDER)
    is_there, last = _is_there(courier, share, made.lists), _last(con, share.partner)
    is_of_same_policy = log.versions(con, share.partner, FOLDER) <= {share.policy_version}
    with transaction(con):
        log.note_policy(con, share.partner, courier.settings.sharing_of(share.partner), at)
        log.announce(con, share, FOLDER, at)
        counts.remember(con, share)
    if is_there and not courier.again:
        made.outcome = "unchanged"
        return
    courier.folder.put(share.partner, files_of(share))
    made.delivered_at = courier.clock()
    if last and not last.withdrawn and is_of_same_policy:
        made.changed_at = newest_change(con, {each for one in made.lists.values() for each in one.companies}, last.at)
    with transaction(con):
        log.settle(con, share, FOLDER, made.delivered_at)
        _note(con, made, _digest(courier, share))
    made.beyond_recall = log.beyond_recall(con, share.partner, FOLDER, made.delivered_at)
    made.outcome = "delivered"


def _withdraw(courier: Courier, made: Delivered, because: log.Ended) -> None:
    """The log is closed after the files are gone: until then the partner may see them."""
    if not _has_something(courier, made.partner):
        made.outcome = "none"
        return
    con, settings = courier.con, courier.settings
    made.lists = _all_withdrawn(courier, made.partner)
    language = (settings.sharing_of(made.partner).language if made.partner in settings.partners else None) or settings.us.language
    courier.folder.withdraw(made.partner, text("sharing.notice", language, us=settings.us.name))
    made.delivered_at = courier.clock()
    with transaction(con):
        log.close_all(con, made.partner, FOLDER, made.delivered_at, because)
        _note(con, made, "")
    made.beyond_recall = log.beyond_recall(con, made.partner, FOLDER, made.delivered_at)
    made.outcome = "withdrawn"


def _outdated(courier: Courier, made: Delivered) -> None:
    made.outcome = "outdated"
    made.fault = text("sharing.outdated", courier.settings.us.language, name=name_of(courier.settings, made.partner))


def _is_there(courier: Courier, share: Share, lists: dict[str, Difference]) -> bool:
    """The partner has just this: the files say so, and so does the log, in which a delivery that was broken off leaves traces."""
    last = _last(courier.con, share.partner)
    as_logged = all(one.is_none for one in lists.values())
    return as_logged and last is not None and not last.withdrawn and last.digest == _digest(courier, share)


def _digest(courier: Courier, share: Share) -> str:
    """Of what the partner has, first, for a workbook that comes back is known by it; and where: a folder that was moved holds
    nothing yet."""
    return f"{share_digest(share)} {hashlib.sha256(courier.folder.address.encode()).hexdigest()}"


def _has_something(courier: Courier, partner: str) -> bool:
    last = _last(courier.con, partner)
    return bool(log.standing(courier.con, partner, FOLDER)) or (last is not None and not last.withdrawn)


def _all_withdrawn(courier: Courier, partner: str) -> dict[str, Difference]:
    return {name: Difference(withdrawn=rows) for name, rows in log.standing(courier.con, partner, FOLDER).items()}


def _last(con: duckdb.DuckDBPyConnection, partner: str) -> _Last | None:
    row = con.execute(
        "SELECT digest, delivered_at, withdrawn FROM state.share_deliveries WHERE partner = ? AND channel = ?"
        " ORDER BY delivered_at DESC, rowid DESC LIMIT 1",
        [partner, FOLDER],
    ).fetchone()
    return _Last(*row) if row else None


def _note(con: duckdb.DuckDBPyConnection, made: Delivered, digest: str) -> None:
    con.execute(
        """
        INSERT INTO state.share_deliveries BY NAME
        SELECT $partner AS partner, $channel AS channel, $digest AS digest, run_id, as_of, $at AS delivered_at,
            $changed_at AS changed_at, $withdrawn AS withdrawn
        FROM config.run
        """,
        {
            "partner": made.partner,
            "channel": FOLDER,
            "digest": digest,
            "at": made.delivered_at,
            "changed_at": made.changed_at,
            "withdrawn": not digest,
        },
    )


def name_of(settings: Settings, partner: str) -> str:
    """The partner's name, or its id where the yaml no longer names it."""
    return settings.partners[partner].name if partner in settings.partners else partner


def _alone(courier: Courier, partner: str, act: Callable[[Courier, Delivered], None]) -> Delivered:
    """A fault is told of this partner, and of no other."""
    made = Delivered(partner)
    try:
        act(courier, made)
    except StorageFault as fault:
        made.outcome, made.fault = "failed", fault.sentence(courier.settings.us.language)
    except Exception as error:  # a mistake of ours in one share must not cost the others, nor the run
        words = text("sharing.broke", courier.settings.us.language, error=f"{type(error).__name__}: {error}")
        made.outcome, made.fault, made.error = "failed", words, error
    return made

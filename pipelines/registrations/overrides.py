"""Reps' allows against another partner's live claim: which wait for the partner manager, and confirming them.

Belongs here: reading them from the published copy, recording in ``state.override_confirmations``. Does not: lifting the
bar; the next run does that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from pipelines.registrations.refused import Refused, one_of
from pipelines.warehouse import transaction

_OVERRIDES = """
SELECT o.record_id, o.partner, allowed.name, companies.name, o.until, o.reason,
    list_sort(list(DISTINCT holders.name) FILTER (r.claim_id IS NOT NULL)),
    coalesce(bool_or(c.until >= o.until), false)
FROM intermediate.overrides AS o
JOIN marts.map_records AS records USING (record_id)
JOIN marts.company_profiles AS companies ON companies.company_id = records.company_id
LEFT JOIN config.parties AS allowed ON allowed.party = o.partner
LEFT JOIN marts.registrations AS r
    ON r.company_id = records.company_id AND r.partner IS DISTINCT FROM o.partner
    AND r.status IN ('pending', 'approved', 'extended')
LEFT JOIN config.parties AS holders ON holders.party = r.partner
LEFT JOIN state.override_confirmations AS c ON c.record_id = o.record_id AND (c.partner IS NULL OR c.partner = o.partner)
WHERE o.override = 'allow' AND o.is_valid
GROUP BY ALL
ORDER BY 8, o.until, o.record_id
"""


@dataclass(frozen=True)
class Override:
    """One valid allow. ``partner`` is empty where it is for every partner; ``against``: who has a live claim there."""

    record_id: str
    partner: str | None
    partner_name: str | None
    company: str
    until: date
    reason: str | None
    against: list[str] | None
    confirmed: bool

    @property
    def waits(self) -> bool:
        return bool(self.against) and not self.confirmed


def overrides_of(con: duckdb.DuckDBPyConnection) -> list[Override]:
    """Every valid allow, what is not confirmed first."""
    return [Override(*row) for row in con.execute(_OVERRIDES).fetchall()]


def find_override(overrides: Sequence[Override], asked: str) -> Override:
    """The allow on that record; of several (a rep's, the partner manager's) one that waits. Raises ``Refused``, with near ids."""
    by_id = {override.record_id: override for override in sorted(overrides, key=lambda override: override.waits)}
    return by_id[one_of(asked, list(by_id), "unknown_override")]


def confirm(
    con: duckdb.DuckDBPyConnection, override: Override, partner: str | None, reason: str, decided_by: str, decided_at: datetime
) -> None:
    """Let the allow lift other partners' claims, for its partner and until its end. Raises ``Refused``."""
    if partner not in (None, override.partner):
        raise Refused("other_partner", asked=partner, partner=override.partner or "*")
    if not override.against:
        raise Refused("nothing_against")
    with transaction(con):
        con.execute(
            "INSERT INTO state.override_confirmations BY NAME SELECT ? AS record_id, ?::VARCHAR AS partner, ?::DATE AS until, "
            "?::VARCHAR AS reason, ? AS decided_by, ?::TIMESTAMPTZ AS decided_at",
            [override.record_id, override.partner, override.until, reason, decided_by, decided_at],
        )

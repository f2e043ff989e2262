"""Deal registrations as the last run left them, for a person to answer.

Belongs here: reading them from the published copy, what waits first. Does not: any rule; the marts decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from pipelines.registrations.refused import one_of

HOLDING = ("pending", "approved", "extended")

_CLAIMS = """
SELECT r.claim_id, r.partner, partners.name, r.company_id, companies.name, r.scope, coalesce(r.product, lines.name), r.status,
    r.reason_key, r.received_on, r.protected_until, r.in_grace, r.decided_by, r.held_by_claim_id,
    terms.protection_until, terms.approved_until, config_terms.extension_days, said.decision, said.decided_at
FROM marts.registrations AS r
JOIN marts.claim_terms AS terms USING (claim_id)
JOIN marts.company_profiles AS companies ON companies.company_id = r.company_id
JOIN config.parties AS partners ON partners.party = r.partner
JOIN config.registration_terms AS config_terms ON config_terms.partner = r.partner
LEFT JOIN config.product_lines AS lines ON lines.product_line = r.scope
LEFT JOIN (
    SELECT claim_id, arg_max(decision, decided_at) AS decision, max(decided_at) AS decided_at
    FROM state.registration_decisions GROUP BY claim_id
) AS said USING (claim_id)
ORDER BY
    CASE
        WHEN r.status IN ('submitted', 'pending') OR r.in_grace THEN 1
        WHEN r.status IN ('approved', 'extended') THEN 2
        ELSE 3
    END,
    r.protected_until, r.received_at, r.claim_id
"""


@dataclass(frozen=True)
class Claim:
    """One deal registration; the fields are those of ``marts.registrations`` and ``marts.claim_terms``."""

    claim_id: str
    partner: str
    partner_name: str
    company_id: str
    company: str
    scope: str
    product: str | None
    status: str
    reason_key: str
    received_on: date
    protected_until: date
    in_grace: bool
    decided_by: str | None
    held_by_claim_id: str | None
    protection_until: date
    approved_until: date
    extension_days: int
    said: str | None
    """The last answer that the run knew of, and when it was given."""
    said_at: datetime | None

    @property
    def waits(self) -> bool:
        """A person is asked: to approve, to say which company, or to extend before the grace is over."""
        return self.status in ("submitted", "pending") or self.in_grace

    @property
    def holds(self) -> bool:
        return self.status in HOLDING

    def overlaps(self, other: Claim) -> bool:
        """Both claim the same company, and the same product line or the whole company."""
        return self.company_id == other.company_id and ("*" in (self.scope, other.scope) or self.scope == other.scope)


def claims_of(con: duckdb.DuckDBPyConnection) -> list[Claim]:
    """Every deal registration, what waits first, and of that what ends first."""
    return [Claim(*row) for row in con.execute(_CLAIMS).fetchall()]


def find_claim(claims: Sequence[Claim], asked: str) -> Claim:
    """The claim of that id, or the only one whose id ends in it. Raises ``Refused``, with near ids."""
    by_id = {claim.claim_id: claim for claim in claims}
    return by_id[one_of(asked, list(by_id), "unknown_claim")]

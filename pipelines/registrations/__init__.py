"""What the partner manager says of deal registrations and of reps' overrides: reading what waits, recording the answer.

Belongs here: plain Python over the published copy and the state. Does not: what an answer leads to (dbt marts), printing (the
command line).
"""

from pipelines.registrations.claims import Claim, claims_of, find_claim
from pipelines.registrations.decide import Decision, approve, extend, reject, withdraw
from pipelines.registrations.overrides import Override, confirm, find_override, overrides_of
from pipelines.registrations.refused import Refused

__all__ = [
    "Claim",
    "Decision",
    "Override",
    "Refused",
    "approve",
    "claims_of",
    "confirm",
    "extend",
    "find_claim",
    "find_override",
    "overrides_of",
    "reject",
    "withdraw",
]

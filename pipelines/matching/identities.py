"""Company ids: minted once, kept when records join or leave, and the same for the same input."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime


def _mint(record_id: str, taken: set[str]) -> str:
    attempt = 0
    while True:
        text = record_id if attempt == 0 else f"{record_id}#{attempt}"
        company_id = "c_" + hashlib.sha256(text.encode()).hexdigest()[:16]
        if company_id not in taken:
            return company_id
        attempt += 1


def assign_company_ids(groups: Sequence[Sequence[str]], prior: Mapping[str, tuple[str, datetime]]) -> list[str]:
    """A company id for each group of record ids.

    ``prior``: record id -> (company id it had, when that was minted), of gone records too. A group takes the id that most of
    its records had
    (of equals the oldest, then the smallest); where two groups claim one id, the one with more claimants keeps it. Other
    groups get a new id
    made from their smallest record id.
    """
    claims = []
    for index, group in enumerate(groups):
        had = [prior[record] for record in group if record in prior]
        votes = Counter(company_id for company_id, _ in had)
        oldest = {company_id: min(minted for other, minted in had if other == company_id) for company_id in votes}
        claims += [(-count, oldest[company_id], company_id, min(group), index) for company_id, count in votes.items()]
    result: dict[int, str] = {}
    given: set[str] = set()
    for _, _, company_id, _, index in sorted(claims):
        if index not in result and company_id not in given:
            result[index] = company_id
            given.add(company_id)
    taken = given | {company_id for company_id, _ in prior.values()}
    for index in sorted(range(len(groups)), key=lambda i: min(groups[i])):
        if index not in result:
            result[index] = _mint(min(groups[index]), taken)
            taken.add(result[index])
    return [result[index] for index in range(len(groups))]

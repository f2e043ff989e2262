"""What a partner may see, worked out in plain Python from the facts and the policy, as docs/rules.md and DESIGN's words state it.

Belongs here: the second opinion that the SQL of ``share_*`` is held against. It reads no model, no mart and no macro. Does not:
reading outputs (``search.py``), or the comparison (``test_leaks.py``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from tests.leaks.facts import STATUSES, Facts, Partner, Record, Traits
from tests.scenarios.scenario import TODAY

CELLS = {
    ("customer", "customer"): 1,
    ("open_opportunity", "customer"): 2,
    ("target", "customer"): 3,
    ("customer", "open_opportunity"): 4,
    ("open_opportunity", "open_opportunity"): 5,
    ("customer", "target"): 6,
    ("open_opportunity", "target"): 7,
    ("target", "open_opportunity"): 8,
    ("target", "target"): 9,
}
TOKEN = re.compile(r"tk[a-z0-9]{9}")
CLAIMS = ("registration", "introduction")
DIRECT = {"our_customer": "customer", "our_open_opportunity": "open_opportunity"}


@dataclass
class Allowed:
    """What one partner may be told."""

    shares: bool
    """Anything at all: the contract runs, and so does an approved policy."""
    tokens: set[str] = field(default_factory=set)
    """Texts and numbers."""
    shown: dict[str, str] = field(default_factory=dict)
    """Company -> our status of it, for those of which the policy shows rows. The partner has them, or is offered them."""
    listed: dict[str, str] = field(default_factory=dict)
    """Company -> the partner's own status, of all that it lists."""
    named: set[str] = field(default_factory=set)
    """Companies that it named itself: on its list, in a registration, in an introduction."""
    our_status: dict[str, str] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(our status, the partner's) -> how many companies truly are so, shown or not."""
    levels: dict[tuple[str, str], str] = field(default_factory=dict)


def status_of(records: list[Record]) -> str | None:
    """A party's status by its records; None without any that counts."""
    counted = [record for record in records if record.object not in CLAIMS]
    if not counted:
        return None
    said = {status for record in counted for status in record.statuses}
    return next((status for status in STATUSES if status in said), "known")


def allowed(facts: Facts, partner: Partner) -> Allowed:
    """Everything that this partner may see of the world."""
    policy = partner.policy
    shares = partner.stage == "active" and policy.approved_by is not None and (policy.until is None or policy.until >= TODAY)
    may = Allowed(shares=shares)
    may.tokens |= tokens_in(partner.party, partner.name, facts.our_name)
    if partner.stage == "ended":
        return may
    theirs = {company: _of(facts, partner.party, company) for company in facts.companies}
    ours = {company: _of(facts, "us", company) for company in facts.companies}
    may.listed = {company: status for company in theirs if (status := status_of(theirs[company]))}
    may.our_status = {company: status_of(ours[company]) or "absent" for company in ours}
    by_deal = {claim.record_id for claim in facts.claims if claim.partner == partner.party and claim.origin == "opportunity"}
    may.named = {company for company in theirs if theirs[company]}
    may.named |= {record.company for record in facts.records if record.record_id in by_deal and record.company}
    for our_status in STATUSES:
        for partner_status in STATUSES:
            may.levels[our_status, partner_status] = level_of(partner, our_status, partner_status)
    for company, partner_status in may.listed.items():
        level = level_of(partner, may.our_status[company], partner_status)
        may.counts[may.our_status[company], partner_status] += 1
        if level in ("overlaps", "all"):
            may.shown[company] = may.our_status[company]
    for company in facts.companies:
        # of what it has not, only targets of ours in its territory are ever offered; this oracle leaves open which of them
        is_offered = company not in may.listed and may.our_status[company] == "target" and bool(partner.territory)
        if is_offered and level_of(partner, "target", "absent") == "all":
            may.shown[company] = "target"
    if shares:
        _tell(facts, partner, may, theirs, ours)
    return may


def level_of(partner: Partner, our_status: str, partner_status: str) -> str:
    cell = CELLS.get((our_status, partner_status))
    by_cell = partner.policy.cells.get(cell) if cell else None
    return by_cell or partner.policy.statuses.get(our_status, "hidden")


def _of(facts: Facts, party: str, company: str) -> list[Record]:
    return [record for record in facts.records if record.party == party and record.company == company]


def _tell(facts: Facts, partner: Partner, may: Allowed, theirs: dict[str, list[Record]], ours: dict[str, list[Record]]) -> None:
    policy = partner.policy
    own = [record for record in facts.records if record.party == partner.party]
    by_company = {"whitespace", "no_approach", "overlaps", "introductions", "registrations"} & {*policy.lists}
    if by_company:
        may.tokens |= tokens_in(*(text for record in own for text in (record.name, record.native_id)))
    if {"whitespace", "no_approach", "overlaps"} & by_company:
        for record in own:
            may.tokens |= _traits(record.traits, policy.fields)
    if {"whitespace", "no_approach", "overlaps", "introductions"} & by_company:
        for company in may.shown:
            _tell_of_shown(facts, partner, may, company, theirs[company], ours[company])
    if "product_line" in policy.fields:
        may.tokens |= tokens_in(*facts.lines.values())
    for claim in facts.claims:
        if claim.partner == partner.party and "registrations" in policy.lists:
            record = next(each for each in facts.records if each.record_id == claim.record_id)
            may.tokens |= tokens_in(claim.product, record.name)
            if claim.origin == "file":
                may.tokens |= tokens_in(record.native_id)
    for introduction in facts.introductions:
        if introduction.partner == partner.party and "introductions" in policy.lists and "our_owner" in policy.fields:
            record = next(each for each in facts.records if each.record_id == introduction.record_id)
            if record.company in may.shown and introduction.owner:
                may.tokens |= tokens_in(introduction.owner)


def _tell_of_shown(facts: Facts, partner: Partner, may: Allowed, company: str, theirs: list[Record], ours: list[Record]) -> None:
    """The register's and our own facts of a company fill what the partner's own record leaves open; a claim of ours is another
    partner's word."""
    accounts = [record for record in ours if record.object not in CLAIMS]
    entries = [entry for entry in facts.register if entry.corporate_number == facts.companies[company]]
    fields = partner.policy.fields
    if not theirs:
        may.tokens |= tokens_in(*(record.name for record in accounts), *(entry.name for entry in entries))
    for record in accounts:
        may.tokens |= _traits(record.traits, fields)
        if "our_owner" in fields and {"overlaps", "introductions"} & {*partner.policy.lists} and record.owner:
            may.tokens |= tokens_in(record.owner)
    for entry in entries:
        may.tokens |= _traits(Traits(entry.corporate_number, entry.prefecture, entry.city, None, None), fields)


def _traits(traits: Traits, fields: tuple[str, ...]) -> set[str]:
    values = {name: getattr(traits, name) for name in ("corporate_number", "city", "industry", "employees")}
    return tokens_in(*(value for name, value in values.items() if name in fields))


def tokens_in(*values: object) -> set[str]:
    """The tokens that these texts carry; numbers are their own."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, int) or (isinstance(value, str) and value.isdigit()):
            found.add(str(value))
        elif isinstance(value, str):
            found |= {*TOKEN.findall(value)}
    return found


def every_token(facts: Facts) -> set[str]:
    """All that stand in the world, whosesoever they are."""
    found: set[str] = set()
    waiting: list[object] = [vars(facts)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, (list, tuple)):
            waiting += value
        elif hasattr(value, "__dataclass_fields__"):
            waiting += vars(value).values()
        elif isinstance(value, bool) or (isinstance(value, int) and value < 10**8):
            continue
        else:
            found |= tokens_in(value)
    return found

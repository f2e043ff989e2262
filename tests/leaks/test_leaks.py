"""Random worlds, random policies: every byte that leaves for a partner is searched for what its policy does not name.

A case is one partner under one policy in one world. ``oracle.py`` says in Python what it may see; the SQL says what it gets.
"""

from __future__ import annotations

from collections import Counter

import pytest

from pipelines.sharing.gate import share_of
from pipelines.sharing.layout import workbook_name
from pipelines.sharing.share import Share
from tests.leaks.facts import Facts, Partner, facts
from tests.leaks.oracle import Allowed, allowed, every_token, tokens_in
from tests.leaks.outputs import MODELS, everything_logged, outputs, written_to_crm
from tests.leaks.search import tokens_of
from tests.leaks.warehouse import AS_OF, BUILT, build, settings_of

SAMPLE, CAMPAIGN = 6, 180
"""Worlds; each has three to five partners."""


def faults_of(seed: int) -> tuple[int, list[str]]:
    """How many cases the world has, and what is wrong in them."""
    world = facts(seed)
    settings = settings_of(world)
    con = build(world, settings, names=BUILT + MODELS)
    everything = every_token(world)
    numbers = {token for token in everything if token.isdigit()}
    faults = []
    for partner in world.partners.values():
        may = allowed(world, partner)
        share = share_of(con, settings, partner.party)
        with everything_logged() as said:
            made = outputs(con, settings, share, AS_OF) if share else {"crm.json": written_to_crm(con, partner.party)}
        made["messages.txt"] = "\n".join(said).encode()
        here = [f"{'gets' if share else 'misses'} a share"] if may.shares != (share is not None) else []
        for name, content in made.items():
            more = (may.tokens | _own_accounts(world, partner)) if name == "crm.json" else may.tokens
            more = more | tokens_in(partner.policy.mail_to) if name.endswith(".eml") else more
            here += [f"{name} has {token}" for token in sorted((tokens_of(name, content, numbers) - more) & everything)]
        here += _wrong_rows(world, partner, may, share) if share else _flags(made["crm.json"])
        here += _missing(world, partner, may, share, made) if share else []
        faults += [f"world {seed}, {partner.party}: {fault}" for fault in here]
    return len(world.partners), faults


def _own_accounts(world: Facts, partner: Partner) -> set[str]:
    """By which the partner's CRM knows its own accounts."""
    return {record.native_id for record in world.records if record.party == partner.party}


def _flags(content: bytes) -> list[str]:
    return ["its CRM is told something without a policy"] if b"True" in content else []


def _wrong_rows(world: Facts, partner: Partner, may: Allowed, share: Share) -> list[str]:
    """Rows that stand where the policy lets none stand, and words that say more than it."""
    found = [f"the list {name}" for name in share.lists if name not in partner.policy.lists]
    for name, rows in share.lists.items():
        for row in rows:
            found += _wrong_row(name, row.company_id, row.values, may, share.minimum_count)
        ranks = sorted({rank for row in rows if isinstance(rank := row.values.get("rank"), int)})
        found += [f"{name} has gaps in its ranks"] if ranks != [*range(1, len(ranks) + 1)] else []
        keys = Counter(row.row_key for row in rows)
        found += [f"{name} has a key twice"] if any(count > 1 for count in keys.values()) else []
    return found


def _wrong_row(name: str, company: str | None, values: dict[str, object], may: Allowed, step: int) -> list[str]:
    if name == "summary":
        pair = (str(values["our_status"]), str(values["partner_status"]))
        level, truly, told = may.levels[pair], may.counts[pair], values["companies"]
        if level == "hidden" or (values["is_exact"] and (level == "counts" or told != truly)):
            return [f"{level} pair {pair} counts {told} of {truly}"]
        assert isinstance(told, int)
        return [f"{pair} counts {told} of {truly}"] if not values["is_exact"] and (told > truly or told % step) else []
    if name in ("whitespace", "overlaps") and company not in may.shown:
        return [f"{name} shows {company}"]
    if name == "introductions" and values["kind"] == "proposed" and company not in may.shown:
        return [f"{company} is proposed"]
    if name == "no_approach" and company not in may.named:
        return [f"no_approach tells of {company}, which the partner did not name"]
    if values.get("our_status") not in (None, may.our_status.get(str(company))):
        return [f"{name} says {values['our_status']} of {company}"]
    is_ours = may.shown.get(str(company)) in ("customer", "open_opportunity")
    return [f"direct, of {company}"] if values.get("reason_key") == "partner_reason.direct" and not is_ours else []


def _missing(world: Facts, partner: Partner, may: Allowed, share: Share, made: dict[str, bytes]) -> list[str]:
    """What the policy names and is not there."""
    missing = [f"the list {name}" for name in partner.policy.lists if name not in share.lists]
    if "overlaps" not in share.lists:
        return missing
    wanted = {company for company, status in may.shown.items() if status != "absent" and company in may.listed}
    told = {row.company_id: row for row in share.lists["overlaps"]}
    missing += [f"overlaps lacks {company}" for company in sorted(wanted - set(told))]
    for company in wanted & set(told):
        if "our_status" in partner.policy.fields and told[company].values["our_status"] != may.our_status[company]:
            missing.append(f"overlaps does not say our status of {company}")
        ids = {r.native_id for r in world.records if (r.party, r.company) == (partner.party, company)}
        ids &= {r.native_id for r in world.records if r.object not in ("registration", "introduction")}
        for file in ("overlaps.csv", workbook_name(partner.party)):
            there = tokens_of(file, made[file], set())
            missing += [f"{file} lacks the partner's id of {company}"] if not ids <= there else []
    return missing


def run(worlds: range) -> None:
    cases, faults = 0, list[str]()
    for seed in worlds:
        more, found = faults_of(seed)
        cases += more
        faults += found
    assert faults == [], f"in {cases} cases"


def test_nothing_leaves_that_the_policy_does_not_name() -> None:
    run(range(SAMPLE))


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_nothing_leaves_in_hundreds_of_worlds() -> None:
    run(range(SAMPLE, CAMPAIGN))

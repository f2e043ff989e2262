"""Share after share, the list changed in between by a partner that wants to know more, our statuses and the policy moving too.

No suppressed count, and no status of a company that is only counted, may be the only one that fits all that it was told.
While our side stands still the attacker is at its strongest; whenever that moves it begins anew, knowing that it did.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

import duckdb
import pytest

from pipelines.sharing import counts
from pipelines.sharing.gate import share_of
from pipelines.sharing.share import Share
from pipelines.transform.remember import remember
from tests.leaks.attacker import STATUSES, Attacker, Look
from tests.leaks.facts import Entry, Facts, Partner, Policy, Record, Traits
from tests.leaks.warehouse import AS_OF, build, settings_of

REMEMBERED = ("account_map", "assignments", "collision_log", "map_versions", "account_map_history")
NEEDED = ("share_summary", "share_no_approach", "share_whitespace", "share_introductions", "share_registrations", *REMEMBERED)
REAL = [f"real{at}" for at in range(8)]
MADE_UP = [f"madeup{at}" for at in range(8)]
NO_TRAITS = Traits(None, None, None, None, None)


class Campaign:
    """A world of eight companies, of which the partner lists what it likes, with others that it made up."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"differencing {seed}")
        self.is_told_bars = self.random.random() < 0.4
        share = self.random.choice([0.3, 0.6, 0.9])
        self.ours = {company: self._status(share) for company in REAL}
        self.listed = {company: "target" for company in REAL + MADE_UP if self.random.random() < self.random.choice([0.4, 0.9])}
        self.step = 2
        self.counted: tuple[str, ...] = ("customer", "open_opportunity")
        self.attacker = Attacker(REAL)
        self.before: dict[tuple[str, str], int] | None = None
        self.counted_at: object = None
        self.named: set[str] = set()
        self.ever: set[str] = set()

    def _status(self, share: float) -> str:
        return self.random.choice(STATUSES[:2]) if self.random.random() < share else "absent"

    def act(self) -> None:
        """The partner adds or removes a company or several, or says otherwise of its own; seldom our side or the policy moves."""
        for _ in range(self.random.choice([1, 1, 1, 2, 4])):
            company = self.random.choice(REAL + MADE_UP)
            if company in self.listed and self.random.random() < 0.6:
                del self.listed[company]
            else:
                self.listed[company] = self.random.choice(["target", "target", "customer"])
        if self.random.random() < 0.08:
            for company in self.random.sample(REAL, self.random.choice([1, 3])):
                self.ours[company] = self._status(0.6)
            self.attacker = Attacker(REAL)
        if self.random.random() < 0.15:
            self.step = self.random.choice([2, 2, 3])
        if self.random.random() < 0.15:
            self.counted = self.random.choice([("customer",), ("customer", "open_opportunity")])

    def facts(self) -> Facts:
        policy = Policy(
            statuses=dict.fromkeys(self.counted, "counts"),
            cells={},
            lists=("no_approach", "summary") if self.is_told_bars else ("summary",),
            fields=("reason", "valid_until"),
            minimum_count=self.step,
            until=None,
            approved_by="佐藤",
            mail_to="partner@example.com",
            language="ja",
        )
        rules: dict[str, dict[str, object]] = {"our_open_opportunity": {"enabled": True, "by_product_line": False}}
        partner = Partner("musashi", "武蔵", "reseller", "active", False, None, (), rules, False, policy)
        made = Facts(our_name="当社", partners={"musashi": partner})
        for at, company in enumerate(REAL + MADE_UP):
            number = str(1000000000000 + at)
            made.companies[company] = number if company in REAL else None
            made.company_names[company] = company
            if company in REAL:
                made.register.append(Entry(number, company, "東京都", "千代田区"))
            ours = self.ours.get(company, "absent")
            if ours != "absent":
                made.records.append(self._record("us", company, "our_salesforce", "Account", ours))
            if company in self.listed:
                made.records.append(self._record("musashi", company, "musashi/accounts", "list", self.listed[company]))
        return made

    @staticmethod
    def _record(party: str, company: str, connection: str, kind: str, status: str) -> Record:
        record_id = f"{connection}:{kind}:{company}"
        return Record(record_id, party, connection, kind, company, company, company, NO_TRAITS, None, (status,))

    def look(self, con: duckdb.DuckDBPyConnection, share: Share) -> Look:
        """What the share tells, against what was told before."""
        counted = [row.values for row in share.lists["summary"]]
        told = {(str(row["our_status"]), str(row["partner_status"])): int(str(row["companies"])) for row in counted}
        self.named |= set(self.listed)
        is_new = self.before is None or {row["counted_at"] for row in counted} != {self.counted_at}
        arrived = set(self.listed) - self.ever
        evaluated: set[str] = set()
        added = dict.fromkeys(told, 0)
        if is_new:
            is_whole = con.execute("SELECT is_recounted FROM marts.share_recounts").fetchall()[0][0]
            evaluated = set(self.listed) if is_whole else arrived
            stands = {} if is_whole else {pair: count - count % self.step for pair, count in (self.before or {}).items()}
            added = {pair: count - stands.get(pair, 0) for pair, count in told.items()}
            self.counted_at = counted[0]["counted_at"]
        if is_new:
            self.before = (self.before or {}) | told
            self.ever = set(self.named)
        barred = frozenset(str(row.company_id) for row in share.lists["no_approach"]) if self.is_told_bars else None
        return Look(dict(self.listed), frozenset(evaluated), added, self.step, barred)


def faults_of(seed: int, shares: int) -> list[str]:
    campaign = Campaign(seed)
    faults = []
    for number in range(shares):
        if number:
            campaign.act()
        world = campaign.facts()
        settings = settings_of(world)
        con = build(world, settings, AS_OF + timedelta(days=number), keep_state=number > 0, names=NEEDED)
        share = share_of(con, settings, "musashi")
        assert share is not None
        look = campaign.look(con, share)
        campaign.attacker.sees(look)
        assert len(campaign.attacker.worlds), f"campaign {seed}, share {number}: the attacker does not know the algorithm"
        faults += [f"campaign {seed}, share {number}: {known}" for known in campaign.attacker.certain(look)]
        counts.remember(con, share)
        beside = con.cursor()
        beside.execute("USE warehouse; SET TimeZone = 'UTC'")
        remember(beside)
        beside.close()
    return faults


def test_the_attacker_finds_what_two_looks_at_nearly_the_same_give_away() -> None:
    attacker = Attacker(REAL[:5])
    for size, told in ((4, 0), (5, 2)):
        listed = dict.fromkeys(REAL[:size], "target")
        look = Look(listed, frozenset(listed), {("customer", "target"): told}, 2, None)
        attacker.sees(look)
    assert attacker.certain(look) == ["real4 is customer"]


def test_no_series_of_shares_gives_away_what_is_only_counted() -> None:
    assert faults_of(7, 10) == []


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_no_long_series_of_shares_gives_away_what_is_only_counted() -> None:
    assert [fault for seed in range(20) for fault in faults_of(seed, 20)] == []

"""Random facts of which every value is unmistakable: who holds which company, with which texts and numbers, and each policy.

Belongs here: what a world may hold, drawn from a seed. Does not: putting it into tables (``warehouse.py``), or what a partner
may see of it (``oracle.py``).

A text value carries a token (``tk`` and nine letters or digits) that stands nowhere else; a number is its own token. Status
words, scopes and days are the words of the rules and no tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pipelines.settings.sharing import ALL_LISTS, PRESETS
from tests.scenarios.scenario import TODAY

STATUSES = ("customer", "open_opportunity", "target", "known")
OUR_STATUSES = (*STATUSES, "absent")
LEVELS = ("hidden", "counts", "overlaps", "all")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
DANGEROUS = ("=HYPERLINK({})", "+81{}", "@SUM({})", "-{}", "株式会社{}", '株式会社"{},', "株式会社{}\nあ")


class Tokens:
    """Every call gives another value, of one seed the same ones."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._given: set[str] = set()

    def text(self) -> str:
        token = "tk" + "".join(self._random.choice(LETTERS) for _ in range(9))
        return token if self._new(token) else self.text()

    def name(self) -> str:
        return self._random.choice(DANGEROUS).format(self.text())

    def number(self, digits: int = 9) -> int:
        number = self._random.randrange(10 ** (digits - 1), 2 * 10 ** (digits - 1))
        return number if self._new(str(number)) else self.number(digits)

    def _new(self, token: str) -> bool:
        is_new = token not in self._given
        self._given.add(token)
        return is_new


@dataclass(frozen=True)
class Traits:
    """What a record says of its company beside its name; each may be missing."""

    corporate_number: str | None
    prefecture: str | None
    city: str | None
    industry: str | None
    employees: int | None


@dataclass(frozen=True)
class Record:
    """A record of ours or of a partner; ``object`` as in ``intermediate.records``."""

    record_id: str
    party: str
    connection: str
    object: str
    native_id: str
    company: str | None
    name: str
    traits: Traits
    owner: str | None
    statuses: tuple[str, ...] = ()
    since: date | None = None
    parent: str | None = None
    hidden: dict[str, str] = field(default_factory=dict)
    """Other text columns, none of which goes out."""


@dataclass(frozen=True)
class Deal:
    deal_id: str
    record_id: str
    name: str
    stage: str
    is_open: bool
    is_won: bool
    amount: int
    scope: str
    product: str
    owner: str
    partner_of_record: str | None
    close_date: date
    active: date | None


@dataclass(frozen=True)
class Claim:
    """A registration: a row of the partner's file, or a deal of ours."""

    claim_id: str
    record_id: str
    partner: str
    origin: str
    product: str
    scope: str
    amount: int
    status_word: str
    received: date
    active: date | None
    decision: str | None


@dataclass(frozen=True)
class Introduction:
    introduction_id: str
    record_id: str
    partner: str
    origin: str
    direction: str
    status: str
    amount: int
    owner: str | None
    note: str


@dataclass(frozen=True)
class Override:
    record_id: str
    override: str
    partner: str | None
    reason: str
    decided_by: str
    until: date


@dataclass(frozen=True)
class Entry:
    """An entry of the register."""

    corporate_number: str
    name: str
    prefecture: str
    city: str


@dataclass(frozen=True)
class Policy:
    statuses: dict[str, str]
    cells: dict[int, str]
    lists: tuple[str, ...]
    fields: tuple[str, ...]
    minimum_count: int
    until: date | None
    approved_by: str | None
    mail_to: str
    language: str


@dataclass(frozen=True)
class Partner:
    party: str
    name: str
    type: str
    stage: str
    exclusive: bool
    cap: int | None
    territory: tuple[str, ...]
    rules: dict[str, dict[str, object]]
    has_crm: bool
    policy: Policy


@dataclass
class Facts:
    """One world."""

    our_name: str
    partners: dict[str, Partner] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    companies: dict[str, str | None] = field(default_factory=dict)
    """Company -> its corporate number, where one is known."""
    company_names: dict[str, str] = field(default_factory=dict)
    register: list[Entry] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    introductions: list[Introduction] = field(default_factory=list)
    overrides: list[Override] = field(default_factory=list)
    restricted: list[tuple[str, str | None]] = field(default_factory=list)
    """Corporate numbers, and the partner where only one is barred."""


def facts(seed: int) -> Facts:
    """The world of that seed."""
    return _World(Random(f"leaks {seed}")).drawn()


class _World:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.tokens = Tokens(random)
        self.made = Facts(our_name=self.tokens.name())
        self.prefectures = ["東京都", "岡山県", "広島県"]
        self.industries = [self.tokens.text() for _ in range(3)]

    def drawn(self) -> Facts:
        for _ in range(2):
            self.made.lines[self.tokens.text()] = self.tokens.name()
        for at in range(self.random.randint(3, 5)):
            self._partner(at)
        for _ in range(self.random.choice((8, 14, 30))):
            self._company()
        for partner in self.made.partners:
            if self.random.random() < 0.3:
                self._introduction(partner, None)
        return self.made

    def _maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def _day(self, least: int, most: int) -> date:
        return TODAY - timedelta(days=self.random.randint(least, most))

    def _partner(self, at: int) -> None:
        random, party = self.random, self.tokens.text()
        rules: dict[str, dict[str, object]] = {
            "our_customer": {"enabled": self._maybe(0.8), "reach": random.choice(["company", "group"]), "days": 180},
            "our_open_opportunity": {"enabled": self._maybe(0.8), "by_product_line": self._maybe(0.4)},
            "registered_by_other": {"enabled": True},
            "customer_of_other_partner": {"enabled": self._maybe(0.3)},
            "out_of_contract": {"enabled": self._maybe(0.5)},
        }
        self.made.partners[party] = Partner(
            party=party,
            name=self.tokens.name(),
            type=random.choice(["reseller", "technology", "investor", "advisor"]),
            stage="active" if at < 2 else random.choice(["active", "active", "active", "prospective", "ended"]),
            exclusive=self._maybe(0.4),
            cap=random.choice([None, None, None, 2]),
            territory=tuple(self.prefectures[: random.randint(0, 2)]),
            rules=rules,
            has_crm=at == 1,
            policy=self._policy(),
        )

    def _policy(self) -> Policy:
        random = self.random
        favoured = random.choice([LEVELS, LEVELS, LEVELS[2:], ("hidden", "counts"), ("overlaps", "hidden")])
        statuses = {status: random.choice(favoured) for status in OUR_STATUSES if self._maybe(0.85)}
        full = PRESETS["full"]
        fields = random.choice(
            [full, ("reason", "product_line"), (), tuple(name for name in full if self._maybe(0.5))],
        )
        lists = random.choice([ALL_LISTS, ALL_LISTS, ALL_LISTS, tuple(name for name in ALL_LISTS if self._maybe(0.6))])
        return Policy(
            statuses=statuses,
            cells={cell: random.choice(LEVELS) for cell in range(1, 10) if self._maybe(0.2)},
            lists=tuple(lists),
            fields=tuple(fields),
            minimum_count=random.choice([2, 2, 3, 5]),
            until=random.choice([None, None, TODAY, TODAY + timedelta(days=9), TODAY - timedelta(days=1)] + [None] * 5),
            approved_by=None if self._maybe(0.08) else self.tokens.name(),
            mail_to=f"{self.tokens.text()}@example.com",
            language=random.choice(["ja", "ja", "en"]),
        )

    def _traits(self, number: str | None) -> Traits:
        random = self.random
        return Traits(
            corporate_number=number if number and self._maybe(0.6) else None,
            prefecture=random.choice([None, *self.prefectures]),
            city=None if self._maybe(0.3) else self.tokens.text(),
            industry=random.choice([None, *self.industries]),
            employees=None if self._maybe(0.3) else self.tokens.number(),
        )

    def _record(self, party: str, connection: str, kind: str, company: str | None, **more: object) -> Record:
        """A record of that party, every text of it a new token."""
        native_id = self.tokens.text()
        number = self.made.companies[company] if company else None
        hidden = {
            name: self.tokens.text()
            for name in ("name_kana", "name_en", "domain", "email_domain", "phone", "postal_code", "town", "block", "address")
        }
        record = Record(
            record_id=f"{connection}:{kind}:{native_id}",
            party=party,
            connection=connection,
            object=kind,
            native_id=native_id,
            company=company,
            name=self.tokens.name(),
            traits=self._traits(number),
            owner=self.tokens.name() if self._maybe(0.9) else None,
            hidden=hidden,
            **more,  # type: ignore[arg-type]
        )
        self.made.records.append(record)
        return record

    def _company(self) -> None:
        company = self.tokens.text()
        number = str(self.tokens.number(13)) if self._maybe(0.6) else None
        self.made.companies[company] = number
        self.made.company_names[company] = self.tokens.name()
        if number and self._maybe(0.7):
            self.made.register.append(Entry(number, self.tokens.name(), self.random.choice(self.prefectures), self.tokens.text()))
        if number and self._maybe(0.08):
            self.made.restricted.append((number, self.random.choice([None, *self.made.partners])))
        for _ in range(self.random.choice([0, 1, 1, 1, 2])):
            self._account(company)
        for partner in self.made.partners.values():
            self._known_to(partner, company)

    def _account(self, company: str) -> None:
        random = self.random
        connection, kind = random.choice([("our_salesforce", "Account"), ("our_hubspot", "companies")])
        accounts = [record.record_id for record in self.made.records if record.party == "us" and record.object == "Account"]
        parent = random.choice(accounts) if kind == "Account" and accounts and self._maybe(0.2) else None
        record = self._record(
            "us",
            connection,
            kind,
            company,
            statuses=tuple(status for status in STATUSES[:3] if self._maybe(0.4)),
            since=self._day(10, 900) if self._maybe(0.7) else None,
            parent=parent,
        )
        if self._maybe(0.4):
            self._deal(record)
        if self._maybe(0.1):
            partner = random.choice([None, *self.made.partners])
            until = TODAY + timedelta(days=random.randint(0, 60))
            said = (self.tokens.text(), self.tokens.name(), until)
            self.made.overrides.append(Override(record.record_id, random.choice(["allow", "block"]), partner, *said))

    def _deal(self, account: Record) -> None:
        random, state = self.random, self.random.choice(["open", "open", "won", "lost"])
        line = random.choice([None, *self.made.lines])
        deal = Deal(
            deal_id=f"our_salesforce:Opportunity:{self.tokens.text()}",
            record_id=account.record_id,
            name=self.tokens.text(),
            stage=self.tokens.text(),
            is_open=state == "open",
            is_won=state == "won",
            amount=self.tokens.number(12),
            scope=line or "*",
            product=self.tokens.text(),
            owner=self.tokens.name(),
            partner_of_record=random.choice([None, None, *self.made.partners]),
            close_date=self._day(0, 300),
            active=self._day(0, 120),
        )
        self.made.deals.append(deal)
        if self._maybe(0.2):
            self._claim(random.choice([*self.made.partners]), account, "opportunity", deal.deal_id)

    def _known_to(self, partner: Partner, company: str) -> None:
        connection, kind = (f"{partner.party}_crm", "companies") if partner.has_crm else (f"{partner.party}/accounts", "list")
        for _ in range(self.random.choice([0, 1, 1, 2]) if self._maybe(0.75) else 0):
            statuses = tuple(status for status in STATUSES[:3] if self._maybe(0.45))
            self._record(partner.party, connection, kind, company, statuses=statuses)
        if self._maybe(0.12):
            self._claim(
                partner.party, self._record(partner.party, f"{partner.party}/registrations", "registration", company), "file"
            )
        if self._maybe(0.12):
            self._introduction(partner.party, company)

    def _claim(self, partner: str, record: Record, origin: str, claim_id: str | None = None) -> None:
        self.made.claims.append(
            Claim(
                claim_id=claim_id or record.record_id,
                record_id=record.record_id,
                partner=partner,
                origin=origin,
                product=self.tokens.text(),
                scope=self.random.choice(["*", *self.made.lines]),
                amount=self.tokens.number(12),
                status_word=self.tokens.text(),
                received=self._day(0, 100),
                active=self._day(0, 40) if self._maybe(0.6) else None,
                decision=self.random.choice([None, None, "approved", "rejected"]),
            )
        )

    def _introduction(self, partner: str, company: str | None) -> None:
        origin = self.random.choice(["file", "file", "crm_object"])
        if origin == "file":
            record = self._record(partner, f"{partner}/introductions", "introduction", company)
        else:
            record = self._record("us", "our_salesforce", "introduction", company)
        self.made.introductions.append(
            Introduction(
                introduction_id=record.record_id,
                record_id=record.record_id,
                partner=partner,
                origin=origin,
                direction=self.random.choice(["to_us", "to_partner"]),
                status=self.random.choice(["requested", "accepted", "met", "won", "declined"]),
                amount=self.tokens.number(12),
                owner=self.tokens.name() if self._maybe(0.6) else None,
                note=self.tokens.text(),
            )
        )

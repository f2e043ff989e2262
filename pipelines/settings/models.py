"""What ``account_mapping.yaml`` may say, as pydantic models.

Belongs here: the shape, the defaults and the checks between its parts. Does not:
reading the file and finding lines (``load.py``), or the tables for dbt (``tables.py``).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from connectors.partner_files import ListSpec, column_of
from pipelines.settings.account_plans import AccountPlans
from pipelines.settings.alerts import Alerts
from pipelines.settings.base import Currency, Identifier, Language, Model, PartnerType, Stage, Status
from pipelines.settings.connections import Connection
from pipelines.settings.rules import (
    ExchangeRate,
    Group,
    NoApproachRules,
    PlanRules,
    ProductLine,
    RegistrationTerms,
    Restricted,
    Rules,
    Territory,
)
from pipelines.settings.segments import NOT_OF_PARTNERS, Segments, SourceSegments
from pipelines.settings.sharing import Sharing, SharingPolicy, Terms
from pipelines.settings.write_back import WriteBack


class Us(Model):
    """The vendor whose partners these are."""

    name: str
    time_zone: str = "Asia/Tokyo"
    language: Language = "ja"
    currency: Currency = "JPY"
    fiscal_year_starts_in: Annotated[int, Field(ge=1, le=12)] = 4
    """The month; a fiscal year is named by the year in which it begins."""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"'{value}' is no time zone. Write one such as Asia/Tokyo")
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Register(Model):
    """The company register, optional: what makes records of different writing one company."""

    files: list[str] = []
    """Files or patterns: the national register (国税庁 法人番号), EDINET's code lists, gBizINFO's basic information, and a file
    of our own with other names. Which of them a file is, its content tells."""


class Matching(Model):
    """How sure matching must be, and by which weights it judges."""

    precision: Annotated[float, Field(ge=0.95, le=0.999)] = 0.99
    """At least this share of the automatic links is to be right."""
    review: Annotated[float, Field(ge=0.05, le=0.75)] = 0.35
    """The lowest probability that is worth a person's look."""
    model: str = "auto"
    """auto: what people's decisions taught, once it has proved better; shipped: as it came; or a version that was learned."""

    @field_validator("model")
    @classmethod
    def _known_form(cls, value: str) -> str:
        if not re.fullmatch(r"auto|shipped|learned-[1-9]\d*", value):
            raise ValueError(f"'{value}' is no model. Write auto, shipped, or a version that `totsugo review models` lists")
        return value


class PartnerList(Model):
    """A file that a partner hands us; ``file`` may be a pattern, of which the newest counts."""

    name: Identifier
    file: str
    content: Literal["accounts", "registrations", "introductions"] = "accounts"
    kind: Literal["full", "delta"] = "full"
    default_status: Status | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    columns: dict[str, str] = {}
    """canonical column -> heading in the file, where the usual headings do not fit."""
    statuses: dict[str, Status] = {}
    """word in the status column -> status, where the usual words do not fit."""
    shrink_limit: Annotated[float, Field(ge=0, le=1)] = 0.5
    """A full list that keeps less than this share of the last one's rows is refused."""

    @model_validator(mode="after")
    def _readable(self) -> PartnerList:
        ListSpec(self.content, self.columns, self.encoding, self.delimiter, self.sheet, self.header_row)
        return self


class Partner(Model):
    name: str
    type: PartnerType
    stage: Stage = "active"
    our_account: dict[str, str] = {}
    """connection -> id of the account in our CRM that stands for this partner."""
    exclusive: bool = False
    whitespace_cap: Annotated[int, Field(ge=0)] | None = None
    territory: Territory = Territory()
    lists: list[PartnerList] = []
    segments: Segments = Segments()
    no_approach: NoApproachRules = NoApproachRules()
    registrations: RegistrationTerms = RegistrationTerms()
    account_plans: PlanRules = PlanRules()
    sharing: SharingPolicy = SharingPolicy()
    terms: Terms | None = None
    """What it lets us do with what it gives us; where left out ``sharing.terms``."""

    @model_validator(mode="after")
    def _segments_ask_what_is_pulled(self) -> Partner:
        for source in Segments.model_fields:
            for status in SourceSegments.model_fields:
                for at, alternative in enumerate(getattr(getattr(self.segments, source), status)):
                    if alternative.object in NOT_OF_PARTNERS:
                        fault = f"a partner's {alternative.object} records are not pulled. Name another object"
                        raise ValueError(f"segments.{source}.{status}.{at}: {fault}")
        return self

    @model_validator(mode="after")
    def _segments_name_columns(self) -> Partner:
        """A heading that is read as one of our columns is not found under its own name."""
        specs = [ListSpec("accounts", entry.columns) for entry in self.lists if entry.content == "accounts"] or [ListSpec()]
        for status in SourceSegments.model_fields:
            for at, alternative in enumerate(getattr(self.segments.file, status)):
                for field in alternative.fields:
                    column = column_of(field, specs)
                    if column not in (None, field):
                        mend = f"Write {column}, or name another heading for {column} under the list's columns"
                        raise ValueError(f"segments.file.{status}.{at}: '{field}' is read as the column {column}. {mend}")
        return self

    @model_validator(mode="after")
    def _list_names_differ(self) -> Partner:
        names = [entry.name for entry in self.lists]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two lists are called {twice[0]}. Give each list of a partner its own name")
        return self


class Settings(Model):
    """The whole file."""

    version: Literal[1]
    us: Us
    connections: dict[Identifier, Connection]
    register_: Annotated[Register, Field(alias="register")] = Register()
    matching: Matching = Matching()
    segments: Segments = Segments()
    rules: Rules = Rules()
    product_lines: dict[Identifier, ProductLine] = {}
    exchange_rates: dict[Currency, ExchangeRate] = {}
    groups: list[Group] = []
    restricted: list[Restricted] = []
    partners: dict[Identifier, Partner] = {}
    write_back: WriteBack = WriteBack()
    alerts: Alerts = Alerts()
    account_plans: AccountPlans = AccountPlans()
    sharing: Sharing = Sharing()

    @model_validator(mode="after")
    def _names_exist(self) -> Settings:
        for name, connection in self.connections.items():
            if connection.party != "us" and connection.party not in self.partners:
                raise ValueError(f"connections.{name}.party: '{connection.party}' is neither us nor a partner below")
        for name, partner in self.partners.items():
            for connection_name in partner.our_account:
                if connection_name not in self.connections or self.connections[connection_name].party != "us":
                    raise ValueError(f"partners.{name}.our_account: '{connection_name}' is no connection of ours")
            for line in partner.territory.product_lines:
                if line not in self.product_lines:
                    raise ValueError(f"partners.{name}.territory.product_lines: '{line}' does not stand under product_lines")
        for at, entry in enumerate(self.restricted):
            if entry.partner and entry.partner not in self.partners:
                known = ", ".join(sorted(self.partners)) or "there is none below"
                raise ValueError(f"restricted.{at}.partner: '{entry.partner}' is no partner. Known are: {known}")
            if entry.product_line and entry.product_line not in self.product_lines:
                raise ValueError(f"restricted.{at}.product_line: '{entry.product_line}' does not stand under product_lines")
        named: dict[str, str] = {}
        for name, partner in self.partners.items():
            twin = named.setdefault(partner.name.casefold(), name)
            if twin != name:
                raise ValueError(f"partners.{name}.name: is the name of {twin} too. Lists and views go by it: tell them apart")
        if "us" in self.partners:
            raise ValueError("partners.us: 'us' means ourselves. Give the partner another id")
        return self

    def segments_of(self, party: str) -> Segments:
        """What the yaml states of a party's segments; the shipped ones hold beside it."""
        return self.segments if party == "us" else self.partners[party].segments

    def sharing_of(self, partner: str) -> SharingPolicy:
        """The policy that holds for the partner."""
        return self.sharing.default.overlaid_with(self.partners[partner].sharing)

    def terms_of(self, partner: str) -> Terms:
        """The terms on which the partner gives us what it has."""
        return self.partners[partner].terms or self.sharing.terms

    def connections_of(self, ours: bool) -> dict[str, Connection]:
        """Our own connections, or the partners'."""
        return {name: c for name, c in self.connections.items() if (c.party == "us") == ours}

"""What ``account_mapping.yaml`` may say, as pydantic models.

Belongs here: the shape, the defaults and the checks between its parts. Does not:
reading the file and finding lines (``load.py``), or the tables for dbt (``tables.py``).
"""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from connectors.partner_files import ListSpec

Status = Literal["customer", "open_opportunity", "target", "known"]
PartnerType = Literal["reseller", "technology", "investor", "advisor"]
Stage = Literal["prospective", "active", "ended"]
Language = Literal["ja", "en"]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="lower-case letters, digits and _")]
Days = Annotated[int, Field(ge=0, le=36500)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Us(Model):
    """The vendor whose partners these are."""

    name: str
    time_zone: str = "Asia/Tokyo"
    language: Language = "ja"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"'{value}' is no time zone. Write one such as Asia/Tokyo")
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Login(Model):
    """How to log in. Every secret comes from the environment through ``${NAME}``."""

    method: Literal["client_credentials", "password", "token"]
    client_id: str | None = None
    client_secret: SecretStr | None = None
    username: str | None = None
    password: SecretStr | None = None
    security_token: SecretStr | None = None
    token: SecretStr | None = None

    @model_validator(mode="after")
    def _complete(self) -> Login:
        needed = {"client_credentials": ("client_id", "client_secret"), "password": ("username", "password"), "token": ("token",)}
        missing = [name for name in needed[self.method] if not getattr(self, name)]
        if missing:
            raise ValueError(f"method {self.method} needs {' and '.join(missing)}. Add the line or set its environment variable")
        return self

    def revealed(self) -> dict[str, str]:
        """The values a connector needs, secrets in the clear: hand them on, never print them."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {k: v.get_secret_value() if isinstance(v, SecretStr) else v for k, v in found.items() if v is not None}


class Connection(Model):
    """One CRM, ours or a partner's."""

    crm: Literal["salesforce", "hubspot"]
    party: Identifier
    url: str
    login: Login
    write_back: bool = False
    fields: dict[str, dict[str, str]] = {}
    """object -> role -> native field: what our own custom fields mean."""

    @model_validator(mode="after")
    def _method_fits(self) -> Connection:
        if (self.login.method == "token") != (self.crm == "hubspot"):
            fitting = "token" if self.crm == "hubspot" else "client_credentials or password"
            raise ValueError(f"a {self.crm} connection logs in by {fitting}, not by {self.login.method}")
        return self


class Register(Model):
    """The national company register (国税庁 法人番号), optional."""

    files: list[str] = []


class NoApproachRule(Model):
    """One no-approach rule: switched, and with how many days it holds."""

    enabled: bool = True
    days: Days | None = None


class NoApproachRules(Model):
    our_customer: NoApproachRule = NoApproachRule(days=180)
    our_open_opportunity: NoApproachRule = NoApproachRule(days=90)
    registered_by_other: NoApproachRule = NoApproachRule()
    customer_of_other_partner: NoApproachRule = NoApproachRule(enabled=False)
    out_of_contract: NoApproachRule = NoApproachRule()


class PartnerNoApproachRules(Model):
    """A partner's own entries; what it leaves out keeps the default."""

    our_customer: NoApproachRule | None = None
    our_open_opportunity: NoApproachRule | None = None
    registered_by_other: NoApproachRule | None = None
    customer_of_other_partner: NoApproachRule | None = None
    out_of_contract: NoApproachRule | None = None


class Rules(Model):
    customer_months: Annotated[int, Field(ge=1, le=600)] = 36
    churn_days: Days = 180
    assignment_days: Days = 90
    registration_pending_days: Days = 5
    registration_protection_days: Days = 90
    registration_activity_days: Days = 30
    list_silent_days: Days = 180
    no_approach: NoApproachRules = NoApproachRules()


class Restricted(Model):
    """A company barred for legal reasons, 反社 or competition: no end, beats every override."""

    corporate_number: Annotated[str, Field(pattern=r"^\d{13}$", description="13 digits")] | None = None
    name: str | None = None
    partner: Identifier | None = None
    reason: Literal["legal", "antisocial", "competitor"]

    @model_validator(mode="after")
    def _names_a_company(self) -> Restricted:
        if not (self.corporate_number or self.name):
            raise ValueError("name the company: write corporate_number or name")
        return self


class Territory(Model):
    """What the contract limits the partner to; an empty kind does not limit."""

    prefectures: list[str] = []
    industries: list[str] = []


class PartnerList(Model):
    """A file that a partner hands us; ``file`` may be a pattern, of which the newest counts."""

    name: Identifier
    file: str
    content: Literal["accounts", "registrations"] = "accounts"
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
    registration_approval: Literal["manual", "automatic"] = "manual"
    lists: list[PartnerList] = []
    no_approach: PartnerNoApproachRules = PartnerNoApproachRules()

    @model_validator(mode="after")
    def _list_names_differ(self) -> Partner:
        names = [entry.name for entry in self.lists]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two lists are called {twice[0]}. Give each list of a partner its own name")
        return self


class WriteBack(Model):
    """The kill switch and what is written."""

    enabled: bool = True
    child_rows: bool = True
    lists: bool = True


class Settings(Model):
    """The whole file."""

    version: Literal[1]
    us: Us
    connections: dict[Identifier, Connection]
    register_: Annotated[Register, Field(alias="register")] = Register()
    rules: Rules = Rules()
    restricted: list[Restricted] = []
    partners: dict[Identifier, Partner] = {}
    write_back: WriteBack = WriteBack()

    @model_validator(mode="after")
    def _names_exist(self) -> Settings:
        for name, connection in self.connections.items():
            if connection.party != "us" and connection.party not in self.partners:
                raise ValueError(f"connections.{name}.party: '{connection.party}' is neither us nor a partner below")
        for name, partner in self.partners.items():
            for connection_name in partner.our_account:
                if connection_name not in self.connections or self.connections[connection_name].party != "us":
                    raise ValueError(f"partners.{name}.our_account: '{connection_name}' is no connection of ours")
        if "us" in self.partners:
            raise ValueError("partners.us: 'us' means ourselves. Give the partner another id")
        return self

    def connections_of(self, ours: bool) -> dict[str, Connection]:
        """Our own connections, or the partners'."""
        return {name: c for name, c in self.connections.items() if (c.party == "us") == ours}

"""The rules of the map in ``account_mapping.yaml``, and how a partner's own entries beat its type's, and those the general ones.

Belongs here: the numbers and switches of the rules. Does not: what a rule does with them (dbt marts).
"""

from __future__ import annotations

import difflib
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, model_validator

from pipelines.normalize.prefectures import PREFECTURES
from pipelines.settings.base import CorporateNumber, Days, Identifier, Model, PartnerType, Status

M = TypeVar("M", bound=Model)


def overlaid(*layers: M) -> M:
    """One model of which each field comes from the last layer that states it."""
    stated: dict[str, object] = {}
    for layer in layers:
        stated |= {name: getattr(layer, name) for name in layer.model_fields_set}
    return type(layers[0]).model_validate(stated)


class NoApproachRule(Model):
    """One no-approach rule: switched, how long it holds, and how far it reaches."""

    enabled: bool = True
    days: Days | None = None
    reach: Literal["company", "group"] = "company"
    """The legal entity alone, or every company of its group."""
    by_product_line: bool = False
    """Bars only the product line of the deal that it rests on, where that is known."""


class NoApproachRules(Model):
    our_customer: NoApproachRule = NoApproachRule(days=180)
    our_open_opportunity: NoApproachRule = NoApproachRule(days=90)
    registered_by_other: NoApproachRule = NoApproachRule()
    customer_of_other_partner: NoApproachRule = NoApproachRule(enabled=False)
    out_of_contract: NoApproachRule = NoApproachRule()

    @model_validator(mode="after")
    def _switches_fit(self) -> NoApproachRules:
        if self.out_of_contract.by_product_line or self.out_of_contract.reach == "group":
            raise ValueError("out_of_contract looks at one company at a time: leave reach and by_product_line out")
        if self.registered_by_other.by_product_line:
            raise ValueError("registered_by_other always bars the product line of the claim: leave by_product_line out")
        return self


class RegistrationTerms(Model):
    """Deal registrations (案件登録): who approves, and for how many days a claim holds."""

    approval: Literal["manual", "automatic"] = "manual"
    pending_days: Days = 5
    """Business days that a claim holds while it waits for the partner manager."""
    protection_days: Days = 90
    activity_days: Days = 30
    """A claim without activity for so long lapses."""
    grace_days: Days = 0
    """Days after the protection in which the claim still holds and may be extended."""
    extension_days: Days = 30
    """By how much one extension prolongs the protection."""


class PartnerRules(Model):
    """Entries of one partner type, or of one partner; what they leave out keeps the more general value."""

    no_approach: NoApproachRules = NoApproachRules()
    registrations: RegistrationTerms = RegistrationTerms()


class Insight(Model):
    """When a partner counts as cooling or as a ghost, and how many cases a stated figure needs."""

    minimum_n: Annotated[int, Field(ge=2)] = 10
    cooling_days: Days = 60
    ghost_days: Days = 120

    @model_validator(mode="after")
    def _cooling_comes_first(self) -> Insight:
        if self.cooling_days >= self.ghost_days:
            days = f"cooling_days ({self.cooling_days}) must be smaller than ghost_days ({self.ghost_days})"
            raise ValueError(f"{days}: a partner cools before it is a ghost. Mend one of them")
        return self


Cell = Annotated[int, Field(ge=1, le=9)]


class PlanRules(Model):
    """What the 試算 of account plans takes as given instead of measuring it."""

    rates: dict[Cell, Annotated[float, Field(ge=0, le=1)]] = {}
    """Number of a cell -> deals a year for each of its companies."""


class Rules(Model):
    status_order: list[Status] = ["customer", "open_opportunity", "target", "known"]
    """Of several statuses the cell takes the first here."""
    assignment_days: Days = 90
    no_approach: NoApproachRules = NoApproachRules()
    registrations: RegistrationTerms = RegistrationTerms()
    by_type: dict[PartnerType, PartnerRules] = {}
    insight: Insight = Insight()
    account_plans: PlanRules = PlanRules()

    @model_validator(mode="after")
    def _order_is_whole(self) -> Rules:
        if sorted(self.status_order) != ["customer", "known", "open_opportunity", "target"]:
            raise ValueError("status_order names each of customer, open_opportunity, target and known once")
        return self

    def no_approach_of(self, type_: PartnerType, own: NoApproachRules) -> dict[str, NoApproachRule]:
        """Rule -> what holds for a partner of that type with these entries of its own."""
        layers = [self.no_approach, self.by_type.get(type_, PartnerRules()).no_approach, own]
        shipped = NoApproachRules()
        return {
            name: overlaid(getattr(shipped, name), *(getattr(layer, name) for layer in layers if name in layer.model_fields_set))
            for name in NoApproachRules.model_fields
        }

    def registrations_of(self, type_: PartnerType, own: RegistrationTerms) -> RegistrationTerms:
        """The terms that hold for a partner of that type with these entries of its own."""
        return overlaid(self.registrations, self.by_type.get(type_, PartnerRules()).registrations, own)


class Restricted(Model):
    """A company barred for legal reasons, 反社 or competition: no end, beats every override."""

    corporate_number: CorporateNumber | None = None
    name: str | None = None
    partner: Identifier | None = None
    product_line: Identifier | None = None
    reach: Literal["company", "group"] = "company"
    reason: Literal["legal", "antisocial", "competitor"]

    @model_validator(mode="after")
    def _names_a_company(self) -> Restricted:
        if not (self.corporate_number or self.name):
            raise ValueError("name the company: write corporate_number or name")
        return self


def _one_of_the_47(given: str) -> str:
    if given not in PREFECTURES:
        near = [p for p in PREFECTURES if given and p.startswith(given)] or difflib.get_close_matches(given, PREFECTURES, n=1)
        raise ValueError(f"'{given}' is none of the 47 prefectures. Write {near[0] if near else 'one such as 東京都'}")
    return given


Prefecture = Annotated[str, AfterValidator(_one_of_the_47)]


class Size(Model):
    """Employees, both ends included; a company of unknown size is not held against the partner."""

    at_least: Annotated[int, Field(ge=0)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None


class Territory(Model):
    """What the contract limits the partner to; an empty kind does not limit."""

    prefectures: list[Prefecture] = []
    industries: list[str] = []
    employees: Size = Size()
    product_lines: list[Identifier] = []


class ProductLine(Model):
    """A line of our products that large companies buy apart: the scope of a no-approach row."""

    name: str
    words: list[str] = []
    """What deals and registrations write in their product field when they mean it, beside the name."""


class GroupMember(Model):
    corporate_number: CorporateNumber | None = None
    name: str | None = None

    @model_validator(mode="after")
    def _names_a_company(self) -> GroupMember:
        if not (self.corporate_number or self.name):
            raise ValueError("name the company: write corporate_number or name")
        return self


class Group(Model):
    """A group of companies that the CRM's parent fields do not show; the first member heads it."""

    name: str
    members: Annotated[list[GroupMember], Field(min_length=2)]


class ExchangeRate(Model):
    """How much of our currency one unit of another is worth, as stated on a day."""

    rate: Annotated[float, Field(gt=0)]
    on: date

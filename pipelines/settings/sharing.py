"""Sharing in ``account_mapping.yaml``: what each partner may see of ours, and to which use it gives us what it has.

Belongs here: the shape, the presets of fields, how a partner's own entries beat the default, the version of a policy. Does not:
what a policy shows (dbt models ``share_*``), or handing it over (``pipelines/sharing``).

Nothing is shared that is not named: a status or cell that no policy names is hidden, and a policy that nobody approved shares
nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from pipelines.settings.base import Language, Model
from pipelines.settings.rules import Cell

Level = Literal["hidden", "counts", "overlaps", "all"]
"""hidden: nothing; counts: how many of the partner's companies; overlaps: which of them; all: also those that it has not."""
OurStatus = Literal["customer", "open_opportunity", "target", "known", "absent"]
SharedList = Literal["whitespace", "no_approach", "overlaps", "introductions", "registrations", "summary"]
SharedField = Literal[
    "corporate_number", "prefecture", "city", "industry", "employees", "our_status", "cell", "play", "our_owner",
    "first_seen_on", "reason", "valid_until", "product_line", "rank", "held_until",
]  # fmt: skip
"""Beside these the partner always gets its own id and name of a company, its own status of it, and what it told us itself."""
Preset = Literal["minimal", "standard", "full"]
Use = Literal["mapping_only", "crm_fields", "plans"]
"""Each includes those before it: matched and mapped alone; also in the fields of our CRM; also in account plans."""

ALL_LISTS: tuple[SharedList, ...] = ("whitespace", "no_approach", "overlaps", "introductions", "registrations", "summary")
PRESETS: dict[str, tuple[SharedField, ...]] = {
    "minimal": ("reason", "product_line"),
    "standard": (
        *("corporate_number", "prefecture", "our_status", "cell", "play", "first_seen_on", "reason", "valid_until"),
        *("product_line", "rank", "held_until"),
    ),
    "full": (
        *("corporate_number", "prefecture", "city", "industry", "employees", "our_status", "cell", "play", "our_owner"),
        *("first_seen_on", "reason", "valid_until", "product_line", "rank", "held_until"),
    ),
}


class SharingPolicy(Model):
    """What a partner may see. As ``sharing.default`` it holds for every partner; a partner's own entries beat it one by one."""

    statuses: dict[OurStatus, Level] = {}
    """Our status of a company -> what may be told of such companies."""
    cells: dict[Cell, Level] = {}
    """Number of a cell -> what may be told of its companies; beats their status. It has them all: all is overlaps."""
    lists: list[SharedList] = list(ALL_LISTS)
    fields: list[Literal[Preset, SharedField]] = ["standard"]
    minimum_count: Annotated[int, Field(ge=2, le=1000)] = 5
    """Smaller counts are not told, and all others only in steps of it."""
    until: date | None = None
    """Last day; afterwards everything is withdrawn."""
    approved_by: str | None = None
    """Who of us answers for the policy. Without one nothing is shared."""
    mail_to: list[str] = []
    """Addresses of the partner that are told what is new."""
    language: Language | None = None
    """Of files and mails; where left out that of ``us``."""

    @field_validator("mail_to")
    @classmethod
    def _addresses(cls, value: list[str]) -> list[str]:
        for address in value:
            if not re.fullmatch(r"[^\s@,;<>]+@[^\s@,;<>]+", address):
                raise ValueError(f"'{address}' is no mail address. Write one such as name@example.com")
        return value

    @field_validator("approved_by")
    @classmethod
    def _a_name(cls, value: str | None) -> str | None:
        return (value or "").strip() or None

    @property
    def named_fields(self) -> list[SharedField]:
        """The fields, presets spelled out, in the order of the widest one."""
        named: set[str] = set()
        for entry in self.fields:
            named |= {*PRESETS[entry]} if entry in PRESETS else {entry}
        return [name for name in PRESETS["full"] if name in named]

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with anything that the policy allows; not with whom it is mailed to."""
        said = self.model_dump(mode="json", exclude={"mail_to", "fields"}) | {"fields": self.named_fields}
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]

    def overlaid_with(self, own: SharingPolicy) -> SharingPolicy:
        """This one as the default, with a partner's own entries: each status and cell by itself, everything else whole."""
        stated = {name: getattr(own, name) for name in own.model_fields_set} | {
            "statuses": self.statuses | own.statuses,
            "cells": self.cells | own.cells,
        }
        return SharingPolicy.model_validate({name: getattr(self, name) for name in self.model_fields_set} | stated)


class Terms(Model):
    """What a partner lets us do with what it gives us."""

    use: Use = "plans"
    until: date | None = None
    """Last day; afterwards mapping_only holds."""
    approved_by: str | None = None
    """Who of the partner agreed, for the record."""


class Sharing(Model):
    """Where shares go, and what holds for every partner that says nothing else."""

    folder: str | None = None
    """A local folder, or an address such as s3://bucket/shares; where left out, shares/ in TOTSUGO_HOME. A folder per partner."""
    storage: dict[str, str | bool | int] = {}
    """Options of the storage library for that address, such as endpoint_url; secrets stay in the environment."""
    default: SharingPolicy = SharingPolicy()
    terms: Terms = Terms()

    @field_validator("folder")
    @classmethod
    def _a_place(cls, value: str | None) -> str | None:
        if value is not None and re.fullmatch(r"[a-z0-9+:]+:/*", value):
            raise ValueError(f"'{value}' names no place. Write one such as s3://bucket/shares")
        return value

    @model_validator(mode="before")
    @classmethod
    def _empty_folder_is_none(cls, given: object) -> object:
        return {k: v for k, v in given.items() if not (k == "folder" and not v)} if isinstance(given, dict) else given

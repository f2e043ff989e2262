"""What every part of the settings shares: the strict base model and the small vocabularies.

Belongs here: words that several parts use. Does not: any part of the file itself.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["customer", "open_opportunity", "target", "known"]
PartnerType = Literal["reseller", "technology", "investor", "advisor"]
Stage = Literal["prospective", "active", "ended"]
Language = Literal["ja", "en"]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="lower-case letters, digits and _")]
Days = Annotated[int, Field(ge=0, le=36500)]
CorporateNumber = Annotated[str, Field(pattern=r"^\d{13}$", description="13 digits", coerce_numbers_to_str=True)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="three capital letters such as JPY")]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

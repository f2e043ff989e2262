"""Account plans in ``account_mapping.yaml``: whether runs make them, in which language, on which company template.

Belongs here: the shape. Does not: the rates of the 試算 (``rules.py``), or what people write for a plan.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import field_validator

from pipelines.settings.base import Language, Model

TEMPLATES = (".pptx", ".potx")


class AccountPlans(Model):
    enabled: bool = True
    """False: runs make none; `totsugo plan make` does."""
    language: Language | None = None
    """Of the plans; where left out that of ``us``."""
    template: str | None = None
    """A PowerPoint file of the company whose master, theme and fonts the plans take; its own slides are left out."""

    @field_validator("template")
    @classmethod
    def _a_powerpoint_file(cls, value: str | None) -> str | None:
        if not value:
            return None  # ``${PLAN_TEMPLATE:-}`` without the variable
        if Path(value).suffix.lower() not in TEMPLATES:
            raise ValueError(f"'{value}' is no PowerPoint file. Name one that ends in {' or '.join(TEMPLATES)}")
        return value

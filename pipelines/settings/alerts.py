"""Alerts in ``account_mapping.yaml``: where they go and what they are about. Off until a channel is named.

Belongs here: the shape. Does not: what is worth an alert (dbt marts, brakes), or sending (``pipelines/automation``).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator

from pipelines.settings.base import Days, Model

AlertKind = Literal["new_overlap", "new_collision", "claim_lapsing", "change_set_held"]


class Email(Model):
    """An SMTP server and who gets the digest; ``owners`` maps an owner's name, as the CRM writes it, to an address."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    starttls: bool = True
    username: str | None = None
    password: SecretStr | None = None
    sender: str
    to: Annotated[list[str], Field(min_length=1)]
    owners: dict[str, str] = {}


class Alerts(Model):
    slack_webhook: SecretStr | None = None
    email: Email | None = None
    kinds: list[AlertKind] = ["new_overlap", "new_collision", "claim_lapsing", "change_set_held"]
    lapsing_days: Days = 7

    @model_validator(mode="before")
    @classmethod
    def _empty_is_off(cls, given: object) -> object:
        """``${SLACK_WEBHOOK:-}`` without the variable means no Slack."""
        return {k: v for k, v in given.items() if not (k == "slack_webhook" and not v)} if isinstance(given, dict) else given

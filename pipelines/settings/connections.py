"""CRM connections in ``account_mapping.yaml``: where they are, how to log in, what their own fields mean.

Belongs here: the shape and its checks. Does not: logging in (``connectors``), or what a role does (dbt staging).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from connectors.open import LOGINS
from pipelines.settings.base import Identifier, Model

_ACCOUNT_ROLES = ("corporate_number", "name_kana", "name_en", "partner_of_record")
_DEAL_ROLES = ("partner_of_record", "product", "registered_by", "registered_on", "registration_status")
_OF_EVERY_CLAIM = ("account", "company", "corporate_number", "amount", "owner", "note")
ROLES = {"Account": _ACCOUNT_ROLES, "companies": _ACCOUNT_ROLES, "Opportunity": _DEAL_ROLES, "deals": _DEAL_ROLES}
"""object -> the roles that its fields may play."""
CLAIM_ROLES = {
    "registered_by": ("registered_by", *_OF_EVERY_CLAIM, "product", "registered_on", "registration_status", "last_activity_on"),
    "introduced_with": (
        *("introduced_with", *_OF_EVERY_CLAIM, "direction", "introduction_status"),
        *("requested_on", "accepted_on", "met_on", "closed_on"),
    ),
}
"""The role that makes any other object one of registrations or introductions -> the roles that its fields may play."""


class Login(Model):
    """How to log in. Every secret comes from the environment through ``${NAME}``."""

    method: Literal["client_credentials", "jwt", "password", "token", "oauth"]
    client_id: str | None = None
    client_secret: SecretStr | None = None
    username: str | None = None
    password: SecretStr | None = None
    security_token: SecretStr | None = None
    private_key: SecretStr | None = None
    """In PEM; lines may be joined by a literal ``\\n``."""
    audience: Literal["https://login.salesforce.com", "https://test.salesforce.com"] | None = None
    """Whom an assertion is meant for, where the address of the org does not tell."""
    token: SecretStr | None = None
    refresh_token: SecretStr | None = None

    @field_validator("audience", mode="before")
    @classmethod
    def _empty_is_told_by_the_address(cls, value: Any) -> Any:
        return value or None

    @model_validator(mode="after")
    def _complete(self) -> Login:
        needed, _ = next(methods[self.method] for methods in LOGINS.values() if self.method in methods)
        missing = [name for name in needed if not self._given(name)]
        if missing:
            raise ValueError(f"method {self.method} needs {' and '.join(missing)}. Add the line or set its environment variable")
        return self

    @model_validator(mode="after")
    def _key_is_readable(self) -> Login:
        if self.private_key:
            from connectors.salesforce.key import readable_key  # imported only when needed: it takes a while to load

            try:
                readable_key(self.private_key.get_secret_value())
            except ValueError as unusable:
                raise ValueError(f"private_key: {unusable}") from None
        return self

    def _given(self, name: str) -> str | None:
        value = getattr(self, name)
        return value.get_secret_value() if isinstance(value, SecretStr) else value

    def revealed(self) -> dict[str, str]:
        """The values a connector needs, secrets in the clear: hand them on, never print them."""
        found = {name: self._given(name) for name in type(self).model_fields}
        return {name: value for name, value in found.items() if value is not None}


class Connection(Model):
    """One CRM, ours or a partner's."""

    crm: Literal["salesforce", "hubspot"]
    party: Identifier
    url: str
    login: Login
    """For every run."""
    provision_login: Login | None = None
    """An administrator's, for ``totsugo provision`` alone. Where every secret in it is empty it counts as absent: a run needs
    none of them."""
    write_back: bool = False
    calls_per_run: Annotated[int, Field(ge=100)] | None = None
    """API calls that one run may make, reading and writing; without it as many as the reserve lets be. With fewer than some 50 a
    run would only look at what is there, and no run would ever get on."""
    reserve: Annotated[float, Field(ge=0, lt=1)] = 0.1
    """Share of the CRM's daily API calls that runs leave to others."""
    full_pull_days: Annotated[int, Field(ge=1)] = 30
    """How often everything is pulled again, not only what changed: then what vanished without a word is noticed."""
    fields: dict[str, dict[str, str]] = {}
    """object -> role -> native field: what our own custom fields, and our own objects, mean. An object of ours with the role
    ``registered_by`` holds deal registrations, one with ``introduced_with`` holds introductions."""

    @field_validator("provision_login", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any) -> Any:
        if isinstance(value, dict) and not any(given for name, given in value.items() if name != "method"):
            return None
        return value

    @model_validator(mode="after")
    def _method_fits(self) -> Connection:
        for login in (self.login, self.provision_login):
            if login is not None and login.method not in LOGINS[self.crm]:
                *others, last = LOGINS[self.crm]
                fitting = f"{', '.join(others)} or {last}"
                raise ValueError(f"a {self.crm} connection logs in by {fitting}, not by {login.method}")
        return self

    @model_validator(mode="after")
    def _roles_exist(self) -> Connection:
        for object, roles in self.fields.items():
            kinds = [of_kind for key, of_kind in CLAIM_ROLES.items() if key in roles]
            known = ROLES.get(object) or [role for of_kind in kinds or CLAIM_ROLES.values() for role in of_kind]
            for role in roles:
                if role not in known:
                    raise ValueError(f"fields.{object}.{role}: is no role of {object}. {_near(role, known)}")
            if object not in ROLES and not kinds:
                mend = "Give it the role registered_by (registrations) or introduced_with (introductions), or mend its name"
                raise ValueError(f"fields.{object}: Totsugo would not read it. {mend}")
        return self


def _near(role: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(role, known, n=1)
    return f"Did you mean {close[0]}?" if close else f"Its roles are {', '.join(dict.fromkeys(known))}"

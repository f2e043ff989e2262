"""Logging in: OAuth tokens and who stands behind them.

Belongs here: clients, grants, sessions. Does not: what a user may see (``schema.py``).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from typing import Any

from connectors.sandbox.salesforce.records import Session
from connectors.sandbox.store import Store


class LoginRefused(Exception):
    """A refused grant: ``error`` and ``error_description`` of the token endpoint's 400."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


class Sessions:
    """The clients that may log in (kept in the store) and the sessions that are open (in memory: a restart ends them)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: dict[str, Session] = {}

    def grant(self, form: Mapping[str, str], authorization: str) -> tuple[str, Session]:
        """(access token, session) for the token endpoint's form. Raises ``LoginRefused``."""
        id, secret = _client_of(form, authorization)
        client = next((each for each in self._store.get_meta("clients", []) if each["client_id"] == id), None)
        if client is None:
            raise LoginRefused("invalid_client_id", "client identifier invalid")
        if not secrets.compare_digest(str(client["client_secret"]).encode(), secret.encode()):
            raise LoginRefused("invalid_client", "invalid client credentials")
        match form.get("grant_type"):
            case "client_credentials":
                pass
            case "password":
                known = (client.get("username"), client.get("password"))
                if None in known or (form.get("username"), form.get("password")) != known:
                    raise LoginRefused("invalid_grant", "authentication failure")
            case _:
                raise LoginRefused("unsupported_grant_type", "grant type not supported")
        return self._opened(client)

    def find(self, token: str) -> Session | None:
        """The session of a bearer token."""
        return self._open.get(token)

    def end(self, token: str) -> None:
        """Expire one session."""
        self._open.pop(token, None)

    def _opened(self, client: dict[str, Any]) -> tuple[str, Session]:
        token = f"{org_id(self._store)[:15]}!{secrets.token_urlsafe(60)}"
        session = self._open[token] = Session(client["user_id"], bool(client["admin"]))
        return token, session


def org_id(store: Store) -> str:
    """The id of the org's one Organization record."""
    return store.ids("Organization")[0]


def _client_of(form: Mapping[str, str], authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            id, _, secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise LoginRefused("invalid_client", "invalid client credentials") from None
        return id, secret
    return form.get("client_id", ""), form.get("client_secret", "")

"""Logging in: who may, by which grant, and the sessions that are open.

Belongs here: clients, users' passwords, grants, sessions. Does not: HTTP (``oauth.py``, ``partner_soap.py``), the proof of a
signed assertion (``assertion.py``), what a user may see (``schema.py``).

A world names its clients; what it does not say of one (a password, a security token) is made up from its client id.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from typing import Any

from connectors.sandbox.salesforce import assertion
from connectors.sandbox.salesforce.assertion import LoginRefused
from connectors.sandbox.salesforce.records import Session
from connectors.sandbox.store import Store

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_MOST_SESSIONS = 500
INVALID_LOGIN = "Invalid username, password, security token; or user locked out."
_FROM_ELSEWHERE = (
    f"{INVALID_LOGIN} Are you at a new location? When accessing Salesforce--either via a desktop client or the API--from outside"
    " of your company's trusted networks, you must add a security token to your password to log in."
)


class Sessions:
    """The clients that may log in and the sessions that are open, both kept in the store: a restart ends none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open = {token: Session(*who) for token, who in store.get_meta("sessions", {}).items()}

    def grant(self, form: Mapping[str, str], authorization: str, trusted: bool = True) -> tuple[str, Session]:
        """(access token, session) for the token endpoint's form. Raises ``LoginRefused``.

        ``trusted``: the call comes from a network from which a password is enough without the security token.
        """
        grant = form.get("grant_type")
        if grant == JWT_BEARER:
            return self._opened(self._user(assertion.subject(form.get("assertion", ""), self._keys())))
        if grant not in ("client_credentials", "password"):
            raise LoginRefused("unsupported_grant_type", "grant type not supported")
        client = self._authenticated(form, authorization)
        if grant == "client_credentials":
            return self._opened(client["user_id"])
        user_id, missing_token = self._proven(form.get("username", ""), form.get("password", ""), trusted)
        if user_id is None or missing_token:
            raise LoginRefused("invalid_grant", "authentication failure")
        return self._opened(user_id)

    def log_in(self, username: str, password: str, trusted: bool = True) -> tuple[str, Session]:
        """(session id, session) for the SOAP call ``login``; the security token follows the password. Raises ``LoginRefused``."""
        user_id, missing_token = self._proven(username, password, trusted)
        if user_id is None:
            raise LoginRefused("INVALID_LOGIN", INVALID_LOGIN)
        if missing_token:
            raise LoginRefused("LOGIN_MUST_USE_SECURITY_TOKEN", _FROM_ELSEWHERE)
        return self._opened(user_id)

    def find(self, token: str) -> Session | None:
        """The session of a bearer token."""
        return self._open.get(token)

    def end(self, token: str) -> bool:
        """Expire one session; whether there was one."""
        known = self._open.pop(token, None)
        self._keep()
        return known is not None

    def _authenticated(self, form: Mapping[str, str], authorization: str) -> dict[str, Any]:
        id, secret = _client_of(form, authorization)
        client = next((each for each in _clients(self._store) if each["client_id"] == id), None)
        if client is None:
            raise LoginRefused("invalid_client_id", "client identifier invalid")
        if not secrets.compare_digest(str(client["client_secret"]).encode(), secret.encode()):
            raise LoginRefused("invalid_client", "invalid client credentials")
        return client

    def _proven(self, username: str, password: str, trusted: bool) -> tuple[str | None, bool]:
        """(id of the user whose password it is, whether the security token is missing)."""
        user_id = _user_id(self._store, username)
        client = next((each for each in _clients(self._store) if each["user_id"] == user_id), None)
        if client is None or user_id is None:
            return None, False
        if password == client["password"] + client["security_token"]:
            return user_id, False
        return (user_id, not trusted) if password == client["password"] else (None, False)

    def _user(self, username: str) -> str:
        user_id = _user_id(self._store, username)
        if user_id is None:
            raise LoginRefused("invalid_grant", "user hasn't approved this consumer")
        return user_id

    def _keys(self) -> dict[str, str]:
        return {
            each["client_id"]: each.get("certificate") or assertion.public_key(private_key(self._store))
            for each in _clients(self._store)
        }

    def _opened(self, user_id: str) -> tuple[str, Session]:
        if not (self._store.get("User", user_id) or {}).get("IsActive", True):
            raise LoginRefused("inactive_user", "user is inactive")
        admin = any(each["admin"] for each in _clients(self._store) if each["user_id"] == user_id)
        token = f"{org_id(self._store)[:15]}!{secrets.token_urlsafe(60)}"
        session = self._open[token] = Session(user_id, admin)
        self._keep()
        return token, session

    def _keep(self) -> None:
        self._open = dict(list(self._open.items())[-_MOST_SESSIONS:])
        self._store.set_meta("sessions", {token: [each.user_id, each.admin] for token, each in self._open.items()})


def login_methods(store: Store) -> dict[str, dict[str, str]]:
    """Method -> what ``connectors.open_crm`` needs for it, under the integration's user."""
    client = next(each for each in _clients(store) if each["kind"] == "integration")
    user = store.get("User", client["user_id"]) or {}
    who = {"username": str(user.get("Username", ""))}
    secret = {name: client[name] for name in ("client_id", "client_secret")}
    return {
        "client_credentials": secret,
        "jwt": {"client_id": client["client_id"], **who, "private_key": private_key(store)},
        "password": {**who, "password": client["password"], "security_token": client["security_token"]},
    }


def private_key(store: Store) -> str:
    """The key whose public half every client of the org is registered with, unless its world names a certificate (PEM)."""
    key: str | None = store.get_meta("private_key")
    if key is None:
        key = assertion.key_of_this_process()
        store.set_meta("private_key", key)
    return key


def org_id(store: Store) -> str:
    """The id of the org's one Organization record."""
    return store.ids("Organization")[0]


def _clients(store: Store) -> list[dict[str, Any]]:
    made_up = ("password", "security_token")
    return [{**{name: f"{each['client_id']}-{name}" for name in made_up}, **each} for each in store.get_meta("clients", [])]


def _user_id(store: Store, username: str) -> str | None:
    found = store.ids("User", "deleted = 0 AND json_extract(doc, '$.Username') = ? COLLATE NOCASE", (username,))
    return found[0] if found else None


def _client_of(form: Mapping[str, str], authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            id, _, secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise LoginRefused("invalid_client", "invalid client credentials") from None
        return id, secret
    return form.get("client_id", ""), form.get("client_secret", "")

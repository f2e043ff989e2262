"""Logging in to HubSpot: a private app's token, or access tokens that an OAuth app gets for its refresh token.

Belongs here: which token a call carries, getting the next one, whose it is, refusals in the project's own words. Does not: calls
(``session``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import urllib3
from hubspot.crm.objects import ApiClient
from hubspot.crm.objects.exceptions import ApiException

from connectors.crm import CrmError, CrmUnavailable, LoginRefused
from connectors.retry import TIMEOUT
from connectors.secrets import Secrets

_SECRET = ("token", "client_secret", "refresh_token")
_TOKEN = ("/oauth/v3/token", "/oauth/v1/token")
"""The second for servers that lack the first; HubSpot itself ends it in February 2027."""
_ABOUT = "/oauth/v3/token/introspect"
_FORM = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
_EARLY = 120
"""Seconds before its end from which on a token is no longer used: a call may be tried again for minutes."""
_HINTS = {
    "BAD_REFRESH_TOKEN": "install the app once more and take its new refresh_token",
    "BAD_CLIENT_ID": "check its client_id",
    "BAD_CLIENT_SECRET": "check its client_secret",
}


class HubspotLogin:
    """One login of one portal. ``login``: see ``connectors.open_crm``. ``api``: the client that its calls go through."""

    def __init__(self, url: str, login: Mapping[str, str], api: ApiClient) -> None:
        self.host = urlsplit(url).netloc
        self._login, self._api = dict(login), api
        self._secrets = Secrets(login.get(name) or "" for name in _SECRET)
        self.by_oauth = login["method"] == "oauth"
        self._token = "" if self.by_oauth else login["token"]
        self._ends = float("inf")

    def __repr__(self) -> str:
        return f"HubspotLogin({self.host})"

    def token(self) -> str:
        """What the next call carries. Raises ``LoginRefused``, ``CrmUnavailable``."""
        if self.by_oauth and (not self._token or monotonic() >= self._ends - _EARLY):
            self._renew()
        return self._token

    def renewed(self) -> bool:
        """Get another token, the present one having been refused; false where there is none to be had."""
        if self.by_oauth:
            self._renew()
        return self.by_oauth

    def about(self) -> dict[str, Any]:
        """Whose the app's token is: ``user_id``, ``hub_id``, ``app_id``. The token goes in the body, never in an address."""
        app = {name: self._login[name] for name in ("client_id", "client_secret")}
        return self._posted(_ABOUT, {**app, "token": self.token(), "token_type_hint": "access_token"})

    def clean(self, text: str) -> str:
        """The text without any secret of this login, access tokens included."""
        return self._secrets.hidden(text)

    def refused(self) -> LoginRefused:
        """What to say where a call was answered by 401."""
        whose = "the app's access token, and the next one" if self.by_oauth else "the token of this connection"
        return LoginRefused(f"HubSpot at {self.host} refused {whose}: it is wrong, expired or revoked.")

    def _renew(self) -> None:
        form = {name: self._login[name] for name in ("client_id", "client_secret", "refresh_token")}
        form["grant_type"] = "refresh_token"
        asked = monotonic()
        try:
            answer = self._posted(_TOKEN[0], form)
        except _NotServed:
            answer = self._posted(_TOKEN[1], form)
        self._token = str(answer.get("access_token") or "")
        if not self._token:
            raise self._no_login()
        self._secrets.add(self._token)
        self._ends = asked + float(answer.get("expires_in") or 0)

    def _posted(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        try:
            answer, _, _ = self._api.call_api(
                path,
                "POST",
                header_params=dict(_FORM),
                post_params=list(form.items()),
                response_types_map={200: "object"},
                auth_settings=[],
                _request_timeout=TIMEOUT,
            )
        except ApiException as error:
            raise self._fault(error) from None
        except (urllib3.exceptions.HTTPError, UnicodeDecodeError) as error:
            name = type(getattr(error, "reason", None) or error).__name__
            raise CrmUnavailable(f"HubSpot at {self.host} could not be reached ({name}); check its address.") from None
        if not isinstance(answer, dict):
            raise self._no_login()
        return answer

    def _fault(self, error: ApiException) -> CrmError:
        try:
            body = json.loads(error.body or "")
        except ValueError:
            body = None
        status = int(error.status or 0)
        if status in (404, 405):
            return _NotServed(f"HubSpot at {self.host} has no such endpoint for logins (HTTP {status}).")
        if status >= 500 or status == 429 or not isinstance(body, dict):
            return CrmUnavailable(f"HubSpot at {self.host} did not answer the login (HTTP {status}); try again later.")
        code = str(body.get("status") or body.get("error") or "")
        said = self.clean(" ".join(f"{code}: {body.get('message') or body.get('error_description') or ''}".split()))[:300]
        hint = _HINTS.get(code, "check the login of this connection")
        return LoginRefused(f"HubSpot at {self.host} refused the login ({said.strip(': ')}); {hint}.")

    def _no_login(self) -> CrmUnavailable:
        return CrmUnavailable(f"HubSpot at {self.host} answered the login with something that is none; try again later.")


class _NotServed(CrmUnavailable):
    """The server does not know the endpoint."""

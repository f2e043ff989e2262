"""Logging in to Salesforce, and once more when a session has ended.

Belongs here: the ways to log in, the transport that they and every call use, refusals in the project's own words. Does not:
calls (``session``).
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit
from xml.parsers.expat import ExpatError

import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

from connectors.crm import CrmError, CrmUnavailable, LoginRefused
from connectors.retry import PatientAdapter
from connectors.salesforce.errors import passes
from connectors.salesforce.key import readable_key
from connectors.secrets import Secrets

API_VERSION = "62.0"
_PRODUCTION, _TEST = "https://login.salesforce.com", "https://test.salesforce.com"
_SECRET = ("client_secret", "password", "security_token", "private_key")
_ELSEWHERE = "org-at-another-address.my"
"""The library's ``domain`` of an org that is not at *.salesforce.com."""
_HINTS = {
    "invalid_client_id": "check its client_id",
    "invalid_client": "check its client_id and client_secret",
    "user hasn't approved this consumer": "let the app's policy admit this user in advance (admin approved users)",
    "audience is invalid": "set audience to https://login.salesforce.com, or https://test.salesforce.com for a sandbox",
    "invalid assertion": "check that the private key belongs to the app's certificate, and this machine's clock",
    "expired authorization code": "check this machine's clock",
    "LOGIN_MUST_USE_SECURITY_TOKEN": "set security_token, or let the org trust this machine's network",
    "UNSUPPORTED_API_VERSION": "logging in by password alone is over; use method jwt or client_credentials",
}
_NO_LOGIN = (ValueError, TypeError, AttributeError, KeyError, ExpatError)
"""What the library makes of an answer that is no login."""
_LATER = "try again later"
T = TypeVar("T")

# at its debug level it writes whole envelopes, and with them the session's id
logging.getLogger("zeep.transports").setLevel(logging.INFO)


class SalesforceLogin:
    """One login of one org. ``login``: see ``connectors.open_crm``."""

    def __init__(self, url: str, login: Mapping[str, str]) -> None:
        self.host = urlsplit(url).netloc
        self._url, self._login = url, dict(login)
        self._secrets = Secrets(login.get(name) or "" for name in _SECRET)
        if login.get("client_secret"):  # as Basic authentication has it
            self._secrets.add(f"{login.get('client_id')}:{login['client_secret']}")

    def __repr__(self) -> str:
        return f"SalesforceLogin({self.host})"

    def log_in(self) -> Salesforce:
        """The library's client. Raises ``LoginRefused``, ``CrmUnavailable``."""
        session, domain = self._transport()
        given = {"session": session, "domain": domain, "version": API_VERSION, **self._given(domain)}
        sf = self._tried(lambda: Salesforce(**given))
        self._secrets.add(sf.session_id)
        return sf

    def renew(self, sf: Salesforce) -> None:
        """Log the client in once more. The library's own way recurses without bound, and drops headers."""
        self._tried(sf._refresh_session)
        self._secrets.add(sf.session_id)
        sf._mdapi = None  # it keeps the session it was made with

    def clean(self, text: str) -> str:
        """The text without any secret of this login, access tokens included."""
        return self._secrets.hidden(text)

    def unreachable(self, error: Exception) -> CrmUnavailable:
        return CrmUnavailable(f"Salesforce at {self.host} could not be reached ({type(error).__name__}); check its address.")

    def _given(self, domain: str) -> dict[str, Any]:
        """What the library needs for the method of this login."""
        given = self._login
        if given["method"] == "client_credentials":
            return {"consumer_key": given["client_id"], "consumer_secret": given["client_secret"]}
        if given["method"] == "jwt":
            audience = (given.get("audience") or _audience(self.host)).removeprefix("https://").removesuffix(".salesforce.com")
            who = {"username": given["username"], "consumer_key": given["client_id"], "privatekey": self._key()}
            return {**who, "domain": audience, "instance_url": domain}
        token = given.get("security_token") or ""
        if given.get("client_id"):  # OAuth: the token follows the password
            app = {"consumer_key": given["client_id"], "consumer_secret": given.get("client_secret") or ""}
            return {"username": given["username"], "password": given["password"] + token, **app}
        return {"username": given["username"], "password": given["password"], "security_token": token}  # SOAP

    def _key(self) -> str:
        try:
            return readable_key(self._login["private_key"])
        except ValueError as unusable:
            raise LoginRefused(f"The login for Salesforce at {self.host}, private_key: {unusable}.") from None

    def _tried(self, log_in: Callable[[], T]) -> T:
        try:
            with warnings.catch_warnings(action="ignore"):  # the library tells consumers it does not know to the terminal
                return log_in()
        except SalesforceAuthenticationFailed as error:
            raise self._refused(error) from None
        except requests.RequestException as error:
            raise self.unreachable(error) from None
        except _NO_LOGIN:
            raise CrmUnavailable(f"Salesforce at {self.host} answered the login with something that is none; {_LATER}.") from None

    def _transport(self) -> tuple[requests.Session, str]:
        """A session with our retry policy, and the library's ``domain``; alone it reaches only *.salesforce.com by https."""
        session = requests.Session()
        session.mount("https://", PatientAdapter(judge=passes))
        if self.host.endswith(".salesforce.com"):
            return session, self.host.removesuffix(".salesforce.com")
        address = f"https://{_ELSEWHERE}.salesforce.com"
        session.mount(f"{address}/", PatientAdapter(address, self._url, passes))
        session.mount(f"https://{self.host}/", PatientAdapter(f"https://{self.host}", self._url, passes))
        if self._url.startswith("http:"):
            session.trust_env = False  # a proxy has no way to this machine's loopback
        return session, _ELSEWHERE

    def _refused(self, error: SalesforceAuthenticationFailed) -> CrmError:
        code, message = str(error.code or ""), " ".join(str(error.auth_message or "").split())
        if not code or code.isdigit():  # no answer of Salesforce's own: not to be quoted
            return CrmUnavailable(
                f"Salesforce at {self.host} did not answer the login{f' (HTTP {code})' if code else ''}; {_LATER}."
            )
        said = self.clean(f"{code}: {message}")[:300].strip(": ")
        hint = _HINTS.get(message) or _HINTS.get(code) or "check the login of this connection"
        return LoginRefused(f"Salesforce at {self.host} refused the login ({said}); {hint}.")


def has_ended(response: requests.Response) -> bool:
    """Whether Salesforce refuses the call for its session: 401, or under ``/services/oauth2/`` 403 in plain text."""
    dead = response.status_code == HTTPStatus.FORBIDDEN and response.content.startswith(b"Bad_OAuth_Token")
    return dead or response.status_code == HTTPStatus.UNAUTHORIZED


def _audience(host: str) -> str:
    """Whom an assertion is meant for: sandboxes have a server of their own."""
    return _TEST if ".sandbox." in host or "--" in host or host.startswith("test.") else _PRODUCTION

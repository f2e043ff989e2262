"""Logging in to Salesforce, and once more when a session has ended.

Belongs here: the ways to log in, the transport that they and every call use, refusals in the project's own words. Does not:
calls (``session``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

from connectors.crm import CrmError, CrmUnavailable, LoginRefused
from connectors.retry import PatientAdapter, without_secrets
from connectors.salesforce.errors import passes

API_VERSION = "62.0"


class SalesforceLogin:
    """One login of one org."""

    def __init__(self, url: str, login: Mapping[str, str]) -> None:
        self.host = urlsplit(url).netloc
        self._url, self._login = url, dict(login)

    def __repr__(self) -> str:
        return f"SalesforceLogin({self.host})"

    def log_in(self) -> Salesforce:
        """The library's client. Raises ``LoginRefused``, ``CrmUnavailable``."""
        session, domain = self._transport()
        given = self._login
        secret: dict[str, Any] = {"consumer_key": given.get("client_id"), "consumer_secret": given.get("client_secret")}
        if given["method"] == "password":
            token = given.get("security_token") or ""
            if given.get("client_id"):  # OAuth: the token follows the password
                secret |= {"username": given["username"], "password": given["password"] + token}
            else:  # SOAP
                secret = {"username": given["username"], "password": given["password"], "security_token": token}
        try:
            return Salesforce(session=session, domain=domain, version=API_VERSION, **secret)
        except SalesforceAuthenticationFailed as error:
            raise self._refused(error) from None
        except requests.RequestException as error:
            raise self.unreachable(error) from None

    def renew(self, sf: Salesforce) -> None:
        """Log the client in once more. The library's own way recurses without bound, and drops headers."""
        try:
            sf._refresh_session()
        except SalesforceAuthenticationFailed as error:
            raise self._refused(error) from None
        except requests.RequestException as error:
            raise self.unreachable(error) from None
        sf._mdapi = None  # it keeps the session it was made with

    def clean(self, text: str) -> str:
        """The text without any secret of this login."""
        return without_secrets(text, [v for k, v in self._login.items() if k not in ("method", "username", "client_id")])

    def unreachable(self, error: Exception) -> CrmUnavailable:
        return CrmUnavailable(f"Salesforce at {self.host} could not be reached ({type(error).__name__}); check its address.")

    def _transport(self) -> tuple[requests.Session, str]:
        """A session with our retry policy, and the library's ``domain``; alone it reaches only *.salesforce.com by https."""
        session = requests.Session()
        session.mount("https://", PatientAdapter(judge=passes))
        if self.host.endswith(".salesforce.com"):
            return session, self.host.removesuffix(".salesforce.com")
        domain = "org-at-another-address.my"
        session.mount(f"https://{domain}.salesforce.com/", PatientAdapter(f"https://{domain}.salesforce.com", self._url, passes))
        session.mount(f"https://{self.host}/", PatientAdapter(f"https://{self.host}", self._url, passes))
        if self._url.startswith("http:"):
            session.trust_env = False  # a proxy has no way to this machine's loopback
        return session, domain

    def _refused(self, error: SalesforceAuthenticationFailed) -> CrmError:
        code, message = str(error.code or ""), " ".join(str(error.auth_message or "").split())
        if (code.isdigit() and int(code) >= 500) or message.startswith("<"):
            return CrmUnavailable(f"Salesforce at {self.host} did not answer the login; try again later.")
        hint = "check the login of this connection"
        said = f"{code}: {message}".strip(": ")
        return LoginRefused(self.clean(f"Salesforce at {self.host} refused the login ({said[:300]}); {hint}."))

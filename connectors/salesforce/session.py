"""A logged-in Salesforce: one call, with bounded re-login, and faults in the project's own words.

Belongs here: login, transport, reading Salesforce's errors and limits. Does not: what is asked of it
(``pull``, ``write``, ``provision``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

from connectors.batches import CallRefused, SchemaRefused
from connectors.crm import CrmError, CrmUnavailable, LoginRefused, Quota, QuotaExhausted
from connectors.retry import PatientAdapter, without_secrets

API_VERSION = "62.0"
_MISSING = {"INVALID_FIELD", "INVALID_TYPE", "NOT_FOUND", "INVALID_SOBJECT_TYPE", "INVALIDENTITY"}
_LIMITS = {"REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded"}
_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")


class SalesforceSession:
    """Logs in at its first call, and once more when Salesforce says in mid-run that the session is over.

    The library's own re-login is not used: its object calls recurse without bound, and it drops headers.
    """

    def __init__(self, url: str, login: Mapping[str, str]) -> None:
        self.host = urlsplit(url).netloc
        self._url = url
        self._login = dict(login)
        self._sf: Salesforce | None = None
        self._usage = Quota(None, None)

    def __repr__(self) -> str:
        return f"SalesforceSession({self.host})"

    @property
    def quota(self) -> Quota:
        """What ``Sforce-Limit-Info`` said last."""
        return self._usage

    @property
    def sf(self) -> Salesforce:
        """The library's client, logged in. Raises ``LoginRefused``, ``CrmUnavailable``."""
        if self._sf is None:
            self._sf = self._log_in()
        return self._sf

    def call(
        self, method: str, path: str, params: Mapping[str, Any] | None = None, body: Any = None, root: str | None = None
    ) -> Any:
        """One REST call; the answer's JSON, or its text where it is CSV, ``None`` where there is none.

        ``body`` is sent as JSON; bytes are CSV. ``path`` is below ``/services/data/vNN/``, or below ``root``.
        Raises ``SchemaRefused``, ``CallRefused``, ``QuotaExhausted``, ``LoginRefused``, ``CrmUnavailable``.
        """
        response = self._send(method, path, params, body, root)
        if response.status_code == 401:
            self._log_in_again()
            response = self._send(method, path, params, body, root)
        used = _USAGE.search(response.headers.get("Sforce-Limit-Info", ""))
        if used:
            self._usage = Quota(int(used[1]), int(used[2]))
        if response.status_code >= 300:
            raise self._fault(response)
        if response.headers.get("Content-Type", "").startswith("text/csv"):
            return response.content.decode()  # UTF-8, whether Salesforce says so or not
        try:
            return response.json() if response.content else None
        except requests.JSONDecodeError:  # a maintenance page, or something between us and Salesforce
            raise CrmUnavailable(f"Salesforce at {self.host} answered something that is no data; try again later.") from None

    def _send(self, method: str, path: str, params: Any, body: Any, root: str | None) -> requests.Response:
        sf = self.sf
        root = f"/services/data/v{API_VERSION}/" if root is None else root
        headers, data = sf.headers, body
        if isinstance(body, bytes):
            headers = {**sf.headers, "Content-Type": "text/csv; charset=UTF-8"}
        elif body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
        try:
            return sf.session.request(method, f"https://{sf.sf_instance}{root}{path}", headers=headers, params=params, data=data)
        except requests.RequestException as error:
            raise self._unreachable(error) from None

    def _log_in(self) -> Salesforce:
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
            raise self._unreachable(error) from None

    def _log_in_again(self) -> None:
        sf = self.sf
        try:
            sf._refresh_session()
        except SalesforceAuthenticationFailed as error:
            raise self._refused(error) from None
        except requests.RequestException as error:
            raise self._unreachable(error) from None
        sf._mdapi = None  # it keeps the session it was made with

    def _transport(self) -> tuple[requests.Session, str]:
        """A session with our retry policy, and the library's ``domain``; alone it reaches only *.salesforce.com by https."""
        session = requests.Session()
        session.mount("https://", PatientAdapter())
        if self.host.endswith(".salesforce.com"):
            return session, self.host.removesuffix(".salesforce.com")
        domain = "org-at-another-address.my"
        session.mount(f"https://{domain}.salesforce.com/", PatientAdapter(f"https://{domain}.salesforce.com", self._url))
        session.mount(f"https://{self.host}/", PatientAdapter(f"https://{self.host}", self._url))
        if self._url.startswith("http:"):
            session.trust_env = False  # a proxy has no way to this machine's loopback
        return session, domain

    def _refused(self, error: SalesforceAuthenticationFailed) -> CrmError:
        code, message = str(error.code or ""), " ".join(str(error.auth_message or "").split())
        if (code.isdigit() and int(code) >= 500) or message.startswith("<"):
            return CrmUnavailable(f"Salesforce at {self.host} did not answer the login; try again later.")
        hint = "check the login of this connection"
        said = f"{code}: {message}".strip(": ")
        return LoginRefused(self._clean(f"Salesforce at {self.host} refused the login ({said[:300]}); {hint}."))

    def _unreachable(self, error: Exception) -> CrmUnavailable:
        return CrmUnavailable(f"Salesforce at {self.host} could not be reached ({type(error).__name__}); check its address.")

    def _fault(self, response: requests.Response) -> CrmError:
        status = response.status_code
        code, message = _first_error(response)
        if code in _LIMITS:
            return QuotaExhausted(f"Salesforce at {self.host} has reached its limit of API calls; it frees up within 24 hours.")
        if status == 401:
            return LoginRefused(f"Salesforce at {self.host} ended the session twice; check the login of this connection.")
        if status >= 500 or status == 429 or not code:
            return CrmUnavailable(f"Salesforce at {self.host} kept failing (HTTP {status}); try again later.")
        text = self._clean(f"Salesforce at {self.host}: {message} ({code})")
        return (SchemaRefused if code in _MISSING else CallRefused)(text, code, status)

    def _clean(self, text: str) -> str:
        return without_secrets(text, [v for k, v in self._login.items() if k not in ("method", "username", "client_id")])


def _first_error(response: requests.Response) -> tuple[str, str]:
    try:
        body = response.json()
    except ValueError:
        return "", ""
    first = body[0] if isinstance(body, list) and body else body
    if isinstance(first, str):  # 300: the addresses of the records that share an external id
        return "DUPLICATE_EXTERNAL_ID", f"more than one record has this external id: {', '.join(body)}"
    if not isinstance(first, dict):
        return "", ""
    return str(first.get("errorCode") or first.get("error") or ""), " ".join(str(first.get("message") or "").split())

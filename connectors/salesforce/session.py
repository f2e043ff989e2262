"""A logged-in Salesforce: one call, with bounded re-login, and faults in the project's own words.

Belongs here: one call, reading Salesforce's errors and limits. Does not: logging in (``login``), what is asked of it
(``pull``, ``write``, ``provision``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import requests
from simple_salesforce import Salesforce

from connectors.batches import CallRefused, SchemaRefused
from connectors.crm import CrmError, CrmUnavailable, LoginRefused, QuotaExhausted
from connectors.quota import Budget, Meter
from connectors.salesforce.login import API_VERSION, SalesforceLogin

_MISSING = {"INVALID_FIELD", "INVALID_TYPE", "NOT_FOUND", "INVALID_SOBJECT_TYPE", "INVALIDENTITY"}
_LIMITS = {"REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded"}
_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")


class SalesforceSession:
    """Logs in at its first call, and once more when Salesforce says in mid-run that the session is over.

    The library's own re-login is not used: its object calls recurse without bound, and it drops headers.
    """

    def __init__(self, url: str, login: Mapping[str, str], budget: Budget) -> None:
        self._login = SalesforceLogin(url, login)
        self.host = self._login.host
        self.meter = Meter(self.host, budget)
        self._sf: Salesforce | None = None

    def __repr__(self) -> str:
        return f"SalesforceSession({self.host})"

    @property
    def sf(self) -> Salesforce:
        """The library's client, logged in. Raises ``LoginRefused``, ``CrmUnavailable``."""
        if self._sf is None:
            self._sf = self._login.log_in()
        return self._sf

    def call(
        self, method: str, path: str, params: Mapping[str, Any] | None = None, body: Any = None, root: str | None = None
    ) -> Any:
        """One REST call; the answer's JSON, or its text where it is CSV, ``None`` where there is none.

        ``body`` is sent as JSON; bytes are CSV. ``path`` is below ``/services/data/vNN/``, or below ``root``.
        Raises ``SchemaRefused``, ``CallRefused``, ``QuotaExhausted``, ``LoginRefused``, ``CrmUnavailable``.
        """
        self.meter.require(1)
        self.meter.calls += 1
        response = self._send(method, path, params, body, root)
        if response.status_code == 401:
            self._login.renew(self.sf)
            response = self._send(method, path, params, body, root)
        used = _USAGE.search(response.headers.get("Sforce-Limit-Info", ""))
        if used:
            self.meter.heard(int(used[1]), int(used[2]))
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
            raise self._login.unreachable(error) from None

    def _fault(self, response: requests.Response) -> CrmError:
        status = response.status_code
        code, message = _first_error(response)
        if code in _LIMITS:
            return QuotaExhausted(f"Salesforce at {self.host} has reached its limit of API calls; it frees up within 24 hours.")
        if status == 401:
            return LoginRefused(f"Salesforce at {self.host} ended the session twice; check the login of this connection.")
        if status >= 500 or status == 429 or not code:
            return CrmUnavailable(f"Salesforce at {self.host} kept failing (HTTP {status}); try again later.")
        text = self._login.clean(f"Salesforce at {self.host}: {message} ({code})")
        return (SchemaRefused if code in _MISSING else CallRefused)(text, code, status)


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

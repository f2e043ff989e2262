"""A logged-in Salesforce: one call, with bounded re-login, and faults in the project's own words.

Belongs here: one call, reading Salesforce's errors and limits. Does not: logging in (``login``), what is asked of it
(``pull``, ``write``, ``provision``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, BinaryIO

import requests
from simple_salesforce import Salesforce
from urllib3.exceptions import MaxRetryError

from connectors.batches import CallRefused, SchemaRefused
from connectors.crm import CrmError, CrmUnavailable, LoginRefused, QuotaExhausted
from connectors.quota import Budget, Meter
from connectors.retry import Refusal, retry_policy, when_to_try
from connectors.salesforce.errors import first_error, is_used_up, passes
from connectors.salesforce.login import API_VERSION, SalesforceLogin, has_ended

_MISSING = {"INVALID_FIELD", "INVALID_TYPE", "NOT_FOUND", "INVALID_SOBJECT_TYPE", "INVALIDENTITY"}
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
        response = self._answer(method, path, params, body, root)
        if response.headers.get("Content-Type", "").startswith("text/csv"):
            return response.content.decode()  # UTF-8, whether Salesforce says so or not
        try:
            return response.json() if response.content else None
        except requests.JSONDecodeError:  # a maintenance page, or something between us and Salesforce
            raise CrmUnavailable(f"Salesforce at {self.host} answered something that is no data; try again later.") from None

    def download(self, path: str, params: Mapping[str, Any], file: BinaryIO) -> Mapping[str, str]:
        """The whole body of one answer into the empty ``file``, which is then read from its beginning; the answer's headers.

        Raises as ``call`` does. A body that breaks off is asked for anew.
        """
        patience = retry_policy(passes)
        while True:
            response = self._answer("GET", path, params, stream=True)
            try:
                with response:
                    for part in response.iter_content(1 << 20):
                        file.write(part)
            except requests.RequestException as broken:
                file.seek(0)
                file.truncate()
                try:
                    patience = patience.broken("GET", path, broken)
                except MaxRetryError:
                    raise self._login.unreachable(broken) from None
                patience.sleep()
            else:
                file.seek(0)
                return response.headers

    def _answer(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        root: str | None = None,
        stream: bool = False,
    ) -> requests.Response:
        """A success, counted; where the session has ended, after logging in once more. ``stream``: its body is not read yet."""
        self.meter.require(1)
        self.meter.calls += 1
        response = self._send(method, path, params, body, root, stream)
        if has_ended(response):
            self._login.renew(self.sf)
            response = self._send(method, path, params, body, root, stream)
        used = _USAGE.search(response.headers.get("Sforce-Limit-Info", ""))
        if used:
            self.meter.heard(int(used[1]), int(used[2]))
        if response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            raise self._fault(response)
        return response

    def _send(self, method: str, path: str, params: Any, body: Any, root: str | None, stream: bool) -> requests.Response:
        sf = self.sf
        root = f"/services/data/v{API_VERSION}/" if root is None else root
        headers, data = sf.headers, body
        if isinstance(body, bytes):
            headers = {**sf.headers, "Content-Type": "text/csv; charset=UTF-8"}
        elif body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
        url = f"https://{sf.sf_instance}{root}{path}"
        try:
            return sf.session.request(method, url, headers=headers, params=params, data=data, stream=stream)
        except requests.RequestException as error:
            raise self._login.unreachable(error) from None

    def _fault(self, response: requests.Response) -> CrmError:
        status = response.status_code
        code, message = first_error(response.content)
        if is_used_up(code, message):
            return QuotaExhausted(f"Salesforce at {self.host} has reached its limit of API calls; it frees up within 24 hours.")
        if has_ended(response):
            return LoginRefused(f"Salesforce at {self.host} ended the session twice; check the login of this connection.")
        if passes(Refusal(status, response.headers, response.content, "")) is not None or not code:
            reason = self._login.clean(f"HTTP {status}{f', {code}' if code else ''}")
            return CrmUnavailable(f"Salesforce at {self.host} kept failing ({reason}); {when_to_try(response.headers)}.")
        text = self._login.clean(f"Salesforce at {self.host}: {message} ({code})")
        return (SchemaRefused if code in _MISSING else CallRefused)(text, code, status)

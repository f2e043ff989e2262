"""A HubSpot portal under one login: one call, with bounded re-login, and faults in the project's own words.

Belongs here: transport, reading HubSpot's errors and limits. Does not: logging in (``login``), what is asked of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import hubspot
import urllib3
from hubspot.crm.objects.exceptions import ApiException, UnauthorizedException

from connectors.batches import CallRefused, SchemaRefused
from connectors.crm import CrmError, CrmUnavailable, QuotaExhausted
from connectors.hubspot.login import HubspotLogin
from connectors.hubspot.pace import Pace, policy_of
from connectors.quota import Budget, Meter
from connectors.retry import TIMEOUT, Refusal, retry_policy, when_to_try

_HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}
_JSON = dict.fromkeys((200, 201, 202, 207), "object")


class HubspotSession:
    """Calls through the library's own ``ApiClient``: one connection pool for all paths.

    The generated classes above it would each open a pool of their own, and build a model object for every record.
    """

    def __init__(self, url: str, login: Mapping[str, str], budget: Budget) -> None:
        self.host = urlsplit(url).netloc
        self.meter = Meter(self.host, budget)
        self._pace = Pace()
        client = hubspot.Client.create(host=url, retry=retry_policy(self._pace.passes))
        self._api = client.crm.objects.basic_api.api_client
        self._login = HubspotLogin(url, login, self._api)

    def __repr__(self) -> str:
        return f"HubspotSession({self.host})"

    def call(self, method: str, path: str, params: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        """One call; the answer's JSON, ``None`` where there is none.

        Raises ``SchemaRefused``, ``CallRefused``, ``QuotaExhausted``, ``LoginRefused``, ``CrmUnavailable``.
        """
        self.meter.require(1)
        self.meter.calls += 1
        self._pace.wait(path)
        query = [(name, value) for name, value in (params or {}).items() if value is not None]
        try:
            try:
                answer, headers = self._sent(method, path, query, body)
            except UnauthorizedException:
                if not self._login.renewed():
                    raise
                answer, headers = self._sent(method, path, query, body)
        except ApiException as error:
            self._hear(error.headers or {})
            raise self._fault(error) from None
        except (urllib3.exceptions.HTTPError, UnicodeDecodeError) as error:
            raise CrmUnavailable(f"HubSpot at {self.host} could not be reached ({_root(error)}); check its address.") from None
        self._hear(headers)
        if isinstance(answer, str):  # a maintenance page, or something between us and HubSpot
            raise CrmUnavailable(f"HubSpot at {self.host} answered something that is no data; try again later.")
        return answer

    def _sent(self, method: str, path: str, query: list[tuple[str, Any]], body: Any) -> tuple[Any, Mapping[str, str]]:
        self._api.configuration.access_token = self._login.token()
        answer, _, headers = self._api.call_api(
            path,
            method,
            query_params=query,
            header_params=dict(_HEADERS),
            body=body,
            response_types_map=_JSON,
            auth_settings=["oauth2"],
            _request_timeout=TIMEOUT,
        )
        return answer, headers

    def _hear(self, headers: Mapping[str, str]) -> None:
        """What the headers say of the limits; those of a search say nothing."""
        self._pace.heard(headers)
        daily, left = headers.get("X-HubSpot-RateLimit-Daily"), headers.get("X-HubSpot-RateLimit-Daily-Remaining")
        if daily and left:
            self.meter.heard(int(daily) - int(left), int(daily))

    def token_info(self) -> dict[str, Any]:
        """Whose token this is: ``userId``, ``hubId``, ``appId``. The token goes in the body, never in an address."""
        if self._login.by_oauth:
            about = self._login.about()
            return {"userId": about.get("user_id"), "hubId": about.get("hub_id"), "appId": about.get("app_id")}
        try:
            return self.call("POST", "/oauth/v2/private-apps/get/access-token-info", body={"tokenKey": self._login.token()})
        except CallRefused:  # HubSpot knows no such token: 404 here, where other calls answer 401
            raise self._login.refused() from None

    def _fault(self, error: ApiException) -> CrmError:
        body = _parsed(error.body)
        status = int(error.status or 0)
        if status == 401:
            return self._login.refused()
        category = str(body.get("category") or body.get("errorType") or "")
        if status == 429 and policy_of(error.body) == "DAILY":
            return QuotaExhausted(f"HubSpot at {self.host} has reached its daily limit of API calls; it is reset at midnight.")
        headers = error.headers or {}
        if not body or self._pace.passes(Refusal(status, headers, b"", "")) is not None:
            return CrmUnavailable(f"HubSpot at {self.host} kept failing (HTTP {status}); {when_to_try(headers)}.")
        code, message = _detail(body, category)
        text = self._login.clean(f"HubSpot at {self.host}: {message}" + (f" ({code})" if code else ""))
        missing = status in (403, 404) or "PROPERTY_DOESNT_EXIST" in f"{code} {message}" or "infer object type" in message
        return (SchemaRefused if missing else CallRefused)(text, code, status)


def _parsed(body: Any) -> dict[str, Any]:
    try:
        parsed = json.loads(body or "")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _detail(body: Mapping[str, Any], category: str) -> tuple[str, str]:
    """The most telling code and message: of the first inner error, where there is one."""
    message = " ".join(str(body.get("message") or "").split())
    inner = [error for error in body.get("errors") or [] if isinstance(error, dict)]
    if inner:
        message = "; ".join(dict.fromkeys([message, *(" ".join(str(e.get("message") or "").split()) for e in inner)]))
        category = str(inner[0].get("code") or inner[0].get("error") or category)
    scopes = [scope for error in inner for scope in (error.get("context") or {}).get("requiredGranularScopes", ())]
    if scopes:
        message += f"; the token lacks {', '.join(scopes)}"
    return category, message


def _root(error: Exception) -> str:
    reason = getattr(error, "reason", None)
    return type(reason if isinstance(reason, Exception) else error).__name__

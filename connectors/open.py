"""The one door to every CRM.

Belongs here: choosing the connector and checking that a login names what it needs. Does not: logging in.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.crm import Crm, CrmError
from connectors.quota import Budget
from connectors.retry import checked_url

_NEEDED = {
    ("salesforce", "client_credentials"): ("client_id", "client_secret"),
    ("salesforce", "password"): ("username", "password", "security_token"),
    ("hubspot", "token"): ("token",),
}


def open_crm(kind: str, url: str, login: Mapping[str, str], budget: Budget = Budget()) -> Crm:
    """A CRM that logs in at its first call. Raises ``CrmError`` where address or login is incomplete; calls nothing yet.

    One thread at a time may use it. ``login``: ``method`` and what it needs: Salesforce ``client_credentials``
    (client_id, client_secret) or ``password`` (username, password, security_token); HubSpot ``token`` (token).
    """
    url = checked_url(url)
    methods = [method for known, method in _NEEDED if known == kind]
    if not methods:
        raise CrmError(f"There is no connector for a CRM called {kind!r}; there are salesforce and hubspot.")
    method = login.get("method", methods[0])
    if method not in methods:
        raise CrmError(f"The login method {method!r} is unknown for {kind}; use {' or '.join(methods)}.")
    missing = [name for name in _NEEDED[kind, method] if not str(login.get(name) or "").strip()]
    if missing and missing != ["security_token"]:  # orgs that trust our network need no security token
        raise CrmError(f"The {kind} login for {url} lacks {', '.join(missing)}.")
    # Imported only when needed: each client library costs a second or more to load.
    if kind == "salesforce":
        from connectors.salesforce.client import SalesforceCrm

        return SalesforceCrm(url, {**login, "method": method}, budget)
    from connectors.hubspot.client import HubspotCrm

    return HubspotCrm(url, {**login, "method": method}, budget)

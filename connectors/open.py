"""The one door to every CRM.

Belongs here: choosing the connector, the ways to log in and what each of them needs. Does not: logging in.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.crm import Crm, CrmError
from connectors.quota import Budget
from connectors.retry import checked_url

LOGINS: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "salesforce": {
        "client_credentials": (("client_id", "client_secret"), ()),
        "jwt": (("client_id", "username", "private_key"), ("audience",)),
        "password": (("username", "password"), ("security_token", "client_id", "client_secret")),
    },
    "hubspot": {
        "token": (("token",), ()),
        "oauth": (("client_id", "client_secret", "refresh_token"), ()),
    },
}
"""CRM -> method -> what it needs, and what it may be given besides."""
_SHARED = ("login.salesforce.com", "test.salesforce.com")


def open_crm(kind: str, url: str, login: Mapping[str, str], budget: Budget = Budget()) -> Crm:
    """A CRM that logs in at its first call. Raises ``CrmError`` where address or login is incomplete; calls nothing yet.

    One thread at a time may use it. ``login``: ``method`` (the CRM's first, where it is left out) and what ``LOGINS`` says that
    it needs; ``private_key`` is a PEM text, ``audience`` an address at salesforce.com. More than it needs does no harm.
    """
    url = checked_url(url)
    methods = LOGINS.get(kind)
    if methods is None:
        raise CrmError(f"There is no connector for a CRM called {kind!r}; there are {' and '.join(LOGINS)}.")
    method = login.get("method") or next(iter(methods))
    if method not in methods:
        raise CrmError(f"The login method {method!r} is unknown for {kind}; use {' or '.join(methods)}.")
    missing = [name for name in methods[method][0] if not str(login.get(name) or "").strip()]
    if missing:
        raise CrmError(f"The {kind} login for {url} lacks {', '.join(missing)}.")
    if method == "client_credentials" and url.endswith(_SHARED):
        raise CrmError(
            f"Client credentials are not taken at {url}; give the org's own address, https://<name>.my.salesforce.com."
        )
    # Imported only when needed: each client library costs a second or more to load.
    if kind == "salesforce":
        from connectors.salesforce.client import SalesforceCrm

        return SalesforceCrm(url, {**login, "method": method}, budget)
    from connectors.hubspot.client import HubspotCrm

    return HubspotCrm(url, {**login, "method": method}, budget)

"""OAuth apps of the portal, as HubSpot's token endpoints answer them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.connectors.sandbox.hubspot.conftest import TOKEN, PortalUnderTest

APP = {"client_id": "app", "client_secret": "hidden"}


def _post(portal: PortalUnderTest, path: str, **form: str) -> requests.Response:
    return portal.call("POST", path, token="", data=form)


def _token(portal: PortalUnderTest, version: str = "v3", **change: str) -> requests.Response:
    return _post(
        portal, f"/oauth/{version}/token", **{"grant_type": "refresh_token", "refresh_token": "refresh", **APP, **change}
    )


@pytest.mark.parametrize("version", ["v1", "v3"])
def test_a_refresh_token_buys_an_access_token(portal: PortalUnderTest, version: str) -> None:
    answer = _token(portal, version).json()
    assert (answer["token_type"], answer["expires_in"], answer["refresh_token"]) == ("bearer", 1800, "refresh")
    assert portal.call("GET", "/crm/v3/objects/companies", token=answer["access_token"]).status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"grant_type": "implicit"}, "BAD_GRANT_TYPE"),
        ({"client_id": "other"}, "BAD_CLIENT_ID"),
        ({"client_secret": "guessed"}, "BAD_CLIENT_SECRET"),
        ({"refresh_token": "guessed"}, "BAD_REFRESH_TOKEN"),
    ],
)
def test_a_refused_grant_says_why(portal: PortalUnderTest, change: dict[str, str], status: str) -> None:
    for version in ("v1", "v3"):
        answer = _token(portal, version, **change)
        assert (answer.status_code, answer.json()["status"]) == (400, status)


def test_introspection_tells_whose_a_token_is_and_whether_it_lasts(portal: PortalUnderTest) -> None:
    token = _token(portal).json()["access_token"]

    def told(given: str) -> dict[str, Any]:
        return _post(portal, "/oauth/v3/token/introspect", **APP, token=given).json()

    known = told(token)
    assert (known["active"], known["user_id"], known["expires_in"] > 1700) == (True, 77, True)
    assert known["hub_id"] == portal.json("GET", "/account-info/v3/details")["portalId"]
    assert told("guessed") == {"active": False} == told(TOKEN)
    portal.server.clock.set(portal.server.clock.now() + timedelta(hours=1))
    assert told(token) == {"active": False}


def test_a_token_can_be_ended_by_a_fault_and_a_private_apps_cannot(portal: PortalUnderTest) -> None:
    token = _token(portal).json()["access_token"]
    portal.arm("token_expired")
    ended = portal.call("GET", "/crm/v3/objects/companies", token=token)
    assert (ended.status_code, ended.json()["category"]) == (401, "EXPIRED_AUTHENTICATION")
    assert portal.call("GET", "/crm/v3/objects/companies").status_code == 200


def test_only_private_apps_tokens_are_described_as_such(portal: PortalUnderTest) -> None:
    token = _token(portal).json()["access_token"]
    for given in (token, "guessed"):
        answer = portal.call("POST", "/oauth/v2/private-apps/get/access-token-info", token="", json={"tokenKey": given})
        assert answer.status_code == 404

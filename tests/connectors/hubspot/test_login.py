"""Logging in to HubSpot: by a private app's token, by an OAuth app's refresh token; access tokens end and are renewed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import requests

from connectors import open_crm
from connectors.crm import Crm, CrmUnavailable, LoginRefused
from tests.connectors.hubspot.conftest import Portal


def _open(portal: Portal, **change: str) -> Crm:
    return open_crm("hubspot", portal.org.url, {**portal.org.logins["oauth"], **change})


def _asked(portal: Portal) -> Counter[str]:
    return Counter(requests.get(f"{portal.org.url}/__sandbox__/requests", timeout=10).json()["counts"])


def _paths(portal: Portal) -> str:
    log: dict[str, Any] = requests.get(f"{portal.org.url}/__sandbox__/requests", timeout=10).json()
    return " ".join(f"{each['path']}?{each['query']}" for each in log["requests"])


def test_an_oauth_app_logs_in_at_its_first_call_and_once(portal: Portal) -> None:
    crm = _open(portal)
    assert not _asked(portal)
    assert "name" in (crm.existing_fields("companies") or ())
    assert crm.changed_since("companies", list(crm.pull("companies", ["name"], None))[-1].cursor, None) == 0
    assert _asked(portal)["POST /oauth/v3/token"] == 1


def test_both_ways_lead_to_the_same_user_and_no_token_stands_in_an_address(portal: Portal) -> None:
    crm = _open(portal)
    assert crm.identity() == portal.crm.identity()
    tokens = [id for id in portal.org.store.ids("tokens") if len(id) > 40]
    assert tokens
    assert not any(token in _paths(portal) for token in (*tokens, portal.org.credentials["token"]))


def test_an_access_token_that_is_over_is_renewed(portal: Portal) -> None:
    crm = _open(portal)
    assert crm.existing_fields("companies")
    portal.server.clock.set(portal.server.clock.now() + timedelta(hours=1))
    assert crm.existing_fields("companies")
    portal.fault("token_expired", count=1)
    assert crm.existing_fields("deals")
    assert _asked(portal)["POST /oauth/v3/token"] == 3
    assert crm.calls() == 3


def test_it_is_renewed_before_it_ends(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.hubspot.login._EARLY", 1800)
    crm = _open(portal)
    assert crm.existing_fields("companies")
    assert crm.existing_fields("deals")
    asked = requests.get(f"{portal.org.url}/__sandbox__/requests", timeout=10).json()["requests"]
    assert [each["status"] for each in asked] == [200] * 4


def test_an_access_token_that_never_lasts_is_said_and_not_tried_for_ever(portal: Portal) -> None:
    portal.fault("token_expired")
    with pytest.raises(LoginRefused, match="the app's access token, and the next one"):
        _open(portal).existing_fields("companies")
    assert _asked(portal)["POST /oauth/v3/token"] == 2


def test_a_private_apps_token_has_no_successor(portal: Portal) -> None:
    portal.fault("invalid_authentication", count=1)
    with pytest.raises(LoginRefused, match="the token of this connection: it is wrong, expired or revoked"):
        portal.crm.existing_fields("companies")
    assert sum(_asked(portal).values()) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"refresh_token": "hush-hush"}, r"BAD_REFRESH_TOKEN: missing or invalid refresh token\); install the app once more"),
        ({"client_id": "hush-hush"}, r"BAD_CLIENT_ID.*; check its client_id"),
        ({"client_secret": "hush-hush"}, r"BAD_CLIENT_SECRET.*; check its client_secret"),
    ],
)
def test_a_refusal_says_what_to_do_and_no_secret(portal: Portal, change: dict[str, str], said: str) -> None:
    crm = _open(portal, **change)
    for attempt in (crm.identity, lambda: crm.existing_fields("companies")):
        with pytest.raises(LoginRefused, match=said) as refused:
            attempt()
        assert "hush-hush" not in f"{refused.value!r} {crm!r}"


def test_an_answer_that_is_no_login_is_the_crms_fault(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.retry.PACE", 0.0)
    portal.fault("http_503_html", match="/oauth/")
    with pytest.raises(CrmUnavailable, match=r"did not answer the login \(HTTP 503\)"):
        _open(portal).identity()

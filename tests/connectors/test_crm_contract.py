"""What both connectors promise alike: logging in, refusing, patience, and keeping secrets to themselves."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import open_crm
from connectors.crm import Crm, CrmError, CrmUnavailable, LoginRefused, QuotaExhausted, SchemaMissing
from connectors.sandbox.server import Org, SandboxServer

ACCOUNTS = {"salesforce": ("Account", "Name"), "hubspot": ("companies", "name")}
SECRETS = {"salesforce": "client_secret", "hubspot": "token"}


@pytest.fixture(params=["salesforce", "hubspot"])
def org(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Org]:
    with SandboxServer(tmp_path, orgs={"org": request.param}) as server:
        yield server.orgs["org"]


@pytest.fixture
def crm(org: Org) -> Crm:
    return open_crm(org.crm, org.url, org.credentials)


def test_it_is_a_crm_and_knows_who_it_is(org: Org, crm: Crm) -> None:
    assert isinstance(crm, Crm)
    assert crm.name == org.crm
    me = crm.identity()
    assert me.user_id
    assert me.organisation


def test_wrong_secret_is_one_clear_sentence_without_the_secret(org: Org, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    crm = open_crm(org.crm, org.url, {**org.credentials, SECRETS[org.crm]: "hush-hush-1234"})
    for attempt in (crm.identity, lambda: list(crm.pull(*_account(org), None))):
        with pytest.raises(LoginRefused, match=r"refused the (login|token)") as refused:
            attempt()
        assert "\n" not in str(refused.value)
        assert "hush-hush-1234" not in f"{refused.value!r} {crm!r} {vars(crm)!r}"
        assert refused.value.__cause__ is None
    assert "hush-hush-1234" not in caplog.text


def test_address_that_nobody_answers_is_said_plainly(org: Org) -> None:
    crm = open_crm(org.crm, "http://127.0.0.1:9", org.credentials)
    with pytest.raises(CrmUnavailable, match=r"127\.0\.0\.1:9 could not be reached"):
        crm.identity()


def test_passing_faults_are_waited_out(org: Org, crm: Crm) -> None:
    crm.identity()
    org.faults.arm({"kind": "http_503_html", "count": 1})
    org.faults.arm({"kind": "drop_connection", "count": 1, "skip": 1})
    batches = list(crm.pull(*_account(org), None))
    assert batches[-1].table.num_rows == 0
    assert crm.changed_since(_account(org)[0], batches[-1].cursor, None) == 0


def test_write_whose_answer_was_lost_takes_effect_once(org: Org, crm: Crm) -> None:
    object, (name,) = _account(org)
    id = _create(org, crm)
    org.faults.arm({"kind": "drop_connection", "count": 1, "when": "after"})
    key = "Id" if org.crm == "salesforce" else "id"
    (result,) = crm.write(object, [{key: id, name: "改名"}])
    assert result.ok
    assert crm.read(object, [id], [name]) == {id: {name: "改名"}}
    org.faults.arm({"kind": "drop_connection", "count": 1, "when": "after"})
    assert [r.ok for r in crm.delete(object, [id])] == [True]
    assert crm.read(object, [id], [name]) == {}


def test_quota_is_what_the_headers_said(org: Org, crm: Crm) -> None:
    assert crm.quota().used is None
    list(crm.pull(*_account(org), None))
    quota = crm.quota()
    assert quota.used is not None
    assert quota.limit is not None
    assert 0 < quota.used < quota.limit


def test_spent_quota_is_named(org: Org, crm: Crm) -> None:
    crm.identity()
    org.faults.arm({"kind": "request_limit" if org.crm == "salesforce" else "rate_limit_daily"})
    with pytest.raises((QuotaExhausted, CrmUnavailable)) as spent:
        list(crm.pull(*_account(org), None))
    assert isinstance(spent.value, QuotaExhausted)


def test_unknown_object_is_a_missing_schema(org: Org, crm: Crm) -> None:
    assert crm.existing_fields("Nothing__c") is None
    with pytest.raises(SchemaMissing):
        list(crm.pull("Nothing__c", ["Name"], None))


def test_every_batch_has_the_promised_columns(org: Org, crm: Crm) -> None:
    object, fields = _account(org)
    _create(org, crm)
    (batch,) = crm.pull(object, [*fields, "no_such_field"], None)
    assert batch.table.column_names == [*fields, "_id", "_modified_at", "_deleted", "_merged_into", "_synced_at"]
    types = {name: str(batch.table.schema.field(name).type) for name in ("_id", "_modified_at", "_deleted", "_merged_into")}
    assert types == {"_id": "string", "_modified_at": "timestamp[us, tz=UTC]", "_deleted": "bool", "_merged_into": "string"}
    assert len(batch.notes) == 1
    assert "no_such_field" in batch.notes[0]


@pytest.mark.parametrize(
    ("kind", "url", "login", "said"),
    [
        ("salesforce", "http://example.my.salesforce.com", {"client_id": "a", "client_secret": "b"}, "not encrypted"),
        ("salesforce", "example.my.salesforce.com", {"client_id": "a", "client_secret": "b"}, "not a web address"),
        ("salesforce", "https://example.my.salesforce.com", {"client_id": "a"}, "lacks client_secret"),
        ("hubspot", "https://api.hubapi.com", {"method": "token", "token": ""}, "lacks token"),
        ("hubspot", "https://api.hubapi.com", {"method": "magic", "token": "x"}, "'magic' is unknown"),
        ("dynamics", "https://example.com", {}, "no connector"),
    ],
)
def test_incomplete_connection_is_named_before_any_call(kind: str, url: str, login: dict[str, str], said: str) -> None:
    with pytest.raises(CrmError, match=said):
        open_crm(kind, url, login)


def _account(org: Org) -> tuple[str, list[str]]:
    object, name = ACCOUNTS[org.crm]
    return object, [name]


def _create(org: Org, crm: Crm) -> str:
    """A new account, by the CRM's own call: the contract itself creates only by external id."""
    call = crm._session.call  # type: ignore[attr-defined]
    if org.crm == "salesforce":
        return call("POST", "sobjects/Account", body={"Name": "新規"})["id"]
    return call("POST", "/crm/v3/objects/companies", body={"properties": {"name": "新規"}})["id"]

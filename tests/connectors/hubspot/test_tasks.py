"""Tasks for people: one for each key, about its company, for its owner."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.crm import FieldSpec, ObjectSpec
from tests.connectors.hubspot.conftest import Portal

KEY = "totsugo_key"
SPECS = (ObjectSpec("tasks", "ToDo", (FieldSpec(KEY, "text", "鍵", external_id=True),)),)


@pytest.fixture
def company(portal: Portal) -> str:
    portal.crm.provision(SPECS)
    return portal.create("companies", {"name": "青空"})[0]


def _row(company: str, key: str = "1:musashi:3", **more: Any) -> dict[str, Any]:
    row = {"hs_task_subject": "武蔵と共同提案", "hs_task_status": "NOT_STARTED", "hs_timestamp": "2026-12-01T00:00:00.000Z"}
    return {KEY: key, "_associate_company": company, **row, **more}


def _companies_of(portal: Portal, task: str | None) -> list[str]:
    answer = portal.call("GET", f"/crm/v4/objects/tasks/{task}/associations/companies")
    return [str(each["toObjectId"]) for each in answer["results"]]


def test_a_task_is_made_once_about_its_company(portal: Portal, company: str) -> None:
    rows = [_row(company), _row(company, "1:seto:3")]
    first = list(portal.crm.write("tasks", rows, external_id=KEY))
    again = list(portal.crm.write("tasks", rows, external_id=KEY))
    assert [(r.key, r.ok, r.created) for r in first] == [("1:musashi:3", True, True), ("1:seto:3", True, True)]
    assert [(r.ok, r.created, r.id) for r in again] == [(True, False, r.id) for r in first]
    assert [_companies_of(portal, r.id) for r in first] == [[company], [company]]
    rows_pulled, _, _ = portal.pull("tasks", ["hs_task_subject", KEY])
    assert {row[KEY]: row["associated_company_ids"] for row in rows_pulled} == {r[KEY]: [company] for r in rows}
    created = [c for c in portal.org.changes() if c["object"] == "tasks" and c["action"] == "create" and c["field"] == KEY]
    assert len(created) == 2


def test_a_task_without_a_company_needs_no_further_call(portal: Portal, company: str) -> None:
    row = {name: value for name, value in _row(company).items() if name != "_associate_company"}
    (result,) = portal.crm.write("tasks", [row], external_id=KEY)
    assert result.ok
    assert _companies_of(portal, result.id) == []


def test_a_company_that_is_gone_fails_its_task_alone(portal: Portal, company: str) -> None:
    rows = [_row("999999", "a"), _row(company, "b"), _row(company, "c", hs_task_status="無い")]
    lost, good, bad = portal.crm.write("tasks", rows, external_id=KEY)
    assert (lost.ok, lost.code, lost.key) == (False, "NOT_ASSOCIATED", "a")
    assert good.ok
    assert _companies_of(portal, good.id) == [company]
    assert (bad.ok, bad.key) == (False, "c")


def test_a_task_whose_association_was_cut_off_gets_it_when_sent_again(portal: Portal, company: str) -> None:
    portal.fault("missing_scopes", count=1, match="/associations/")
    with pytest.raises(Exception, match="scope"):
        list(portal.crm.write("tasks", [_row(company)], external_id=KEY))
    (again,) = portal.crm.write("tasks", [_row(company)], external_id=KEY)
    assert (again.ok, again.created) == (True, False)
    assert _companies_of(portal, again.id) == [company]

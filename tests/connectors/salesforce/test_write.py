"""Writing to Salesforce: rows fail alone, locks are waited out."""

from __future__ import annotations

import pytest
import requests

from connectors import open_crm
from connectors.crm import CrmUnavailable, FieldSpec, LoginRefused, ObjectSpec, SchemaMissing
from tests.connectors.salesforce.conftest import Sales

SPECS = (
    ObjectSpec(
        "Account",
        "取引先",
        (
            FieldSpec("Totsugo_No_Approach__c", "checkbox", "アプローチNG", "全パートナーがアプローチできません"),
            FieldSpec("Totsugo_Partner_Approach__c", "picklist", "可否", values=(("open", "可"), ("no_approach", "不可"))),
            FieldSpec("Totsugo_No_Approach_Until__c", "date", "期限"),
            FieldSpec("Totsugo_No_Approach_Detail__c", "long_text", "理由"),
            FieldSpec("Totsugo_Override_Reason__c", "text", "例外の理由", writable_by_people=True),
        ),
    ),
    ObjectSpec(
        "Totsugo_Account_Map__c",
        "アカウントマップ",
        (
            FieldSpec("Totsugo_External_Id__c", "text", "外部ID", length=80, external_id=True),
            FieldSpec("Totsugo_Account__c", "reference", "取引先", reference_to="Account"),
            FieldSpec("Totsugo_Cell__c", "number", "マス"),
            FieldSpec("Totsugo_Play__c", "picklist", "打ち手", values=(("joint", "共同提案"), ("intro", "紹介依頼"))),
        ),
        create=True,
    ),
)
CHILD = "Totsugo_Account_Map__c"


def test_values_are_written_read_back_and_cleared(sales: Sales) -> None:
    sales.provision(SPECS[:1])
    (id,) = sales.create("Account", {"Name": "甲"})
    wanted = {
        "Totsugo_No_Approach__c": True,
        "Totsugo_Partner_Approach__c": "no_approach",
        "Totsugo_No_Approach_Until__c": "2026-12-31",
        "Totsugo_No_Approach_Detail__c": "当社の既存顧客\n2026年末まで",
    }
    (result,) = sales.crm.write("Account", [{"Id": id, **wanted}])
    assert (result.ok, result.key, result.id, result.created) == (True, id, id, False)
    assert sales.crm.read("Account", [id], list(wanted)) == {id: wanted}
    list(sales.crm.write("Account", [{"Id": id, "Totsugo_No_Approach_Until__c": None, "Totsugo_No_Approach__c": False}]))
    after = sales.crm.read("Account", [id], list(wanted))[id]
    assert after == {**wanted, "Totsugo_No_Approach_Until__c": None, "Totsugo_No_Approach__c": False}


def test_totsugo_may_not_write_what_belongs_to_people(sales: Sales) -> None:
    sales.provision(SPECS[:1])
    (id,) = sales.create("Account", {"Name": "甲"})
    (result,) = sales.crm.write("Account", [{"Id": id, "Totsugo_Override_Reason__c": "x"}])
    assert not result.ok


def test_bad_rows_fail_alone_and_results_keep_the_order(sales: Sales) -> None:
    sales.provision(SPECS[:1])
    ids = sales.create("Account", *({"Name": f"会社{i}"} for i in range(230)))
    rows = [{"Id": id, "Totsugo_Partner_Approach__c": "open"} for id in reversed(ids)]
    rows[17]["Totsugo_Partner_Approach__c"] = "無い値"
    rows[40]["Id"] = "0015g00000zzzzzAAA"
    del rows[50]["Id"]
    rows.append({"Id": ids[0], "Totsugo_Partner_Approach__c": "no_approach"})  # the same record twice in one write
    results = list(sales.crm.write("Account", rows))
    assert [result.key for result in results] == [row.get("Id", "") for row in rows]
    assert [number for number, result in enumerate(results) if not result.ok] == [17, 40, 50]
    assert results[17].code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    field = "Totsugo_Partner_Approach__c"
    assert sales.crm.read("Account", [ids[0]], [field]) == {ids[0]: {field: "no_approach"}}


def test_deleted_record_fails_on_write_and_counts_as_deleted(sales: Sales) -> None:
    live, gone = sales.create("Account", {"Name": "甲"}, {"Name": "乙"})
    list(sales.crm.delete("Account", [gone]))
    results = list(sales.crm.write("Account", [{"Id": gone, "Name": "x"}, {"Id": live, "Name": "y"}]))
    assert [(result.ok, result.code) for result in results] == [(False, "ENTITY_IS_DELETED"), (True, None)]
    assert [result.ok for result in sales.crm.delete("Account", [gone, live])] == [True, True]


def test_locked_rows_are_tried_again(sales: Sales) -> None:
    ids = sales.create("Account", *({"Name": f"会社{i}"} for i in range(60)))
    sales.fault("row_lock", count=60)
    sales.fault("row_lock", count=2, match=ids[3])
    results = list(sales.crm.write("Account", [{"Id": id, "Name": "新"} for id in ids]))
    assert all(result.ok for result in results)


def test_row_that_stays_locked_is_reported(sales: Sales) -> None:
    ids = sales.create("Account", {"Name": "甲"}, {"Name": "乙"})
    sales.fault("row_lock", match=ids[1])
    results = list(sales.crm.write("Account", [{"Id": id, "Name": "新"} for id in ids]))
    assert [(result.ok, result.code) for result in results] == [(True, None), (False, "UNABLE_TO_LOCK_ROW")]


def test_upsert_by_external_id(sales: Sales) -> None:
    sales.provision(SPECS)
    (account,) = sales.create("Account", {"Name": "甲"})
    keys = [f"{account}:武蔵", f"{account}:瀬戸'内"]
    rows = [{"Totsugo_External_Id__c": key, "Totsugo_Account__c": account, "Totsugo_Cell__c": 3} for key in keys]
    first = list(sales.crm.write(CHILD, rows, external_id="Totsugo_External_Id__c"))
    again = list(sales.crm.write(CHILD, rows, external_id="Totsugo_External_Id__c"))
    assert [(r.key, r.ok, r.created) for r in first] == [(key, True, True) for key in keys]
    assert [(r.key, r.ok, r.created, r.id) for r in again] == [(r.key, True, False, r.id) for r in first]
    read = sales.crm.read(CHILD, [*keys, "無い"], ["Totsugo_Cell__c"], external_id="Totsugo_External_Id__c")
    assert read == {key: {"Totsugo_Cell__c": 3} for key in keys}
    assert all(result.ok for result in sales.crm.delete(CHILD, [str(result.id) for result in first]))


def test_missing_object_is_said_not_tried_row_by_row(sales: Sales) -> None:
    with pytest.raises(SchemaMissing):
        list(sales.crm.write(CHILD, [{"Totsugo_External_Id__c": "x"}], external_id="Totsugo_External_Id__c"))


def test_there_are_no_static_lists(sales: Sales) -> None:
    assert sales.crm.members("any") == set()
    with pytest.raises(SchemaMissing):
        list(sales.crm.set_members("any", "Account", ["0015g00000zzzzzAAA"], []))


def test_login_by_password(sales: Sales) -> None:
    client = sales.org.store.get_meta("clients")[0]
    login = {**sales.org.credentials, "method": "password", "username": client["username"], "password": client["password"]}
    assert open_crm("salesforce", sales.org.url, login).identity().user_id == client["user_id"]
    with pytest.raises(LoginRefused, match="authentication failure") as refused:
        open_crm("salesforce", sales.org.url, {**login, "password": "hush-hush"}).identity()
    assert "hush-hush" not in str(refused.value)


def test_an_answer_that_is_no_data_is_a_fault_of_the_crm(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    page = requests.Response()
    page.status_code, page._content = 200, b"<html>Scheduled maintenance</html>"
    monkeypatch.setattr(sales.crm._session, "_send", lambda *_: page)
    with pytest.raises(CrmUnavailable, match="answered something that is no data"):
        sales.crm.existing_fields("Account")

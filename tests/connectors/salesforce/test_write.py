"""Writing to Salesforce: rows fail alone, locks are waited out."""

from __future__ import annotations

import pytest
import requests

from connectors import open_crm
from connectors.crm import CrmUnavailable, FieldSpec, LoginRefused, ObjectSpec, SchemaMissing
from connectors.quota import Budget
from connectors.salesforce.bulk import BREAK_EVEN
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


def opportunities(sales: Sales, accounts: list[str], each: int) -> list[str]:
    """Ids of deals, each account's scattered among the others'."""
    rows = ({"Name": "商談", "StageName": "提案", "CloseDate": "2026-12-31", "AccountId": id} for id in accounts * each)
    return sales.create("Opportunity", *rows)


def together(sales: Sales, object: str) -> list[list[str]]:
    """The records that each call wrote, in order."""
    calls: dict[int, dict[str, None]] = {}
    for change in sales.org.changes():
        if change["object"] == object and change["action"] == "update":
            calls.setdefault(change["request"], {})[change["id"]] = None
    return [list(ids) for ids in calls.values()]


def test_locked_rows_are_sent_again_with_those_of_their_parent_which_is_read_once(sales: Sales) -> None:
    accounts = sales.create("Account", *({"Name": f"会社{i}"} for i in range(7)))
    deals = opportunities(sales, accounts, 16)
    for id in deals:
        sales.fault("row_lock", count=1, match=id)
    sales.calls()
    results = list(sales.crm.write("Opportunity", [{"Id": id, "NextStep": "新"} for id in deals]))
    assert all(result.ok for result in results)
    account_of = dict(zip(deals, accounts * 16, strict=True))
    calls = [[account_of[id] for id in call] for call in together(sales, "Opportunity")]
    assert [len(call) for call in calls] == [48, 48, 16]  # at most 50, and no account's sixteen torn apart
    assert [sorted(set(call)) for call in calls] == [sorted(accounts)[:3], sorted(accounts)[3:6], sorted(accounts)[6:]]
    assert sales.calls() == {
        "PATCH composite/sobjects": 1 + 3,
        "GET sobjects/Opportunity/describe": 1,
        "POST composite/sobjects/Opportunity": 1,
    }


def test_a_parent_that_the_row_names_is_not_asked_for(sales: Sales) -> None:
    sales.provision(SPECS)
    accounts = sales.create("Account", *({"Name": f"会社{i}"} for i in range(3)))
    keys = [f"{id}:{partner}" for partner in ("武蔵", "瀬戸内") for id in accounts]
    rows = [{"Totsugo_External_Id__c": key, "Totsugo_Account__c": key[:18]} for key in keys]
    list(sales.crm.write(CHILD, rows, external_id="Totsugo_External_Id__c"))
    sales.fault("row_lock", count=6, match=CHILD)
    sales.calls()
    again = [{"Totsugo_External_Id__c": key, "Totsugo_Cell__c": 4} for key in keys]
    assert all(result.ok for result in sales.crm.write(CHILD, again, external_id="Totsugo_External_Id__c"))
    assert sales.calls() == {f"PATCH composite/sobjects/{CHILD}/Totsugo_External_Id__c": 2}
    (written,) = together(sales, CHILD)
    name = sales.crm.read(CHILD, keys, ["Id"], external_id="Totsugo_External_Id__c")
    assert written == [name[key]["Id"] for key in sorted(keys)]


def test_rows_stay_locked_where_the_budget_ends_while_they_are_sent_again(sales: Sales) -> None:
    ids = sales.create("Account", *({"Name": f"会社{i}"} for i in range(60)))
    crm = open_crm("salesforce", sales.org.url, sales.org.credentials, Budget(calls=2))
    sales.fault("row_lock")
    results = list(crm.write("Account", [{"Id": id, "Name": "新"} for id in ids]))
    assert {(result.ok, result.code) for result in results} == {(False, "UNABLE_TO_LOCK_ROW")}


@pytest.mark.parametrize("rows", [1, BREAK_EVEN])
def test_half_a_character_fails_its_row_alone(sales: Sales, rows: int) -> None:
    ids = sales.create("Account", *({"Name": "甲"} for _ in range(rows + 2)))
    broken = [{"Id": ids[0], "Name": "絵文字の半分\ud83d"}, {"Id": "\udc00", "Name": "乙"}]
    results = list(sales.crm.write("Account", [*broken, *({"Id": id, "Name": "丙"} for id in ids[1:])]))
    assert [(result.ok, result.code) for result in results[:3]] == [
        (False, "INVALID_TEXT"),
        (False, "INVALID_TEXT"),
        (True, None),
    ]
    assert "Name" in str(results[0].message)
    assert all(result.ok for result in results[2:])


VALUES = {
    "Totsugo_Text__c": ("甲", None),
    "Totsugo_Long__c": ("二行\nある", None),
    "Totsugo_Number__c": (12.0, None),
    "Totsugo_Flag__c": (True, False),
    "Totsugo_Date__c": ("2026-12-31", None),
    "Totsugo_Choice__c": ("open", None),
}
"""Field -> a value, and what clears it to."""
FIELDS = (
    FieldSpec("Totsugo_Text__c", "text", "文字"),
    FieldSpec("Totsugo_Long__c", "long_text", "長文", length=32_000),
    FieldSpec("Totsugo_Number__c", "number", "数"),
    FieldSpec("Totsugo_Flag__c", "checkbox", "印"),
    FieldSpec("Totsugo_Date__c", "date", "日"),
    FieldSpec("Totsugo_Choice__c", "picklist", "選択", values=(("open", "可"), ("no_approach", "不可"))),
    FieldSpec("Totsugo_Account__c", "reference", "取引先", reference_to="Account"),
    FieldSpec("Totsugo_External_Id__c", "text", "外部ID", length=80, external_id=True),
)


@pytest.mark.parametrize("rows", [2, BREAK_EVEN], ids=["collections", "job"])
@pytest.mark.parametrize("external_id", [None, "Totsugo_External_Id__c"], ids=["update", "upsert"])
def test_what_is_to_be_cleared_is_cleared_on_every_path(sales: Sales, rows: int, external_id: str | None) -> None:
    sales.provision((ObjectSpec(CHILD, "アカウントマップ", FIELDS, create=True),))
    (account,) = sales.create("Account", {"Name": "甲"})
    full = {name: value for name, (value, _) in VALUES.items()} | {"Totsugo_Account__c": account}
    keys = [f"鍵{number:05d}" for number in range(rows)]
    made = list(sales.crm.write(CHILD, [{"Totsugo_External_Id__c": key, **full} for key in keys], "Totsugo_External_Id__c"))
    named = [{"Totsugo_External_Id__c": key} if external_id else {"Id": row.id} for key, row in zip(keys, made, strict=True)]
    cleared = {name: after for name, (_, after) in VALUES.items()} | {"Totsugo_Account__c": None}
    first, rest = named[0], named[1:]
    results = list(sales.crm.write(CHILD, [{**first, "Totsugo_Text__c": ""}, *({**row, **cleared} for row in rest)], external_id))
    assert all(result.ok for result in results)
    after = sales.crm.read(CHILD, [str(row.id) for row in made], list(full))
    assert list(after.values()) == [{**full, "Totsugo_Text__c": None}, *([cleared] * (rows - 1))]

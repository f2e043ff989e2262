"""Provisioning an org: everything once, under an administrator's login, nothing altered, and what will not do is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors import open_crm
from connectors.crm import FieldSpec, ObjectSpec, ProvisionReport, ViewSpec
from connectors.salesforce import metadata_api
from connectors.salesforce.client import SalesforceCrm
from tests.connectors.salesforce.conftest import Sales

CHILD = "Totsugo_Account_Map__c"
VIEW = ViewSpec(
    "Totsugo_musashi_whitespace",
    "武蔵システムズ ホワイトスペース",
    ("Totsugo_Account__c", "NAME"),
    (("Totsugo_May__c", ("true",)), ("Totsugo_Partner__c", ("武蔵, システムズ",))),
)
SPECS = (
    ObjectSpec(
        "Account",
        "",
        (
            FieldSpec("Totsugo_No_Approach__c", "checkbox", "アプローチNG", "オンならNG", "Totsugoが更新"),
            FieldSpec("Totsugo_Partner_Approach__c", "picklist", "可否", values=(("open", "可"), ("no_approach", "不可"))),
            FieldSpec("Totsugo_Cells__c", "text", "マス"),
            FieldSpec("Totsugo_No_Approach_Detail__c", "long_text", "理由", length=2000),
            FieldSpec("Totsugo_Override_Reason__c", "text", "例外の理由", writable_by_people=True),
        ),
    ),
    ObjectSpec("Task", "", (FieldSpec("Totsugo_Key__c", "text", "鍵", external_id=True),)),
    ObjectSpec(
        CHILD,
        "アカウントマップ",
        (
            FieldSpec("Totsugo_Key__c", "text", "鍵", external_id=True),
            FieldSpec("Totsugo_Account__c", "reference", "取引先", reference_to="Account"),
            FieldSpec("Totsugo_Partner__c", "text", "パートナー"),
            FieldSpec("Totsugo_May__c", "checkbox", "可"),
        ),
        create=True,
        description="1行は取引先とパートナーの組",
        views=(VIEW,),
    ),
)


@pytest.fixture
def admin(sales: Sales) -> SalesforceCrm:
    crm = open_crm("salesforce", sales.org.url, sales.org.admin)
    assert isinstance(crm, SalesforceCrm)
    return crm


def _provision(sales: Sales, admin: SalesforceCrm, specs: Any = SPECS, dry_run: bool = False) -> ProvisionReport:
    return admin.provision(specs, dry_run=dry_run, integration_user=sales.crm.identity().user_id)


def _read(admin: SalesforceCrm, kind: str, name: str) -> dict[str, Any]:
    return metadata_api.read(admin._session, kind, [name])[name]


def _make(admin: SalesforceCrm, name: str, **metadata: Any) -> None:
    metadata_api.create(admin._session, "CustomField", [{"fullName": f"Account.{name}", "label": "人のもの", **metadata}])


def test_everything_is_created_once(sales: Sales, admin: SalesforceCrm) -> None:
    preview = _provision(sales, admin, dry_run=True)
    assert sales.crm.existing_fields(CHILD) is None
    first = _provision(sales, admin)
    assert first == preview
    made = {"Account.Totsugo_No_Approach__c", "Activity.Totsugo_Key__c", CHILD, f"{CHILD}.Totsugo_May__c"}
    assert made | {f"list view {CHILD}.{VIEW.name}", f"tab {CHILD}"} <= set(first.created)
    for again in (_provision(sales, admin, dry_run=True), _provision(sales, admin)):
        assert (again.created, again.by_hand) == ((), first.by_hand)


def test_the_runs_login_is_let_at_the_fields_and_the_administrators_is_not(sales: Sales, admin: SalesforceCrm) -> None:
    _provision(sales, admin)
    assert "Totsugo_No_Approach__c" in (sales.crm.existing_fields("Account") or ())
    assert "Totsugo_Key__c" in (sales.crm.existing_fields("Task") or ())
    assert "Totsugo_May__c" in (sales.crm.existing_fields(CHILD) or ())
    assert "Totsugo_No_Approach__c" not in (admin.existing_fields("Account") or ())
    (id,) = sales.create("Account", {"Name": "甲"})
    (ours,) = sales.crm.write("Account", [{"Id": id, "Totsugo_No_Approach__c": True}])
    (reps,) = sales.crm.write("Account", [{"Id": id, "Totsugo_Override_Reason__c": "x"}])
    assert (ours.ok, reps.ok) == (True, False)


def test_components_say_what_they_are(sales: Sales, admin: SalesforceCrm) -> None:
    _provision(sales, admin)
    flag = _read(admin, "CustomField", "Account.Totsugo_No_Approach__c")
    assert (flag["label"], flag["inlineHelpText"], flag["description"]) == ("アプローチNG", "オンならNG", "Totsugoが更新")
    assert _read(admin, "CustomField", "Account.Totsugo_Partner_Approach__c")["valueSet"]["restricted"] == "true"
    assert _read(admin, "CustomObject", CHILD)["description"] == "1行は取引先とパートナーの組"
    view = _read(admin, "ListView", f"{CHILD}.{VIEW.name}")
    assert (view["label"], view["filterScope"], view["columns"]) == (VIEW.label, "Everything", list(VIEW.columns))
    assert [(one["field"], one["value"]) for one in view["filters"]] == [
        ("Totsugo_May__c", "1"),
        ("Totsugo_Partner__c", '"武蔵, システムズ"'),
    ]


_OPEN_ALONE = {"sorted": False, "value": {"fullName": "open", "default": False, "label": "可"}}


@pytest.mark.parametrize(
    ("name", "metadata", "told"),
    [
        ("Totsugo_No_Approach__c", {"type": "Text", "length": 80}, "Text(80); Totsugo needs Checkbox: rename or remove it"),
        ("Totsugo_Cells__c", {"type": "Text", "length": 80}, "Text(80); Totsugo needs Text(255): lengthen it"),
        (
            "Totsugo_Partner_Approach__c",
            {"type": "Picklist", "valueSet": {"valueSetDefinition": _OPEN_ALONE}},
            "Picklist without no_approach: add what is missing as API names",
        ),
    ],
)
def test_a_field_that_will_not_do_is_named_and_left(
    sales: Sales, admin: SalesforceCrm, name: str, metadata: dict[str, Any], told: str
) -> None:
    _make(admin, name, **metadata)
    before = _read(admin, "CustomField", f"Account.{name}")
    preview, real = _provision(sales, admin, dry_run=True), _provision(sales, admin)
    assert preview == real
    assert f"field Account.{name} exists as {told}" in real.by_hand
    assert f"Account.{name}" not in (*real.created, *real.present)
    assert _read(admin, "CustomField", f"Account.{name}") == before
    assert name not in (sales.crm.existing_fields("Account") or ()), "what is not ours is granted to nobody"


def test_a_key_that_is_not_unique_is_named(sales: Sales, admin: SalesforceCrm) -> None:
    metadata_api.create(
        admin._session, "CustomField", [{"fullName": "Activity.Totsugo_Key__c", "label": "x", "type": "Text", "length": 255}]
    )
    told = "field Activity.Totsugo_Key__c exists as Text(255); Totsugo needs Text(255), unique external id"
    assert any(line.startswith(told) for line in _provision(sales, admin).by_hand)


def test_a_view_that_a_person_changed_is_left_and_named_where_it_shows_other_rows(sales: Sales, admin: SalesforceCrm) -> None:
    _provision(sales, admin)
    child = SPECS[2]
    renamed = replace(VIEW, label="x", conditions=(VIEW.conditions[0], ("Totsugo_Partner__c", ("武蔵テック",))))
    before = _read(admin, "ListView", f"{CHILD}.{VIEW.name}")
    report = _provision(sales, admin, [replace(child, views=(renamed,))])
    assert any(f"list view {CHILD}.{VIEW.name} shows other rows" in line and "武蔵テック" in line for line in report.by_hand)
    assert _read(admin, "ListView", f"{CHILD}.{VIEW.name}") == before


def test_fields_that_were_made_and_never_granted_are_found_and_granted(sales: Sales, admin: SalesforceCrm) -> None:
    _make(admin, "Totsugo_No_Approach__c", type="Checkbox", defaultValue="false")
    assert "Totsugo_No_Approach__c" not in (sales.crm.existing_fields("Account") or ())
    assert "Account.Totsugo_No_Approach__c" in _provision(sales, admin, SPECS[:1]).present
    assert "Totsugo_No_Approach__c" in (sales.crm.existing_fields("Account") or ())


def test_a_grant_that_an_administrator_made_smaller_stays_small(sales: Sales, admin: SalesforceCrm) -> None:
    _provision(sales, admin, SPECS[:1])
    where = "Field = 'Account.Totsugo_Cells__c' AND PermissionsEdit = true"
    found = admin._session.call("GET", "query", {"q": f"SELECT Id FROM FieldPermissions WHERE {where}"})["records"]
    admin._session.call("PATCH", f"sobjects/FieldPermissions/{found[0]['Id']}", body={"PermissionsEdit": False})
    report = _provision(sales, admin, SPECS[:1])
    assert report.created == ()
    told = "permission set Totsugo_Integration grants no edit on field Account.Totsugo_Cells__c, which Totsugo asks for"
    assert told in report.by_hand


@pytest.mark.parametrize("fault", [{"kind": "drop_connection", "when": "after"}, {"kind": "session_expired"}])
def test_what_breaks_in_the_middle_is_borne(sales: Sales, admin: SalesforceCrm, fault: dict[str, Any]) -> None:
    admin.identity()
    sales.fault(**fault, count=1, match="/services/Soap/m/")
    _provision(sales, admin)
    assert _provision(sales, admin).created == ()


def test_an_object_that_is_not_there_is_left_to_people(sales: Sales, admin: SalesforceCrm) -> None:
    report = _provision(sales, admin, [ObjectSpec("Quote", "", SPECS[0].fields)])
    assert report.by_hand[0] == "object Quote: it does not exist, or this login cannot see it; Totsugo does not create it"


def test_a_login_that_may_not_customise_is_told_so(sales: Sales) -> None:
    person = open_crm("salesforce", sales.org.url, sales.org.person)
    with pytest.raises(Exception, match="ModifyMetadata"):
        person.provision(SPECS)

"""What provisioning creates for which settings, its texts, and the same as deployable files."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from connectors import open_crm
from connectors.crm import ObjectSpec
from connectors.salesforce import metadata_api
from connectors.salesforce.client import SalesforceCrm
from connectors.salesforce.metadata_xml import parsed
from connectors.sandbox.server import SandboxServer
from pipelines.settings import Settings
from pipelines.settings.environment import PROJECT_ROOT
from pipelines.writeback.deployable import default_project, project
from pipelines.writeback.provision import objects_to_provision
from pipelines.writeback.specs import view_name

PARTNERS = {
    "musashi": {"name": "武蔵システムズ株式会社", "type": "reseller", "exclusive": True},
    "hoshizora": {"name": "ほしぞらクラウド株式会社", "type": "technology"},
    "left": {"name": "去った会社", "type": "advisor", "stage": "ended"},
}
OVERRIDES = 4
ACCOUNT_FIELDS = 8


def _settings(language: str = "ja", **write_back: Any) -> Settings:
    us = {"name": "アオゾラソフト株式会社", "language": language}
    return Settings.model_validate({"version": 1, "us": us, "connections": {}, "partners": PARTNERS, "write_back": write_back})


def _objects(settings: Settings, crm: str, party: str = "us") -> dict[str, ObjectSpec]:
    return {spec.name: spec for spec in objects_to_provision(settings, crm, party)[0]}


ALL_ON = {"registration_verdicts": True, "next_play_tasks": True}


@pytest.mark.parametrize(
    ("crm", "write_back", "names"),
    [
        ("salesforce", {}, ["Account", "Totsugo_Account_Map__c"]),
        ("salesforce", {"child_rows": False}, ["Account"]),
        ("salesforce", ALL_ON, ["Account", "Opportunity", "Task", "Totsugo_Account_Map__c"]),
        ("hubspot", {}, ["companies"]),
        ("hubspot", ALL_ON, ["companies", "deals", "tasks"]),
    ],
)
def test_nothing_is_asked_for_that_is_switched_off(crm: str, write_back: dict[str, bool], names: list[str]) -> None:
    assert list(_objects(_settings(**write_back), crm)) == names


def test_without_account_fields_the_reps_input_stays() -> None:
    assert len(_objects(_settings(), "salesforce")["Account"].fields) == ACCOUNT_FIELDS + OVERRIDES
    fields = _objects(_settings(account_fields=False), "salesforce")["Account"].fields
    assert [field.writable_by_people for field in fields] == [True] * OVERRIDES


def test_a_partners_own_crm_gets_five_fields_and_nothing_else() -> None:
    for crm in ("salesforce", "hubspot"):
        objects, lists = objects_to_provision(_settings(**ALL_ON), crm, "musashi")
        assert ([len(spec.fields) for spec in objects], lists) == ([5], [])
        assert not any(field.writable_by_people for spec in objects for field in spec.fields)


def test_hubspot_gets_two_lists_for_each_partner_that_is_there() -> None:
    names = [
        f"Totsugo {PARTNERS[id]['name']} {kind}"
        for id in ("musashi", "hoshizora")
        for kind in ("ホワイトスペース", "アプローチNG")
    ]
    assert objects_to_provision(_settings(), "hubspot")[1] == names
    assert objects_to_provision(_settings(lists=False), "hubspot")[1] == []


def test_salesforce_gets_two_views_for_each_partner_and_two_for_all() -> None:
    views = {view.name: view for view in _objects(_settings(), "salesforce")["Totsugo_Account_Map__c"].views}
    partners = [f"Totsugo_{id}_{kind}" for id in ("musashi", "hoshizora") for kind in ("whitespace", "no_approach")]
    assert list(views) == ["Totsugo_whitespace", "Totsugo_no_approach", *partners]
    exclusive, open_to_all = views["Totsugo_musashi_whitespace"], views["Totsugo_hoshizora_whitespace"]
    offered = (("May_Approach__c", ("true",)), ("Our_Status__c", ("target", "known", "absent")))
    assert exclusive.conditions == (("Partner__c", ("武蔵システムズ株式会社",)), *offered, ("Assigned__c", ("true",)))
    assert open_to_all.conditions == (("Partner__c", ("ほしぞらクラウド株式会社",)), *offered)
    assert views["Totsugo_musashi_no_approach"].conditions[1] == ("May_Approach__c", ("false",))
    assert _objects(_settings(lists=False), "salesforce")["Totsugo_Account_Map__c"].views == ()


def test_names_of_views_are_identifiers_stable_and_never_the_same() -> None:
    ids = [
        "musashi",
        "a",
        "a_",
        "a__b",
        "a_b",
        "x" * 40,
        "x" * 41,
        "a_very_long_partner_name_of_two",
        "a_very_long_partner_name_of_too",
    ]
    names = [view_name(id, kind) for id, kind in product(ids, ("whitespace", "no_approach"))]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 40 and name.isascii() and "__" not in name and not name.endswith("_") for name in names)
    assert view_name("musashi", "whitespace") == "Totsugo_musashi_whitespace"


@pytest.mark.parametrize(("crm", "party", "language"), product(("salesforce", "hubspot"), ("us", "musashi"), ("ja", "en")))
def test_every_text_is_there_and_fits(crm: str, party: str, language: str) -> None:
    settings = _settings(language, **ALL_ON)
    for spec in _objects(settings, crm, party).values():
        assert len(spec.label) <= 40
        assert not spec.create or " / " in spec.description
        for field in spec.fields:
            assert 0 < len(field.label) <= 40, field
            assert " / " in field.help, field
            assert len(field.help) <= 510, field
            assert " / " in field.description, field
            assert len(field.description) <= 1000, field
        labels = [view.label for view in spec.views]
        assert all(0 < len(label) <= 40 for label in labels)
        assert len(set(labels)) == len(labels)


def test_a_long_name_of_a_partner_is_cut_in_the_label_and_whole_in_the_filter() -> None:
    long = "株式会社" + "長" * 60
    settings = Settings.model_validate(
        {**_settings().model_dump(by_alias=True), "partners": {"long": {"name": long, "type": "advisor"}}}
    )
    view = _objects(settings, "salesforce")["Totsugo_Account_Map__c"].views[2]
    assert view.label.endswith("… ホワイトスペース")
    assert len(view.label) == 40
    assert view.conditions[0] == ("Partner__c", (long,))


def _files(folder: Path) -> dict[str, str]:
    found = [*(folder / "force-app").rglob("*"), *(folder / "translations").rglob("*"), folder / "sfdx-project.json"]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found if path.is_file()}


def test_the_deployable_copy_is_what_the_code_renders() -> None:
    """Where it is not: remove its two packages and run ``python -m pipelines.writeback.deployable salesforce``."""
    assert _files(PROJECT_ROOT / "salesforce") == default_project()


def test_every_file_is_well_formed_and_named_as_its_content() -> None:
    for path, content in project(_settings("en", **ALL_ON), "us").items():
        if path.endswith(".xml"):
            values = parsed(ET.fromstring(content))
            name = Path(path).name.split(".")[0]
            assert not isinstance(values, dict) or values.get("fullName", name) == name, path


def test_each_language_translates_into_the_other() -> None:
    japanese, english = project(_settings("ja"), "us"), project(_settings("en"), "us")
    field = "objects/Account/fields/Totsugo_No_Approach__c.field-meta.xml"
    assert "<label>アプローチNG</label>" in japanese[f"force-app/main/default/{field}"]
    assert "<label>No approach</label>" in english[f"force-app/main/default/{field}"]
    translation = "translations/main/default/objectTranslations/Account-{0}/Totsugo_Override__c.fieldTranslation-meta.xml"
    assert "<masterLabel>許可</masterLabel>" in japanese[translation.format("en_US")]
    assert "<translation>許可</translation>" in english[translation.format("ja")]


def test_what_is_deployed_and_what_is_provisioned_are_the_same(tmp_path: Path) -> None:
    settings = _settings(**ALL_ON)
    with SandboxServer(tmp_path, orgs={"sales": "salesforce"}) as server:
        org = server.orgs["sales"]
        admin = open_crm("salesforce", org.url, org.admin)
        assert isinstance(admin, SalesforceCrm)
        admin.provision(*objects_to_provision(settings, "salesforce"))
        for path, content in project(settings, "us").items():
            parts = path.split("/")
            if len(parts) > 5 and parts[3] == "objects":
                kind = {"fields": "CustomField", "listViews": "ListView"}.get(parts[5], "CustomObject")
                name = parts[4] if kind == "CustomObject" else f"{parts[4]}.{parts[6].split('.')[0]}"
                there = metadata_api.read(admin._session, kind, [name])[name]
                there = {key: value for key, value in there.items() if key not in ("fullName", "fields")}
                assert there == {k: v for k, v in parsed(ET.fromstring(content)).items() if k != "fullName"}, path
        _assert_same_grants(admin, project(settings, "us"))


def _assert_same_grants(admin: SalesforceCrm, files: dict[str, str]) -> None:
    for name in ("Totsugo_Reader", "Totsugo_Integration"):
        there = metadata_api.read(admin._session, "PermissionSet", [name])[name]
        deployed = parsed(ET.fromstring(files[f"force-app/main/default/permissionsets/{name}.permissionset-meta.xml"]))
        for kind, key in (("fieldPermissions", "field"), ("objectPermissions", "object")):
            assert sorted(there[kind], key=lambda row: row[key]) == sorted(deployed[kind], key=lambda row: row[key])
        assert there["tabSettings"] == deployed["tabSettings"]

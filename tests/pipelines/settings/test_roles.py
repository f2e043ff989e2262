"""``connections.X.fields``: the roles that exist are those that dbt reads and the documents name; any other is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.settings import load_settings
from pipelines.settings.connections import CLAIM_ROLES, ROLES
from pipelines.settings.environment import PROJECT_ROOT
from tests.pipelines.settings.test_load import ENVIRONMENT, GOOD, faults_of

STAGING = {
    "salesforce/stg_salesforce__accounts": ROLES["Account"],
    "hubspot/stg_hubspot__companies": ROLES["companies"],
    "salesforce/stg_salesforce__opportunities": ROLES["Opportunity"],
    "hubspot/stg_hubspot__deals": ROLES["deals"],
    **{f"{crm}/stg_{crm}__registrations": CLAIM_ROLES["registered_by"] for crm in ("salesforce", "hubspot")},
    **{f"{crm}/stg_{crm}__introductions": CLAIM_ROLES["introduced_with"] for crm in ("salesforce", "hubspot")},
}
DOCUMENTS = {"docs/crm-setup.md": ROLES, "docs/input-files.md": CLAIM_ROLES}


def with_fields(lines: str) -> str:
    return GOOD.replace("partners:\n", f"    fields:\n{lines}partners:\n")


@pytest.mark.parametrize("model", STAGING)
def test_the_roles_are_those_that_dbt_reads(model: str) -> None:
    sql = (PROJECT_ROOT / "dbt_project" / "models" / "staging" / f"{model}.sql").read_text(encoding="utf-8")
    read = re.search(r"set roles = \[(.*?)\]", sql, re.DOTALL)
    assert read
    assert set(re.findall(r"\w+", read[1])) == set(STAGING[model])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_documents_name_every_role(document: str) -> None:
    named = set(re.findall(r"`(\w+)`", (PROJECT_ROOT / document).read_text(encoding="utf-8")))
    assert {role for roles in DOCUMENTS[document].values() for role in roles} <= named


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        ("Account: {partner_of_recrod: P__c}", 10, "is no role of Account. Did you mean partner_of_record?"),
        ("Opportunity: {name_kana: K__c}", 10, "is no role of Opportunity. Its roles are partner_of_record, product"),
        ("Deal__c: {registered_by: P__c, registred_on: D__c}", 10, "Did you mean registered_on?"),
        ("Deal__c: {registered_by: P__c, direction: D__c}", 10, "is no role of Deal__c"),
        (
            "2-1234567: {registerd_by: partner}",
            10,
            "fields.2-1234567.registerd_by: is no role of 2-1234567. Did you mean registered_by?",
        ),
        ("Acount: {corporate_number: C__c}", 10, "fields.Acount: Totsugo would not read it"),
    ],
)
def test_what_no_role_plays_is_refused(tmp_path: Path, lines: str, line: int, says: str) -> None:
    faults = faults_of(tmp_path, with_fields(f"      {lines}\n"))
    assert says in faults[line], faults


def test_an_object_may_hold_registrations_and_introductions(tmp_path: Path) -> None:
    file = tmp_path / "account_mapping.yaml"
    both = "registered_by: P__c, introduced_with: I__c, direction: D__c, registered_on: R__c"
    file.write_text(with_fields(f"      Deal__c: {{{both}}}\n"), encoding="utf-8")
    assert "Deal__c" in load_settings(file, ENVIRONMENT).connections["our_salesforce"].fields

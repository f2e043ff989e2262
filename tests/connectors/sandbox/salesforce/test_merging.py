"""What people do to whole records: merge, take back out of the bin, convert a lead."""

from __future__ import annotations

import pytest
from simple_salesforce import Salesforce

from connectors import open_crm
from connectors.sandbox.server import Org
from tests.people import convert_lead, merge_records, undelete


def _told(org: Org, id: str) -> list[tuple[str, str | None, object, object]]:
    return [(c["action"], c["field"], c["before"], c["after"]) for c in org.changes() if c["id"] == id]


def test_the_loser_of_a_merge_names_its_master_and_hands_over_its_children(sf: Salesforce, org: Org) -> None:
    master, *losers = (sf.Account.create({"Name": name})["id"] for name in "甲乙丙")
    contact = sf.Contact.create({"LastName": "山田", "AccountId": losers[0]})["id"]
    merge_records(org, "Account", master, losers)
    rows = sf.query_all("SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true", include_deleted=True)["records"]
    assert [(row["Id"], row["MasterRecordId"]) for row in rows] == [(loser, master) for loser in losers]
    assert sf.Contact.get(contact)["AccountId"] == master
    assert _told(org, losers[0])[-1] == ("merge", "MasterRecordId", None, master)
    assert _told(org, contact)[-1] == ("merge", "AccountId", losers[0], master)
    person = open_crm("salesforce", org.url, org.person).identity().user_id
    assert {c["user_id"] for c in org.changes() if c["action"] == "merge"} == {person}
    assert sf.Account.get(master)["LastModifiedById"] == person


def test_a_merge_that_cannot_be_changes_nothing(sf: Salesforce, org: Org) -> None:
    master, loser = (sf.Account.create({"Name": name})["id"] for name in "甲乙")
    sf.Account.delete(loser)
    with pytest.raises(AssertionError, match="ENTITY_IS_DELETED"):
        merge_records(org, "Account", master, [loser])
    assert [action for action, *_ in _told(org, master)] == ["create"]


def test_a_deleted_record_comes_back_but_a_merged_one_does_not(sf: Salesforce, org: Org) -> None:
    one, two, three = (sf.Account.create({"Name": name})["id"] for name in "甲乙丙")
    sf.Account.delete(one)
    sf.Account.delete(two)
    undelete(org, one, two)
    assert [sf.Account.get(id)["Name"] for id in (one, two)] == ["甲", "乙"]
    assert _told(org, one)[-1] == ("restore", None, None, None)
    merge_records(org, "Account", two, [three])
    for id in (one, three):
        with pytest.raises(AssertionError, match="UNDELETE_FAILED"):
            undelete(org, id)


def test_a_lead_becomes_an_account_a_contact_and_an_opportunity_or_joins_an_account(sf: Salesforce, org: Org) -> None:
    lead = sf.Lead.create({"LastName": "山田", "FirstName": "太郎", "Company": "青空商事"})["id"]
    made = convert_lead(org, lead)
    assert sf.Account.get(made["accountId"])["Name"] == "青空商事"
    assert sf.Contact.get(made["contactId"])["AccountId"] == made["accountId"]
    assert sf.Opportunity.get(made["opportunityId"])["AccountId"] == made["accountId"]
    found = sf.Lead.get(lead)
    assert (found["IsConverted"], found["ConvertedAccountId"]) == (True, made["accountId"])
    with pytest.raises(AssertionError, match="CANNOT_UPDATE_CONVERTED_LEAD"):
        convert_lead(org, lead)
    other = sf.Lead.create({"LastName": "佐藤", "Company": "青空商事"})["id"]
    assert convert_lead(org, other, account=made["accountId"])["accountId"] == made["accountId"]

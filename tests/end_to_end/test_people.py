"""What people do in the CRMs between two runs is seen, obeyed, and never written over."""

from __future__ import annotations

import pytest

from tests.end_to_end.line import Ended, Line


def test_the_sensor_waits_for_a_first_run(sensed_before_any_run: str | None) -> None:
    assert sensed_before_any_run is not None
    assert "No run has ended yet" in sensed_before_any_run


def test_the_sensor_does_not_take_our_own_writes_for_news(second: Ended) -> None:
    asked, why_not = second.notes["sensed"]
    assert asked == []
    assert why_not is not None
    assert "Nothing changed" in why_not


def test_the_sensor_asks_for_one_run_after_a_persons_change(after_people: Ended) -> None:
    (first_asked, _), (asked_again, _) = after_people.notes["sensed"]
    assert len(first_asked) == 1
    assert "our_salesforce.Account" in first_asked[0].run_key
    assert [request.run_key for request in asked_again] == [first_asked[0].run_key]


def test_a_reps_block_reaches_the_flag_of_that_account(line: Line, after_people: Ended) -> None:
    blocked = after_people.notes["blocked"]
    fields = ["Totsugo_No_Approach__c", "Totsugo_Partner_Approach__c", "Totsugo_No_Approach_Until__c", "Totsugo_Override__c"]
    held = line.integration("our_salesforce").read("Account", [blocked], fields)[blocked]
    assert held["Totsugo_No_Approach__c"] is True
    assert held["Totsugo_Partner_Approach__c"] == "no_approach"
    assert held["Totsugo_Override__c"] == "block"  # the rep's own field is read, never written


def test_a_deleted_account_leaves_the_map_and_takes_its_rows_along(line: Line, after_people: Ended) -> None:
    deleted = after_people.notes["deleted"]
    assert after_people.rows("FROM marts.crm_account_state WHERE native_id = ?", deleted) == []
    assert after_people.rows("FROM marts.crm_account_map WHERE account_native_id = ?", deleted) == []
    assert after_people.metadata["crm_fields"]["fields_failed"] == 0
    keys = [key for (key,) in after_people.rows("SELECT external_id FROM marts.crm_account_map")]
    assert not any(key.startswith(deleted) for key in keys)


def test_what_a_person_wrote_into_our_field_stays_and_is_listed(line: Line, after_people: Ended) -> None:
    edited = after_people.notes["edited"]
    held = line.integration("our_hubspot").read("companies", [edited], ["totsugo_next_play"])
    assert held[edited]["totsugo_next_play"] == "来週わたしが電話する"
    query = "SELECT field, theirs FROM state.conflicts WHERE connection = 'our_hubspot' AND record_id = ? AND resolved_at IS NULL"
    assert after_people.rows(query, edited) == [("next_play", "来週わたしが電話する")]
    assert after_people.metadata["crm_fields"]["left_to_people"] == 1


def test_only_what_followed_from_the_changes_was_written(second: Ended, after_people: Ended) -> None:
    written = after_people.metadata["crm_fields"]["fields_written"]
    assert 0 < written < second.rows("SELECT count(*) FROM state.sent")[0][0] / 4


@pytest.mark.full
def test_the_sensors_job_goes_through_to_the_crms_and_finds_nothing_to_write(refreshed: Ended) -> None:
    assert refreshed.failure is None
    assert refreshed.writes == []
    assert refreshed.requests["hoshizora_hubspot"] == []

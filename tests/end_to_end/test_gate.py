"""Nothing is written to a CRM on data that failed a test, and the reason is told."""

from __future__ import annotations

from tests.end_to_end.line import Ended

FAILED_TEST = "unique_register_entries_corporate_number"


def test_a_failed_test_ends_the_run_before_any_write(with_a_failed_test: Ended) -> None:
    assert with_a_failed_test.failure is not None
    assert "dbt_before_matching" in with_a_failed_test.failure
    assert FAILED_TEST in with_a_failed_test.failure
    assert with_a_failed_test.writes == []


def test_a_failed_run_leaves_the_published_copy_as_it_was(after_people: Ended, with_a_failed_test: Ended) -> None:
    query = "SELECT run_id FROM config.run"
    assert with_a_failed_test.rows(query) == after_people.rows(query)


def test_the_push_alone_stays_shut_and_says_why(with_a_failed_test: Ended) -> None:
    why, writes = with_a_failed_test.notes["push alone"]
    assert why.startswith("CRMには何も書き込んでいません。")
    assert "dbt:before_matching が失敗しています" in why
    assert FAILED_TEST in why
    assert writes == []


def test_the_next_good_run_opens_the_gate_again(all_bad: Ended) -> None:
    assert all_bad.failure is None
    assert "fields_written" in all_bad.metadata["crm_fields"]

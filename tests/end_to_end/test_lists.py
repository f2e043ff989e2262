"""Partners' lists: a run limited to one partner, and bad files, which are named while the last good list stays."""

from __future__ import annotations

from tests.end_to_end.bad_lists import Sent
from tests.end_to_end.line import Ended

REJECTED = "SELECT source, file, row_number, column_name, reason_key FROM raw.rejected_rows"


def _expected(sent: list[Sent], *partners: str) -> set[tuple[object, ...]]:
    return {(s.partner, s.file, s.row, s.column, s.reason) for s in sent if not partners or s.partner in partners}


def _found(ended: Ended) -> set[tuple[object, ...]]:
    """As ``_expected`` has it: a missing file is named by its whole pattern."""
    return {(source, file.rsplit("/", 1)[-1], *rest) for source, file, *rest in ended.rows(REJECTED)}


def test_a_run_limited_to_one_partner_reads_only_that_partners_sources(second: Ended, after_people: Ended) -> None:
    assert after_people.failure is None
    assert after_people.requests["hoshizora_hubspot"] == []
    assert after_people.requests["kitakaze_salesforce"] == []
    assert any(after_people.requests["our_salesforce"])
    versions = "SELECT partner, list, version FROM raw.partner_lists WHERE (partner = 'musashi') = ? ORDER BY ALL"
    assert after_people.rows(versions, False) == second.rows(versions, False)
    assert after_people.rows(versions, True) != second.rows(versions, True)


def test_a_run_limited_to_one_partner_names_only_that_partners_faults(after_people: Ended) -> None:
    sent: list[Sent] = after_people.notes["sent"]
    assert _expected(sent, "musashi") <= _found(after_people)
    assert not _expected(sent, "setouchi", "mirai", "tasogare") & _found(after_people)


def test_every_fault_is_named_by_file_row_column_and_reason(all_bad: Ended) -> None:
    assert all_bad.failure is None
    assert _expected(all_bad.notes["sent"]) <= _found(all_bad)
    assert all_bad.rows("SELECT count(*) FROM raw.rejected_rows WHERE reason IS NULL OR trim(reason) = ''") == [(0,)]


def test_rows_with_a_bad_cell_go_on_without_it(all_bad: Ended) -> None:
    query = (
        "SELECT name, corporate_number FROM intermediate.records WHERE name IN ('株式会社検査数字', '株式会社数式') ORDER BY ALL"
    )
    assert all_bad.rows(query) == [("株式会社数式", None), ("株式会社検査数字", None)]


def test_the_map_still_shows_the_last_good_lists(second: Ended, all_bad: Ended) -> None:
    query = "SELECT partner, company_id, partner_status FROM marts.account_map WHERE partner = ? ORDER BY ALL"
    for partner in ("setouchi", "mirai", "tasogare"):
        assert all_bad.rows(query, partner) == second.rows(query, partner)
    claims = "SELECT partner, count(*) FROM intermediate.registration_claims GROUP BY ALL ORDER BY ALL"
    assert all_bad.rows(claims) == second.rows(claims)

"""The first run fills the map and the CRMs truly; the second has nothing to do."""

from __future__ import annotations

from demo.score import score
from tests.end_to_end.line import Ended, Line


def test_the_first_run_ends_well_and_tells_its_stages(first: Ended) -> None:
    assert first.failure is None
    for stage in ("pull_salesforce", "dbt_before_matching", "match_companies", "dbt_after_matching", "crm_fields", "published"):
        assert stage in first.said


def test_the_first_run_fills_our_fields_in_both_crms(first: Ended) -> None:
    assert first.metadata["crm_fields"]["fields_written"] > 1000
    assert first.metadata["crm_fields"]["fields_failed"] == 0
    for org in ("our_salesforce", "our_hubspot"):
        query = "SELECT native_id, partner_approach FROM marts.crm_account_state WHERE connection = ?"
        assert first.notes[org] == dict(first.rows(query, org))


def test_all_nine_cells_occur_over_the_partners(first: Ended) -> None:
    cells = {cell for (cell,) in first.rows("SELECT DISTINCT cell FROM marts.account_map WHERE cell IS NOT NULL")}
    assert cells == set(range(1, 10))


def test_every_partner_stands_on_the_map(first: Ended) -> None:
    partners = {partner for (partner,) in first.rows("SELECT DISTINCT partner FROM marts.account_map")}
    assert partners == {"musashi", "setouchi", "hoshizora", "kitakaze", "mirai", "tasogare", "akebono"}


def test_the_map_agrees_with_the_truth(line: Line, first: Ended) -> None:
    found = score(first.published, line.stage.truth)
    assert found.cross_pairs.precision >= 0.97
    assert found.pairs.precision >= 0.97
    assert found.cross_pairs.recall >= 0.8
    assert found.cell_agreement >= 0.85
    assert (found.records_missing, found.records_unlinked, found.records_unknown) == (0, 0, 0)


def test_a_second_run_writes_nothing_to_any_crm(second: Ended) -> None:
    assert second.failure is None
    assert second.metadata["crm_fields"]["fields_written"] == 0
    assert second.writes == []
    assert any(second.requests["our_salesforce"])


def test_our_own_writes_come_back_once_and_change_no_answer(line: Line, first: Ended, second: Ended) -> None:
    """The second pull reads back what the first run wrote; after it there is nothing new to land."""
    for mart in ("crm_account_state", "crm_account_map", "crm_lists", "account_map_summary"):
        assert second.rows(f"FROM marts.{mart} ORDER BY ALL") == first.rows(f"FROM marts.{mart} ORDER BY ALL")
    landed = {asset: values["versions_landed"] for asset, values in second.metadata.items() if "versions_landed" in values}
    written = ("raw/salesforce_account", "raw/hubspot_companies")
    assert {asset: n for asset, n in landed.items() if n and asset not in written} == {}
    wanted = second.rows("SELECT connection, count(*) FROM marts.crm_account_state GROUP BY ALL ORDER BY ALL")
    assert [landed["raw/hubspot_companies"], landed["raw/salesforce_account"]] == [n for _, n in wanted]


def test_no_version_of_an_untouched_record_lands_a_third_time(second: Ended, after_people: Ended) -> None:
    landed = {asset: values["versions_landed"] for asset, values in after_people.metadata.items() if "versions_landed" in values}
    assert landed["raw/salesforce_account"] == 2
    assert landed["raw/hubspot_companies"] == 1

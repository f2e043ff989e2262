"""Why a company stands where it stands, told of companies of the small world in both languages."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.explain import Ambiguous, NotFound, explained, find_company
from tests.end_to_end.line import Ended, Line


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_step_of_every_company_has_its_words(first: Ended, language: str) -> None:
    """Whatever the models say of any company, no text and no value for it is missing."""
    with duckdb.connect(str(first.published), read_only=True) as con:
        told = "list_filter(map_entries(params), lambda entry: ends_with(entry.key, '_key'))"
        kinds = con.execute(f"SELECT min(company_id) FROM marts.explanations GROUP BY text_key, {told}").fetchall()
        for (company,) in set(kinds):
            assert explained(con, company, language)


def test_what_the_crm_shows_is_explained_down_to_the_record(first: Ended) -> None:
    account, company, detail = first.rows(
        "SELECT native_id, company_id, no_approach_detail FROM marts.crm_account_state"
        " WHERE no_approach AND connection = 'our_salesforce' ORDER BY ALL LIMIT 1"
    )[0]
    with duckdb.connect(str(first.published), read_only=True) as con:
        assert find_company(con, account) == company
        told = "\n".join(step.sentence for step in explained(con, company, "ja"))
    assert account in told
    assert detail in told
    assert "アプローチ不可" in told


def test_a_company_is_found_by_any_of_its_names(first: Ended) -> None:
    company, name, number = first.rows(
        "SELECT company_id, name, corporate_number FROM marts.company_profiles WHERE corporate_number IS NOT NULL"
        " AND name IN (SELECT name FROM marts.company_profiles GROUP BY name HAVING count(*) = 1) ORDER BY ALL LIMIT 1"
    )[0]
    with duckdb.connect(str(first.published), read_only=True) as con:
        assert find_company(con, company) == company
        assert find_company(con, number) == company
        assert find_company(con, f"  {name} ") == company
        with pytest.raises(NotFound, match="No company of the last run"):
            find_company(con, "存在しない会社名")
        with pytest.raises(Ambiguous, match="Give one of these ids"):
            find_company(con, "工業")


def test_the_command_tells_one_partner_s_part_and_names_a_mistake(line: Line, first: Ended) -> None:
    (company,) = first.rows(
        "SELECT company_id FROM marts.account_map WHERE partner = 'musashi' AND cell = 3 ORDER BY ALL LIMIT 1"
    )[0]
    told = line.totsugo("explain", company, "--partner", "musashi")
    assert told.returncode == 0, told.stderr
    assert "武蔵システムズ株式会社: 当社はターゲット、相手は既存顧客 → セル3" in told.stdout
    wrong = line.totsugo("explain", company, "--partner", "musasi")
    assert wrong.returncode == 1
    assert "次から選んでください：musashi" in wrong.stderr


def test_two_records_are_explained_whether_they_are_linked_or_not(line: Line, first: Ended) -> None:
    a, b, probability = first.rows("SELECT record_id, other_record_id, probability FROM match.review_queue ORDER BY position")[0]
    asked = line.totsugo("explain", "--pair", a, b)
    assert asked.returncode == 0, asked.stderr
    assert "人の確認待ちです" in asked.stdout
    assert f"{probability:.2%}" in asked.stdout
    linked, number = first.rows(
        "SELECT l.record_id, c.corporate_number FROM match.links AS l JOIN match.companies AS c USING (company_id)"
        " WHERE l.verdict = 'auto' AND l.rule = 'corporate_number' ORDER BY ALL LIMIT 1"
    )[0]
    told = line.totsugo("explain", "--pair", linked, number, "--language", "en")
    assert told.returncode == 0, told.stderr
    assert "One company, automatically." in told.stdout
    assert "corporate number agrees" in told.stdout


def test_a_pair_that_cannot_be_explained_is_named(line: Line, first: Ended) -> None:
    for asked in (["--pair", "nobody", "nobody"], ["--pair", "1", "2", "a company"], []):
        wrong = line.totsugo("explain", *asked)
        assert wrong.returncode == 1
        assert len(wrong.stderr.strip().splitlines()) == 1
        assert "Traceback" not in wrong.stderr


def test_how_well_the_run_matched_is_kept_and_told(line: Line, first: Ended) -> None:
    records, matched, alone, wrong = first.rows(
        "SELECT records, matched, alone, expected_false FROM state.match_quality WHERE party = '*' ORDER BY as_of LIMIT 1"
    )[0]
    assert 0 < matched <= records - alone
    assert 0 < wrong < records
    assert "誤りの見込み" in line.totsugo("report").stdout

"""The measures, on a warehouse small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from demo.score import Pairs, score

# Entities: E1 (ours twice, musashi once), E2 (ours, musashi), E3 (musashi only), E4 (ours only)
TRUTH = [
    ("our_salesforce:Account:1", "us", None, None, None, "E1"),
    ("our_hubspot:companies:1", "us", None, None, None, "E1"),
    (None, "musashi", "musashi", "accounts", 2, "E1"),
    ("our_salesforce:Account:2", "us", None, None, None, "E2"),
    (None, "musashi", "musashi", "accounts", 3, "E2"),
    (None, "musashi", "musashi", "accounts", 4, "E3"),
    ("our_salesforce:Account:4", "us", None, None, None, "E4"),
    (None, "musashi", "musashi", "accounts", 5, None),
]
STATUSES = [
    ("us", "E1", "customer"),
    ("us", "E2", "target"),
    ("us", "E4", "target"),
    ("musashi", "E1", "target"),
    ("musashi", "E2", "customer"),
    ("musashi", "E3", "open_opportunity"),
]
NUMBERS = {"E1": "7000012050002", "E2": "5010401067252", "E3": None, "E4": None}
RECORDS = {  # record_id: (connection, row_number)
    "our_salesforce:Account:1": (None, None),
    "our_hubspot:companies:1": (None, None),
    "musashi/accounts:list:M1": ("musashi/accounts", 2),
    "our_salesforce:Account:2": (None, None),
    "musashi/accounts:list:M2": ("musashi/accounts", 3),
    "musashi/accounts:list:M3": ("musashi/accounts", 4),
    "our_salesforce:Account:4": (None, None),
}
PERFECT = dict(zip(RECORDS, ("c1", "c1", "c1", "c2", "c2", "c3", "c4"), strict=True))


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    folder = tmp_path / "truth"
    folder.mkdir()
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE records (record_id VARCHAR, party VARCHAR, partner VARCHAR, list VARCHAR, "
            "row_number INTEGER, entity_id VARCHAR)"
        )
        con.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", TRUTH)
        con.execute("CREATE TABLE statuses (party VARCHAR, entity_id VARCHAR, status VARCHAR)")
        con.executemany("INSERT INTO statuses VALUES (?, ?, ?)", STATUSES)
        con.execute("CREATE TABLE entities (entity_id VARCHAR, corporate_number VARCHAR)")
        con.executemany("INSERT INTO entities VALUES (?, ?)", list(NUMBERS.items()))
        for name in ("records", "statuses", "entities"):
            con.execute(f"COPY {name} TO '{folder / name}.parquet'")
    return folder


def warehouse(
    path: Path,
    links: dict[str, str],
    rows: list[tuple[str, str, str]],
    records: dict[str, tuple[str | None, int | None]] = RECORDS,
) -> Path:
    """A published warehouse with these links (record -> company) and map rows (company, our status, theirs)."""
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA intermediate; CREATE SCHEMA match; CREATE SCHEMA marts")
        con.execute(
            "CREATE TABLE intermediate.records (record_id VARCHAR, source VARCHAR, connection VARCHAR, row_number INTEGER)"
        )
        con.executemany(
            "INSERT INTO intermediate.records VALUES (?, ?, ?, ?)",
            [
                (id, "file" if connection else "salesforce", connection or id.split(":")[0], row)
                for id, (connection, row) in records.items()
            ],
        )
        con.execute("CREATE TABLE match.links (record_id VARCHAR, company_id VARCHAR, verdict VARCHAR)")
        con.executemany("INSERT INTO match.links VALUES (?, ?, 'auto')", list(links.items()))
        con.execute("INSERT INTO match.links VALUES ('our_salesforce:Account:4', 'c1', 'review')")
        con.execute(
            "CREATE TABLE match.companies AS SELECT DISTINCT company_id, NULL::VARCHAR AS corporate_number FROM match.links"
        )
        con.execute("UPDATE match.companies SET corporate_number = '7000012050002' WHERE company_id = 'c1'")
        con.execute(
            "CREATE TABLE marts.account_map (partner VARCHAR, company_id VARCHAR, our_status VARCHAR, partner_status VARCHAR)"
        )
        for row in rows:
            con.execute("INSERT INTO marts.account_map VALUES ('musashi', ?, ?, ?)", row)
    return path


def test_a_perfect_run_scores_one_everywhere(tmp_path: Path, truth: Path) -> None:
    rows = [("c1", "customer", "target"), ("c2", "target", "customer"), ("c3", "absent", "open_opportunity")]
    found = score(warehouse(tmp_path / "w.duckdb", PERFECT, rows), truth)
    assert (found.records, found.records_missing, found.records_unlinked, found.records_unknown) == (7, 0, 0, 0)
    assert found.pairs == Pairs(found=4, true=4, right=4)
    assert found.cross_pairs == Pairs(found=3, true=3, right=3)
    assert found.pairs.f1 == found.cross_pairs.f1 == found.cell_agreement == 1.0
    (musashi,) = found.partners
    assert (musashi.companies, musashi.on_map, musashi.agree, musashi.overlaps) == (3, 3, 3, 2)
    assert (musashi.false_overlaps, musashi.missed_overlaps) == (0, 0)
    told = "\n".join(found.lines())
    assert "precision 100.0%, recall 100.0%, F1 100.0%" in told
    assert "3 of     3 cells; of 2 overlaps 0 missed, 0 shown falsely" in told
    assert "not read" not in told


def test_register_coverage_counts_right_and_wrong_numbers(tmp_path: Path, truth: Path) -> None:
    links = {**PERFECT, "our_salesforce:Account:4": "c1"}
    found = score(warehouse(tmp_path / "w.duckdb", links, []), truth)
    assert (found.registered, found.register_found, found.register_wrong) == (5, 3, 1)
    assert found.register_coverage == pytest.approx(0.6)


def test_a_wrong_merge_costs_precision_and_makes_a_false_overlap(tmp_path: Path, truth: Path) -> None:
    links = {**PERFECT, "musashi/accounts:list:M3": "c4"}
    rows = [("c1", "customer", "target"), ("c2", "target", "customer"), ("c4", "target", "open_opportunity")]
    found = score(warehouse(tmp_path / "w.duckdb", links, rows), truth)
    assert found.cross_pairs == Pairs(found=4, true=3, right=3)
    assert (found.cross_pairs.precision, found.cross_pairs.recall) == (0.75, 1.0)
    (musashi,) = found.partners
    assert (musashi.agree, musashi.false_overlaps) == (2, 1)


def test_a_missed_match_costs_recall_and_an_overlap(tmp_path: Path, truth: Path) -> None:
    links = {**PERFECT, "musashi/accounts:list:M2": "c9"}
    rows = [("c1", "customer", "target"), ("c9", "absent", "customer"), ("c3", "absent", "open_opportunity")]
    found = score(warehouse(tmp_path / "w.duckdb", links, rows), truth)
    assert found.cross_pairs == Pairs(found=2, true=3, right=2)
    (musashi,) = found.partners
    assert (musashi.agree, musashi.missed_overlaps, musashi.false_overlaps) == (2, 1, 0)


def test_records_that_the_run_lost_or_should_have_set_aside_are_counted(tmp_path: Path, truth: Path) -> None:
    records = {id: at for id, at in RECORDS.items() if id != "our_salesforce:Account:2"} | {
        "musashi/accounts:list:bad": ("musashi/accounts", 5)
    }
    links = {id: company for id, company in PERFECT.items() if id in records and id != "our_salesforce:Account:4"}
    found = score(warehouse(tmp_path / "w.duckdb", links, [], records), truth)
    assert (found.records, found.records_missing, found.records_unlinked, found.records_unknown) == (7, 1, 1, 1)
    assert found.pairs.true == 4  # what was lost still counts as missed
    assert found.cells_agree == 0
    assert "not read: 1, without a link: 1, that should not be: 1" in found.lines()[-1]


def test_a_missing_truth_is_named(tmp_path: Path) -> None:
    path = warehouse(tmp_path / "w.duckdb", PERFECT, [])
    with pytest.raises(FileNotFoundError, match=r"records\.parquet"):
        score(path, tmp_path / "nowhere")

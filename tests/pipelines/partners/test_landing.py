"""A partner's list is taken version by version; a bad one leaves the last good one in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.partners.landing import ListOutcome, land_list
from pipelines.settings import PartnerList
from pipelines.warehouse import DDL

NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute((DDL / "raw.sql").read_text(encoding="utf-8"))
    yield connection
    connection.close()


@pytest.fixture
def days() -> Iterator[dt.datetime]:
    return (NOW + dt.timedelta(days=day) for day in range(100))


class Partner:
    """One partner's list and the landings of it, a day apart."""

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, days: Iterator[dt.datetime]) -> None:
        self.con, self.folder, self.days = con, folder, days
        self.entry = PartnerList(name="accounts", file=f"{folder}/list*.csv")

    def write(self, *names: str, file: str = "list.csv", head: str = "会社名,備考") -> None:
        (self.folder / file).write_bytes("\n".join([head, *(f"{name},x" for name in names), ""]).encode("cp932"))

    def land(self, **changes: object) -> ListOutcome:
        self.entry = PartnerList.model_validate(self.entry.model_dump() | changes)
        return land_list(self.con, "musashi", self.entry, self.entry.file, "run", next(self.days), "ja")

    def in_force(self) -> list[str]:
        """Names of the rows that hold: of a full list those of the last version taken."""
        query = """
            SELECT name FROM raw.partner_list_rows JOIN raw.partner_lists AS lists USING (partner, list, version)
            WHERE lists.accepted AND (lists.kind = 'delta' OR lists._synced_at = (
                SELECT max(_synced_at) FROM raw.partner_lists WHERE accepted
            ))
            ORDER BY lists._synced_at, lists.file, row_number
        """
        return [name for (name,) in self.con.execute(query).fetchall()]

    def rejected(self) -> list[tuple[object, ...]]:
        query = "SELECT source, file, row_number, column_name, reason_key, value, whole_row FROM raw.rejected_rows ORDER BY ALL"
        return self.con.execute(query).fetchall()

    def count(self, table: str) -> int:
        return self.con.execute(f"SELECT count(*) FROM raw.{table}").fetchall()[0][0]


@pytest.fixture
def partner(con: duckdb.DuckDBPyConnection, tmp_path: Path, days: Iterator[dt.datetime]) -> Partner:
    return Partner(con, tmp_path, days)


def test_a_list_is_landed_once_however_often_it_is_read(partner: Partner) -> None:
    partner.write("甲", "", "乙")
    first = partner.land()
    assert (first.rows, first.rejected, [file.verdict for file in first.files]) == (2, 1, ["accepted"])
    rejected = partner.rejected()
    assert rejected == [("musashi", "list.csv", 3, "会社名", "partners.empty_name", "x", True)]
    second = partner.land()
    assert (second.rows, [file.verdict for file in second.files]) == (0, ["unchanged"])
    assert (partner.count("partner_lists"), partner.count("partner_list_rows"), partner.rejected()) == (1, 2, rejected)


def test_the_version_says_what_was_read(partner: Partner) -> None:
    partner.write("甲", "")
    partner.land()
    (row,) = partner.con.execute(
        """
        SELECT partner, list, file, content, kind, encoding, accepted, reason, row_count, rejected_count, _run_id
        FROM raw.partner_lists
        """
    ).fetchall()
    assert row == ("musashi", "accounts", "list.csv", "accounts", "full", "cp932", True, None, 1, 1, "run")


def test_a_newer_version_replaces_a_full_list(partner: Partner) -> None:
    partner.write("甲", "乙")
    partner.land()
    partner.write("甲", "丙")
    partner.land()
    assert partner.in_force() == ["甲", "丙"]


def test_an_older_file_put_back_holds_again(partner: Partner) -> None:
    for names in (("甲",), ("乙",), ("甲",)):
        partner.write(*names)
        partner.land()
    assert partner.in_force() == ["甲"]
    assert partner.count("partner_list_rows") == 2


def test_the_newest_of_several_files_counts_and_old_faults_go(partner: Partner) -> None:
    partner.write("甲", "", file="list_9.csv")
    partner.land()
    partner.write("乙", file="list_10.csv")
    assert [file.file for file in partner.land().files] == ["list_10.csv"]
    assert (partner.in_force(), partner.rejected()) == (["乙"], [])


@pytest.mark.parametrize(
    ("names", "reason"), [([], "partners.empty_list"), (["", ""], "partners.empty_list"), (["甲"], "partners.shrunken_list")]
)
def test_an_empty_or_shrunken_full_list_is_refused(partner: Partner, names: list[str], reason: str) -> None:
    partner.write("甲", "乙", "丙")
    partner.land()
    partner.write(*names)
    for _ in range(2):
        outcome = partner.land()
        assert [file.verdict for file in outcome.files] == ["refused"]
        assert "前回のリストをそのまま使います" in outcome.faults[0]
        assert partner.in_force() == ["甲", "乙", "丙"]
        assert [row[4] for row in partner.rejected() if row[2] is None] == [reason]
        assert partner.count("partner_lists") == 2


def test_the_good_file_put_back_after_a_refused_one_clears_the_refusal(partner: Partner) -> None:
    partner.write("甲", "乙", "")
    partner.land()
    partner.write()
    partner.land()
    partner.write("甲", "乙", "")
    assert partner.land().files[0].verdict == "accepted"
    assert [row[4] for row in partner.rejected()] == ["partners.empty_name"]
    newest = "SELECT accepted FROM raw.partner_lists ORDER BY _synced_at DESC LIMIT 1"
    assert partner.con.execute(newest).fetchall() == [(True,)]
    assert partner.land().files[0].verdict == "unchanged"


def test_a_shrunken_list_is_taken_when_the_settings_allow_it(partner: Partner) -> None:
    partner.write("甲", "乙", "丙")
    partner.land()
    partner.write("甲")
    partner.land()
    assert partner.land(shrink_limit=0.2).files[0].verdict == "accepted"
    assert partner.in_force() == ["甲"]
    assert (partner.rejected(), partner.count("partner_lists")) == ([], 2)


def test_a_list_that_cannot_be_read_is_refused_and_read_again_once_the_settings_fit(partner: Partner) -> None:
    partner.write("甲", head="ほんとうの名,備考")
    outcome = partner.land()
    assert "見つかった見出し: ほんとうの名、備考" in outcome.faults[0]
    assert partner.land(columns={"name": "ほんとうの名"}).rows == 1
    assert (partner.in_force(), partner.rejected()) == (["甲"], [])


def test_a_corrected_mapping_reads_the_same_file_again(partner: Partner) -> None:
    partner.write("甲", head="会社名,所属")
    partner.land()
    partner.land(columns={"owner": "所属"})
    assert partner.con.execute("SELECT name, owner FROM raw.partner_list_rows").fetchall() == [("甲", "x")]


def test_deltas_add_up(partner: Partner) -> None:
    partner.write("甲", "", file="list_1.csv")
    partner.land(kind="delta")
    partner.write("乙", file="list_2.csv")
    partner.write(file="list_3.csv")
    outcome = partner.land()
    assert [(file.file, file.verdict) for file in outcome.files] == [
        ("list_1.csv", "unchanged"), ("list_2.csv", "accepted"), ("list_3.csv", "accepted"),
    ]  # fmt: skip
    assert partner.in_force() == ["甲", "乙"]
    assert [row[1] for row in partner.rejected()] == ["list_1.csv"]


def test_no_file_is_named_with_its_pattern_until_there_is_one(partner: Partner) -> None:
    pattern = partner.entry.file
    for _ in range(2):
        outcome = partner.land()
        assert outcome.files[0].verdict == "missing"
        assert pattern in outcome.faults[0]
        assert partner.rejected() == [("musashi", pattern, None, None, "partners.file_not_found", pattern, True)]
    partner.write("甲")
    partner.land()
    assert partner.rejected() == []


def test_registrations_go_to_their_own_table(partner: Partner) -> None:
    text = "登録番号,企業名,登録日,商品名,金額\nR-1,甲,2026/10/1,青空会計,100\n"
    (partner.folder / "list.csv").write_text(text, encoding="utf-8-sig")
    assert partner.land(content="registrations").rows == 1
    found = partner.con.execute(
        "SELECT native_id, name, registered_on, product, amount FROM raw.partner_registration_rows"
    ).fetchall()
    assert found == [("R-1", "甲", "2026/10/1", "青空会計", "100")]
    assert partner.count("partner_list_rows") == 0


def test_introductions_go_to_their_own_table_and_words_that_nobody_knows_are_named(partner: Partner) -> None:
    rows = [
        "紹介先,方向,紹介状況,結果,依頼日,面談日",
        "甲,弊社へ,面談済,成約,2026/10/1,10月20日頃",
        "乙,,謎の言葉,,,未定",
        "丙,右,ＷＯＮ,,令和8年10月1日,",
    ]
    (partner.folder / "list.csv").write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    outcome = partner.land(content="introductions")
    assert (outcome.rows, outcome.rejected) == (3, 0)
    found = partner.con.execute(
        "SELECT name, direction, status, outcome, requested_on, met_on FROM raw.partner_introduction_rows ORDER BY row_number"
    ).fetchall()
    assert found[0] == ("甲", "弊社へ", "面談済", "成約", "2026/10/1", "10月20日頃")
    named = [(row[2], row[3], row[4], row[5], row[6]) for row in partner.rejected()]
    assert named == [
        (2, "面談日", "partners.unreadable_date", "10月20日頃", False),
        (3, "紹介状況", "partners.unknown_word", "謎の言葉", False),
        (4, "方向", "partners.unknown_word", "右", False),
    ]
    assert partner.land(content="introductions").files[0].verdict == "unchanged"


def test_a_registrations_date_that_is_none_is_named(partner: Partner) -> None:
    (partner.folder / "list.csv").write_text("企業名,登録日,ステータス\n甲,いつか,謎の言葉\n", encoding="utf-8-sig")
    assert partner.land(content="registrations").rows == 1
    assert [row[3:6] for row in partner.rejected()] == [("登録日", "partners.unreadable_date", "いつか")]


def test_partners_do_not_touch_each_other(partner: Partner) -> None:
    partner.write("甲", "")
    partner.land()
    land_list(partner.con, "mirai", partner.entry, partner.entry.file, "run", NOW, "en")
    partner.write("甲", "乙")
    partner.land()
    assert [(row[0], row[4]) for row in partner.rejected()] == [("mirai", "partners.empty_name")]


def test_reasons_are_sentences_in_the_language_asked_for(partner: Partner) -> None:
    partner.write("甲", "=1+1")
    land_list(partner.con, "mirai", partner.entry, partner.entry.file, None, NOW, "en")
    (reason,) = partner.con.execute("SELECT reason FROM raw.rejected_rows").fetchall()
    assert reason[0].startswith("The cell looks like a formula.")

"""``totsugo review`` as the partner manager calls it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli.app import app
from pipelines.warehouse import WarehouseBusy
from tests.pipelines.review.papers import Paper
from tests.pipelines.review.world import ReviewWorld, filled

US, LISTED, OTHER = "our_hubspot:companies:1", "musashi/list:list:A-01", "setouchi/list:list:B-7"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReviewWorld:
    world = filled(tmp_path / "home").publish()
    monkeypatch.setenv("TOTSUGO_HOME", str(world.home))
    monkeypatch.setenv("TOTSUGO_CONFIG", str(world.paths.config))
    monkeypatch.setenv("TOTSUGO_AS_OF", "2026-11-20T09:00:00+09:00")
    return world


def totsugo_review(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["review", *arguments])


def test_questions_go_out_and_answers_come_back(world: ReviewWorld, tmp_path: Path) -> None:
    file = tmp_path / "確認.xlsx"
    out = totsugo_review("export", str(file))
    assert out.exit_code == 0, out.output
    assert f"Written to {file}: questions 3, spot checks 0, contradicting decisions 0." in out.output
    Paper(file).fill(2, Answer="same", Comment="by phone").fill(3, Answer="perhaps").save()
    back = totsugo_review("import", str(file), "--by", "tanaka")
    assert back.exit_code == 0, back.output
    assert "New answers: 1 (same 1, different 0, unsure 0). Known already: 0." in back.stdout
    assert "Rows without a usable answer: 2" in back.stdout
    assert "Set aside: 1\n  Sheet Questions, row 3, column B: “perhaps” is no answer." in back.stderr
    assert world.state("decisions", "decision, decided_by, reason") == [("same", "tanaka", "by phone")]
    again = totsugo_review("import", str(file), "--by", "tanaka")
    assert "New answers: 0 (same 0, different 0, unsure 0). Known already: 1." in again.stdout
    assert "questions 2" in totsugo_review("export", str(tmp_path / "next.xlsx")).output


def test_an_answer_can_be_changed_within_a_minute(world: ReviewWorld, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    totsugo_review("export", str(file))
    for word in ("same", "different", "same"):  # the clock of this test stands still: each answer corrects the one before
        Paper(file).fill(2, Answer=word, Comment=f"it is {word}").save()
        assert "New answers: 1" in totsugo_review("import", str(file)).output
        assert [decision.decision for decision in world.in_force()] == [word]


def test_a_partners_share_in_the_language_asked_for(world: ReviewWorld, tmp_path: Path) -> None:
    totsugo_review("export", str(tmp_path / "m.xlsx"), "--partner", "musashi", "--language", "ja", "--limit", "1")
    assert Paper(tmp_path / "m.xlsx").values("社名") == Paper(tmp_path / "m.xlsx").values("社名")[:1]
    assert "no partner musasi" in totsugo_review("export", str(tmp_path / "x.xlsx"), "--partner", "musasi").stderr
    limited = totsugo_review("export", str(tmp_path / "l.xlsx"), "--limit", "2")
    assert "Questions left out: 1" in limited.output


def test_answers_are_never_overwritten_by_an_export(world: ReviewWorld, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"answers")
    refused = totsugo_review("export", str(file))
    assert refused.exit_code == 1
    assert "may hold answers" in refused.stderr
    assert file.read_bytes() == b"answers"
    assert "let it end in .xlsx" in totsugo_review("export", str(tmp_path / "a.csv")).stderr
    assert "cannot be written" in totsugo_review("export", str(tmp_path / "none" / "a.xlsx")).stderr


def test_where_nothing_waits_no_file_is_written(world: ReviewWorld, tmp_path: Path) -> None:
    for a, b in ((US, LISTED), (US, OTHER), (US, "7000012050002")):
        assert totsugo_review("decide", a, b, "unsure", "--reason", "nobody knows").exit_code == 0
    told = totsugo_review("export", str(tmp_path / "a.xlsx"))
    assert (told.exit_code, told.output) == (0, "Nothing waits to be looked at, so no file was written.\n")
    assert not (tmp_path / "a.xlsx").exists()


def test_the_status_counts_what_waits_and_names_who_contradicts_whom(world: ReviewWorld) -> None:
    third = world.record("3", "株式会社三つ目")
    world.publish()
    world.say(US, LISTED, "same", "tanaka", 30)
    world.say(LISTED, third, "same", "sato", 20)
    totsugo_review("decide", third, US, "different", "--reason", "two houses", "--by", "suzuki")
    lines = totsugo_review().output.splitlines()
    assert lines[0].startswith("Matches that wait for a person: 2")
    assert lines[1:3] == ["  瀬戸内ソリューション株式会社: 1", "  アオゾラソフト株式会社: 1"]
    assert "Decisions in force: same 2, different 1, unsure 0" in lines
    assert "Decisions that contradict each other: 1" in lines
    assert "      (株)風読高崎 and 株式会社三つ目 are the same (sato, 2026-11-20)" in lines
    assert "      yet 株式会社三つ目 and 株式会社風読髙﨑 are different (suzuki, 2026-11-20: two houses)" in lines
    assert "totsugo review withdraw" in lines[-1]


def test_what_the_spot_checks_say_is_told(world: ReviewWorld, tmp_path: Path) -> None:
    world.link(US, "c1", 1.0, rule="alone")
    world.link(LISTED, "c1", 0.992)
    world.publish()
    file = tmp_path / "a.xlsx"
    totsugo_review("export", str(file))
    Paper(file).fill(2, sheet=1, Answer="same").save()
    totsugo_review("import", str(file))
    assert "Spot checks: 1, wrong 0. Precision of automatic links 100.0% (95% interval" in totsugo_review().output


def test_one_pair_is_decided_and_taken_back(world: ReviewWorld) -> None:
    decided = totsugo_review("decide", "1", "A-01", "SAME", "--reason", "one address", "--by", "tanaka")
    assert decided.output == "Recorded: 株式会社風読髙﨑 and (株)風読高崎, same. Takes effect with the next run.\n"
    assert [(d.pair, d.decision, d.reason) for d in world.in_force()] == [((LISTED, US), "same", "one address")]
    back = totsugo_review("withdraw", "A-01", "1")
    assert back.exit_code == 0, back.output
    assert world.in_force() == []
    assert "Nothing was said of A-01" in totsugo_review("withdraw", "A-01", "1").stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("decide", "99", "A-01", "same", "--reason", "x"), "There is no record 99."),
        (("decide", "1", "a-0", "same", "--reason", "x"), f"Near are: {LISTED}"),
        (("decide", "1", US, "same", "--reason", "x"), f"Both are the record {US}."),
        (("decide", "1", "A-01", "perhaps", "--reason", "x"), "one of same, different and unsure, not perhaps"),
        (("withdraw", "1", "A-01"), "Nothing was said of 1."),
        (("import", "none.xlsx"), "none.xlsx cannot be read (No such file or directory)."),
        (("import", __file__), "is no workbook of `totsugo review export`"),
    ],
)
def test_mistakes_are_said_in_one_sentence(world: ReviewWorld, arguments: tuple[str, ...], told: str) -> None:
    result = totsugo_review(*arguments)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "Traceback" not in result.output
    assert world.state("decisions", "*") == []


def test_answers_on_records_that_are_gone_are_kept_and_told(world: ReviewWorld, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    totsugo_review("export", str(file))
    Paper(file).fill(2, Answer="same").save()
    with world.warehouse.connect() as con:
        con.execute("DELETE FROM intermediate.records WHERE record_id = ?", [LISTED])
    world.publish()
    told = totsugo_review("import", str(file))
    assert (
        f"Records that are gone: 1. The answers are kept, and hold again if the records come back.\n    {LISTED}" in told.output
    )
    assert len(world.in_force()) == 1


def test_while_a_run_writes_the_state_is_told_as_the_last_one_left_it(world: ReviewWorld, tmp_path: Path) -> None:
    world.say(US, LISTED, "same")
    world.publish()
    code = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(world.paths.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"open\n"
        with pytest.raises(WarehouseBusy), world.warehouse.connect():
            pass
        status, busy = totsugo_review(), totsugo_review("decide", US, OTHER, "same", "--reason", "x")
        process.communicate()
    assert "Decisions in force: same 1" in status.output
    assert busy.exit_code == 1
    assert "is being written by another process" in busy.stderr

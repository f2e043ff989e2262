"""``totsugo conflicts`` and ``totsugo holds`` as the partner manager calls them."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli.app import app
from tests.pipelines.writeback.answers_world import EditedWorld


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EditedWorld:
    world = EditedWorld.new(tmp_path / "home")
    monkeypatch.setenv("TOTSUGO_HOME", str(world.home))
    monkeypatch.setenv("TOTSUGO_CONFIG", str(world.paths.config))
    monkeypatch.setenv("TOTSUGO_AS_OF", "2026-11-20T09:00:00+09:00")
    return world


def totsugo(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def edited(world: EditedWorld) -> EditedWorld:
    world.account("001A", "株式会社カゼ")
    world.account("77", "株式会社クモ", "marketing", "companies")
    world.conflict("001A")
    world.conflict("001A:musashi", "may_approach", "true", "false", object="Totsugo_Account_Map__c")
    world.conflict("77", "no_approach", "true", "false", connection="marketing", object="companies")
    world.conflict("77", "next_play", None, "紹介する", connection="marketing", object="companies")
    return world.publish()


def test_the_list_shows_each_account_once_with_a_link_and_both_values_in_words(world: EditedWorld) -> None:
    edited(world)
    assert totsugo("conflicts").output == (
        "Fields that people changed, waiting for an answer: 4\n"
        "  株式会社カゼ  https://aozora.my.salesforce.com/001A\n"
        "    sales:Account:001A\n"
        "      Partner approach (partner_approach): “Open” in the CRM, “No approach” by Totsugo, seen on 2026-11-20\n"
        "    sales:Totsugo_Account_Map__c:001A:musashi\n"
        "      May approach (may_approach): “On” in the CRM, “Off” by Totsugo, seen on 2026-11-20\n"
        "  株式会社クモ\n"
        "    marketing:companies:77\n"
        "      Next play (next_play): “(empty)” in the CRM, “紹介する” by Totsugo, seen on 2026-11-20\n"
        "      No approach (no_approach): “On” in the CRM, “Off” by Totsugo, seen on 2026-11-20\n"
        "Answered: 0\n"
        "Overrides made of such changes that hold: 0\n"
    )
    brief = totsugo("conflicts", "list", "--limit", "1").output
    assert "and 3 more" in brief
    assert "株式会社クモ" not in brief


def test_the_list_speaks_japanese_where_we_do(world: EditedWorld) -> None:
    edited(world)
    world.write_settings("ja")
    listed = totsugo("conflicts", "list").output
    assert "CRMで手動変更された項目（回答待ち）: 4 件" in listed
    assert "パートナーのアプローチ可否 (partner_approach): CRMの値「可」、Totsugoの値「アプローチNG」" in listed
    assert "次の一手 (next_play): CRMの値「空欄」、Totsugoの値「紹介する」" in listed


def test_one_field_or_one_record_is_given_back(world: EditedWorld) -> None:
    edited(world)
    one = totsugo("conflicts", "restore", "77", "--field", "next_play", "--reason", "mistyped", "--by", "tanaka")
    assert one.exit_code == 0, one.output
    assert "Given back to Totsugo: fields 1, accounts 1. The next run writes its values" in one.output
    world.publish()
    assert totsugo("conflicts", "restore", "sales:Account:001A").exit_code == 0
    assert world.state("conflicts", "record_id, field, answer, answered_by, reason") == [
        ("001A", "partner_approach", "restore", getpass.getuser(), None),
        ("001A:musashi", "may_approach", None, None, None),
        ("77", "next_play", "restore", "tanaka", "mistyped"),
        ("77", "no_approach", None, None, None),
    ]
    listed = totsugo("conflicts", "list").output
    assert "To be given back to Totsugo (tanaka), with the next run" in listed


def test_all_are_given_back_only_after_their_number_was_told(world: EditedWorld) -> None:
    edited(world)
    asked = totsugo("conflicts", "restore", "--all")
    assert asked.exit_code == 1
    assert asked.stderr == "This would give back to Totsugo: fields 4, accounts 2. Add --yes to do it.\n"
    assert world.state("conflicts", "DISTINCT answer") == [(None,)]
    some = totsugo("conflicts", "restore", "--all", "--connection", "marketing", "--field", "next_play", "--yes")
    assert some.exit_code == 0, some.output
    assert world.state("conflicts", "field") == [("may_approach",), ("next_play",), ("no_approach",), ("partner_approach",)]
    assert [c.field for c in world.conflicts() if not c.waits] == ["next_play"]
    rest = totsugo("conflicts", "restore", "--all", "--yes")
    assert "fields 3, accounts 2" in rest.output
    world.publish()
    assert "There is no such conflict that waits" in totsugo("conflicts", "restore", "--all", "--yes").stderr


def test_a_decision_becomes_a_dated_override_and_is_taken_back(world: EditedWorld) -> None:
    edited(world)
    allowed = totsugo("conflicts", "override", "001A", "--until", "2027-03-31", "--reason", "agreed")
    assert allowed.exit_code == 0, allowed.output
    assert "Override made: 株式会社カゼ may be approached by every partner until 2027-03-31" in allowed.output
    barred = totsugo("conflicts", "override", "77", "--until", "2027-03-31", "--reason", "agreed", "--partner", "musashi")
    assert "株式会社クモ is barred for 武蔵システムズ株式会社 until 2027-03-31" in barred.output
    world.publish()
    listed = totsugo("conflicts").output
    assert "  株式会社カゼ: allow for every partner until 2027-03-31, because agreed" in listed
    assert "  株式会社クモ: block for Musashi until 2027-03-31, because agreed" in listed
    ended = totsugo("conflicts", "withdraw", "001A", "--reason", "sold")
    assert ended.exit_code == 0, ended.output
    assert world.state("overrides", "record_id, until") == [
        ("marketing:companies:77", date(2027, 3, 31)),
        ("sales:Account:001A", date(2026, 11, 19)),
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["restore"], "Name one record, or write --all.\n"),
        (["restore", "001A", "--all"], "Name one record, or write --all.\n"),
        (["restore", "zzz"], "There is no open conflict on zzz. `totsugo conflicts` shows them.\n"),
        (["override", "001A", "--until", "2026-11-19", "--reason", "x"], "Name a last day from 2026-11-20 to 2028-11-20.\n"),
        (["override", "001A", "--until", "2026-12-01", "--reason", "x", "--partner", "musasi"], "There is no partner musasi"),
        (
            ["withdraw", "001A", "--reason", "x"],
            "There is no override made of a conflict on 001A",
        ),
    ],
)
def test_mistakes_are_said_in_one_sentence(world: EditedWorld, arguments: list[str], sentence: str) -> None:
    edited(world)
    done = totsugo("conflicts", *arguments)
    assert done.exit_code == 1
    assert sentence in done.stderr


def test_an_override_needs_an_end_and_a_reason(world: EditedWorld) -> None:
    edited(world)
    assert totsugo("conflicts", "override", "001A", "--reason", "x").exit_code == 2
    assert totsugo("conflicts", "override", "001A", "--until", "2026-12-01").exit_code == 2
    assert world.state("overrides", "*") == []


def test_before_the_first_run_it_says_to_run(world: EditedWorld) -> None:
    assert "Run `totsugo run` first" in totsugo("conflicts").stderr


def test_held_records_are_listed_by_undone_run_and_released(world: EditedWorld) -> None:
    world.account("001A", "株式会社カゼ")
    for record, run in (("001A", "3f2a"), ("001B", "3f2a"), ("001C", "9c00")):
        world.hold(record, run)
    world.publish()
    assert totsugo("holds").output == (
        "Records that no run writes since they were put back: 3\n"
        "  Undo of the run 3f2a (sato, 2026-11-20 09:00)\n"
        "    sales:Account:001A  株式会社カゼ\n"
        "    sales:Account:001B\n"
        "  Undo of the run 9c00 (sato, 2026-11-20 09:00)\n"
        "    sales:Account:001C\n"
    )
    assert "Records released: 1." in totsugo("holds", "release", "001A").output
    assert "Records released: 1." in totsugo("holds", "release", "--run", "3f").output
    assert "Records released: 1." in totsugo("holds", "release", "--all", "--by", "tanaka").output
    assert world.state("holds", "record_id, released_by") == [
        ("001A", getpass.getuser()),
        ("001B", getpass.getuser()),
        ("001C", "tanaka"),
    ]
    assert totsugo("holds", "release", "--all").stderr == "Nothing is held.\n"
    assert totsugo("holds", "release", "001A", "--all").stderr == "Name one record, or a run with --run, or write --all.\n"

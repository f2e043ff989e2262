"""Out to the partner, filled in, in again, accepted: as the partner manager does it, with everything kept."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.account_plans.form.answers import accepted
from pipelines.account_plans.profile.gather import ProfileTold, profile_of
from pipelines.account_plans.written.load import load
from tests.pipelines.account_plans.form.world import TODAY, FormWorld, Paper, read


@pytest.fixture
def world(tmp_path: Path) -> FormWorld:
    return FormWorld.new(tmp_path / "home")


def profile(world: FormWorld, language: str = "ja") -> ProfileTold:
    with world.warehouse.connect() as con:
        answers = accepted(con, "musashi")
    with world.warehouse.read() as con:
        written = load(world.paths.plans / "musashi.yaml")
        return profile_of(con, "musashi", written, answers, language, "JPY", TODAY)


def words(world: FormWorld, key: str) -> str | None:
    return {fact.key: fact.words for fact in profile(world).facts}[key]


def filled_in(world: FormWorld, name: str = "回答.xlsx", on: str = "2026/11/18", **more: Any) -> Path:
    sheet = world.form(name)
    sheet.fill(
        **{
            "ご記入者（部署・お名前）": "営業本部 田中",
            "ご記入日": on,
            "従業員数（名）": "320名",
            "営業エリア": "東京都、埼玉県",
            **more,
        }
    )
    sheet.result("直近の期", "2026年3月期", "1億2000万", "△340万").result("1期前", "2025年3月期", 110, 5)
    return sheet.person(1, "営業本部", "本部長", "山田 太郎").person(2, "営業部", "部長", "佐藤 花子", "山田").save()


def test_what_a_partner_answers_counts_once_one_of_us_accepts_it(world: FormWorld) -> None:
    file = filled_in(world)
    taken = world.run("import-form", file)
    assert taken.exit_code == 0, taken.output
    assert "Taken in of 武蔵システムズ株式会社: new 6, taken before 0, unchanged 3." in taken.output
    assert "Employees (employees): 320 people" in taken.output
    assert words(world, "employees") == "26,471名"  # as our CRM has it: nothing is accepted yet
    waiting = world.run("answers", "musashi").output
    assert "Answers that wait: 6" in waiting
    assert "武蔵システムズ株式会社 (営業本部 田中, filled in on 2026-11-18, 回答.xlsx)" in waiting
    assert "Sales (sales): fiscal year ended 2025 JPY 110,000,000, fiscal year ended 2026 JPY 120,000,000" in waiting
    assert "営業本部 本部長 山田 太郎 / 営業部 部長 佐藤 花子" in waiting
    done = world.run("accept", "musashi", "--by", "suzuki", "--reason", "電話で確認")
    assert done.exit_code == 0, done.output
    assert words(world, "employees") == "320名"
    assert words(world, "trade_area") == "東京都、埼玉県"
    told = profile(world)
    assert [(year.year, year.sales.value, year.profit.value) for year in told.years] == [
        (2025, 1.1e8, 5e6),
        (2026, 1.2e8, -3.4e6),
    ]
    source = told.known["employees"].source
    assert (source.trust, source.where, source.on) == ("partner", "回答.xlsx", date(2026, 11, 18))
    assert {(a.verdict, a.decided_by, a.reason) for a in world.answers()} == {("accepted", "suzuki", "電話で確認")}
    assert "Answers that wait: 0" in world.run("answers").output


def test_the_same_file_twice_adds_nothing(world: FormWorld) -> None:
    file = filled_in(world)
    world.run("import-form", file)
    before = world.answers()
    again = world.run("import-form", file, at="2026-11-21T09:00:00+09:00")
    assert "new 0, taken before 6, unchanged 3" in again.output
    world.run("accept", "musashi")
    assert "new 0, taken before 6" in world.run("import-form", file).output
    assert [answer.answer_id for answer in world.answers()] == [answer.answer_id for answer in before]


def test_a_newer_answer_takes_the_place_of_one_that_waits_and_an_older_one_does_not(world: FormWorld) -> None:
    world.run("import-form", filled_in(world, "1.xlsx"))
    world.run("import-form", filled_in(world, "2.xlsx", "2026/11/19", **{"従業員数（名）": 350}))
    late = world.run("import-form", filled_in(world, "3.xlsx", "2026/11/1", **{"従業員数（名）": 300}))
    assert "Employees: a newer answer waits, so this one is only kept." in late.output
    of = [(answer.value, answer.verdict) for answer in world.answers() if answer.field == "employees"]
    assert sorted(of) == [(300, "superseded"), (320, "superseded"), (350, "waiting")]
    assert len(world.answers("waiting")) == 6


def test_an_answer_taken_back_is_new_again(world: FormWorld) -> None:
    for number, people in enumerate((320, 350, 320)):
        world.run("import-form", filled_in(world, f"{number}.xlsx", **{"従業員数（名）": people, "営業エリア": f"{number}区"}))
    (waiting,) = [answer for answer in world.answers("waiting") if answer.field == "employees"]
    assert waiting.value == 320
    assert waiting.file == "2.xlsx"


def test_a_later_form_shows_what_was_accepted_and_the_history_stays(world: FormWorld) -> None:
    world.run("import-form", filled_in(world))
    world.run("accept", "musashi", "--by", "suzuki")
    later = world.form("later.xlsx")
    assert (later.answer("従業員数（名）"), later.answer("決算月")) == (320, "3月")
    assert later.people["D7"].value == "佐藤 花子"
    later.fill(**{"従業員数（名）": 400, "ご記入日": "2027/4/1"})
    moment = "2027-05-01T09:00:00+09:00"
    taken = world.run("import-form", later.save(), at=moment)
    assert "Employees (employees): 320 people -> 400 people" in taken.output
    assert "new 1," in taken.output
    world.run("accept", "musashi", "--by", "kato", at=moment)
    assert words(world, "employees") == "400名"
    assert [(a.value, a.before, a.decided_by) for a in world.answers("accepted") if a.field == "employees"] == [
        (320, None, "suzuki"),
        (400, 320, "kato"),
    ]
    history = world.run("answers", "musashi", "--all").output
    assert "accepted: musashi Employees: 320 people (suzuki)" in history
    assert "accepted: musashi Employees: 400 people (kato)" in history


def test_some_answers_may_be_accepted_and_the_others_rejected(world: FormWorld) -> None:
    world.run("import-form", filled_in(world))
    assert world.run("accept", "musashi", "--field", "trade_area").exit_code == 0
    wrong = world.run("accept", "musashi", "--field", "trade_area")
    assert wrong.exit_code == 1
    assert "No answer to trade_area waits" in wrong.output
    assert world.run("reject", "musashi").exit_code == 2  # why is asked for
    assert world.run("reject", "musashi", "--reason", "単位が違う").exit_code == 0
    assert words(world, "employees") == "26,471名"
    assert words(world, "trade_area") == "東京都、埼玉県"
    assert {a.reason for a in world.answers("rejected")} == {"単位が違う"}
    assert "No answer of musashi waits" in world.run("accept", "musashi").output


def test_what_one_of_us_entered_stays_and_is_said(world: FormWorld) -> None:
    world.write("profile:\n  employees: {value: 300, by: 加藤, on: 2026-11-10}\n")
    taken = world.run("import-form", filled_in(world))
    assert "Employees (employees): 300 people -> 320 people" in taken.output
    assert "What one of us entered stays: 300 people (加藤). Change it in musashi.yaml" in taken.output
    world.run("accept", "musashi")
    assert words(world, "employees") == "300名"


def test_cells_that_say_nothing_usable_are_named_on_the_error_channel(world: FormWorld) -> None:
    taken = world.run("import-form", filled_in(world, **{"従業員数（名）": "多数"}))
    assert taken.exit_code == 0
    assert "Set aside: 1" in taken.stderr
    assert "ご記入シート C" in taken.stderr
    assert '"多数" is no single number' in taken.stderr


def test_a_mistake_is_told_in_one_sentence(world: FormWorld) -> None:
    wrong = world.home / "wrong.xlsx"
    wrong.write_text("no workbook")
    for arguments in (
        ("import-form", wrong),
        ("import-form", world.home / "absent.xlsx"),
        ("answers", "nobody"),
        ("accept", "nobody"),
    ):
        told = world.run(*arguments)
        assert told.exit_code == 1
        assert "Traceback" not in told.output
    file = world.form().path
    settings = world.paths.config.read_text(encoding="utf-8")
    world.paths.config.write_text(settings.replace("musashi:", "other:"), encoding="utf-8")
    assert "is of musashi, which the settings do not have" in world.run("import-form", file).output


def test_two_files_of_one_partner_are_shown_apart_in_the_order_of_the_form(world: FormWorld) -> None:
    world.run("import-form", filled_in(world, "1.xlsx"))
    world.run("import-form", world.form("2.xlsx").fill(主な事業内容="導入支援\n保守", 業種="製造").save())
    lines = world.run("answers").output.splitlines()
    assert [line.split("(")[1].split(")")[0] for line in lines if line.startswith("  ")] == [
        *("employees", "closing_month", "trade_area", "sales", "profit", "people"),
        *("industry", "main_business"),
    ]
    assert "  Main business (main_business): 導入支援 / 保守" in lines
    assert any("nobody named, filled in on 2026-11-20, 2.xlsx" in line for line in lines)


def as_libreoffice_saves_it(file: Path, folder: Path) -> Path:
    folder.mkdir()
    profile_folder = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [
        "soffice",
        profile_folder,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(folder),
        str(file),
    ]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "HOME": str(folder)}, timeout=240)
    return folder / file.name


@pytest.mark.full
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_round_trip_through_libreoffice(world: FormWorld, tmp_path: Path, language: str) -> None:
    world.run("import-form", filled_in(world))
    world.run("accept", "musashi")
    untouched = read(Paper(as_libreoffice_saves_it(world.form("next.xlsx", language).path, tmp_path / "first")))
    assert (untouched.values, untouched.faults) == ({}, [])
    sheet = Paper(world.home / "next.xlsx")
    question = {"ja": "営業担当者数（名）", "en": "Number of sales staff"}[language]
    sheet.fill(**{question: "約45名"}).person(3, "営業部", "課長", "高橋 次郎", "佐藤 花子")
    back = as_libreoffice_saves_it(sheet.save(), tmp_path / "second")
    assert "new 2," in world.run("import-form", back).output
    world.run("accept", "musashi")
    assert words(world, "sales_staff") == "45名"
    (people,) = [answer.value for answer in world.answers("accepted") if answer.field == "people" and len(answer.value) == 3]
    assert [person["reports_to"] for person in people] == [None, "山田 太郎", "佐藤 花子"]

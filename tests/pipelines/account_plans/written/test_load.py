"""What people write of a partner: read as it stands, each fault named with its line and its mend, never written over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.account_plans.written.load import load, written_file
from pipelines.account_plans.written.models import Written
from pipelines.account_plans.written.starter import create, starter
from pipelines.settings import SettingsError
from tests.pipelines.account_plans.quarter import Quarter

GOOD = """\
version: 1
profile:
  industry: {value: software, on: 2026-11-01, by: 高橋}
  sales: {value: {2025: 1200000000}}
our_goals: 共同提案を定着させる
targets:
  - {year: 2026, amount: 30000000, deals: 6}
people:
  - {name: 佐藤 一郎, role: decision_maker}
  - {name: 鈴木 次郎, reports_to: 佐藤 一郎, known_by: [{name: 高橋, strength: strong}]}
texts:
  direction.purpose: "${利益}より信頼"
goals:
  - {period: 2026-Q3, month: 1, text: 会う, measure: meetings, target: 2}
moves:
  - {text: 定例会を始める, due: 2026-12-01}
  - {id: 2026q3-m1, done: 2026-11-21}
effort: {now: 10}
"""


def written(tmp_path: Path, content: str) -> Written:
    file = tmp_path / "musashi.yaml"
    file.write_text(content, encoding="utf-8")
    return load(file)


def test_a_good_file_is_read_as_it_stands(tmp_path: Path) -> None:
    found = written(tmp_path, GOOD)
    assert found.texts == {"direction.purpose": "${利益}より信頼"}  # no variable: these are somebody's words
    assert found.profile["industry"].on == date(2026, 11, 1)
    assert found.moves[1].done == date(2026, 11, 21)


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "version: 1\n"])
def test_nothing_written_is_no_fault(tmp_path: Path, content: str) -> None:
    assert written(tmp_path, content) == Written()
    assert load(tmp_path / "none.yaml") == Written()


@pytest.mark.parametrize(
    ("found", "instead", "line", "says"),
    [
        ("industry:", "industri:", 3, "profile.industri: is no field of the profile. Did you mean industry?"),
        ("2025: 1200000000", "2025: many", 4, "sales has the amount 'many'. Write a number"),
        ("direction.purpose", "direction.porpose", 12, "is no place of a plan. Did you mean direction.purpose?"),
        ("direction.purpose", "direction.do.0", 12, "is no place of a plan"),
        ("measure: meetings", "measure: dinners", 14, "'dinners' is not one of introductions_requested"),
        (
            "period: 2026-Q3",
            "period: 2026-Q5",
            14,
            "'2026-Q5' is no quarter of ours. Write fiscal year and quarter, such as 2026-Q3",
        ),
        ("effort:", "efort:", 18, "efort: is no setting. Did you mean effort?"),
        ("due: 2026-12-01", "due: 2026-02-30", 16, "'2026-02-30' cannot be: day is out of range for month. Mend it"),
        ("{text: 定例会を始める, due", "{due", 16, "has neither text nor id. Write the step as text"),
        ("id: 2026q3-m1", "id: Q3 の 1", 17, "is no id. Write the one that stands at the step in the plan"),
        ("reports_to: 佐藤 一郎", "reports_to: 鈴木 次郎", 10, "鈴木 次郎 cannot report to themselves"),
        ("  - {id: 2026q3-m1,", "  - {id: 2026q3-m1}\n  - {id: 2026q3-m1,", 18, "'2026q3-m1' stands here already"),
        ("deals: 6}", "deals: 6}\n  - {year: 2026, amount: 1}", 8, "'2026' has a target already. Keep one of the two"),
        ("role: decision_maker", "role: boss", 9, "'boss' is not one of decision_maker, key_person"),
        ("effort: {now: 10}", "effort: 10", 18, "'10' stands here, but entries belong here (now, proposed)"),
        ("due: 2026-12-01", "due: 2026/12/01", 16, "'2026/12/01' is no day. Write one such as 2026-11-20"),
    ],
)
def test_each_fault_names_its_line_and_what_to_write(tmp_path: Path, found: str, instead: str, line: int, says: str) -> None:
    with pytest.raises(SettingsError) as raised:
        written(tmp_path, GOOD.replace(found, instead, 1))
    (fault,) = raised.value.faults
    assert (fault.line, says in f"{fault.path}: {fault.message}") == (line, True), raised.value
    assert str(raised.value).startswith(f"musashi.yaml:{line}: ")


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        written(tmp_path, GOOD.replace("industry", "industri").replace("direction.purpose", "purpose"))
    assert [fault.line for fault in raised.value.faults] == [3, 12]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_example_of_the_file_to_begin_with_is_good_once_uncommented(tmp_path: Path, language: str) -> None:
    content = starter("Kogyo. Ltd {x}", "2026-Q3", "2026-11-20", language)
    assert written(tmp_path, content) == Written()
    lines = [line.removeprefix("# ") for line in content.split("\n")]
    found = written(tmp_path, "\n".join(lines))
    given = set(found.model_fields_set)
    assert given == set(Written.model_fields)
    plan = Quarter(language=language).partner().plan(date(2026, 11, 20), found)
    assert plan.actions.goals[0].words.written


def test_the_file_to_begin_with_never_replaces_one(tmp_path: Path) -> None:
    file = written_file(tmp_path / "plans", "musashi")
    assert create(file, "version: 1\n")
    assert not create(file, "other")
    assert file.read_text(encoding="utf-8") == "version: 1\n"

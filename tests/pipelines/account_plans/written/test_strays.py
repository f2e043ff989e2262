"""What is written of goals and steps that no plan has is said, and nothing else is."""

from __future__ import annotations

from datetime import date

from pipelines.account_plans.written.models import Written, WrittenMove
from pipelines.account_plans.written.strays import strays_of
from tests.pipelines.account_plans.quarter import Quarter

DAY = date(2026, 11, 20)


def test_an_id_that_no_plan_has_is_said_once_with_its_mend() -> None:
    written = Written(
        moves=[
            WrittenMove(id="2026q3-m1", done=DAY),
            WrittenMove(id="2026q3-m99", done=DAY),
            WrittenMove(id="mine", text="Mine"),
        ],
        texts={"actions.goal.2025q1-2": "x", "actions.move.2026q3-m99": "y", "actions.goal.2026q3-1": "z", "direction.do.1": ""},
    )
    plan = Quarter().partner().plan(DAY, written)
    strays = strays_of(written, [plan.actions.planned], "musashi", "en")
    assert [stray.label.split(":")[0] for stray in strays] == ["2026q3-m99", "2025q1-2"]
    assert "musashi.yaml" in strays[0].ask


def test_what_is_said_of_an_earlier_quarter_is_no_stray() -> None:
    quarter = Quarter().partner()
    move = quarter.run(DAY).actions.moves[0]
    written = Written(moves=[WrittenMove(id=move.id, done=date(2027, 1, 5))])
    now = quarter.plan(date(2027, 1, 5), written).actions.planned
    assert strays_of(written, [now], "musashi", "en")
    assert strays_of(written, [now, *(kept.planned for kept in quarter.kept())], "musashi", "en") == ()

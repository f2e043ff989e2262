"""The list of figures comes to an end, whatever their names and sources are."""

from __future__ import annotations

from dataclasses import replace

from pipelines.account_plans.drawing.scene import Table
from pipelines.account_plans.figure import Source
from pipelines.account_plans.slides.sources import sources
from tests.pipelines.account_plans.plans import full


def test_a_source_with_an_endless_name_takes_its_figures_along() -> None:
    plan = full()
    key, figure = next((key, one) for key, one in plan.used.items() if one.value is not None)
    endless = replace(figure, source=Source("person", "とても長い名前" * 900, plan.as_of))
    slides = sources(replace(plan, used={**plan.used, key: endless}))
    told = [row[0].text for slide in slides for item in slide.items if isinstance(item, Table) for row in item.rows]
    assert any(words.startswith(figure.label("ja")) for words in told)

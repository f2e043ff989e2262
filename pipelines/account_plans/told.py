"""What was made, in words: tables for Dagster's metadata, one sentence per plan for the command line.

Belongs here: wording the outcome. Does not: making anything (``make.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.account_plans.make import Made
from pipelines.account_plans.plan import Plan
from pipelines.account_plans.slides.theme import period_in_words
from pipelines.report.words import table
from pipelines.texts import text


def plans_table(made: Sequence[Made], language: str) -> str:
    """Markdown: one row per plan, with its goals, what it lacks, and where it lies or why there is none."""
    heads = [text(f"plan.files.{name}", language) for name in ("partner", "period", "goals_met", "lacking", "file")]
    return table(heads, [_row(one, language) for one in made])


def missing_table(made: Sequence[Made], language: str) -> str:
    """Markdown: what the plans lack, and whom to ask for it; empty where they lack nothing."""
    rows: list[list[str | int]] = [
        [one.plan.name, missing.label, missing.ask] for one in made if one.plan for missing in one.plan.missing
    ]
    return table([text(f"plan.files.{name}", language) for name in ("partner", "lacks", "ask")], rows) if rows else ""


def name_of(made: Made) -> str:
    """The partner's name, or its id where there is no plan."""
    return made.plan.name if made.plan else made.stem


def sentences(made: Made, language: str) -> list[str]:
    """What came of it: the files with what they lack, or why there is none; and each file of that name that was left alone."""
    if made.fault:
        return [text("plan.files.none", language, name=name_of(made), why=made.fault)]
    file = made.files[0].path
    told = [
        text("plan.files.made", language, name=made.plan.name, file=file, lacking=len(made.plan.missing))
        if made.plan
        else text("plan.files.page", language, file=file)
    ]
    told += [
        text("plan.files.left", language, file=put.left.name, beside=put.path.name) for put in made.files if put.left is not None
    ]
    return told


def _row(made: Made, language: str) -> list[str | int]:
    if made.plan is None or made.fault:
        return [name_of(made), "–", "–", "–", made.fault or "–"]
    return [
        made.plan.name,
        period_in_words(made.plan.period, language),
        _goals(made.plan),
        len(made.plan.missing),
        ", ".join(put.path.name for put in made.files),
    ]


def _goals(plan: Plan) -> str:
    """Met of all, such as 1/3."""
    return f"{sum(goal.state == 'met' for goal in plan.actions.goals)}/{len(plan.actions.goals)}"

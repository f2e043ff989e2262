"""``totsugo explain``: why a company stands where it stands, and why two records are one company or are not.

Belongs here: arguments and printing. Does not: finding what is meant, or the sentences (``pipelines.explain``), or the evidence
(``pipelines.matching``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import duckdb
from rich.console import Console
from rich.padding import Padding

from pipelines.explain import Step, explained, find_company, find_side, pair_story
from pipelines.matching.standing import placing_evidence
from pipelines.matching.why import model_of_links
from pipelines.matching.words import Evidence, waterfall_table
from pipelines.texts import text


def explain_company(console: Console, con: duckdb.DuckDBPyConnection, asked: str, partner: str | None, language: str) -> None:
    """Print every step, section by section; of each record, what its match rests on. Raises ``NotFound`` or ``Ambiguous``."""
    company_id = find_company(con, asked)
    evidence = placing_evidence(con, company_id)
    section = None
    for step in explained(con, company_id, language, partner):
        section = _print(console, [step], section)
        if step.record_id in evidence:
            _waterfall(console, *evidence[step.record_id], language)


def explain_pair(console: Console, con: duckdb.DuckDBPyConnection, a: str, b: str, language: str, zone: tzinfo) -> None:
    """Print who the two are, the verdict, its evidence, and what else bears on it. Raises ``Refused``."""
    story = pair_story(con, find_side(con, a), find_side(con, b), model_of_links(con), language, zone)
    section = _print(console, story.before)
    console.print(f"\n[bold]{text('explain.section.evidence', language)}[/bold]")
    _waterfall(console, story.comparison.evidence, story.comparison.probability, language)
    _print(console, story.after, section)


def _print(console: Console, steps: Sequence[Step], section: str | None = None) -> str | None:
    for step in steps:
        if step.section != section:
            section = step.section
            console.print(f"\n[bold]{section}[/bold]")
        console.print(f"  {step.sentence}", markup=False)
    return section


def _waterfall(console: Console, evidence: Evidence, probability: float, language: str) -> None:
    console.print(Padding(waterfall_table(evidence, probability, language), (0, 0, 0, 4)))

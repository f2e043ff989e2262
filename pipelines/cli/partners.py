"""``totsugo partners``: what we know of the partners, or of one, as tables.

Belongs here: printing. Does not: the figures (``pipelines.report.insight``) or their words (``pipelines.report.insight_words``).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.report.figures import CELLS, PartnerMap, partner_maps
from pipelines.report.insight import PartnerInsight, Proposal, minimum_n, partner_insights
from pipelines.report.insight_words import (
    counted,
    coverage,
    fit,
    last_activity,
    lift_rows,
    overview,
    part_matrix,
    points,
    proposal_line,
)
from pipelines.report.words import money
from pipelines.texts import text

_PROPOSED = 10


def all_partners(console: Console, con: duckdb.DuckDBPyConnection, language: str) -> None:
    """Fit, state and parts of every partner, and what is proposed for ghosts."""
    summary(console, con, language)
    _print(console, "", *part_matrix(partner_insights(con), language))
    for key in ("coverage_is", "fit_is_sum"):
        console.print(text(f"insight.{key}", language))


def summary(console: Console, con: duckdb.DuckDBPyConnection, language: str) -> None:
    """The short block of the report: a row per partner, a line per ghost."""
    insights = partner_insights(con)
    currencies = {m.partner: m.currency for m in partner_maps(con)}
    _print(console, text("insight.title", language), *overview(insights, language))
    for p in insights:
        if p.proposal:
            console.print("  " + proposal_line(p, p.proposal, currencies[p.partner], language), markup=False)


def one_partner(console: Console, con: duckdb.DuckDBPyConnection, partner: str, language: str) -> bool:
    """Everything of one partner. False where the last run knew of no such partner, or it has ended."""
    p = next((each for each in partner_insights(con) if each.partner == partner), None)
    if p is None:
        return False
    m = next(each for each in partner_maps(con) if each.partner == partner)
    state = text(f"insight.state.{p.state}", language)
    console.print(f"[bold]{escape(p.name)}[/bold]  {text('report.fit', language)} {fit(p)}  {state}")
    for label, said in (("last_activity", last_activity(p, language)), ("coverage", coverage(p))):
        console.print(f"{text(f'report.{label}', language)}: {said}", markup=False)
    _parts(console, p, language)
    _cells(console, m, language)
    heads, rows = lift_rows(p.lifts, minimum_n(con), m.currency, language)
    _print(console, "", heads, rows)
    console.print(text("insight.association", language))
    if p.proposal:
        _proposal(console, p, p.proposal, m.currency, language)
    return True


def _parts(console: Console, p: PartnerInsight, language: str) -> None:
    heads = [text(f"report.{name}", language) for name in ("part", "points", "counted")]
    rows: list[list[str | int]] = [
        [text(part.label_key, language), f"{points(part)} / {part.max_points:g}", counted(part, language)] for part in p.parts
    ]
    rows.append([text("report.fit", language), f"{p.points:g} / {p.known_points:g}", f"{fit(p)} / 100"])
    _print(console, "", heads, rows, left=(2,))


def _cells(console: Console, m: PartnerMap, language: str) -> None:
    names = (
        "cell",
        "our_status",
        "partner_status",
        "companies",
        "our_records",
        "partner_records",
        "open_amount",
        "expected_value",
    )
    rows: list[list[str | int]] = []
    for (ours, theirs), number in sorted(CELLS.items(), key=lambda item: item[1]):
        cell = m.at((ours, theirs))
        sides = [text(f"report.status.{side}", language) for side in (ours, theirs)]
        amounts = [money(amount, m.currency, language) for amount in (cell.open_amount, cell.expected_value)]
        rows.append([number, *sides, cell.companies, cell.our_records, cell.partner_records, *amounts])
    _print(console, "", [text(f"report.{name}", language) for name in names], rows, left=(1, 2))


def _proposal(console: Console, p: PartnerInsight, proposal: Proposal, currency: str, language: str) -> None:
    console.print(proposal_line(p, proposal, currency, language), markup=False)
    if not proposal.companies:
        return
    names = ("company", "cell", "our_status", "partner_status", "expected_value")
    rows: list[list[str | int]] = [
        [
            company.company_name,
            company.cell,
            text(f"report.status.{company.our_status}", language),
            text(f"report.status.{company.partner_status}", language),
            money(company.expected_value, currency, language),
        ]
        for company in proposal.companies[:_PROPOSED]
    ]
    _print(console, "", [text(f"report.{name}", language) for name in names], rows, left=(2, 3))


def _print(
    console: Console, title: str, heads: Sequence[str], rows: Sequence[Sequence[str | int]], left: Sequence[int] = ()
) -> None:
    table = Table(title=title or None, title_justify="left", title_style="bold", padding=(0, 1))
    for at, head in enumerate(heads):
        table.add_column(head, justify="left" if at == 0 or at in left else "right", overflow="fold")
    for row in rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else escape(value) for value in row))
    console.print(table)

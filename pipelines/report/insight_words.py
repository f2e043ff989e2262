"""Partner insight in words: the cells of its tables, as Markdown for Dagster's metadata and for the command line's own tables.

Belongs here: heads and rows. Does not: queries (``insight.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.report.insight import Lift, Part, PartnerInsight, Proposal
from pipelines.report.words import money, table
from pipelines.texts import text

Rows = list[list[str | int]]


def overview(insights: Sequence[PartnerInsight], language: str) -> tuple[list[str], Rows]:
    """One row per partner: fit, state, last activity, coverage of our targets, overlap."""
    names = ("partner", "fit", "state", "last_activity", "coverage", "overlapping")
    rows: Rows = [
        [
            p.name,
            fit(p),
            text(f"insight.state.{p.state}", language),
            p.last_activity_on.isoformat() if p.last_activity_on else "–",
            coverage(p),
            p.overlap,
        ]
        for p in insights
    ]
    return [text(f"report.{name}", language) for name in names], rows


def part_matrix(insights: Sequence[PartnerInsight], language: str) -> tuple[list[str], Rows]:
    """One row per partner: the points of each part, a dash where it is not known, and the fit that they add up to."""
    if not insights:
        return [text("report.partner", language)], []
    heads = [f"{text(part.label_key, language)} ({part.max_points:g})" for part in insights[0].parts]
    rows: Rows = [[p.name, *(points(part) for part in p.parts), f"{p.points:g} / {p.known_points:g}", fit(p)] for p in insights]
    return [text("report.partner", language), *heads, text("report.points", language), text("report.fit", language)], rows


def lift_rows(lifts: Sequence[Lift], minimum: int, currency: str, language: str) -> tuple[list[str], Rows]:
    """One row per measure and basis: both sides, the lift with its interval, or why nothing is shown."""
    names = ("measure", "basis", "with_partner", "without_partner", "lift")
    rows: Rows = [
        [
            text(f"insight.measure.{lift.measure}", language),
            text(f"insight.with.{lift.basis}", language),
            _side(lift.measure, lift.value, lift.n, currency, language),
            _side(lift.measure, lift.baseline_value, lift.baseline_n, currency, language),
            _lift(lift, minimum, language),
        ]
        for lift in lifts
    ]
    return [text(f"report.{name}", language) for name in names], rows


def fit(p: PartnerInsight) -> str:
    """Fit of 100; a dash where no part is known."""
    return f"{p.fit:.1f}" if p.known_points else "–"


def points(part: Part) -> str:
    return f"{part.points:.1f}" if part.is_known else "–"


def counted(part: Part, language: str) -> str:
    """What the points of a part rest on."""
    numbers = {"reached": part.reached, "full_at": part.full_at}
    return text(part.basis_key, language, **{name: f"{n:,}" for name, n in numbers.items() if n is not None})


def coverage(p: PartnerInsight) -> str:
    """Our targets that are its customers, and their share of all."""
    return "–" if p.coverage is None else f"{p.covered_targets:,} / {p.our_targets:,} ({p.coverage:.1%})"


def last_activity(p: PartnerInsight, language: str) -> str:
    if p.last_activity_on is None or p.last_activity_key is None:
        return "–"
    return f"{p.last_activity_on.isoformat()} {text(p.last_activity_key, language)}"


def proposal_line(p: PartnerInsight, proposal: Proposal, currency: str, language: str, companies: int = 3) -> str:
    """A ghost in one sentence: since when it is silent, what is proposed, the cells, the companies to begin with."""
    said = text(proposal.reason_key, language)
    if proposal.cells:
        said += " " + text(
            "insight.unused",
            language,
            count=proposal.unused_companies,
            value=money(proposal.unused_value, currency, language),
            cells=proposal.cells,
        )
    if proposal.companies:
        names = ("、" if language == "ja" else ", ").join(company.company_name for company in proposal.companies[:companies])
        said += " " + text("insight.begin_with", language, companies=names)
    return f"{p.name}: {said}"


def report_markdown(insights: Sequence[PartnerInsight], minimum: int, currency: str, language: str) -> str:
    """All of it for Dagster's metadata: overview, parts, the lifts that are shown, proposals for ghosts."""
    shown: Rows = []
    heads: list[str] = []
    for p in insights:
        heads, rows = lift_rows([lift for lift in p.lifts if lift.hidden_key is None], minimum, currency, language)
        shown += [[p.name, *row] for row in rows]
    blocks = [table(*overview(insights, language)), table(*part_matrix(insights, language))]
    if shown:
        blocks += [table([text("report.partner", language), *heads], shown), text("insight.association", language)]
    blocks += [f"- {proposal_line(p, p.proposal, currency, language)}" for p in insights if p.proposal]
    return "\n\n".join(blocks)


def _side(measure: str, value: float | None, n: int, currency: str, language: str) -> str:
    if value is None:
        said = "–"
    elif measure == "contract_value":
        said = money(value, currency, language)
    else:
        said = text("insight.days", language, days=value) if measure == "days_to_close" else f"{value:.1%}"
    return f"{said} (n={n:,})"


def _lift(lift: Lift, minimum: int, language: str) -> str:
    if lift.hidden_key is not None:
        return text(lift.hidden_key, language, minimum=minimum)
    return f"×{lift.lift:.2f} ({lift.ci_low:.2f}–{lift.ci_high:.2f})"

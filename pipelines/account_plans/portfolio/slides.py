"""The page of all partners: who is worth what, as a table and as bubbles, and what that asks of us.

Belongs here: where things stand. Does not: the figures (``gather.py``) and the sentences (``sentences.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.account_plans.drawing.fit import fitted, is_cut, plain, table_height
from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import Deck, Item, Paragraph, Rect, Run, Scatter, ScatterPoint, Slide, Table, Text
from pipelines.account_plans.figure import told
from pipelines.account_plans.plan import Sentence
from pipelines.account_plans.portfolio.gather import PartnerStanding, Portfolio
from pipelines.account_plans.portfolio.sentences import do, do_not
from pipelines.account_plans.slides import theme
from pipelines.account_plans.slides.tables import Row, cell, head, paged, table
from pipelines.texts import text

_COLORS = {"invest": theme.GREEN, "keep": theme.BLUE, "develop": theme.AMBER, "reduce": theme.RED}
_HEADS = ("rank", "partner", "kind", "fit", "overlap", "whitespace", "potential", "won", "open", "effort", "proposed")
_SHARES: dict[str, tuple[float, ...]] = {
    "ja": (4, 23, 17.5, 6, 6.5, 9.5, 19, 8.5, 8, 11, 7, 6.5),
    "en": (4, 17, 14, 10, 12, 12, 19, 8, 8.5, 13, 9.5, 8.5),
}
"""Of the columns: units are longer words in English."""
_HOURS = 14.0
"""Share of the column of hours, which stands there only where a person gave some."""
_MILLION = 1e6
_SMALLEST = 0.02
"""Share of effort as which a bubble without any is drawn, so that it is seen."""
_FOOT = 14.0


def deck_of(portfolio: Portfolio) -> Deck:
    """One slide; of many partners the table goes on on others."""
    language = portfolio.language
    title = text("plan.portfolio.title", language, us=portfolio.us_name)
    room = Rect(BODY.x, BODY.y, BODY.width, BODY.height * 0.52)
    pages = paged(_table(portfolio, room), BODY)
    slides = [_slide(portfolio, title, (pages[0], *_below(portfolio, pages[0])))]
    for n, page in enumerate(pages[1:], start=2):
        slides.append(_slide(portfolio, text("plan.slide.continued", language, title=title, n=n), (page,)))
    return Deck(title, language, tuple(slides))


def _slide(portfolio: Portfolio, title: str, items: Sequence[Item]) -> Slide:
    """Words that do not fit their box even at their smallest are cut, and stand in the notes in full."""
    language = portfolio.language
    day = theme.day(portfolio.as_of, language)
    notes = "\n\n".join(plain(item) for item in items if isinstance(item, Text) and is_cut(item))
    drawn = tuple(fitted(item) if isinstance(item, Text) else item for item in items)
    subtitle = text("plan.portfolio.subtitle", language)
    return Slide(title, drawn, subtitle, text("plan.portfolio.footer", language, us=portfolio.us_name, day=day), notes)


def _table(portfolio: Portfolio, place: Rect) -> Table:
    with_hours = _has_hours(portfolio)
    names = [
        "rank",
        "partner",
        "kind",
        "fit",
        "overlap",
        "whitespace",
        "potential",
        "won",
        "open",
        "effort",
        "proposed",
        "proposal",
    ]
    if with_hours:
        names.insert(-1, "hours")
    right = range(3, len(names) - 1)
    heads = head(*(text(f"plan.portfolio.head.{name}", portfolio.language) for name in names), right=right)
    shares: tuple[float, ...] = _SHARES[portfolio.language]
    if with_hours:
        shares = (*shares[:-1], _HOURS, shares[-1])
    rows = [_row(portfolio, partner, with_hours) for partner in portfolio.partners]
    return table(place, shares, heads, rows, size=9, min_size=7, row_height=18, name="portfolio")


def _has_hours(portfolio: Portfolio) -> bool:
    return any(p.figures[name].value is not None for p in portfolio.partners for name in ("hours_now", "hours_proposed"))


def _row(portfolio: Portfolio, partner: PartnerStanding, with_hours: bool) -> Row:
    language = portfolio.language

    def said(*names: str) -> str:
        return " / ".join(told(partner.figures[name], language, portfolio.currency) for name in names)

    numbers = [said("fit"), said("overlap"), said("whitespace"), said("potential_deals", "potential_amount")]
    numbers += [said("won_amount_12m"), said("open_amount"), said("effort_share", "activities_90d"), said("proposed_share")]
    if with_hours:
        numbers.append(_hours(said("hours_now"), said("hours_proposed"), language))
    proposal = text(f"plan.portfolio.proposal.{partner.proposal}", language)
    return (
        cell(str(partner.rank), align="right"),
        cell(partner.name, bold=True),
        cell(_kind(partner, language)),
        *(cell(words, align="right") for words in numbers),
        cell(proposal, bold=True, color=_COLORS[partner.proposal]),
    )


def _hours(now: str, proposed: str, language: str) -> str:
    """From now to proposed; one dash where neither is known."""
    return now if now == proposed else text("plan.portfolio.from_to", language, now=now, proposed=proposed)


def _kind(partner: PartnerStanding, language: str) -> str:
    """Type and state, and that it has not signed yet."""
    state = f"insight.state.{partner.state}" if partner.stage == "active" else f"plan.portfolio.stage.{partner.stage}"
    return f"{text(f'report.type.{partner.type}', language)} / {text(state, language)}"


def _below(portfolio: Portfolio, above: Table) -> list[Item]:
    """Under the table: the chart to the left, what to do and not to do to the right, how it is computed at the foot."""
    language = portfolio.language
    top = above.place.y + table_height(above) + theme.GAP
    foot = BODY.y + BODY.height - _FOOT
    left, right = theme.columns(Rect(BODY.x, top, BODY.width, foot - top - 4), (50, 50))
    upper, lower = theme.rows(right, _halves(portfolio))
    rules = theme.label(Rect(BODY.x, foot, BODY.width, _FOOT), text("plan.portfolio.rules", language), size=8)
    return [
        *_chart(portfolio, left),
        *_said(upper, text("plan.portfolio.do", language), do(portfolio), theme.GREEN_PALE, language),
        *_said(lower, text("plan.portfolio.do_not", language), do_not(portfolio), theme.RED_PALE, language),
        rules,
    ]


def _halves(portfolio: Portfolio) -> tuple[float, float]:
    """The room of both boxes by how much they say, none less than a third."""
    says, says_not = len(do(portfolio)) + 1, len(do_not(portfolio)) + 1
    share = min(max(says / (says + says_not), 1 / 3), 2 / 3)
    return share, 1 - share


def _chart(portfolio: Portfolio, place: Rect) -> list[Item]:
    """Bubbles by fit and potential, as large as our effort, numbered as in the table; a partner without an estimate has none."""
    language = portfolio.language
    points = [_bubble(p, fit, amount) for p in portfolio.partners if (fit := _value(p, "fit")) is not None
              and (amount := _value(p, "potential_amount")) is not None]  # fmt: skip
    title = theme.heading(place, text("plan.portfolio.chart", language), text("plan.portfolio.chart.note", language))
    legend = Rect(place.x, place.y + theme.HEADING, place.width, 13)
    room = theme.below(place, theme.HEADING + 15)
    if not points:
        return [title, theme.lacking(theme.below(place, theme.HEADING), text("plan.portfolio.no_estimates", language))]
    currency = "円" if (language, portfolio.currency) == ("ja", "JPY") else portfolio.currency
    unit = text("plan.portfolio.million", language, currency=currency)
    axis = text("plan.portfolio.axis.potential", language, unit=unit)
    runs = [
        Run(f"● {text(f'plan.portfolio.proposal.{proposal}', language)}   ", bold=True, color=color)
        for proposal, color in _COLORS.items()
        if any(p.proposal == proposal for p in portfolio.partners)
    ]
    return [
        title,
        Text(legend, (Paragraph(tuple(runs)),), size=8.5, min_size=7, padding=0, anchor="middle", name="legend"),
        Scatter(room, points, text("plan.portfolio.axis.fit", language), axis, name="fit and potential"),
    ]


def _value(partner: PartnerStanding, name: str) -> float | None:
    return partner.figures[name].value


def _bubble(partner: PartnerStanding, fit: float, amount: float) -> ScatterPoint:
    effort = max(_value(partner, "effort_share") or 0, _SMALLEST)
    return ScatterPoint(str(partner.rank), fit, amount / _MILLION, effort, _COLORS[partner.proposal])


def _said(place: Rect, title: str, sentences: Sequence[Sentence], fill: str, language: str) -> list[Item]:
    words = [sentence.words for sentence in sentences] or [text("plan.portfolio.nobody", language)]
    paragraphs = tuple(Paragraph((Run(each),), bullet=bool(sentences)) for each in words)
    box = theme.below(place, theme.HEADING)
    return [
        theme.heading(place, title),
        Text(box, paragraphs, size=10, min_size=7, fill=fill, padding=6, anchor="middle", name=title),
    ]

"""Plans to lay out: a full one in either language, few and many people, long names, hardly any data, an earlier quarter.

Belongs here: plans as ``build.py`` would make them. Does not: the marts behind them, or how they are laid out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from pipelines.account_plans.figure import Figure
from pipelines.account_plans.plan import (
    Actions,
    Base,
    CellPotential,
    Direction,
    Earlier,
    Fact,
    Goal,
    Missing,
    Move,
    Overview,
    PartnerYear,
    Plan,
    Potential,
    Request,
    SalesYear,
    Sentence,
    Target,
)
from pipelines.account_plans.profile.words import year_words
from pipelines.report.figures import CELLS
from tests.pipelines.account_plans.plan_people import AS_OF, CRM, FORM, MAP, PERSON, STARTS, figure, relations
from tests.pipelines.account_plans.plan_words import DEPARTMENTS, FACTS, FAMILY, SALES_FACTS, WORDS


def full(language: str = "ja", theirs: int = 14, ours: int = 4, earlier: bool = False) -> Plan:
    """A plan that knows everything; ``theirs`` and ``ours`` people on the relation map."""
    plan = Plan(
        partner="musashi",
        name=WORDS[language]["name"],
        type="reseller",
        stage="active",
        us_name=WORDS[language]["us"],
        language=language,
        currency="JPY",
        as_of=AS_OF,
        run_id="2026-11-28T06:00",
        period="2026-Q3",
        starts_on=STARTS,
        overview=_overview(language),
        direction=_direction(language),
        potential=_potential(language),
        relations=relations(language, theirs, ours),
        actions=_actions(language),
        earlier=_earlier(language) if earlier else None,
        missing=(Missing(_label(language, "profit"), WORDS[language]["ask"], 1),),
        used={},
    )
    return with_used(plan)


def bare(language: str = "ja", people: bool = False) -> Plan:
    """A new partner of whom hardly anything is known: no targets, no contacts, no goals, nearly an empty map."""
    plan = full(language, theirs=2 if people else 0, ours=1 if people else 0)
    facts = tuple(f if f.key == "company_name" else dataclasses.replace(f, words=None, source=None) for f in plan.overview.facts)
    by_key = {fact.key: fact for fact in facts}
    cells = tuple(
        dataclasses.replace(
            cell,
            companies=dataclasses.replace(cell.companies, value=0.0),
            **{
                name: dataclasses.replace(getattr(cell, name), value=None)
                for name in ("rate", "deal_amount", "expected_deals", "expected_amount")
            },
        )
        for cell in plan.potential.cells
    )
    none = dict.fromkeys(("potential_deals", "potential_amount"))
    plan = dataclasses.replace(
        plan,
        stage="prospective",
        overview=dataclasses.replace(
            plan.overview, facts=facts, years=(), state="ghost", last_activity_on=None, fit=_unknown(plan.overview.fit)
        ),
        direction=dataclasses.replace(
            plan.direction,
            targets=(),
            reasoning=(),
            do=(),
            do_not=(),
            sales=tuple(
                dataclasses.replace(year, amount=_zero(year.amount), deals=_zero(year.deals)) for year in plan.direction.sales
            ),
            open_deals=_zero(plan.direction.open_deals),
            open_amount=_zero(plan.direction.open_amount),
            **{name: _unknown(getattr(plan.direction, name)) for name in none},
        ),
        potential=dataclasses.replace(
            plan.potential,
            cells=cells,
            industries=(),
            prefectures=(),
            facts=tuple(by_key[fact.key] for fact in plan.potential.facts),
            whitespace=_zero(plan.potential.whitespace),
            greenfield=_zero(plan.potential.greenfield),
            no_approach=_zero(plan.potential.no_approach),
        ),
        actions=Actions((), (), ()),
        missing=tuple(
            Missing(fact.label, WORDS[language]["ask"], 3 if fact in plan.potential.facts else 1)
            for fact in facts
            if fact.words is None
        ),
    )
    return with_used(plan)


def departments_only(language: str = "ja") -> Plan:
    """No person is known, but a published organisation chart names the departments."""
    plan = bare(language)
    return dataclasses.replace(
        plan, relations=dataclasses.replace(plan.relations, departments=tuple(DEPARTMENTS[language] + ["海外事業推進室"]))
    )


def long_names(language: str = "ja") -> Plan:
    """Every name 60 characters long, every text as long as people write them."""
    company = ("株式会社グローバルデジタルトランスフォーメーションソリューションズ" * 3)[:60]
    if language == "en":
        company = "International Digital Transformation Solutions and Services "[:60].ljust(60, "x")
    plan = full(language, theirs=9)
    people = tuple(
        dataclasses.replace(person, name=(person.name.replace(" ", "") * 20)[:60], title=(f"{person.title}代理補佐" * 9)[:60])
        for person in plan.relations.theirs
    )
    facts = tuple(dataclasses.replace(fact, words=(WORDS[language]["value"] * 9)[:200]) for fact in plan.overview.facts)
    by_key = {fact.key: fact for fact in facts}
    long = (WORDS[language]["reason"] * 3)[:240]
    direction = dataclasses.replace(
        plan.direction,
        purpose=_longer(plan.direction.purpose, long),
        reasoning=tuple(_longer(sentence, long) for sentence in plan.direction.reasoning),
        do=tuple(_longer(sentence, long[:120]) for sentence in plan.direction.do),
        do_not=tuple(_longer(sentence, long[:120]) for sentence in plan.direction.do_not),
    )
    moves = tuple(dataclasses.replace(m, words=_longer(m.words, long[:110]), owner=company) for m in plan.actions.moves)
    plan = dataclasses.replace(
        plan,
        name=company,
        us_name=company,
        overview=dataclasses.replace(plan.overview, facts=facts),
        direction=direction,
        relations=dataclasses.replace(plan.relations, theirs=people),
        potential=dataclasses.replace(plan.potential, facts=tuple(by_key[fact.key] for fact in plan.potential.facts)),
        actions=dataclasses.replace(plan.actions, moves=moves),
    )
    return with_used(plan)


def every_plan() -> dict[str, Plan]:
    """All of them by a name, for tests that hold for any plan."""
    made: dict[str, Callable[[], Plan]] = {
        "full_ja": lambda: full("ja"),
        "full_en": lambda: full("en"),
        "few": lambda: full("ja", theirs=3, ours=2),
        "crowd_ja": lambda: full("ja", theirs=60, ours=9),
        "crowd_en": lambda: full("en", theirs=60, ours=9),
        "long_ja": lambda: long_names("ja"),
        "long_en": lambda: long_names("en"),
        "bare_ja": lambda: bare("ja"),
        "bare_en": lambda: bare("en", people=True),
        "departments": departments_only,
        "earlier_ja": lambda: full("ja", earlier=True),
        "earlier_en": lambda: full("en", theirs=22, earlier=True),
    }
    return {name: make() for name, make in made.items()}


def with_used(plan: Plan) -> Plan:
    """The plan with its figures gathered, as ``build.py`` does."""
    parts = (plan.overview, plan.direction, plan.potential, plan.relations, plan.actions, plan.earlier)
    return dataclasses.replace(plan, used={figure.key: figure for figure in _figures(parts)})


def _overview(language: str) -> Overview:
    words, labels = WORDS[language], FACTS[language] + SALES_FACTS[language]
    keys = ("company_name", *(f"fact_{i}" for i in range(1, len(labels))))
    facts = tuple(
        Fact(key, label, words["name"] if i == 0 else None if i in (4, 15) else words["value"], (CRM, FORM, PERSON, MAP)[i % 4])
        for i, (key, label) in enumerate(zip(keys, labels, strict=True))
    )
    years = tuple(
        PartnerYear(
            year,
            dataclasses.replace(
                figure(f"profile.sales.{year}", 4.1e9 + 2.3e8 * (year - 2023), "money", FORM),
                label_values={"year": year_words(year, None, language)},
            ),
            figure(f"profile.profit.{year}", None if year == 2023 else 2.1e8 + 1e7 * (year - 2023), "money", FORM),
        )
        for year in (2023, 2024, 2025)
    )
    fit = figure("standing.fit", 58.5, "points")
    return Overview(facts, years, Sentence("overview.summary", words["summary"]), fit, "active", date(2026, 11, 15))


def _direction(language: str) -> Direction:
    words = WORDS[language]
    sales = tuple(
        SalesYear(
            year,
            figure(f"sales.{year}.deals", float(deals), "deals"),
            figure(f"sales.{year}.amount", amount, "money"),
            AS_OF if year == 2026 else None,
        )
        for year, deals, amount in ((2023, 1, 2.4e6), (2024, 4, 1.15e7), (2025, 7, 2.42e7), (2026, 5, 1.98e7))
    )
    targets = tuple(
        Target(
            year, figure(f"target.{year}.amount", amount, "money", PERSON), figure(f"target.{year}.deals", deals, "deals", PERSON)
        )
        for year, amount, deals in ((2027, 4e7, 10.0), (2028, 6e7, 14.0), (2029, 9e7, 20.0))
    )
    return Direction(
        Sentence("direction.purpose", words["purpose"], written=True),
        sales,
        figure("sales.open.deals", 6, "deals"),
        figure("sales.open.amount", 3.36e7, "money"),
        targets,
        figure("potential.deals", 41.6, "deals", formula=True),
        figure("potential.amount", 1.43e8, "money", formula=True),
        tuple(Sentence(f"direction.reasoning.{i}", words["reason"]) for i in (1, 2, 3)),
        tuple(Sentence(f"direction.do.{i}", words["do"]) for i in (1, 2, 3)),
        tuple(Sentence(f"direction.do_not.{i}", words["do_not"]) for i in (1, 2)),
    )


def _potential(language: str) -> Potential:
    words = WORDS[language]
    cells = []
    for (ours, theirs), number in sorted(CELLS.items(), key=lambda item: item[1]):
        known = number != 9
        cells.append(
            CellPotential(
                number,
                ours,
                theirs,
                words["play"],
                figure(f"cell.{number}.companies", float(number * 23 % 97), "companies"),
                figure(f"cell.{number}.rate", 0.07 + 0.02 * number if known else None, "share", formula=known),
                words["basis"],
                figure(f"cell.{number}.deal_amount", 3.4e6, "money"),
                figure(f"cell.{number}.deals", 1.3 * number if known else None, "deals", formula=known),
                figure(f"cell.{number}.amount", 4.4e6 * number if known else None, "money", formula=known),
            )
        )
    industries = ["製造業", "小売業", "情報通信業", "建設業", "医療・福祉", "運輸業", "卸売業", "電気・ガス・熱供給・水道業"]
    prefectures = ["東京都", "神奈川県", "埼玉県", "千葉県", "群馬県", "茨城県", "栃木県"]
    if language == "en":
        industries = [
            "Manufacturing",
            "Retail",
            "Information",
            "Construction",
            "Health care",
            "Transport",
            "Electricity, gas, heat and water",
        ]
        prefectures = ["Tokyo", "Kanagawa", "Saitama", "Chiba", "Gunma", "Ibaraki"]
    labels = SALES_FACTS[language]
    return Potential(
        tuple(cells),
        tuple(_base("industry", i, label) for i, label in enumerate(industries)),
        tuple(_base("prefecture", i, label) for i, label in enumerate(prefectures)),
        _overview(language).facts[-len(labels) :],
        figure("whitespace", 412, "companies"),
        figure("greenfield", 1631, "companies"),
        figure("no_approach", 233, "companies"),
        Sentence("potential.reading", words["reading"]),
    )


def _base(kind: str, i: int, label: str) -> Base:
    def of(side: str, value: float) -> Figure:
        return figure(f"base.{kind}.{i}.{side}", value, "companies")

    return Base(label, of("ours", 210 - 25.0 * i), of("theirs", 640 - 70.0 * i), of("both", 81 - 9.0 * i))


def _actions(language: str) -> Actions:
    words = WORDS[language]
    goals = tuple(
        Goal(
            f"goal-{month}",
            month,  # type: ignore[arg-type]
            STARTS + timedelta(days=30 * month),
            Sentence(f"actions.goal.{month}", words["goal"]),
            figure(f"goal.{month}.start", 0, "deals"),
            figure(f"goal.{month}.now", now, "deals"),
            figure(f"goal.{month}.target", 5.0 * month, "deals", PERSON),
            state,  # type: ignore[arg-type]
        )
        for month, now, state in ((1, 6.0, "met"), (2, 3.0, "open"), (3, 0.0, "missed"))
    )
    moves = tuple(
        Move(
            f"move-{i}",
            f"goal-{1 + i % 3}" if i != 7 else None,
            Sentence(f"actions.move.move-{i}", words["move"]),
            FAMILY[language][i] if i % 4 else None,
            STARTS + timedelta(days=14 * i) if i % 5 else None,
            date(2026, 11, 9) if i == 0 else None,
        )
        for i in range(9)
    )
    requests = tuple(
        Request(department, Sentence(f"actions.request.{department}", words["request"]))  # type: ignore[arg-type]
        for department in ("marketing", "support", "executives")
    )
    return Actions(goals, moves, requests)


def _earlier(language: str) -> Earlier:
    actions = _actions(language)
    then = [
        figure(f"earlier.{key}", value, unit)
        for key, value, unit in (("won", 9.1e6, "money"), ("whitespace", 388.0, "companies"))
    ]
    now = [
        figure(f"then.{key}", value, unit) for key, value, unit in (("won", 1.98e7, "money"), ("whitespace", 412.0, "companies"))
    ]
    goals = tuple(dataclasses.replace(g, due_on=g.due_on - timedelta(days=92)) for g in actions.goals)
    return Earlier("2026-Q2", date(2026, 7, 1), goals, actions.moves[:6], tuple(zip(then, now, strict=True)))  # type: ignore[arg-type]


def _longer(sentence: Sentence, words: str) -> Sentence:
    return dataclasses.replace(sentence, words=words)


def _zero(known: Figure) -> Figure:
    return dataclasses.replace(known, value=0.0)


def _unknown(known: Figure) -> Figure:
    return dataclasses.replace(known, value=None)


def _label(language: str, key: str) -> str:
    return {"ja": {"profit": "直近三年の利益"}, "en": {"profit": "Profit of three years"}}[language][key]


def _figures(part: Any) -> Iterator[Figure]:
    if isinstance(part, Figure):
        yield part
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield from _figures(getattr(part, field.name))
    elif isinstance(part, tuple):
        for one in part:
            yield from _figures(one)

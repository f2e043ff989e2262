"""The people of the fixture plans, and the one way in which fixtures make a figure.

Belongs here: relations of any size. Does not: whole plans (``plans.py``).
"""

from __future__ import annotations

from datetime import date, timedelta

from pipelines.account_plans.figure import Figure, Source, Unit
from pipelines.account_plans.plan import Acquaintance, Approach, Person, Relations, Role, Sentence, Strength
from pipelines.texts import catalogue
from tests.pipelines.account_plans.plan_words import DEPARTMENTS, FAMILY, GIVEN, TITLES, WORDS

AS_OF = date(2026, 11, 28)
STARTS = date(2026, 10, 1)
CRM = Source("crm", "our_salesforce:Account", date(2026, 11, 20))
FORM = Source("partner", "musashi_2026-10.xlsx", date(2026, 10, 14))
PERSON = Source("person", "高橋 美咲", date(2026, 11, 2))
MAP = Source("map", "marts.account_map", AS_OF)
ROLES: tuple[Role, ...] = ("decision_maker", "key_person", "supporter", "opponent", "unknown")
STRENGTHS: tuple[Strength, ...] = ("strong", "fair", "weak")


def figure(key: str, value: float | None, unit: Unit, source: Source = MAP, formula: bool = False) -> Figure:
    """A figure whose label is that of its key, where there is one."""
    parts = key.split(".")
    number = next((part for part in parts if part.isdigit()), "")
    label = "plan.label." + ".".join(part for part in parts if not part.isdigit())
    values = {"year": number, "cell": number, "of": f"No. {number}", "ours": "A", "theirs": f"B{number}"}
    told = {"companies": "120", "rate": "12.5%", "amount": "3.4M"}
    label = next(key for key in (label, f"plan.label.{parts[0]}.{parts[-1]}", "plan.label.fit") if key in catalogue())
    return Figure(key, label, value, unit, source, values, "plan.formula.amount" if formula else None, told if formula else {})


def relations(language: str, theirs: int, ours: int) -> Relations:
    """So many people in up to eight departments, chains of command, and about half of them known to one of us."""
    them = tuple(_person(language, i, theirs) for i in range(theirs))
    us = tuple(
        Person(
            f"our_salesforce:User:{i:03}",
            f"{FAMILY[language][-1 - i % 10]} {GIVEN[language][i % 5]}",
            TITLES[language][3 + i % 4],
            DEPARTMENTS[language][1 + i % 3],
            4 + i % 4,
            None,
            "unknown",
            CRM,
        )
        for i in range(ours)
    )
    known = tuple(
        Acquaintance(
            us[(i * 5 + j) % ours].id,
            person.id,
            STRENGTHS[(i + j) % 3],
            figure(f"relations.{i}.{j}.meetings", float(7 - (i + j) % 7), "activities"),
            AS_OF - timedelta(days=11 * i % 200),
        )
        for i, person in enumerate(them)
        for j in range(min(ours, 1 + i % 2))
        if ours and i % 2
    )
    approaches = tuple(
        Approach(
            them[i * 2].id,
            us[i % ours].id if ours and i % 3 != 2 else None,
            Sentence(f"relations.approach.{i + 1}", WORDS[language]["why"]),
        )
        for i in range(min(5, (theirs + 1) // 2))
    )
    return Relations(them, us, known, approaches, ())


def _person(language: str, i: int, count: int) -> Person:
    departments, titles = DEPARTMENTS[language], TITLES[language]
    level = 0 if i == 0 else 1 if i == 1 else 2 + min(4, (i - 2) * 5 // max(1, count - 2))
    across = min(7, 1 + count // 6)
    chief = None if i == 0 else 0 if i < 2 else i % 2 if i < 2 + across else i - across
    department = departments[0] if i < 2 else departments[1 + (i - 2) % across]
    name = f"{FAMILY[language][i % len(FAMILY[language])]} {GIVEN[language][i % len(GIVEN[language])]}"
    return Person(
        f"our_salesforce:Contact:{i:03}",
        name,
        titles[level],
        department if i % 19 != 18 else None,
        level + 1,
        None if chief is None else f"our_salesforce:Contact:{chief:03}",
        ROLES[i % 5 if i < 12 else 4],
        CRM if i % 4 else FORM,
        WORDS[language]["note"] if i % 7 == 3 else None,
    )

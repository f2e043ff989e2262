"""What the form consists of: its sheets, sections and questions, known to who writes it and to who reads it.

Belongs here: names and order. Does not: cells (``workbook.py``, ``reading.py``), or what may be filled in beforehand
(``prefill.py``). A question is found again by its words, wherever its row was moved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.account_plans.profile.fields import BY_KEY, PEOPLE
from pipelines.account_plans.profile.values import Value, to_json
from pipelines.texts import text

MARK = "partner form 1"
"""First cell of the hidden sheet: what makes a workbook one of ours, and the version of its form."""
HIDDEN = "_form"
BY, ON, UNIT = "filled_in_by", "filled_in_on", "unit"
"""Questions that are no fields of the profile."""
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("you", (BY, ON)),
    ("company", (*("company_name", "industry", "head_office", "website", "employees"),
                 *("main_business", "main_customers", "main_competitors"))),
    ("results", ("closing_month", UNIT)),
    ("sales", ("customer_base", "trade_area", "sales_staff", "organisation")),
    ("together", ("contact_department", "focus_products", "competitor_handling", "competitor_products", "wishes")),
)  # fmt: skip
PERIODS = ("latest", "before", "two_before")
"""Rows of the table of results, below the questions of the section ``results``."""
RESULTS = ("period", "sales", "profit")
"""Its columns."""
PERSON = ("department", "title", "name", "reports_to")
"""Columns of the organisation sheet."""
PEOPLE_ROWS = 30
UNITS: Mapping[str, int] = {"one": 1, "thousand": 10**3, "million": 10**6, "hundred_million": 10**8}
USUAL_UNIT = "million"
Person = Mapping[str, str | None]
"""One line of the organisation sheet, by ``PERSON``."""


@dataclass(frozen=True)
class Form:
    """One form as it goes out."""

    partner: str
    partner_name: str
    us_name: str
    language: str
    currency: str
    made_on: date
    filled: Mapping[str, Value]
    """Field -> what stands there already."""
    people: tuple[Person, ...] = ()

    @property
    def form_id(self) -> str:
        """The same for the same form of the same day."""
        said = {key: to_json(value) for key, value in self.filled.items()}
        whole = [self.partner, self.language, self.currency, self.made_on.isoformat(), said, [dict(p) for p in self.people]]
        return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def questions() -> list[str]:
    """Every question of the first sheet but the table of results, in order."""
    return [key for _, keys in SECTIONS for key in keys]


def asked(key: str, language: str) -> str:
    """The question, as its row says it."""
    return text(f"plan.form.ask.{key}", language)


def unit_word(unit: str, language: str, currency: str) -> str:
    """The unit of amounts, as the drop-down offers it."""
    yen = "yen" if currency == "JPY" else "other"
    return text(f"plan.form.unit.{unit}.{yen}", language, currency=currency)


def units(language: str, currency: str) -> list[str]:
    """The units that are offered: hundreds of millions (億) only where people count in them."""
    return [unit for unit in UNITS if unit != "hundred_million" or (language, currency) == ("ja", "JPY")]


def choices(key: str, language: str, currency: str) -> list[str]:
    """The words of a question's drop-down; none where it has none."""
    if key == UNIT:
        return [unit_word(unit, language, currency) for unit in units(language, currency)]
    field = BY_KEY.get(key)
    return [text(field.choice_key(code), language) for code in field.choices] if field else []


def answerable() -> list[str]:
    """Every field that the form can answer."""
    return [*(key for key in questions() if key in BY_KEY), *RESULTS[1:], PEOPLE]


def footer(form: Form) -> str:
    """What stands below each printed page."""
    return text("plan.form.page", form.language, title=text("plan.form.title", form.language), partner=form.partner_name)

"""The catalogue of a partner's profile: every field that a plan knows, in the order in which it is told.

Belongs here: what a field is. Does not: its words (texts ``plan.profile.<key>``), its values (``values.py``), or how the form
asks for it (texts ``plan.form.ask.<key>``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.account_plans.figure import Unit

Kind = Literal["text", "long_text", "number", "list", "choice", "years"]
MONTHS = tuple(str(month) for month in range(1, 13))
INDUSTRIES = (
    *("it_services", "software", "systems_sales", "telecom", "consulting", "accounting", "finance", "insurance", "trading"),
    *("wholesale", "retail", "manufacturing", "construction", "real_estate", "logistics", "healthcare", "education", "other"),
)
HANDLING = ("mainly", "beside", "considering", "not_handled")


@dataclass(frozen=True)
class Field:
    """One field. ``choices``: codes, whose words are the texts ``plan.profile.choice.<key>.<code>``; of a text they are
    suggestions. A public one may be shown to the partner whoever told us."""

    key: str
    kind: Kind
    ask: Literal["partner", "us"]
    """Whom to ask: what is ours alone never stands on the form."""
    page: int
    """The plan's page that needs it."""
    unit: Unit | None = None
    choices: tuple[str, ...] = ()
    is_public: bool = False

    @property
    def label_key(self) -> str:
        return f"plan.profile.{self.key}"

    def choice_key(self, code: str) -> str:
        """The text of that choice."""
        return f"plan.profile.choice.{self.key}.{code}"


FIELDS = (
    Field("company_name", "text", "partner", 1, is_public=True),
    Field("industry", "text", "partner", 1, choices=INDUSTRIES),
    Field("head_office", "text", "partner", 1, is_public=True),
    Field("website", "text", "partner", 1, is_public=True),
    Field("employees", "number", "partner", 1, "people"),
    Field("closing_month", "choice", "partner", 1, choices=MONTHS),
    Field("sales", "years", "partner", 1, "money"),
    Field("profit", "years", "partner", 1, "money"),
    Field("main_business", "long_text", "partner", 1),
    Field("main_customers", "list", "partner", 1),
    Field("main_competitors", "list", "partner", 1),
    Field("our_goals", "long_text", "us", 1),
    Field("account_owner", "text", "us", 1),
    Field("customer_base", "list", "partner", 3),
    Field("trade_area", "list", "partner", 3),
    Field("listed_companies", "number", "us", 3, "companies"),
    Field("listed_customers", "number", "us", 3, "companies"),
    Field("sales_staff", "number", "partner", 3, "people"),
    Field("contact_department", "text", "partner", 3),
    Field("focus_products", "list", "partner", 3),
    Field("competitor_handling", "choice", "partner", 3, choices=HANDLING),
    Field("competitor_products", "list", "partner", 3),
    Field("wishes", "long_text", "partner", 3),
    Field("organisation", "long_text", "partner", 4),
)
BY_KEY = {field.key: field for field in FIELDS}
PEOPLE = "people"
"""The people of the partner's organisation sheet: answered like a field, told on the relation map and not among the facts."""
WRITABLE = tuple(field.key for field in FIELDS if field.key != "our_goals")
"""Keys of ``profile:`` in the yaml; our goals have a place of their own there."""

"""A home with a partner's profile that a test puts there by hand, forms that go out of it, and what people do to them.

Belongs here: the tables that the form reads, filling in. Does not: anything that asserts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import typer
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner, Result

from pipelines.account_plans.form.answers import Answer, answers_of
from pipelines.account_plans.form.layout import Form
from pipelines.account_plans.form.reading import Filled, read_form
from pipelines.account_plans.form.workbook import workbook
from pipelines.cli import plan_form
from pipelines.settings import Paths
from pipelines.warehouse import Warehouse
from tests.pipelines.registrations.world import YAML, create_model, insert_row

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
FORM = Form(
    partner="musashi",
    partner_name="武蔵システムズ株式会社",
    us_name="アオゾラソフト株式会社",
    language="ja",
    currency="JPY",
    made_on=TODAY,
    filled={"company_name": "武蔵システムズ株式会社"},
)
PROFILE = {
    "company_name": "武蔵システムズ(要注意)",
    "head_office": "東京都港区芝1-1",
    "website": "https://www.musashi.example.co.jp/about?ref=crm",
    "employees": "26471",
    "industry": "Zirconium mining",
    "account_owner": "中川 亮",
}
SEEN = {"customer_base": "Falconry, Wickerwork", "trade_area": "東京都, 大阪府", "listed_customers": "87231"}


class Paper:
    """A form that lies open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    @property
    def questions(self) -> Worksheet:
        return self.book.worksheets[0]

    @property
    def people(self) -> Worksheet:
        return self.book.worksheets[1]

    def row(self, words: str) -> int:
        """The row whose question (second column) says that."""
        (found,) = [row[1].row for row in self.questions.iter_rows() if row[1].value == words]
        return int(found)

    def answer(self, words: str) -> Any:
        return self.questions.cell(self.row(words), 3).value

    def fill(self, **answers: Any) -> Paper:
        for words, value in answers.items():
            self.questions.cell(self.row(words), 3).value = value
        return self

    def result(self, row: str, *cells: Any) -> Paper:
        """Fiscal year, sales and profit of 直近の期, 1期前 or 2期前."""
        for at, value in enumerate(cells, 3):
            self.questions.cell(self.row(row), at).value = value
        return self

    def person(self, line: int, department: Any = None, title: Any = None, name: Any = None, boss: Any = None) -> Paper:
        """Line 1 is the first one below the headings."""
        for at, value in enumerate((department, title, name, boss), 2):
            self.people.cell(5 + line, at).value = value
        return self

    def save(self, path: Path | None = None) -> Path:
        self.book.save(path or self.path)
        return path or self.path


def paper(folder: Path, form: Form = FORM, name: str = "form.xlsx") -> Paper:
    """The form as it goes out."""
    path = folder / name
    path.write_bytes(workbook(form))
    return Paper(path)


def read(sheet: Paper, **options: Any) -> Filled:
    """What comes back once it is saved."""
    return read_form(sheet.save(), TODAY, **options)


def faults(filled: Filled) -> list[tuple[str, object]]:
    """Reason and cell of what was set aside."""
    return [(fault.text_key.removeprefix("plan.form.fault."), fault.values["cell"]) for fault in filled.faults]


@dataclass(frozen=True)
class FormWorld:
    """A home with its files; commands run as the partner manager calls them."""

    home: Path

    @classmethod
    def new(cls, home: Path) -> FormWorld:
        world = cls(home)
        home.mkdir(parents=True, exist_ok=True)
        world.paths.config.write_text(YAML, encoding="utf-8")
        with world.warehouse.connect() as con:
            create_model(con, "plan_profiles")
            for kind, values in (("crm", PROFILE), ("map", SEEN)):
                for field, value in values.items():
                    source = "our_salesforce:Account" if kind == "crm" else "marts.plan_bases"
                    insert_row(con, "marts.plan_profiles", partner="musashi", field=field, value=value, source_kind=kind,
                               source=source, on_date=TODAY)  # fmt: skip
        world.warehouse.publish()
        return world

    @property
    def paths(self) -> Paths:
        return Paths(home=self.home, config=self.home / "account_mapping.yaml")

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.paths)

    @property
    def environment(self) -> dict[str, str]:
        return {"TOTSUGO_HOME": str(self.home), "TOTSUGO_CONFIG": str(self.paths.config)}

    def write(self, yaml: str) -> None:
        """What one of us wrote of musashi."""
        self.paths.plans.mkdir(parents=True, exist_ok=True)
        (self.paths.plans / "musashi.yaml").write_text(yaml, encoding="utf-8")

    def run(self, *arguments: object, at: str = "2026-11-20T09:00:00+09:00") -> Result:
        return CliRunner().invoke(commands(), [str(a) for a in arguments], env={**self.environment, "TOTSUGO_AS_OF": at})

    def form(self, name: str = "form.xlsx", language: str = "ja") -> Paper:
        """A form that goes out now."""
        path = self.home / name
        made = self.run("form", "musashi", path, "--language", language)
        assert made.exit_code == 0, made.output
        return Paper(path)

    def answers(self, verdict: str | None = None) -> list[Answer]:
        with self.warehouse.connect() as con:
            return answers_of(con, "musashi", verdict)


def commands() -> typer.Typer:
    """The commands of the form, in a group of their own."""
    group = typer.Typer()
    for name, command in (("form", plan_form.form), ("import-form", plan_form.import_form), ("answers", plan_form.answers),
                          ("accept", plan_form.accept), ("reject", plan_form.reject)):  # fmt: skip
        group.command(name)(command)
    return group


def english() -> Form:
    return replace(FORM, language="en")

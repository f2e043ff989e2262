"""The two tables of a form that came back: results by fiscal year, and people. Pure but for what it is handed.

Belongs here: finding their headings, what a row means, naming what is unusable. Does not: the questions (``reading.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.account_plans.form.layout import PERIODS, PERSON, RESULTS, Person
from pipelines.account_plans.form.pages import Cell, Row
from pipelines.account_plans.form.periods import Period, period_of
from pipelines.account_plans.form.typed import NotUnderstood, amount_of, is_no_answer, is_withheld
from pipelines.account_plans.profile.values import WITHHELD, Value, Withheld
from pipelines.review.layout import folded
from pipelines.texts import text

_HONORIFIC = re.compile(r"(?:様|さん|氏|殿)$")
_TITLE = re.compile(
    r"(?:代表取締役|取締役|執行役員|専務|常務|社長|会長|本部長|副部長|部長|次長|課長|係長|室長|所長|支店長|マネージャー|リーダー)+$"
)
Set_Aside = tuple[str, Cell]


@dataclass
class Results:
    """What the rows of results say. ``month``: in which the fiscal year ends, as the form or else its newest row says it."""

    month: int | None
    unit: int | None
    today: date
    faults: list[Set_Aside] = field(default_factory=list)
    _years: dict[str, dict[int, float | None]] = field(default_factory=lambda: {key: {} for key in RESULTS[1:]})
    _withheld: set[str] = field(default_factory=set)

    def values(self) -> dict[str, Value]:
        """Field -> its years; a field of which nothing but a refusal stands there is withheld."""
        years: dict[str, Value] = {key: dict(sorted(of.items())) for key, of in self._years.items() if of}
        return {**dict.fromkeys(self._withheld, WITHHELD), **years}

    def take(self, cells: Mapping[str, Cell]) -> None:
        """One row."""
        amounts = {key: amount for key in RESULTS[1:] if (amount := self._amount(cells.get(key))) is not None}
        if not amounts:
            return
        period = cells.get("period")
        if period is None or is_no_answer(period.value) or period.fault:
            self._without_year(amounts, cells)
            return
        ended = period_of(period.value, self.month)
        if ended is None or ended > (self.today.year, self.today.month):
            self.faults.append(("no_year" if ended is None else "year_to_come", period))
            return
        self.month = self.month or ended[1]
        for key, amount in amounts.items():
            self._note(key, ended, amount, cells[key])

    def _note(self, key: str, ended: Period, amount: float | Withheld, cell: Cell) -> None:
        told = None if isinstance(amount, Withheld) else amount
        if self._years[key].setdefault(ended[0], told) != told:
            self.faults.append(("year_twice", cell))

    def _without_year(self, amounts: Mapping[str, float | Withheld], cells: Mapping[str, Cell]) -> None:
        for key, amount in amounts.items():
            if isinstance(amount, Withheld):
                self._withheld.add(key)
            else:
                self.faults.append(("amount_without_year", cells[key]))

    def _amount(self, cell: Cell | None) -> float | Withheld | None:
        if cell is None:
            return None
        if cell.fault:
            self.faults.append((cell.fault, cell))
            return None
        try:
            amount = amount_of(cell.value, self.unit or 1)
            if (
                self.unit is None
                and isinstance(amount, float)
                and amount == amount_of(cell.value, 1) != amount_of(cell.value, 1000)
            ):
                raise NotUnderstood("amount_without_unit")
        except NotUnderstood as fault:
            self.faults.append((fault.reason, cell))
            return None
        return amount


def read_results(rows: Sequence[Row], results: Results) -> None:
    """Every row that bears the name of one of the years; its cells by the headings above it, else in their order."""
    names = {folded(text(f"plan.form.row.{period}", language)) for period in PERIODS for language in ("ja", "en")}
    columns: dict[str, int] = {}
    for row in rows:
        columns = _headed(row, "result", RESULTS) or columns
        at = next((at for at, cell in enumerate(row) if isinstance(cell.value, str) and folded(cell.value) in names), None)
        if at is not None:
            where = columns or {name: at + 1 + n for n, name in enumerate(RESULTS)}
            results.take({name: row[column] for name, column in where.items() if column < len(row)})


def is_people_heading(row: Row) -> bool:
    """Whether the row names the columns of the organisation sheet."""
    return len(_headed(row, "person", PERSON)) >= 2


def read_people(rows: Sequence[Row], heading: int) -> tuple[list[Person], list[Set_Aside]]:
    """The people below the heading, and what was set aside."""
    columns = _headed(rows[heading], "person", PERSON)
    faults: list[Set_Aside] = []
    found: list[tuple[dict[str, str | None], Cell | None]] = []
    for row in rows[heading + 1 :]:
        cells = {name: row[at] for name, at in columns.items() if at < len(row) and not row[at].is_empty}
        person = {name: _words(cells.get(name), faults) for name in PERSON}
        if person["name"]:
            found.append((person, cells.get("reports_to")))
        elif any(person.values()):
            faults.append(("no_name", next(iter(cells.values()))))
    return _unlike(_with_bosses(found, faults)), faults


def _words(cell: Cell | None, faults: list[Set_Aside]) -> str | None:
    if cell is None:
        return None
    if cell.fault:
        faults.append((cell.fault, cell))
        return None
    return None if is_no_answer(cell.value) or is_withheld(cell.value) else " ".join(str(cell.value).split())[:200]


def _with_bosses(
    found: Sequence[tuple[dict[str, str | None], Cell | None]], faults: list[Set_Aside]
) -> list[dict[str, str | None]]:
    """Each with the full name of the one above, who must stand on the sheet too, and not below."""
    names = [str(person["name"]) for person, _ in found]
    above: dict[str, str] = {}
    for person, cell in found:
        name, said = str(person["name"]), person["reports_to"]
        if said is None or cell is None:
            continue
        boss = _meant(said, names)
        if boss is None or _reaches(above, boss, name):
            faults.append(("unknown_boss" if boss is None else "boss_below", cell))
            person["reports_to"] = None
        else:
            person["reports_to"] = above[name] = boss
    return [person for person, _ in found]


def _meant(said: str, names: Sequence[str]) -> str | None:
    """The name on the sheet that 山田部長 or 山田様 means; None for nobody, or several."""
    bare = _HONORIFIC.sub("", folded(said))
    for typed in (bare, _TITLE.sub("", bare)):
        same = {name for name in names if folded(name) == typed} or {
            name for name in names if typed and folded(name).startswith(typed)
        }
        if len(same) == 1:
            return same.pop()
    return None


def _reaches(above: Mapping[str, str], start: str, name: str) -> bool:
    """Whether somebody stands in the line above ``start``, or is it."""
    while start != name and start in above:
        start = above[start]
    return start == name


def _unlike(people: Sequence[dict[str, str | None]]) -> list[Person]:
    """Each once."""
    return list({tuple(person.items()): person for person in people}.values())


def _headed(row: Row, kind: str, columns: Sequence[str]) -> dict[str, int]:
    """Column -> its place, where the row is their heading."""
    words = {folded(text(f"plan.form.{kind}.{column}", language)): column for column in columns for language in ("ja", "en")}
    named: dict[str, int] = {}
    for at, cell in enumerate(row):
        if isinstance(cell.value, str) and (column := words.get(folded(cell.value))):
            named.setdefault(column, at)
    return named if len(named) >= 2 else {}


def shown_people(people: Sequence[Mapping[str, Any]]) -> str:
    """The people in one line, for the one who accepts them."""
    return " / ".join(" ".join(filter(None, (p.get("department"), p.get("title"), p.get("name")))) for p in people)

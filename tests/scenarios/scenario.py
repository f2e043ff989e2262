"""A scenario: what is given, and what the map must say; read from the yaml files of this folder.

Belongs here: the shape of a scenario and of its days, and reading the files. Does not: putting the facts into tables
(``facts.py``), or comparing (``expectations.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field

from pipelines.settings.base import Model
from pipelines.settings.models import Settings

HERE = Path(__file__).resolve().parent
BASE = yaml.safe_load((HERE / "base" / "account_mapping.yaml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 20)
"""The day of a scenario that states none: a Friday."""
TOKYO = ZoneInfo("Asia/Tokyo")

Tree = dict[str, Any]


class Given(Model):
    """Facts by the name that the scenario gives to each; README.md says what each part means."""

    settings: Tree = {}
    companies: Tree = {}
    accounts: Tree = {}
    leads: Tree = {}
    opportunities: Tree = {}
    users: Tree = {}
    opportunity_partners: Tree = {}
    account_partners: Tree = {}
    tasks: Tree = {}
    events: Tree = {}
    hubspot_companies: Tree = {}
    hubspot_deals: Tree = {}
    hubspot_tasks: Tree = {}
    crm_registrations: Tree = {}
    crm_introductions: Tree = {}
    lists: dict[str, Tree] = {}
    lists_read: date | None = None
    registrations: dict[str, Tree] = {}
    introductions: dict[str, Tree] = {}
    partner_accounts: dict[str, Tree] = {}
    partner_opportunities: dict[str, Tree] = {}
    decisions: list[Tree] = []
    confirmed: list[Tree] = []
    manager_overrides: list[Tree] = []
    assigned: Tree = {}


class Then(Model):
    """A later day: what has changed since, and what the map must say then."""

    day: date | datetime
    changes: Tree = {}
    expect: Tree = {}


class Scenario(Model):
    """One scenario as it stands in a file."""

    name: str
    ja: str
    day: date | datetime = TODAY
    given: Given
    expect: Tree = {}
    then: list[Then] = Field(default=[])


@dataclass(frozen=True)
class Day:
    """One run of a scenario: its moment, all that is given on it, and what it must say."""

    as_of: datetime
    given: Given
    expect: Tree
    is_first: bool = True

    @property
    def settings(self) -> Settings:
        return Settings.model_validate(laid_over(BASE, self.given.settings))


def moment(day: date | datetime) -> datetime:
    """A day's run is at nine in the morning of Tokyo; a stated time is Tokyo's too."""
    if not isinstance(day, datetime):
        day = datetime.combine(day, time(9))
    return (day if day.tzinfo else day.replace(tzinfo=TOKYO)).astimezone(UTC)


def laid_over(under: Any, over: Any) -> Any:
    """Mappings are laid over each other key by key, a null takes its key away; anything else replaces."""
    if not (isinstance(under, dict) and isinstance(over, dict)):
        return over
    kept = {key: value for key, value in under.items() if key not in over}
    laid = {key: laid_over(under.get(key, {} if isinstance(value, dict) else None), value) for key, value in over.items()}
    return kept | {key: value for key, value in laid.items() if value is not None or key not in under}


def days(scenario: Scenario) -> Iterator[Day]:
    """The first day, then the later ones with their changes laid over all before."""
    given = scenario.given.model_dump()
    yield Day(moment(scenario.day), scenario.given, scenario.expect)
    for then in scenario.then:
        given = laid_over(given, then.changes)
        yield Day(moment(then.day), Given.model_validate(given), then.expect, is_first=False)


def scenarios() -> list[tuple[str, Scenario]]:
    """Every scenario with the file that it stands in."""
    found = []
    for file in sorted(HERE.glob("*.yaml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")):
            found.append((file.stem, Scenario.model_validate(entry)))
    return found

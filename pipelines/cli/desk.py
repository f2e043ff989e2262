"""What a command works with that records a person's answer: language, moment, files.

Belongs here: opening them, and who answers. Does not: any answer.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from pipelines.cli.plainly import plainly, settings_in_force
from pipelines.settings import Paths, Settings
from pipelines.settings.environment import as_of_from_environment
from pipelines.texts import text
from pipelines.warehouse import Warehouse

By = Annotated[str | None, typer.Option("--by", help="Who decided; your login name where left out.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the answer.")]
Note = Annotated[str | None, typer.Option("--reason", help="Why; kept with the answer.")]


@dataclass(frozen=True)
class Desk:
    """One command's settings, its moment, and the files."""

    settings: Settings
    now: datetime
    warehouse: Warehouse

    @property
    def language(self) -> str:
        return self.settings.us.language

    @property
    def today(self) -> date:
        return self.now.astimezone(self.settings.us.zone).date()

    def say(self, key: str, **values: object) -> None:
        typer.echo(text(f"answer.{key}", self.language, **values))


@contextmanager
def at_desk() -> Iterator[Desk]:
    """Settings, moment and files; a mistake ends with exit code 1 and one sentence."""
    with plainly():
        paths, settings = Paths.from_environment(), settings_in_force()
        now = as_of_from_environment() or datetime.now(UTC)
    with plainly(settings.us.language):
        yield Desk(settings, now, Warehouse(paths))


def who(by: str | None) -> str:
    """The name that was given, else the login name."""
    return by or getpass.getuser()

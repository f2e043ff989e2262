"""A user's mistake, or a refusal of the outside world, told in one sentence instead of a traceback.

Belongs here: which exceptions are such, how they leave the program, and the mistakes that several commands share. Does not:
any command.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import typer
from rich.console import Console

from connectors.crm import CrmError
from pipelines import gate, registrations
from pipelines.cli.line import LineFailed
from pipelines.explain import Ambiguous, NotFound
from pipelines.matching.models import UnknownModel
from pipelines.report.past import NotRemembered
from pipelines.settings import Paths, Settings, SettingsError, load_settings
from pipelines.settings.base import Language
from pipelines.transform.project import DoesNotParse
from pipelines.transform.remember import RefusedToRemember
from pipelines.warehouse import WarehouseBusy
from pipelines.writeback.approval import NotApproved
from pipelines.writeback.undo import UndoRefused

console = Console(file=sys.stdout, highlight=False, soft_wrap=True)  # this stdout, whatever is redirected later
errors = Console(stderr=True, highlight=False, soft_wrap=True, style="red")


class Refused(Exception):
    """A user's mistake, said in one sentence."""


_TOLD = (
    *(SettingsError, CrmError, DoesNotParse, LineFailed, WarehouseBusy, FileNotFoundError),
    *(Refused, registrations.Refused, Ambiguous, NotFound, NotRemembered),
    *(gate.GateClosed, NotApproved, UndoRefused, RefusedToRemember, UnknownModel),
)


@contextmanager
def plainly(language: Language = "en") -> Iterator[None]:
    """Ends the program with exit code 1 and the sentence on the error channel."""
    try:
        yield
    except _TOLD as error:
        told = error.sentence(language) if isinstance(error, registrations.Refused) else str(error)
        errors.print(told, markup=False)
        raise typer.Exit(1) from None


def settings_in_force() -> Settings:
    """The settings that the environment names."""
    return load_settings(Paths.from_environment().config)


def known_partner(settings: Settings, partner: str) -> str:
    """The partner. Raises ``Refused`` where the settings have none of that id."""
    if partner not in settings.partners:
        raise registrations.Refused("no_partner", partner=partner, known=", ".join(settings.partners))
    return partner


def spoken(settings: Settings, language: str | None) -> Language:
    """The language asked for, else that of the settings. Raises ``Refused`` for any but ja and en."""
    if language not in (None, "ja", "en"):
        raise registrations.Refused("no_language", asked=language)
    return cast(Language, language) if language else settings.us.language

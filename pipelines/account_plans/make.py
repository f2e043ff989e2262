"""Making the files of plans: what a run's data and people's words come to, as ``.pptx`` and ``.html``.

Belongs here: the order of the steps, and that one partner's fault stops no other. Does not: what stands in a plan (``build.py``),
on its slides (``slides/``) or on the page of all partners (``portfolio/``). Nothing made here is for a partner.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.account_plans.build import build_plan, remembered_of
from pipelines.account_plans.drawing.html import page
from pipelines.account_plans.drawing.pptx import deck_bytes
from pipelines.account_plans.drawing.scene import Deck
from pipelines.account_plans.files import Put, put
from pipelines.account_plans.history.keep import keep
from pipelines.account_plans.plan import Plan
from pipelines.account_plans.portfolio import slides as portfolio_slides
from pipelines.account_plans.portfolio.gather import Portfolio, portfolio_of
from pipelines.account_plans.slides.deck import deck_of
from pipelines.account_plans.written.load import load, written_file
from pipelines.account_plans.written.models import Effort
from pipelines.registrations import Refused
from pipelines.settings import Paths, Settings, SettingsError
from pipelines.texts import text
from pipelines.warehouse import Warehouse

Reading = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]
"""Opens what the marts are read from: within a run the warehouse, else the published copy."""


@dataclass(frozen=True)
class Maker:
    """What all plans of one call share. ``language`` and ``template`` as asked for, else those of the settings."""

    warehouse: Warehouse
    reading: Reading
    settings: Settings
    language: str
    template: Path | None

    @classmethod
    def of(
        cls,
        warehouse: Warehouse,
        reading: Reading,
        settings: Settings,
        language: str | None = None,
        template: Path | None = None,
    ) -> Maker:
        return cls(
            warehouse, reading, settings, language or language_of(settings), template or template_of(warehouse.paths, settings)
        )

    @property
    def folder(self) -> Path:
        return self.warehouse.paths.plans

    def names(self, stem: str) -> tuple[str, str]:
        """The names of a deck's files; in another language than the settings' they carry it, and replace none of the others."""
        also = "" if self.language == language_of(self.settings) else f".{self.language}"
        return f"{stem}{also}.pptx", f"{stem}{also}.html"


@dataclass
class Made:
    """What came of one partner's plan, or of the page of all. ``fault`` says in one sentence why there is none."""

    stem: str
    """Of its files: the partner, or ``portfolio``."""
    at: datetime | None = None
    """The moment of the run that it shows."""
    plan: Plan | None = None
    deck: Deck | None = None
    files: list[Put] = field(default_factory=list)
    fault: str | None = None
    left_out: bool = False
    """None is to be made, by the partner's terms: nobody's fault."""
    error: Exception | None = None
    """Of a fault that no person made: a mistake of ours."""
    seconds: float = 0.0


def language_of(settings: Settings) -> str:
    """The language of the plans."""
    return settings.account_plans.language or settings.us.language


def template_of(paths: Paths, settings: Settings) -> Path | None:
    """The company's template; a relative path is seen from the yaml."""
    named = settings.account_plans.template
    return paths.config.parent / named if named else None


def partners_of(settings: Settings) -> list[str]:
    """Partners that have plans: all that have not ended, in the order of the yaml."""
    return [partner for partner, one in settings.partners.items() if one.stage != "ended"]


def plans(maker: Maker, partners: Sequence[str], with_period: str | None = None) -> list[Made]:
    """The plans of these partners as data; no file is written and nothing kept. A fault is that partner's alone.
    ``with_period``: the quarter to lay beside them, else the one before."""
    made = [Made(partner) for partner in partners]
    with maker.warehouse.connect() as con:
        remembered = {partner: remembered_of(con, partner) for partner in partners}
    with maker.reading() as con:
        at, not_agreed = run_moment(con), _not_agreed(con)
        for one in made:
            with _alone(one, maker.language):
                one.at = at
                if one.stem in not_agreed:
                    one.left_out = True
                    name, use = maker.settings.partners[one.stem].name, text(f"terms.{not_agreed[one.stem]}", maker.language)
                    raise Refused("terms_no_plan", name=name, use=use, file=maker.folder / maker.names(one.stem)[0])
                written = load(written_file(maker.folder, one.stem))
                one.plan = build_plan(con, maker.settings, one.stem, written, remembered[one.stem], maker.language, with_period)
    return made


def make_plans(maker: Maker, partners: Sequence[str]) -> list[Made]:
    """The plans of these partners, written and kept for the next quarter."""
    made = plans(maker, partners)
    contents: dict[str, list[bytes]] = {}
    for one in made:
        with _alone(one, maker.language):
            if one.plan:
                one.deck = deck_of(one.plan)
                contents[one.stem] = _contents(maker, one.deck)
    with maker.warehouse.connect() as con:
        for one in made:
            with _alone(one, maker.language):
                if one.plan and one.at and one.stem in contents:
                    keep(con, one.plan, one.at)  # first: a goal that people can read is remembered
                    one.files = _put(con, maker, one.stem, contents[one.stem], one.at)
    return made


def make_portfolio(maker: Maker) -> tuple[Made, Portfolio | None]:
    """The page of all partners, as ``portfolio.pptx`` and ``.html``."""
    made, portfolio, contents = Made("portfolio"), None, list[bytes]()
    with maker.reading() as con, _alone(made, maker.language):
        at = run_moment(con)
        portfolio = portfolio_of(con, _efforts(maker), maker.language)
        made.deck = portfolio_slides.deck_of(portfolio)
        contents = _contents(maker, made.deck)
    if contents:
        with maker.warehouse.connect() as con, _alone(made, maker.language):
            made.files = _put(con, maker, made.stem, contents, at)
    return made, portfolio


def run_moment(con: duckdb.DuckDBPyConnection) -> datetime:
    """The moment of the run whose data these are."""
    row = con.execute("SELECT as_of FROM config.run").fetchone()
    assert row, "a run has ended: its marts are here"
    moment: datetime = row[0]
    return moment


def _not_agreed(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Partners whose terms do not cover plans on the day of the run -> what they cover."""
    return dict(con.execute("SELECT partner, use_in_force FROM marts.partner_uses WHERE NOT is_for_plans").fetchall())


def _efforts(maker: Maker) -> dict[str, Effort]:
    """The hours that people gave. A file with a fault gives none: its own plan names the fault."""
    found: dict[str, Effort] = {}
    for partner in partners_of(maker.settings):
        try:
            found[partner] = load(written_file(maker.folder, partner)).effort
        except SettingsError:
            continue
    return found


def _contents(maker: Maker, deck: Deck) -> list[bytes]:
    """In the order of ``Maker.names``."""
    return [deck_bytes(deck, maker.template), page(deck, maker.language).encode()]


def _put(con: duckdb.DuckDBPyConnection, maker: Maker, stem: str, contents: Sequence[bytes], at: datetime) -> list[Put]:
    return [put(con, maker.folder, name, each, at) for name, each in zip(maker.names(stem), contents, strict=True)]


@contextmanager
def _alone(made: Made, language: str) -> Iterator[None]:
    """A fault ends the block, is told of this plan, and of no other."""
    begun = time.monotonic()
    try:
        yield
    except Refused as refused:
        made.fault = refused.sentence(language)
    except SettingsError as error:
        made.fault = str(error)
    except OSError as error:
        made.fault = text("plan.files.not_written", language, file=error.filename, reason=error.strerror)
    except Exception as error:  # a mistake of ours in one plan must not cost the others, nor the run
        made.fault, made.error = text("plan.files.broke", language, error=f"{type(error).__name__}: {error}"), error
    finally:
        made.seconds += time.monotonic() - begun

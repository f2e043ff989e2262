"""The partner's profile as a plan tells it: what our people wrote, what the partner answered, our CRM and the map, best first.

Belongs here: reading ``marts.plan_profiles`` and laying the four beside each other. Does not: whom to believe (``trust.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.account_plans.figure import Figure, Source
from pipelines.account_plans.form.answers import Answer
from pipelines.account_plans.plan import Fact, PartnerYear
from pipelines.account_plans.profile.fields import BY_KEY, FIELDS, Field
from pipelines.account_plans.profile.trust import Known, Said, best, by_year
from pipelines.account_plans.profile.values import Withheld, checked
from pipelines.account_plans.profile.words import words_of, year_words
from pipelines.account_plans.written.models import Written
from pipelines.texts import text

YEARS_TOLD = 3
_PROFILES = "SELECT field, value, source_kind, source, on_date FROM marts.plan_profiles WHERE partner = ? ORDER BY ALL"


@dataclass(frozen=True)
class ProfileTold:
    """The profile. ``facts`` holds every field but those of ``years``, in the catalogue's order; ``figures``: their numbers."""

    facts: tuple[Fact, ...]
    years: tuple[PartnerYear, ...]
    known: Mapping[str, Known]
    """By the field's key, what nobody says is left out."""
    figures: tuple[Figure, ...]


def profile_of(
    con: duckdb.DuckDBPyConnection,
    partner: str,
    written: Written,
    answers: Mapping[str, Answer],
    language: str,
    currency: str,
    as_of: date,
) -> ProfileTold:
    """What is known of the partner. ``answers``: the accepted ones, by field. Fiscal years that end after ``as_of`` are plans
    and not told."""
    said = said_of(con, partner, written, answers)
    known = {key: one for key in said if (one := best(said[key]))}
    single = [field for field in FIELDS if field.kind != "years"]
    return ProfileTold(
        facts=tuple(_fact(field, known.get(field.key), language, currency) for field in single),
        years=_years(said, _closing_month(known), as_of.year, language),
        known=known,
        figures=tuple(_figure(field, known[field.key]) for field in single if field.kind == "number" and field.key in known),
    )


def said_of(
    con: duckdb.DuckDBPyConnection, partner: str, written: Written, answers: Mapping[str, Answer]
) -> dict[str, list[Said]]:
    """All that anybody says, by field, in the catalogue's order."""
    found = [*_written(partner, written), *_answered(answers), *_read(con, partner)]
    return {field.key: values for field in FIELDS if (values := [said for key, said in found if key == field.key])}


def _written(partner: str, written: Written) -> Iterable[tuple[str, Said]]:
    file = f"{partner}.yaml"
    for key, entry in written.profile.items():
        yield key, Said(checked(BY_KEY[key], entry.value), Source("person", entry.by or file, entry.on))
    if written.our_goals:
        yield "our_goals", Said(written.our_goals.strip(), Source("person", file, None))


def _answered(answers: Mapping[str, Answer]) -> Iterable[tuple[str, Said]]:
    for key, answer in answers.items():
        if key in BY_KEY:
            yield key, Said(checked(BY_KEY[key], answer.value), Source("partner", answer.file, answer.filled_in_on))


def _read(con: duckdb.DuckDBPyConnection, partner: str) -> Iterable[tuple[str, Said]]:
    for key, value, kind, source, on in con.execute(_PROFILES, [partner]).fetchall():
        with suppress(ValueError):  # a CRM field may hold anything: what is no such value says nothing
            if key in BY_KEY:
                yield key, Said(checked(BY_KEY[key], value), Source(kind, source, on))


def _fact(field: Field, known: Known | None, language: str, currency: str) -> Fact:
    words = words_of(field, known.value, language, currency) if known else None
    return Fact(field.key, text(field.label_key, language), words, known.source if known else None, field.ask)


def _figure(field: Field, known: Known) -> Figure:
    value = known.value if isinstance(known.value, float) else None
    return Figure(f"profile.{field.key}", field.label_key, value, field.unit or "points", known.source)


def _years(said: Mapping[str, list[Said]], month: str | None, last: int, language: str) -> tuple[PartnerYear, ...]:
    """The newest ones of which anything was said, the oldest first."""
    sales, profit = (by_year(said.get(key, ())) for key in ("sales", "profit"))
    told = [year for year in sorted({*sales, *profit}) if year <= last][-YEARS_TOLD:]
    return tuple(
        PartnerYear(
            year, *(_of_year(key, of.get(year), year, month, language) for key, of in (("sales", sales), ("profit", profit)))
        )
        for year in told
    )


def _of_year(key: str, known: Known | None, year: int, month: str | None, language: str) -> Figure:
    value = known.value if known and isinstance(known.value, float) else None
    named = {"year": year_words(year, month, language)}
    return Figure(f"profile.{key}.{year}", f"plan.profile.{key}_of", value, "money", known.source if known else None, named)


def _closing_month(known: Mapping[str, Known]) -> str | None:
    month = known.get("closing_month")
    return str(month.value) if month and not isinstance(month.value, Withheld) else None

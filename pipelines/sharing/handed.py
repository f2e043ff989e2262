"""What came of handing shares over, in words: a table for Dagster's metadata, lines for the command line.

Belongs here: wording the outcome for our own people. Does not: anything that a partner reads, or handing over (``deliver.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.report.words import table
from pipelines.settings import Settings
from pipelines.sharing.deliver import Delivered, name_of
from pipelines.sharing.log import BeyondRecall, Difference
from pipelines.sharing.share import LISTS
from pipelines.texts import text


def deliveries_table(delivered: Sequence[Delivered], settings: Settings, folder: str, language: str) -> str:
    """Markdown: a row per partner, the rows of each list and what changed in them, the time that it took, and where it lies."""
    heads = [text(f"sharing.head.{name}", language) for name in ("partner", "outcome")]
    heads += [text(f"share.sheet.{name}", language) for name in LISTS]
    heads += [text(f"sharing.head.{name}", language) for name in ("latency", "folder")]
    rows: list[list[str | int]] = [
        [
            name_of(settings, one.partner),
            text(f"sharing.outcome.{one.outcome}", language),
            *(_counts(one.lists.get(name)) for name in LISTS),
            "–" if one.latency is None else f"{one.latency:,.1f}",
            f"{folder}/{one.partner}" if one.outcome != "none" else "–",
        ]
        for one in delivered
    ]
    return table(heads, rows)


def sentences(one: Delivered, settings: Settings, language: str, dry_run: bool = False) -> list[str]:
    """What came of it, or would, list by list; what cannot be taken back; or why nothing was done."""
    name = name_of(settings, one.partner)
    if one.outcome == "failed":
        return [text("sharing.failed", language, name=name, why=one.fault)]
    if one.outcome == "outdated":
        return [str(one.fault)]
    tense = "would" if dry_run else "outcome"
    told = [f"{name}: {text(f'sharing.{tense}.{one.outcome}', language)}"]
    if one.outcome in ("delivered", "withdrawn"):
        told += [f"  {changes(list_name, difference, language)}" for list_name, difference in in_order(one.lists)]
    if one.latency is not None:
        told.append("  " + text("sharing.latency", language, seconds=f"{one.latency:,.1f}"))
    if one.beyond_recall:
        told.append("  " + kept(one.beyond_recall, settings, language))
    return told


def kept_by(one: Delivered, settings: Settings, language: str) -> str:
    """The partner, and what it may have kept of what this delivery withdrew."""
    assert one.beyond_recall
    return f"{name_of(settings, one.partner)}: {kept(one.beyond_recall, settings, language)}"


def in_order(lists: dict[str, Difference]) -> list[tuple[str, Difference]]:
    """As they are shown."""
    return [(name, lists[name]) for name in LISTS if name in lists]


def changes(list_name: str, difference: Difference, language: str) -> str:
    """One list: its rows, and how many are new, changed, withdrawn."""
    values = {name: f"{getattr(difference, name):,}" for name in ("rows", "new", "changed", "withdrawn")}
    return text("sharing.list", language, list=text(f"share.sheet.{list_name}", language), **values)


def kept(beyond: BeyondRecall, settings: Settings, language: str) -> str:
    """What the partner may have kept of what was withdrawn from it."""
    values = {name: f"{getattr(beyond, name):,}" for name in ("rows", "companies", "mailed")}
    since = beyond.since.astimezone(settings.us.zone)
    return text("sharing.beyond_recall", language, since=f"{since:%Y-%m-%d %H:%M}", **values)


def _counts(difference: Difference | None) -> str:
    """Such as ``120 (+3 ~1 −2)``: rows, and of these new, changed, and those that are gone."""
    if difference is None:
        return "–"
    moved = (("+", difference.new), ("~", difference.changed), ("−", difference.withdrawn))
    marks = " ".join(f"{sign}{count:,}" for sign, count in moved if count)
    return f"{difference.rows:,}" + (f" ({marks})" if marks else "")

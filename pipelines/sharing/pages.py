"""The first two sheets of a share's workbook: what it is and how to answer, and the table of counts.

Belongs here: these sheets. Does not: the sheets with rows (``workbook.py``), or how far a count may be told (``told.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from xlsxwriter.worksheet import Worksheet

from pipelines.review.cells import shown_width
from pipelines.sharing.layout import NEW_SHEETS, SHEETS, share_id, sheet_title
from pipelines.sharing.look import A4, LINE, Looks, for_print
from pipelines.sharing.share import Share
from pipelines.sharing.told import moment_words, plain, told_count
from pipelines.texts import text

_STATUSES = ("customer", "open_opportunity", "target", "known")
_MARGIN, _NAMES, _ABOUT, _ROWS = 2, 26, 96, 12
_STEPS = 4
"""Sentences that say how to answer."""


def cover(sheet: Worksheet, looks: Looks, share: Share) -> None:
    """What the workbook is, as of when, what stands on each sheet, how to answer, whom to ask."""
    for at, width in enumerate((_MARGIN, _NAMES, _ABOUT, _ROWS)):
        sheet.set_column(at, at, width)
    sheet.hide_gridlines(2)
    at = _opening(sheet, looks, share)
    at = _contents(sheet, looks, share, at + 1)
    for section, sentences in _sections(share):
        sheet.set_row(at + 2, LINE + 4)
        looks.put(sheet, at + 2, 1, section, "label")
        at += 3
        for sentence in sentences:
            _sentence(sheet, looks, at, sentence)
            at += 1
        at -= 1
    _sentence(sheet, looks, at + 2, text("share.cover.number", share.language, number=share_id(share)), "small")
    sheet.print_area(0, 0, at + 2, 3)
    for_print(sheet, A4, _footer(share), pages=1)


def _opening(sheet: Worksheet, looks: Looks, share: Share) -> int:
    language = share.language
    sheet.set_row(0, 32)
    looks.put(sheet, 0, 1, text("share.title", language), "title")
    sheet.set_row(1, LINE + 4)
    looks.put(sheet, 1, 1, plain(text("share.cover.to", language, partner=share.partner_name)), "name")
    sheet.set_row(2, LINE + 4)
    looks.put(sheet, 2, 1, plain(text("share.cover.from", language, us=share.our_name)), "label")
    _sentence(sheet, looks, 4, text("share.cover.what", language, us=share.our_name, partner=share.partner_name))
    _sentence(sheet, looks, 5, text("share.cover.as_of", language, as_of=moment_words(share.as_of)))
    return 6


def _contents(sheet: Worksheet, looks: Looks, share: Share, at: int) -> int:
    """A line for each sheet; gives the last one."""
    language = share.language
    sheet.set_row(at, LINE + 4)
    for column, name in enumerate(("sheet", "about", "rows"), 1):
        looks.put(sheet, at, column, text(f"share.cover.{name}", language), "head")
    named = [name for name in ("summary", *SHEETS) if name in share.lists]
    for name in (*named, *NEW_SHEETS):
        at += 1
        about = text(f"share.about.{name}", language, us=share.our_name)
        sheet.set_row(at, _height(about, _ABOUT))
        title = sheet_title(name, language)
        sheet.write_url(at, 1, f"internal:'{title}'!A1", looks("link"), title)
        looks.put(sheet, at, 2, plain(about), "text")
        looks.put(sheet, at, 3, len(share.lists[name]) if name in SHEETS else None, "integer")
    return at


def _sections(share: Share) -> Iterator[tuple[str, list[str]]]:
    language = share.language
    answer = [text(f"share.cover.answer.{step}", language) for step in range(1, _STEPS + 1)]
    yield text("share.cover.answer", language), answer
    if "summary" in share.lists:
        yield sheet_title("summary", language), [text("share.cover.counts", language, k=share.minimum_count)]
    ask = text("share.cover.ask", language, us=share.our_name)
    yield text("share.cover.care", language), [text("share.cover.confidential", language, partner=share.partner_name), ask]


def _sentence(sheet: Worksheet, looks: Looks, row: int, words: str, style: str = "words") -> None:
    sheet.set_row(row, _height(words, _NAMES + _ABOUT + _ROWS))
    sheet.merge_range(row, 1, row, 3, "", looks(style))
    looks.put(sheet, row, 1, plain(words), style)


def _height(words: str, width: int) -> float:
    return ceil((shown_width(words) + 2) / width) * LINE + 2


def counts(sheet: Worksheet, looks: Looks, share: Share) -> None:
    """How many companies have which status with whom; a dash where nothing may be told."""
    language = share.language
    told = {(row.values["our_status"], row.values["partner_status"]): told_count(row) for row in share.lists["summary"]}
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, len(_STATUSES), 18)
    sheet.hide_gridlines(2)
    sheet.set_row(0, LINE + 8)
    looks.put(sheet, 0, 0, text("share.counts.title", language), "name")
    sheet.set_row(2, LINE + 4)
    looks.put(sheet, 2, 0, None, "head")
    sheet.merge_range(2, 1, 2, len(_STATUSES), "", looks("head"))
    looks.put(sheet, 2, 1, text("share.column.partner_status", language), "head")
    sheet.set_row(3, LINE + 4)
    looks.put(sheet, 3, 0, text("share.column.our_status", language), "head")
    for column, theirs in enumerate(_STATUSES, 1):
        looks.put(sheet, 3, column, text(f"status.{theirs}", language), "head")
    for at, ours in enumerate(_STATUSES, 4):
        sheet.set_row(at, 2 * LINE)
        looks.put(sheet, at, 0, text(f"status.{ours}", language), "side_head")
        for column, theirs in enumerate(_STATUSES, 1):
            as_far_as, companies = told.get((ours, theirs), ("not_told", None))
            if companies is None:
                looks.put(sheet, at, column, "–", "no_count")
            elif as_far_as == "exact":
                looks.put(sheet, at, column, companies, "count")
            else:
                looks.put(sheet, at, column, text("share.counts.at_least", language, n=f"{companies:,}"), "count")
    notes = [text("share.cover.counts", language, k=share.minimum_count), *_counted(share)]
    for at, words in enumerate(notes, 9):
        sheet.set_row(at, _height(words, 26 + 18 * len(_STATUSES)))
        sheet.merge_range(at, 0, at, len(_STATUSES), "", looks("words"))
        looks.put(sheet, at, 0, words, "words")
    sheet.freeze_panes(4, 1)
    for_print(sheet, A4, _footer(share))


def _counted(share: Share) -> list[str]:
    """As of when the counts are true: they may have been told before and still stand."""
    rows = share.lists["summary"]
    moments = sorted({row.values["counted_at"].astimezone(share.as_of.tzinfo) for row in rows})  # type: ignore[attr-defined]
    told = ", ".join(map(moment_words, moments))
    return [text("share.counts.counted", share.language, as_of=told)] if told else []


def _footer(share: Share) -> str:
    return text("share.footer", share.language, partner=share.partner_name)

"""A partner's mail in words: first what it must stop, then how much is new or withdrawn, as of when, and where it lies.

Belongs here: wording. Does not: what is new (``news.py``), or sending (``mail.py``).
"""

from __future__ import annotations

from pipelines.automation.messages import LINE_LENGTH, Notice
from pipelines.settings import Settings
from pipelines.sharing.layout import sheet_title
from pipelines.sharing.news import News
from pipelines.sharing.share import SharedRow
from pipelines.sharing.storage import Folder
from pipelines.sharing.told import moment_words, plain, told
from pipelines.texts import text


def digest(settings: Settings, news: News) -> Notice:
    """The mail. A name in it stays on its line."""
    language, us = news.language, plain(settings.us.name)
    opened = "share_mail.ended" if news.is_ended else "share_mail.opening"
    paragraphs = [
        text("share_mail.greeting", language, partner=plain(settings.partners[news.partner].name)),
        text(opened, language, us=us, as_of=moment_words(news.as_of)),
    ]
    if news.barred:
        paragraphs.append(_to_stop(news))
    paragraphs.append(_counts(news))
    if any(withdrawn for _, withdrawn in news.counts.values()):
        paragraphs.append(text("share_mail.delete", language))
    if not news.is_ended:
        paragraphs.append(_where(settings, news))
    new, withdrawn = (sum(count[at] for count in news.counts.values()) for at in (0, 1))
    title = text("share_mail.title", language, us=us, new=f"{new:,}", withdrawn=f"{withdrawn:,}")
    return Notice(title, [*paragraphs, text("share_mail.closing", language)])


def _to_stop(news: News) -> str:
    count, language = news.counts["no_approach"][0], news.language
    lines = [text("share_mail.stop", language, count=f"{count:,}"), *(_company(row, language) for row in news.barred)]
    if count > len(news.barred):
        sheet = sheet_title("no_approach", language)
        lines.append(text("share_mail.more", language, count=f"{count - len(news.barred):,}", sheet=sheet))
    return "\n".join(lines)


def _company(row: SharedRow, language: str) -> str:
    values = {name: told("no_approach", name, value, language) for name, value in row.values.items()}
    name = values.pop("company_name")
    phrases = [text(f"share_mail.{column}", language, value=value) for column, value in values.items()]
    details = text("share_mail.and", language).join(phrases)
    return text("share_mail.company" if details else "share_mail.company_alone", language, name=name, details=details)[
        :LINE_LENGTH
    ]


def _counts(news: News) -> str:
    language = news.language
    lines = [
        text("share_mail.count", language, list=sheet_title(name, language), new=f"{new:,}", withdrawn=f"{withdrawn:,}")
        for name, (new, withdrawn) in news.counts.items()
    ]
    return "\n".join([text("share_mail.counts", language), *lines])


def _where(settings: Settings, news: News) -> str:
    """A folder in our own home says nothing to a partner."""
    if not settings.sharing.folder:
        return text("share_mail.ask", news.language)
    return text("share_mail.folder", news.language, folder=f"{Folder(settings.sharing.folder).address}/{news.partner}")

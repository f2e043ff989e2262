"""Messages to people: alerts by owner, and news that concern everybody alike, each as title, Slack blocks and mails.

Belongs here: wording and the limits of Slack's blocks. Does not: what is told
(``alerts.py``, ``held.py``), the wire (``channels.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pipelines.automation.alerts import Alert, by_owner
from pipelines.texts import text

LINES = 10
"""Alerts of one owner in one message; the rest is a count."""
LINE_LENGTH = 250
"""So that a section stays below the 3,000 characters that Slack takes."""
MESSAGE_LENGTH = 9000
"""Characters of all sections: Slack refuses a message of some 11,000 and more, whatever its blocks."""
MAX_SECTIONS = 40
"""Slack takes 50 blocks."""
PARAGRAPH_LENGTH = 2500
"""The same, before the three characters below are written out."""
DIGEST_LINES = 200


def sentence(alert: Alert, language: str) -> str:
    """What happened, in one line."""
    values: dict[str, str] = {"company": alert.company, "partner": alert.partner or "", "due": str(alert.due_on)}
    if alert.kind == "new_overlap":
        values["ours"] = text(f"status.{alert.our_status}", language)
        values["theirs"] = text(f"status.{alert.partner_status}", language)
    elif alert.kind == "new_collision":
        values["kind"] = text(f"report.collision.{alert.collision_kind}", language)
        values["parties"] = alert.parties or ""
        values["severity"] = text(f"collision.severity.{alert.severity}", language)
        values["who"] = text(f"collision.act.{alert.who_must_act}", language)
    return text(alert.text_key, language, **values)


class Message(Protocol):
    """One thing to send."""

    @property
    def title(self) -> str: ...
    @property
    def slack_blocks(self) -> list[dict[str, Any]]: ...
    @property
    def body(self) -> str: ...

    def letters(self, owners: Mapping[str, str], everybody: str) -> dict[str, Message]:
        """Address -> what goes there. ``owners``: an owner's name -> address; ``everybody``: where the rest goes."""
        ...


@dataclass(frozen=True)
class Digest:
    """The alerts of a run: one Slack message with a section for each owner, one mail for each reader."""

    alerts: Sequence[Alert]
    language: str

    @property
    def title(self) -> str:
        return text("alert.title", self.language, count=f"{len(self.alerts):,}")

    @property
    def slack_blocks(self) -> list[dict[str, Any]]:
        """A header and a section for each owner, cut with a count where it grows too long."""
        owners = list(by_owner(self.alerts).items())
        sections: list[str] = []
        for owner, entries in owners[:MAX_SECTIONS]:
            section = _owner_text(owner, entries, self.language)
            if sum(map(len, sections)) + len(section) > MESSAGE_LENGTH:
                break
            sections.append(section)
        left = owners[len(sections) :]
        if left:
            count = sum(len(entries) for _, entries in left)
            sections.append(text("alert.more_owners", self.language, owners=f"{len(left):,}", count=f"{count:,}"))
        return _blocks(self.title, sections)

    @property
    def body(self) -> str:
        """Owners as headings, a line per alert."""
        parts = []
        for owner, entries in by_owner(self.alerts[:DIGEST_LINES]).items():
            lines = "\n".join(f"- {sentence(alert, self.language)}" for alert in entries)
            parts.append(f"{owner or text('alert.no_owner', self.language)}\n{lines}")
        if len(self.alerts) > DIGEST_LINES:
            parts.append(text("alert.more", self.language, count=f"{len(self.alerts) - DIGEST_LINES:,}"))
        return "\n\n".join(parts) + "\n"

    def letters(self, owners: Mapping[str, str], everybody: str) -> dict[str, Message]:
        """One for each address that owners have, and one to everybody with what nobody's address takes."""
        readers: dict[str, list[Alert]] = {}
        for alert in self.alerts:
            readers.setdefault(owners.get(alert.owner or "") or everybody, []).append(alert)
        return {address: Digest(alerts, self.language) for address, alerts in sorted(readers.items())}


@dataclass(frozen=True)
class Notice:
    """News that concern everybody alike: a title and paragraphs."""

    title: str
    paragraphs: Sequence[str]

    @property
    def slack_blocks(self) -> list[dict[str, Any]]:
        """A header and a section for each paragraph, cut where they grow too long."""
        shown = [_escaped(paragraph[:PARAGRAPH_LENGTH]) for paragraph in self.paragraphs]
        return _blocks(self.title, shown)

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs) + "\n"

    def letters(self, owners: Mapping[str, str], everybody: str) -> dict[str, Message]:
        return {everybody: self}


def one_line(words: str) -> str:
    """Names of others in a subject or a line: without the breaks and controls by which they would add lines of their own."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())


def _blocks(title: str, sections: Sequence[str]) -> list[dict[str, Any]]:
    header = {"type": "header", "text": {"type": "plain_text", "text": title}}
    return [header, *({"type": "section", "text": {"type": "mrkdwn", "text": words}} for words in sections)]


def _owner_text(owner: str | None, alerts: Sequence[Alert], language: str) -> str:
    lines = [f"*{_escaped((owner or text('alert.no_owner', language))[:LINE_LENGTH])}*"]
    lines += [f"• {_escaped(sentence(alert, language)[:LINE_LENGTH])}" for alert in alerts[:LINES]]
    if len(alerts) > LINES:
        lines.append(text("alert.more", language, count=f"{len(alerts) - LINES:,}"))
    return "\n".join(lines)


def _escaped(words: str) -> str:
    """The three characters that Slack reads as links and mentions."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""Alerts in words: the sentences, the one Slack message of a run, the digest of one reader.

Belongs here: wording and the limits of Slack's blocks. Does not: who gets what (``alerts.py``, ``channels.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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


def title(alerts: Sequence[Alert], language: str) -> str:
    return text("alert.title", language, count=f"{len(alerts):,}")


def slack_blocks(alerts: Sequence[Alert], language: str) -> list[dict[str, Any]]:
    """One message: a header and a section for each owner, cut with a count where it grows too long."""
    owners = list(by_owner(alerts).items())
    sections: list[str] = []
    for owner, entries in owners[:MAX_SECTIONS]:
        section = _owner_text(owner, entries, language)
        if sum(map(len, sections)) + len(section) > MESSAGE_LENGTH:
            break
        sections.append(section)
    left = owners[len(sections) :]
    if left:
        count = sum(len(entries) for _, entries in left)
        sections.append(text("alert.more_owners", language, owners=f"{len(left):,}", count=f"{count:,}"))
    header = {"type": "header", "text": {"type": "plain_text", "text": title(alerts, language)}}
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


def digest(alerts: Sequence[Alert], language: str) -> str:
    """The text of a mail: owners as headings, a line per alert."""
    parts = []
    for owner, entries in by_owner(alerts[:DIGEST_LINES]).items():
        lines = "\n".join(f"- {sentence(alert, language)}" for alert in entries)
        parts.append(f"{owner or text('alert.no_owner', language)}\n{lines}")
    if len(alerts) > DIGEST_LINES:
        parts.append(text("alert.more", language, count=f"{len(alerts) - DIGEST_LINES:,}"))
    return "\n\n".join(parts) + "\n"

"""Mails to partners, through the server that alerts go through. Nothing is tried twice.

Belongs here: whom a mail goes to, and what could not be sent. Does not: the wire (``pipelines/automation/channels.py``).
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.automation.channels import ChannelFailed, post
from pipelines.settings import Settings
from pipelines.sharing.digest import digest
from pipelines.sharing.news import News


def send(settings: Settings, taken: Mapping[str, News]) -> str | None:
    """One mail for each partner, to all its addresses; gives what could not be sent, in words without a secret."""
    if settings.alerts.email is None:
        return None
    letters = [(", ".join(settings.sharing_of(partner).mail_to), digest(settings, news)) for partner, news in taken.items()]
    try:
        post(settings.alerts.email, letters)
    except ChannelFailed as failed:
        return str(failed)
    return None


def partners_without_server(settings: Settings) -> list[str]:
    """Partners with an address that gets nothing, since ``alerts.email`` names no server."""
    if settings.alerts.email:
        return []
    return [partner for partner in settings.partners if settings.sharing_of(partner).mail_to]

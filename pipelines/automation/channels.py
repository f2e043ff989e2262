"""Sending messages: one to Slack through an incoming webhook, one mail for each reader through SMTP.

Belongs here: the wire, and faults told without a secret. Does not: what is sent (``messages.py``).
Nothing is tried twice: whether a message arrived whose answer was lost, nobody knows.
"""

from __future__ import annotations

import contextlib
import logging
import re
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol

from slack_sdk.webhook import WebhookClient

from pipelines.automation.messages import Message, one_line
from pipelines.settings.alerts import Alerts, Email

SECONDS = 30
IMPLICIT_TLS = 465
_silent = logging.getLogger("totsugo.slack")
_silent.setLevel(logging.CRITICAL + 1)  # slack_sdk logs the webhook's address, in its errors too


class ChannelFailed(Exception):
    """A channel did not take a message; the text holds no address and no password."""


class Channel(Protocol):
    """One way to tell people."""

    name: str

    def send(self, message: Message) -> int:
        """How many messages went out. Raises ``ChannelFailed``."""
        ...


class Slack:
    name = "slack"

    def __init__(self, webhook: str) -> None:
        self._webhook = webhook

    def send(self, message: Message) -> int:
        try:
            client = WebhookClient(self._webhook, timeout=SECONDS, logger=_silent, retry_handlers=[])
            answer = client.send(text=message.title, blocks=message.slack_blocks)
        except Exception as error:  # of any kind: it may repeat the address
            raise ChannelFailed(f"slack: {_cause(error)}") from None
        if answer.status_code != 200:
            word = answer.body if re.fullmatch(r"[a-z_]{1,40}", answer.body or "") else ""  # Slack's own, such as no_service
            raise ChannelFailed(f"slack: answered {answer.status_code} {word}".rstrip())
        return 1


class Mail:
    name = "email"

    def __init__(self, email: Email) -> None:
        self._email = email

    def send(self, message: Message) -> int:
        everybody = ", ".join(self._email.to)
        return post(self._email, list(message.letters(self._email.owners, everybody).items()))


def post(email: Email, letters: Sequence[tuple[str, Message]]) -> int:
    """A mail for each pair of an address (or several, a comma between them) and what goes there; how many went out.

    One that fails costs no other; a server that cannot be reached ends it. Raises ``ChannelFailed`` at the end.
    """
    sent, faults = 0, []
    server: smtplib.SMTP | None = None
    for address, message in letters:
        try:
            server = server or _server(email)
        except Exception as error:  # of any kind: it may repeat what was sent to log in
            faults.append(_cause(error))
            break
        try:
            refused = server.send_message(_letter(email.sender, address, message))
            sent += 1
            faults += [f"refused {one}" for one in refused]
        except smtplib.SMTPRecipientsRefused:
            faults.append(f"refused {address}")
        except Exception as error:
            faults.append(_cause(error))
        if server.sock is None:  # it hung up
            server = None
    if server:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
    if faults:
        raise ChannelFailed(f"email: {sent} of {len(letters)} mails went out; {'; '.join(sorted(set(faults)))}")
    return sent


def _server(given: Email) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if given.port == IMPLICIT_TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(given.host, given.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(given.host, given.port, timeout=SECONDS)
        if given.starttls:
            server.starttls(context=context)
    if given.username and given.password:
        server.login(given.username, given.password.get_secret_value())
    return server


def _letter(sender: str, address: str, message: Message) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = one_line(message.title)
    letter["From"] = sender
    letter["To"] = address
    letter["Date"] = formatdate(localtime=False)
    letter["Message-ID"] = make_msgid(domain="totsugo.invalid")
    letter.set_content(message.body)
    return letter


def _cause(error: BaseException) -> str:
    """The kind of fault, in words that hold nothing of what was sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    reason = getattr(error, "reason", error)
    if isinstance(reason, OSError) and reason.strerror:
        return f"{type(error).__name__}: {reason.strerror}"
    return type(error).__name__


def channels_of(alerts: Alerts) -> list[Channel]:
    """The channels that the settings name; none means that alerts are off."""
    channels: list[Channel] = []
    if alerts.slack_webhook:
        channels.append(Slack(alerts.slack_webhook.get_secret_value()))
    if alerts.email:
        channels.append(Mail(alerts.email))
    return channels

"""A home, a Slack and a mail server of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.automation.receivers import Mailbox, Webhook, mailbox, webhook
from tests.pipelines.automation.world import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return Home(tmp_path, monkeypatch)


@pytest.fixture
def slack(home: Home) -> Iterator[Webhook]:
    with webhook() as receiver:
        home.monkeypatch.setenv("SLACK_WEBHOOK", receiver.url)
        yield receiver


@pytest.fixture
def mail(home: Home) -> Iterator[Mailbox]:
    with mailbox() as receiver:
        home.monkeypatch.setenv("SMTP_PASSWORD", receiver.password)
        yield receiver

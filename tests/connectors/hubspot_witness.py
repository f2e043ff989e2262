"""Hears every answer of every sandbox portal that a test starts, and holds it against HubSpot's description.

Belongs here: listening, and the fixture that a conftest takes over with ``from tests.connectors.hubspot_witness import *``.
Does not: what an answer must look like (``hubspot_documents``).
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import connectors.sandbox.hubspot as hubspot_sandbox
from tests.connectors.hubspot_documents import faults_of

__all__ = ["answers_as_hubspot_describes_them", "hubspot_witness"]


@dataclass
class Witness:
    """Hears every answer of every portal of this process."""

    heard: dict[tuple[str, str, int, bytes], None] = field(default_factory=dict)

    def watched(self, app: ASGIApp) -> ASGIApp:
        async def watching(scope: Scope, receive: Receive, send: Send) -> None:
            status, parts, packed = 0, [], False

            async def hearing(message: Message) -> None:
                nonlocal status, packed
                if message["type"] == "http.response.start":
                    status, packed = message["status"], (b"content-encoding", b"gzip") in message["headers"]
                else:
                    parts.append(message.get("body", b""))
                await send(message)

            await app(scope, receive, hearing)
            if scope["type"] == "http":
                body = b"".join(parts)
                self.heard[scope["method"], scope["path"], status, gzip.decompress(body) if packed else body] = None

        return watching

    def faults(self) -> list[str]:
        """Those of what was heard since this was asked last."""
        heard, self.heard = list(self.heard), {}
        return [fault for answer in heard for fault in faults_of(*answer)]


@pytest.fixture(scope="session", autouse=True)
def hubspot_witness() -> Iterator[Witness]:
    witness, create = Witness(), hubspot_sandbox.create_app
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hubspot_sandbox, "create_app", lambda *args: witness.watched(create(*args)))
        yield witness


@pytest.fixture(autouse=True)
def answers_as_hubspot_describes_them(hubspot_witness: Witness) -> Iterator[None]:
    """Whatever a test asks of a portal, the answers are HubSpot's."""
    yield
    faults = hubspot_witness.faults()
    assert not faults, "\n".join(faults[:20])

"""One org and one call on it: what every handler is given.

Belongs here: what an org consists of. Does not: addresses and sessions' checks (``app.py``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import Faults
from connectors.sandbox.salesforce.auth import Sessions
from connectors.sandbox.salesforce.collections import Collections
from connectors.sandbox.salesforce.definitions import Definitions
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ingest_jobs import IngestJobs
from connectors.sandbox.salesforce.queries import Queries
from connectors.sandbox.salesforce.records import Records, Session
from connectors.sandbox.salesforce.schema import Schema, View
from connectors.sandbox.salesforce.usage import Usage
from connectors.sandbox.salesforce.validation import Rules
from connectors.sandbox.store import Store

DAILY_REQUESTS = 100_000
VERSIONS = tuple(f"{number}.0" for number in range(31, 66))


@dataclass
class Org:
    """Everything one org consists of."""

    name: str
    store: Store
    faults: Faults
    clock: Clock
    schema: Schema = field(init=False)

    def __post_init__(self) -> None:
        self.schema = Schema(self.store)
        self.usage = Usage(self.store, self.clock)
        self.rules = Rules(self.store, self.schema, self.clock)
        self.records = Records(self.store, self.schema, self.clock, self.faults, self.rules)
        self.collections = Collections(self.records)
        self.queries = Queries(self.store, self.clock, self.faults)
        self.sessions = Sessions(self.store)
        self.definitions = Definitions(self.store, self.schema, self.clock, self.rules)
        self.ingest = IngestJobs(self.records, self.collections, self.faults, self.clock)

    @property
    def used(self) -> int:
        """API calls of the last 24 hours."""
        return self.usage.last_24_hours

    @property
    def limit(self) -> int:
        return int(self.store.get_meta("daily_requests", DAILY_REQUESTS))


@dataclass(frozen=True)
class Call:
    """One authenticated REST call."""

    org: Org
    session: Session
    request: Request
    version: str

    @property
    def base(self) -> str:
        return f"/services/data/v{self.version}"

    @property
    def view(self) -> View:
        return self.org.records.view(self.session)

    @property
    def path(self) -> dict[str, str]:
        return self.request.path_params

    async def json(self) -> dict[str, Any]:
        """The body, an object. Raises JSON_PARSER_ERROR, UNSUPPORTED_MEDIA_TYPE (of XML, too, which Salesforce would take)."""
        kind = self.request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise SalesforceError("UNSUPPORTED_MEDIA_TYPE", f"Unsupported content type: {kind}", 415)
        try:
            body = json.loads(await self.request.body() or b"{}")
        except ValueError as wrong:
            raise SalesforceError("JSON_PARSER_ERROR", f"The HTTP entity body is not valid JSON: {wrong}") from None
        if not isinstance(body, dict):
            raise SalesforceError("JSON_PARSER_ERROR", "The HTTP entity body is required to be a JSON object")
        return body

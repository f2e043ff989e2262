"""One portal: its store, its sense of time, its tokens; and one call to it.

Belongs here: what every endpoint needs. Does not: endpoints.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import Faults
from connectors.sandbox.hubspot.errors import HubSpotError, validation_error
from connectors.sandbox.hubspot.object_types import BY_NAME, TYPES, AssociationType, ObjectType
from connectors.sandbox.hubspot.usage import Usage
from connectors.sandbox.store import Store

Json = dict[str, Any]
Answer = tuple[int, Json | None]
"""HTTP status and body; ``None`` is no body."""

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

# An incremental read asks by id and by time at once; both must be answered without opening documents.
_INDEXES = """
CREATE INDEX IF NOT EXISTS hubspot_by_id ON documents (object, deleted, id, modified_at);
CREATE INDEX IF NOT EXISTS hubspot_by_change ON documents (object, deleted, modified_at, id);
"""


def stamp_text(moment: datetime) -> str:
    """ISO-8601 UTC with milliseconds, fixed width: its order is the order of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def store_key(id: str) -> str:
    """A record's id as the store orders it: HubSpot's ids are numbers. Not a number: no record has it."""
    return id.zfill(20) if id.isdigit() else "!"


@dataclass(frozen=True)
class Token:
    """Who is calling."""

    token: str = field(repr=False)
    user_id: int
    scopes: tuple[str, ...]
    app_id: int | None = None
    """The private app; none where it is a person who works in HubSpot itself."""

    @property
    def user(self) -> str:
        return str(self.user_id)


def _own_type(schema: Json) -> ObjectType:
    associated = tuple(
        (
            next((kind.name for kind in TYPES if kind.type_id == each["to"]), each["to"]),
            *(AssociationType(id, each["name"], category="USER_DEFINED") for id in each["ids"]),
        )
        for each in schema["associated"]
    )
    shown = [schema.get("primaryDisplayProperty"), *schema["secondaryDisplayProperties"]]
    return ObjectType(
        name=schema["objectTypeId"],
        singular=schema["name"],
        type_id=schema["objectTypeId"],
        defaults=tuple(name for name in shown if name),
        searched=tuple(schema["searchableProperties"]),
        created="hs_createdate",
        required=tuple(schema["requiredProperties"]),
        associated=associated,  # type: ignore[arg-type]
    )


class Portal:
    """A HubSpot portal over one store. Keeps nothing that must survive outside the store."""

    def __init__(self, store: Store, name: str, faults: Faults, clock: Clock) -> None:
        self.store, self.name, self.faults, self.clock = store, name, faults, clock
        self.usage = Usage(store)
        store.db.executescript(_INDEXES)
        newest = store.db.execute("SELECT max(modified_at) FROM documents").fetchone()[0]
        self._last = datetime.fromisoformat(newest) if newest else datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def portal_id(self) -> int:
        return int(self.store.get_meta("portal_id", 0))

    def schemas(self) -> list[Json]:
        """The portal's own objects, as they were defined."""
        return [doc for _, doc, _, _ in self.store.select("schemas", "deleted = 0")]

    def types(self) -> list[ObjectType]:
        """HubSpot's objects and the portal's own."""
        return [*TYPES, *map(_own_type, self.schemas())]

    def object_type(self, given: str) -> ObjectType:
        """By plural, singular or id (``companies``, ``company``, ``0-2``), or an own object by its id, its full name or that
        without the portal's number. Raises ``HubSpotError`` (400)."""
        found = BY_NAME.get(given.lower())
        if found is not None:
            return found
        for doc in self.schemas() if given[:1].lower() in ("2", "p") else ():
            if given.lower() in (doc["objectTypeId"], doc["fullyQualifiedName"].lower(), f"p_{doc['name'].lower()}"):
                return _own_type(doc)
        raise validation_error(f"Unable to infer object type from: {given}")

    def stamp(self) -> str:
        """A moment later than every change so far, even if the clock stands still or was set back."""
        self._last = max(self.clock.now(), self._last + timedelta(milliseconds=1))
        return stamp_text(self._last)

    def past(self, seconds: float) -> str:
        """The moment so long before now."""
        return stamp_text(max(self.clock.now(), self._last) - timedelta(seconds=seconds))

    def new_id(self, object: str, count: int = 1) -> int:
        """The first of ``count`` fresh consecutive ids, higher than any in use."""
        key = f"next_id:{object}"
        first = self.store.get_meta(key)
        if first is None:
            newest = self.store.db.execute("SELECT max(id) FROM documents WHERE object = ?", (object,)).fetchone()[0]
            first = int(newest or 0) + 1
        self.store.set_meta(key, first + count)
        return int(first)

    def token(self, given: str) -> Token | None:
        """The login this bearer token stands for. Raises ``HubSpotError`` (401) where it has expired."""
        known = self.store.get("tokens", given)
        if known is None:
            return None
        if known.get("expires_at", "9") < stamp_text(self.clock.now()):
            message = f"The OAuth token used to make this call expired at {known['expires_at']}."
            raise HubSpotError(401, "EXPIRED_AUTHENTICATION", message)
        return Token(given, int(known.get("user_id") or 0), tuple(known.get("scopes") or ()), known.get("app_id"))

    def pipelines(self, object: str) -> list[Json]:
        """In display order."""
        return sorted((doc for _, doc, _, _ in self.store.select(f"pipelines:{object}")), key=lambda doc: doc["displayOrder"])


@dataclass
class Call:
    """One request, authenticated and parsed."""

    portal: Portal
    token: Token
    method: str
    path: str
    params: Mapping[str, str]
    query_string: str
    raw_body: bytes = b""

    def __post_init__(self) -> None:
        self._query = parse_qs(self.query_string, keep_blank_values=True)

    @property
    def type(self) -> ObjectType:
        return self.portal.object_type(self.params["type"])

    @property
    def to_type(self) -> ObjectType:
        return self.portal.object_type(self.params["to"])

    def text(self, name: str, default: str | None = None) -> str | None:
        values = self._query.get(name)
        return values[0] if values and values[0] else default

    def flag(self, name: str) -> bool:
        return (self.text(name) or "false").lower() == "true"

    def names(self, name: str) -> list[str]:
        """A parameter given as ``a,b``, several times over, or both."""
        return [part.strip() for value in self._query.get(name, ()) for part in value.split(",") if part.strip()]

    def limit(self, default: int, most: int, name: str = "limit") -> int:
        """Raises ``HubSpotError`` (400) where it is no number from 1 to ``most``."""
        return checked_limit(self.text(name), default, most)

    @property
    def body(self) -> Json:
        """The JSON object sent. Raises ``HubSpotError`` (400)."""
        sent = self.json()
        if not isinstance(sent, dict):
            raise validation_error("Invalid input JSON: an object was expected")
        return sent

    def json(self) -> Any:
        """The JSON value sent. Raises ``HubSpotError`` (400)."""
        try:
            sent = json.loads(self.raw_body or b"{}")
            if _SURROGATE.search(self.raw_body):
                json.dumps(sent, ensure_ascii=False).encode()
            return sent
        except ValueError as wrong:  # half a surrogate pair, too
            raise validation_error(f"Invalid input JSON: {wrong}") from None

    def inputs(self, most: int) -> list[Json]:
        """The rows of a batch. Raises ``HubSpotError`` (400)."""
        rows = objects(self.body.get("inputs"), "inputs")
        if len(rows) > most:
            raise validation_error(f"The maximum batch size is {most}, but {len(rows)} inputs were sent")
        return rows


Handler = Callable[[Call], Answer]


def objects(given: Any, name: str) -> list[Json]:
    """An array of objects that was sent under ``name``. Raises ``HubSpotError`` (400)."""
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise validation_error(f"Invalid input JSON: {name} must be an array of objects")
    return given


def checked_limit(given: Any, default: int, most: int) -> int:
    """A page size. Raises ``HubSpotError`` (400)."""
    if given is None:
        return default
    try:
        limit = int(given)
    except (TypeError, ValueError):
        raise validation_error(f"Unable to parse value for query parameter: limit ({given})") from None
    if not 0 < limit <= most:
        raise validation_error(f"Invalid page size {limit}: the limit must be between 1 and {most}")
    return limit


def checked_offset(given: Any) -> int:
    """Where a page begins. Raises ``HubSpotError`` (400)."""
    if given in (None, ""):
        return 0
    if not str(given).isdecimal():
        raise validation_error(f"Invalid paging token: {given}")
    return int(given)


def page(results: list[Json], after: str | int | None) -> Json:
    """A page of a collection; the last one has no ``paging`` key."""
    if after is None:
        return {"results": results}
    return {"results": results, "paging": {"next": {"after": str(after), "link": f"?after={after}"}}}


def batch_answer(portal: Portal, results: list[Json], errors: list[Json], status: int = 200) -> Answer:
    """What a batch answers: 207 as soon as one row failed."""
    now = stamp_text(portal.clock.now())
    body: Json = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if not errors:
        return status, body
    return 207, {**body, "numErrors": len(errors), "errors": errors}

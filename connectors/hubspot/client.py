"""HubSpot behind the connector contract; each method is one line into the module that does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from connectors.batches import SchemaRefused
from connectors.crm import Batch, Cursor, Identity, ObjectSpec, ProvisionReport, Quota, Row, WriteResult
from connectors.hubspot.lists import Lists
from connectors.hubspot.owners import OWNERS, TYPES, owners_changed_since, pull_owners
from connectors.hubspot.properties import ASSOCIATED, Properties
from connectors.hubspot.provision import provision
from connectors.hubspot.pull import changed_since, pull
from connectors.hubspot.reading import read
from connectors.hubspot.session import HubspotSession
from connectors.hubspot.write import archive, write
from connectors.hubspot.written_by import written_by_us
from connectors.quota import Budget

_BATCH = 1_000
"""Rows read again and written together."""
_CALL_ROWS = 100
"""Rows of one call, whether it reads or writes."""


class HubspotCrm:
    """See ``connectors.crm.Crm``; made by ``connectors.open_crm``. Objects are named in the plural: ``companies``."""

    name: Literal["salesforce", "hubspot"] = "hubspot"

    def __init__(self, url: str, login: Mapping[str, str], budget: Budget) -> None:
        self._session = HubspotSession(url, login, budget)
        self._lists = Lists(self._session)
        self._properties = Properties(self._session)

    def __repr__(self) -> str:
        return f"HubspotCrm({self._session.host})"

    def identity(self) -> Identity:
        info = self._session.token_info()
        return Identity(str(info.get("userId") or ""), f"app {info.get('appId') or ''}".strip(), str(info.get("hubId") or ""))

    def pull(self, object: str, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
        if object == OWNERS:
            return pull_owners(self._session, fields, cursor)
        return pull(self._session, self._properties, object, fields, cursor)

    def changed_since(self, object: str, cursor: Cursor, not_by: str | None) -> int:
        if object == OWNERS:
            return owners_changed_since(self._session, cursor)
        return changed_since(self._session, self._properties, object, cursor, not_by)

    def read(
        self, object: str, ids: Sequence[str], fields: Sequence[str], external_id: str | None = None
    ) -> dict[str, dict[str, Any]]:
        return read(self._session, self._properties, object, ids, fields, external_id)

    def existing_fields(self, object: str, asked: Sequence[str] = ()) -> set[str] | None:
        if object == OWNERS:
            return set(TYPES)
        try:
            return {"id", ASSOCIATED, *self._properties.ask(object)}
        except SchemaRefused:
            return None

    def write(self, object: str, rows: Iterable[Row], external_id: str | None = None) -> Iterator[WriteResult]:
        return write(self._session, object, rows, external_id)

    def delete(self, object: str, ids: Sequence[str]) -> Iterator[WriteResult]:
        return archive(self._session, object, ids)

    def batch_size(self, rows: int) -> int:
        return _BATCH

    def finish_begun(self, object: str) -> int:
        return 0  # HubSpot's calls take effect before they are answered, or not at all

    def written_by_us(self, object: str, fields: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
        return written_by_us(self._session, self._us, object, fields) if fields else set()

    @cached_property
    def _us(self) -> dict[str, Any]:
        return self._session.token_info()

    def members(self, list_name: str) -> set[str]:
        return self._lists.members(list_name)

    def existing_lists(self, prefix: str) -> dict[str, str]:
        return self._lists.existing(prefix)

    def set_members(self, list_name: str, object: str, add: Sequence[str], remove: Sequence[str]) -> Iterator[WriteResult]:
        return self._lists.set_members(list_name, add, remove)

    def quota(self) -> Quota:
        return self._session.meter.quota

    def calls(self) -> int:
        return self._session.meter.calls

    def require(self, rows: int, keyed: bool = False) -> None:
        self._session.meter.require(2 * -(-rows // _CALL_ROWS))

    def provision(
        self,
        objects: Sequence[ObjectSpec],
        lists: Sequence[str] = (),
        dry_run: bool = False,
        integration_user: str | None = None,
    ) -> ProvisionReport:
        self._properties = Properties(self._session)  # there are new ones
        return provision(self._session, objects, lists, dry_run)

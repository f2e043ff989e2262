"""Salesforce behind the connector contract; each method is one line into the module that does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from connectors.batches import SchemaRefused
from connectors.crm import Batch, Cursor, Identity, ObjectSpec, ProvisionReport, Quota, Row, WriteResult
from connectors.quota import Budget
from connectors.salesforce import bulk
from connectors.salesforce.describe import Described, describe
from connectors.salesforce.provision import provision
from connectors.salesforce.pull import changed_since, pull
from connectors.salesforce.reading import read
from connectors.salesforce.session import SalesforceSession
from connectors.salesforce.write import delete, write
from connectors.salesforce.written_by import written_by_us


class SalesforceCrm:
    """See ``connectors.crm.Crm``; made by ``connectors.open_crm``."""

    name: Literal["salesforce", "hubspot"] = "salesforce"

    def __init__(self, url: str, login: Mapping[str, str], budget: Budget) -> None:
        self._session = SalesforceSession(url, login, budget)
        self._described: dict[str, tuple[tuple[str, ...], Described]] = {}

    def __repr__(self) -> str:
        return f"SalesforceCrm({self._session.host})"

    def identity(self) -> Identity:
        info = self._session.call("GET", "userinfo", root="/services/oauth2/")
        return Identity(info["user_id"], info.get("name") or "", info.get("organization_id") or "")

    def pull(self, object: str, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
        asked, described = self._described.pop(object, ((), None))
        if described is None or not set(asked) >= set(fields):
            described = describe(self._session, object, fields)
        return pull(self._session, described, fields, cursor)

    def changed_since(self, object: str, cursor: Cursor, not_by: str | None) -> int:
        return changed_since(self._session, object, cursor, not_by)

    def read(
        self, object: str, ids: Sequence[str], fields: Sequence[str], external_id: str | None = None
    ) -> dict[str, dict[str, Any]]:
        return read(self._session, object, ids, fields, external_id)

    def existing_fields(self, object: str, asked: Sequence[str] = ()) -> set[str] | None:
        """The description serves the pull that follows, and no other: fields come and go."""
        try:
            described = describe(self._session, object, asked)
        except SchemaRefused:
            return None
        self._described[object] = (tuple(asked), described)
        return set(described.types)

    def write(self, object: str, rows: Iterable[Row], external_id: str | None = None) -> Iterator[WriteResult]:
        return write(self._session, object, rows, external_id)

    def delete(self, object: str, ids: Sequence[str]) -> Iterator[WriteResult]:
        return delete(self._session, object, ids)

    def batch_size(self, rows: int) -> int:
        return bulk.batch_size(rows)

    def finish_begun(self, object: str) -> int:
        return bulk.finish_begun(self._session, object, lambda: self._user_id)

    def written_by_us(self, object: str, fields: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
        return written_by_us(self._session, self._user_id, object, fields) if fields else set()

    @cached_property
    def _user_id(self) -> str:
        return self.identity().user_id

    def members(self, list_name: str) -> set[str]:
        return set()

    def existing_lists(self, prefix: str) -> dict[str, str]:
        return {}

    def set_members(self, list_name: str, object: str, add: Sequence[str], remove: Sequence[str]) -> Iterator[WriteResult]:
        raise SchemaRefused(f"Salesforce has no static lists of records; {list_name!r} cannot be changed.")

    def quota(self) -> Quota:
        return self._session.meter.quota

    def calls(self) -> int:
        return self._session.meter.calls

    def require(self, rows: int, keyed: bool = False) -> None:
        self._session.meter.require(bulk.calls(rows, keyed))

    def provision(
        self,
        objects: Sequence[ObjectSpec],
        lists: Sequence[str] = (),
        dry_run: bool = False,
        integration_user: str | None = None,
    ) -> ProvisionReport:
        return provision(self._session, objects, dry_run, integration_user)

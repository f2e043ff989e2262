"""The one contract that every CRM connector keeps, and the words that pass through it.

Belongs here: the Protocol, its value types, its errors. Does not: anything that
speaks to one particular CRM (see ``connectors/salesforce``, ``connectors/hubspot``),
or that knows what Totsugo does with the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

import pyarrow as pa

Cursor = dict[str, Any]
"""Where a pull stands; JSON-serialisable, opaque to everybody but the connector that made it."""

Row = Mapping[str, Any]
"""Native field name -> value. ``None`` clears the field. ``Id`` / ``id`` names the record.

HubSpot alone: ``_associate_company`` names the company that a task is about, which Salesforce has as the field ``WhatId``; where
it is read and there are several, the first.
"""


class CrmError(Exception):
    """A fault of the CRM as a whole. The message is one sentence that a user can act on; it never holds a secret."""


class LoginRefused(CrmError):
    """The CRM refused the credentials."""


class CrmUnavailable(CrmError):
    """The CRM could not be reached, or kept failing until the retries were spent."""


class QuotaExhausted(CrmError):
    """The next call would use the quota reserve, or the CRM says that its limit is reached."""


class SchemaMissing(CrmError):
    """An object or field that the call needs does not exist, or is not visible to this login."""


@dataclass(frozen=True)
class Batch:
    """Rows of one object as the CRM holds them, and the cursor to go on from after them.

    ``table`` has the native columns asked for, and ``_id`` (string, the record's id), ``_modified_at``
    (timestamp[us, UTC]), ``_deleted`` (bool), ``_merged_into`` (string or null: id of the winner),
    ``_synced_at`` (timestamp[us, UTC]). A deleted row may have nulls everywhere else.
    """

    object: str
    table: pa.Table
    cursor: Cursor
    notes: tuple[str, ...] = ()
    """What a person should know: a field asked for that no longer exists, say."""


@dataclass(frozen=True)
class WriteResult:
    """What became of one row of a write; in the order of the rows given."""

    key: str
    """The record's id, or the external id of a row that was to be created."""
    ok: bool
    id: str | None = None
    created: bool = False
    code: str | None = None
    """The CRM's own error code, such as ``UNABLE_TO_LOCK_ROW``."""
    message: str | None = None


@dataclass(frozen=True)
class Quota:
    """API calls of the CRM's longest window (a day): used and allowed; ``None`` where the CRM does not say."""

    used: int | None
    limit: int | None


FieldType = Literal["text", "long_text", "checkbox", "date", "datetime", "picklist", "number", "reference"]


@dataclass(frozen=True)
class FieldSpec:
    """A field that Totsugo owns, said in no CRM's dialect; each connector translates it."""

    name: str
    """Native name: ``Totsugo_No_Approach__c`` or ``totsugo_no_approach``."""
    type: FieldType
    label: str
    help: str = ""
    """For those who fill the field in or read it."""
    description: str = ""
    """For administrators: whose the field is."""
    length: int = 255
    values: tuple[tuple[str, str], ...] = ()
    """Picklist: (value, label)."""
    reference_to: str | None = None
    external_id: bool = False
    writable_by_people: bool = False
    """True for the rep's own input, which Totsugo reads and never writes."""


@dataclass(frozen=True)
class ViewSpec:
    """A view of one object that everybody sees: the rows that meet every condition. Where a CRM has none, it is passed over."""

    name: str
    """Letters, digits and single underscores, at most 40."""
    label: str
    columns: tuple[str, ...]
    """Native names of fields, in the order shown."""
    conditions: tuple[tuple[str, tuple[str, ...]], ...]
    """(field, the values of which it must have one); a checkbox has ``true`` or ``false``."""


@dataclass(frozen=True)
class ObjectSpec:
    """Fields to create on one object; ``create`` says that the object itself is ours too."""

    name: str
    label: str
    fields: tuple[FieldSpec, ...]
    create: bool = False
    plural: str = ""
    description: str = ""
    views: tuple[ViewSpec, ...] = ()


@dataclass(frozen=True)
class ProvisionReport:
    """What a provisioning created, found as it should be, and what a person must do by hand."""

    created: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()


@dataclass(frozen=True)
class Identity:
    """Who we are in the CRM: used to tell our own writes from people's edits."""

    user_id: str
    name: str
    organisation: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Crm(Protocol):
    """One CRM, logged in. Retries, batching and choice of API are the connector's own affair."""

    name: Literal["salesforce", "hubspot"]

    def identity(self) -> Identity:
        """Log in where needed and say who we are. Raises ``LoginRefused``, ``CrmUnavailable``."""
        ...

    def pull(self, object: str, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
        """Everything (cursor ``None``) or what changed since, deletions and merges included, oldest first.

        A field that does not exist is left out and named in ``Batch.notes``. Each batch's cursor is safe to go on from.
        """
        ...

    def changed_since(self, object: str, cursor: Cursor, not_by: str | None) -> int:
        """How many records changed after the cursor, leaving out those last changed by user ``not_by``. One cheap call."""
        ...

    def read(
        self, object: str, ids: Sequence[str], fields: Sequence[str], external_id: str | None = None
    ) -> dict[str, dict[str, Any]]:
        """Records by id (or by the external id field named), as they are now: id -> native field -> value. Others are absent."""
        ...

    def existing_fields(self, object: str, asked: Sequence[str] = ()) -> set[str] | None:
        """Names of the fields this login can see; ``None`` where the object itself does not exist for it. A field of a parent,
        such as Salesforce's ``RecordType.DeveloperName``, is among them only where it is ``asked`` for."""
        ...

    def write(self, object: str, rows: Iterable[Row], external_id: str | None = None) -> Iterator[WriteResult]:
        """Update by record id, or with ``external_id`` upsert by that field. One result per row, in order.

        A row's fault never raises. Where an object or field is missing for all of them, it may: ``SchemaMissing``.
        Salesforce locks the account above a row: the one that the row names in a field or at the beginning of its key; else it
        is read where rows were locked.
        """
        ...

    def delete(self, object: str, ids: Sequence[str]) -> Iterator[WriteResult]:
        """Delete by record id. A record that is gone already counts as ok."""
        ...

    def batch_size(self, rows: int) -> int:
        """How many of so many rows are best read again and written together, for the least calls."""
        ...

    def finish_begun(self, object: str) -> int:
        """Wait for what a killed process left under way on this object, or abort it: then nothing of ours takes effect late.

        Returns how many such jobs there were. One cheap call where there are none.
        """
        ...

    def written_by_us(self, object: str, fields: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
        """Of these fields (record id -> native names) the pairs whose present value our login set, as far as the CRM tells."""
        ...

    def members(self, list_name: str) -> set[str]:
        """Record ids on the static list of that name; empty where there is none. Salesforce has none."""
        ...

    def existing_lists(self, prefix: str) -> dict[str, str]:
        """Static lists whose names begin so: name -> the CRM's id of the list. Salesforce has none."""
        ...

    def set_members(self, list_name: str, object: str, add: Sequence[str], remove: Sequence[str]) -> Iterator[WriteResult]:
        """Change the membership of a static list that provisioning created: one result per id, those of ``add`` first; an id's
        fault never raises. Raises ``SchemaRefused`` where the list does not exist."""
        ...

    def quota(self) -> Quota:
        """What the CRM's own headers said last."""
        ...

    def calls(self) -> int:
        """Calls made so far by this login in this process."""
        ...

    def require(self, rows: int, keyed: bool = False) -> None:
        """Raises ``QuotaExhausted`` unless so many rows can be read again and written within the run's budget, without touching
        the reserve; ``keyed``: by an external id. Asked before each batch, so that a run stops between batches; any other call
        asks for itself."""
        ...

    def provision(
        self,
        objects: Sequence[ObjectSpec],
        lists: Sequence[str] = (),
        dry_run: bool = False,
        integration_user: str | None = None,
    ) -> ProvisionReport:
        """Create what is missing, alter nothing that exists. Under an administrator's login; never called from a run.

        ``lists``: names of static lists of companies (HubSpot). ``integration_user``: id of the user that runs write as, who is
        let at the fields (Salesforce); ``None``: this login's own. A dry run reports what a real one would.
        """
        ...

"""Many records in one call: ``composite/sobjects``.

Belongs here: up to 200 rows, each with its own result, or all or none. Does not: one record's rules (``records.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from connectors.sandbox.salesforce import errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ids import to_18
from connectors.sandbox.salesforce.records import MultipleMatches, Records, Session

MAX_ROWS = 200
_ROLLED_BACK = "Record rolled back because not all records were valid and the request was using AllOrNone header"

Row = dict[str, Any]


class _RollBack(Exception):
    """Undo the transaction; the results are kept."""


class Collections:
    """Batches of writes on one org."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def create(self, session: Session, rows: list[Row], all_or_none: bool) -> list[Row]:
        def one(row: Row) -> Row:
            return done(self._records.create(session, self._type(session, row), row))

        return self._each(rows, one, all_or_none)

    def update(self, session: Session, rows: list[Row], all_or_none: bool) -> list[Row]:
        def one(row: Row) -> Row:
            id = next((value for name, value in row.items() if name.lower() == "id"), None)
            if not id:
                raise SalesforceError("MISSING_ARGUMENT", "Id not specified in an update call", fields=())
            values = {name: value for name, value in row.items() if name.lower() != "id"}
            self._records.update(session, self._type(session, row), id, values)
            return done(id)

        return self._each(rows, one, all_or_none)

    def upsert(self, session: Session, type_name: str, field: str, rows: list[Row], all_or_none: bool) -> list[Row]:
        type = self._records.type(session, type_name)
        self._records.find(type, field, "000000000000000")  # whether the field is an external id at all
        keys = [next((str(value) for name, value in row.items() if name.lower() == field.lower() and value), "") for row in rows]
        times = Counter(key.lower() for key in keys)
        given = iter(keys)

        def one(row: Row) -> Row:
            key = next(given)
            values = {name: value for name, value in row.items() if name.lower() != field.lower()}
            if not key:
                if field.lower() != "id":
                    raise SalesforceError("MISSING_ARGUMENT", f"{field} not specified", fields=())
                return {**done(self._records.create(session, type, values)), "created": True}
            if times[key.lower()] > 1:
                raise SalesforceError("DUPLICATE_VALUE", f"Duplicate external id specified: {key}", fields=(field,))
            try:
                id, created = self._records.upsert(session, type, field, key, values)
            except MultipleMatches as many:
                message = f"{field}: more than one record found for external id field: [{', '.join(many.ids)}]"
                raise SalesforceError("DUPLICATE_EXTERNAL_ID", message, fields=(field,)) from None
            return {**done(id), "created": created}

        return self._each(rows, one, all_or_none)

    def delete(self, session: Session, ids: list[str], all_or_none: bool) -> list[Row]:
        by_prefix = {each.prefix: each for each in self._records.view(session).types.values()}

        def one(row: Row) -> Row:
            type = by_prefix.get(row["id"][:3])
            if type is None:
                raise SalesforceError("MALFORMED_ID", f"malformed id {row['id']}", fields=())
            self._records.delete(session, type, row["id"])
            return done(row["id"])

        return self._each([{"id": id} for id in ids], one, all_or_none)

    def retrieve(self, session: Session, type_name: str, ids: list[str], fields: list[str]) -> list[Row | None]:
        """Records in the order of ``ids``, ``None`` where there is none."""
        type = self._records.type(session, type_name)
        known = [type.field(name) for name in fields]
        for name, each in zip(fields, known, strict=True):
            if each is None:
                raise errors.unknown_column(name, type.name)
        found = self._records.store.get_many(type.name, map(to_18, ids))
        shown: list[Row | None] = []
        for id in map(to_18, ids):
            doc, gone = found.get(id, ({}, True))
            values = {each.name: doc.get(each.name) for each in known if each is not None}
            shown.append(None if gone else {"attributes": {"type": type.name}, "Id": id, **values})
        return shown

    def _type(self, session: Session, row: Row) -> Any:
        name = (row.get("attributes") or {}).get("type")
        if not name:
            raise SalesforceError("INVALID_TYPE", "The type of the sObject must be specified in its attributes", fields=())
        try:
            return self._records.type(session, name)
        except SalesforceError:
            raise SalesforceError("INVALID_TYPE", f"sObject type '{name}' is not supported.", fields=()) from None

    def _each(self, rows: list[Row], one: Callable[[Row], Row], all_or_none: bool) -> list[Row]:
        if len(rows) > MAX_ROWS:
            message = f"record limit reached. cannot submit more than {MAX_ROWS} records into this call"
            raise SalesforceError("EXCEEDED_ID_LIMIT", message, fields=())
        results: list[Row] = []
        try:
            with self._records.store.transaction():
                for row in rows:
                    results.append(self._one(row, one))
                if all_or_none and not all(result["success"] for result in results):
                    raise _RollBack
        except _RollBack:
            self._records.schema.refresh()
            rolled_back = SalesforceError("ALL_OR_NONE_OPERATION_ROLLED_BACK", _ROLLED_BACK, fields=())
            return [failed(rolled_back) if result["success"] else result for result in results]
        return results

    def _one(self, row: Row, one: Callable[[Row], Row]) -> Row:
        try:
            return one(row)  # what fails has written nothing: see records.py
        except SalesforceError as wrong:
            return failed(errors.no_such_record() if wrong.code == "NOT_FOUND" else wrong)


def done(id: str) -> Row:
    return {"id": id, "success": True, "errors": []}


def failed(wrong: SalesforceError) -> Row:
    return {"success": False, "errors": wrong.as_rows()}

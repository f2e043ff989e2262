"""Validation rules: what an org's administrator forbids, as a formula that is true for what must not be saved.

Belongs here: defining rules, and asking them when a record is saved. Does not: formulas (``formula.py``), how a request carries a
definition (``tooling.py``, ``metadata_soap.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.clock import Clock
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.formula import compiled
from connectors.sandbox.salesforce.formula_functions import FormulaError
from connectors.sandbox.salesforce.formula_kinds import Case, Expression
from connectors.sandbox.salesforce.ids import make_id
from connectors.sandbox.salesforce.schema import Field, ObjectType, Schema
from connectors.sandbox.salesforce.values import wire_datetime
from connectors.sandbox.store import Store

TYPE = "ValidationRule"
_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*")
_LONGEST_NAME, _LONGEST_MESSAGE = 40, 255


@dataclass(frozen=True)
class _Rule:
    """An active rule that can be asked; ``fault`` where its formula no longer fits the org."""

    name: str
    message: str
    field: str
    formula: Expression | None
    fault: str = ""


class Rules:
    """The validation rules of one org."""

    def __init__(self, store: Store, schema: Schema, clock: Clock) -> None:
        self._store, self._schema, self._clock = store, schema, clock
        self._compiled_for: object = None
        self._rules: dict[str, list[_Rule]] = {}
        self._zone = ZoneInfo("UTC")

    def check(self, type_name: str, doc: dict[str, Any], before: dict[str, Any], user_id: str) -> None:
        """Ask every active rule of the type; raises FIELD_CUSTOM_VALIDATION_EXCEPTION with one error for each that strikes."""
        if self._compiled_for is not self._schema.types:
            self._compile()
        rules = self._rules.get(type_name)
        if not rules:
            return
        user = self._store.get("User", user_id) or {"Id": user_id}
        case = Case(doc, before, user, self._clock.now().astimezone(self._zone), self._parent)
        broken = [fault for rule in rules if (fault := _asked(rule, case)) is not None]
        if broken:
            broken[0].others = tuple(broken[1:])
            raise broken[0]

    def add(self, full_name: str, metadata: dict[str, Any]) -> str:
        """Define ``Object.Rule``; returns its id. Raises ``SalesforceError``."""
        owner, _, name = full_name.partition(".")
        type = self._schema.types.get(owner.lower())
        if type is None or type.tooling:
            raise SalesforceError(
                "INVALID_CROSS_REFERENCE_KEY", f"Entity Enumeration Or ID: bad value for restricted picklist: {owner}"
            )
        if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
            raise _unfit(f"The rule name {name!r} can only contain letters, digits and single underscores, 40 at most")
        if self.find(full_name) is not None:
            raise SalesforceError("DUPLICATE_DEVELOPER_NAME", f"There is already a {TYPE} named {name} on {type.name}.")
        id = make_id("03d", self._store.count(TYPE) + 1)
        return self._keep(type, {"Id": id, "ValidationName": name, "CreatedDate": self._now()}, metadata)

    def replace(self, full_name: str, metadata: dict[str, Any]) -> str:
        """Change a rule; returns its id. Raises ``SalesforceError``."""
        doc = self._known(full_name)
        return self._keep(self._schema.types[doc["EntityDefinitionId"].lower()], doc, metadata)

    def remove(self, full_name: str) -> None:
        """Raises ``SalesforceError`` where there is none."""
        doc = self._known(full_name)
        self._store.put(TYPE, doc["Id"], doc, self._now(), deleted=True)
        self._schema.refresh()

    def find(self, full_name: str) -> dict[str, Any] | None:
        """The document of a rule, by ``Object.Rule``."""
        return next((doc for doc in self._all() if doc["FullName"].lower() == full_name.lower()), None)

    def of(self, type_name: str) -> list[dict[str, Any]]:
        """The documents of one type's rules, active or not, by id."""
        return [doc for doc in self._all() if doc["EntityDefinitionId"] == type_name]

    def _all(self) -> list[dict[str, Any]]:
        return [doc for _, doc, _, _ in self._store.select(TYPE, "deleted = 0")]

    def _known(self, full_name: str) -> dict[str, Any]:
        doc = self.find(full_name)
        if doc is None:
            raise SalesforceError("INVALID_CROSS_REFERENCE_KEY", f"In field: fullName - no {TYPE} named {full_name} found")
        return doc

    def _keep(self, type: ObjectType, doc: dict[str, Any], metadata: dict[str, Any]) -> str:
        formula, message = metadata.get("errorConditionFormula"), metadata.get("errorMessage")
        for wanted in ("active", "errorConditionFormula", "errorMessage"):
            if metadata.get(wanted) in (None, ""):
                raise SalesforceError("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{wanted}]", fields=(wanted,))
        if len(str(message)) > _LONGEST_MESSAGE:
            text = f"Error Message: data value too large: {message} (max length={_LONGEST_MESSAGE})"
            raise SalesforceError("STRING_TOO_LONG", text, fields=("ErrorMessage",))
        shown = metadata.get("errorDisplayField")
        each = type.field(str(shown)) if shown else None
        if shown and each is None:
            raise _unfit(f"Field {shown} does not exist. Check spelling.")
        try:
            self._formula(type, str(formula))
        except FormulaError as wrong:
            raise _unfit(str(wrong)) from None
        now = self._now()
        kept = {
            **doc,
            "FullName": f"{type.name}.{doc['ValidationName']}",
            "EntityDefinitionId": type.name,
            "Active": str(metadata["active"]).lower() == "true",
            "Description": metadata.get("description"),
            "ErrorDisplayField": None if each is None else each.name,
            "ErrorMessage": message,
            "Metadata": {name: value for name, value in metadata.items() if name != "fullName"},
            "SystemModstamp": now,
            "LastModifiedDate": now,
        }
        self._store.put(TYPE, kept["Id"], kept, now)
        self._schema.refresh()
        return str(kept["Id"])

    def _compile(self) -> None:
        """All rules anew: fields and rules come and go."""
        self._rules = {}
        for doc in self._all():
            type = self._schema.types.get(doc["EntityDefinitionId"].lower())
            if type is not None and doc["Active"]:
                self._rules.setdefault(type.name, []).append(self._rule(type, doc))
        organisation = next(self._store.select("Organization"), None)
        self._zone = ZoneInfo((organisation[1].get("TimeZoneSidKey") if organisation else None) or "UTC")
        self._compiled_for = self._schema.types

    def _rule(self, type: ObjectType, doc: dict[str, Any]) -> _Rule:
        told = (doc["ValidationName"], doc["ErrorMessage"], doc["ErrorDisplayField"] or "")
        try:
            return _Rule(*told, self._formula(type, doc["Metadata"]["errorConditionFormula"]))
        except FormulaError as wrong:
            return _Rule(*told, None, str(wrong))

    def _formula(self, type: ObjectType, text: str) -> Expression:
        formula = compiled(text, type, self._schema.types)
        if formula.kind != "boolean":
            shown = formula.kind.capitalize()
            raise FormulaError(f"Formula result is data type ({shown}), incompatible with expected data type (true or false).")
        return formula

    def _parent(self, link: Field, id: str) -> dict[str, Any]:
        found = (self._store.get(name, id) for name in link.reference_to)
        return next((doc for doc in found if doc is not None), {})

    def _now(self) -> str:
        return wire_datetime(self._clock.now().replace(microsecond=0))


def _asked(rule: _Rule, case: Case) -> SalesforceError | None:
    """The error a record is refused with, if this rule refuses it."""
    fault = rule.fault
    if rule.formula is not None:
        try:
            if not rule.formula.of(case):
                return None
        except FormulaError as wrong:
            fault = str(wrong)
    message = f'Validation formula "{rule.name}" Invalid ({fault})' if fault else rule.message
    return SalesforceError("FIELD_CUSTOM_VALIDATION_EXCEPTION", message, fields=(rule.field,) if rule.field else ())


def _unfit(message: str) -> SalesforceError:
    return SalesforceError("FIELD_INTEGRITY_EXCEPTION", message)

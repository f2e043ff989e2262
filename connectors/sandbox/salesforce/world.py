"""Filling an empty org: from a world's directory, or with the bare minimum.

Belongs here: reading ``schema.json`` and ``<Object>.jsonl``, default org, users, stages and clients.
Does not: making worlds up (``connectors/sandbox/world/``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connectors.sandbox.clock import Clock
from connectors.sandbox.salesforce.definitions import Definitions
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ids import make_id
from connectors.sandbox.salesforce.schema import Field, ObjectType, Schema
from connectors.sandbox.salesforce.validation import Rules
from connectors.sandbox.salesforce.values import full_name, parse_datetime, wire_datetime
from connectors.sandbox.store import Store

_STAGES = (
    ("Prospecting", 10, False, False), ("Qualification", 20, False, False), ("Proposal/Price Quote", 60, False, False),
    ("Negotiation/Review", 80, False, False), ("Closed Won", 100, True, True), ("Closed Lost", 0, True, False),
)  # fmt: skip
_LENGTHS = {"string": 255, "textarea": 255, "reference": 18, "picklist": 255, "url": 255, "phone": 40, "email": 80}
INTEGRATION_MAY_CUSTOMISE = False
"""Whether the integration's login may create fields, objects and permission sets, where a world does not say so itself."""
_KINDS = {"integration": INTEGRATION_MAY_CUSTOMISE, "person": False, "admin": True}
"""Kind of login -> whether it may customise the org; a world's clients are of these kinds in this order."""
_EPOCH = "2020-01-01T00:00:00.000+0000"
_WIRE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000")


def load(store: Store, directory: Path | None) -> None:
    """Fill the empty store. Raises ``ValueError`` naming file, line and fault."""
    described: dict[str, Any] = {}
    if directory is not None and (directory / "schema.json").exists():
        described = json.loads((directory / "schema.json").read_text(encoding="utf-8"))
    clients = _clients(described.get("clients", []), "sandbox" if directory is None else directory.name)
    store.set_meta("clients", clients)
    # what a world brings is open to every user, as if granted long ago
    store.set_meta("open_objects", [given["name"] for given in described.get("custom_objects", [])])
    _put_defaults(store, clients)
    schema = Schema(store)
    rules = Rules(store, schema, Clock())
    definitions = Definitions(store, schema, Clock(), rules)
    owned = {given["name"]: _put_object(definitions, given, directory) for given in described.get("custom_objects", [])}
    for owner, fields in [*owned.items(), *described.get("custom_fields", {}).items()]:
        if owner.lower() not in schema.types:
            raise ValueError(f"schema.json: there is no object {owner}")
        for each in fields:
            definitions.put_field(schema.types[owner.lower()].name, _field(each), {"label": each.get("label", each["name"])})
    for owner, given in described.get("validation_rules", {}).items():
        for each in given:
            _put_rule(rules, owner, each)
    store.set_meta("switched_off", described.get("switched_off", []))
    schema.refresh()
    for path in sorted(directory.glob("*.jsonl")) if directory is not None else ():
        type = schema.types.get(path.stem.lower())
        if type is None:
            raise ValueError(f"{path.name}: there is no object {path.stem}")
        store.put_many(type.name, _rows(path, type))
    _add_stages_in_use(store)


def logins(store: Store) -> dict[str, dict[str, str]]:
    """Kind -> client id and secret."""
    return {each["kind"]: {name: each[name] for name in ("client_id", "client_secret")} for each in store.get_meta("clients")}


def _clients(given: list[dict[str, Any]], org: str) -> list[dict[str, Any]]:
    """One client of each kind: the world's own, and made up ones where it has none.

    The latter's secrets guard nothing and stay the same over a reset.
    """
    clients = []
    for number, (kind, admin) in enumerate(_KINDS.items()):
        name = f"{org}-{kind}"
        made_up = {
            "client_id": name,
            "client_secret": f"{org}-only-{kind}",
            "user_id": make_id("005", number + 1),
            "username": f"{kind}@{org.replace('_', '-')}.example",
            "password": f"{org}-only-{kind}",
        }
        clients.append({"kind": kind, "admin": admin, **(given[number] if number < len(given) else made_up)})
    return clients


def _put_defaults(store: Store, clients: list[dict[str, Any]]) -> None:
    """What every org has; a world's own records of the same ids replace it."""
    stamps = {"CreatedDate": _EPOCH, "LastModifiedDate": _EPOCH, "SystemModstamp": _EPOCH}

    def put(type_name: str, id: str, **doc: Any) -> None:
        store.put(type_name, id, {"Id": id, **doc, **stamps}, _EPOCH)

    locale = {"TimeZoneSidKey": "Asia/Tokyo", "LanguageLocaleKey": "ja", "DefaultLocaleSidKey": "ja_JP"}
    kind = {"IsSandbox": True, "InstanceName": "LOCAL", "OrganizationType": "Enterprise Edition"}
    put("Organization", make_id("00D", 1), Name="Totsugo sandbox", **locale, **kind)
    for number, (name, chance, closed, won) in enumerate(_STAGES, 1):
        _put_stage(store, number, name, chance, closed, won)
    for client in clients:
        login = client.get("username") or f"{client['client_id']}@sandbox.example"
        known = {"Username": login, "Email": login, "LastName": client["client_id"], "Name": client["client_id"]}
        put("User", client["user_id"], **known, IsActive=True, UserType="Standard")


def _put_stage(store: Store, number: int, name: str, chance: int, closed: bool, won: bool) -> None:
    id = make_id("01J", number)
    doc = {
        "Id": id,
        "MasterLabel": name,
        "ApiName": name,
        "IsActive": True,
        "IsClosed": closed,
        "IsWon": won,
        "SortOrder": number,
    }
    store.put("OpportunityStage", id, {**doc, "DefaultProbability": chance, "SystemModstamp": _EPOCH}, _EPOCH)


def _add_stages_in_use(store: Store) -> None:
    """A world may name stages as it likes; what its opportunities say makes them stages of the org."""
    known = {doc["MasterLabel"] for _, doc, _, _ in store.select("OpportunityStage")}
    for _, doc, _, _ in store.select("Opportunity"):
        name, closed, won = doc["StageName"], bool(doc.get("IsClosed")), bool(doc.get("IsWon"))
        if name not in known:
            known.add(name)
            _put_stage(store, len(known), name, 100 if won else 0 if closed else 50, closed, won)


def _put_object(definitions: Definitions, given: dict[str, Any], directory: Path | None) -> list[dict[str, Any]]:
    """A custom object of ``schema.json``; returns the fields it brings. Its ids begin as those of its own records do."""
    name, label = given["name"], given.get("label", given["name"])
    records = (directory or Path()) / f"{name}.jsonl"
    prefix = None
    if records.exists():
        with records.open(encoding="utf-8") as file:
            prefix = str(json.loads(next(file, "{}")).get("Id", ""))[:3] or None
    labels = (label, given.get("pluralLabel", label))
    definitions.put_object(name, labels, Field("Name", "string", "Name", 80), {"label": label}, prefix=prefix)
    return given.get("fields", [])


def _put_rule(rules: Rules, owner: str, given: dict[str, Any]) -> None:
    """A validation rule of ``schema.json``: ``name``, ``formula``, ``message``, perhaps ``field`` and ``active``."""
    known = {"errorConditionFormula": given.get("formula"), "errorMessage": given.get("message")}
    shown = {"errorDisplayField": given["field"]} if given.get("field") else {}
    try:
        rules.add(f"{owner}.{given.get('name')}", {"active": given.get("active", True), **known, **shown})
    except SalesforceError as wrong:
        raise ValueError(f"schema.json: validation rule {owner}.{given.get('name')}: {wrong.message}") from None


def _field(given: dict[str, Any]) -> Field:
    """A custom field of ``schema.json``; visible from the start, as if granted long ago."""
    targets = given.get("referenceTo") or ()
    relationship = given.get("relationshipName") or (given["name"].removesuffix("__c") + "__r" if targets else None)
    values = [each if isinstance(each, (list, tuple)) else (each, each) for each in given.get("values", ())]
    return Field(
        name=given["name"],
        type=given["type"],
        label=given.get("label", given["name"]),
        length=int(given.get("length") or _LENGTHS.get(given["type"], 0)),
        external_id=bool(given.get("externalId")),
        unique=bool(given.get("unique")),
        restricted=bool(given.get("restricted")),
        values=tuple((str(value), str(label)) for value, label in values),
        reference_to=(targets,) if isinstance(targets, str) else tuple(targets),
        relationship=relationship,
        precision=int(given.get("precision", 18)),
        scale=int(given.get("scale", 0)),
        custom=True,
    )


def _rows(path: Path, type: ObjectType) -> Iterator[tuple[str, dict[str, Any], str, bool]]:
    """The documents of one file, with what a client would expect to be there filled in."""
    known = {each.name for each in type.fields.values()}
    flags = {each.name: False for each in type.fields.values() if each.type == "boolean"}
    moments = [each.name for each in type.fields.values() if each.type == "datetime"]
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            doc = json.loads(line)
            doc.pop("attributes", None)
            unknown = doc.keys() - known
            if unknown or "Id" not in doc:
                fault = f"{type.name} has no field {min(unknown)}; declare it in schema.json" if unknown else "there is no Id"
                raise ValueError(f"{path.name} line {number}: {fault}")
            doc = _completed(type, flags | doc, moments)
            yield doc["Id"], doc, doc["SystemModstamp"], bool(doc.pop("IsDeleted"))


def _completed(type: ObjectType, doc: dict[str, Any], moments: list[str]) -> dict[str, Any]:
    for name in moments:
        value = doc.get(name)
        if value is not None and not _WIRE.fullmatch(value):
            doc[name] = wire_datetime(parse_datetime(value))
    doc.setdefault("SystemModstamp", doc.get("LastModifiedDate") or _EPOCH)
    doc.setdefault("LastModifiedDate", doc["SystemModstamp"])
    doc.setdefault("CreatedDate", doc["SystemModstamp"])
    if type.name in ("Contact", "Lead", "User"):
        doc.setdefault("Name", full_name(doc))
    return doc

"""Filling a portal's store: from the files of a world, or with bare defaults.

Belongs here: the file layout of ``orgs/<org>/`` and bringing its values into the form the store keeps. Does not: making worlds.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from connectors.sandbox.hubspot.associations import primary, rows_for
from connectors.sandbox.hubspot.object_types import BY_NAME, TYPES, ObjectType, association_types
from connectors.sandbox.hubspot.portal import Json, store_key
from connectors.sandbox.hubspot.properties import canonical, datetime_text
from connectors.sandbox.hubspot.property_routes import property_definition
from connectors.sandbox.hubspot.records import set_stage, stages_of
from connectors.sandbox.hubspot.standard_properties import standard_properties
from connectors.sandbox.store import Store

_EPOCH = "1970-01-01T00:00:00.000Z"
_KINDS = ("integration", "person", "admin")
"""Kinds of login; a world's tokens are of these kinds in this order. A person works in HubSpot itself, the others by an app."""
_SCOPES = [
    "crm.objects.owners.read",
    "crm.lists.read",
    "crm.lists.write",
    *(
        f"crm.{part}.{object}.{right}"
        for part in ("objects", "schemas")
        for object in ("companies", "contacts", "deals")
        for right in ("read", "write")
    ),
]
_DEFAULT_STAGES = (
    ("appointmentscheduled", "アポイント設定", "0.2", False),
    ("qualifiedtobuy", "見込み確認", "0.4", False),
    ("contractsent", "契約書送付", "0.9", False),
    ("closedwon", "受注", "1.0", True),
    ("closedlost", "失注", "0.0", True),
)
_CHUNK = 5_000


def logins(store: Store) -> dict[str, dict[str, str]]:
    """Kind -> token."""
    return {doc["kind"]: {"token": doc["token"]} for _, doc, _, _ in store.select("tokens") if "kind" in doc}


def load(store: Store, directory: Path | None) -> None:
    """Fill an empty store from ``orgs/<org>/``, or with tokens and a deal pipeline where ``directory`` is ``None``.

    Raises ``ValueError`` where a line names a time or an object that cannot be.
    """
    path = None if directory is None else directory / "schema.json"
    schema = json.loads(path.read_text(encoding="utf-8")) if path is not None and path.exists() else {}
    name = "sandbox" if directory is None else directory.name
    store.set_meta("portal_id", schema.get("portal_id") or 20_000_000 + zlib.crc32(name.encode()) % 10_000_000)
    _load_tokens(store, schema.get("tokens", []), name)
    stages = _load_pipelines(store, schema.get("pipelines") or {"deals": [_default_pipeline()]})
    _load_properties(store, schema)
    if directory is None:
        return
    for kind in TYPES:
        _load_records(store, kind, directory / f"{kind.name}.jsonl", schema, stages)
    owners = [_owner(line) for line in _lines(directory / "owners.jsonl")]
    store.put_many("owners", [(store_key(doc["id"]), doc, doc["updatedAt"], doc["archived"]) for doc in owners])
    _load_associations(store, directory / "associations.jsonl")


def _lines(path: Path) -> Iterator[Json]:
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _load_tokens(store: Store, given: list[Json], portal: str) -> None:
    """A token of each kind: the world's own, and made up ones, which open nothing but this sandbox, where it has none."""
    for number, kind in enumerate(_KINDS):
        made_up = {"token": f"{portal}-{kind}-token", "user_id": number + 1, "scopes": _SCOPES}
        app = {} if kind == "person" else {"app_id": number + 1}
        token = {"kind": kind, **app, **(given[number] if number < len(given) else made_up)}
        store.put("tokens", token["token"], token, _EPOCH)


def _default_pipeline() -> Json:
    stages = [
        {"id": id, "label": label, "metadata": {"probability": chance, "isClosed": str(closed).lower()}}
        for id, label, chance, closed in _DEFAULT_STAGES
    ]
    return {"id": "default", "label": "営業パイプライン", "stages": stages}


def _load_pipelines(store: Store, pipelines: dict[str, list[Json]]) -> dict[str, tuple[bool, float]]:
    """Returns the deal stages: id -> whether closed, and probability."""
    common = {"createdAt": _EPOCH, "updatedAt": _EPOCH, "archived": False}
    for object, given in pipelines.items():
        for order, pipeline in enumerate(given):
            stages = [
                {
                    **common,
                    "displayOrder": number,
                    **stage,
                    "metadata": {key: _text(value) for key, value in stage.get("metadata", {}).items()},
                }
                for number, stage in enumerate(pipeline["stages"])
            ]
            doc = {**common, "displayOrder": order, **pipeline, "stages": stages}
            store.put(f"pipelines:{object}", doc["id"], doc, _EPOCH)
    return stages_of(stage for _, doc, _, _ in store.select("pipelines:deals") for stage in doc["stages"])


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _load_properties(store: Store, schema: Json) -> None:
    for object, given in (schema.get("properties") or {}).items():
        standard = standard_properties(object)
        made = [property_definition({"groupName": "custom", "fieldType": "text", **each}, _EPOCH) for each in given]
        own = [each for each in made if each["name"] not in standard]
        store.put_many(f"properties:{object}", [(each["name"], each, _EPOCH, False) for each in own])
        names = sorted({each["groupName"] for each in own} - {each["groupName"] for each in standard.values()})
        groups = [{"name": name, "label": name, "displayOrder": -1, "archived": False} for name in names]
        store.put_many(f"groups:{object}", [(group["name"], group, _EPOCH, False) for group in groups])


def _load_records(store: Store, kind: ObjectType, path: Path, schema: Json, stages: dict[str, tuple[bool, float]]) -> None:
    own = (schema.get("properties") or {}).get(kind.name) or []
    types = {
        **{each["name"]: each["type"] for each in own},
        **{name: each["type"] for name, each in standard_properties(kind.name).items()},
    }
    rows: list[tuple[str, Json, str, bool]] = []
    for line in _lines(path):
        doc = _record(kind, line, types)
        if kind.name == "deals":
            set_stage(doc, stages)
        rows.append((store_key(doc["id"]), doc, doc["updatedAt"], doc["archived"]))
        if len(rows) >= _CHUNK:
            store.put_many(kind.name, rows)
            rows = []
    store.put_many(kind.name, rows)


def _record(kind: ObjectType, line: Json, types: dict[str, str]) -> Json:
    """One line in the store's form: values canonical, unset ones left out, the record's own stamps in its properties."""
    given = {name: canonical(types.get(name, "string"), value) for name, value in line["properties"].items()}
    properties = {name: value for name, value in given.items() if value != ""}
    created = datetime_text(properties.get(kind.created) or line["createdAt"])
    updated = datetime_text(properties.get(kind.modified) or line["updatedAt"])
    properties.update({"hs_object_id": str(line["id"]), kind.created: created, kind.modified: updated})
    doc: Json = {"id": str(line["id"]), "properties": properties, "createdAt": created, "updatedAt": updated}
    doc["archived"] = bool(line.get("archived"))
    if doc["archived"]:
        doc["archivedAt"] = datetime_text(line.get("archivedAt") or updated)
    return doc


def _owner(line: Json) -> Json:
    created = datetime_text(line["createdAt"]) if line.get("createdAt") else _EPOCH
    updated = datetime_text(line["updatedAt"]) if line.get("updatedAt") else created
    doc = {**line, "id": str(line["id"]), "type": "PERSON", "createdAt": created, "updatedAt": updated}
    return {**doc, "archived": bool(line.get("archived")), "teams": line.get("teams") or []}


def _load_associations(store: Store, path: Path) -> None:
    """Every line is an association in its default type; a contact's or deal's first company is its primary one."""
    with_primary: set[tuple[str, str]] = set()
    tables: dict[str, list[tuple[str, Json, str, bool]]] = {}
    for line in _lines(path):
        a, b, from_id, to_id = BY_NAME[line["from"]], BY_NAME[line["to"]], str(line["from_id"]), str(line["to_id"])
        if a.name == "companies" and b.name != "companies":
            a, b, from_id, to_id = b, a, to_id, from_id
        type_ids, first = [association_types(a, b)[0].type_id], primary(a, b)
        if first is not None and (a.name, from_id) not in with_primary:
            with_primary.add((a.name, from_id))
            type_ids.append(first.type_id)
        for table, row in rows_for(a, b, from_id, to_id, sorted(type_ids), _EPOCH):
            tables.setdefault(table, []).append(row)
    for table, rows in tables.items():
        store.put_many(table, rows)

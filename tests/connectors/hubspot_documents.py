"""An answer of a portal against HubSpot's own description of it.

Belongs here: finding the schema that an answer must meet. Does not: hearing answers (``hubspot_witness``), tests of an endpoint.
The description is HubSpot's public OpenAPI document, carried by the wheel arcade-hubspot-crm-api (MIT); for what that lacks, the
models of HubSpot's client library. Schemas are closed: a key that neither names is a fault.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, partial
from importlib.metadata import distribution
from typing import Any
from uuid import UUID

from hubspot import oauth
from hubspot.crm import lists, schemas
from hubspot.crm.associations import v4
from hubspot.crm.associations.v4 import schema as v4_schema
from jsonschema import Draft202012Validator, FormatChecker

Json = Any

_DOCUMENT = "arcade_hubspot_crm_api/moar/openapi.json"
_NAMED = {
    "company": "companies", "0-2": "companies", "contact": "contacts", "0-1": "contacts", "deal": "0-3", "deals": "0-3",
    "task": "tasks", "0-27": "tasks", "meeting": "meetings", "0-47": "meetings",
}  # fmt: skip
"""An object type in a path -> as the document's own paths name it."""

_SAID_ELSEWHERE = {
    "status": {"type": "string"},
    "errorType": {"type": "string"},
    "policyName": {"enum": ["DAILY", "TEN_SECONDLY_ROLLING", "SECONDLY"]},
    "groupName": {"type": "string"},
}
"""Keys of an error that HubSpot's guide to its limits shows, and its document leaves out."""

_V4_PAIR = "/crm/v4/associations/{fromObjectType}/{toObjectType}"
_V4_RECORD = "/crm/v4/objects/{objectType}/{objectId}/associations"
_MODELS: dict[tuple[str, str], dict[int, type]] = {
    ("GET", _V4_RECORD + "/{toObjectType}"): {200: v4.CollectionResponseMultiAssociatedObjectWithLabelForwardPaging},
    ("PUT", _V4_RECORD + "/{toObjectType}/{toObjectId}"): {201: v4.LabelsBetweenObjectPair},
    ("PUT", _V4_RECORD + "/default/{toObjectType}/{toObjectId}"): {200: v4.BatchResponsePublicDefaultAssociation},
    ("POST", _V4_PAIR + "/batch/read"): {
        200: v4.BatchResponsePublicAssociationMultiWithLabel,
        207: v4.BatchResponsePublicAssociationMultiWithLabelWithErrors,
    },
    ("POST", _V4_PAIR + "/batch/create"): {
        201: v4.BatchResponseLabelsBetweenObjectPair,
        207: v4.BatchResponseLabelsBetweenObjectPairWithErrors,
    },
    ("POST", _V4_PAIR + "/batch/associate/default"): {
        200: v4.BatchResponsePublicDefaultAssociation,
        207: v4.BatchResponsePublicDefaultAssociation,
    },
    ("POST", _V4_PAIR + "/batch/archive"): {},
    ("POST", _V4_PAIR + "/batch/labels/archive"): {},
    ("DELETE", _V4_RECORD + "/{toObjectType}/{toObjectId}"): {},
    ("GET", _V4_PAIR + "/labels"): {200: v4_schema.CollectionResponseAssociationSpecWithLabelNoPaging},
    ("POST", "/crm/v3/lists/"): {200: lists.ListCreateResponse},
    ("GET", "/crm/v3/lists/"): {200: lists.ListsByIdResponse},
    ("GET", "/crm/v3/schemas"): {200: schemas.CollectionResponseObjectSchemaNoPaging},
    ("POST", "/crm/v3/schemas"): {201: schemas.ObjectSchema},
    ("GET", "/crm/v3/schemas/{objectType}"): {200: schemas.ObjectSchema},
    ("PATCH", "/crm/v3/schemas/{objectType}"): {200: schemas.ObjectTypeDefinition},
    ("DELETE", "/crm/v3/schemas/{objectType}"): {},
    ("POST", "/crm/v3/schemas/{objectType}/associations"): {201: schemas.AssociationDefinition},
    ("POST", "/oauth/v1/token"): {200: oauth.TokenResponseIF},
    ("GET", "/oauth/v1/access-tokens/{token}"): {200: oauth.AccessTokenInfoResponse},
}
"""Operations that the document lacks, by the client library's models; no model: an answer without a body."""

_TEXT, _COUNT, _TIME = {"type": "string"}, {"type": "integer"}, {"type": "string", "format": "date-time"}
_BY_HAND: dict[tuple[str, str], dict[str, Json]] = {
    ("POST", "/oauth/v2/private-apps/get/access-token-info"): {
        "userId": _COUNT, "hubId": _COUNT, "appId": _COUNT, "scopes": {"type": "array", "items": _TEXT}
    },
    ("POST", "/oauth/v3/token"): {
        "access_token": _TEXT, "refresh_token": _TEXT, "token_type": _TEXT, "token_use": _TEXT, "expires_in": _COUNT,
        "hub_id": _COUNT, "user_id": _COUNT, "scopes": {"type": "array", "items": _TEXT},
    },
    ("POST", "/oauth/v3/token/introspect"): {
        "active": {"type": "boolean"}, "client_id": _TEXT, "token_use": _TEXT, "token_type": _TEXT, "user": _TEXT,
        "user_id": _COUNT, "hub_id": _COUNT, "hub_domain": _TEXT, "app_id": _COUNT, "expires_in": _COUNT,
        "scopes": {"type": "array", "items": _TEXT},
    },
    ("GET", "/account-info/v3/details"): {
        "portalId": _COUNT, "accountType": _TEXT, "timeZone": _TEXT, "companyCurrency": _TEXT,
        "additionalCurrencies": {"type": "array", "items": _TEXT}, "utcOffset": _TEXT, "utcOffsetMilliseconds": _COUNT,
        "uiDomain": _TEXT, "dataHostingLocation": _TEXT,
    },
    ("GET", "/account-info/v3/api-usage/daily/private-apps"): {
        "results": {
            "type": "array",
            "items": {
                "type": "object", "additionalProperties": False,
                "properties": {
                    "name": _TEXT, "usageLimit": _COUNT, "currentUsage": _COUNT, "fetchStatus": _TEXT,
                    "collectedAt": _TIME, "resetsAt": _TIME,
                },
            },
        }
    },
}  # fmt: skip
"""Operations of which neither says more than HubSpot's pages do: the keys of a 200, all of them required."""

_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_FORMATS.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or bool(UUID(value))


@_FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or abs(value) < 2**31


@dataclass(frozen=True)
class Operation:
    """One method of one path, and what it answers: status, or ``default``, -> JSON schema; ``None`` is no body."""

    method: str
    template: str
    answers: Callable[[], dict[str, Json | None]]

    @cached_property
    def path(self) -> re.Pattern[str]:
        parts = ["[^/]+" if part.startswith("{") else re.escape(part) for part in self.template.rstrip("/").split("/")]
        return re.compile("/".join(parts) + "/?")

    @cached_property
    def validators(self) -> dict[str, Draft202012Validator | None]:
        return {status: schema and _validator(schema) for status, schema in self.answers().items()}


@cache
def _document() -> Json:
    path = distribution("arcade-hubspot-crm-api").locate_file(_DOCUMENT)
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]


@cache
def _components() -> Json:
    return _closed(_document()["components"]["schemas"])


def _validator(schema: Json) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": {"schemas": _components()}}, format_checker=_FORMATS)


_ERROR = {"$ref": "#/components/schemas/Error"}
_OAUTH_ERROR = {"type": "object", "required": ["message", "correlationId"], "properties": {"status": {"type": "string"}}}
_UNKNOWN = Operation("", "", lambda: {"default": _ERROR})
"""What is no operation is answered by an error, too."""


@cache
def _operations() -> list[Operation]:
    """Those with the fewest open places in their path first: ``/batch/read`` is no record's id."""
    found = [
        Operation(method.upper(), template, partial(_from_document, template, operation["responses"]))
        for template, methods in _document()["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "responses" in operation
    ]
    found += [Operation(*key, partial(_from_models, key[1], models)) for key, models in _MODELS.items()]
    found += [Operation(*key, partial(_from_keys, keys)) for key, keys in _BY_HAND.items()]
    return sorted(found, key=lambda each: each.template.count("{"))


def _from_models(template: str, models: dict[int, type]) -> dict[str, Json | None]:
    error = _OAUTH_ERROR if template.startswith("/oauth/") else _ERROR
    return {"default": error, **({str(status): _of_model(model) for status, model in models.items()} or {"204": None})}


def _from_keys(keys: dict[str, Json]) -> dict[str, Json | None]:
    required = ["active"] if "active" in keys else list(keys)  # of a token that is over nothing else is told
    schema = {"type": "object", "properties": keys, "required": required, "additionalProperties": False}
    return {"default": _ERROR, "200": schema}


def _from_document(template: str, responses: Json) -> dict[str, Json | None]:
    answers: dict[str, Json | None] = {"default": _ERROR}
    for status, response in responses.items():
        if status != "default":
            contents = list(response.get("content", {}).values())
            answers[status] = _closed(contents[0]["schema"]) if contents else None
    success = answers.get("200")
    if success and "entity" in success.get("properties", {}):
        # Of what is created the document speaks as of a 200 with the record wrapped up; HubSpot, its pages and its own client
        # know a 201 and the record itself
        answers["201"] = success["properties"]["entity"]
        del answers["200"]
    elif success and template.endswith("/batch/create"):  # likewise
        answers["201"] = answers.pop("200")
    whole = answers.get("201") or success
    if whole and "/batch/" in template and "207" not in answers:  # only some of the paths tell of it
        errors = {"type": "array", "items": {"$ref": "#/components/schemas/StandardError"}}
        answers["207"] = {**whole, "properties": {**whole["properties"], "errors": errors}}
    return answers


def _closed(schema: Json) -> Json:
    """OpenAPI 3.0 as JSON schema, with no room for keys that are not named, and texts where the document has an empty object."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        if schema["properties"] and "additionalProperties" not in schema:
            made["additionalProperties"] = False
        if "subCategory" in made["properties"]:
            made["properties"]["subCategory"] = {"type": "string"}
        if {"correlationId", "category"} <= set(made["properties"]):
            made["properties"].update(_SAID_ELSEWHERE)
    if made.pop("nullable", False) is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


@cache
def _of_model(model: type) -> Json:
    """The JSON schema that a model of the client library amounts to."""
    names: dict[str, str] = model.attribute_map  # type: ignore[attr-defined]
    types = {key: _of_type(model, model.openapi_types[name]) for name, key in names.items()}  # type: ignore[attr-defined]
    required = [key for name, key in names.items() if _is_required(model, name)]
    properties = {key: type_ if key in required else {"anyOf": [type_, {"type": "null"}]} for key, type_ in types.items()}
    return _closed({"type": "object", "properties": properties, "required": required})


def _is_required(model: type, name: str) -> bool:
    return "must not be `None`" in inspect.getsource(getattr(model, name).fset)


def _of_type(model: type, name: str) -> Json:
    if inner := re.fullmatch(r"list\[(.+)\]", name):
        return {"type": "array", "items": _of_type(model, inner[1])}
    if "FilterBranch" in name:
        return {}  # filters hold filters, and mean nothing here
    if inner := re.fullmatch(r"dict[(\[]str, (.+)[)\]]", name):
        return {"type": "object", "additionalProperties": _of_type(model, inner[1])}
    plain = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "object": None}
    if name == "datetime":
        return _TIME
    if name in plain:
        return {"type": plain[name]} if plain[name] else {}
    package = inspect.getmodule(model).__name__.rsplit(".", 1)[0]  # type: ignore[union-attr]
    return _of_model(getattr(__import__(package, fromlist=[name]), name))


def faults_of(method: str, path: str, status: int, body: bytes) -> list[str]:
    """What is wrong with an answer; nothing where HubSpot itself might have given it."""
    said = f"{method} {path} answered {status}"
    parts = path.split("/")
    if parts[1:4] == ["crm", "v3", "objects"] and len(parts) > 4:
        parts[4] = _NAMED.get(parts[4], parts[4])
        if parts[6:7] == ["associations"]:  # under another path in the document
            parts[1:4] = ["crm", "objects", "v3"]
    meant = "/".join(parts)
    operation = next((each for each in _operations() if each.method == method and each.path.fullmatch(meant)), _UNKNOWN)
    validators = operation.validators
    key = str(status) if str(status) in validators or status < 400 else "default"
    if key not in validators:
        return [f"{said}: no such answer is described"]
    validator = validators[key]
    if validator is None:
        return [f"{said} with a body, of which there should be none"] if body else []
    try:
        answer = json.loads(body)
    except ValueError:
        return [f"{said} with what is no JSON: {body[:200]!r}"]
    return [f"{said}: {error.json_path}: {error.message[:300]}" for error in validator.iter_errors(answer)]

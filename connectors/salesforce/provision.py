"""Creating what Totsugo owns in a Salesforce org: fields, the child object, two permission sets.

Belongs here: what is missing, creating it, granting sight of it. Alters and removes nothing that exists.
Runs under an administrator's login, never from a run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import requests
from zeep.exceptions import Error as SoapError

from connectors.batches import CallRefused, SchemaRefused
from connectors.crm import CrmUnavailable, FieldSpec, ObjectSpec, ProvisionReport
from connectors.retry import TIMEOUT
from connectors.salesforce.metadata import field_metadata, object_metadata
from connectors.salesforce.permissions import grant
from connectors.salesforce.session import SalesforceSession

_EXISTS = {"DUPLICATE_DEVELOPER_NAME", "DUPLICATE_VALUE"}


def provision(session: SalesforceSession, objects: Sequence[ObjectSpec], lists: Sequence[str], dry_run: bool) -> ProvisionReport:
    """Create what is missing; with ``dry_run`` only say what would be."""
    created: list[str] = []
    present: list[str] = []
    by_hand = [f"list view {name!r} on the child object: create it, filtered by partner" for name in lists]
    for spec in objects:
        _provision_object(session, spec, dry_run, created, present, by_hand)
    grant(session, objects, dry_run, created, present)
    fields = ", ".join(spec.name for spec in objects)
    by_hand.append(f"page layouts of {fields}: place the Totsugo fields where reps look")
    by_hand.append("permission set Totsugo_Reader: assign it to the sales reps")
    return ProvisionReport(tuple(created), tuple(present), tuple(by_hand))


def _provision_object(
    session: SalesforceSession, spec: ObjectSpec, dry_run: bool, created: list[str], present: list[str], by_hand: list[str]
) -> None:
    existing = fields_of(session, spec.name)
    if existing is None and spec.create:
        if not dry_run:
            _create_object(session, spec)
        created += [spec.name, *(f"{spec.name}.{field.name}" for field in spec.fields)]
        return
    if existing is None:
        by_hand.append(f"object {spec.name}: it does not exist, or this login cannot see it; Totsugo does not create it")
        return
    if spec.create:
        present.append(spec.name)
    for field in spec.fields:
        full_name = f"{spec.name}.{field.name}"
        if field.name in existing:
            present.append(full_name)
        elif dry_run or _create_field(session, spec, field):
            created.append(full_name)
        else:
            present.append(full_name)


def fields_of(session: SalesforceSession, object: str) -> set[str] | None:
    """All fields, also those that are hidden from this login; ``None`` where there is no such object."""
    visible: set[str] | None = None
    with contextlib.suppress(SchemaRefused):  # it may exist and be hidden
        visible = {field["name"] for field in session.call("GET", f"sobjects/{object}/describe")["fields"]}
    table = object
    if object.endswith("__c"):
        known = _tooling(session, f"SELECT Id FROM CustomObject WHERE DeveloperName = '{object.removesuffix('__c')}'")
        if not known:
            return visible
        table = known[0]["Id"]
    elif visible is None:
        return None
    hidden = _tooling(session, f"SELECT DeveloperName FROM CustomField WHERE TableEnumOrId = '{table}'")
    return (visible or set()) | {f"{row['DeveloperName']}__c" for row in hidden}


def _tooling(session: SalesforceSession, soql: str) -> list[dict[str, Any]]:
    return session.call("GET", "tooling/query", {"q": soql})["records"]


def _create_field(session: SalesforceSession, object: ObjectSpec, spec: FieldSpec) -> bool:
    """False where it turns out to exist: made by a call that broke off before its answer came."""
    body = {"FullName": f"{object.name}.{spec.name}", "Metadata": field_metadata(object, spec)}
    try:
        session.call("POST", "tooling/sobjects/CustomField", body=body)
    except CallRefused as refused:
        if refused.code not in _EXISTS:
            raise
        return False
    return True


def _create_object(session: SalesforceSession, spec: ObjectSpec) -> None:
    session.call("GET", "limits")  # logs in again where the session is over: the Metadata API cannot
    api = session.sf.mdapi
    transport = api._client.transport
    # The library's own transport has neither our retries nor a timeout, and knows https only.
    transport.session, transport.operation_timeout = session.sf.session, TIMEOUT[1]
    try:
        answers = api._service.createMetadata([object_metadata(api, spec)], _soapheaders=[api._session_header])
    except SoapError as error:
        raise CallRefused(f"Salesforce at {session.host} refused to create {spec.name}: {error}", "METADATA") from None
    except requests.RequestException as error:
        raise CrmUnavailable(f"Salesforce at {session.host} could not be reached ({type(error).__name__}).") from None
    for answer in answers:
        errors = [error for error in answer.errors or [] if str(error.statusCode) not in _EXISTS]
        if not answer.success and errors:
            said = "; ".join(f"{error.message} ({error.statusCode})" for error in errors)
            raise CallRefused(f"Salesforce at {session.host} refused to create {spec.name}: {said}", str(errors[0].statusCode))

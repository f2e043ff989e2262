"""What people do in a sandbox org under logins of their own.

Belongs here: acts that tests of several layers share. Does not: anything that Totsugo does.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

import requests

from connectors import open_crm
from connectors.sandbox.server import Org


def give_permission_set(org: Org, name: str = "Totsugo_Reader", user_id: str | None = None) -> None:
    """An administrator of a Salesforce org assigns a permission set to its person, or to another user."""
    assert org.crm == "salesforce"
    session = open_crm(org.crm, org.url, org.admin)._session  # type: ignore[attr-defined]
    user_id = user_id or open_crm(org.crm, org.url, org.person).identity().user_id
    (found,) = session.call("GET", "query", {"q": f"SELECT Id FROM PermissionSet WHERE Name = '{name}'"})["records"]
    body = {"AssigneeId": user_id, "PermissionSetId": found["Id"]}
    session.call("POST", "sobjects/PermissionSetAssignment", body=body)


def merge_records(org: Org, object: str, master: str, losers: Sequence[str]) -> None:
    """The person of a Salesforce org merges up to two records into a third."""
    into = f"<masterRecord><type>{object}</type><Id>{master}</Id></masterRecord>"
    _ask(org, "merge", f"<request>{into}{''.join(f'<recordToMergeIds>{id}</recordToMergeIds>' for id in losers)}</request>")


def undelete(org: Org, *ids: str) -> None:
    """The person of a Salesforce org takes records back out of the recycle bin."""
    _ask(org, "undelete", "".join(f"<ids>{id}</ids>" for id in ids))


def convert_lead(org: Org, lead: str, account: str | None = None) -> dict[str, str]:
    """The person of a Salesforce org converts a lead: ``accountId``, ``contactId``, ``opportunityId``, ``leadId``."""
    into = f"<accountId>{account}</accountId>" if account else ""
    wanted = f"<leadId>{lead}</leadId><convertedStatus>Closed - Converted</convertedStatus>{into}"
    return _ask(org, "convertLead", f"<leadConverts>{wanted}</leadConverts>")


def _ask(org: Org, operation: str, content: str) -> dict[str, str]:
    """One call of the partner API; its result. Fails the test where Salesforce refuses."""
    form = {"grant_type": "client_credentials", **org.person}
    token = requests.post(f"{org.url}/services/oauth2/token", data=form, timeout=10).json()["access_token"]
    api, soap = "urn:partner.soap.sforce.com", "http://schemas.xmlsoap.org/soap/envelope/"
    header = f'<e:Header><SessionHeader xmlns="{api}"><sessionId>{token}</sessionId></SessionHeader></e:Header>'
    body = (
        f'<e:Envelope xmlns:e="{soap}">{header}<e:Body><{operation} xmlns="{api}">{content}</{operation}></e:Body></e:Envelope>'
    )
    answer = requests.post(f"{org.url}/services/Soap/u/62.0", data=body.encode(), timeout=10)
    result = ET.fromstring(answer.text).find(f".//{{{api}}}result")
    assert result is not None, answer.text
    told = {part.tag.rpartition("}")[2]: part.text or "" for part in result}
    assert told["success"] == "true", answer.text
    return told

"""What people do in a sandbox org under logins of their own.

Belongs here: acts that tests of several layers share. Does not: anything that Totsugo does.
"""

from __future__ import annotations

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

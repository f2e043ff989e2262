"""What people do in the demo's CRMs: an administrator opens our fields to the reps, reps set overrides, claims came in earlier.

Belongs here: acting as these people, through the CRMs' own APIs. Does not: anything that Totsugo does.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests

from connectors import open_crm
from demo.stage import Stage
from pipelines.settings import Paths
from pipelines.warehouse import Warehouse


def act(stage: Stage, described: Mapping[str, Any]) -> int:
    """Everything that people did before the first run, once; returns the number of overrides they set."""
    done = stage.home / "people-acted"
    if done.exists():
        return 0
    count = _overrides(stage, described)
    _earlier_claims(stage)
    done.touch()
    return count


def _overrides(stage: Stage, described: Mapping[str, Any]) -> int:
    """Each override under the rep's own login, so that it counts as a person's edit."""
    by_target: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for override in stage.about["overrides"]:
        by_target[override["org"], override["object"]].append(override)
    for (name, object), overrides in by_target.items():
        org = described["orgs"][name]
        schema = json.loads((stage.world / "orgs" / name / "schema.json").read_text(encoding="utf-8"))
        if org["crm"] == "salesforce":
            rep = schema["clients"][1]
            _open_fields_to(rep["user_id"], org)
            login = {"method": "client_credentials", "client_id": rep["client_id"], "client_secret": rep["client_secret"]}
        else:
            login = {"method": "token", "token": schema["tokens"][1]["token"]}
        id_name = "Id" if org["crm"] == "salesforce" else "id"
        rows = [{id_name: override["id"], **override["values"]} for override in overrides]
        for result in open_crm(org["crm"], org["url"], login).write(object, rows):
            if not result.ok:
                raise SystemExit(f"The demo's rep could not set an override on {object} {result.key}: {result.message}")
    return sum(len(overrides) for overrides in by_target.values())


def _open_fields_to(user_id: str, org: Mapping[str, Any]) -> None:
    """What provisioning asks an administrator to do by hand: assign the permission set to a rep."""
    login = {"grant_type": "client_credentials", **org["admin"]}
    token = requests.post(f"{org['url']}/services/oauth2/token", data=login, timeout=30).json()["access_token"]
    api, headers = f"{org['url']}/services/data/v60.0", {"Authorization": f"Bearer {token}"}
    query = {"q": "SELECT Id FROM PermissionSet WHERE Name = 'Totsugo_Reader'"}
    found = requests.get(f"{api}/query", params=query, headers=headers, timeout=30).json()["records"]
    body = {"AssigneeId": user_id, "PermissionSetId": found[0]["Id"]}
    requests.post(f"{api}/sobjects/PermissionSetAssignment", json=body, headers=headers, timeout=30).raise_for_status()


def _earlier_claims(stage: Stage) -> None:
    """The deal registrations of this world came in on earlier days than the first run; a real one remembers that by itself."""
    received = [(claim["claim_id"], claim["partner"], datetime.fromisoformat(claim["received_at"])) for claim in _claims(stage)]
    with Warehouse(Paths.from_environment()).connect() as con:
        con.executemany("INSERT OR IGNORE INTO state.registrations VALUES (?, ?, ?)", received)


def _claims(stage: Stage) -> list[dict[str, str]]:
    found: list[dict[str, str]] = stage.about["registrations_received"]
    return found

"""``totsugo provision``: under the administrator's login, one connection after the other.

Belongs here: whose login does it, and for whom. Does not: what is created (``pipelines/writeback/provision.py``).
"""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from connectors import open_crm
from connectors.crm import CrmError, ProvisionReport
from pipelines.cli import show
from pipelines.cli.plainly import Refused, errors
from pipelines.settings import Settings
from pipelines.writeback.deployable import projects, write
from pipelines.writeback.provision import objects_to_provision


def provision_all(console: Console, settings: Settings, dry_run: bool) -> bool:
    """Every connection that is written; what one refuses is told, and the others go on. False where one refused."""
    refused = 0
    for name, connection in settings.connections.items():
        if not connection.write_back:
            if connection.party == "us":
                console.print(f"{name}: write_back is off, nothing to create")
            continue
        try:
            show.provisioned(console, name, provisioned(settings, name, dry_run), dry_run)
        except (CrmError, Refused) as error:
            refused += 1
            errors.print(str(error), markup=False)
    return not refused


def provisioned(settings: Settings, name: str, dry_run: bool = False) -> ProvisionReport:
    """Provision one connection. Raises ``Refused`` where it has no administrator's login: the runs' own is never used for it."""
    connection = settings.connections[name]
    if connection.provision_login is None:
        raise Refused(
            f"{name}: connections.{name}.provision_login is missing or empty; add it and set the environment variables it names"
            " to an administrator's login (a run's own login creates nothing)."
        )
    user = None
    if connection.crm == "salesforce":  # the fields are opened to whom the runs log in as
        user = open_crm(connection.crm, connection.url, connection.login.revealed()).identity().user_id
    admin = open_crm(connection.crm, connection.url, connection.provision_login.revealed())
    objects, lists = objects_to_provision(settings, connection.crm, connection.party)
    return admin.provision(objects, lists, dry_run=dry_run, integration_user=user)


def deployable(console: Console, settings: Settings, folder: Path) -> None:
    """The same for Salesforce as files in a folder that is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty; name a folder that does not exist yet.")
    found = list(projects(settings))
    if not found:
        raise Refused("No Salesforce connection has write_back: true; there is nothing to deploy.")
    for below, files in found:
        write(folder / below, files)
        console.print(f"{folder / below}: {len(files)} files", markup=False)
    console.print("Review them, then: sf project deploy start --source-dir force-app (see salesforce/README.md)", markup=False)

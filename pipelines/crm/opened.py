"""The CRM of a connection, as a run uses it.

Belongs here: login and budget of the yaml, handed to the connector. Does not: an administrator's login (``provision``).
"""

from __future__ import annotations

from connectors import open_crm
from connectors.crm import Crm
from connectors.quota import Budget
from pipelines.settings import Connection


def open_connection(connection: Connection) -> Crm:
    """It logs in at its first call, and counts all calls of the run: open it once. Raises ``CrmError``."""
    budget = Budget(connection.calls_per_run, connection.reserve)
    return open_crm(connection.crm, connection.url, connection.login.revealed(), budget)

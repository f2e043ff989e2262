"""A HubSpot portal for the sandbox: v3 objects, properties, lists, owners, pipelines; v4 associations.

Belongs here: what a HubSpot portal answers, in HubSpot's own shapes, over one ``Store``. Does not: ports, the request log
and the faults common to all CRMs (``connectors/sandbox/server.py``, ``admin.py``).
"""

from connectors.sandbox.hubspot.app import create_app
from connectors.sandbox.hubspot.fault_kinds import FAULTS
from connectors.sandbox.hubspot.oauth_routes import login_methods
from connectors.sandbox.hubspot.world import load, logins

__all__ = ["FAULTS", "create_app", "load", "login_methods", "logins"]

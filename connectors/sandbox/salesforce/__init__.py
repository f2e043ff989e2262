"""A Salesforce org for the sandbox: REST, collections, SOQL, Bulk 2.0 queries, Tooling and Metadata, in Salesforce's own shapes.

Belongs here: what a Salesforce org answers, over one ``Store``. Does not: ports, the request log and the faults common to
all CRMs (``connectors/sandbox/server.py``, ``admin.py``).
"""

from connectors.sandbox.salesforce.app import create_app
from connectors.sandbox.salesforce.auth import login_methods
from connectors.sandbox.salesforce.fault_kinds import FAULTS
from connectors.sandbox.salesforce.world import load, logins

__all__ = ["FAULTS", "create_app", "load", "login_methods", "logins"]

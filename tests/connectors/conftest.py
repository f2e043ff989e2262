"""Every portal that a test of this folder starts is held against HubSpot's description of its answers."""

from tests.connectors.hubspot_witness import *  # noqa: F403

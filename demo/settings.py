"""The settings of the demo for whoever only reads what a run left: no CRM is there, and none is logged in to."""

from __future__ import annotations

from pipelines.settings import Settings, load_settings
from pipelines.settings.environment import PROJECT_ROOT

_URLS = ("OUR_SALESFORCE_URL", "KITAKAZE_SALESFORCE_URL")
_LOGINS = ("OUR_SALESFORCE_CLIENT_ID", "OUR_SALESFORCE_CLIENT_SECRET", "OUR_HUBSPOT_TOKEN", "HOSHIZORA_HUBSPOT_TOKEN",
           "KITAKAZE_SALESFORCE_CLIENT_ID", "KITAKAZE_SALESFORCE_CLIENT_SECRET")  # fmt: skip


def settings_without_logins() -> Settings:
    """``account_mapping.yaml`` with an address and logins that lead nowhere."""
    nowhere = dict.fromkeys(_URLS, "https://example.my.salesforce.com") | dict.fromkeys(_LOGINS, "none")
    return load_settings(PROJECT_ROOT / "account_mapping.yaml", nowhere)

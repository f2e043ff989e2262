"""What provisioning creates in a CRM, from the settings; the connector does it, and never from a run."""

from __future__ import annotations

from connectors.crm import ObjectSpec
from pipelines.settings import Settings
from pipelines.writeback.catalogue import account_specs, child_specs, list_names


def objects_to_provision(settings: Settings, crm: str) -> tuple[list[ObjectSpec], list[str]]:
    """(objects with their fields, names of static lists) for one CRM of ours."""
    language = settings.us.language
    objects = [account_specs(crm, language)]
    if crm == "salesforce":
        return [*objects, child_specs(language)], []
    return objects, list(list_names({id: partner.name for id, partner in settings.partners.items()}).values())

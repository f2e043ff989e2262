"""What provisioning creates in a CRM, from the settings; the connector does it, and never from a run.

Belongs here: which specs a connection gets. Does not: what they say (``specs.py``), creating them (``connectors``).
"""

from __future__ import annotations

from connectors.crm import ObjectSpec
from pipelines.settings import Settings
from pipelines.writeback.catalogue import ACCOUNT_FIELDS, OVERRIDE_FIELDS, PARTNER_ACCOUNT_FIELDS, list_names
from pipelines.writeback.specs import account_spec, child_spec, deal_spec, task_spec


def objects_to_provision(
    settings: Settings, crm: str, party: str = "us", language: str | None = None
) -> tuple[list[ObjectSpec], list[str]]:
    """(objects with their fields and views, names of static lists) for a CRM of ours, or of a partner.

    Nothing is asked for that the settings switch off. ``language`` of the labels: else that of the settings.
    """
    language = language or settings.us.language
    if party != "us":
        return [account_spec(crm, PARTNER_ACCOUNT_FIELDS, language, "partner_account")], []
    options = settings.write_back
    # The rep's own input is read whatever is written.
    fields = (*ACCOUNT_FIELDS, *OVERRIDE_FIELDS) if options.account_fields else OVERRIDE_FIELDS
    objects = [account_spec(crm, fields, language, "account")]
    if options.registration_verdicts:
        objects.append(deal_spec(crm, language))
    if options.next_play_tasks:
        objects.append(task_spec(crm, language))
    partners = {id: partner for id, partner in settings.partners.items() if partner.stage != "ended"}
    if crm == "salesforce":
        if options.child_rows:
            objects.append(child_spec(language, partners if options.lists else None))
        return objects, []
    names = {id: partner.name for id, partner in partners.items()}
    return objects, list(list_names(names).values()) if options.lists else []

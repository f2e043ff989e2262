"""What a person should know of the partners' terms, in words.

Belongs here: which terms end soon or have ended. Does not: what may be done under them (dbt model ``partner_uses``).
"""

from __future__ import annotations

from datetime import date

from pipelines.settings.models import Settings
from pipelines.texts import text

SOON = 30
"""Days before the last one from which it is told."""


def terms_told(settings: Settings, today: date) -> list[str]:
    """A sentence for each partner whose terms end within 30 days or have ended; none of partners that have ended themselves."""
    told = []
    for id, partner in settings.partners.items():
        until = settings.terms_of(id).until
        if partner.stage == "ended" or until is None or (until - today).days > SOON:
            continue
        key = "terms.over" if until < today else "terms.ending"
        told.append(text(key, settings.us.language, name=partner.name, until=until))
    return told

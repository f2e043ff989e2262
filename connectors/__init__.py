"""Everything that speaks a foreign protocol: CRMs, partner files, the company register, and the sandbox CRMs."""

from connectors.open import open_crm

__all__ = ["open_crm"]

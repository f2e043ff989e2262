"""Industries by the names that readers use, however a CRM writes them (``plan.label.industry.<as written>`` of the catalogue)."""

from __future__ import annotations

from pipelines.texts import catalogue

_INDUSTRY = "plan.label.industry."


def industry_names(language: str) -> dict[str, str]:
    """How an industry is written in a CRM, in lower case -> its name. What is not here is told as it is written."""
    return {key.removeprefix(_INDUSTRY): row[language] for key, row in catalogue().items() if key.startswith(_INDUSTRY)}


def industry_name(written: str, language: str) -> str:
    """The name of one."""
    return industry_names(language).get(written.lower(), written)

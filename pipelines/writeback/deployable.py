"""What provisioning creates in Salesforce as source files, for administrators who deploy only what they have reviewed.

Belongs here: which objects go into which project, and writing the files. Does not: their content
(``connectors/salesforce/source_format.py``). ``python -m pipelines.writeback.deployable salesforce`` writes this project's copy.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from connectors.salesforce.source_format import render
from pipelines.settings import Settings
from pipelines.writeback.provision import objects_to_provision

Files = dict[str, str]
"""path below the project -> content."""


def default_project() -> Files:
    """Everything that the settings can ask for, and no partner: what lies under ``salesforce/``."""
    everything = {"registration_verdicts": True, "next_play_tasks": True}
    settings = Settings.model_validate({"version": 1, "us": {"name": ""}, "connections": {}, "write_back": everything})
    return project(settings, "us")


def projects(settings: Settings) -> Iterator[tuple[str, Files]]:
    """(subfolder, files): ours, the same for each org of ours, in no subfolder; a partner's in one called like its connection."""
    written = {name: c for name, c in settings.connections.items() if c.crm == "salesforce" and c.write_back}
    if any(connection.party == "us" for connection in written.values()):
        yield "", project(settings, "us")
    for name, connection in written.items():
        if connection.party != "us":
            yield name, project(settings, connection.party)


def project(settings: Settings, party: str) -> Files:
    """Labels in the settings' language, translations into the other one."""
    other = "en" if settings.us.language == "ja" else "ja"
    objects, _ = objects_to_provision(settings, "salesforce", party)
    translated, _ = objects_to_provision(settings, "salesforce", party, language=other)
    return render(objects, translated, other)


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), default_project())

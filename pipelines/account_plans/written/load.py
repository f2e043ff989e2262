"""Reading ``<partner>.yaml``: what our people wrote of a partner.

Belongs here: which file it is. Does not: what it may say (``models.py``, ``checks.py``), or how a file is read and its faults
are worded (``pipelines/settings/faults.py``).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.account_plans.written.checks import faults_of
from pipelines.account_plans.written.models import Written
from pipelines.settings.faults import read_model


def written_file(folder: Path, partner: str) -> Path:
    """Where that partner's file lies in the folder of the plans, written or not."""
    return folder / f"{partner}.yaml"


def load(file: Path) -> Written:
    """What the file says; nothing where there is none. Raises ``SettingsError`` that names every fault with its line and mend."""
    if not file.exists():
        return Written()
    return read_model(file, Written, absent="Make it by `totsugo plan new`", may_be_empty=True, check=faults_of)

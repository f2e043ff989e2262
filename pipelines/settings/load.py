"""Reading ``account_mapping.yaml``.

Belongs here: which file it is and what it becomes. Does not: how a file is read and its faults are worded (``faults.py``), or
what it may say (``models.py``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import ValidationError

from pipelines.settings import models
from pipelines.settings.faults import read_model
from pipelines.settings.models import Settings


def load_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the file. Raises ``SettingsError`` with every fault; secrets never appear in it."""
    return read_model(file, Settings, environment=environment, absent="Write it, or point TOTSUGO_CONFIG at it")


def time_zone_of(file: Path) -> str:
    """``us.time_zone`` alone, for the schedule, which is made before any environment is set; else the default."""
    default = str(models.Us.model_fields["time_zone"].default)
    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
        return models.Us(name="", time_zone=tree["us"].get("time_zone", default)).time_zone
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, KeyError, TypeError, AttributeError):
        return default

"""Versions of the weights: data files, read once. A run names the version it used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_DATA = Path(__file__).parent / "data"
DEFAULT_VERSION = "default-1"


@dataclass(frozen=True)
class Model:
    """Weights in bits by feature and outcome, and the two thresholds of the verdict."""

    version: str
    auto: float
    review: float
    weights: Mapping[str, Mapping[str, float]]


@cache
def load_model(version: str = DEFAULT_VERSION) -> Model:
    """The shipped model of that version. Raises ``ValueError`` for an unknown one."""
    for path in sorted(_DATA.glob("model_*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if content["version"] == version:
            return Model(version, content["auto"], content["review"], content["weights"])
    raise ValueError(f"There is no matching model {version!r}.")

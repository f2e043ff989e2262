"""Versions of the weights: data files, read once, or what was learned from people's decisions. A run names the version it used.

Belongs here: reading and writing weights. Does not: estimating them (``learning``).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pipelines.matching.outcomes import BY_NAME, FEATURES

_DATA = Path(__file__).parent / "data"
DEFAULT_VERSION = "default-2"


@dataclass(frozen=True)
class Model:
    """Weights in bits: by feature an array (outcomes, contexts). ``auto`` and ``review`` are the probabilities of the
    verdicts."""

    version: str
    auto: float
    review: float
    bits: Mapping[str, np.ndarray]

    @property
    def mark(self) -> str:
        """Changes with anything in the model."""
        return hashlib.sha256(f"{self.version} {self.auto} {self.review} {write_model(self)}".encode()).hexdigest()[:16]


def read_model(version: str, auto: float, review: float, lines: str) -> Model:
    """A model of CSV text (feature, outcome, context, bits). Unnamed combinations weigh nothing. Raises ``ValueError`` for
    unknown words."""
    bits = {feature.name: np.zeros((len(feature.outcomes), len(feature.contexts)), np.float32) for feature in FEATURES}
    for row in csv.DictReader(io.StringIO(lines)):
        feature = BY_NAME[row["feature"]]
        at = feature.outcomes.index(row["outcome"]), feature.contexts.index(row["context"])
        bits[feature.name][at] = float(row["bits"])
    return Model(version, auto, review, bits)


def write_model(model: Model) -> str:
    """The weights as CSV text, as ``read_model`` takes it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("feature", "outcome", "context", "bits"))
    for feature in FEATURES:
        for i, outcome in enumerate(feature.outcomes):
            for j, context in enumerate(feature.contexts):
                writer.writerow((feature.name, outcome, context, f"{model.bits[feature.name][i, j]:.2f}"))
    return out.getvalue()


@cache
def shipped_model(precision: float = 0.99, review: float = 0.35) -> Model:
    """The model that comes with this version, with the thresholds for that stated precision."""
    lines = (_DATA / f"weights_{DEFAULT_VERSION}.csv").read_text(encoding="utf-8")
    return read_model(DEFAULT_VERSION, shipped_threshold(precision), review, lines)


def shipped_threshold(precision: float) -> float:
    """The probability from which on links of the shipped model hold the stated precision, between the rows of its table in
    proportion to the errors that are allowed, as logarithms."""
    lines = (_DATA / f"thresholds_{DEFAULT_VERSION}.csv").read_text(encoding="utf-8").splitlines()
    rows = [(float(row["precision"]), float(row["auto"])) for row in csv.DictReader(x for x in lines if not x.startswith("#"))]
    stated, automatic = (-np.log(1 - np.array(column)) for column in zip(*rows, strict=True))
    return round(float(1 - np.exp(-np.interp(-np.log(1 - precision), stated, automatic))), 4)

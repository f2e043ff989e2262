"""Which pairs may place a record without a person, however probable they are.

Belongs here: what a pair must show beside its probability. Does not: the threshold (``model``), joining (``resolve``).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipelines.matching.outcomes import code

_NAMES = (
    "same_text", "agrees_after_folding", "similar_95", "similar_90", "similar_85", "similar_80", "similar_70", "contained",
)  # fmt: skip
_SPEAKING = {
    "name": tuple(code("name", outcome) for outcome in _NAMES),
    "reading": tuple(code("reading", outcome) for outcome in ("agrees", "similar_95", "similar_90")),
    "english_name": tuple(code("english_name", outcome) for outcome in ("agrees", "similar_95", "similar_90", "similar_80")),
    "corporate_number": (code("corporate_number", "agrees"),),
    "domain": (code("domain", "agrees"),),
    "phone": (code("phone", "agrees"),),
}


def may_place(scored: pa.Table) -> np.ndarray:
    """True where names are alike or a number, domain or phone agrees: whoever shares nothing but an address may be a neighbour,
    a subsidiary or a successor, which a person has to tell. ``scored``: with ``<feature>_code``."""
    return np.logical_or.reduce([np.isin(scored[f"{feature}_code"].to_numpy(), codes) for feature, codes in _SPEAKING.items()])

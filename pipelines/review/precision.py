"""How precise the automatic links are, by the spot checks that people answered.

Belongs here: the estimate and how sure it is. Does not: drawing the links (``spot_checks.py``). Answers to the review queue say
nothing here: those pairs were not drawn by lot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import duckdb

_Z = NormalDist().inv_cdf(0.975)
# The size of a range is that of its newest draw: the share of each range in all links today.
_ANSWERED = """
WITH newest AS (
    SELECT least(record_id, other_record_id) AS a, greatest(record_id, other_record_id) AS b, stratum,
        arg_max(decision, (imported_at, rowid)) AS decision, arg_max(stratum_size, (imported_at, rowid)) AS size,
        max(imported_at) AS imported_at
    FROM state.review_answers WHERE sheet = 'spot_check' GROUP BY ALL
)
SELECT stratum, arg_max(size, imported_at), count(*) FILTER (decision = 'same'), count(*) FILTER (decision = 'different')
FROM newest WHERE decision <> 'unsure' GROUP BY stratum ORDER BY stratum
"""


@dataclass(frozen=True)
class Checked:
    """A range of probability: how many automatic links it holds, and how many of the checked ones were right and wrong."""

    stratum: str
    links: int
    right: int
    wrong: int


@dataclass(frozen=True)
class Precision:
    """Share of automatic links that are right, with the bounds of 95% certainty; ``checked`` of them were looked at."""

    estimate: float
    low: float
    high: float
    checked: int
    wrong: int


def checked(con: duckdb.DuckDBPyConnection) -> list[Checked]:
    """What people said of the spot checks, by range; who was unsure says nothing."""
    return [Checked(*row) for row in con.execute(_ANSWERED).fetchall()]


def precision(ranges: Sequence[Checked]) -> Precision | None:
    """The ranges weighted by their links; None where nothing was checked.

    The bounds are Wilson's for as many checks as would be as certain without ranges; in each range one right and one wrong
    check are added for the variance alone, so that a handful of right answers is not taken for certainty.
    """
    ranges = [r for r in ranges if r.right + r.wrong and r.links]
    if not ranges:
        return None
    links = sum(r.links for r in ranges)
    estimate, variance, plain = 0.0, 0.0, 0.0
    for r in ranges:
        n, weight = r.right + r.wrong, r.links / links
        careful = (r.right + 1) / (n + 2)
        estimate += weight * r.right / n
        plain += weight * careful
        variance += weight**2 * careful * (1 - careful) / n
    low, high = wilson(estimate, plain * (1 - plain) / variance)
    return Precision(estimate, low, high, sum(r.right + r.wrong for r in ranges), sum(r.wrong for r in ranges))


def wilson(share: float, n: float) -> tuple[float, float]:
    """Bounds of 95% certainty of a share that was seen in ``n`` cases."""
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return max(0.0, centre - reach), min(1.0, centre + reach)

"""What people said about matches, as pairs of items. The newest word on a pair counts."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

# the register's entries can be named in a decision too
_DECISIONS = """
WITH ids AS (SELECT item, CASE WHEN is_register THEN 'register:' || id ELSE id END AS id FROM match_items),
told AS (
    SELECT a.item AS a, b.item AS b, d.decision, d.decided_at FROM state.decisions AS d
    JOIN ids AS a ON a.id = d.record_id JOIN ids AS b ON b.id = d.other_record_id WHERE a.item <> b.item
)
SELECT least(a, b) AS a, greatest(a, b) AS b, arg_max(decision, (decided_at, decision)) AS decision, max(decided_at) AS decided_at
FROM told GROUP BY 1, 2 ORDER BY decided_at, 1, 2
"""


@dataclass(frozen=True)
class Decisions:
    """Pairs of items, oldest first."""

    same: list[tuple[int, int]]
    different: list[tuple[int, int]]
    unsure: list[tuple[int, int]]


def read_decisions(connection: duckdb.DuckDBPyConnection) -> Decisions:
    """The decisions of ``state.decisions`` on items that exist now."""
    rows = connection.execute(_DECISIONS).fetchall()
    by_word: dict[str, list[tuple[int, int]]] = {"same": [], "different": [], "unsure": []}
    for a, b, decision, _ in rows:
        by_word[decision].append((a, b))
    return Decisions(by_word["same"], by_word["different"], by_word["unsure"])

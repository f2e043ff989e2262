"""Which pairs a matching compared and kept, for readers outside a run: what the rivals of a match are, and who was a candidate.

Belongs here: copying it from ``prepared.*``, which is not published. Does not: comparing, or what is told of it (``why``).
"""

from __future__ import annotations

import duckdb

from pipelines.warehouse import transaction

_KEEP = """
INSERT INTO match.compared
WITH entries AS (
    SELECT DISTINCT entry, corporate_number FROM prepared.register_items SEMI JOIN prepared.entry_scores USING (entry)
)
SELECT s.id, 'register:' || e.corporate_number, max(s.score) FROM prepared.entry_scores AS s JOIN entries AS e USING (entry)
GROUP BY ALL
UNION ALL
SELECT a.id, b.id, s.score FROM prepared.pair_scores AS s JOIN match_current_pairs AS p USING (pair)
JOIN match_records AS a ON a.item = p.a JOIN match_records AS b ON b.item = p.b
"""


def stands(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether ``match.compared`` is of the matching whose links stand: a run may have been killed between the two."""
    query = "SELECT count(*) FROM match.inputs JOIN prepared.marks AS m ON m.name = 'compared' AND m.mark = fingerprint"
    return bool(connection.execute(query).fetchall()[0][0])


def keep(connection: duckdb.DuckDBPyConnection) -> None:
    """Rewrites ``match.compared``, right after a matching on the same connection, whose temporary tables it reads."""
    with transaction(connection):
        connection.execute("DELETE FROM match.compared")
        connection.execute(_KEEP)
        connection.execute("INSERT OR REPLACE INTO prepared.marks SELECT 'compared', fingerprint FROM match.inputs")

"""Which record a person means: by its id, the last part of it, or the 法人番号 of an entry of the register.

Belongs here: finding it in the published copy. Does not: finding a company by its name (``pipelines.explain``).
"""

from __future__ import annotations

import duckdb

from pipelines.registrations import Refused
from pipelines.review.questions import REGISTER

_SHOWN = 3
_EXACT = """
SELECT record_id FROM intermediate.records WHERE record_id = $asked
UNION ALL
SELECT 'register:' || corporate_number FROM intermediate.register_entries
WHERE corporate_number IN ($asked, CASE WHEN starts_with($asked, 'register:') THEN substr($asked, 10) END)
"""
_BY_END = "SELECT record_id FROM intermediate.records WHERE ends_with(record_id, ':' || $asked) ORDER BY record_id"
_NEAR = """
SELECT record_id FROM intermediate.records WHERE contains(lower(record_id), lower($asked)) ORDER BY record_id LIMIT 3
"""


def find_record(con: duckdb.DuckDBPyConnection, asked: str) -> str:
    """Its id. Raises ``Refused``, with near ids, where it is none of the last run's or names several."""
    asked = asked.strip()
    found: list[str] = []
    for query in (_EXACT, _BY_END, _NEAR):
        found = [row[0] for row in con.execute(query, {"asked": asked}).fetchall()] if asked else []
        if len(found) == 1 and query != _NEAR:
            return found[0]
        if found:
            raise Refused("unknown_record_near", asked=asked, near=", ".join(found[:_SHOWN]))
    raise Refused("unknown_record", asked=asked, register=REGISTER)

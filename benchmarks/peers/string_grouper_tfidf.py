"""string_grouper: TF-IDF over pairs of characters of the names; prefecture, city and postcode add a little."""

from __future__ import annotations

import duckdb
import pyarrow as pa
from string_grouper import match_strings

from benchmarks.peers.sets import best_of

_PAIRS = """
SELECT f.left_id AS pid, f.right_id AS mid,
    f.similarity + 0.02 * coalesce(p.pref = m.pref, false)::INT + 0.04 * coalesce(p.city = m.city, false)::INT
    + 0.04 * coalesce(p.post = m.post, false)::INT AS score
FROM found AS f JOIN master AS m ON m.id = f.right_id JOIN partner AS p ON p.id = f.left_id ORDER BY ALL
"""


def match(master: pa.Table, partner: pa.Table) -> pa.Table:
    """Best entry (pid, mid, score) of each partner record."""
    ours, theirs = (side.select(["id", "name"]).filter(side["name"].is_valid()).to_pandas() for side in (master, partner))
    options = {"min_similarity": 0.5, "max_n_matches": 20, "ngram_size": 2, "normalize_to_ascii": False, "ignore_index": True}
    found = match_strings(theirs["name"], ours["name"], theirs["id"], ours["id"], **options)
    with duckdb.connect() as connection:
        for name, table in (("found", found), ("master", master), ("partner", partner)):
            connection.register(name, table)
        return best_of(connection.sql(_PAIRS).to_arrow_table())

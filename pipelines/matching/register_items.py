"""The register prepared for matching, once for many matchings: a row for each name that an entry bears or bore, in
``prepared.register_items``.

Belongs here: names, aliases, successors, how many entries share a name or a place. Does not: the keys by which entries are
found (``blocking``).
"""

from __future__ import annotations

import duckdb

from pipelines.matching import rarity
from pipelines.matching.blocking import prepare_register_keys
from pipelines.matching.marks import code_mark, data_mark
from pipelines.normalize import functions

_INPUTS = ("SELECT * FROM intermediate.register_entries", "SELECT * FROM intermediate.register_aliases")

# Closed entries that were merged into another count as that other one; chains are followed a few steps.
_SUCCESSORS = """
CREATE OR REPLACE TEMP TABLE match_successors AS
WITH RECURSIVE merged AS (
    SELECT corporate_number, successor_corporate_number AS next FROM intermediate.register_entries
    WHERE is_closed AND successor_corporate_number IS NOT NULL AND successor_corporate_number <> corporate_number
),
chain(corporate_number, current, depth) AS (
    SELECT corporate_number, next, 1 FROM merged
    UNION ALL
    SELECT c.corporate_number, m.next, c.depth + 1 FROM chain AS c JOIN merged AS m ON m.corporate_number = c.current WHERE
    c.depth < 5
)
SELECT corporate_number, arg_max(current, depth) AS current FROM chain GROUP BY ALL
"""

_ITEMS = """
CREATE OR REPLACE TABLE prepared.register_items AS
WITH name_counts AS (
    SELECT name_key, count(*)::INTEGER AS name_count FROM intermediate.register_entries WHERE name_key IS NOT NULL GROUP BY ALL
),
core_counts AS (
    SELECT spoken_core, count(*)::INTEGER AS core_count FROM intermediate.register_entries
    WHERE spoken_core IS NOT NULL GROUP BY ALL
),
place_counts AS (
    SELECT prefecture, city, town, block, count(*)::INTEGER AS place_count FROM intermediate.register_entries
    WHERE block IS NOT NULL GROUP BY ALL
),
own AS (
    SELECT corporate_number, NULL::VARCHAR AS alias, name, name_key, legal_form, legal_form_side, sound, kana_key,
        spoken_core, spoken_concepts, spoken_whole, spoken_written, domain, prefecture, city, town, block, postal_code
    FROM intermediate.register_entries
),
others AS (
    SELECT a.corporate_number, a.kind AS alias, a.name, a.name_key, a.legal_form, NULL::VARCHAR AS legal_form_side,
        a.romaji_key AS sound, NULL::VARCHAR AS kana_key, NULL::VARCHAR AS spoken_core, NULL::VARCHAR AS spoken_concepts,
        NULL::VARCHAR AS spoken_whole, NULL::VARCHAR AS spoken_written,
        e.domain, e.prefecture, e.city, e.town, e.block, e.postal_code
    FROM intermediate.register_aliases AS a JOIN intermediate.register_entries AS e USING (corporate_number)
    WHERE a.name_key IS NOT NULL AND (a.kind <> 'kana' OR a.name_key IS DISTINCT FROM e.kana_key)
),
names AS (SELECT * FROM own UNION ALL SELECT * FROM others)
-- hashes and not running numbers: they need no sort of the whole register, and are the same whatever else is in it
SELECT hash(n.corporate_number, n.alias, n.name, n.legal_form) AS item,
    hash(coalesce(s.current, n.corporate_number)) AS entry, n.corporate_number AS id,
    coalesce(s.current, n.corporate_number) AS corporate_number, n.* EXCLUDE (corporate_number),
    NULL::VARCHAR AS site, NULL::VARCHAR AS phone, coalesce(c.name_count, 0) AS name_count,
    coalesce(k.core_count, 0) AS core_count, coalesce(p.place_count, 1) AS place_count,
    name_signature(n.name_key) AS signature,
    sound_skeleton(n.spoken_core) AS core_skeleton, sound_skeleton(n.spoken_whole) AS whole_skeleton
FROM names AS n
LEFT JOIN match_successors AS s USING (corporate_number)
LEFT JOIN name_counts AS c ON c.name_key = n.name_key
LEFT JOIN core_counts AS k ON k.spoken_core = n.spoken_core
LEFT JOIN place_counts AS p ON p.prefecture IS NOT DISTINCT FROM n.prefecture AND p.city IS NOT DISTINCT FROM n.city
    AND p.town IS NOT DISTINCT FROM n.town AND p.block = n.block
"""


def prepare_register(connection: duckdb.DuckDBPyConnection) -> None:
    """Builds ``prepared.register_items`` from ``intermediate.register_entries`` and ``.register_aliases``, and its keys."""
    functions.register(connection)
    rarity.register(connection)
    connection.execute(_SUCCESSORS)
    connection.execute(_ITEMS)
    connection.execute("DROP TABLE match_successors")
    prepare_register_keys(connection)


def ready_register(connection: duckdb.DuckDBPyConnection) -> str:
    """Prepares the register where it, or this code, has changed since it was prepared last. Gives a mark of what it rests on."""
    mark = f"{code_mark()} {data_mark(connection, _INPUTS)}"
    held = connection.execute("SELECT mark FROM prepared.marks WHERE name = 'register'").fetchone()
    if held is None or held[0] != mark:
        connection.execute("DELETE FROM prepared.marks WHERE name = 'register'")
        prepare_register(connection)
        connection.execute("INSERT INTO prepared.marks VALUES ('register', ?)", [mark])
    return mark

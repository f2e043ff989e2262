"""The records that are compared, as rows of the temporary table ``match_records``: what scoring reads of each, prepared once
a matching.

Belongs here: readings, rarity, namesakes among the records, and a fingerprint of it all. Does not: the register's side
(``register_items``).
"""

from __future__ import annotations

import duckdb

from pipelines.matching import rarity
from pipelines.normalize.functions import register

_RECORDS = """
CREATE OR REPLACE TEMP TABLE match_records AS
WITH records AS (
    SELECT r.record_id AS id, r.party, r.connection || ':' || r.object AS list, r.name, r.name_key, r.legal_form,
    r.legal_form_side, r.site,
        coalesce(romaji_key(r.name_kana), r.romaji_key) AS sound, name_key(r.name_kana) AS kana_key,
        -- what is said of a name in Latin letters; names in Japanese are heard by their reading
        CASE WHEN r.name_en IS NOT NULL THEN r.name_en WHEN regexp_full_match(r.name_key, '[ -~]+') THEN r.name END AS english,
        coalesce(e.corporate_number, r.corporate_number) AS corporate_number,
        coalesce(r.domain, r.email_domain) AS domain, r.phone, r.prefecture, r.city, r.town, r.block, r.postal_code
    FROM intermediate.records AS r
    LEFT JOIN (SELECT id, corporate_number FROM prepared.register_items WHERE alias IS NULL AND id <> corporate_number) AS e
        ON e.id = r.corporate_number
),
-- companies of one name: entries of the register, or places where records know it, whichever is more
own_counts AS (SELECT name_key, count(DISTINCT prefecture) AS places FROM records GROUP BY ALL),
entry_counts AS (SELECT name_key, max(name_count) AS entries FROM prepared.register_items WHERE alias IS NULL GROUP BY ALL),
place_counts AS (
    SELECT city, town, block, count(DISTINCT name_key) AS names FROM records WHERE block IS NOT NULL GROUP BY ALL
)
SELECT (row_number() OVER (ORDER BY r.id) - 1)::INTEGER AS item, NULL::VARCHAR AS alias, r.*,
    sound_core(r.english) AS spoken_core, sound_concepts(r.english) AS spoken_concepts,
    sound_whole(r.english) AS spoken_whole, sound_written(r.english) AS spoken_written,
    sound_skeleton(spoken_core) AS core_skeleton, sound_skeleton(spoken_whole) AS whole_skeleton,
    greatest(o.places, e.entries, 1)::INTEGER AS name_count, name_count AS core_count,
    coalesce(p.names, 1)::INTEGER AS place_count,
    hash(r, name_count, place_count) AS fingerprint,
    name_surprise(r.name_key) AS surprise, name_signature(r.name_key) AS signature
FROM records AS r
LEFT JOIN own_counts AS o ON o.name_key = r.name_key
LEFT JOIN entry_counts AS e ON e.name_key = r.name_key
LEFT JOIN place_counts AS p ON p.city IS NOT DISTINCT FROM r.city AND p.town IS NOT DISTINCT FROM r.town AND p.block = r.block
ORDER BY item
"""


def prepare_records(connection: duckdb.DuckDBPyConnection) -> int:
    """Builds ``match_records`` from ``intermediate.records``; needs ``prepared.register_items``. Gives the number of records."""
    register(connection)
    rarity.register(connection)
    connection.execute(_RECORDS)
    return connection.execute("SELECT count(*) FROM match_records").fetchall()[0][0]

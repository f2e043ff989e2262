"""Candidate pairs: items that share a key. Keys that too many items share say nothing and are dropped."""

from __future__ import annotations

import duckdb

REGISTER_CAP = 60  # register entries a key may have
RECORD_CAP = 40  # records a key may have for comparing records among each other
RARE_GRAMS = 4  # rarest 3-grams of a record that serve as keys
GRAM_CAP = 60

# rule, key; null keys drop out
_KEYS = {
    "corporate_number": "corporate_number",
    "domain": "domain",
    "phone": "phone",
    "name": "name_key",
    "kana": "kana_key",
    "name_prefecture": "name_key || '|' || prefecture",
    "name_city": "name_key || '|' || city",
    "name_form": "name_key || '|' || legal_form || '|' || legal_form_side",
    "sound": "sound",
    "sound_start": "CASE WHEN length(sound) > 7 THEN left(sound, 7) END",
    "english_start": "CASE WHEN length(english) > 7 THEN left(english, 7) END",
    "start_prefecture": "left(name_key, 3) || '|' || prefecture",
    "start_city": "left(name_key, 2) || '|' || city",
    "end_city": "right(name_key, 2) || '|' || city",
    "start": "CASE WHEN length(name_key) >= 4 THEN left(name_key, 4) END",
    "end": "CASE WHEN length(name_key) >= 4 THEN right(name_key, 4) END",
    "postcode": "postal_code || '|' || left(name_key, 1)",
    "place": "city || '|' || town || '|' || block",
}
# An English name is looked up among readings and the other way round, so both stand under one rule.
_EXTRA_KEYS = (
    ("sound", "english"),
    ("sound_start", "CASE WHEN length(english) > 7 THEN left(english, 7) END"),
    ("name", "kana_key"),
)


def _keys_sql() -> str:
    pairs = [*_KEYS.items(), *_EXTRA_KEYS]
    parts = [
        f"SELECT item, is_register, hash('{rule}', {key}) AS key FROM match_items WHERE ({key}) IS NOT NULL"
        for rule, key in pairs
    ]
    return " UNION ALL ".join(parts)


_GRAMS = """
CREATE OR REPLACE TEMP TABLE match_grams AS
WITH grams AS (
    SELECT DISTINCT item, is_register, hash('gram', unnest(list_transform(range(1, length(name_key) - 1), lambda i:
        substring(name_key, i, 3)))) AS key
    FROM match_items WHERE length(name_key) >= 4
),
counted AS (SELECT key, count(*) AS items, count(*) FILTER (is_register) AS entries FROM grams GROUP BY key),
kept AS (SELECT g.item, g.is_register, g.key, c.items FROM grams AS g JOIN counted AS c USING (key) WHERE c.items BETWEEN 2
    AND $cap)
SELECT item, is_register, key, NOT is_register AND row_number() OVER (PARTITION BY item ORDER BY items, key) <= $rare AS asks
    FROM kept
"""

# Hundreds of records may be one company. Where they share what can hardly be shared by chance, each is compared with the
# first of them, so that
# no cap can part them.
_STAR_KEYS = (
    "corporate_number",
    "name_key || '|' || domain",
    "name_key || '|' || phone",
    "name_key || '|' || city || '|' || town",
)


def _stars_sql() -> str:
    parts = [
        f"SELECT min(item) OVER (PARTITION BY {key}) AS a, item AS b FROM match_items "
        f"WHERE NOT is_register AND ({key}) IS NOT NULL"
        for key in _STAR_KEYS
    ]
    return f"CREATE OR REPLACE TEMP TABLE match_stars AS SELECT a, b FROM ({' UNION ALL '.join(parts)}) WHERE a < b"


_PAIRS = """
CREATE OR REPLACE TEMP TABLE match_pairs AS
WITH keys AS (
    SELECT key, count(*) FILTER (is_register) AS entries, count(*) FILTER (NOT is_register) AS records FROM match_keys GROUP
        BY key HAVING records > 0
),
with_register AS (
    SELECT a.item AS a, b.item AS b FROM match_keys AS a JOIN keys USING (key) JOIN match_keys AS b USING (key)
    WHERE NOT a.is_register AND b.is_register AND keys.entries BETWEEN 1 AND $register_cap
),
among_records AS (
    SELECT a.item AS a, b.item AS b FROM match_keys AS a JOIN keys USING (key) JOIN match_keys AS b USING (key)
    WHERE NOT a.is_register AND NOT b.is_register AND a.item < b.item AND keys.records BETWEEN 2 AND $record_cap
),
by_gram AS (
    SELECT CASE WHEN b.is_register THEN a.item ELSE least(a.item, b.item) END AS a, CASE WHEN b.is_register THEN b.item ELSE
        greatest(a.item, b.item) END AS b
    FROM match_grams AS a JOIN match_grams AS b USING (key) WHERE a.asks AND a.item <> b.item
)
SELECT DISTINCT a, b FROM (
    FROM with_register UNION ALL FROM among_records UNION ALL FROM by_gram UNION ALL FROM match_stars
)
"""


def candidate_pairs(connection: duckdb.DuckDBPyConnection) -> int:
    """Builds ``match_pairs`` (a, b) from ``match_items``: a is a record, b a register entry or a later record. Gives their
    number."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE match_keys AS SELECT DISTINCT * FROM ({_keys_sql()})")
    connection.execute(_stars_sql())
    connection.execute(_GRAMS, {"cap": GRAM_CAP, "rare": RARE_GRAMS})
    connection.execute(_PAIRS, {"register_cap": REGISTER_CAP, "record_cap": RECORD_CAP})
    counts = connection.execute("SELECT count(*) FROM match_pairs").fetchall()
    return counts[0][0]

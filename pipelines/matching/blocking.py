"""Candidate pairs: records that share a key with an entry of the register or with each other. Keys that too many share say
nothing and are dropped.

Belongs here: the keys, their caps, the pairs. Does not: comparing (``features``).
"""

from __future__ import annotations

import duckdb

REGISTER_CAP = 60  # entries a key may have
RECORD_CAP = 40  # records a key may have for comparing records among each other
RARE_GRAMS = 4  # rarest 3-grams of a record that serve as keys
GRAM_CAP = 60

# namespace of the key -> expression; null keys drop out. A namespace may have several expressions: a name written in kana is
# looked up among readings and the other way round.
KEYS: tuple[tuple[str, str], ...] = (
    ("corporate_number", "corporate_number"),
    ("domain", "domain"),
    ("phone", "phone"),
    ("name", "name_key"),
    ("name", "kana_key"),
    ("name_city", "name_key || '|' || city"),
    ("sound", "sound"),
    ("sound_start", "CASE WHEN length(sound) > 7 THEN left(sound, 7) END"),
    ("spoken", "spoken_core"),
    ("spoken_start", "CASE WHEN length(spoken_core) >= 4 THEN left(spoken_core, 4) END"),
    ("skeleton", "CASE WHEN length(core_skeleton) >= 2 THEN core_skeleton END"),
    ("skeleton_start", "left(whole_skeleton, 5)"),
    ("start_city", "left(name_key, 2) || '|' || city"),
    ("end_city", "right(name_key, 2) || '|' || city"),
    ("start", "CASE WHEN length(name_key) >= 4 THEN left(name_key, 4) END"),
    ("postal_code", "postal_code || '|' || left(name_key, 1)"),
    ("place", "city || '|' || coalesce(town, '') || '|' || block"),
)


def keys_of(table: str, only: str | None = None) -> str:
    """SQL for (item, key) of the rows of a table, of all keys or of one namespace."""
    parts = [
        f"SELECT item, hash('{namespace}', {key}) AS key FROM {table} WHERE ({key}) IS NOT NULL"
        for namespace, key in KEYS
        if only in (None, namespace)
    ]
    return " UNION ALL ".join(parts)


def grams_of(table: str) -> str:
    """SQL for (item, key) of the 3-grams of a table's names."""
    return f"""
    SELECT DISTINCT item, hash('gram', unnest(list_transform(range(1, length(name_key) - 1), lambda i:
        substring(name_key, i, 3)))) AS key
    FROM {table} WHERE length(name_key) >= 4
    """


def prepare_register_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Builds ``prepared.register_keys`` and ``prepared.register_grams`` (key, item) from ``prepared.register_items``: once a
    register."""
    connection.execute("CREATE OR REPLACE TABLE prepared.register_keys (key UBIGINT, item UBIGINT)")
    for namespace in dict.fromkeys(namespace for namespace, _ in KEYS):
        # one namespace after the other, so that memory holds the counts of one
        connection.execute(
            f"""
            INSERT INTO prepared.register_keys
            WITH keys AS MATERIALIZED ({keys_of("prepared.register_items", namespace)}),
            many AS (SELECT key FROM keys GROUP BY key HAVING count(*) > {REGISTER_CAP})
            SELECT key, item FROM keys ANTI JOIN many USING (key)
            """
        )
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE prepared.register_grams AS
        WITH grams AS ({grams_of("prepared.register_items")}),
        few AS (SELECT key, count(*)::INTEGER AS entries FROM grams GROUP BY key HAVING count(*) <= {GRAM_CAP})
        SELECT key, item, entries FROM grams JOIN few USING (key)
        """
    )


# Hundreds of records may be one company. Where they share what can hardly be shared by chance, each is compared with the
# first of them and with the first of its own list, so that no cap can part them.
_STAR_KEYS = (
    "corporate_number",
    "name_key || '|' || domain",
    "name_key || '|' || phone",
    "name_key || '|' || city || '|' || town",
)


def _stars() -> str:
    parts = [
        f"SELECT min(item) OVER (PARTITION BY {key}{within}) AS a, item AS b FROM match_records WHERE ({key}) IS NOT NULL"
        for key in _STAR_KEYS
        for within in ("", ", list")
    ]
    return f"SELECT a, b FROM ({' UNION ALL '.join(parts)}) WHERE a < b"


_REGISTER_PAIRS = f"""
CREATE OR REPLACE TEMP TABLE match_register_pairs AS
WITH entries AS (SELECT DISTINCT key, entries FROM prepared.register_grams SEMI JOIN match_record_grams USING (key)),
rare AS (
    SELECT g.item, g.key FROM match_record_grams AS g SEMI JOIN match_new_records USING (item) JOIN entries AS e USING (key)
    QUALIFY row_number() OVER (PARTITION BY g.item ORDER BY e.entries, g.key) <= {RARE_GRAMS}
)
SELECT DISTINCT a, b FROM (
    SELECT a.item AS a, b.item AS b FROM match_record_keys AS a SEMI JOIN match_new_records USING (item)
    JOIN prepared.register_keys AS b USING (key)
    UNION ALL
    SELECT a.item, b.item FROM rare AS a JOIN prepared.register_grams AS b USING (key)
)
"""
_RECORD_PAIRS = f"""
CREATE OR REPLACE TEMP TABLE match_record_pairs AS
WITH few AS (SELECT key FROM match_record_keys GROUP BY key HAVING count(*) BETWEEN 2 AND {RECORD_CAP}),
keys AS (SELECT * FROM match_record_keys SEMI JOIN few USING (key)),
few_grams AS (SELECT key, count(*) AS records FROM match_record_grams GROUP BY key HAVING count(*) BETWEEN 2 AND {GRAM_CAP}),
grams AS (
    SELECT g.item, g.key, row_number() OVER (PARTITION BY g.item ORDER BY f.records, g.key) <= {RARE_GRAMS} AS asks
    FROM match_record_grams AS g JOIN few_grams AS f USING (key)
)
SELECT DISTINCT a, b FROM (
    SELECT a.item AS a, b.item AS b FROM keys AS a JOIN keys AS b ON a.key = b.key AND a.item < b.item
    UNION ALL
    SELECT least(a.item, b.item), greatest(a.item, b.item) FROM grams AS a JOIN grams AS b ON a.key = b.key AND a.item <> b.item
    WHERE a.asks
    UNION ALL
    {_stars()}
)
"""


def candidate_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """Builds ``match_register_pairs`` and ``match_record_pairs`` (record, later record). Needs ``match_records``,
    ``match_new_records`` and the register's keys."""
    register_candidates(connection)
    connection.execute(_RECORD_PAIRS)


def register_candidates(connection: duckdb.DuckDBPyConnection) -> None:
    """Builds ``match_register_pairs`` (record of ``match_new_records``, register item) alone."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE match_record_keys AS SELECT DISTINCT item, key FROM ({keys_of('match_records')})"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE match_record_grams AS {grams_of('match_records')}")
    connection.execute(_REGISTER_PAIRS)

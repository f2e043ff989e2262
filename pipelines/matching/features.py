"""What is compared of a candidate pair: outcomes that SQL can tell (places, phones, forms) and the texts that scoring
compares."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

BATCH_ROWS = 100_000

# A branch stands elsewhere than its head office: with a site in the name, another place is no evidence.
_PAIR_FEATURES = """
SELECT p.a, p.b, b.is_register AS with_register,
    a.name_key AS name_a, b.name_key AS name_b, a.sound AS sound_a, b.sound AS sound_b, a.english AS english_a, b.english AS
        english_b,
    a.name = b.name AS same_text, a.unnumbered <> '' AND a.unnumbered = b.unnumbered AS numbered,
    abs(length(a.name_key) - length(b.name_key)) >= 3 AND (contains(a.name_key, b.name_key) OR contains(b.name_key,
        a.name_key)) AS contained,
    greatest(a.name_count, b.name_count) AS name_count,
    CASE WHEN a.corporate_number = b.corporate_number THEN 'agrees' WHEN a.corporate_number <> b.corporate_number THEN
        'differs' END AS corporate_number,
    CASE WHEN a.legal_form IS NULL OR b.legal_form IS NULL THEN NULL
        WHEN regexp_matches(a.legal_form, '^[a-z]') <> regexp_matches(b.legal_form, '^[a-z]') THEN NULL
        WHEN a.legal_form <> b.legal_form THEN 'differs'
        WHEN a.legal_form_side <> b.legal_form_side THEN 'side_differs' ELSE 'agrees' END AS legal_form,
    CASE WHEN a.city = b.city AND (a.prefecture = b.prefecture OR a.prefecture IS NULL OR b.prefecture IS NULL) THEN
            CASE WHEN a.town = b.town THEN CASE WHEN a.block = b.block THEN 'block' ELSE 'town' END ELSE 'city' END
        WHEN a.site IS NOT NULL OR b.site IS NOT NULL THEN NULL
        WHEN a.prefecture = b.prefecture THEN 'prefecture'
        WHEN a.prefecture <> b.prefecture THEN 'differs' END AS address,
    CASE WHEN a.postal_code = b.postal_code THEN 'agrees'
        WHEN a.postal_code <> b.postal_code AND a.site IS NULL AND b.site IS NULL THEN 'differs' END AS postcode,
    CASE WHEN a.domain = b.domain THEN 'agrees' WHEN a.domain <> b.domain THEN 'differs' END AS domain,
    CASE WHEN a.phone = b.phone THEN 'agrees' WHEN a.phone <> b.phone AND a.site IS NULL AND b.site IS NULL THEN 'differs' END
        AS phone
FROM match_pairs AS p JOIN match_items AS a ON a.item = p.a JOIN match_items AS b ON b.item = p.b
"""


def pair_batches(connection: duckdb.DuckDBPyConnection, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
    """The candidate pairs of ``match_pairs`` with what scoring needs, in batches of at most ``rows``; one empty batch where
    there are none."""
    reader = connection.sql(_PAIR_FEATURES).to_arrow_reader(rows)
    empty = True
    for batch in reader:
        empty = False
        yield batch
    if empty:
        yield pa.RecordBatch.from_pylist([], schema=reader.schema)

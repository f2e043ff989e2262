"""What was compared before and need not be compared again: scores of records whose texts, of pairs both of whose sides, are
as they
were, against the same register and by the same model.

Belongs here: telling what is new, keeping the scores, giving all of them. Does not: comparing. An answer from here is the one
that comparing again would give: candidates of a record among the register depend on that record and the register alone, and
candidates among records are found anew each time.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from pipelines.matching.outcomes import FEATURES
from pipelines.warehouse import transaction

_SCORES = ", ".join(f"{f.name}_code TINYINT, {f.name}_bits FLOAT" for f in FEATURES)
_SCORED = ", ".join(f"s.{f.name}_code, s.{f.name}_bits" for f in FEATURES)
_EMPTY = f"""
DROP TABLE IF EXISTS prepared.known_records; DROP TABLE IF EXISTS prepared.entry_scores;
DROP TABLE IF EXISTS prepared.known_pairs; DROP TABLE IF EXISTS prepared.pair_scores;
CREATE TABLE prepared.known_records (id VARCHAR, fingerprint UBIGINT);
CREATE TABLE prepared.entry_scores (id VARCHAR, b UBIGINT, entry UBIGINT, score FLOAT, {_SCORES});
CREATE TABLE prepared.known_pairs (pair UBIGINT);
CREATE TABLE prepared.pair_scores (pair UBIGINT, score FLOAT, {_SCORES});
"""
_NEW_RECORDS = """
CREATE OR REPLACE TEMP TABLE match_new_records AS
SELECT item FROM match_records AS r
WHERE NOT EXISTS (SELECT 1 FROM prepared.known_records AS k WHERE k.id = r.id AND k.fingerprint = r.fingerprint)
"""
_CURRENT_PAIRS = """
CREATE OR REPLACE TEMP TABLE match_current_pairs AS
SELECT p.a, p.b, hash(a.id, a.fingerprint, b.id, b.fingerprint) AS pair
FROM match_record_pairs AS p JOIN match_records AS a ON a.item = p.a JOIN match_records AS b ON b.item = p.b;
DELETE FROM match_record_pairs
WHERE (a, b) IN (SELECT (a, b) FROM match_current_pairs SEMI JOIN prepared.known_pairs USING (pair));
"""
_KEEP_ENTRIES = f"""
DELETE FROM prepared.entry_scores WHERE id NOT IN (SELECT id FROM match_records ANTI JOIN match_new_records USING (item));
INSERT INTO prepared.entry_scores SELECT r.id, s.b, s.entry, s.score, {_SCORED} FROM scored_entries AS s JOIN match_records
AS r ON r.item = s.a;
DELETE FROM prepared.known_records;
INSERT INTO prepared.known_records SELECT id, fingerprint FROM match_records;
"""
_KEEP_PAIRS = f"""
DELETE FROM prepared.pair_scores WHERE pair NOT IN (SELECT pair FROM match_current_pairs);
INSERT INTO prepared.pair_scores SELECT c.pair, s.score, {_SCORED} FROM scored_pairs AS s JOIN match_current_pairs AS c USING
(a, b);
DELETE FROM prepared.known_pairs;
INSERT INTO prepared.known_pairs SELECT pair FROM match_current_pairs;
"""


def begin(connection: duckdb.DuckDBPyConnection, mark: str) -> int:
    """Forgets everything unless it rests on the same ``mark`` (register, model, code); builds ``match_new_records`` and gives its
    number of rows."""
    held = connection.execute("SELECT mark FROM prepared.marks WHERE name = 'scores'").fetchone()
    if held is None or held[0] != mark:
        connection.execute("DELETE FROM prepared.marks WHERE name = 'scores'")  # a run killed here has nothing to stand on
        connection.execute(_EMPTY)
        connection.execute("INSERT INTO prepared.marks VALUES ('scores', ?)", [mark])
    connection.execute(_NEW_RECORDS)
    return connection.execute("SELECT count(*) FROM match_new_records").fetchall()[0][0]


def only_new_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes the pairs of records whose scores are known out of ``match_record_pairs``."""
    connection.execute(_CURRENT_PAIRS)


def keep(connection: duckdb.DuckDBPyConnection, entries: pa.Table, pairs: pa.Table) -> None:
    """Adds the new scores to the known ones and drops those of what is gone. One transaction."""
    connection.register("scored_entries", entries)
    connection.register("scored_pairs", pairs)
    try:
        with transaction(connection):
            connection.execute(_KEEP_ENTRIES)
            connection.execute(_KEEP_PAIRS)
    finally:
        connection.unregister("scored_entries")
        connection.unregister("scored_pairs")


def all_scores(connection: duckdb.DuckDBPyConnection) -> tuple[pa.Table, pa.Table]:
    """(record and register item, record and record): every score that holds now, new and known ones."""
    entries = (
        f"SELECT r.item AS a, s.b, s.entry, s.score, {_SCORED} FROM prepared.entry_scores AS s JOIN match_records AS r USING (id)"
    )
    pairs = f"""
        SELECT c.a, c.b::UBIGINT AS b, NULL::UBIGINT AS entry, s.score, {_SCORED}
        FROM prepared.pair_scores AS s JOIN match_current_pairs AS c USING (pair)
    """
    return connection.sql(entries).to_arrow_table(), connection.sql(pairs).to_arrow_table()

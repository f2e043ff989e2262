"""Accuracy and speed of matching on one set: ``python benchmarks/match.py SET_DIR [--out matches.parquet]``.

SET_DIR holds ``partner.parquet`` (id, name, pref, city, street, post), ``master.parquet`` (id, name, kana, name_en, pref,
city, street, post), ``truth.parquet`` (pid, mid; null mid: the company is not in the master) and perhaps ``aliases.parquet``
(id, name, kind, valid_from, valid_until; id of the master). Columns that a file lacks are taken as empty. Prints one line per
figure. The truth is read after matching.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.matching.blocking import candidate_pairs
from pipelines.matching.features import REGISTER_QUERY
from pipelines.matching.items import prepare_records
from pipelines.matching.model import Model, shipped_model
from pipelines.matching.placing import may_place
from pipelines.matching.probability import among_entries
from pipelines.matching.register_items import prepare_register
from pipelines.matching.run import score_pairs
from pipelines.normalize.functions import register

_COLUMNS = ("id", "name", "kana", "name_en", "pref", "city", "street", "post", "domain", "phone", "number")
_ADDRESS = """
    postal_code(post) AS postal_code, coalesce(address_prefecture(address), pref) AS prefecture,
    coalesce(address_city(address), city) AS city, address_town(address) AS town, address_block(address) AS block
"""
_NAME = """
    name_key(name) AS name_key, legal_form(name) AS legal_form, legal_form_side(name) AS legal_form_side,
    romaji_key(name) AS romaji_key
"""
_GIVEN = "(SELECT *, concat(pref, city, street) AS address, coalesce(kana, name) AS spoken FROM {table})"
_RECORDS = f"""
CREATE TABLE intermediate.records AS
SELECT id AS record_id, 'partner' AS party, 'list' AS connection, 'accounts' AS object, name, kana AS name_kana, name_en,
valid_corporate_number(number) AS corporate_number,
    registrable_domain(domain) AS domain, NULL::VARCHAR AS email_domain, phone_e164(phone) AS phone, name_site(name) AS site,
    {_NAME}, {_ADDRESS}
FROM {_GIVEN.format(table="given")}
"""
_BATCH = 50_000  # entries normalized at once, as dbt does (macro normalized_in_batches)
_REGISTER = f"""
CREATE TABLE intermediate.register_entries AS
WITH lists AS (
    SELECT list(id) AS id, list(name) AS name, list(kana) AS kana, list(name_en) AS name_en, list(domain) AS domain,
        list(post) AS post, list(pref) AS pref, list(city) AS city, list(address) AS address, list(spoken) AS spoken
    FROM {_GIVEN.format(table="given")}
    GROUP BY hash(id) % (SELECT 1 + count(*) // {_BATCH} FROM given)
),
parts AS (
    SELECT unnest(id) AS corporate_number, unnest(name) AS name, unnest(kana) AS name_kana, unnest(name_en) AS name_en,
        unnest(list_registrable_domain(domain)) AS domain, unnest(list_name_key(name)) AS name_key,
        unnest(list_legal_form(name)) AS legal_form, unnest(list_legal_form_side(name)) AS legal_form_side,
        unnest(list_romaji_key(name)) AS romaji_key, unnest(list_postal_code(post)) AS postal_code,
        unnest(pref) AS pref, unnest(city) AS own_city, unnest(list_address_prefecture(address)) AS address_prefecture,
        unnest(list_address_city(address)) AS address_city, unnest(list_address_town(address)) AS town,
        unnest(list_address_block(address)) AS block, unnest(list_name_key(kana)) AS kana_key,
        unnest(list_romaji_key(kana)) AS kana_romaji, unnest(list_sound_core(spoken)) AS spoken_core,
        unnest(list_sound_concepts(spoken)) AS spoken_concepts, unnest(list_sound_whole(spoken)) AS spoken_whole,
        unnest(list_sound_written(spoken)) AS spoken_written
    FROM lists
)
SELECT * EXCLUDE (pref, own_city, address_prefecture, address_city, kana_romaji),
    coalesce(address_prefecture, pref) AS prefecture, coalesce(address_city, own_city) AS city,
    coalesce(kana_romaji, romaji_key) AS sound, false AS is_closed, NULL::VARCHAR AS successor_corporate_number
FROM parts
"""
_ALIASES = """
CREATE TABLE intermediate.register_aliases AS
SELECT id AS corporate_number, kind, name, name_key(name) AS name_key, legal_form(name) AS legal_form, romaji_key(name) AS
romaji_key
FROM given_aliases UNION ALL
SELECT corporate_number, 'english', name_en, name_key(name_en), legal_form(name_en), romaji_key(name_en)
FROM intermediate.register_entries WHERE name_en <> ''
"""
_BEST = """
SELECT i.id AS pid, j.id AS mid, s.probability, s.may_place, coalesce(j.id = t.mid, false) AS hit
FROM (SELECT * FROM scored QUALIFY row_number() OVER (PARTITION BY a ORDER BY probability DESC, b) = 1) AS s
JOIN match_records AS i ON i.item = s.a JOIN prepared.register_items AS j ON j.item = s.b JOIN truth AS t ON t.pid = i.id
ORDER BY s.probability DESC, i.id
"""
_FOUND = """
SELECT count(*), count(*) FILTER (EXISTS (
    SELECT 1 FROM match_register_pairs AS p JOIN prepared.register_items AS j ON j.item = p.b WHERE p.a = i.item AND j.id =
    t.mid))
FROM truth AS t JOIN match_records AS i ON i.id = t.pid WHERE t.mid IS NOT NULL
"""


class Stages:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start


def _given(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    has = set(pq.read_schema(file).names)
    columns = ", ".join(
        f"nullif(trim({name}::VARCHAR), '') AS {name}" if name in has else f"NULL::VARCHAR AS {name}" for name in _COLUMNS
    )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW given AS SELECT {columns} FROM read_parquet('{file}')")


def load_set(connection: duckdb.DuckDBPyConnection, folder: Path, stage: Stages) -> None:
    """Normalizes the set into ``intermediate.records``, ``.register_entries`` and ``.register_aliases``."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS intermediate")
    register(connection)
    with stage("normalize master"):
        _given(connection, folder / "master.parquet")
        connection.execute(_REGISTER)
        aliases = folder / "aliases.parquet"
        source = f"FROM read_parquet('{aliases}')" if aliases.exists() else "SELECT '' AS id, '' AS kind, '' AS name WHERE false"
        connection.execute(f"CREATE TEMP VIEW given_aliases AS {source}")
        connection.execute(_ALIASES)
    with stage("normalize partner"):
        _given(connection, folder / "partner.parquet")
        connection.execute(_RECORDS)


def match_set(connection: duckdb.DuckDBPyConnection, folder: Path, model: Model) -> dict[str, float]:
    """Matches the set; leaves ``scored``, ``match_records`` and ``prepared.register_items`` on the connection. Gives seconds
    by stage."""
    stage = Stages()
    load_set(connection, folder, stage)
    connection.execute("CREATE SCHEMA prepared")
    with stage("prepare master"):
        prepare_register(connection)
    with stage("prepare partner"):
        prepare_records(connection)
        connection.execute("CREATE OR REPLACE TEMP TABLE match_new_records AS SELECT item FROM match_records")
    with stage("candidates"):
        candidate_pairs(connection)
    with stage("score"):
        scored = among_entries(score_pairs(connection, REGISTER_QUERY, model))
        connection.register("scored", scored.append_column("may_place", pa.array(may_place(scored))))
    return stage.seconds


def best_matches(connection: duckdb.DuckDBPyConnection, folder: Path) -> pa.Table:
    """The best entry of each partner record (pid, mid, probability, hit), surest first."""
    connection.execute("CREATE OR REPLACE TEMP TABLE truth AS FROM read_parquet($path)", {"path": str(folder / "truth.parquet")})
    return connection.sql(_BEST).to_arrow_table()


def figures(connection: duckdb.DuckDBPyConnection, best: pa.Table, model: Model) -> dict[str, float]:
    """Accuracy against the truth: a partner record counts as found when its best candidate is its company."""
    probability, hit = best["probability"].to_numpy(), best["hit"].to_numpy(zero_copy_only=False)
    in_master, among_pairs = connection.execute(_FOUND).fetchall()[0]
    hits = np.cumsum(hit)
    precision, recall = hits / np.arange(1, len(hit) + 1), hits / in_master
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    precise = np.flatnonzero(precision >= 0.99)
    automatic = hit[(probability >= model.auto) & best["may_place"].to_numpy(zero_copy_only=False)]
    bins = np.minimum((probability * 20).astype(int), 19)
    gaps = [abs(hit[bins == b].mean() - probability[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return {
        "f1 (best threshold)": f1.max(),
        "precision at default verdict": automatic.mean() if len(automatic) else 1.0,
        "recall at default verdict": automatic.sum() / in_master,
        "recall at precision .99": recall[precise[-1]] if len(precise) else 0.0,
        "candidate recall": among_pairs / in_master,
        "calibration error": float(sum(gaps)),
    }


def main() -> None:
    """Prints the figures of the set named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="SET_DIR")
    parser.add_argument("--out", type=Path, help="parquet file for the best match of each partner record (pid, mid, probability)")
    arguments = parser.parse_args()
    model = shipped_model()
    with tempfile.TemporaryDirectory() as home, duckdb.connect(f"{home}/set.duckdb") as connection:
        seconds = match_set(connection, arguments.folder, model)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        best = best_matches(connection, arguments.folder)
        for name, value in figures(connection, best, model).items():
            print(f"{name:32} {value:.4f}")
        if arguments.out:
            pq.write_table(best.select(["pid", "mid", "probability"]), arguments.out)
    for stage, value in seconds.items():
        print(f"seconds, {stage:23} {value:.1f}")
    print(f"{'seconds, all':32} {sum(seconds.values()):.1f}")
    print(f"{'peak MB':32} {peak:.0f}")


if __name__ == "__main__":
    main()

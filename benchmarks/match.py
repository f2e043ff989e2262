"""Accuracy and speed of matching on one set: ``python benchmarks/match.py SET_DIR``.

SET_DIR holds ``partner.parquet`` (id, name, pref, city, street, post), ``master.parquet`` (id, name, kana, name_en, pref,
city, street, post)
and ``truth.parquet`` (pid, mid; null mid: the company is not in the master). Prints one line per figure. The truth is read
after matching.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.matching.blocking import candidate_pairs
from pipelines.matching.items import prepare_items
from pipelines.matching.model import Model, load_model
from pipelines.matching.run import score_candidates
from pipelines.normalize.functions import register

_NORMALIZED = """
postal_code(post) AS postal_code, address_prefecture(address) AS prefecture, address_city(address) AS city,
    address_town(address) AS town,
address_block(address) AS block, name_key(name) AS name_key, legal_form(name) AS legal_form, legal_form_side(name) AS
    legal_form_side,
name_site(name) AS site, romaji_key(name) AS romaji_key
"""
_RECORDS = f"""
CREATE TABLE intermediate.records AS
SELECT id AS record_id, 'partner' AS party, name, NULL::VARCHAR AS name_kana, NULL::VARCHAR AS name_en, NULL::VARCHAR AS
    corporate_number,
    NULL::VARCHAR AS domain, NULL::VARCHAR AS email_domain, NULL::VARCHAR AS phone, {_NORMALIZED}
FROM (SELECT *, concat(pref, city, street) AS address FROM read_parquet($path))
"""
_REGISTER = f"""
CREATE TABLE intermediate.register_entries AS
SELECT id AS corporate_number, name, kana AS name_kana, name_en, false AS is_closed, NULL::VARCHAR AS
    successor_corporate_number, {_NORMALIZED}
FROM (SELECT *, concat(pref, city, street) AS address FROM read_parquet($path))
"""
_BEST = """
SELECT s.probability, coalesce(j.id = t.mid, false) AS right
FROM (SELECT * FROM scored WHERE with_register QUALIFY row_number() OVER (PARTITION BY a ORDER BY probability DESC, b) = 1) AS s
JOIN match_items AS i ON i.item = s.a JOIN match_items AS j ON j.item = s.b JOIN truth AS t ON t.pid = i.id ORDER BY
    s.probability DESC, i.id
"""
_FOUND = """
SELECT count(*), count(p.a) FROM truth AS t JOIN match_items AS i ON i.id = t.pid JOIN match_items AS j ON j.id = t.mid
LEFT JOIN match_pairs AS p ON p.a = i.item AND p.b = j.item
"""


def match_set(connection: duckdb.DuckDBPyConnection, folder: Path, model: Model) -> dict[str, float]:
    """Matches the set; leaves ``scored`` and ``match_items`` on the connection. Gives seconds by stage."""
    seconds: dict[str, float] = {}

    def timed(stage: str, work: object) -> object:
        start = time.perf_counter()
        result = work()  # type: ignore[operator]
        seconds[stage] = time.perf_counter() - start
        return result

    connection.execute("CREATE SCHEMA intermediate")
    register(connection)
    timed("normalize master", lambda: connection.execute(_REGISTER, {"path": str(folder / "master.parquet")}))
    timed("normalize partner", lambda: connection.execute(_RECORDS, {"path": str(folder / "partner.parquet")}))
    timed("prepare", lambda: prepare_items(connection))
    timed("candidates", lambda: candidate_pairs(connection))
    connection.register("scored", timed("score", lambda: score_candidates(connection, model)))
    return seconds


def figures(connection: duckdb.DuckDBPyConnection, folder: Path, model: Model) -> dict[str, float]:
    """Accuracy against the truth: a partner record counts as found when its best candidate is its company."""
    connection.execute("CREATE TEMP TABLE truth AS FROM read_parquet($path)", {"path": str(folder / "truth.parquet")})
    best = connection.sql(_BEST).fetchnumpy()
    probability, right = np.asarray(best["probability"]), np.asarray(best["right"], bool)
    in_master, among_pairs = connection.execute(_FOUND).fetchall()[0]
    hits = np.cumsum(right)
    precision, recall = hits / np.arange(1, len(right) + 1), hits / in_master
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    precise = np.flatnonzero(precision >= 0.99)
    automatic = int((probability >= model.auto).sum())
    bins = np.minimum((probability * 20).astype(int), 19)
    gaps = [abs(right[bins == b].mean() - probability[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return {
        "f1 (best threshold)": f1.max(),
        "precision at default verdict": precision[automatic - 1],
        "recall at default verdict": recall[automatic - 1],
        "recall at precision .99": recall[precise[-1]] if len(precise) else 0.0,
        "candidate recall": among_pairs / in_master,
        "calibration error": float(sum(gaps)),
    }


def main() -> None:
    """Prints the figures of the set named on the command line."""
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/match.py SET_DIR")
    folder, model = Path(sys.argv[1]), load_model()
    with tempfile.TemporaryDirectory() as home, duckdb.connect(f"{home}/set.duckdb") as connection:
        seconds = match_set(connection, folder, model)
        for name, value in figures(connection, folder, model).items():
            print(f"{name:32} {value:.4f}")
    for stage, value in seconds.items():
        print(f"seconds, {stage:23} {value:.1f}")
    print(f"{'seconds, all':32} {sum(seconds.values()):.1f}")
    print(f"{'peak MB':32} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


if __name__ == "__main__":
    main()

"""Recall and precision by kind of noise: ``python -m benchmarks.matching_sets.by_noise SET_DIR MATCHES [--precision .99]``.

MATCHES is a parquet file (pid, mid, probability) with the best entry of each partner record, as ``benchmarks/match.py SET_DIR
--out MATCHES`` writes it; SET_DIR a set whose ``partner.parquet`` has a column ``noise``. A record with several kinds of noise
counts in each of them. One threshold holds for all kinds: the lowest one at which the whole set has the precision asked for.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

_JUDGED = """
CREATE TEMP TABLE judged AS
SELECT p.noise, t.mid IS NOT NULL AS held, coalesce(m.probability, 0) AS probability, m.mid IS NOT NULL AS matched,
    coalesce(m.mid = t.mid, false) AS hit
FROM read_parquet($partner) AS p JOIN read_parquet($truth) AS t ON t.pid = p.id
LEFT JOIN (FROM read_parquet($matches) QUALIFY row_number() OVER (PARTITION BY pid ORDER BY probability DESC, mid) = 1) AS m
    ON m.pid = p.id
"""
_THRESHOLD = """
WITH steps AS (
    SELECT probability, count(*) AS found, count(*) FILTER (hit) AS hits FROM judged WHERE matched GROUP BY probability
),
sums AS (SELECT probability, sum(found) OVER down AS found, sum(hits) OVER down AS hits FROM steps
    WINDOW down AS (ORDER BY probability DESC))
SELECT min(probability) FROM sums WHERE hits >= $precision * found
"""
_KINDS = """
WITH kinds AS (
    SELECT 'all' AS kind, judged.* FROM judged UNION ALL
    SELECT CASE WHEN part = '' THEN 'none' ELSE part END, judged.* FROM judged, unnest(string_split(noise, '|')) AS parts (part)
)
SELECT kind, count(*) AS records, count(*) FILTER (held) AS held, count(*) FILTER (held AND hit) AS found_at_all,
    count(*) FILTER (matched AND probability >= $threshold) AS linked,
    count(*) FILTER (hit AND probability >= $threshold) AS right_links
FROM kinds GROUP BY kind ORDER BY kind <> 'all', records DESC, kind
"""


def by_noise(folder: Path, matches: Path, precision: float) -> tuple[float | None, list[tuple[str, int, int, int, int, int]]]:
    """The threshold (None where no one gives the precision), and for each kind of noise: records, those that the master holds, of
    these with their company as best entry, links above the threshold, right ones among them."""
    with duckdb.connect() as connection:
        files = {"partner": folder / "partner.parquet", "truth": folder / "truth.parquet", "matches": matches}
        connection.execute(_JUDGED, {name: str(path) for name, path in files.items()})
        (threshold,) = connection.execute(_THRESHOLD, {"precision": precision}).fetchall()[0]
        # above every probability: nothing is linked where no threshold gives the precision
        return threshold, connection.execute(_KINDS, {"threshold": 2.0 if threshold is None else threshold}).fetchall()


def main() -> None:
    """Prints the table of the set and the matches named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="SET_DIR")
    parser.add_argument("matches", type=Path, metavar="MATCHES")
    parser.add_argument("--precision", type=float, default=0.99, help="of the whole set (0.99)")
    options = parser.parse_args()
    if "noise" not in pq.read_schema(options.folder / "partner.parquet").names:
        sys.exit(f"{options.folder / 'partner.parquet'} has no column noise")
    threshold, rows = by_noise(options.folder, options.matches, options.precision)
    reached = "no threshold gives" if threshold is None else f"probability {threshold:.4f} gives"
    print(f"{reached} precision {options.precision}")
    print(f"{'noise':24}{'records':>9}{'held':>9}{'best right':>12}{'recall':>9}{'precision':>11}{'wrong':>7}")
    for kind, records, held, found, linked, right in rows:
        shares = f"{_share(found, held):>12}{_share(right, held):>9}{_share(right, linked):>11}"
        print(f"{kind:24}{records:9}{held:9}{shares}{linked - right:7}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


if __name__ == "__main__":
    main()

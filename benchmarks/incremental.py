"""What a changed list costs beside matching everything: ``python benchmarks/incremental.py SET_DIR [--register N] [--records N]
[--changed N]``.

SET_DIR is as in ``match.py``; N rows of its master and its partner list are taken, all by default. The changed records take each
other's content, as if the partner had given them other ids. Prints one line per figure, and whether both ways found the same.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.match import Stages, load_set
from pipelines.matching.model import shipped_model
from pipelines.matching.run import run_matching
from pipelines.matching.unchanged import rematch
from pipelines.warehouse import create_tables

_AS_OF = datetime(2026, 11, 20, tzinfo=UTC)
_FEWER = """
DELETE FROM intermediate.register_entries WHERE corporate_number NOT IN (
    SELECT corporate_number FROM intermediate.register_entries ORDER BY hash(corporate_number) LIMIT {register}
);
DELETE FROM intermediate.records WHERE record_id NOT IN (
    SELECT record_id FROM intermediate.records ORDER BY hash(record_id) LIMIT {records}
);
ALTER TABLE intermediate.records ADD COLUMN updated_at TIMESTAMPTZ;
"""
_CHANGE = """
CREATE OR REPLACE TABLE intermediate.records AS
WITH changed AS (SELECT * FROM intermediate.records ORDER BY hash(record_id, 'lot') LIMIT {changed})
SELECT * FROM intermediate.records ANTI JOIN changed USING (record_id)
UNION ALL BY NAME
SELECT * REPLACE (
    coalesce(lead(record_id) OVER (ORDER BY record_id), first_value(record_id) OVER (ORDER BY record_id)) AS record_id
)
FROM changed
"""
_FOUND = "SELECT bit_xor(hash(t)), count(*) FROM match.{table} AS t"


def _seconds(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[float, int]:
    """(seconds of one matching, records that it compared)."""
    start = time.perf_counter()
    summary = run_matching(connection, _AS_OF, name)
    return time.perf_counter() - start, summary.compared


def _found(connection: duckdb.DuckDBPyConnection) -> list[object]:
    return [connection.execute(_FOUND.format(table=table)).fetchall() for table in ("links", "companies", "review_queue")]


def measure(connection: duckdb.DuckDBPyConnection, changed: int) -> dict[str, float | str]:
    """Figures by name, on a warehouse that holds the set."""
    figures: dict[str, float | str] = {}
    figures["seconds, first matching"], _ = _seconds(connection, "first")
    connection.execute(_CHANGE.format(changed=changed))
    figures["seconds, changed list"], figures["records compared"] = _seconds(connection, "changed")
    found = _found(connection)
    connection.execute("DELETE FROM prepared.marks WHERE name = 'scores'")
    figures["seconds, all records"], _ = _seconds(connection, "all records")
    figures["the same was found"] = "yes" if found == _found(connection) else "NO"
    figures["changed list / all records"] = float(figures["seconds, changed list"]) / float(figures["seconds, all records"])
    rematch(connection, _AS_OF, "again", shipped_model())
    start = time.perf_counter()
    rematch(connection, _AS_OF, "again", shipped_model())
    figures["seconds, nothing changed"] = time.perf_counter() - start
    figures["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def main() -> None:
    """Prints the figures of the set named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="SET_DIR")
    parser.add_argument("--register", type=int, default=10_000_000, help="entries of the register at most")
    parser.add_argument("--records", type=int, default=10_000_000, help="records at most")
    parser.add_argument("--changed", type=int, default=1_000, help="records that change (1,000)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, duckdb.connect(f"{home}/warehouse.duckdb") as connection:
        connection.execute(f"ATTACH '{home}/state.duckdb' AS state")
        create_tables(connection)
        load_set(connection, arguments.folder, Stages())
        connection.execute(_FEWER.format(register=arguments.register, records=arguments.records))
        for name, value in measure(connection, arguments.changed).items():
            print(f"{name:32} {value:,.2f}" if isinstance(value, float) else f"{name:32} {value}")


if __name__ == "__main__":
    main()

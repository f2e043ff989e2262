"""Speed of the normalizing functions: ``python benchmarks/normalize.py [--rows 1000000] [--file FILE.parquet]``.

Register-like rows are made up, or taken from a parquet file with the columns name, kana, name_en, address and post. Each
function runs alone through DuckDB, then all that the register's model calls run together, as
dbt does. Rows per second, and how many times as long as the bare Arrow kernels NFKC + lower case on the same names in the
same run: that ratio travels between machines. The best of three runs counts.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.normalize.functions import register

_COLUMNS = {
    "fold_text": "name", "name_key": "name", "legal_form": "name", "legal_form_side": "name", "name_site": "name",
    "romaji_key": "name", "address_prefecture": "address", "address_city": "address", "address_town": "address",
    "address_block": "address", "postal_code": "post",
}  # fmt: skip
_TOGETHER = [f"{function}({column})" for function, column in _COLUMNS.items() if function != "fold_text"]
_WITH_READINGS = [*_TOGETHER, "romaji_key(kana)", "name_key(kana)", "romaji_key(name_en)", "name_key(name_en)"]
_RUNS = 3

# Rows as the national register has them: forms at both ends, full-width digits, now and then kana or Latin names
_MADE_UP = """
WITH parts AS (
    SELECT i, (hash(i) % 100)::INT AS a, (hash(i + 1e9) % 100)::INT AS b,
        string_split('東西山川田本中村高松森石水青大小新日光和平三協共栄丸富士北南島崎', '') AS kanji,
        string_split('アカサタナハマヤラワイキシチニヒミリウクスツヌフムユルエケセテネヘメレオコソトノホモヨロンー', '') AS kana,
        ['商事', '工業', '建設', '商店', '製作所', '電機', '運輸', '不動産', '食品',
            'システム', 'ホールディングス', '印刷', ''] AS trades,
        ['東京都港区', '大阪府大阪市北区', '愛知県名古屋市中村区', '北海道札幌市中央区', '鳥取県八頭郡智頭町',
            '福岡県福岡市博多区', '京都府京都市中京区', '埼玉県さいたま市中央区', '長野県上田市'] AS cities
    FROM range($rows) AS r(i)
),
words AS (
    SELECT *, array_to_string([kanji[(1 + hash(i + k * 1e7) % 32)::INT] FOR k IN range(1, 3 + a % 2)], '') AS word,
        array_to_string([kana[(1 + hash(i + k * 1e6) % 48)::INT] FOR k IN range(1, 5 + a % 6)], '') AS reading,
        CASE WHEN b < 52 THEN '株式会社' WHEN b < 82 THEN '有限会社' WHEN b < 92 THEN '合同会社' WHEN b < 95 THEN '医療法人社団'
            WHEN b < 97 THEN '一般社団法人' WHEN b < 98 THEN '特定非営利活動法人' ELSE '宗教法人' END AS form
    FROM parts
),
names AS (
    SELECT *, if(a < 75, word, reading) || trades[(1 + hash(i + 2e9) % 13)::INT] AS core FROM words
)
SELECT if(a % 3 > 0, form || core, core || form) AS name, reading AS kana,
    if(a < 5, 'Acme ' || i || ' Co., Ltd.', NULL) AS name_en,
    cities[(1 + hash(i + 3e9) % 9)::INT] || if(a % 4 = 0, '大字', '') || word || translate(
        if(a < 60, concat(1 + a % 9, '丁目', 1 + b % 30, '番', 1 + i % 20, '号'), concat(i % 3000, '番地の', 1 + b % 9)),
        '0123456789', '０１２３４５６７８９') AS address,
    lpad((hash(i) % 10000000)::VARCHAR, 7, '0') AS post
FROM names
"""


def seconds(connection: duckdb.DuckDBPyConnection, expressions: list[str], names: pa.ChunkedArray) -> tuple[float, float]:
    """The best runs of these expressions over all rows and, in turn with them, of the bare kernels over the names, on one
    core: so that other work on the machine falls on both."""
    columns = ", ".join(f"{expression} AS c{number}" for number, expression in enumerate(expressions))
    best, bare = float("inf"), float("inf")
    for _ in range(_RUNS):
        start = time.perf_counter()
        pc.utf8_lower(pc.utf8_normalize(names, "NFKC"))
        bare = min(bare, time.perf_counter() - start)
        start = time.perf_counter()
        connection.execute(f"CREATE OR REPLACE TEMP TABLE result AS SELECT {columns} FROM rows")
        best = min(best, time.perf_counter() - start)
    return best, bare


def main() -> None:
    """Prints one line for each function and for all together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--threads", type=int, help="threads of DuckDB; all cores by default")
    given = parser.parse_args()
    with duckdb.connect() as connection:
        if given.threads:
            connection.execute(f"SET threads = {given.threads}")
        register(connection)
        if given.file is None:
            connection.execute(f"CREATE TABLE rows AS {_MADE_UP}", {"rows": given.rows})
        else:
            connection.execute(
                "CREATE TABLE rows AS SELECT name, kana, name_en, address, post FROM read_parquet($file) LIMIT $rows",
                {"file": str(given.file), "rows": given.rows},
            )
        rows = connection.execute("SELECT count(*) FROM rows").fetchall()[0][0]
        names = connection.sql("SELECT name FROM rows").to_arrow_table()["name"]
        together = {"all of the register": _TOGETHER, "all, with kana and English": _WITH_READINGS}
        print(f"{'':28} {'rows/s':>12} {'times bare':>10}")
        for name, expressions in {**{f: [f"{f}({c})"] for f, c in _COLUMNS.items()}, **together}.items():
            needed, bare = seconds(connection, expressions, names)
            print(f"{name:28} {rows / needed:12,.0f} {needed / bare:10.1f}")


if __name__ == "__main__":
    main()

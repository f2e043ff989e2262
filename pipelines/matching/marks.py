"""Marks of what a matching rests on: they change when it does.

Belongs here: hashing tables and this code. Does not: what follows from a change (``register_items``, ``known``, ``unchanged``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

from pipelines.normalize import functions


@cache
def code_mark() -> str:
    """Of the normalizing functions and of the modules and data of matching."""
    digest = hashlib.sha256(functions.version().encode())
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in (".py", ".csv", ".gz"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def data_mark(connection: duckdb.DuckDBPyConnection, queries: Iterable[str]) -> str:
    """Of the rows that the queries give, in whatever order."""
    digest = hashlib.sha256()
    for query in queries:
        counted = connection.execute(f"SELECT count(*), bit_xor(hash(t)), sum(hash(t) % 1000003) FROM ({query}) AS t").fetchall()
        digest.update(str(counted).encode())
    return digest.hexdigest()[:16]

"""The functions that SQL may call, by name. All take one VARCHAR and give one VARCHAR; null and empty give null.

``list_<name>`` is the same of a VARCHAR[], text by text: DuckDB hands over 2,048 rows a call, and of the millions of a register
ten thousands at once take two thirds of the time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from pipelines.normalize import addresses, contacts, english, names, notes, text, values
from pipelines.normalize.codepoints import as_array

ArrowFunction = Callable[[pa.Array | pa.ChunkedArray], pa.Array]

FUNCTIONS: dict[str, ArrowFunction] = {
    "fold_text": text.fold_text,
    "name_key": names.name_key,
    "legal_form": names.legal_form,
    "legal_form_side": names.legal_form_side,
    "name_site": names.name_site,
    "romaji_key": names.romaji_key,
    "former_name": notes.former_name,
    "valid_corporate_number": contacts.valid_corporate_number,
    "registrable_domain": contacts.registrable_domain,
    "email_domain": contacts.email_domain,
    "phone_e164": contacts.phone_e164,
    "postal_code": contacts.postal_code,
    "address_prefecture": addresses.address_prefecture,
    "address_city": addresses.address_city,
    "address_town": addresses.address_town,
    "address_block": addresses.address_block,
    "parse_date": values.parse_date,
    "parse_amount": values.parse_amount,
    "sound_core": english.sound_core,
    "sound_whole": english.sound_whole,
    "sound_written": english.sound_written,
    "sound_concepts": english.sound_concepts,
    "sound_skeleton": english.sound_skeleton,
}


@cache
def version() -> str:
    """A mark of these functions and their data: it changes with them, so that what was normalized before can be told."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in (".py", ".csv", ".txt"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def on_lists(function: ArrowFunction) -> ArrowFunction:
    """The function of texts as one of lists of texts; each list is one call."""

    def of_lists(lists: pa.Array | pa.ChunkedArray) -> pa.Array:
        lists = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
        texts, borders = as_array(lists.values), lists.offsets.to_pylist()
        done = [function(texts.slice(start, stop - start)) for start, stop in pairwise(borders)]
        shifted = pa.array([border - borders[0] for border in borders], pa.int32())
        return pa.ListArray.from_arrays(shifted, pa.concat_arrays([as_array(part) for part in done] or [texts.slice(0, 0)]))

    return of_lists


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes every function callable from SQL on this connection; a second call changes nothing."""
    known = {row[0] for row in connection.execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()}
    single = [(name, function, "VARCHAR") for name, function in FUNCTIONS.items()]
    several = [(f"list_{name}", on_lists(function), "VARCHAR[]") for name, function in FUNCTIONS.items()]
    for name, function, kind in (*single, *several):
        if name not in known:
            # special: a null must reach the function, because its answer may be null where the input is not
            connection.create_function(
                name, function, [kind], kind, type=PythonUDFType.ARROW, null_handling=FunctionNullHandling.SPECIAL
            )
    if "normalizer_version" not in known:
        connection.create_function("normalizer_version", version, [], "VARCHAR")

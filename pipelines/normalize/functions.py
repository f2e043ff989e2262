"""The functions that SQL may call, by name. All take one VARCHAR and give one VARCHAR; null and empty give null."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from pipelines.normalize import addresses, contacts, names, text, values

ArrowFunction = Callable[[pa.Array | pa.ChunkedArray], pa.Array]

FUNCTIONS: dict[str, ArrowFunction] = {
    "fold_text": text.fold_text,
    "name_key": names.name_key,
    "legal_form": names.legal_form,
    "legal_form_side": names.legal_form_side,
    "name_site": names.name_site,
    "romaji_key": names.romaji_key,
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
}


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes every function callable from SQL on this connection; a second call changes nothing."""
    known = {row[0] for row in connection.execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()}
    for name, function in FUNCTIONS.items():
        if name not in known:
            # special: a null must reach the function, because its answer may be null where the input is not
            connection.create_function(
                name, function, ["VARCHAR"], "VARCHAR", type=PythonUDFType.ARROW, null_handling=FunctionNullHandling.SPECIAL
            )

"""Which company or record a person means: by its id, 法人番号, a record's id, a CRM id, or its name in any writing.

Belongs here: queries on the published copy. Does not: what is told of the company (``words.py``).
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from pipelines.normalize.functions import FUNCTIONS
from pipelines.registrations import Refused
from pipelines.review.lookup import find_record

SHOWN = 10


class NotFound(Exception):
    """No company of the last run goes by that."""


class Ambiguous(Exception):
    """Several companies go by that; the message lists some."""


_BY_ID = """
SELECT DISTINCT company_id FROM marts.company_profiles WHERE company_id = $asked OR corporate_number = $asked
UNION
SELECT company_id FROM marts.map_records WHERE record_id = $asked OR native_id = $asked OR left(native_id, 15) = $asked
"""
_BY_NAME = """
SELECT DISTINCT company_id FROM marts.map_records WHERE name_key = $key
UNION
SELECT company_id FROM marts.company_profiles WHERE name = $asked
"""
_BY_PART = "SELECT DISTINCT company_id FROM marts.map_records WHERE contains(name_key, $key)"
_CANDIDATES = """
SELECT companies.company_id, companies.name, companies.corporate_number, companies.prefecture
FROM marts.company_profiles AS companies WHERE list_contains($ids, companies.company_id)
ORDER BY companies.name, companies.company_id
"""
_NAMED = """
SELECT record_id FROM intermediate.records WHERE {condition}
UNION ALL
SELECT 'register:' || corporate_number FROM intermediate.register_entries WHERE {condition}
ORDER BY 1
"""


def find_side(con: duckdb.DuckDBPyConnection, asked: str) -> str:
    """Id of the record meant, or ``register:<number>``: by its id, the end of it, 法人番号, or a name that only one bears, as it
    is written or in any writing. Raises ``Refused`` with near ones."""
    try:
        return find_record(con, asked)
    except Refused as unknown:
        found: list[str] = []
        for condition, name in (("name = $name", asked.strip()), ("name_key = $name", _name_key(asked))):
            found = [row[0] for row in con.execute(_NAMED.format(condition=condition), {"name": name}).fetchall()]
            if len(found) == 1:
                return found[0]
        if not found:
            raise unknown
        raise Refused("name_of_several", asked=asked, near=", ".join(found[:SHOWN])) from None


def _name_key(asked: str) -> str | None:
    return FUNCTIONS["name_key"](pa.array([asked.strip()], pa.string()))[0].as_py()


def find_company(con: duckdb.DuckDBPyConnection, asked: str) -> str:
    """The ``company_id`` meant. Raises ``NotFound``, or ``Ambiguous`` with the candidates."""
    asked = asked.strip()
    key = _name_key(asked)
    searches = [(_BY_ID, {"asked": asked}), (_BY_NAME, {"asked": asked, "key": key}), (_BY_PART, {"key": key})]
    for query, values in searches if key else searches[:1]:
        found = [row[0] for row in con.execute(query, values).fetchall()]
        if len(found) == 1:
            return str(found[0])
        if found:
            raise Ambiguous(_listed(con, asked, found))
    raise NotFound(f"No company of the last run is called {asked}. Give its name, 法人番号, company_id, or a CRM record's id.")


def _listed(con: duckdb.DuckDBPyConnection, asked: str, found: list[str]) -> str:
    rows = con.execute(_CANDIDATES, {"ids": found}).fetchall()
    lines = [f"  {company_id}  {name}  {number or '-'}  {place or '-'}" for company_id, name, number, place in rows[:SHOWN]]
    more = f"\n  ... and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"{len(rows)} companies go by {asked}. Give one of these ids:\n" + "\n".join(lines) + more

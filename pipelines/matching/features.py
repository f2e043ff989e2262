"""What is compared of a candidate pair: outcomes that SQL can tell (places, forms, numbers) as codes of ``outcomes``, and
the texts
that scoring compares.

Belongs here: the one query for both kinds of pairs. Does not: similarity of texts, weights (``scoring``).
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from pipelines.matching.outcomes import RARITY_BITS, code

BATCH_ROWS = 200_000


def _codes(feature: str, *cases: tuple[str, str], column: str | None = None) -> str:
    """CASE over conditions in order; -1 where none holds."""
    whens = " ".join(f"WHEN {condition} THEN {code(feature, outcome)}" for condition, outcome in cases)
    return f"(CASE {whens} ELSE -1 END)::TINYINT AS {column or feature}"


_SAME_CITY = "a.city = b.city AND (a.prefecture = b.prefecture OR a.prefecture IS NULL OR b.prefecture IS NULL)"
_SAME_TOWN = f"{_SAME_CITY} AND a.town = b.town"
_SAME_BLOCK = f"{_SAME_CITY} AND a.town IS NOT DISTINCT FROM b.town AND a.block = b.block"
_PLACE = _codes(
    "place",
    (f"{_SAME_BLOCK} AND b.place_count <= 1", "block"),
    (f"{_SAME_BLOCK} AND b.place_count <= 3", "block_shared"),
    (f"{_SAME_BLOCK} AND b.place_count <= 8", "block_crowded"),
    (_SAME_BLOCK, "block_tower"),
    (f"{_SAME_TOWN} AND split_part(a.block, '-', 1) = split_part(b.block, '-', 1)", "chome"),
    (_SAME_TOWN, "town"),
    (_SAME_CITY, "city"),
    ("a.prefecture = b.prefecture", "prefecture"),
    ("a.prefecture <> b.prefecture", "differs"),
    ("a.city IS NULL OR b.city IS NULL", "missing"),
    ("true", "differs"),
)
_POSTAL = _codes(
    "postal_code",
    ("a.postal_code IS NULL OR b.postal_code IS NULL", "missing"),
    ("a.postal_code = b.postal_code", "agrees"),
    ("left(a.postal_code, 3) = left(b.postal_code, 3)", "area"),
    ("true", "differs"),
)
_COMPANIES = "('株式会社', '有限会社', '合同会社', '合資会社', '合名会社', '特例有限会社', '相互会社')"


def _kind(side: str) -> str:
    """A company is neither its union nor its foundation, and a university is not its co-operative."""
    form = f"{side}.legal_form"
    return f"(CASE WHEN {form} IN {_COMPANIES} THEN 'company' WHEN {form} LIKE '%組合' THEN 'union' ELSE 'other' END)"


_LIKE_KK = "('ltd', 'inc', 'corp', 'company')"  # what a 株式会社 calls itself in English
_FORM = _codes(
    "legal_form",
    ("a.legal_form IS NULL AND b.legal_form IS NULL", "missing_both"),
    ("a.legal_form IS NULL", "missing_here"),
    ("b.legal_form IS NULL", "missing_there"),
    (
        f"(a.legal_form = '株式会社' AND b.legal_form IN {_LIKE_KK}) "
        f"OR (b.legal_form = '株式会社' AND a.legal_form IN {_LIKE_KK})",
        "translated",
    ),
    (
        "(a.legal_form = '合同会社' AND b.legal_form = 'llc') OR (b.legal_form = '合同会社' AND a.legal_form = 'llc')",
        "translated",
    ),
    ("(ascii(a.legal_form) < 128) <> (ascii(b.legal_form) < 128)", "other_language"),
    (f"{_kind('a')} <> {_kind('b')}", "other_kind"),
    ("a.legal_form <> b.legal_form", "differs"),
    ("a.legal_form_side <> b.legal_form_side", "side_differs"),
    ("true", "agrees"),
)
_RARITY = _codes(
    "rarity",
    ("a.surprise IS NULL", "everyday"),
    *(
        (f"a.surprise < {bits}", outcome)
        for bits, outcome in zip(RARITY_BITS, ("everyday", "common", "usual", "uncommon", "rare", "very_rare"), strict=True)
    ),
    ("true", "unique"),
)


def _counted(name: str, column: str) -> str:
    limits = (("= 0", "none"), ("= 1", "one"), ("= 2", "few"), ("<= 4", "several"), (">= 5", "many"))
    return _codes("namesakes", *((f"{column} {limit}", outcome) for limit, outcome in limits), column=name)


_PLAIN = ",\n    ".join(
    (
        _PLACE,
        _POSTAL,
        _FORM,
        _RARITY,
        _counted("namesakes", "b.name_count"),
        _counted("core_namesakes", "b.core_count"),
        _codes("alias", *((f"b.alias = '{kind}'", kind) for kind in ("former", "short", "trade", "english", "kana"))),
        _codes("site", ("a.site IS NOT NULL OR b.site IS NOT NULL", "present")),
        *(
            _codes(name, (f"a.{name} = b.{name}", "agrees"), (f"a.{name} <> b.{name}", "differs"))
            for name in ("corporate_number", "domain")
        ),
        # a branch has a phone of its own
        _codes(
            "phone",
            ("a.phone = b.phone", "agrees"),
            ("a.phone <> b.phone AND a.site IS NULL AND b.site IS NULL", "differs"),
        ),
    )
)
_SHARED = "bit_count(a.signature & b.signature)"
# Two names that share few characters are compared only where something else speaks for the pair.
_WORTH_COMPARING = f"""
    ({_SHARED} >= 0.6 * least(bit_count(a.signature), bit_count(b.signature))
        AND ({_SHARED} >= 0.35 * greatest(bit_count(a.signature), bit_count(b.signature))
            OR {_SHARED} = least(bit_count(a.signature), bit_count(b.signature))))
    OR (a.block = b.block AND a.city = b.city) OR a.corporate_number = b.corporate_number OR a.domain = b.domain
    OR a.phone = b.phone OR left(a.sound, 4) = left(b.sound, 4) OR a.spoken_core IS NOT NULL AND b.spoken_core IS NOT NULL
    OR a.kana_key = b.name_key OR a.name_key = b.kana_key
"""


def pairs_query(pairs: str, among_records: bool, where: str = "true") -> str:
    """What is compared of the pairs (a, b) in a table: of two records, or of a record and an item of the register."""
    right, entry = ("match_records", "NULL::UBIGINT") if among_records else ("prepared.register_items", "b.entry")
    return f"""
    SELECT a.item AS a, b.item::UBIGINT AS b, {entry} AS entry,
        a.name_key AS name_a, b.name_key AS name_b, a.sound AS sound_a, b.sound AS sound_b,
        a.spoken_core AS core_a, b.spoken_core AS core_b, a.spoken_concepts AS concepts_a, b.spoken_concepts AS concepts_b,
        a.spoken_whole AS whole_a, b.spoken_whole AS whole_b, a.spoken_written AS written_a, b.spoken_written AS written_b,
        a.name = b.name AS same_text,
        contains(a.name_key, b.name_key) OR contains(b.name_key, a.name_key) AS contained,
        {among_records} AS among_records,
        {_PLAIN}
    FROM {pairs} AS p JOIN match_records AS a ON a.item = p.a JOIN {right} AS b ON b.item = p.b
    WHERE {where}
    """


REGISTER_QUERY = pairs_query("match_register_pairs", among_records=False, where=_WORTH_COMPARING)
RECORD_QUERY = pairs_query("match_record_pairs", among_records=True, where=_WORTH_COMPARING)


def pair_batches(connection: duckdb.DuckDBPyConnection, query: str, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
    """The pairs of ``REGISTER_QUERY`` or ``RECORD_QUERY`` in batches of at most ``rows``; one empty batch where there are
    none."""
    reader = connection.sql(query).to_arrow_reader(rows)
    empty = True
    for batch in reader:
        empty = False
        yield batch
    if empty:
        yield pa.RecordBatch.from_pylist([], schema=reader.schema)

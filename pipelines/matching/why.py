"""Why two records are one company, or are not: the comparison that matching would make of any two, candidates or not.

Belongs here: comparing a pair of the published copy, beside the rivals that it had; which keys it shares. Does not: what became
of it (``standing``), words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.matching.blocking import KEYS, grams_of, keys_of
from pipelines.matching.decisions import REGISTER
from pipelines.matching.evidence import evidence_sql, rule_sql
from pipelines.matching.excerpt import excerpt
from pipelines.matching.features import pair_batches, pairs_query
from pipelines.matching.kanji import tell_kanji
from pipelines.matching.model import Model, shipped_model
from pipelines.matching.models import learned_model
from pipelines.matching.placing import may_place
from pipelines.matching.probability import KEEP_BITS, among_entries, among_records
from pipelines.matching.scoring import score_batch

_GRAM = "gram"
KEY_NAMES = (*dict.fromkeys(name for name, _ in KEYS), _GRAM)
"""What candidates are found by."""
_SIDES = ("left_side", "right_side")
_RIGHT_RECORD = "CREATE TEMP TABLE right_side AS FROM match_records WHERE id = $b"
_RIGHT_ENTRY = """
CREATE TEMP TABLE right_side AS FROM prepared.register_items
WHERE entry IN (SELECT entry FROM prepared.register_items WHERE id = $b AND alias IS NULL)
"""
_ENTRY_PAIRS = """
CREATE OR REPLACE TEMP TABLE asked_pairs AS SELECT l.item AS a, r.item AS b FROM left_side AS l, right_side AS r
"""
_RECORD_PAIRS = """
CREATE OR REPLACE TEMP TABLE asked_pairs AS
SELECT least(a.item, b.item) AS a, greatest(a.item, b.item) AS b
FROM asked JOIN match_records AS a ON a.id = asked.a JOIN match_records AS b ON b.id = asked.b
"""
_RIVALS = """
SELECT score FROM match.compared
WHERE record_id = $record AND starts_with(other_record_id, $register) AND other_record_id <> $register || $number
"""
_COMPARED = """
SELECT count(*) FROM match.compared
WHERE (record_id = $a AND other_record_id = $b) OR (record_id = $b AND other_record_id = $a)
"""


@dataclass(frozen=True)
class Comparison:
    """What comparing two gives: ``evidence`` adds up to the log-odds of ``probability``; ``rule`` is the one word for what
    decides."""

    a: str
    b: str
    probability: float
    score: float
    """Bits, rivals left aside."""
    rule: str
    place_code: int
    may_place: bool
    """Whether the pair may join without a person, however probable it is."""
    evidence: list[dict[str, Any]]


@dataclass(frozen=True)
class Why:
    """One pair as matching sees it. ``keys``: what could make it a candidate; ``candidate``: whether the last run compared it
    and kept it; ``entry``: number under which the register's entry counts now, None for two records."""

    a: str
    b: str
    comparison: Comparison
    keys: list[str]
    candidate: bool
    entry: str | None

    @property
    def current_b(self) -> str:
        """``b``, an entry of the register by the number under which it counts now."""
        return REGISTER + self.entry if self.entry else self.b

    @property
    def dropped(self) -> bool:
        """Too unlike to be kept, had it been compared."""
        return self.comparison.score < KEEP_BITS


def model_of_links(con: duckdb.DuckDBPyConnection) -> Model:
    """The model by which the links of the published copy were made, with its thresholds. Raises ``UnknownModel``."""
    precision, review = con.execute("SELECT stated_precision, review FROM config.matching").fetchall()[0]
    shipped = shipped_model(precision, review)
    versions = con.execute("SELECT DISTINCT model_version FROM match.links").fetchall()
    return shipped if versions in ([], [(shipped.version,)]) else learned_model(con, versions[0][0], precision, shipped)


def why(con: duckdb.DuckDBPyConnection, a: str, b: str, model: Model) -> Why:
    """Compares two records, or a record (``a``) and an entry of the register (``b``: ``register:<number>``), of the published
    copy."""
    number = b.removeprefix(REGISTER) if b.startswith(REGISTER) else None
    records, numbers = ([a], [number]) if number else ([a, b], [])
    with excerpt(con, records, numbers) as world:
        world.execute("CREATE TEMP TABLE left_side AS FROM match_records WHERE id = $a", {"a": a})
        world.execute(_RIGHT_ENTRY if number else _RIGHT_RECORD, {"b": number or b})
        entry = str(_only(world, "SELECT DISTINCT corporate_number FROM right_side")) if number else None
        found = _with_entry(con, world, a, entry, model) if entry else compare_records(world, [(a, b)], model)[0]
        keys = _shared_keys(world)
        names = [name for (name,) in world.execute("SELECT DISTINCT name FROM right_side").fetchall()]
        evidence = tell_kanji(found.evidence, str(_only(world, "SELECT name FROM left_side")), names)
    other = REGISTER + entry if entry else b
    candidate = bool(con.execute(_COMPARED, {"a": a, "b": other}).fetchall()[0][0])
    return Why(a, b, replace(found, evidence=evidence), keys, candidate, entry)


def compare_records(world: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[str, str]], model: Model) -> list[Comparison]:
    """The comparisons of pairs of records of an ``excerpt``."""
    a, b = zip(*pairs, strict=True)
    world.register("asked", pa.table({"a": pa.array(a, pa.string()), "b": pa.array(b, pa.string())}))
    world.execute(_RECORD_PAIRS)
    world.unregister("asked")
    return _comparisons(world, among_records(_scored(world, model, among=True)), "match_records")


def _with_entry(
    con: duckdb.DuckDBPyConnection, world: duckdb.DuckDBPyConnection, record: str, entry: str, model: Model
) -> Comparison:
    """The best name of the entry, beside the record's other candidates of the last run as its rivals."""
    world.execute(_ENTRY_PAIRS)
    scored = _scored(world, model, among=False)
    asked = {"record": record, "register": REGISTER, "number": entry}
    rivals = [score for (score,) in con.execute(_RIVALS, asked).fetchall()]
    item, own = scored["a"][0].as_py(), set(scored["entry"].to_pylist())
    # of these only the score is known: they are numbered as no entry is that there is
    numbers = (number for number in count() if number not in own)
    rows = [{"a": item, "b": 0, "entry": number, "score": score} for number, score in zip(numbers, rivals, strict=False)]
    together = among_entries(pa.concat_tables([scored, pa.Table.from_pylist(rows, scored.schema)]))
    found = together.filter(pc.is_in(together["entry"], pa.array(list(own), together["entry"].type)))
    return _comparisons(world, found, "prepared.register_items")[0]


def _scored(world: duckdb.DuckDBPyConnection, model: Model, among: bool) -> pa.Table:
    query = pairs_query("asked_pairs", among_records=among)
    return pa.Table.from_batches([score_batch(batch, model) for batch in pair_batches(world, query)])


def _comparisons(world: duckdb.DuckDBPyConnection, scored: pa.Table, right: str) -> list[Comparison]:
    world.register("scored", scored.append_column("may_place", pa.array(may_place(scored))))
    rows = world.execute(
        f"""
        SELECT a.id, b.id, s.probability, s.score, {rule_sql("s")}, s.place_code, s.may_place, {evidence_sql("s")}
        FROM scored AS s JOIN match_records AS a ON a.item = s.a JOIN {right} AS b ON b.item = s.b ORDER BY s.a, s.b
        """
    ).fetchall()
    world.unregister("scored")
    return [Comparison(*row) for row in rows]


def _shared_keys(world: duckdb.DuckDBPyConnection) -> list[str]:
    """What the two sides share of that by which candidates are found."""
    keys = {name: [grams_of(side) if name == _GRAM else keys_of(side, name) for side in _SIDES] for name in KEY_NAMES}
    shared = "SELECT count(*) FROM ({}) AS l SEMI JOIN ({}) AS r USING (key)"
    return [name for name, queries in keys.items() if _only(world, shared.format(*queries))]


def _only(world: duckdb.DuckDBPyConnection, query: str) -> Any:
    return world.execute(query).fetchall()[0][0]

"""Splink 5 on DuckDB, as its guide has it: blocking rules, Jaro-Winkler levels with term frequencies, weights by EM."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.internals.blocking_rule_creator import BlockingRuleCreator

from benchmarks.peers.sets import best_of

_RULES = (
    ("name",),
    ("substr(name, 1, 3)", "pref"),
    ("substr(name, 1, 2)", "city"),
    ("substr(name, 1, 4)",),
    ("right(name, 4)",),
    ("post", "substr(name, 1, 1)"),
)
_SURE_RULES = (("name", "pref"), ("name", "post"))
_TRAINING_RULES = (("name",), ("post",), ("substr(name, 1, 3)", "city"))
_COMPARISONS = {
    "name": cl.JaroWinklerAtThresholds("name", [0.96, 0.9, 0.8]).configure(term_frequency_adjustments=True),
    "pref": cl.ExactMatch("pref"),
    "city": cl.ExactMatch("city").configure(term_frequency_adjustments=True),
    "street": cl.JaroWinklerAtThresholds("street", [0.95, 0.85]),
    "post": cl.ExactMatch("post"),
}
_PAIRS = """
SELECT CASE WHEN source_dataset_l = 'partner' THEN id_l ELSE id_r END AS pid,
    CASE WHEN source_dataset_l = 'partner' THEN id_r ELSE id_l END AS mid, match_weight AS score
FROM {table} ORDER BY ALL
"""


def match(master: pa.Table, partner: pa.Table) -> pa.Table:
    """Best entry (pid, mid, score) of each partner record. Columns that a side leaves empty are not compared."""
    connection = duckdb.connect()
    backend = DuckDBAPI(connection)
    sides = [
        # weights of the only column compared cannot be learned among pairs that a rule on that column brings together
        backend.register(
            side.append_column("start", pc.utf8_slice_codeunits(side["name"], 0, 3)),
            dataset_display_name=name,
            table_name=f"{name}_in",
        )
        for name, side in (("master", master), ("partner", partner))
    ]
    filled = {column for column in _COMPARISONS if all(side[column].null_count < len(side) for side in (master, partner))}
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        comparisons=[comparison for column, comparison in _COMPARISONS.items() if column in filled],
        blocking_rules_to_generate_predictions=_blocks(_RULES, filled),
        retain_matching_columns=False,
    )
    linker = Linker(sides, settings, log_level="ERROR")
    training = linker.training
    training.estimate_probability_two_random_records_match(_blocks(_SURE_RULES, filled) or [block_on("name")], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in _blocks(_TRAINING_RULES, filled) if len(filled) > 1 else [block_on("start")]:
        training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    pairs = linker.inference.predict(threshold_match_weight=-10)
    return best_of(connection.sql(_PAIRS.format(table=pairs.physical_name)).to_arrow_table())


def _blocks(rules: tuple[tuple[str, ...], ...], filled: set[str]) -> list[BlockingRuleCreator]:
    """The rules that use filled columns only."""
    empty = _COMPARISONS.keys() - filled
    return [block_on(*rule) for rule in rules if not any(column in part for column in empty for part in rule)]

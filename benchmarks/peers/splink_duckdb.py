"""Splink 5 on DuckDB, as its guide has it: blocking rules, Jaro-Winkler levels with term frequencies, weights by EM."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from benchmarks.peers.sets import best_of

_RULES = [
    block_on("name"),
    block_on("substr(name, 1, 3)", "pref"),
    block_on("substr(name, 1, 2)", "city"),
    block_on("substr(name, 1, 4)"),
    block_on("right(name, 4)"),
    block_on("post", "substr(name, 1, 1)"),
]
_SETTINGS = {
    "link_type": "link_only",
    "unique_id_column_name": "id",
    "comparisons": [
        cl.JaroWinklerAtThresholds("name", [0.96, 0.9, 0.8]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("pref"),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("street", [0.95, 0.85]),
        cl.ExactMatch("post"),
    ],
    "retain_matching_columns": False,
}
_PAIRS = """
SELECT CASE WHEN source_dataset_l = 'partner' THEN id_l ELSE id_r END AS pid,
    CASE WHEN source_dataset_l = 'partner' THEN id_r ELSE id_l END AS mid, match_weight AS score
FROM {table} ORDER BY ALL
"""


def match(master: pa.Table, partner: pa.Table) -> pa.Table:
    """Best entry (pid, mid, score) of each partner record."""
    connection = duckdb.connect()
    backend = DuckDBAPI(connection)
    sides = [
        backend.register(side, dataset_display_name=name, table_name=f"{name}_in")
        for name, side in (("master", master), ("partner", partner))
    ]
    linker = Linker(sides, SettingsCreator(**_SETTINGS, blocking_rules_to_generate_predictions=_RULES), log_level="WARNING")
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("name", "pref"), block_on("name", "post")], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (block_on("name"), block_on("post"), block_on("substr(name, 1, 3)", "city")):
        training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    pairs = linker.inference.predict(threshold_match_weight=-10)
    return best_of(connection.sql(_PAIRS.format(table=pairs.physical_name)).to_arrow_table())

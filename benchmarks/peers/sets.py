"""A set as every peer gets it, and the figures by which all are judged.

Belongs here: reading, the same plain normalizing for all (NFKC, no legal form), precision and recall. Does not: matching.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

COLUMNS = ("id", "name", "pref", "city", "street", "post")
"""Columns of both sides, all text; what is empty is null."""

_FORMS = (
    "株式会社|有限会社|合同会社|合資会社|合名会社|(?:一般|公益|特例)?(?:社団|財団)法人|医療法人(?:社団|財団)?|社会福祉法人|学校法人|宗教法人|特定非営利活動法人|npo法人|農事組合法人|"
    r"\((?:株|有|同|資|名|医|福|学|宗|農|一社|一財|公社|公財|社福|特非)\)"
)
_WESTERN_FORMS = (
    r"[,\s]+(?:co\.?,?\s*ltd\.?|company,?\s*(?:limited|ltd\.?)|inc\.?|incorporated|corp\.?|corporation|co\.?|company|ltd\.?|limited|plc|l\.?l\.?c\.?|l\.?p\.?|"
    r"k\.?k\.?|n\.?v\.?|s\.?a\.?|ag|gmbh)\s*$"
)


def read_side(path: Path) -> pa.Table:
    """``COLUMNS`` of one side, names and addresses normalized."""
    table = _as_text(pq.read_table(path, columns=list(COLUMNS)))
    for column in COLUMNS[1:]:
        values = pc.utf8_trim_whitespace(pc.utf8_lower(pc.utf8_normalize(table[column], "NFKC")))
        if column == "name":
            values = pc.replace_substring_regex(pc.replace_substring_regex(values, _FORMS, ""), _WESTERN_FORMS, "")
        if column == "post":
            values = pc.replace_substring_regex(values, r"[^0-9]", "")
        elif column != "name":
            values = pc.replace_substring_regex(values, r"\s", "")
        values = pc.utf8_trim_whitespace(values)
        table = table.set_column(table.column_names.index(column), column, pc.if_else(pc.equal(values, ""), None, values))
    return table


def _as_text(table: pa.Table) -> pa.Table:
    """The same with plain strings: writers differ, and a join wants one type."""
    return table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))


def figures(best: pa.Table, folder: Path) -> dict[str, float]:
    """Accuracy of the best entry of each partner record (pid, mid, score): one threshold over the scores is what is varied.

    Records with one score stand or fall together.
    """
    truth = _as_text(pq.read_table(folder / "truth.parquet", columns=["pid", "mid"]))
    in_master = len(truth) - truth["mid"].null_count
    best = best.cast(pa.schema({"pid": pa.string(), "mid": pa.string(), "score": pa.float64()}))
    joined = best.join(truth.rename_columns({"mid": "right"}), "pid", join_type="inner").sort_by([("score", "descending")])
    score = joined["score"].to_numpy()
    hit = pc.fill_null(pc.equal(joined["mid"], joined["right"]), False).to_numpy()
    last = np.flatnonzero(np.append(np.diff(score) != 0, True))
    hits = np.cumsum(hit)[last]
    precision, recall = hits / (last + 1), hits / in_master
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    precise = np.flatnonzero(precision >= 0.99)
    top = int(f1.argmax())
    return {
        "f1 (best threshold)": f1[top],
        "precision there": precision[top],
        "recall there": recall[top],
        "recall at precision .99": recall[precise[-1]] if len(precise) else 0.0,
    }


def best_of(pairs: pa.Table) -> pa.Table:
    """The highest scored pair of each partner record, the first one of equals."""
    pairs = pairs.append_column("order", pa.array(np.arange(len(pairs))))
    pairs = pairs.sort_by([("pid", "ascending"), ("score", "descending"), ("order", "ascending")])
    pid = pairs["pid"].combine_chunks()
    first = pa.concat_arrays([pa.array([True]), pc.not_equal(pid[1:], pid[:-1])]) if len(pid) else pa.array([], pa.bool_())
    return pairs.filter(first).select(["pid", "mid", "score"])

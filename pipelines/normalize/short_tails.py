"""Words at the end of group companies' names that lists shorten: ホールディングス and HD, フィナンシャルグループ and FG.

Belongs here: bringing both to the short one. Does not: what is said of it (``english``), legal forms.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.text import replace

# as ``name_key`` leaves them: small kana large, no blanks
_TAILS = (
    ("(?:フイナンシヤル|ファイナンシャル|フアイナンシヤル)グループ|financialgroup", "fg"),
    ("ホールデイングス?|ホールデイングズ|holdings", "hd"),
    ("グループ|group", "g"),
)
_MAY_HAVE_TAIL = "(?:ングス?|ングズ|ループ|holdings|group)$"


def short_tails(keys: pa.Array) -> pa.Array:
    """Name keys with these words short, where something stands before them."""
    rows = pc.fill_null(pc.match_substring_regex(keys, _MAY_HAVE_TAIL), False)
    if not pc.any(rows).as_py():
        return keys
    some = keys.filter(rows)
    for words, short in _TAILS:
        some = replace(some, rf"^(.+)(?:{words})$", rf"\1{short}")
    return pc.replace_with_mask(keys, rows, some)

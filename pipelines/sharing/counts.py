"""``state.shared_counts``: the counts that a partner was told last, so that the next ones cannot be subtracted from them.

Belongs here: remembering them. Does not: when they are counted anew, or how far they may be told (dbt models ``share_recounts``
and ``share_counts``). They are remembered with every run that counted, also where the figures are the same: else the next run
would count again, and one company more would show which status it has.
"""

from __future__ import annotations

import duckdb

from pipelines.sharing.share import Share

_REMEMBER = """
INSERT OR REPLACE INTO state.shared_counts BY NAME
SELECT partner, our_status, partner_status, companies AS at_least, counted_at
FROM marts.share_summary WHERE partner = ? AND NOT is_exact AND is_recounted
"""


def remember(con: duckdb.DuckDBPyConnection, share: Share) -> None:
    """Those that this run counted, zeros among them; within the transaction that logs the share. ``con``: on the marts of it."""
    con.execute(_REMEMBER, [share.partner])

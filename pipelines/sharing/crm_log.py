"""What was shared through a partner's own CRM, as rows of ``state.sharing_log``: derived from the journal of write-back.

Belongs here: what a record of a partner's CRM says after each write, and when it ceased to say so. Does not: what may be shared
(``share_*`` in dbt), writing (``pipelines/writeback``), the log of the other ways out (``log.py``).

The journal is written ahead and settled by reading, so that nothing is missing here after a kill; a write whose answer is still
unknown counts once it is settled. All is derived anew each time: the same journal makes the same rows.
"""

from __future__ import annotations

import duckdb

from pipelines.settings import Settings
from pipelines.sharing.log import note_policy
from pipelines.warehouse import transaction

_FIELDS = ("no_approach", "no_approach_detail", "no_approach_until", "whitespace")
"""What a record may be told, beside the day: that goes with all of them, and stands in the log as ``as_of``."""
_LISTS = {
    "no_approach": "'no_approach', true, 'no_approach_detail', no_approach_detail.value,"
    " 'no_approach_until', no_approach_until.value",
    "whitespace": "'whitespace', true",
}
"""List -> what its row says of a record whose field of that name is set."""

_TOLD = f"""
CREATE OR REPLACE TEMP TABLE told_in_crm AS
WITH
partners AS (SELECT connection, party AS partner FROM config.connections WHERE party <> 'us'),

written AS (
    SELECT connection, object, record_id, run_id, field, after AS value, rule, journaled_at AS said_at FROM state.journal
    SEMI JOIN partners USING (connection)
    WHERE result = 'written' AND object IN ('Account', 'companies')
),

-- ours without a write of ours: the partner merged a record that we had written into this one
inherited AS (
    SELECT connection, object, record_id, 'merged' AS run_id, field, value, NULL AS rule, sent_at AS said_at FROM state.sent
    SEMI JOIN partners USING (connection) ANTI JOIN written USING (connection, object, record_id, field)
    WHERE object IN ('Account', 'companies')
),

steps AS (  -- all that one run wrote to a record is one saying
    SELECT connection, object, record_id, run_id, min(said_at) AS said_at, arg_max(rule, said_at) AS rule,
        {", ".join(f"arg_max({{'value': value}}, said_at) FILTER (field = '{field}') AS {field}" for field in _FIELDS)}
    FROM (FROM written UNION ALL FROM inherited)
    GROUP BY connection, object, record_id, run_id
),

states AS (  -- a field that a run did not touch says what it said before
    SELECT connection, object, record_id, run_id, said_at, rule,
        {", ".join(f"last_value({field} IGNORE NULLS) OVER so_far AS {field}" for field in _FIELDS)}
    FROM steps WINDOW so_far AS (PARTITION BY connection, object, record_id ORDER BY said_at, run_id)
),

sayings AS (
    {
    " UNION ALL ".join(
        f"SELECT connection, object, record_id, run_id, said_at, rule, '{name}' AS list,"
        f" CASE WHEN {name}.value = 'true' THEN json_merge_patch('{{}}', json_object({content})) END AS content FROM states"
        for name, content in _LISTS.items()
    )
}
),

changes AS (
    SELECT *, nullif(split_part(rule, 'policy:', 2), '') AS version
    FROM (SELECT *, lag(content) OVER entry AS content_before FROM sayings
        WINDOW entry AS (PARTITION BY connection, object, record_id, list ORDER BY said_at, run_id))
    WHERE content IS DISTINCT FROM content_before
),

ended AS (
    SELECT *, lead(said_at) OVER entry AS withdrawn_at, lead(content) OVER entry AS content_after,
        lead(rule) OVER entry AS rule_after, lead(version) OVER entry AS version_after
    FROM changes WINDOW entry AS (PARTITION BY connection, object, record_id, list ORDER BY said_at, run_id)
)

SELECT
    sha256(concat_ws('|', ended.connection, ended.object, ended.record_id, list, ended.run_id)) AS entry_id,
    partners.partner, ended.connection AS channel, list, ended.object || ':' || ended.record_id AS row_key, links.company_id,
    records.name AS company_name, json_keys(content) AS fields, content::VARCHAR AS content,
    coalesce(version, policies.policy_version) AS policy_version, ended.run_id,
    coalesce(runs.as_of, ended.said_at) AS as_of, ended.said_at AS shared_at, withdrawn_at,
    CASE
        WHEN withdrawn_at IS NULL THEN NULL
        WHEN content_after IS NOT NULL THEN 'changed'
        WHEN rule_after = 'ended' THEN 'ended'
        WHEN rule_after = 'no_policy' OR version_after <> version THEN 'policy'
        ELSE 'no_longer_so'
    END AS withdrawn_because,
    records.record_id IS NOT NULL AS is_there
FROM ended
JOIN partners USING (connection)
JOIN config.sharing_policies AS policies USING (partner)
LEFT JOIN intermediate.records AS records ON records.record_id = concat_ws(':', ended.connection, ended.object, ended.record_id)
LEFT JOIN match.links AS links ON links.record_id = records.record_id AND links.verdict IN ('auto', 'confirmed')
LEFT JOIN (
    SELECT run_id, max(as_of) AS as_of FROM (FROM state.map_runs UNION SELECT run_id, as_of FROM config.run) GROUP BY run_id
) AS runs ON runs.run_id = ended.run_id
WHERE content IS NOT NULL
"""

_OPEN = """
INSERT OR IGNORE INTO state.sharing_log BY NAME
SELECT * EXCLUDE (is_there, withdrawn_at, withdrawn_because) FROM temp.told_in_crm
"""
_CLOSE = """
UPDATE state.sharing_log AS log SET withdrawn_at = told.withdrawn_at, withdrawn_because = told.withdrawn_because
FROM temp.told_in_crm AS told
WHERE log.entry_id = told.entry_id AND log.withdrawn_at IS NULL AND told.withdrawn_at IS NOT NULL
"""
# the partner deleted the record, or merged it into another, which says so under its own id
_CLOSE_GONE = """
UPDATE state.sharing_log AS log SET withdrawn_at = greatest(run.as_of, log.shared_at), withdrawn_because = 'no_longer_so'
FROM config.run AS run
WHERE log.withdrawn_at IS NULL
    AND log.channel IN (SELECT connection FROM config.connections WHERE party <> 'us')
    AND log.entry_id NOT IN (SELECT entry_id FROM temp.told_in_crm WHERE is_there AND withdrawn_at IS NULL)
"""


def keep(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Bring the log of every partner's connection in line with the journal. Idempotent."""
    if not con.execute("SELECT count(*) FROM config.connections WHERE party <> 'us'").fetchall()[0][0]:
        return
    con.execute(_TOLD)
    with transaction(con):
        for statement in (_OPEN, _CLOSE, _CLOSE_GONE):
            con.execute(statement)
        rows = con.execute(
            "SELECT partner, policy_version, min(shared_at) FROM temp.told_in_crm GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        for partner, version, first in rows:
            if partner in settings.partners and settings.sharing_of(partner).version == version:
                note_policy(con, partner, settings.sharing_of(partner), first)
    con.execute("DROP TABLE temp.told_in_crm")

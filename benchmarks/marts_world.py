"""A random, already matched world of any size for ``marts.py``, written in SQL.

Belongs here: the shape of the inputs (how many customers, deals, claims, groups). Does not: anything measured.
Everything comes from hashes of row numbers, so that the same size is the same world.
"""

from __future__ import annotations

import duckdb

_INDUSTRIES = 30
_PREFECTURES = "['東京都', '大阪府', '愛知県', '福岡県', '北海道', '広島県', '神奈川県', '埼玉県', '兵庫県', '宮城県']"


def draw(of: str, salt: str, n: int) -> str:
    """A number of 0..n-1 that depends on the row and the salt alone."""
    return f"(hash({of}, '{salt}') % {n})::INTEGER"


_RECORD = f"""
    '株式会社' || company AS name, company AS name_key, {_PREFECTURES}[1 + {draw("company", "prefecture", 10)}] AS prefecture,
    '業種' || {draw("company", "industry", _INDUSTRIES)} AS industry, 10 + {draw("company", "employees", 3000)} AS employees,
    '担当' || {draw("record_id", "owner", 50)} AS owner_name
"""


def fill(con: duckdb.DuckDBPyConnection, partners: int, records: int, companies: int) -> None:
    """Every table that the marts read. Half of the companies are ours, a partner's are drawn at random."""
    _records(con, partners, records, companies)
    _statuses(con)
    _dealings(con, partners, companies)


def _records(con: duckdb.DuckDBPyConnection, partners: int, records: int, companies: int) -> None:
    con.execute(f"""
        CREATE TEMP TABLE drawn AS
        SELECT 'our_salesforce:Account:' || i AS record_id, 'us' AS party, 'salesforce' AS source, 'our_salesforce' AS connection,
            'Account' AS object, i::VARCHAR AS native_id, 'c' || i AS company
        FROM range({companies // 2}) AS rows(i)
        UNION ALL
        SELECT 'p' || lpad(p::VARCHAR, 3, '0') || '/accounts:list:' || i, 'p' || lpad(p::VARCHAR, 3, '0'), 'file',
            'p' || lpad(p::VARCHAR, 3, '0') || '/accounts', 'list', i::VARCHAR,
            'c' || {draw("p * 1000003 + i", "company", companies)}
        FROM range({partners}) AS parties(p), range({records}) AS rows(i)
    """)
    con.execute(f"""
        INSERT INTO intermediate.records BY NAME
        SELECT * EXCLUDE (company), {_RECORD},
            CASE WHEN party = 'us' AND {draw("company", "child", 20)} = 0
                THEN 'our_salesforce:Account:' || {draw("company", "parent", companies // 200 + 1)} END AS parent_record_id
        FROM drawn
    """)
    con.execute(f"""
        INSERT INTO intermediate.crm_record_texts BY NAME
        SELECT record_id, party, source, connection, object, native_id, name,
            '005' || {draw("record_id", "owner", 50)} AS owner_native_id,
            DATE '2020-01-01' + {draw("record_id", "made", 2000)} AS created_on
        FROM intermediate.records WHERE party = 'us'
    """)
    con.execute("""
        INSERT INTO match.links
        SELECT record_id, company, 0.98, 'auto', 'name_address', [{'feature': '社名', 'outcome': '一致', 'weight': 5.0}],
            TIMESTAMPTZ '2026-11-20 00:00:00+00', 'v1' FROM drawn
    """)
    con.execute(f"""
        INSERT INTO match.companies BY NAME
        SELECT company AS company_id, '株式会社' || company AS name, count(*)::INTEGER AS record_count,
            {_PREFECTURES}[1 + {draw("company", "prefecture", 10)}] AS prefecture FROM drawn GROUP BY company
    """)


def _statuses(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"""
        INSERT INTO intermediate.record_statuses BY NAME
        SELECT record_id, party,
            CASE WHEN {draw("record_id", "status", 100)} < 12 THEN 'customer' WHEN {draw("record_id", "status", 100)} < 18
                THEN 'open_opportunity' WHEN {draw("record_id", "status", 100)} < 70 THEN 'target' ELSE 'known' END AS status,
            'statuses.test' AS reason, DATE '2026-01-01' AS since
        FROM drawn
    """)
    con.execute("""
        INSERT INTO intermediate.segment_matches BY NAME
        SELECT record_id, party, status, reason, since FROM intermediate.record_statuses WHERE status <> 'known'
    """)
    con.execute(f"""
        INSERT INTO intermediate.former_customers BY NAME
        SELECT record_id, party, DATE '2026-11-20' - {draw("record_id", "left", 900)} AS until, 'test' AS evidence
        FROM intermediate.record_statuses WHERE party = 'us' AND status <> 'customer' AND {draw("record_id", "former", 20)} = 0
    """)


def _dealings(con: duckdb.DuckDBPyConnection, partners: int, companies: int) -> None:
    partner = f"'p' || lpad({draw('record_id', 'partner', partners)}::VARCHAR, 3, '0')"
    con.execute(f"""
        INSERT INTO intermediate.opportunities BY NAME
        SELECT 'our_salesforce:Opportunity:' || native_id AS opportunity_id, record_id, 'us' AS party, 'deal' AS name,
            {draw("record_id", "deal", 4)} = 0 AS is_open, {draw("record_id", "deal", 4)} = 1 AS is_won,
            100000.0 * (1 + {draw("record_id", "amount", 90)}) AS amount, 'JPY' AS currency, 0.4 AS probability,
            40000.0 * (1 + {draw("record_id", "amount", 90)}) AS expected_amount, '*' AS scope,
            DATE '2026-11-20' - {draw("record_id", "closed", 700)} AS close_date,
            DATE '2026-11-20' - (700 + {draw("record_id", "created", 200)}) AS created_on,
            DATE '2026-11-20' - {draw("record_id", "active", 200)} AS last_activity_on,
            CASE WHEN {draw("record_id", "by", 5)} = 0 THEN {partner} END AS partner_of_record
        FROM intermediate.records WHERE party = 'us' AND {draw("record_id", "has_deal", 2)} = 0
    """)
    con.execute("""
        INSERT INTO intermediate.partners_of_record BY NAME
        SELECT DISTINCT record_id, partner_of_record AS partner, 'partners_of_record.opportunity' AS reason
        FROM intermediate.opportunities WHERE partner_of_record IS NOT NULL AND (is_open OR is_won)
    """)
    con.execute(f"""
        INSERT INTO intermediate.activities BY NAME
        SELECT record_id, party, DATE '2026-11-20' - {draw("record_id", "activity", 400)} AS activity_on, 'event' AS kind
        FROM intermediate.records WHERE {draw("record_id", "has_activity", 2)} = 0
    """)
    con.execute(f"""
        INSERT INTO intermediate.registration_claims BY NAME
        SELECT record_id AS claim_id, record_id, party AS partner, 'file' AS origin, '*' AS scope,
            DATE '2026-11-20' - {draw("record_id", "worked", 60)} AS last_activity_on,
            TIMESTAMPTZ '2026-11-20 00:00:00+00' - to_days({draw("record_id", "received", 150)}) AS received_at
        FROM intermediate.records WHERE party <> 'us' AND {draw("record_id", "claim", 200)} = 0
    """)
    con.execute(f"""
        INSERT INTO intermediate.introduction_claims BY NAME
        SELECT record_id AS introduction_id, record_id, party AS partner, 'to_us' AS direction, 'file' AS origin,
            ['requested', 'accepted', 'met', 'won', 'declined'][1 + {draw("record_id", "introduced", 5)}] AS status,
            DATE '2026-11-20' - {draw("record_id", "asked", 200)} AS requested_on
        FROM intermediate.records WHERE party <> 'us' AND {draw("record_id", "introduction", 400)} = 0
    """)
    con.execute(f"""
        INSERT INTO intermediate.overrides BY NAME
        SELECT record_id, ['allow', 'block'][1 + {draw("record_id", "word", 2)}] AS override, '営業判断' AS reason,
            DATE '2026-12-31' AS until, true AS is_valid
        FROM intermediate.records WHERE party = 'us' AND {draw("record_id", "override", 500)} = 0
    """)

"""What stands beside the national register: EDINET's lists, gBizINFO's rows, and our own files of other names.

Belongs here: putting one file of each into its ``raw`` table. Does not: reading the files (``connectors.register``), and what
follows from several lists together, such as renames (dbt).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from connectors.register import BadRow, EdinetBatch, RegisterBatch, read_aliases, read_edinet, read_gbizinfo
from pipelines.normalize.values import parse_date
from pipelines.register.intake import Intake, PresentFile

_DAYS = ("valid_from", "valid_until")


def load_edinet(intake: Intake, file: PresentFile) -> None:
    """Add a list's states to those of other days. The day that counts is the one that the list itself tells."""
    con, listed_on = intake.con, date.min
    intake.create_like("incoming_edinet", "raw.edinet_companies")

    def put(batch: RegisterBatch) -> None:
        nonlocal listed_on
        assert isinstance(batch, EdinetBatch)
        listed_on = batch.listed_on
        rows = batch.table.drop_columns(["row_number", "submitter"])
        days = {"first_listed_on": listed_on, "last_listed_on": listed_on}
        intake.insert("incoming_edinet", rows, **days, _synced_at=intake.synced_at)

    if intake.take(file, read_edinet(file.path), put):
        con.execute(_MERGE_EDINET)
    con.execute("DROP TABLE incoming_edinet")


_MERGE_EDINET = """
    INSERT INTO incoming_edinet BY NAME FROM raw.edinet_companies;
    DELETE FROM raw.edinet_companies;
    INSERT INTO raw.edinet_companies BY NAME
    SELECT
        edinet_code, corporate_number, name, name_kana, name_en, address,
        min(first_listed_on) AS first_listed_on, max(last_listed_on) AS last_listed_on, min(_synced_at) AS _synced_at
    FROM incoming_edinet GROUP BY ALL ORDER BY ALL
"""


def load_gbizinfo(intake: Intake, file: PresentFile) -> None:
    """Put the file's rows in the place of those held of the same companies, unless those are newer."""
    con = intake.con
    intake.create_like("incoming_gbizinfo", "raw.gbizinfo_companies", row_number="BIGINT")
    if intake.take(
        file,
        read_gbizinfo(file.path),
        lambda batch: intake.insert("incoming_gbizinfo", batch.table, _synced_at=intake.synced_at),
    ):
        con.execute(_MERGE_GBIZINFO)
    con.execute("DROP TABLE incoming_gbizinfo")


_GBIZINFO = ("name", "name_kana", "name_en", "postal_code", "address", "website", "close_date")
# A row that only carries a later date is the same: it keeps its time stamp, so that nothing after this has to look at it again.
_MERGE_GBIZINFO = f"""
    CREATE OR REPLACE TEMP TABLE newest_gbizinfo AS
    SELECT incoming.* EXCLUDE (row_number) FROM incoming_gbizinfo AS incoming
    LEFT JOIN raw.gbizinfo_companies AS held USING (corporate_number)
    WHERE held.corporate_number IS NULL OR (
        NOT coalesce(held.updated_on > incoming.updated_on, false)
        AND row({", ".join(f"held.{column}" for column in _GBIZINFO)})
            IS DISTINCT FROM row({", ".join(f"incoming.{column}" for column in _GBIZINFO)})
    )
    QUALIFY row_number() OVER (
        PARTITION BY incoming.corporate_number ORDER BY incoming.updated_on DESC NULLS LAST, incoming.row_number DESC
    ) = 1;
    DELETE FROM raw.gbizinfo_companies USING newest_gbizinfo AS newest
    WHERE newest.corporate_number = gbizinfo_companies.corporate_number;
    INSERT INTO raw.gbizinfo_companies BY NAME FROM newest_gbizinfo;
    DROP TABLE newest_gbizinfo
"""


def load_aliases(intake: Intake, file: PresentFile) -> None:
    """Put the file's rows in the place of what it said before; where it is of no use now, that stays."""
    rows: list[pa.Table] = []
    if intake.take(file, _with_days(read_aliases(file.path)), lambda batch: rows.append(batch.table), when_empty=None):
        intake.con.execute("DELETE FROM raw.company_aliases WHERE file = ?", [file.name])
        for table in rows:
            intake.insert("raw.company_aliases", table, file=file.name, _synced_at=intake.synced_at)


def _with_days(batches: Iterable[RegisterBatch]) -> Iterator[RegisterBatch]:
    """The rows with their days as dates, in any of the writings that people use."""
    for batch in batches:
        table, bad = batch.table, list(batch.bad)
        for column in _DAYS:
            text = table[column]
            days = pc.cast(parse_date(text), pa.date32())
            for row in table.filter(pc.and_(pc.is_valid(text), pc.is_null(days))).to_pylist():
                bad.append(BadRow(row["row_number"], column, "register.invalid_date", row[column][:200], whole_row=False))
            table = table.set_column(table.column_names.index(column), column, days)
        yield RegisterBatch(table, tuple(bad))


def forget_aliases(intake: Intake, present: Sequence[str]) -> None:
    """Take back what alias files said that are there no more: people end an alias by deleting it."""
    intake.con.execute("DELETE FROM raw.company_aliases WHERE NOT list_contains(?, file)", [present])
    intake.con.execute("DELETE FROM raw.register_files WHERE content = 'aliases' AND NOT list_contains(?, file)", [present])

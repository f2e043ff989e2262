"""Reading many rows by one query job of Bulk API 2.0.

Belongs here: a job from its making to its last page, and what a cell of its CSV means. Does not: which rows are asked for,
cursors, and the choice between pages and jobs (``pull``); waiting (``jobs``).

A job is made, looked at until it is complete, and asked for its pages: 2 calls and one for every 50,000 rows. It reads, and so
does no harm where nobody comes for its results; Salesforce keeps them for a week, in which a later pull may fetch them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from connectors.batches import CallRefused
from connectors.salesforce.describe import arrow_type
from connectors.salesforce.jobs import COMPLETE, ended
from connectors.salesforce.session import SalesforceSession

PAGE_ROWS = 50_000
_BLOCK = 4 << 20
"""Bytes of CSV that become one table, so that memory does not grow with a page; no row of Salesforce's is nearly so long."""


class JobEnded(Exception):
    """Salesforce gave the job up, or does not take it; the text says why. Pages of single queries may still do."""


def start(session: SalesforceSession, soql: str) -> dict[str, Any]:
    """A new job, deleted rows included: ``id``, and ``createdDate`` by Salesforce's own clock. Raises ``JobEnded``."""
    try:
        job: dict[str, Any] = session.call(
            "POST", "jobs/query", body={"operation": "queryAll", "query": soql, "lineEnding": "LF"}
        )
    except CallRefused as refused:
        raise JobEnded(str(refused)) from None
    return job


def tables(session: SalesforceSession, id: str, types: Mapping[str, str], page: str = "") -> Iterator[tuple[pa.Table, str]]:
    """The rows of the job, in its order, as strings, numbers and booleans; ``types``: column -> Salesforce's type name.

    Just as REST gives them: nulls for empty cells, datetimes ending in ``+0000``. Beside each table stands its page, from which
    on a later pull may ask; the first is "". Raises ``JobEnded``, also where the job is gone; ``CrmUnavailable``.
    """
    try:
        _until_complete(session, id)
        while page != "null":
            with tempfile.TemporaryFile() as file:
                params = {"maxRecords": PAGE_ROWS, **({"locator": page} if page else {})}
                headers = session.download(f"jobs/query/{id}/results", params, file)
                for table in _whole(file, types, headers.get("Sforce-NumberOfRecords"), id):
                    yield table, page
            page = headers.get("Sforce-Locator", "null")
    except CallRefused as refused:
        raise JobEnded(str(refused)) from None


def _whole(file: BinaryIO, types: Mapping[str, str], rows_said: str | None, id: str) -> Iterator[pa.Table]:
    """The last table only once all rows have come that the page was said to have: its last row might be half a row."""
    rows, held = 0, None
    try:
        for table in _parsed(file, types) if rows_said != "0" else ():
            if held is not None:
                yield held
            rows, held = rows + table.num_rows, table
    except pa.ArrowException:
        raise JobEnded(f"Salesforce's job {id} gave a page that cannot be read") from None
    if rows != int(rows_said or rows):
        raise JobEnded(f"Salesforce's job {id} gave a page of {rows:,} rows that should have {int(rows_said or rows):,}")
    if held is not None:
        yield held


def _until_complete(session: SalesforceSession, id: str) -> None:
    """Raises ``JobEnded``, ``CrmUnavailable``."""
    job = ended(session, f"jobs/query/{id}")
    if job["state"] != COMPLETE:
        raise JobEnded(f"Salesforce's job {id} ended as {job['state']}: {job.get('errorMessage') or 'no reason given'}")


def _parsed(file: BinaryIO, types: Mapping[str, str]) -> Iterator[pa.Table]:
    """UTF-8, whatever the answer says; the first line names the columns."""
    columns = {name: arrow_type(type_) for name, type_ in types.items()}
    reader = pyarrow.csv.open_csv(
        file,
        read_options=pyarrow.csv.ReadOptions(block_size=_BLOCK, use_threads=False),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=columns,
            include_columns=list(columns),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            true_values=["true"],
            false_values=["false"],
        ),
    )
    moments = [name for name, type_ in types.items() if type_ == "datetime"]
    for block in reader:
        table = pa.Table.from_batches([block])
        for name in moments:
            as_rest = pc.replace_substring_regex(table[name], "Z$", "+0000")
            table = table.set_column(table.schema.get_field_index(name), name, as_rest)
        yield table

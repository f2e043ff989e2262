"""What is really the same company: kept aside for scoring, never read by a pipeline.

Belongs here: collecting the truth while the world is written, and its Parquet files. Does not: scoring.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.csv import ConvertOptions, ReadOptions, read_csv

from connectors.sandbox.world.companies import Company
from connectors.sandbox.world.market import RANK

_RECORDS = pa.schema(
    [
        ("record_id", pa.string()),
        ("party", pa.string()),
        ("partner", pa.string()),
        ("list", pa.string()),
        ("row_number", pa.int32()),
        ("entity_id", pa.string()),
        ("status", pa.string()),
        ("bad", pa.string()),
    ]
)
_REGISTRATIONS = pa.schema(
    [
        ("partner", pa.string()),
        ("list", pa.string()),
        ("row_number", pa.int32()),
        ("native_id", pa.string()),
        ("entity_id", pa.string()),
        ("case", pa.string()),
    ]
)


def entity_id(company: Company) -> str:
    """Of the company that the record stands for today: a merged one's is its successor's."""
    return f"E{company.legal.id:06d}"


class Truth:
    """Collects, for each record that a run should see, the company it stands for."""

    def __init__(self) -> None:
        self._records: list[tuple[str | None, str, str | None, str | None, int | None, str | None, str | None, str | None]] = []
        self._registrations: list[tuple[str, str, int, str, str, str]] = []
        self._companies: dict[str, Company] = {}
        self._statuses: dict[tuple[str, str], str] = {}

    def crm(self, record_id: str, party: str, company: Company, status: str) -> None:
        """A record of a CRM, by the record id that the pipeline gives it."""
        self._records.append((record_id, party, None, None, None, self._entity(company), status, None))
        self._status(party, company, status)

    def row(
        self, partner: str, list_name: str, row_number: int, company: Company | None, status: str | None, bad: str | None = None
    ) -> None:
        """A row of a partner's file (header = 1). ``bad``: the column at fault; without a company the whole row is unusable."""
        entity = None if company is None else self._entity(company)
        self._records.append((None, partner, partner, list_name, row_number, entity, status, bad))
        if company is not None and status is not None:
            self._status(partner, company, status)

    def registration(self, partner: str, row_number: int, native_id: str, company: Company, case: str) -> None:
        """A row of a partner's deal registrations; it gives the partner no status."""
        self.row(partner, "registrations", row_number, company, None)
        self._registrations.append((partner, "registrations", row_number, native_id, entity_id(company), case))

    def claim(self, record_id: str, partner: str, company: Company) -> None:
        """A claim that our CRM keeps by the company's name; it gives the partner no status."""
        self._records.append((record_id, partner, None, None, None, self._entity(company), None, None))

    def _entity(self, company: Company) -> str:
        key = entity_id(company)
        self._companies[key] = company.legal
        return key

    def _status(self, party: str, company: Company, status: str) -> None:
        key = (party, entity_id(company))
        if key not in self._statuses or RANK[status] < RANK[self._statuses[key]]:
            self._statuses[key] = status

    def counts(self) -> dict[str, int]:
        return {"records": len(self._records), "entities": len(self._companies), "registrations": len(self._registrations)}

    def write(self, folder: Path) -> None:
        """``records``, ``entities``, ``statuses`` and ``registrations`` as Parquet."""
        folder.mkdir(parents=True, exist_ok=True)
        entities = [(key, c.name, c.number, c.city.prefecture) for key, c in sorted(self._companies.items())]
        statuses = [(party, key, status) for (party, key), status in sorted(self._statuses.items())]
        _write(folder / "records.parquet", _RECORDS, self._records)
        _write(folder / "registrations.parquet", _REGISTRATIONS, self._registrations)
        _write(folder / "entities.parquet", _strings("entity_id", "name", "corporate_number", "prefecture"), entities)
        _write(folder / "statuses.parquet", _strings("party", "entity_id", "status"), statuses)


def _strings(*names: str) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])


def _write(path: Path, schema: pa.Schema, rows: Sequence[tuple[object, ...]]) -> None:
    """By way of CSV: ``pyarrow.array`` on Python values loads pandas first, which takes longer than all of this."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    columns = {field.name: field.type for field in schema}
    table = read_csv(
        io.BytesIO(text.getvalue().encode()),
        read_options=ReadOptions(column_names=list(columns)),
        convert_options=ConvertOptions(column_types=columns, strings_can_be_null=True, null_values=[""]),
    )
    pq.write_table(table, path)

"""A workbook that was handed to a partner, what people do to it, and the home that it comes back to.

Belongs here: the share, the run that it came from, filling in, calling the commands. Does not: anything that asserts.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner, Result

from pipelines.cli.app import app
from pipelines.sharing import log
from pipelines.sharing.layout import share_digest
from pipelines.sharing.share import Share, SharedRow
from pipelines.sharing.workbook import workbook
from tests.pipelines.registrations.world import AnswersWorld, create_model, insert_row
from tests.pipelines.sharing.shares import AS_OF, share

COMPANIES = {"kazeyomi": "株式会社風読", "kumosora": "雲空物産株式会社", "hikari": "ひかり工業"}
"""Company -> how the partner was told it. Of the last one the partner has no record, and it has two of the second."""
RECORDS = (
    ("musashi/all:list:M-kazeyomi", "musashi", "kazeyomi", "target"),
    ("musashi/all:list:M-kumosora", "musashi", "kumosora", "target"),
    ("musashi/all:list:M-kumosora2", "musashi", "kumosora", "known"),
    ("musashi/claims:registration:R-1", "musashi", "hikari", None),
    ("setouchi/all:list:S-1", "setouchi", "kazeyomi", "customer"),
    ("sf:Account:1", "us", "kazeyomi", "customer"),
    ("hs:companies:1", "us", "kazeyomi", "target"),
)
"""What the last run left: of the first company we have two records, of the second none."""
CORRECTION, STATUS, COMMENT = "【ご記入】訂正", "【ご記入】取引状況", "【ご記入】連絡事項"


def shared_with(partner: str) -> Share:
    """Overlaps alone, one row for each company."""
    values = {"partner_status": "target", "our_status": "customer", "prefecture": "大阪府"}
    rows = tuple(
        SharedRow(hashlib.md5(f"{partner}|{company}".encode()).hexdigest()[:16], company, None, name,
                  {"their_id": None if company == "hikari" else f"M-{company}", "company_name": name, **values})
        for company, name in COMPANIES.items()
    )  # fmt: skip
    return share(partner=partner, lists={"overlaps": rows}, columns={"overlaps": tuple(rows[0].values)})


@dataclass
class Paper:
    """A workbook that lies open."""

    path: Path
    book: Any = field(init=False)

    def __post_init__(self) -> None:
        self.book = openpyxl.load_workbook(self.path)

    @property
    def overlaps(self) -> Worksheet:
        return self.book["共通の企業"]

    def column(self, heading: str, sheet: Worksheet | None = None) -> int:
        (at,) = [cell.column for cell in (sheet or self.overlaps)[1] if cell.value == heading]
        return int(at)

    def answer(self, company: str, **said: str) -> None:
        """``correction``, ``status`` and ``comment`` on the row of that company."""
        sheet = self.overlaps
        (row,) = [r for r in range(2, sheet.max_row + 1) if sheet.cell(r, self.column("会社名")).value == COMPANIES[company]]
        for name, value in said.items():
            sheet.cell(row, self.column({"correction": CORRECTION, "status": STATUS, "comment": COMMENT}[name])).value = value

    def add(self, title: str, **values: object) -> None:
        """A new row, below the last one that has a name; columns by their headings."""
        sheet = self.book[title]
        row = next(r for r in range(2, sheet.max_row + 2) if sheet.cell(r, 1).value is None)
        for heading, value in values.items():
            sheet.cell(row, self.column(heading, sheet)).value = value

    def hidden(self, key: str, value: str) -> None:
        sheet = self.book["_share"]
        (row,) = [r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == key]
        sheet.cell(row, 2).value = value

    def save(self, name: str = "返送.xlsx") -> Path:
        path = self.path.parent / name
        self.book.save(path)
        return path


class ReturnsWorld:
    """``paper`` is the workbook as it was handed out; ``totsugo`` calls a command."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path.mkdir()
        for name, content in _files().items():
            (path / name).write_bytes(content)
        self.home = AnswersWorld(path)
        self.env = monkeypatch
        monkeypatch.setenv("TOTSUGO_HOME", str(path))
        monkeypatch.setenv("TOTSUGO_CONFIG", str(self.home.paths.config))
        self.at(0)

    def at(self, minutes: int) -> None:
        """The moment of the commands that follow."""
        self.env.setenv("TOTSUGO_AS_OF", f"2026-11-21T09:{minutes:02}:00+09:00")

    def workbook(self, partner: str = "musashi") -> Path:
        return self.home.home / f"{partner}.xlsx"

    def paper(self, partner: str = "musashi") -> Paper:
        return Paper(self.workbook(partner))

    def totsugo(self, *arguments: object) -> Result:
        return CliRunner().invoke(app, ["returns", *map(str, arguments)])

    def take_in(self, paper: Paper, name: str = "返送.xlsx", *arguments: object) -> Result:
        return self.totsugo("import", paper.save(name), *arguments)

    def returns(self, columns: str = "kind, company_name, verdict") -> list[tuple[Any, ...]]:
        return self.execute(f"SELECT {columns} FROM state.share_returns ORDER BY ALL")

    def execute(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self.home.warehouse.connect() as con:
            return con.execute(query, list(values)).fetchall()

    def content(self, kind: str) -> dict[str, Any]:
        ((content,),) = self.execute("SELECT content FROM state.share_returns WHERE kind = ? AND verdict <> 'superseded'", kind)
        return dict(json.loads(content))

    def id_of(self, kind: str) -> str:
        ((id,),) = self.execute("SELECT return_id FROM state.share_returns WHERE kind = ? AND verdict <> 'superseded'", kind)
        return str(id)


@cache
def _files() -> dict[str, bytes]:
    """A home in which shares were handed over, made once: creating all tables takes a while."""
    with tempfile.TemporaryDirectory() as folder:
        home = AnswersWorld.new(Path(folder))
        with home.warehouse.connect() as con:
            _run(con)
            for partner in ("musashi", "setouchi"):
                _hand_over(con, shared_with(partner), home.home / f"{partner}.xlsx")
        home.publish()
        return {file.name: file.read_bytes() for file in home.home.iterdir() if file.is_file()}


def _run(con: duckdb.DuckDBPyConnection) -> None:
    create_model(con, "stated_statuses")
    for record, party, company, status in RECORDS:
        native = record.split(":")
        insert_row(con, "marts.map_records", record_id=record, party=party, company_id=company, status=status,
                   object=native[1], native_id=native[2])  # fmt: skip
        if status:
            insert_row(con, "intermediate.stated_statuses", record_id=record, party=party, status=status, reason="r")
    insert_row(con, "match.companies", company_id="kumosora", name="雲空物産", corporate_number="7000012050002",
               record_count=2)  # fmt: skip


def _hand_over(con: duckdb.DuckDBPyConnection, shared: Share, file: Path) -> None:
    file.write_bytes(workbook(shared))
    log.announce(con, shared, log.FOLDER, AS_OF)
    insert_row(con, "state.share_deliveries", partner=shared.partner, channel=log.FOLDER, digest=share_digest(shared),
               run_id=shared.run_id, as_of=AS_OF, delivered_at=AS_OF, withdrawn=False)  # fmt: skip

"""What people do to a workbook between export and import, in a spreadsheet program.

Belongs here: opening, filling in, moving things about. Does not: anything that asserts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.review.gather import gather
from pipelines.review.layout import HIDDEN
from pipelines.review.workbook import workbook
from tests.pipelines.review.world import NOW, TODAY, ReviewWorld


class Paper:
    """A workbook that lies open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path, rich_text=True)

    def sheet(self, at: int = 0) -> Worksheet:
        return self.book.worksheets[at]

    def column(self, heading: str, sheet: int = 0) -> int:
        """Number of the column of that heading, from 1."""
        (found,) = [cell.column for cell in self.sheet(sheet)[1] if cell.value == heading]
        return int(found)

    def fill(self, row: int, sheet: int = 0, **cells: Any) -> Paper:
        """Write into the row (2 is the first question) under these headings, underscores for spaces."""
        for heading, value in cells.items():
            self.sheet(sheet).cell(row, self.column(heading.replace("_", " "), sheet)).value = value
        return self

    def values(self, heading: str, sheet: int = 0) -> list[Any]:
        """What stands below the heading."""
        column = self.column(heading, sheet)
        return [row[column - 1].value for row in self.sheet(sheet).iter_rows(min_row=2)]

    def rows(self, sheet: int = 0) -> list[list[Any]]:
        return [list(row) for row in self.sheet(sheet).iter_rows(values_only=True)]

    def rewrite(self, rows: list[list[Any]], sheet: int = 0) -> None:
        """The sheet holds these rows and nothing else."""
        page = self.sheet(sheet)
        page.delete_rows(1, page.max_row)
        for row in rows:
            page.append(row)

    def save(self, path: Path | None = None) -> Path:
        self.book.save(path or self.path)
        return path or self.path


def export(world: ReviewWorld, name: str = "review.xlsx", language: str = "en", limit: int = 500, checks: int = 20) -> Path:
    """The workbook as it is exported now."""
    with world.warehouse.read() as con:
        review = gather(con, world.in_force(), TODAY, limit, checks)
    path = world.home / name
    path.write_bytes(workbook(review, NOW, language))
    return path


def hidden_rows(path: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path)[HIDDEN].iter_rows(values_only=True))

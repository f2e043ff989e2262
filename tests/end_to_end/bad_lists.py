"""What partners send on a bad day, one fault each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import openpyxl


@dataclass(frozen=True)
class Sent:
    """A file and what ``raw.rejected_rows`` must say of it."""

    partner: str
    file: str
    row: int | None
    column: str | None
    reason: str
    refused: bool = True
    """The whole list: then the last good one stays."""


def send(files: Path) -> list[Sent]:
    """Replace or remove files of every partner that sends any; returns what is wrong with them."""
    musashi = next((files / "musashi").glob("取引先一覧*.csv"))
    claims = next((files / "musashi").glob("案件登録*.csv"))
    _with_bad_cells(musashi)
    _spoil_characters(claims)
    _shrink(files / "setouchi" / "顧客リスト.xlsx", keep=5)
    _rename_heading(files / "setouchi" / "案件登録.xlsx", "会社名")
    portfolio = files / "mirai" / "portfolio.csv"
    portfolio.write_bytes(portfolio.read_bytes().splitlines(keepends=True)[0])
    (files / "tasogare" / "customers.csv").unlink()
    return [
        Sent("musashi", musashi.name, 2, "法人番号", "partners.corporate_number_invalid", refused=False),
        Sent("musashi", musashi.name, 3, "備考", "partners.formula", refused=False),
        Sent("musashi", claims.name, None, None, "partners.unknown_encoding"),
        Sent("setouchi", "顧客リスト.xlsx", None, None, "partners.shrunken_list"),
        Sent("setouchi", "案件登録.xlsx", None, None, "partners.missing_name"),
        Sent("mirai", "portfolio.csv", None, None, "partners.empty_list"),
        Sent("tasogare", "customers*.csv", None, None, "partners.file_not_found"),
    ]


def _with_bad_cells(path: Path) -> None:
    """Two rows below the headings: a 法人番号 with a wrong check digit, and a cell that a spreadsheet would calculate."""
    heading, _, rest = path.read_bytes().decode("cp932").partition("\n")
    columns = heading.strip().split(",")
    rows = [{"取引先名": "株式会社検査数字", "法人番号": "1234567890123"}, {"取引先名": "株式会社数式", "備考": "=1+1"}]
    added = [",".join(row.get(column, "") for column in columns) for row in rows]
    path.write_bytes("\n".join([heading, *(line + "\r" * heading.endswith("\r") for line in added), rest]).encode("cp932"))


def _spoil_characters(path: Path) -> None:
    """Bytes in every row that no Japanese encoding knows."""
    heading, *rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(heading + b"".join(b"\xff\xfd" + row for row in rows))


def _shrink(path: Path, keep: int) -> None:
    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_rows(keep + 1, book.worksheets[0].max_row)
    book.save(path)


def _rename_heading(path: Path, heading: str) -> None:
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value == heading:
                cell.value = "甲"
    book.save(path)

"""What is read of a workbook without looking into any log: names, languages, any order of rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.sharing.layout import CHOICES, CORRECTION, NEW_STATUS, choices, heading, sheet_title
from pipelines.sharing.returns.reading import Returned, read_returned
from pipelines.sharing.returns.said import Contradiction, sayings
from pipelines.sharing.told import plain
from pipelines.sharing.workbook import workbook
from tests.pipelines.sharing.shares import ODD_NAMES, share

WORDS = {column: [None, *choices(column, "ja")] for column in (CORRECTION, NEW_STATUS)}


@cache
def _rows(language: str) -> list[list[object]]:
    """Of the sheet of overlaps, as it goes out."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "share.xlsx"
        path.write_bytes(workbook(share(language=language)))
        sheet = openpyxl.load_workbook(path)[sheet_title("overlaps", language)]
        return [list(row) for row in sheet.iter_rows(values_only=True)]


def _returned(folder: str | Path, rows: Sequence[Sequence[object]], language: str) -> Returned:
    """What is read where the sheet holds these rows now."""
    path = Path(folder) / "share.xlsx"
    path.write_bytes(workbook(share(language=language)))
    book = openpyxl.load_workbook(path)
    sheet = book[sheet_title("overlaps", language)]
    sheet.delete_rows(1, sheet.max_row)
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row, 1):
            cell = sheet.cell(number, at)
            cell.value = value  # type: ignore[assignment]
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(path)
    return read_returned(path, "ja")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_names_come_back_as_they_went_out_in_either_language(tmp_path: Path, language: str) -> None:
    head, *rows = _rows(language)
    at, word = head.index(heading(CORRECTION, language)), next(iter(choices(CORRECTION, language)))
    returned = _returned(tmp_path, [head, *([*row[:at], word, *row[at + 1 :]] for row in rows)], language)
    assert [said.company_name for said in returned.rows] == [plain(name) for name in ODD_NAMES]
    assert {said.kind for said in returned.rows} == {CHOICES[CORRECTION][0]}
    assert not returned.faults


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_no_order_of_rows_and_columns_changes_what_is_said(data: st.DataObject) -> None:
    head, *rows = _rows("ja")
    columns = {name: head.index(heading(name, "ja")) for name in (CORRECTION, NEW_STATUS)}
    answered = [list(row) for row in rows]
    for row in answered:
        for name, at in columns.items():
            row[at] = data.draw(st.sampled_from(WORDS[name]))
    order = data.draw(st.permutations(range(len(head))))
    shuffled = [head, *data.draw(st.permutations(answered))]
    with TemporaryDirectory() as folder:
        as_sent = _returned(folder, [head, *answered], "ja")
        as_moved = _returned(folder, [[row[at] for at in order] for row in shuffled], "ja")
    assert len(as_moved.faults) == len(as_sent.faults)
    assert {(said.kind, said.key, str(said.content)) for said in as_moved.rows} == {
        (said.kind, said.key, str(said.content)) for said in as_sent.rows
    }


@given(*(st.sampled_from([None, *CHOICES[name]]) for name in (CORRECTION, NEW_STATUS)), st.sampled_from([None, "連絡"]))
def test_every_answer_of_a_row_is_said_or_contradicts_another(
    correction: str | None, status: str | None, comment: str | None
) -> None:
    try:
        said = sayings(correction, status, comment)
    except Contradiction:
        assert correction == "already_served"
        assert status not in (None, "customer")
        return
    kinds = [kind for kind, _ in said]
    assert bool(said) == bool(correction or status or comment)
    assert correction is None or correction in kinds
    assert status is None or status in {content.get("status") for _, content in said}
    assert comment is None or all(content["comment"] == comment for _, content in said)

"""``totsugo returns import``: whatever people do to the workbook, what they say waits; what cannot be read is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.pipelines.account_plans.form.test_round import as_libreoffice_saves_it
from tests.pipelines.sharing.returns.world import COMMENT, CORRECTION, STATUS, Paper, ReturnsWorld


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReturnsWorld:
    return ReturnsWorld(tmp_path / "home", monkeypatch)


def _filled(world: ReturnsWorld) -> Paper:
    paper = world.paper()
    paper.answer("kazeyomi", correction="別会社です", comment="先方に確認済み")
    paper.answer("kumosora", status="商談中")
    paper.answer("hikari", correction="すでに取引があります")
    return paper


FILLED = [
    ("already_served", "ひかり工業", "waiting"),
    ("not_same", "株式会社風読", "waiting"),
    ("status", "雲空物産株式会社", "waiting"),
]


def test_answers_wait_with_the_company_and_record_that_they_mean(world: ReturnsWorld) -> None:
    done = world.take_in(_filled(world))
    assert done.exit_code == 0, done.output
    assert "new 3" in done.output
    assert world.returns() == FILLED
    assert world.returns("company_id, record_id, row_number") == [
        ("hikari", None, 4),
        ("kazeyomi", "musashi/all:list:M-kazeyomi", 2),
        ("kumosora", "musashi/all:list:M-kumosora", 3),
    ]
    assert world.content("not_same")["comment"] == "先方に確認済み"
    assert world.content("already_served") | {"key": ""} == {
        "status": "customer",
        "name": "ひかり工業",
        "prefecture": "大阪府",
        "key": "",
    }, "a company that the partner has no record of is kept with what makes one"
    assert world.execute("SELECT count(*) FROM state.decisions") == [(0,)]


def _sorted(paper: Paper) -> None:
    sheet = paper.overlaps
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, values in enumerate(reversed(rows), 2):
        for at, value in enumerate(values, 1):
            sheet.cell(number, at).value = value


def _columns_moved(paper: Paper) -> None:
    sheet = paper.overlaps
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for number, values in enumerate(rows, 1):
        for at, value in enumerate(values[::-1], 1):
            sheet.cell(number, at).value = value


def _deleted(paper: Paper) -> None:
    sheet = paper.overlaps
    for heading in ("貴社の取引状況", "基準日時", "貴社の管理番号"):
        sheet.delete_cols(paper.column(heading))
    del paper.book["ご案内"]
    del paper.book["案件登録"]


def _titled_and_renamed(paper: Paper) -> None:
    paper.overlaps.insert_rows(1, 3)
    paper.overlaps.cell(1, 1).value = "武蔵システムズ記入分"
    paper.overlaps.title = "回答"


def _headings_retyped(paper: Paper) -> None:
    paper.overlaps.cell(1, paper.column(CORRECTION)).value = "【ご記入】 訂正 "
    paper.overlaps.cell(1, paper.column("キー")).value = "Key"
    for row in range(2, 5):
        cell = paper.overlaps.cell(row, paper.column(STATUS))
        cell.value = "Open opportunity" if cell.value else None


@pytest.mark.parametrize("change", [_sorted, _columns_moved, _deleted, _titled_and_renamed, _headings_retyped])
def test_it_does_not_matter_how_the_sheet_was_rearranged(world: ReturnsWorld, change: Callable[[Paper], None]) -> None:
    paper = _filled(world)
    change(paper)
    done = world.take_in(paper)
    assert world.returns() == FILLED, done.output
    assert not done.stderr


def test_the_same_file_twice_and_the_same_answers_saved_anew_add_nothing(world: ReturnsWorld) -> None:
    paper = _filled(world)
    world.take_in(paper)
    world.at(1)
    again = world.totsugo("import", paper.save("copy.xlsx"))
    paper.overlaps.column_dimensions["A"].width = 40
    saved_anew = world.take_in(paper, "anew.xlsx")
    for done in (again, saved_anew):
        assert "new 0" in done.output
        assert "as it was 3" in done.output
    assert world.returns() == FILLED


def test_a_newer_answer_takes_the_place_of_one_that_waits(world: ReturnsWorld) -> None:
    first, newer, back = world.paper(), world.paper(), world.paper()
    first.answer("kumosora", status="商談中")
    newer.answer("kumosora", status="既存顧客")
    newer.answer("kazeyomi", comment="担当が替わりました")
    back.answer("kumosora", status="ターゲット")
    world.take_in(first, "1.xlsx")
    world.at(1)
    assert "instead of one that waited 1" in world.take_in(newer, "2.xlsx").output
    assert world.returns("kind, content->>'status', verdict") == [
        ("comment", None, "waiting"),
        ("status", "customer", "waiting"),
        ("status", "open_opportunity", "superseded"),
    ]
    world.at(2)
    assert "new 0" in world.totsugo("import", world.home.home / "1.xlsx").output, "a file that was taken in before"
    world.take_in(back, "3.xlsx")
    assert ("target", "waiting") in world.returns("content->>'status', verdict"), "it was told so, but said otherwise since"


def test_a_status_as_it_was_told_says_nothing(world: ReturnsWorld) -> None:
    paper = world.paper()
    paper.answer("kazeyomi", status="ターゲット")
    assert "new 0" in world.take_in(paper).output
    assert world.returns() == []


def test_a_row_that_was_never_shared_with_the_partner_is_set_aside_and_the_rest_goes_on(world: ReturnsWorld) -> None:
    paper, others = _filled(world), world.paper("setouchi")
    key = paper.column("キー")
    paper.overlaps.cell(2, key).value = others.overlaps.cell(2, key).value
    paper.overlaps.cell(3, key).value = None
    done = world.take_in(paper)
    assert "Sheet 共通の企業, row 2 (株式会社風読): this row was never shared with the partner" in done.stderr
    assert "Sheet 共通の企業, row 3, column G: the row has no key" in done.stderr
    assert world.returns() == FILLED[:1]


def test_names_that_were_sorted_without_their_keys_are_noticed(world: ReturnsWorld) -> None:
    paper = _filled(world)
    names = [paper.overlaps.cell(row, 2) for row in (2, 3)]
    names[0].value, names[1].value = names[1].value, names[0].value
    done = world.take_in(paper)
    assert "the company 雲空物産株式会社 is not the one that its key means (株式会社風読)" in done.stderr
    assert world.returns() == FILLED[:1]


def test_each_cell_that_says_nothing_usable_is_named_and_the_rest_of_its_row_counts(world: ReturnsWorld) -> None:
    paper = world.paper()
    paper.answer("kazeyomi", correction="ちがう会社", comment="別の風読さんです")
    paper.answer("kumosora", correction="すでに取引があります", status="ターゲット")
    paper.answer("hikari", status="=A1", comment="=B1")
    done = world.take_in(paper)
    assert "row 2, column F: “ちがう会社” is none of the choices: Not the same company, We already serve it" in done.stderr
    assert "On 雲空物産株式会社 the correction and the status contradict each other" in done.stderr
    assert done.stderr.count("a formula without a stored result") == 2
    assert world.returns() == [("comment", "株式会社風読", "waiting")]


def test_a_row_that_was_copied_and_answered_otherwise_says_nothing(world: ReturnsWorld) -> None:
    paper = world.paper()
    paper.answer("kazeyomi", correction="対象外です")
    for at in range(1, paper.overlaps.max_column + 1):
        paper.overlaps.cell(5, at).value = paper.overlaps.cell(2, at).value
    paper.overlaps.cell(5, paper.column(CORRECTION)).value = "別会社です"
    done = world.take_in(paper)
    assert "Different answers on 株式会社風読 (共通の企業 2, 共通の企業 5)" in done.stderr
    assert world.returns() == []


def test_without_keys_no_answer_can_be_told_apart_and_added_sheets_are_named(world: ReturnsWorld) -> None:
    paper = _filled(world)
    paper.overlaps.delete_cols(paper.column("キー"))
    paper.book.create_sheet("メモ").cell(1, 1).value = "社内メモ"
    paper.book.create_sheet("空")
    done = world.take_in(paper)
    assert "Sheet 共通の企業 has no column Key" in done.stderr
    assert "Sheet メモ did not go out with the workbook" in done.stderr
    assert "空" not in done.stderr
    assert world.returns() == []


def test_new_rows_are_read_like_any_list_of_the_partner(world: ReturnsWorld) -> None:
    paper = world.paper()
    deal = {"会社名（必須）": "㈱新規商事", "対象製品": "アオゾラ人事", "見込金額": 1200000, "申請日": "2026/11/20"}
    paper.add("案件登録", **deal, 法人番号="1234567890123")
    paper.add("案件登録", **deal)
    paper.add("案件登録", **(deal | {"見込金額": "300万円"}))
    paper.add("案件登録", **{"案件番号（貴社）": "MD-7", "会社名（必須）": "番号商会"})
    paper.add("紹介依頼", **{"紹介先企業名（必須）": "紹介商事", "紹介方向": "どちらでも", "依頼日": "いつか"})
    done = world.take_in(paper)
    assert "Sheet 案件登録, row 2 (法人番号): Not a valid corporate number" in done.stderr
    assert "Sheet 紹介依頼, row 2 (紹介方向)" in done.stderr
    assert "Sheet 紹介依頼, row 2 (依頼日)" in done.stderr
    assert set(world.returns("kind, company_name, content->>'amount', content->>'native_id'")) == {
        ("introduction", "紹介商事", None, None),
        ("registration", "番号商会", None, "MD-7"),
        ("registration", "㈱新規商事", "1200000", None),
        ("registration", "㈱新規商事", "300万円", None),
    }, "a row that is there twice counts once; two deals alike but for the amount are two"
    assert world.totsugo("import", world.home.home / "返送.xlsx").output.count("new 0") == 1


def test_a_changed_deal_is_the_same_claim_said_anew(world: ReturnsWorld) -> None:
    for at, (amount, file) in enumerate((("100万円", "1.xlsx"), ("200万円", "2.xlsx"))):
        paper = world.paper()
        paper.add("案件登録", **{"会社名（必須）": "新規商事", "対象製品": "アオゾラ人事", "見込金額": amount})
        world.at(at)
        world.take_in(paper, file)
    assert world.returns("content->>'amount', verdict") == [("100万円", "superseded"), ("200万円", "waiting")]
    assert len(set(world.returns("content->>'key'"))) == 1


def test_a_workbook_of_another_partner_is_refused(world: ReturnsWorld) -> None:
    others = world.paper("setouchi")
    others.answer("kazeyomi", correction="別会社です")
    asked = world.take_in(others, "返送.xlsx", "--partner", "musashi")
    others.hidden("partner", "musashi")
    forged = world.take_in(others)
    for done, said in ((asked, "was handed to setouchi, not to musashi"), (forged, "was handed to setouchi, not to musashi")):
        assert done.exit_code == 1
        assert said in done.stderr
    assert world.returns() == []


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("partner share 1", "0123456789ab", "(number 0123456789ab) was never handed to musashi"),
        ("partner share 1", "x", "The hidden sheet of"),
        ("partner", "", "The hidden sheet of"),
        ("partner", "nobody", "which account_mapping.yaml does not have"),
        ("language", "fr", "The hidden sheet of"),
    ],
)
def test_a_hidden_sheet_that_was_altered_is_refused(world: ReturnsWorld, key: str, value: str, said: str) -> None:
    paper = _filled(world)
    paper.hidden(key, value)
    done = world.take_in(paper)
    assert done.exit_code == 1
    assert said in done.stderr
    assert world.returns() == []


def _without_hidden_sheet(path: Path, made: Paper) -> None:
    del made.book["_share"]
    made.book.save(path)


def _other_program(path: Path, _: Paper) -> None:
    openpyxl.Workbook().save(path)


def _no_workbook(path: Path, _: Paper) -> None:
    path.write_text("会社名,状況\n新規商事,商談中\n", encoding="utf-8")


def _damaged(path: Path, made: Paper) -> None:
    path.write_bytes(made.path.read_bytes()[:2000])


@pytest.mark.parametrize("make", [_without_hidden_sheet, _other_program, _no_workbook, _damaged])
def test_a_foreign_or_damaged_file_is_refused_in_words(world: ReturnsWorld, make: Callable[[Path, Paper], None]) -> None:
    path = world.home.home / "foreign.xlsx"
    make(path, world.paper())
    done = world.totsugo("import", path)
    assert done.exit_code == 1
    assert "foreign.xlsx is no workbook of a share, or it is damaged" in done.stderr


def test_a_file_that_is_not_there_is_named(world: ReturnsWorld) -> None:
    done = world.totsugo("import", world.home.home / "missing.xlsx")
    assert (done.exit_code, "missing.xlsx cannot be read" in done.stderr) == (1, True)


@pytest.mark.full
def test_libreoffice_saves_it_and_nothing_is_lost(world: ReturnsWorld) -> None:
    paper = _filled(world)
    paper.overlaps.cell(3, paper.column(COMMENT)).value = '="商談"&"中"'
    paper.add("案件登録", **{"会社名（必須）": "新規商事", "申請日": "2026/11/20"})
    path = paper.save()
    done = world.totsugo("import", as_libreoffice_saves_it(path, world.home.home / "saved"))
    assert world.returns() == [*FILLED[:2], ("registration", "新規商事", "waiting"), FILLED[2]], done.output
    assert world.content("status")["comment"] == "商談中", "the formula's result, as LibreOffice stored it"
    assert not done.stderr

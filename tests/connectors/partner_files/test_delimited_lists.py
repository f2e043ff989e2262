"""Text lists in the shapes partners send: what was written is read back, whatever the encoding and delimiter."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.partner_files import ListRefused, ListSpec, ReadList, read_list

ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-16-le", "utf-16-be", "iso2022_jp")
DELIMITERS = (",", "\t", ";")
CHARACTERS = "あいうえおカタカナヴー株式会社有限鈴木髙島渡辺東京都一二三１２３ABCabc012 ,;\t\"'’-・()（）&.／"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def rows(read: ReadList) -> list[dict[str, object]]:
    return [{key: value for key, value in row.items() if value is not None} for row in read.rows.to_pylist()]


def read_or_refused(path: Path) -> ReadList | str:
    """What a file of no promise gives: rows, or the reason why not; any other exception is a fault of the reader."""
    try:
        return read_list(path, ListSpec())
    except ListRefused as refused:
        return refused.rejection.reason


def reasons(read: ReadList) -> list[tuple[int | None, str | None, str]]:
    return [(rejection.row, rejection.column, rejection.reason) for rejection in read.rejections]


def encodable(encoding: str) -> st.SearchStrategy[str]:
    def fits(character: str) -> bool:
        try:
            character.encode(encoding)
        except UnicodeEncodeError:
            return False
        return True

    cells = st.text(st.sampled_from([c for c in CHARACTERS if fits(c)] + ["\n"]), max_size=12)
    # What the reader takes off on purpose is not written: spaces around, apostrophes in front, formulas.
    return cells.map(lambda text: text.strip().lstrip("'-").strip())


LISTS = st.sampled_from(ENCODINGS).flatmap(
    lambda encoding: st.tuples(
        st.just(encoding),
        st.sampled_from(DELIMITERS),
        st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        st.sampled_from(["\r\n", "\n"]),
        st.lists(
            st.tuples(encodable(encoding).map(lambda text: f"会社{text}"), encodable(encoding), encodable(encoding)),
            min_size=1,
            max_size=8,
        ),
    )
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LISTS)
@example(("cp932", ",", csv.QUOTE_ALL, "\r\n", [("会社髙島\n本店", '"', "a,b")]))
def test_what_was_written_is_read_back(tmp_path: Path, case: tuple[str, str, int, str, list[tuple[str, str, str]]]) -> None:
    encoding, delimiter, quoting, end, written = case
    path = tmp_path / "list.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
        writer.writerow(["会社名", "住所", "区分"])
        writer.writerows(written)
    read = read_list(path, ListSpec())
    found = [(row["name"], row.get("address") or "", row.get("status") or "") for row in rows(read)]
    assert found == written
    assert [row["row_number"] for row in rows(read)] == list(range(2, len(written) + 2))
    assert read.rejections == ()


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp932", "cp932"),
        ("euc_jp", "euc_jp"),
        ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(tmp_path: Path, encoding: str, name: str) -> None:
    path = write(tmp_path / "a.csv", "会社名,備考\n鈴木商店,ヴァイオリンと渡辺\n", encoding)
    assert read_list(path, ListSpec()).encoding == name


def test_half_width_kana_is_not_mistaken_for_euc(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "会社名,ﾌﾘｶﾞﾅ\nｱｵｿﾞﾗ,ｱｵｿﾞﾗ\n" + "ｶﾅ,ｶﾅ\n" * 200, "cp932")
    read = read_list(path, ListSpec())
    assert (read.encoding, rows(read)[0]["name_kana"]) == ("cp932", "ｱｵｿﾞﾗ")


def test_machine_dependent_characters_survive_in_euc(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "会社名,備考\n㈱鈴木,①\n", "euc_jis_2004")
    assert rows(read_list(path, ListSpec()))[0]["name"] == "㈱鈴木"


def test_a_declared_encoding_wins(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "name,note\nCafé Sté,x\n", "cp1252")
    assert rows(read_list(path, ListSpec(encoding="cp1252")))[0]["name"] == "Café Sté"


def test_shift_jis_means_what_windows_means(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "会社名\n㈱髙島\n", "cp932")
    assert rows(read_list(path, ListSpec(encoding="Shift_JIS")))[0]["name"] == "㈱髙島"


def test_a_wrongly_declared_encoding_refuses_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "name,note\n" + "鈴木商店,渡辺\n" * 5, "cp932")
    with pytest.raises(ListRefused) as refused:
        read_list(path, ListSpec(encoding="utf-8"))
    assert refused.value.rejection.reason == "partners.wrong_encoding"


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_undecodable_bytes_cost_only_their_row(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    lines = ["会社名,備考", *(f"会社{number},備考" for number in range(2, 20))]
    encoded = [line.encode(encoding) for line in lines]
    encoded[4] = "会社".encode(encoding) + b"\xff\xfe,x"
    path.write_bytes(b"\n".join(encoded))
    read = read_list(path, ListSpec())
    assert reasons(read) == [(5, None, "partners.damaged_characters")]
    assert [row["row_number"] for row in rows(read)] == [2, 3, 4, *range(6, 20)]


def test_the_quirks_of_spreadsheets_are_taken_off(tmp_path: Path) -> None:
    text = (
        "取引先一覧\r\n作成日,2026/11/01\r\n\r\n"
        "取引先名（必須）,ＴＥＬ,郵便番号,法人番号,担 当 者,,\r\n"
        '㈱青空,="0312345678",\'0600001,１０００－０１－３０５０－２３８,\x00山田\x00,,\r\n'
        '"二行\r\n商事",+81-3-1111-2222,,T1000013050238,-,,\r\n'
        ",,,,,,\r\n\r\n"
    )
    read = read_list(write(tmp_path / "a.csv", text, "cp932"), ListSpec())
    assert rows(read) == [
        {
            "row_number": 5, "name": "㈱青空", "phone": "0312345678", "postal_code": "0600001",
            "corporate_number": "1000013050238", "owner": "山田",
        },
        {"row_number": 6, "name": "二行\n商事", "phone": "+81-3-1111-2222", "corporate_number": "1000013050238", "owner": "-"},
    ]  # fmt: skip
    assert read.rejections == ()


def test_an_address_in_parts_is_joined_and_unknown_columns_are_kept(tmp_path: Path) -> None:
    text = "企業名,都道府県,市区町村,町名・番地,建物名,弊社ランク外\n甲,東京都,千代田区,丸の内1-1,甲ビル3F,A\n"
    (row,) = rows(read_list(write(tmp_path / "a.csv", text), ListSpec()))
    assert (row["prefecture"], row["address"]) == ("東京都", "千代田区丸の内1-1甲ビル3F")
    assert json.loads(str(row["other"])) == {"弊社ランク外": "A"}


def test_the_unit_of_an_amount_goes_with_it(tmp_path: Path) -> None:
    text = "会社名,金額（千円）\n甲,1200\n乙,120万円\n"
    assert [row["amount"] for row in rows(read_list(write(tmp_path / "a.csv", text), ListSpec()))] == ["1200千円", "120万円"]


def test_the_better_of_two_headings_is_taken(tmp_path: Path) -> None:
    read = read_list(write(tmp_path / "a.csv", "顧客,会社名,URL,HP\n山田,甲,a.jp,b.jp\n"), ListSpec())
    (row,) = rows(read)
    assert (row["name"], row["website"]) == ("甲", "b.jp")
    assert json.loads(str(row["other"])) == {"顧客": "山田", "URL": "a.jp"}


def test_the_settings_beat_the_usual_headings(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "会社名,ほんとうの名,所番地1,所番地2\n仮,甲,東京都,千代田区\n")
    (row,) = rows(read_list(path, ListSpec(columns={"name": "ほんとうの名", "address": ["所番地1", "所番地2"]})))
    assert (row["name"], row["address"]) == ("甲", "東京都千代田区")


def test_a_heading_of_the_settings_that_is_not_there_is_named(tmp_path: Path) -> None:
    read = read_list(write(tmp_path / "a.csv", "会社名,備考\n甲,x\n"), ListSpec(columns={"status": "進み具合"}))
    assert reasons(read) == [(1, "status", "partners.column_not_found")]
    assert rows(read)[0]["name"] == "甲"


def test_registrations_have_columns_of_their_own(tmp_path: Path) -> None:
    head = "登録番号,エンドユーザー名,案件名,見込金額,登録日,進捗,最終活動日,業種"
    text = f"{head}\nR-1,甲,基幹刷新,1200000,2026/10/1,提案中,2026/11/1,製造\n"
    (row,) = rows(read_list(write(tmp_path / "a.csv", text), ListSpec(content="registrations")))
    assert row == {
        "row_number": 2, "native_id": "R-1", "name": "甲", "product": "基幹刷新", "amount": "1200000",
        "registered_on": "2026/10/1", "status": "提案中", "last_activity_on": "2026/11/1", "other": '{"業種": "製造"}',
    }  # fmt: skip


def test_english_headings_are_known(tmp_path: Path) -> None:
    head = "Account ID;Company Name;Website;Phone;State;Account Owner;Last Contact Date;Type"
    text = f"{head}\nA1;Acme;acme.jp;03;Tokyo;Jo;2026-01-02;Customer\n"
    read = read_list(write(tmp_path / "a.csv", text), ListSpec())
    assert set(read.mapping) == {"native_id", "name", "website", "phone", "prefecture", "owner", "last_activity_on", "status"}


@pytest.mark.parametrize("text", ["sep=;\n会社名;備考\n甲,乙;x\n", "会社名\n甲,乙\n"])
def test_a_delimiter_inside_a_cell_is_told_apart(tmp_path: Path, text: str) -> None:
    read = read_list(write(tmp_path / "a.csv", text), ListSpec(delimiter=None if "sep" in text else "\t"))
    assert rows(read)[0]["name"] == "甲,乙"


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (
            "紹介番号,紹介先企業名,方向,紹介状況,結果,依頼日,紹介日,面談日,成約日,紹介者",
            "native_id name direction status outcome requested_on accepted_on met_on closed_on owner",
        ),
        (
            "Referral ID,Referred company,Direction,Referral status,Result,Request date,Introduced on,Meeting date,Close date",
            "native_id name direction status outcome requested_on accepted_on met_on closed_on",
        ),
        ("会社名,進捗,申請日,承諾日,紹介日,備考", "name status requested_on accepted_on note"),
    ],
)
def test_headings_of_introductions(tmp_path: Path, header: str, columns: str) -> None:
    path = write(tmp_path / "list.csv", f"{header}\n" + ",".join("x" for _ in header.split(",")) + "\n")
    assert set(read_list(path, ListSpec("introductions")).mapping) == set(columns.split())


def test_an_introductions_column_is_none_of_an_account_list() -> None:
    with pytest.raises(ValueError, match="unknown column 'met_on'"):
        ListSpec("accounts", {"met_on": "面談日"})

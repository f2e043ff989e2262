"""CSV, JSON and manifest of a share: what Excel and a partner's systems read in them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sharing.csv_files import csv_file, summary_file
from pipelines.sharing.files import files_of
from pipelines.sharing.layout import SHEETS, share_digest
from pipelines.sharing.told import is_formula_like, plain, told
from pipelines.texts import catalogue
from tests.pipelines.sharing.shares import AS_OF, ODD_NAMES, share


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_is_what_a_japanese_excel_reads() -> None:
    content = csv_file(share(), "whitespace")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == len(ODD_NAMES) + 1, "a line each, also of a name with a line break"
    first = _read(content)[0]
    assert list(first)[:3] == ["優先順", "貴社の管理番号", "会社名"]
    assert first["貴社の管理番号"] == "00001"
    assert (first["貴社の取引状況"], first["理由"]) == ("ターゲット", "貴社のターゲット")
    assert first["担当期限"] == "2027-02-18"
    assert first["基準日時"] == "2026-11-28T17:05:00+09:00"


def test_no_cell_of_a_csv_can_become_a_formula() -> None:
    for name in SHEETS:
        names = [row["会社名"] for row in _read(csv_file(share(), name))]
        assert names[:5] == [f"'{odd}" for odd in ODD_NAMES[:5]]
        assert names[5] == "改行 株式会社"
        assert names[-1] == "タブ始まり商事"


@given(st.text(max_size=30))
def test_any_text_comes_out_on_one_line_and_harmless(value: str) -> None:
    line = plain(value)
    if line is not None:
        assert len(line.splitlines()) == 1
        assert line.encode("utf-8")
        assert is_formula_like(f"={line}")
        if line[0] in "=+-@＝＋－＠":
            assert is_formula_like(line)


def test_in_english_everything_is_english() -> None:
    first = _read(csv_file(share(("Acme",), "en"), "overlaps"))[0]
    assert first["Company"] == "Acme"
    assert (first["Your status"], first["Our status"], first["Play"]) == ("Customer", "Open opportunity", "You back our deal")


def test_every_reason_and_play_has_words_for_the_partner() -> None:
    ours = {key for key in catalogue() if key.startswith("whitespace.") and len(key.split(".")) == 2}
    for key in ours:
        told_to_partner = told("whitespace", "reason_key", key, "ja")
        assert isinstance(told_to_partner, str)
        assert "パートナー" not in told_to_partner
    assert all(told("overlaps", "play_key", f"share.play.{cell}", "ja") for cell in range(1, 10))


def test_a_column_that_the_policy_does_not_name_stands_nowhere() -> None:
    whole = share(("甲商事",))
    narrow = replace(whole, columns={**whole.columns, "overlaps": ("their_id", "company_name", "partner_status")})
    assert list(_read(csv_file(narrow, "overlaps"))[0]) == ["貴社の管理番号", "会社名", "貴社の取引状況", "基準日時", "キー"]


def test_the_summary_says_how_far_each_count_is_told_and_nothing_else() -> None:
    said = json.loads(summary_file(share(("甲商事",))))
    assert set(said) == {"as_of", "policy_version", "rows", "counts"}
    assert [(count["companies"], count["told"]) for count in said["counts"]] == [
        (1234, "exact"), (20, "at_least"), (None, "not_told"), (0, "exact"),
    ]  # fmt: skip
    assert said["rows"] == dict.fromkeys(SHEETS, 1)


def test_a_list_that_the_policy_does_not_name_has_no_file() -> None:
    whole = share(("甲商事",))
    only = {"no_approach": whole.lists["no_approach"]}
    files = files_of(replace(whole, lists=only, columns={"no_approach": whole.columns["no_approach"]}))
    assert list(files) == ["no_approach.csv", "musashi.xlsx", "manifest.json"]


def test_the_manifest_names_every_file_with_its_checksum() -> None:
    files = files_of(share())
    said = json.loads(files.pop("manifest.json"))
    assert {one["name"]: one["sha256"] for one in said["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert next(one["rows"] for one in said["files"] if one["name"] == "overlaps.csv") == len(ODD_NAMES)
    assert (said["withdrawn"], said["digest"], said["policy_version"]) == (False, share_digest(share()), "0123456789ab")


def test_the_same_share_gives_the_same_bytes() -> None:
    assert files_of(share()) == files_of(share())


@pytest.mark.parametrize("changed", [{"partner_name": "別名"}, {"policy_version": "f" * 12}, {"minimum_count": 10}])
def test_the_digest_moves_with_what_is_told_and_not_with_the_moment(changed: dict[str, object]) -> None:
    later = share(("甲商事",), as_of=AS_OF + timedelta(days=1), run_id="run-2")
    assert share_digest(later) == share_digest(share(("甲商事",)))
    assert share_digest(share(("甲商事",), **changed)) != share_digest(share(("甲商事",)))


def test_nothing_of_what_is_for_the_log_alone_stands_in_a_file() -> None:
    files = files_of(share())
    for content in files.values():
        for inner in (b"c_0000000000000001", b"p:account:1", b"run-1"):
            assert inner not in content

"""Sets for the benchmark of matching: whole, repeatable, and judged rightly."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.matching_sets import english, japanese, renamed, shortname
from benchmarks.matching_sets.by_noise import by_noise
from benchmarks.matching_sets.sources import split
from benchmarks.peers.sets import best_of, figures

STEMS = ("赤碕電機", "大山システム", "境港水産", "日野建設", "東伯商事", "ホウキサービス", "倉吉製作所", "智頭林業", "岩美印刷")
HEADINGS = (
    "ＥＤＩＮＥＴコード,提出者種別,上場区分,連結の有無,資本金,決算日,提出者名,提出者名（英字）,"
    "提出者名（ヨミ）,所在地,提出者業種,証券コード,提出者法人番号\n"
)


def _edinet(path: Path, names: dict[int, str]) -> Path:
    with path.open("w", encoding="cp932", newline="") as file:
        file.write("ダウンロード実行日,2023年10月31日現在,件数,36件\n" + HEADINGS)
        for number in range(36):
            name = names.get(number, f"株式会社{STEMS[number % len(STEMS)]}{number}")
            row = [f"E{number:05}", "内国法人・組合", "上場", "有", "1", "3月31日", name, f"COMPANY {number} CO., LTD."]
            row += ["カブシキガイシャアカサキ", f"鳥取県米子市東町{number + 1}番地", "電気機器", "10000", f"7270001{number:06}"]
            csv.writer(file).writerow(row)
    return path


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    """The same companies on two lists; the first four have other names on the newer one."""
    renamed_now = {number: f"新名{number}ホールディングス株式会社" for number in range(4)}
    return _edinet(tmp_path / "old.csv", {}), _edinet(tmp_path / "new.csv", renamed_now)


def _make(monkeypatch: pytest.MonkeyPatch, maker: object, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["maker", *map(str, arguments)])
    maker.main()  # type: ignore[attr-defined]


@pytest.mark.parametrize("maker", [japanese, english, shortname])
def test_a_set_is_whole_and_the_same_for_the_same_seed(
    maker: object, lists: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for out in ("one", "two"):
        _make(monkeypatch, maker, tmp_path / out, "--edinet", lists[1], "--partners", 30, "--masters", 200, "--absent", 0.2)
    for name in ("master", "partner", "truth"):
        assert (tmp_path / "one" / f"{name}.parquet").read_bytes() == (tmp_path / "two" / f"{name}.parquet").read_bytes()
    master, partner, truth = (pq.read_table(tmp_path / "one" / f"{name}.parquet") for name in ("master", "partner", "truth"))
    ids = master["id"].to_pylist()
    assert len(ids) == len(set(ids)) == 200
    assert partner["id"].to_pylist() == truth["pid"].to_pylist()
    assert set(truth["mid"].drop_null().to_pylist()) <= set(ids)
    assert 0 < truth["mid"].null_count < len(truth)
    assert all(partner["name"].to_pylist())


def test_the_english_set_hides_the_names_that_the_partner_uses(
    lists: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(monkeypatch, english, tmp_path / "out", "--edinet", lists[1], "--partners", 20, "--masters", 60)
    wanted = set(pq.read_table(tmp_path / "out" / "truth.parquet")["mid"].drop_null().to_pylist())
    master = pq.read_table(tmp_path / "out" / "master.parquet").to_pylist()
    assert all((row["name_en"] == "") for row in master if row["id"] in wanted)
    assert any(row["name_en"] for row in master if row["id"] not in wanted)


def test_a_renamed_company_has_its_old_name_as_an_alias(
    lists: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = lists
    _make(monkeypatch, renamed, tmp_path / "out", "--edinet", new, "--edinet-before", old, "--masters", 60, "--absent", 0.25)
    aliases = pq.read_table(tmp_path / "out" / "aliases.parquet").to_pylist()
    truth = pq.read_table(tmp_path / "out" / "truth.parquet")["mid"]
    names = {row["id"]: row["name"] for row in pq.read_table(tmp_path / "out" / "master.parquet").to_pylist()}
    assert (len(truth), truth.null_count, len(aliases)) == (8, 2, 3)
    assert {row["id"] for row in aliases} == set(truth.drop_null().to_pylist())
    assert all(row["name"].startswith("株式会社") and names[row["id"]].startswith("新名") for row in aliases)


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("鳥取県西伯郡大山町御来屋３２８番地", ("鳥取県", "西伯郡大山町", "御来屋３２８番地")),
        ("横浜市都筑区仲町台２－７－１", ("", "横浜市都筑区", "仲町台２－７－１")),
        ("港区赤坂８丁目", ("東京都", "港区", "赤坂８丁目")),
        ("四日市市諏訪町１番", ("", "四日市市", "諏訪町１番")),
        ("連合王国ロンドン市", ("", "", "連合王国ロンドン市")),
    ],
)
def test_an_address_is_split_into_prefecture_city_and_the_rest(address: str, parts: tuple[str, str, str]) -> None:
    assert split(address) == parts


def _judged_set(folder: Path) -> Path:
    """Four records: a right link, a wrong one, one with no entry, and one that is linked although not held."""
    pids = ["P1", "P2", "P3", "P4"]
    pq.write_table(pa.table({"id": pids, "noise": ["typo", "typo|moved", "", "moved"]}), folder / "partner.parquet")
    pq.write_table(pa.table({"pid": pids, "mid": ["M1", "M2", "M3", None]}), folder / "truth.parquet")
    best = pa.table({"pid": ["P1", "P2", "P4"], "mid": ["M1", "M9", "M4"], "probability": [0.9, 0.6, 0.5]})
    pq.write_table(best, folder / "matches.parquet")
    return folder / "matches.parquet"


def test_recall_and_precision_are_told_by_kind_of_noise(tmp_path: Path) -> None:
    threshold, rows = by_noise(tmp_path, _judged_set(tmp_path), 0.99)
    assert threshold == 0.9
    assert rows == [("all", 4, 3, 1, 1, 1), ("moved", 2, 1, 0, 0, 0), ("typo", 2, 2, 1, 1, 1), ("none", 1, 1, 0, 0, 0)]


def test_where_no_threshold_is_precise_enough_nothing_counts_as_linked(tmp_path: Path) -> None:
    matches = _judged_set(tmp_path)
    pq.write_table(pa.table({"pid": ["P1"], "mid": ["M2"], "probability": [0.9]}), matches)
    threshold, rows = by_noise(tmp_path, matches, 0.99)
    assert threshold is None
    assert rows[0] == ("all", 4, 3, 0, 0, 0)


def test_peers_are_judged_by_their_best_entry_and_equal_scores_stand_or_fall_together(tmp_path: Path) -> None:
    _judged_set(tmp_path)
    pairs = pa.table({"pid": ["P1", "P1", "P2", "P3"], "mid": ["M7", "M1", "M9", "M3"], "score": [0.2, 0.9, 0.8, 0.8]})
    best = best_of(pairs)
    assert best.to_pylist()[0] == {"pid": "P1", "mid": "M1", "score": 0.9}
    assert figures(best, tmp_path) == pytest.approx(
        {"f1 (best threshold)": 2 / 3, "precision there": 2 / 3, "recall there": 2 / 3, "recall at precision .99": 1 / 3}
    )

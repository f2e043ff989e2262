"""An English name and the Japanese reading of the same company come out alike; different companies do not."""

from __future__ import annotations

import csv
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize.english import sound_concepts, sound_core, sound_skeleton, sound_whole, sound_written
from pipelines.normalize.text import DATA

_ALL = (sound_core, sound_whole, sound_written, sound_concepts)


def one(function: object, name: str | None) -> str | None:
    return function(pa.array([name], pa.string())).to_pylist()[0]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("english", "kana", "core", "concepts"),
    [
        ("Kurayoshi Bank, Ltd.", "クラヨシギンコウ", "kurayoshi", "bank"),
        ("The Bank of Kurayoshi", "カブシキガイシャクラヨシギンコウ", "kurayoshi", "bank"),
        ("KURAYOSHI RAILWAY CO.,LTD", "クラヨシテツドウ", "kurayoshi", "railway"),
        ("Nippon Yonago Chemical Industries", "ニホンヨナゴカガクコウギョウ", "yonago", "chemical industry japan"),
        ("Yonago Kagaku Kogyo K.K.", "ヨナゴカガクコウギョウ", "yonago", "chemical industry"),
        ("yonagokogyo", "ヨナゴコウギョウ", "yonago", "industry"),
        ("Ohmori Mfg. Co., Ltd.", "カブシキガイシャ　オオモリセイサクショ", "omori", "works"),
        ("OHMORI REAL ESTATE", "オオモリフドウサン", "omori", "real_estate"),
        ("Shin-Omori Holdings", "シンオオモリホールディングス", "shinomori", "holdings"),
        ("Hokuto Corporation", "ホクトコーポレーション", "hokuto", None),
        ("QT Holdings", "キューティーホールディングス", "kyuti", "holdings"),
        ("JBANK", "ジェイバンク", "je", "bank"),
        ("A&B Group (Japan)", "エーアンドビーグループ", "ebi", "group"),
        ("greenFactory Inc.", "グリーンファクトリー", "gurin", "factory"),
        ("Ōmori Kōgyō", "おおもりこうぎょう", "omori", "industry"),
        ("Satō & Co.", "サトウ", "sato", None),
        ("Kurayoshi Bank, Ltd., Osaka Branch", "クラヨシギンコウ", "kurayoshi", "bank"),
    ],
)
def test_one_company_in_two_scripts(english: str, kana: str, core: str, concepts: str | None) -> None:
    assert [one(sound_core, english), one(sound_concepts, english)] == [core, concepts]
    assert [one(sound_core, kana), one(sound_concepts, kana)] == [core, concepts]


@pytest.mark.parametrize(
    ("english", "kana"),
    [
        ("Technology Bridge", "テクノロジーブリッジ"),
        ("Creative Stream", "クリエイティブストリーム"),
        ("Green Forest", "グリーンフォレスト"),
    ],
)
def test_loan_words_are_said_as_in_japanese(english: str, kana: str) -> None:
    assert one(sound_written, english) == one(sound_written, kana)
    assert one(sound_whole, english) == one(sound_whole, kana)


@pytest.mark.parametrize(
    ("coined", "kana"),
    [("LEXIVAL", "レクシバル"), ("Thalmex", "サルメックス"), ("Dynatek", "ダイナテック"), ("Qualtiq", "クアルティック")],
)
def test_coined_words_keep_their_consonants(coined: str, kana: str) -> None:
    english, japanese = (one(sound_skeleton, one(sound_core, name)) for name in (coined, kana))
    assert english == japanese


def test_different_trades_of_one_name_differ_in_their_concepts_only() -> None:
    names = ["Kurayoshi Bank", "Kurayoshi Securities", "Kurayoshi Transport"]
    assert {one(sound_core, name) for name in names} == {"kurayoshi"}
    assert len({one(sound_concepts, name) for name in names}) == len({one(sound_whole, name) for name in names}) == 3


def test_a_name_of_common_words_alone_still_has_a_core() -> None:
    assert one(sound_core, "Life Corporation") == one(sound_core, "カブシキガイシャライフ") == "raifu"


@pytest.mark.parametrize("name", ["鳥取銀行", "ABC鳥取", "한국", "", "  ", "---", None])
def test_what_cannot_be_read_is_null(name: str | None) -> None:
    assert [one(function, name) for function in _ALL] == [None] * 4
    assert one(sound_skeleton, None) is None


@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=6))
def test_any_text_is_taken_and_neighbours_do_not_matter(names: list[str | None]) -> None:
    column = pa.array(names, pa.string())
    for function in _ALL:
        together = function(column).to_pylist()
        assert together == [one(function, name) for name in names]
        assert all(sound is None or (sound and sound.isascii()) for sound in together)


@given(st.text("アイウエオカキクケコサシスセソタチツテトナニヌネノマミムメモラリルレロガギグゲゴン", min_size=1, max_size=12))
def test_hiragana_and_narrow_kana_are_the_same_sound(kana: str) -> None:
    hiragana = "".join(chr(ord(letter) - 0x60) for letter in kana)
    for function in _ALL:
        assert one(function, hiragana) == one(function, kana) == one(function, f" {kana[:1]}・{kana[1:]} ")


def test_each_word_of_the_lexicon_has_one_meaning() -> None:
    with (DATA / "english_words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for columns in (["concept"], ["english"], ["japanese", "loan"]):
        words = Counter(word for row in rows for column in columns for word in row[column].split(";") if word)
        assert [word for word, times in words.items() if times > 1] == []

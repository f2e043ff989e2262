"""Word lists from which the demo world's names are composed.

Belongs here: words with their readings and English (``words.txt``), nothing else. Does not: how
words become companies (see ``companies``) or how a clerk writes them (see ``writing``).
The lists are made up for this world; a composed name that some real company bears is chance.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Word(NamedTuple):
    """A word as it is written, its katakana reading, and the English a company would use for it."""

    text: str
    kana: str
    english: str


class Trade(NamedTuple):
    """The last part of a company's name, and the industry that it tells of."""

    text: str
    kana: str
    english: str
    industry: str


_HEPBURN = {
    "キャ": "kya", "キュ": "kyu", "キョ": "kyo", "シャ": "sha", "シュ": "shu", "ショ": "sho", "チャ": "cha", "チュ": "chu",
    "チョ": "cho", "ニャ": "nya", "ニュ": "nyu", "ニョ": "nyo", "ヒャ": "hya", "ヒュ": "hyu", "ヒョ": "hyo", "ミャ": "mya",
    "ミュ": "myu", "ミョ": "myo", "リャ": "rya", "リュ": "ryu", "リョ": "ryo", "ギャ": "gya", "ギュ": "gyu", "ギョ": "gyo",
    "ジャ": "ja", "ジュ": "ju", "ジョ": "jo", "ビャ": "bya", "ビュ": "byu", "ビョ": "byo", "ピャ": "pya", "ピュ": "pyu",
    "ピョ": "pyo", "ファ": "fa", "フィ": "fi", "フェ": "fe", "フォ": "fo", "ティ": "ti", "ディ": "di", "ウィ": "wi", "ジェ": "je",
}  # fmt: skip
_GOJUON = {
    "ア": "a", "イ": "i", "ウ": "u", "エ": "e", "オ": "o", "カ": "ka", "キ": "ki", "ク": "ku", "ケ": "ke", "コ": "ko",
    "サ": "sa", "シ": "shi", "ス": "su", "セ": "se", "ソ": "so", "タ": "ta", "チ": "chi", "ツ": "tsu", "テ": "te", "ト": "to",
    "ナ": "na", "ニ": "ni", "ヌ": "nu", "ネ": "ne", "ノ": "no", "ハ": "ha", "ヒ": "hi", "フ": "fu", "ヘ": "he", "ホ": "ho",
    "マ": "ma", "ミ": "mi", "ム": "mu", "メ": "me", "モ": "mo", "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ラ": "ra", "リ": "ri",
    "ル": "ru", "レ": "re", "ロ": "ro", "ワ": "wa", "ヲ": "o", "ン": "n", "ガ": "ga", "ギ": "gi", "グ": "gu", "ゲ": "ge",
    "ゴ": "go", "ザ": "za", "ジ": "ji", "ズ": "zu", "ゼ": "ze", "ゾ": "zo", "ダ": "da", "ヂ": "ji", "ヅ": "zu", "デ": "de",
    "ド": "do", "バ": "ba", "ビ": "bi", "ブ": "bu", "ベ": "be", "ボ": "bo", "パ": "pa", "ピ": "pi", "プ": "pu", "ペ": "pe",
    "ポ": "po", "ー": "",
}  # fmt: skip


def romaji(kana: str) -> str:
    """Katakana in Hepburn, long vowels shortened as companies do (コウ -> ko); anything else is left out."""
    out, i, double = "", 0, False
    while i < len(kana):
        if kana[i] == "ッ":
            double, i = True, i + 1
            continue
        size = 2 if kana[i : i + 2] in _HEPBURN else 1
        sound = _HEPBURN.get(kana[i : i + 2]) or _GOJUON.get(kana[i], "")
        out += ("t" if sound.startswith("ch") else sound[:1]) + sound if double else sound
        double, i = False, i + size
    return out.replace("ou", "o").replace("oo", "o").replace("uu", "u")


def _sections() -> dict[str, list[str]]:
    """``words.txt``: the items of each ``[section]``."""
    sections: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            items = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            items.extend(line.split())
    return sections


_SECTIONS = _sections()


def _words(section: str) -> list[Word]:
    """``漢字:カナ[:English]``; without English, the reading is transliterated."""
    words = []
    for item in _SECTIONS[section]:
        written, kana, *english = item.split(":")
        words.append(Word(written, kana, english[0].replace("_", " ") if english else romaji(kana).capitalize()))
    return words


def _trades(section: str) -> list[Trade]:
    return [Trade(t, k, e.replace("_", " "), i) for t, k, e, i in (item.split(":") for item in _SECTIONS[section])]


SURNAMES = _words("surnames")

GIVEN_NAMES = _words("given_names")

REGIONS = _words("regions")

AUSPICIOUS = _words("auspicious")

HIRAGANA = _words("hiragana")

COINED = _words("coined")

COINED_ENDS = _trades("coined_ends")

TRADES = _trades("trades")

GROUP_ARMS = _trades("group_arms")

CIVIC = _trades("civic")
TOWNS = _words("towns")

PRODUCTS = ("アオゾラ経費", "アオゾラ勤怠", "アオゾラ請求", "アオゾラ人事")
BUILDINGS = (
    "サンライズビル",
    "第一中央ビル",
    "駅前プラザ",
    "スクエアタワー",
    "青葉ビルディング",
    "グランドビル",
    "第２栄ビル",
    "センタービル",
    "オフィス花水木",
)
DEPARTMENTS = ("情報システム部", "経理部", "総務部", "人事部", "営業部", "経営企画室", "管理本部", "購買部")
TITLES = ("代表取締役", "取締役", "本部長", "部長", "次長", "課長", "係長", "主任", "担当")
BRANCHES = (
    "大阪支店",
    "名古屋営業所",
    "福岡支店",
    "仙台営業所",
    "札幌支店",
    "広島営業所",
    "東京支社",
    "横浜支店",
    "神戸営業所",
    "高松支店",
)

OLD_FORMS = {
    "高": "髙", "崎": "﨑", "沢": "澤", "辺": "邊", "斎": "齋", "広": "廣", "浜": "濱", "桜": "櫻", "島": "嶋", "真": "眞",
    "滝": "瀧", "恵": "惠", "栄": "榮", "万": "萬", "竜": "龍", "国": "國",
}  # fmt: skip
"""Today's character -> the old form that some registers and clerks keep."""

NEW_FORMS = {old: new for new, old in OLD_FORMS.items()} | {"邉": "辺", "齊": "斎"}

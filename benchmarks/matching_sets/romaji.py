"""Kana in Latin letters as people write company names: Hepburn, the reading of long vowels left to the caller.

Belongs here: the table. It is not the normalizer's, so that the sets do not flatter it.
"""

from __future__ import annotations

import re

_TABLE = {
    kana: latin
    for row in (
        "ア a イ i ウ u エ e オ o カ ka キ ki ク ku ケ ke コ ko サ sa シ shi ス su セ se ソ so タ ta チ chi ツ tsu テ te ト to",
        "ナ na ニ ni ヌ nu ネ ne ノ no ハ ha ヒ hi フ fu ヘ he ホ ho マ ma ミ mi ム mu メ me モ mo ヤ ya ユ yu ヨ yo",
        "ラ ra リ ri ル ru レ re ロ ro ワ wa ヰ i ヱ e ヲ o ン n ガ ga ギ gi グ gu ゲ ge ゴ go ザ za ジ ji ズ zu ゼ ze ゾ zo",
        "ダ da ヂ ji ヅ zu デ de ド do バ ba ビ bi ブ bu ベ be ボ bo パ pa ピ pi プ pu ペ pe ポ po ヴ vu",
        "シャ sha シュ shu ショ sho シェ she チャ cha チュ chu チョ cho チェ che ジャ ja ジュ ju ジョ jo ジェ je",
        "ティ ti ディ di トゥ tu ドゥ du デュ dyu ファ fa フィ fi フェ fe フォ fo フュ fyu ウィ wi ウェ we ウォ wo ",
        "ヴァ va ヴィ vi ヴェ ve ヴォ vo ツァ tsa クァ kwa クォ kwo ー - ・ - ッ ッ",
        *(
            f"{kana}ャ {latin}ya {kana}ュ {latin}yu {kana}ョ {latin}yo"
            for kana, latin in zip("キギニヒビピミリ", ["k", "g", "n", "h", "b", "p", "m", "r"], strict=True)
        ),
    )
    for kana, latin in zip(row.split()[::2], row.split()[1::2], strict=True)
}
_SOUND = re.compile("|".join(sorted(map(re.escape, _TABLE), key=len, reverse=True)))


def romaji(reading: str, long_o: str = "o", long_u: str = "u") -> str:
    """Katakana in lower-case Latin letters, オウ and ウウ written as ``long_o`` and ``long_u``. Other characters stay."""
    text = _SOUND.sub(lambda found: _TABLE[found[0]], reading)
    text = re.sub("ッ(?=ch)", "t", text)
    text = re.sub("ッ([a-z])", r"\1\1", text).replace("ッ", "").replace("-", "")
    return re.sub("uu", long_u, re.sub("o[uo]", long_o, text))

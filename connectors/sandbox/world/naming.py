"""Composing the names of made-up companies and organisations from word lists.

Belongs here: what a company is called. Does not: whether it exists (``companies``), how others write it (``writing``).
"""

from __future__ import annotations

from random import Random

from connectors.sandbox.world import words

Name = tuple[str, str, str, str]
"""(name without its legal form, reading in katakana, English, industry)"""


def compose_name(rng: Random) -> Name:
    """(core, kana, English, industry) of one made-up company."""
    kind = rng.random()
    if kind < 0.25:
        coined, end = rng.choice(words.COINED), rng.choice(words.COINED_ENDS)
        head = rng.choice(words.REGIONS if rng.random() < 0.2 else words.COINED) if rng.random() < 0.85 else _NO_WORD
        if head is coined:
            head = _NO_WORD
        return (
            head.text + coined.text + end.text,
            head.kana + coined.kana + end.kana,
            f"{head.english}{coined.english}{end.english}",
            end.industry,
        )
    trade = rng.choice(words.TRADES)
    if kind < 0.31:
        letters = "".join(rng.choices(_LETTERS, k=rng.choice((2, 3, 3, 3))))
        return (
            letters + trade.text,
            "".join(_LETTER_KANA[c] for c in letters) + trade.kana,
            f"{letters} {trade.english}",
            trade.industry,
        )
    pool = (
        words.SURNAMES if kind < 0.62 else words.AUSPICIOUS if kind < 0.84 else words.REGIONS if kind < 0.93 else words.HIRAGANA
    )
    first = rng.choice(pool)
    core, kana, english = first.text, first.kana, first.english
    if rng.random() < 0.55:
        region = rng.choice(words.REGIONS if pool is not words.REGIONS else words.AUSPICIOUS)
        core, kana, english = region.text + core, region.kana + kana, f"{region.english} {english}"
    return core + trade.text, kana + trade.kana, f"{english} {trade.english}", trade.industry


_NO_WORD = words.Word("", "", "")
_LETTERS = "ABCDEFGHJKMNOPRSTWY"
_READINGS = "エー ビー シー ディー イー エフ ジー エイチ ジェイ ケイ エム エヌ オー ピー アール エス ティー ダブリュー ワイ"
_LETTER_KANA = dict(zip(_LETTERS, _READINGS.split(" "), strict=True))


def compose_civic_name(rng: Random) -> Name:
    """Of a school, a hospital or an association."""
    first = rng.choice(rng.choice((words.HIRAGANA, words.AUSPICIOUS, words.SURNAMES)))
    region, arm = rng.choice(words.REGIONS), rng.choice(words.CIVIC)
    english = f"{region.english} {first.english} {arm.english}"
    return region.text + first.text + arm.text, region.kana + first.kana + arm.kana, english, arm.industry

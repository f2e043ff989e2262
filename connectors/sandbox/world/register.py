"""The demo world's company register, in the official layout (30 columns, CP932, no header).

Belongs here: the 国税庁 法人番号 file format. Does not: which companies there are (``companies``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from connectors.sandbox.world.clock import TODAY, wareki
from connectors.sandbox.world.companies import FORMS, Company
from connectors.sandbox.world.script import wide
from connectors.sandbox.world.words import romaji

_QUOTED = (6, 9, 10, 11, 21, 24, 25, 26, 28)  # columns that the official file quotes when they hold something, from 0


def _street(company: Company) -> str:
    chome, ban, go = company.block
    number = f"{chome}丁目{ban}番{go}号" if chome else f"{ban}番地{go or ''}"
    return wide(company.town + number + (company.building or ""))


def _history(company: Company, rng: Random) -> tuple[str, date, date, date]:
    """(process code, updated on, changed on, number given on)."""
    given = date(2015, 10, 5) if rng.random() < 0.8 else date(2015, 10, 5) + timedelta(days=rng.randint(30, 3600))
    if company.closed_on is not None:
        return "21", company.closed_on + timedelta(days=7), company.closed_on, given
    if company.former_core is not None:
        changed = TODAY - timedelta(days=rng.randint(90, 1400))
        return "11", changed + timedelta(days=5), changed, given
    if rng.random() < 0.12:
        changed = given + timedelta(days=rng.randint(0, (TODAY - given).days))
        return "12", min(TODAY, changed + timedelta(days=5)), changed, given
    return "01", given + timedelta(days=rng.choice((0, 46, 900))), given, given


def _merger_text(company: Company, heir: Company) -> str:
    assert company.closed_on is not None
    on = (
        wareki(company.closed_on)
        if company.closed_on >= date(2019, 5, 1)
        else f"平成{company.closed_on.year - 1988}年{company.closed_on.month}月{company.closed_on.day}日"
    )
    return f"{wide(on)}{heir.city.prefecture}{heir.city.name}{_street(heir)}{wide(heir.name)}（{heir.number}）に合併し解散"


def _columns(company: Company, rng: Random) -> list[str]:
    process, updated, changed, given = _history(company, rng)
    closed, heir, city = company.closed_on, company.successor, company.city
    furigana = company.kana if rng.random() < 0.56 else ""
    english = f"{company.english} {FORMS[company.form][2]}" if rng.random() < (0.1 if company.employees > 60 else 0.01) else ""
    block = "-".join(str(n) for n in company.block if n)
    return [
        "",
        company.number or "",
        process,
        "0",
        updated.isoformat(),
        changed.isoformat(),
        wide(company.name),
        "",
        FORMS[company.form][0],
        city.prefecture,
        city.name,
        _street(company),
        "",
        city.prefecture_code,
        city.code,
        company.postal,
        "",
        "",
        closed.isoformat() if closed else "",
        ("11" if heir else "01") if closed else "",
        heir.number or "" if heir else "",
        _merger_text(company, heir) if heir else "",
        given.isoformat(),
        "1",
        english,
        city.prefecture_english if english else "",
        f"{block}, {romaji(company.town_kana).capitalize()}" if english else "",
        "",
        furigana,
        "0",
    ]


def write(companies: Iterable[Company], folder: Path, rng: Random) -> int:
    """Write ``00_zenkoku_all_20261031.csv``; gives the number of entries."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    entries = sorted((c for c in companies if c.number), key=lambda c: (c.city.prefecture_code, c.number or ""))
    for sequence, company in enumerate(entries, 1):
        columns = _columns(company, rng)
        columns[0] = str(sequence)
        for at in _QUOTED:
            if columns[at]:
                columns[at] = f'"{columns[at]}"'
        lines.append(",".join(columns))
    (folder / "00_zenkoku_all_20261031.csv").write_bytes(("\n".join(lines) + "\n").encode("cp932"))
    return len(lines)

"""The demo world's company register, in the official layout (30 columns, CP932, no header): a full file, and a difference
that tells how renamed companies were called before.

Belongs here: the 国税庁 法人番号 file format. Does not: which companies there are (``companies``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from connectors.sandbox.world import edinet
from connectors.sandbox.world.clock import TODAY, wareki
from connectors.sandbox.world.companies import FORMS, Company
from connectors.sandbox.world.script import wide
from connectors.sandbox.world.words import romaji

_QUOTED = (6, 9, 10, 11, 21, 24, 25, 26, 28)  # columns that the official file quotes when they hold something, from 0


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
    return f"{wide(on)}{heir.city.prefecture}{heir.city.name}{edinet.street(heir)}{wide(heir.name)}（{heir.number}）に合併し解散"


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
        edinet.street(company),
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
    """Write the whole register of a day, ``00_zenkoku_all_20261031.csv``, a difference that tells what renamed companies were
    called before, and EDINET's lists of two days; gives the number of entries."""
    folder.mkdir(parents=True, exist_ok=True)
    everybody = list(companies)
    entries = sorted((c for c in everybody if c.number), key=lambda c: (c.city.prefecture_code, c.number or ""))
    rows = [_columns(company, rng) for company in entries]
    (folder / "00_zenkoku_all_20261031.csv").write_bytes(_text(rows))
    renamed = [(company, row) for company, row in zip(entries, rows, strict=True) if row[2] == "11"]
    history = [state for company, row in renamed for state in (_before(company, row), row)]
    edinet.write_zip(folder / "diff_20261102.zip", "diff_20261102.csv", _text(history))
    edinet.write(everybody, {company.id: date.fromisoformat(row[5]) for company, row in renamed}, folder)
    return len(rows)


def _before(company: Company, row: list[str]) -> list[str]:
    """The state of a renamed company until its name changed."""
    before = row.copy()
    before[2], before[4], before[5], before[6], before[23] = "01", row[22], row[22], wide(edinet.former_name(company)), "0"
    before[24:29] = [""] * 5
    return before


def _text(rows: Iterable[list[str]]) -> bytes:
    """Numbered, and quoted as the official file does it."""
    lines = []
    for sequence, row in enumerate(rows, 1):
        cells = [f'"{text}"' if at in _QUOTED and text else text for at, text in enumerate(row)]
        lines.append(",".join([str(sequence), *cells[1:]]))
    return ("\n".join(lines) + "\n").encode("cp932")

"""The demo world's code lists of EDINET, of two days, in the official layout (CP932, two lines of headings, in a ZIP).

Belongs here: who files reports, and how the list writes it. Does not: which companies there are (``companies``).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from connectors.sandbox.world.companies import FORMS, Company
from connectors.sandbox.world.script import wide

_DAYS = (date(2023, 10, 31), date(2026, 10, 30))
_FILERS = 250
"""Employees from which a stock company reports; it is not so in the world outside, where shares decide."""
_HEADINGS = (
    "ＥＤＩＮＥＴコード", "提出者種別", "上場区分", "連結の有無", "資本金", "決算日", "提出者名", "提出者名（英字）",
    "提出者名（ヨミ）", "所在地", "提出者業種", "証券コード", "提出者法人番号",
)  # fmt: skip


def write(companies: Iterable[Company], changed: Mapping[int, date], folder: Path) -> None:
    """Write ``Edinetcode_20231031.zip`` and ``Edinetcode_20261030.zip``. ``changed``: company id -> the day of its new name."""
    filers = [company for company in companies if _files(company)]
    for day in _DAYS:
        listed = [c for c in filers if c.closed_on is None or c.closed_on > day]
        rows = [_row(company, day, changed.get(company.id)) for company in listed]
        told = f"ダウンロード実行日,{day.year}年{day.month}月{day.day}日現在,件数,{len(rows)}件"
        text = "\r\n".join([told, ",".join(_HEADINGS), *(",".join(f'"{cell}"' for cell in row) for row in rows)]) + "\r\n"
        write_zip(folder / f"Edinetcode_{day:%Y%m%d}.zip", "EdinetcodeDlInfo.csv", text.encode("cp932"))


def _files(company: Company) -> bool:
    """Large stock companies, and companies abroad."""
    return company.employees >= _FILERS and (company.form == "株式会社" or company.number is None)


def _row(company: Company, day: date, changed: date | None) -> list[str]:
    """A renamed company stands under the name that it had on that day; of an old name nobody here knows reading and English."""
    _, _, english_form, form_reading = FORMS.get(company.form, ("", "", "", ""))
    reading, english = form_reading + company.kana, f"{company.english} {english_form}".strip()
    if not company.form_in_front:
        reading = company.kana + form_reading
    name = company.name
    if changed is not None and day < changed:
        name, reading, english = former_name(company), "", ""
    return [
        f"E{40000 + company.id:05d}",
        "内国法人・組合" if company.number else "外国法人・組合",
        "上場" if company.employees >= 4 * _FILERS else "非上場",
        "有" if company.group is not None else "無",
        str(company.employees * 3),
        "3月31日",
        wide(name),
        english,
        reading,
        company.city.name + street(company),
        company.industry,
        "",
        company.number or "",
    ]


def former_name(company: Company) -> str:
    """What a renamed company was called before."""
    return replace(company, core=company.former_core or company.core).name


def street(company: Company) -> str:
    """Town, block and building as official lists write them."""
    chome, ban, go = company.block
    number = f"{chome}丁目{ban}番{go}号" if chome else f"{ban}番地{go or ''}"
    return wide(company.town + number + (company.building or ""))


def write_zip(path: Path, member: str, content: bytes) -> None:
    """A ZIP with one file, the same bytes every time."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(member), content, zipfile.ZIP_DEFLATED)

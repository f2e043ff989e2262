"""What people do for account plans in the demo: we write of two partners, a third one fills in our form.

Belongs here: acting as these people. Does not: making plans (``steps.py``), or anything that Totsugo does.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl

from demo.stage import Stage
from pipelines.account_plans.form.layout import BY, ON, asked
from pipelines.cli import plan_form
from pipelines.settings import Paths

_WRITTEN = Path(__file__).with_name("account_plans")
_PARTNER = "setouchi"
_QUESTIONS, _ANSWERS = 2, 3
"""Columns of the form's first sheet."""
_ANSWERED = {
    BY: "営業企画部 片山",
    ON: "2026/11/18",
    "employees": "226名",
    "closing_month": "3月",
    "main_business": "中国・四国の中堅企業への業務システムの販売、導入、保守",
    "main_customers": "備前精機、讃岐フーズ、伊予海運",
    "main_competitors": "山陽コンピュータサービス",
    "sales_staff": "31",
    "contact_department": "営業企画部",
    "focus_products": "会計クラウド、販売管理",
    "trade_area": "岡山県、広島県、香川県、愛媛県",
}
"""Question -> what the partner types."""


def written() -> None:
    """Our people's words on two partners, unless they have written others since."""
    folder = Paths.from_environment().plans
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(_WRITTEN.glob("*.yaml")):
        if not (folder / file.name).exists():
            shutil.copyfile(file, folder / file.name)


def answered(stage: Stage) -> None:
    """The form goes to a partner, comes back filled in, and one of us accepts it; once."""
    file = stage.home / "forms" / f"{_PARTNER}.xlsx"
    if file.exists():
        return
    plan_form.form(_PARTNER, file)
    _fill_in(file)
    plan_form.import_form(file)
    plan_form.accept(_PARTNER, reason="電話で確認", by="中川 亮")


def _fill_in(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    rows = {sheet.cell(row, _QUESTIONS).value: row for row in range(1, sheet.max_row + 1)}
    for key, words in _ANSWERED.items():
        sheet.cell(rows[asked(key, "ja")], _ANSWERS).value = words
    book.save(file)

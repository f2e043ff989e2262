"""Draws the pictures of the READMEs from the demo's last run: ``.venv/bin/python docs/images/render.py``."""

from pathlib import Path

import duckdb

from demo.settings import settings_without_logins
from pipelines.account_plans.build import build_plan, remembered_of
from pipelines.account_plans.drawing.svg import sheet_svg
from pipelines.account_plans.slides.deck import glance_of
from pipelines.account_plans.written.load import load, written_file
from pipelines.report.figures import partner_maps
from pipelines.report.heatmap import heatmap_svg

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent.parent / ".local" / "demo"
PARTNER = "musashi"

settings = settings_without_logins()
written = load(written_file(DEMO / "account_plans", PARTNER))
with duckdb.connect(str(DEMO / "published.duckdb"), read_only=True) as con:
    con.execute("SET TimeZone = 'UTC'")
    maps, remembered = partner_maps(con), remembered_of(con, PARTNER)
    for language, ending in (("en", "svg"), ("ja", "ja.svg")):
        plan = build_plan(con, settings, PARTNER, written, remembered, language)
        (HERE / f"account_map.{ending}").write_text(heatmap_svg(maps, language) + "\n", encoding="utf-8")
        (HERE / f"account_plan.{ending}").write_text(sheet_svg(glance_of(plan)) + "\n", encoding="utf-8")

"""Draws ``account_map.svg`` and ``account_map.ja.svg`` from the demo's last run: ``.venv/bin/python docs/images/render.py``."""

from pathlib import Path

import duckdb

from pipelines.report.figures import partner_maps
from pipelines.report.heatmap import heatmap_svg

HERE = Path(__file__).resolve().parent
PUBLISHED = HERE.parent.parent / ".local" / "demo" / "published.duckdb"

with duckdb.connect(str(PUBLISHED), read_only=True) as con:
    maps = partner_maps(con)
for language, name in (("en", "account_map.svg"), ("ja", "account_map.ja.svg")):
    (HERE / name).write_text(heatmap_svg(maps, language) + "\n", encoding="utf-8")

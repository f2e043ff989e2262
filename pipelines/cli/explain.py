"""``totsugo explain``: why a company stands where it stands.

Belongs here: arguments and printing. Does not: finding the company, or the sentences (``pipelines.explain``).
"""

from __future__ import annotations

import duckdb
from rich.console import Console

from pipelines.explain import explained, find_company


def explain_company(console: Console, con: duckdb.DuckDBPyConnection, asked: str, partner: str | None, language: str) -> None:
    """Print every step, section by section. Raises ``NotFound`` or ``Ambiguous``."""
    section = None
    for step in explained(con, find_company(con, asked), language, partner):
        if step.section != section:
            section = step.section
            console.print(f"\n[bold]{section}[/bold]")
        console.print(f"  {step.sentence}", markup=False)

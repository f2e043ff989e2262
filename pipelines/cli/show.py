"""What the commands print: the maps, the lists' sizes, what was written, what was provisioned."""

from __future__ import annotations

import duckdb
from rich.console import Console
from rich.table import Table

from connectors.crm import ProvisionReport
from pipelines.cli import partners
from pipelines.cli.line import LineOutcome
from pipelines.matching.quality import measure
from pipelines.matching.recall import recall
from pipelines.matching.why import model_of_links
from pipelines.report.figures import PartnerMap, collision_counts, match_counts, partner_maps, rejected_counts
from pipelines.report.quality_words import measured_lines
from pipelines.report.words import grid
from pipelines.review.precision import checked, precision
from pipelines.texts import text


def account_map(console: Console, con: duckdb.DuckDBPyConnection, language: str) -> None:
    """Every partner's map and lists, its fit and state, collisions, and what was set aside."""
    for m in partner_maps(con):
        console.print(map_table(m, language))
        sizes = {name: getattr(m, name) for name in ("whitespace", "greenfield", "no_approach", "collisions")}
        console.print("  " + "   ".join(f"{text(f'report.{name}', language)} {count:,}" for name, count in sizes.items()) + "\n")
    partners.summary(console, con, language)
    collisions = collision_counts(con)
    if collisions:
        total = sum(count for *_, count in collisions)
        kinds = ", ".join(
            f"{text(f'report.collision.{kind}', language)} {count:,}" for kind, count in _by_kind(collisions).items()
        )
        console.print(f"{text('report.collisions', language)}: {total:,} ({kinds})")
    counts = {"auto": 0, "confirmed": 0, "review": 0, **match_counts(con)}
    expected_false = sum(quality.expected_false for quality in measure(con)[:1])
    console.print(text("report.matching", language, expected_false=expected_false, **counts))
    for line in measured_lines(precision(checked(con)), recall(con, model_of_links(con).auto), language):
        console.print(f"  {line}")
    rejected = rejected_counts(con)
    if rejected:
        console.print(text("report.rejected", language, count=sum(n for *_, n in rejected), files=len(rejected)))


def _by_kind(collisions: list[tuple[str, str, int]]) -> dict[str, int]:
    kinds: dict[str, int] = {}
    for kind, _, count in collisions:
        kinds[kind] = kinds.get(kind, 0) + count
    return kinds


def map_table(m: PartnerMap, language: str) -> Table:
    """One partner's map, outer cells dimmed."""
    kind, stage = (
        text(f"report.type.{m.type}", language),
        "" if m.stage == "active" else f"・{text(f'plan.slide.stage.{m.stage}', language)}",
    )
    title = f"{m.name} · {kind}{stage} · {text('report.overlap', language, count=m.overlap)}"
    table = Table(title=title, title_justify="left", title_style="bold", padding=(0, 1))
    rows = grid(m)
    table.add_column(text("report.axes", language), style="dim")
    for side, _ in rows:
        table.add_column(text(f"report.status.{side}", language), justify="right")
    for row, (side, counts) in enumerate(rows):
        outer = [row == len(rows) - 1 or column == len(counts) - 1 for column in range(len(counts))]
        corner = [row == column == len(rows) - 1 for column in range(len(counts))]
        cells = ["" if c else f"[dim]{n:,}[/dim]" if o else f"{n:,}" for n, o, c in zip(counts, outer, corner, strict=True)]
        table.add_row(text(f"report.status.{side}", language), *cells)
    return table


def written(console: Console, outcome: LineOutcome) -> bool:
    """The run, how many fields it wrote, and what it left alone; false where a brake, a canary or a CRM stopped it."""
    console.print(f"Run {outcome.run_id}", style="dim")
    fields = outcome.metadata.get("crm_fields")
    if fields is None:
        console.print(
            "No CRM was written to: set TOTSUGO_WRITE_BACK=1 to let runs write. `totsugo preview` shows what they would."
        )
        return True
    if fields["switched_off"]:
        console.print("No CRM was written to: write_back.enabled is false in account_mapping.yaml.")
        return True
    for name in ("held", "stopped"):
        if fields[name] != "none":
            console.print(fields[name], style="red", markup=False)
    if fields["left_over"] != "none":
        console.print(fields["left_over"], style="yellow", markup=False)
    if fields["held"] != "none":
        return False
    verb = "would be written" if fields["dry_run"] else "written"
    console.print(f"[bold]{fields['fields_written']:,} fields {verb}[/bold], {fields['fields_failed']:,} failed, "
                  f"{fields['left_to_people']:,} left as people set them")  # fmt: skip
    return bool(fields["stopped"] == "none")


def provisioned(console: Console, connection: str, report: ProvisionReport, dry_run: bool) -> None:
    """What provisioning created or would create, and what a person must do."""
    verb = "would be created" if dry_run else "created"
    console.print(f"{connection}: {len(report.created)} {verb}, {len(report.present)} there already")
    for name in report.created:
        console.print(f"  + {name}", markup=False)
    for step in report.by_hand:
        console.print(f"  by hand: {step}", markup=False)

"""``python -m demo``: the whole line on sandbox CRMs; ``python -m demo ui``: Dagster's UI on the same.

Belongs here: the order of the steps and what is printed. Does not: any of the work; a user does
the same with the commands of ``totsugo``. Only ``demo.score`` ever reads the demo's hidden truth.
"""

from __future__ import annotations

import sys
import time

from rich.console import Console

from demo.stage import Stage
from demo.steps import account_map_of, open_ui, provision, reps_overrides, run, score_lines

console = Console(highlight=False, soft_wrap=True)


def demo() -> int:
    """Build the world, serve it, provision, run, and say what came of it."""
    begun = time.monotonic()
    stage = Stage.from_environment()
    console.print("[bold]Totsugo demo[/bold]: two CRMs of ours, six partners, one national register, all made up")
    with _told("world"):
        stage.build_world()
    with _told("sandbox CRMs"), stage.sandbox():
        stage.export()
        with _told("provision fields"):
            provision(stage)
        with _told("reps set overrides"):
            reps_overrides(stage)
        console.print("\nThe Dagster job [bold]account_mapping[/bold]:")
        outcome = run(console)
    account_map_of(console, stage, outcome)
    for line in score_lines(stage):
        console.print(line)
    console.print(f"\nStages took {sum(outcome.seconds.values()):.1f} s, the whole demo {time.monotonic() - begun:.1f} s.")
    console.print("Next: [bold]make ui[/bold] shows the same in Dagster; a second [bold]make demo[/bold] writes 0 fields; "
                  "account_mapping.yaml is yours to edit.")  # fmt: skip
    return 0


class _told:
    """A line when a step has ended, with its seconds."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        self.begun = time.monotonic()

    def __exit__(self, *fault: object) -> None:
        pass


if __name__ == "__main__":
    sys.exit(open_ui(console, Stage.from_environment()) if sys.argv[1:] == ["ui"] else demo())

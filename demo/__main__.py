"""``python -m demo``: the whole line on sandbox CRMs; ``python -m demo ui``: Dagster's UI on the same.

Belongs here: the order of the steps and what is printed. Does not: any of the work; a user does
the same with the commands of ``totsugo``. Only ``demo.score`` ever reads the demo's hidden truth.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

from rich.console import Console

from demo import people, plans, steps
from demo.stage import Stage

console = Console(file=sys.stdout, highlight=False, soft_wrap=True)  # this stdout, whatever is redirected later


@contextlib.contextmanager
def _told(name: str, seconds: dict[str, float]) -> Iterator[None]:
    """A line with the seconds when a step has ended."""
    begun = time.monotonic()
    yield
    seconds[name] = time.monotonic() - begun
    console.print(f"  {name:<24} {seconds[name]:6.1f} s")


@contextlib.contextmanager
def _prepared(stage: Stage, seconds: dict[str, float]) -> Iterator[dict[str, Any]]:
    """World, sandbox CRMs, fields, and what people did before: everything that a run finds."""
    with _told("make the world", seconds):
        stage.build_world()
    with contextlib.ExitStack() as stack:
        with _told("start sandbox CRMs", seconds):
            described = stack.enter_context(stage.sandbox())
        os.environ.update(stage.environment(described))
        with _told("provision CRM fields", seconds):
            steps.provision()
        with _told("people act in the CRMs", seconds):
            people.act(stage, described)
            plans.written()
        yield described


def demo(stage: Stage) -> int:
    """Build the world, serve it, provision, run, and say what came of it."""
    begun, seconds = time.monotonic(), dict[str, float]()
    console.print("[bold]Totsugo demo[/bold]: our Salesforce and HubSpot, seven partners, a company register; all made up")
    with _prepared(stage, seconds):
        console.print("The Dagster job [bold]account_mapping[/bold]:")
        outcome = steps.run(console)
    console.print()
    steps.account_map(console, outcome)
    steps.hidden_truth(console, stage)
    console.print("\n[bold]Account plans[/bold]: a partner fills in its form, and the plans are made with its answers")
    plans.answered(stage)
    steps.account_plans(console)
    console.print(
        f"\nThe run took {sum(outcome.seconds.values()):.1f} s, the whole demo {time.monotonic() - begun:.1f} s. "
        "A second [bold]make demo[/bold] writes 0 fields.\n"
        "Next: [bold]make ui[/bold] shows the same in Dagster; [bold]account_mapping.yaml[/bold] is yours to edit."
    )
    return 0


def ui(stage: Stage) -> int:
    """The same world behind Dagster's UI, until interrupted."""
    with _prepared(stage, {}):
        return steps.open_ui(console, stage)


if __name__ == "__main__":
    sys.exit(ui(Stage.from_environment()) if sys.argv[1:] == ["ui"] else demo(Stage.from_environment()))

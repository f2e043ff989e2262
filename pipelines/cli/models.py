"""``totsugo review models``: which weights matching uses, what was learned from people's decisions, and how it fared.

Belongs here: printing. Does not: learning or choosing (``pipelines.matching.models``); the choice stands in the settings.
"""

from __future__ import annotations

from collections import Counter

from pipelines.cli.desk import Desk, at_desk
from pipelines.matching.model import DEFAULT_VERSION
from pipelines.matching.models import ENOUGH, ENOUGH_OF_EACH, Version, asked_for, chosen_model, versions
from pipelines.review.decisions import in_force


def models() -> None:
    """The weights of matching: which are in force, which decisions taught others, and whether these proved better."""
    with at_desk() as desk, desk.warehouse.read() as con:
        model, (precision, _, asked) = chosen_model(con), asked_for(con)
        desk.say(
            "models.in_force", version=model.version, asked=asked, precision=f"{precision:.1%}", auto=f"{model.auto:.1%}",
            review=f"{model.review:.1%}",
        )  # fmt: skip
        known = versions(con)
        for version in known:
            _show(desk, version)
        if not known:
            by_word = Counter(decision.decision for decision in in_force(con))
            desk.say(
                "models.none", enough=ENOUGH, each=ENOUGH_OF_EACH, same=f"{by_word['same']:,}",
                different=f"{by_word['different']:,}",
            )  # fmt: skip


def _show(desk: Desk, version: Version) -> None:
    day = f"{version.made_at.astimezone(desk.settings.us.zone):%Y-%m-%d}"
    counts = {"decisions": f"{version.decisions:,}", "held_back": f"{version.held_back:,}"}
    desk.say("models.version", version=version.version, on=day, before=version.compared_with, **counts)
    desk.say(
        "models.figures", loss_before=f"{version.loss_before:.3f}", loss=f"{version.loss:.3f}",
        wrong_before=f"{version.wrong_before:,}", wrong=f"{version.wrong:,}", missed_before=f"{version.missed_before:,}",
        missed=f"{version.missed:,}",
    )  # fmt: skip
    desk.say(f"models.{version.reason}", gain=f"{version.gain_low:.3f}")
    if version.based_on != DEFAULT_VERSION:
        desk.say("models.outdated", based_on=version.based_on)

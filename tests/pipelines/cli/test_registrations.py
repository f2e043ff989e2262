"""``totsugo registrations`` and ``totsugo overrides`` as the partner manager calls them."""

from __future__ import annotations

import getpass
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli.app import app
from tests.pipelines.registrations.world import AnswersWorld


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AnswersWorld:
    world = AnswersWorld.new(tmp_path / "home")
    monkeypatch.setenv("TOTSUGO_HOME", str(world.home))
    monkeypatch.setenv("TOTSUGO_CONFIG", str(world.paths.config))
    monkeypatch.setenv("TOTSUGO_AS_OF", "2026-11-20T09:00:00+09:00")
    return world


def totsugo(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_the_list_shows_what_waits_and_on_demand_what_is_over(world: AnswersWorld) -> None:
    waiting = world.claim("1", "musashi", "kazeyomi", "pending")
    over = world.claim("2", "setouchi", "kumosora", "expired", "no_activity")
    world.publish()
    brief, whole = totsugo("registrations"), totsugo("registrations", "list", "--all")
    of_one = totsugo("registrations", "list", "--partner", "setouchi")
    assert "Pending: 株式会社kazeyomi / Musashi, received 2026-11-10, holds until 2026-12-10" in brief.output
    assert waiting in brief.output
    assert over not in brief.output
    assert over in whole.output
    assert "Lapsed for want of activity" in whole.output
    assert waiting not in of_one.output


def test_every_answer_says_what_it_did_and_that_the_next_run_takes_it_up(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "kazeyomi", "pending")
    world.publish()
    approved = totsugo("registrations", "approve", "1")
    extended = totsugo("registrations", "extend", "1", "--until", "2027-01-31", "--by", "tanaka")
    withdrawn = totsugo("registrations", "withdraw", "1")
    rejected = totsugo("registrations", "reject", "1", "--reason", "no plan")
    for done in (approved, extended, withdrawn, rejected):
        assert done.exit_code == 0, done.output
        assert "株式会社kazeyomi" in done.output
        assert "next run" in done.output
    assert "2027-01-31" in extended.output
    # the clock of this test stands still: each answer corrects the one before
    assert world.state("registration_decisions", "decision, decided_by, reason") == [("rejected", getpass.getuser(), "no plan")]


def test_an_approval_of_what_is_not_placed_yet_says_that_it_holds_nothing(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "kazeyomi", "submitted", "submitted")
    world.publish()
    done = totsugo("registrations", "approve", "1")
    assert done.exit_code == 0, done.output
    assert "holds nothing yet: it takes effect once a person has said which company it means" in done.output
    assert world.state("registration_decisions", "decision") == [("approved",)]


def test_a_partner_that_nobody_knows_is_named(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "kazeyomi", "pending")
    world.publish()
    done = totsugo("registrations", "list", "--partner", "musasi")
    assert done.exit_code == 1
    assert "There is no partner musasi" in done.stderr


def test_a_refusal_needs_a_reason(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "kazeyomi", "pending")
    world.publish()
    done = totsugo("registrations", "reject", "1")
    assert done.exit_code == 2
    assert world.state("registration_decisions", "*") == []


def test_mistakes_are_said_in_one_sentence(world: AnswersWorld) -> None:
    assert "Run `totsugo run` first" in totsugo("registrations").stderr
    world.claim("0001", "musashi", "kazeyomi", "won", "won")
    world.publish()
    unknown, won = totsugo("registrations", "approve", "0009"), totsugo("registrations", "approve", "0001")
    assert (unknown.exit_code, won.exit_code) == (1, 1)
    assert unknown.stderr == "There is no claim 0009. Near are: musashi/registrations:registration:0001\n"
    assert won.stderr == "It is won: nothing is left to decide.\n"


def test_an_allow_is_listed_and_confirmed(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "kazeyomi", "approved", "automatic")
    record = world.allow("001", "kazeyomi", "setouchi")
    world.publish()
    listed = totsugo("overrides")
    assert "株式会社kazeyomi: allowed to Setouchi, registered by Musashi, until 2026-12-31" in listed.output
    assert record in listed.output
    done = totsugo("overrides", "confirm", "001", "--partner", "setouchi", "--reason", "both agree")
    assert done.exit_code == 0, done.output
    world.publish()
    assert "Confirmed allows: 1" in totsugo("overrides", "list").output


@contextmanager
def writing(world: AnswersWorld) -> Iterator[None]:
    """Another process that has the warehouse open."""
    code = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(world.paths.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"open\n"
        yield
        process.communicate()


def test_while_a_run_writes_the_answer_is_not_taken(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "kazeyomi", "pending")
    world.publish()
    with writing(world):
        done = totsugo("registrations", "approve", "1")
    assert done.exit_code == 1
    assert "is being written by another process" in done.stderr
    assert world.state("registration_decisions", "*") == []

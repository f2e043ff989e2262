"""What the partner manager may answer, what is refused with which reason, and what is kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.registrations import (
    Claim,
    Decision,
    Refused,
    approve,
    claims_of,
    confirm,
    extend,
    find_claim,
    find_override,
    overrides_of,
    reject,
    withdraw,
)
from tests.pipelines.registrations.world import NOW, TODAY, AnswersWorld


@pytest.fixture
def world(tmp_path: Path) -> AnswersWorld:
    return AnswersWorld.new(tmp_path / "home")


def claims(world: AnswersWorld) -> list[Claim]:
    with world.warehouse.read() as con:
        return claims_of(con)


def said(decision: str, minutes: int = 1, reason: str | None = None) -> Decision:
    return Decision(decision, None, reason, "sato", NOW + timedelta(minutes=minutes))


def answer(world: AnswersWorld, asked: str, decision: str, minutes: int = 1, until: date | None = None) -> date | None:
    """What the commands do; the day that an extension names."""
    every = claims(world)
    claim = find_claim(every, asked)
    with world.warehouse.connect() as con:
        if decision == "approved":
            approve(con, claim, every, TODAY, said(decision, minutes))
        elif decision == "rejected":
            reject(con, claim, said(decision, minutes, "訪問予定なし"))
        elif decision == "extended":
            return extend(con, claim, TODAY, until, said(decision, minutes))
        else:
            withdraw(con, claim, said(decision, minutes))
    return None


def refused(world: AnswersWorld, asked: str, decision: str, until: date | None = None) -> str:
    with pytest.raises(Refused) as error:
        answer(world, asked, decision, 5, until)
    assert error.value.sentence("ja") != error.value.sentence("en")
    return error.value.reason


def test_what_waits_comes_first_and_of_that_what_ends_first(world: AnswersWorld) -> None:
    world.claim("won", "musashi", "a", "won", "won")
    world.claim("held", "musashi", "b", "approved", "automatic", until=TODAY)
    world.claim("grace", "musashi", "c", "approved", "automatic", in_grace=True, until=date(2026, 11, 25))
    world.claim("pending", "musashi", "d", "pending", until=date(2026, 11, 24))
    world.claim("unplaced", "setouchi", "e", "submitted", "submitted", until=date(2026, 12, 20))
    found = [(claim.claim_id.rsplit(":")[-1], claim.waits) for claim in claims(world.publish())]
    assert found == [("pending", True), ("grace", True), ("unplaced", True), ("held", False), ("won", False)]


def test_an_answer_is_kept_with_who_when_and_why(world: AnswersWorld) -> None:
    claim_id = world.claim("1", "musashi", "a", "pending")
    world.publish()
    answer(world, "1", "approved")
    answer(world, claim_id, "rejected", minutes=2)
    assert world.state("registration_decisions", "claim_id, decision, decided_by, decided_at, reason") == [
        (claim_id, "approved", "sato", NOW + timedelta(minutes=1), None),
        (claim_id, "rejected", "sato", NOW + timedelta(minutes=2), "訪問予定なし"),
    ]


def test_what_is_said_again_at_the_same_moment_is_a_correction(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "a", "pending")
    world.publish()
    answer(world, "1", "approved")
    answer(world, "1", "rejected")
    assert world.state("registration_decisions", "decision") == [("rejected",)]


@pytest.mark.parametrize(
    ("status", "reason", "columns", "why"),
    [
        ("approved", "automatic", {}, "approved_already"),
        ("won", "won", {}, "won"),
        ("rejected", "existing_customer", {}, "barred"),
        ("rejected", "no_approach", {}, "barred"),
        ("rejected", "partner_not_active", {}, "not_active"),
        ("rejected", "registered_by_other", {}, "held"),
        ("expired", "not_decided", {"approved_until": date(2026, 11, 19)}, "over"),
    ],
)
def test_what_cannot_be_approved(world: AnswersWorld, status: str, reason: str, columns: dict[str, date], why: str) -> None:
    world.claim("1", "musashi", "a", status, reason, **columns)
    assert refused(world.publish(), "1", "approved") == why


def test_a_claim_that_was_not_decided_in_time_may_be_approved_while_no_other_partner_holds_the_company(
    world: AnswersWorld,
) -> None:
    world.claim("late", "musashi", "free", "expired", "not_decided", until=date(2026, 11, 19), approved_until=TODAY)
    world.claim("later", "musashi", "taken", "expired", "not_decided", until=date(2026, 11, 19), approved_until=TODAY)
    world.claim("other", "setouchi", "taken", "approved", "approved_by_manager")
    world.publish()
    answer(world, "late", "approved")
    assert refused(world, "later", "approved") == "held"


@pytest.mark.parametrize(("status", "reason", "why"), [("won", "won", "won"), ("expired", "no_activity", "over")])
def test_what_is_over_cannot_be_refused(world: AnswersWorld, status: str, reason: str, why: str) -> None:
    world.claim("1", "musashi", "a", status, reason)
    assert refused(world.publish(), "1", "rejected") == why


def test_an_extension_counts_from_the_end_of_the_protection_and_the_next_from_there(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "a", "approved", "automatic", protection_until=date(2026, 12, 10))
    world.publish()
    assert answer(world, "1", "extended") == date(2027, 1, 9)
    assert answer(world, "1", "extended", 2) == date(2027, 2, 8)
    assert refused(world, "1", "extended", date(2027, 2, 8)) == "extension_too_short"
    assert answer(world, "1", "extended", 3, date(2027, 2, 9)) == date(2027, 2, 9)


def test_in_grace_an_extension_reaches_beyond_today(world: AnswersWorld) -> None:
    past = {"protection_until": date(2026, 10, 1), "until": TODAY, "approved_until": TODAY}
    world.claim("1", "musashi", "a", "approved", "automatic", in_grace=True, **past)
    assert answer(world.publish(), "1", "extended") == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("status", "reason"), [("pending", "pending"), ("expired", "protection_over"), ("rejected", "duplicate")]
)
def test_only_what_is_approved_and_holds_can_be_extended(world: AnswersWorld, status: str, reason: str) -> None:
    world.claim("1", "musashi", "a", status, reason)
    assert refused(world.publish(), "1", "extended") == "nothing_to_extend"


def test_an_answer_since_the_last_run_counts_for_the_next_answer(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "a", "pending")
    world.publish()
    answer(world, "1", "approved")
    assert refused(world, "1", "approved") == "approved_already"
    answer(world, "1", "extended", 2)
    answer(world, "1", "withdrawn", 3)
    assert refused(world, "1", "withdrawn") == "nothing_said"
    assert refused(world, "1", "extended") == "nothing_to_extend"
    answer(world, "1", "approved", 4)


@pytest.mark.parametrize("asked", ["musashi/registrations:registration:0002x", "0002x"])
def test_an_unknown_id_is_told_with_near_ones(world: AnswersWorld, asked: str) -> None:
    claim_id = world.claim("0002", "musashi", "a", "pending")
    with pytest.raises(Refused, match=claim_id):
        find_claim(claims(world.publish()), asked)


def test_with_nothing_near_it_says_where_to_look(world: AnswersWorld) -> None:
    with pytest.raises(Refused, match="registrations list"):
        find_claim(claims(world.publish()), "xyz")


def test_an_allow_waits_only_against_another_partners_live_claim(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "a", "approved", "automatic")
    world.allow("met", "a", "setouchi")
    world.allow("its own", "a", "musashi")
    world.allow("for all", "a", None)
    world.claim("2", "musashi", "b", "expired", "no_activity")
    world.allow("lapsed", "b", "setouchi")
    with world.publish().warehouse.read() as con:
        waiting = {override.record_id.rsplit(":")[-1]: override.against for override in overrides_of(con) if override.waits}
    assert waiting == {"met": ["Musashi"], "for all": ["Musashi"]}


def test_a_confirmation_covers_the_allow_as_it_stands(world: AnswersWorld) -> None:
    world.claim("1", "musashi", "a", "approved", "automatic")
    record_id = world.allow("met", "a", "setouchi")
    with world.publish().warehouse.read() as con:
        override = find_override(overrides_of(con), "met")
    with world.warehouse.connect() as con:
        with pytest.raises(Refused, match="setouchi"):
            confirm(con, override, "musashi", "両社で合意", "sato", NOW)
        confirm(con, override, "setouchi", "両社で合意", "sato", NOW)
    assert world.state("override_confirmations", "record_id, partner, until, reason, decided_by") == [
        (record_id, "setouchi", date(2026, 12, 31), "両社で合意", "sato")
    ]
    with world.publish().warehouse.read() as con:
        assert [found.waits for found in overrides_of(con)] == [False]


def test_an_allow_that_meets_no_claim_needs_no_confirmation(world: AnswersWorld) -> None:
    world.allow("alone", "a", "setouchi")
    with world.publish().warehouse.read() as con:
        override = find_override(overrides_of(con), "alone")
    with world.warehouse.connect() as con, pytest.raises(Refused, match="needs no confirmation"):
        confirm(con, override, None, "両社で合意", "sato", NOW)

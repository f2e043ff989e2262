"""``totsugo returns accept`` and ``reject``: what a person's word on a return leads to at once, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.sharing.returns.world import ReturnsWorld

DECISIONS = "SELECT record_id, other_record_id, decision, decided_by FROM state.decisions ORDER BY ALL"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReturnsWorld:
    """Every kind of answer waits."""
    world = ReturnsWorld(tmp_path / "home", monkeypatch)
    paper = world.paper()
    paper.answer("kazeyomi", correction="別会社です", comment="埼玉の会社です")
    paper.answer("kumosora", status="商談中")
    paper.answer("hikari", correction="すでに取引があります")
    paper.add("案件登録", **{"会社名（必須）": "新規商事", "対象製品": "アオゾラ人事"})
    world.take_in(paper)
    world.at(5)
    return world


def test_the_list_shows_what_waits_and_how_to_answer(world: ReturnsWorld) -> None:
    listed = world.totsugo()
    assert "Returns that wait for an answer: 4" in listed.output
    assert "武蔵システムズ株式会社 (返送.xlsx, received 2026-11-21)" in listed.output
    assert f"{world.id_of('not_same')}  株式会社風読, Not the same company: 埼玉の会社です" in listed.output
    assert "雲空物産株式会社, Status: Open opportunity" in listed.output
    assert "--all --partner musashi" in listed.output
    assert "answer: 0" in world.totsugo("list", "--partner", "setouchi").output


def test_not_the_same_company_parts_the_partners_record_from_each_of_ours(world: ReturnsWorld) -> None:
    done = world.totsugo("accept", world.id_of("not_same"), "--by", "tanaka")
    assert "Pairs of records recorded as different: 2" in done.output
    theirs = "musashi/all:list:M-kazeyomi"
    assert world.execute(DECISIONS) == [
        ("hs:companies:1", theirs, "different", "tanaka"),
        (theirs, "sf:Account:1", "different", "tanaka"),
    ]
    ((reason,),) = world.execute("SELECT DISTINCT reason FROM state.decisions")
    assert "musashi" in reason
    assert "返送.xlsx" in reason
    assert reason.endswith("埼玉の会社です")
    verdicts = set(world.returns("kind, verdict, decided_by"))
    assert ("not_same", "accepted", "tanaka") in verdicts
    assert ("status", "waiting", None) in verdicts


def test_where_we_have_no_record_it_is_parted_from_the_register(world: ReturnsWorld) -> None:
    paper = world.paper()
    paper.answer("kumosora", correction="別会社です")
    world.totsugo("reject", world.id_of("not_same"), "--reason", "checked")
    world.take_in(paper, "2.xlsx")
    world.totsugo("accept", "--all", "--partner", "musashi", "--by", "tanaka")
    assert world.execute(DECISIONS) == [
        ("musashi/all:list:M-kumosora", "register:7000012050002", "different", "tanaka"),
        ("musashi/all:list:M-kumosora2", "register:7000012050002", "different", "tanaka"),
    ]


def test_what_would_change_nothing_still_waits_and_says_why(world: ReturnsWorld) -> None:
    with world.home.warehouse.connect() as con:
        con.execute("DELETE FROM marts.map_records WHERE party = 'us'")
        con.execute("DELETE FROM intermediate.stated_statuses")
    world.home.publish()
    done = world.totsugo("accept", "--all", "--partner", "musashi")
    assert done.exit_code == 0
    assert "Accepted: 2" in done.output
    assert "there is nothing to part" in done.output
    assert "record is not in the last run" in done.output
    assert {kind for kind, verdict in world.returns("kind, verdict") if verdict == "waiting"} == {"not_same", "status"}
    assert world.execute(DECISIONS) == []


def test_a_status_is_kept_with_what_the_list_says_now(world: ReturnsWorld) -> None:
    world.totsugo("accept", "--all", "--partner", "musashi")
    assert world.content("status")["stated"] == ["target"]
    assert "stated" not in world.content("already_served"), "the partner has no record of it that could say anything"


def test_a_rejected_return_is_kept_and_does_not_come_back_with_the_same_file(world: ReturnsWorld) -> None:
    done = world.totsugo("reject", world.id_of("status")[:6], "--reason", "古い情報", "--by", "tanaka")
    assert done.exit_code == 0, done.output
    assert ("rejected", "tanaka", "古い情報") in world.returns("verdict, decided_by, reason")
    assert "new 0" in world.totsugo("import", world.home.home / "返送.xlsx").output
    told = world.totsugo("list", "--all").output
    assert "Rejected (tanaka)" in told
    assert "古い情報" in told


def test_what_was_accepted_is_taken_back_by_its_id_alone(world: ReturnsWorld) -> None:
    claim, parted = world.id_of("registration"), world.id_of("not_same")
    world.totsugo("accept", claim, parted)
    world.totsugo("reject", "--all", "--partner", "musashi", "--reason", "checked")
    assert ("registration", "accepted") in world.returns("kind, verdict"), "--all means what waits"
    assert world.totsugo("reject", claim, "--reason", "double").exit_code == 0
    assert ("registration", "rejected") in world.returns("kind, verdict")
    refused = world.totsugo("reject", parted, "--reason", "mistake")
    assert refused.exit_code == 1
    assert "totsugo review withdraw" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["accept"], "Name returns by their ids, or write --all with --partner"),
        (["accept", "--all"], "Name returns by their ids, or write --all with --partner"),
        (["accept", "zzz"], "There is no return zzz"),
        (["accept", ""], "There is no return"),
        (["accept", "--all", "--partner", "setouchi"], "Nothing of setouchi waits"),
        (["accept", "--all", "--partner", "musasi"], "There is no partner musasi"),
    ],
)
def test_a_mistaken_command_says_what_to_do(world: ReturnsWorld, arguments: list[str], said: str) -> None:
    done = world.totsugo(*arguments)
    assert done.exit_code == 1
    assert said in done.stderr


def test_an_answer_that_was_decided_is_not_decided_again(world: ReturnsWorld) -> None:
    world.totsugo("accept", world.id_of("registration"), "--by", "tanaka")
    again = world.totsugo("accept", world.id_of("registration"))
    assert again.exit_code == 1
    assert "is accepted already (tanaka)" in again.stderr
    assert world.totsugo("reject", world.id_of("status")).exit_code != 0, "a rejection needs a reason"

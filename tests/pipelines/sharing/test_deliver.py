"""Handing shares over: what a partner finds in its folder, and what the log says of it, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.sharing import deliver, log
from pipelines.sharing.deliver import take_back_ended, would_deliver
from pipelines.sharing.layout import share_digest
from tests.pipelines.sharing.home import NOW, SharingHome
from tests.pipelines.sharing.shares import share

STANDS = "withdrawn_at IS NULL"


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def home(tmp_path: Path) -> SharingHome:
    """Both partners have companies a and b, and a count; a run has ended."""
    home = SharingHome.new(tmp_path / "home")
    for partner in home.partners:
        home.overlap(partner, "a")
        home.overlap(partner, "b")
        home.count(partner, 10)
    return home.ran()


def test_the_first_delivery_is_files_and_a_log_of_every_row(home: SharingHome) -> None:
    made = home.hand_over()
    assert {partner: one.outcome for partner, one in made.items()} == {"musashi": "delivered", "setouchi": "delivered"}
    assert {"overlaps.csv", "summary.json"} <= set(home.files("musashi"))
    assert "株式会社a" in home.files("musashi")["overlaps.csv"].decode("utf-8-sig")
    rows = home.log("list, company_id, company_name, list_contains(fields, 'our_status'), policy_version", "partner = 'musashi'")
    version = home.settings.sharing_of("musashi").version
    assert rows == [
        ("overlaps", "a", "株式会社a", True, version), ("overlaps", "b", "株式会社b", True, version),
        ("summary", None, None, True, version),
    ]  # fmt: skip
    assert home.execute("SELECT DISTINCT policy ->> 'approved_by' FROM state.sharing_policies") == [("佐藤",)]


def test_the_same_share_is_not_handed_over_twice(home: SharingHome) -> None:
    home.hand_over()
    before, logged = home.files("musashi"), home.log("*")
    home.ran("next", hours=24)
    made = home.hand_over()
    assert {one.outcome for one in made.values()} == {"unchanged"}
    assert (home.files("musashi"), home.log("*")) == (before, logged)


def test_a_place_on_the_list_goes_out_and_is_no_news_when_it_moves(home: SharingHome) -> None:
    before = share()
    moved = [replace(row, values={**row.values, "rank": 1 + row.values["rank"]}) for row in before.lists["whitespace"]]  # type: ignore[operator]
    after = replace(before, lists={**before.lists, "whitespace": tuple(moved)})
    with home.warehouse.connect() as con:
        log.announce(con, before, log.FOLDER, NOW)
        told = con.execute("SELECT bool_and(list_contains(fields, 'rank')) FROM state.sharing_log WHERE list = 'whitespace'")
        assert told.fetchall() == [(True,)]
        assert log.announce(con, after, log.FOLDER, NOW + timedelta(days=1)) == 0
    assert share_digest(after) != share_digest(before)


def test_what_was_emptied_by_somebody_is_handed_over_again_when_asked(home: SharingHome) -> None:
    home.hand_over()
    before = home.files("musashi")
    for file in before:
        (home.folder / "musashi" / file).unlink()
    assert home.hand_over("musashi", again=True)["musashi"].outcome == "delivered"
    assert home.files("musashi").keys() == before.keys()


def test_a_changed_row_replaces_the_one_that_stood(home: SharingHome) -> None:
    home.hand_over("musashi")
    home.say("a", our_owner="児玉")
    home.ran("next", hours=1)
    made = home.hand_over("musashi")["musashi"]
    overlaps = made.lists["overlaps"]
    assert (overlaps.rows, overlaps.new, overlaps.changed, overlaps.withdrawn) == (2, 0, 1, 0)
    assert home.log("company_id, content ->> 'our_owner', withdrawn_because", "company_id = 'a'") == [
        ("a", "児玉", None), ("a", None, "changed"),
    ]  # fmt: skip
    assert made.beyond_recall is None


def test_a_row_that_is_no_longer_so_is_withdrawn_and_comes_back_as_another(home: SharingHome) -> None:
    home.hand_over("musashi")
    home.lose("a")
    home.ran("without", hours=1).hand_over("musashi")
    assert "株式会社a" not in home.files("musashi")["overlaps.csv"].decode("utf-8-sig")
    home.overlap("musashi", "a")
    home.ran("with", hours=1).hand_over("musashi")
    assert home.log("withdrawn_because, run_id", "company_id = 'a'") == [("no_longer_so", "run"), (None, "with")]


def test_a_narrower_policy_withdraws_rows_and_says_what_cannot_be_taken_back(home: SharingHome) -> None:
    home.hand_over("musashi")
    home.write("musashi", sharing={"cells": {6: "hidden"}})
    home.hide("a")
    home.lose("b")
    made = home.ran("narrow", hours=1).hand_over("musashi")["musashi"]
    assert home.log("company_id, withdrawn_because", "list = 'overlaps'") == [("a", "policy"), ("b", "no_longer_so")]
    assert made.beyond_recall is not None
    assert (made.beyond_recall.rows, made.beyond_recall.companies) == (1, 1)
    assert made.beyond_recall.since == NOW + timedelta(minutes=1)


def test_fields_that_the_policy_names_no_longer_are_withdrawn_by_it(home: SharingHome) -> None:
    home.say("a", our_owner="児玉")
    home.ran().hand_over("musashi")
    home.write("musashi", sharing={"fields": ["our_status", "cell"]})
    made = home.ran("narrow", hours=1).hand_over("musashi")["musashi"]
    assert home.log("withdrawn_because", f"company_id = 'a' AND NOT ({STANDS})") == [("policy",)]
    assert home.log("fields", f"company_id = 'a' AND {STANDS}") == [
        (["their_id", "company_name", "partner_status", "our_status", "cell"],)
    ]
    assert made.beyond_recall is not None
    assert "児玉" not in home.files("musashi")["overlaps.csv"].decode("utf-8-sig")


def test_a_policy_without_lists_takes_everything_back(home: SharingHome) -> None:
    home.hand_over("musashi")
    home.write("musashi", sharing={"lists": []})
    made = home.ran("none", hours=1).hand_over("musashi")["musashi"]
    assert made.outcome == "withdrawn"
    assert home.log("DISTINCT withdrawn_because") == [("policy",)]


@pytest.mark.parametrize(
    "how",
    [
        {"stage": "ended"},
        {"sharing": {"approved_by": None}},
        {"sharing": {"until": date(2026, 11, 19)}},
        None,
    ],
    ids=["the partner has ended", "nobody approves it", "it has run out", "the yaml no longer names the partner"],
)
def test_who_may_have_nothing_any_more_is_left_with_a_notice_at_once(home: SharingHome, how: dict[str, object] | None) -> None:
    """Without a run: for that no mart is needed."""
    home.hand_over()
    if how is None:
        del home.partners["musashi"]
        home.write()
    else:
        home.write("musashi", **how)
    made = home.hand_over()
    assert (made["musashi"].outcome, made["setouchi"].outcome) == ("withdrawn", "unchanged")
    assert home.log("DISTINCT withdrawn_because", "partner = 'musashi'") == [("ended",)]
    left = home.files("musashi")
    assert "overlaps.csv" not in left
    assert any("共有は終了しました" in content.decode("utf-8-sig", "ignore") for content in left.values())
    assert not any("株式会社a".encode() in content for content in left.values())
    assert made["musashi"].beyond_recall is not None
    assert home.hand_over()["musashi"].outcome == "none"


def test_a_policy_that_the_last_run_did_not_know_hands_over_nothing(home: SharingHome) -> None:
    home.hand_over()
    before, logged = home.files("musashi"), home.log("*")
    home.write("musashi", sharing={"fields": ["minimal"]})
    home.say("a", our_owner="児玉")
    made = home.hand_over()
    assert (made["musashi"].outcome, made["setouchi"].outcome) == ("outdated", "delivered")
    assert made["musashi"].fault is not None
    assert "totsugo run" in made["musashi"].fault
    assert home.files("musashi") == before
    assert [row for row in home.log("*") if row[1] == "musashi"] == [row for row in logged if row[1] == "musashi"]


def test_a_partner_whose_contract_has_not_begun_has_nothing(home: SharingHome) -> None:
    home.write("musashi", stage="prospective")
    assert home.ran().hand_over("musashi")["musashi"].outcome == "none"
    assert home.files("musashi") == {}


@pytest.mark.parametrize("step", ["files_of", "newest_change"], ids=["before the files leave", "after they left"])
def test_killed_in_between_nothing_that_the_partner_may_see_is_missing_in_the_log(
    home: SharingHome, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    home.hand_over("musashi")
    home.say("a", our_owner="児玉")
    home.lose("b")
    home.ran("next", hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(deliver, step, _kill)
        with pytest.raises(Killed):
            home.hand_over("musashi")
    assert home.log("company_id, content ->> 'our_owner'", f"list = 'overlaps' AND {STANDS}") == [
        ("a", "児玉"), ("a", None), ("b", None),
    ]  # fmt: skip
    home.hand_over("musashi")
    assert home.log("company_id, content ->> 'our_owner'", f"list = 'overlaps' AND {STANDS}") == [("a", "児玉")]
    assert "児玉" in home.files("musashi")["overlaps.csv"].decode("utf-8-sig")


def test_killed_after_the_files_left_they_are_made_good_even_if_all_is_as_it_was(
    home: SharingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.hand_over("musashi")
    before = home.files("musashi")["overlaps.csv"]
    home.say("a", our_owner="児玉")
    home.ran("next", hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(deliver, "newest_change", _kill)
        with pytest.raises(Killed):
            home.hand_over("musashi")
    assert home.files("musashi")["overlaps.csv"] != before
    home.say("a", our_owner=None)
    home.ran("back", hours=1).hand_over("musashi")
    assert "児玉" not in home.files("musashi")["overlaps.csv"].decode("utf-8-sig")
    assert home.log("content ->> 'our_owner'", f"company_id = 'a' AND {STANDS}") == [(None,)]


def _kill(*_: object) -> None:
    raise Killed


def test_a_storage_that_fails_for_one_partner_stops_no_other_and_is_tried_again(home: SharingHome) -> None:
    home.folder.mkdir()
    (home.folder / "musashi").write_text("in the way", encoding="utf-8")
    made = home.hand_over()
    assert (made["musashi"].outcome, made["setouchi"].outcome) == ("failed", "delivered")
    assert made["musashi"].fault
    assert made["musashi"].error is None
    (home.folder / "musashi").unlink()
    assert home.hand_over()["musashi"].outcome == "delivered"
    assert home.log("company_id, count(*)", "partner = 'musashi' GROUP BY ALL") == [("a", 1), ("b", 1), (None, 1)]


def test_counts_are_remembered_with_every_run_that_counted_zeros_too(home: SharingHome) -> None:
    home.count("musashi", 0)
    home.hand_over("musashi")
    told = "SELECT at_least, counted_at FROM state.shared_counts WHERE partner = 'musashi'"
    assert home.execute(told) == [(0, NOW)]
    home.now += timedelta(days=1)
    home.count("musashi", 0)
    counted_at = home.now
    assert home.ran("next").hand_over("musashi")["musashi"].outcome == "unchanged"
    assert home.execute(told) == [(0, counted_at)], "the same figure, counted anew: changes count from here"
    home.now += timedelta(days=1)
    home.count("musashi", 5, recounted=False)
    home.ran("later").hand_over("musashi")
    assert home.execute(told) == [(0, counted_at)]


def test_the_time_from_a_change_in_our_crm_is_measured(home: SharingHome) -> None:
    assert home.hand_over("musashi")["musashi"].latency is None, "of a first delivery nothing is the newest change"
    home.say("a", our_owner="児玉")
    home.now += timedelta(hours=1)
    home.execute("INSERT INTO marts.map_records (record_id, party, company_id) VALUES ('ours:Account:1', 'us', 'a')")
    for record, ago in (("1", 40), ("2", 10)):
        home.execute(
            "INSERT INTO raw.salesforce_account VALUES ('ours', ?, ?, '{}', false, NULL, ?, 'next')",
            *(record, home.now - timedelta(seconds=ago), home.now),
        )
    made = home.ran("next").hand_over("musashi")["musashi"]
    assert made.latency == 40 + 60
    assert home.execute("SELECT changed_at FROM state.share_deliveries ORDER BY delivered_at DESC LIMIT 1") == [
        (home.now - timedelta(seconds=100),)
    ]


def test_what_would_be_handed_over_writes_nothing(home: SharingHome) -> None:
    home.hand_over("musashi")
    home.say("a", our_owner="児玉")
    home.overlap("musashi", "c")
    home.lose("b")
    home.write("setouchi", stage="ended")
    home.ran("next", hours=1)
    logged, files = home.log("*"), home.files("musashi")
    made = home.hand_over(act=would_deliver)
    overlaps = made["musashi"].lists["overlaps"]
    assert (overlaps.rows, overlaps.new, overlaps.changed, overlaps.withdrawn) == (2, 1, 1, 1)
    assert made["setouchi"].outcome == "none"
    assert (home.log("*"), home.files("musashi")) == (logged, files)
    assert home.files("setouchi") == {}


def test_only_ended_ones_are_taken_back_where_the_run_is_in_doubt(home: SharingHome) -> None:
    home.hand_over()
    home.write("musashi", stage="ended")
    home.say("a", our_owner="児玉")
    made = home.hand_over(act=take_back_ended)
    assert {partner: one.outcome for partner, one in made.items()} == {"musashi": "withdrawn"}
    assert home.log("company_id", f"content ->> 'our_owner' IS NOT NULL AND {STANDS}") == []

"""How many calls a run makes, by the sandbox's own log: the fewest that the APIs allow, and none that writes in vain."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

import requests

from tests.pipelines.writeback.conftest import Desk

CHILD = "Totsugo_Account_Map__c"
_BASE = re.compile(r"/services/data/v[\d.]+/|/crm/v\d/")
_ID = re.compile(r"/(\d{3}5h\w+|\d+)(?=/|$)")


def clear(desk: Desk) -> None:
    for org in desk.orgs.values():
        requests.delete(f"{org.url}/__sandbox__/requests", timeout=10)


def calls(desk: Desk, org: str, match: str = "") -> Counter[str]:
    """Calls since ``clear``: ``PATCH composite/sobjects`` -> how often; ids are left out."""
    log = requests.get(f"{desk.orgs[org].url}/__sandbox__/requests", timeout=10).json()["requests"]
    told = [f"{call['method']} {_ID.sub('', _BASE.sub('', call['path']))}" for call in log]
    return Counter(call for call in told if match in call)


def want_all(desk: Desk, connection: str, approach: str) -> None:
    """The marts want the same of every record that was pulled."""
    table = {"sales": "salesforce_account", "marketing": "hubspot_companies"}[connection]
    desk.con.execute("DELETE FROM marts.crm_account_state WHERE connection = ?", [connection])
    desk.con.execute(
        "INSERT INTO marts.crm_account_state BY NAME SELECT DISTINCT connection, id AS native_id, 'our_customer' AS rule,"
        f" ? AS partner_approach, false AS no_approach, '2026-11-20' AS as_of FROM raw.{table}",
        [approach],
    )


def test_a_run_that_finds_nothing_to_change_reads_no_record_and_writes_nothing(desk: Desk) -> None:
    (account,), (company,) = desk.create("株式会社甲"), desk.create_companies("株式会社甲")
    desk.want(account)
    desk.want_child(account)
    desk.want(company, "marketing")
    desk.con.execute("INSERT INTO marts.crm_lists VALUES ('marketing', 'musashi:whitespace', ?)", [company])
    desk.run()
    desk.pull()
    clear(desk)
    assert desk.run().fields_written == 0
    sales, marketing = calls(desk, "sales"), calls(desk, "marketing")
    assert {call.split()[0] for call in sales} == {"GET"}
    assert not [call for call in marketing if call.split()[0] != "GET" and "search" not in call]
    assert not [call for call in (*sales, *marketing) if "composite" in call or "batch/read" in call or "memberships" in call]


def test_over_two_thousand_accounts_go_by_one_job(desk: Desk) -> None:
    for part in range(11):
        desk.create(*(f"株式会社{part:02}の{n:03}" for n in range(200)))
    desk.pull()
    want_all(desk, "sales", "limited")
    desk.plan()
    clear(desk)
    outcome = {o.target: o for o in desk.apply().targets}["Account"]
    assert (outcome.records_changed, outcome.failures) == (2200, [])
    made = calls(desk, "sales")
    polls = made.pop("GET jobs/ingest")
    assert polls < 10
    assert {call: times for call, times in made.items() if "describe" not in call} == {
        "POST composite/sobjects/Account": 4,  # the canary before and after, then the rest, 2,000 a call
        "PATCH composite/sobjects": 1,
        "POST jobs/ingest": 1,
        "PUT jobs/ingest/batches": 1,
        "PATCH jobs/ingest": 1,
    }
    desk.pull()
    clear(desk)
    assert desk.run().fields_written == 0
    assert not calls(desk, "sales", "composite")


def test_companies_go_a_hundred_a_call(desk: Desk) -> None:
    for part in range(3):
        desk.create_companies(*(f"株式会社{part:02}の{n:03}" for n in range(90)))
    desk.pull()
    want_all(desk, "marketing", "limited")
    rows = "SELECT DISTINCT 'marketing', 'musashi:whitespace', id FROM raw.hubspot_companies"
    desk.con.execute(f"INSERT INTO marts.crm_lists {rows}")
    desk.plan()
    clear(desk)
    outcome = {o.target: o for o in desk.apply().targets}
    assert (outcome["companies"].records_changed, outcome["list:musashi:whitespace"].records_changed) == (270, 270)
    made = calls(desk, "marketing")
    assert made["POST objects/companies/batch/update"] == 1 + 3
    assert made["POST objects/companies/batch/read"] == 2 + 3
    assert made["PUT lists/memberships/add-and-remove"] == 2


def test_child_rows_go_sorted_by_their_account(desk: Desk) -> None:
    accounts = desk.create(*(f"株式会社{n:02}商事" for n in range(20)))
    for partner in ("musashi", "sagami"):
        for id in reversed(accounts):
            desk.want_child(id, partner)
    desk.run()
    made = [c for c in desk.orgs["sales"].changes(CHILD) if c["field"] == "Totsugo_Key__c"]
    by_call: dict[int, list[str]] = {}
    for change in made:
        by_call.setdefault(change["request"], []).append(change["after"])
    assert [len(keys) for keys in by_call.values()] == [10, 30]
    keys = [f"{id}:{partner}" for id in accounts for partner in ("musashi", "sagami")]
    assert list(chain.from_iterable(by_call.values())) == sorted(keys)

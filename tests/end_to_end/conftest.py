"""One small world for the whole folder and the runs made on it, each on what the one before left.

Belongs here: the order of events, as a chain of fixtures, so that any test can be run alone. Does not: the tools (``line.py``).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import people, steps
from demo.stage import Stage
from pipelines.settings.environment import PROJECT_ROOT
from tests.end_to_end import bad_lists
from tests.end_to_end.line import Ended, Line

SCALE = 0.05
_EXPORTED = ("WAREHOUSE_PATH", "STATE_PATH", "DBT_TARGET_PATH", "DBT_SEND_ANONYMOUS_USAGE_STATS", "PYTHONPATH")
"""What the code location puts into the environment for dbt; taken back at the end, for other tests run dbt too."""
_STORAGE = """
telemetry: {{enabled: false}}
storage:
  sqlite: {{base_dir: {home}}}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that is the first to ask for a late run waits for all before it. Cut short, dbt would hold the warehouse."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(1800))


@pytest.fixture(scope="package")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The world and its CRMs, fields provisioned, reps' overrides set, the environment pointing there; no run yet."""
    home = tmp_path_factory.mktemp("line")
    dagster = home / "dagster"
    dagster.mkdir()
    (dagster / "dagster.yaml").write_text(_STORAGE.format(home=dagster), encoding="utf-8")
    stage = Stage(home / "totsugo", SCALE)
    stage.build_world()
    with stage.sandbox() as described, pytest.MonkeyPatch.context() as patch:
        environment = {**stage.environment(described), "DAGSTER_HOME": str(dagster)}
        for name in _EXPORTED:
            patch.setenv(name, os.environ.get(name, ""))
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.delenv("DBT_KEEP_OPEN", raising=False)
        patch.delitem(sys.modules, "pipelines.definitions", raising=False)
        patch.chdir(PROJECT_ROOT)
        steps.provision()
        people.act(stage, described)
        yield Line(stage, described, environment)


@pytest.fixture(scope="package")
def sensed_before_any_run(line: Line) -> str | None:
    """What the sensor said when nothing had run."""
    asked, why_not = line.sensed()
    assert not asked
    return why_not


@pytest.fixture(scope="package")
def first(line: Line, sensed_before_any_run: str | None) -> Ended:
    """The first run; ``notes`` has, for each CRM of ours, what it then holds in the approach field, by account."""
    ended = line.run()
    for org, object, field in (
        ("our_salesforce", "Account", "Totsugo_Partner_Approach__c"),
        ("our_hubspot", "companies", "totsugo_partner_approach"),
    ):
        ids = [id for (id,) in ended.rows("SELECT native_id FROM marts.crm_account_state WHERE connection = ?", org)]
        held = line.integration(org).read(object, ids, [field])
        ended.notes[org] = {id: row[field] for id, row in held.items()}
    return ended


@pytest.fixture(scope="package")
def second(line: Line, first: Ended) -> Ended:
    """The second run, nothing having changed; ``notes['sensed']`` is what the sensor says afterwards."""
    ended = line.run()
    ended.notes["sensed"] = line.sensed()
    return ended


@pytest.fixture(scope="package")
def after_people(line: Line, second: Ended) -> Ended:
    """A run limited to musashi, after a rep blocked one account, deleted another, and wrote over a field of ours on a company.

    Before it, every partner has sent something bad.
    """
    alone = """
        FROM marts.crm_account_state AS s
        WHERE s.connection = ? AND s.company_id NOT IN (
            SELECT company_id FROM marts.crm_account_state GROUP BY company_id HAVING count(*) > 1)
    """
    (blocked,) = second.rows(f"SELECT native_id {alone} AND NOT no_approach ORDER BY ALL LIMIT 1", "our_salesforce")[0]
    (deleted,) = second.rows(
        f"SELECT native_id {alone} AND native_id IN (SELECT account_native_id FROM marts.crm_account_map)"
        " AND native_id <> ? ORDER BY ALL LIMIT 1",
        "our_salesforce",
        blocked,
    )[0]
    (edited,) = second.rows(f"SELECT native_id {alone} AND next_play IS NOT NULL ORDER BY ALL LIMIT 1", "our_hubspot")[0]
    override = {
        "Totsugo_Override__c": "block",
        "Totsugo_Override_Reason__c": "役員案件のため当社が直接対応",
        "Totsugo_Override_Until__c": "2027-03-31",
    }
    sales, marketing = line.person("our_salesforce"), line.person("our_hubspot")
    done = [
        *sales.write("Account", [{"Id": blocked, **override}]),
        *sales.delete("Account", [deleted]),
        *marketing.write("companies", [{"id": edited, "totsugo_next_play": "来週わたしが電話する"}]),
    ]
    assert all(result.ok for result in done), done
    sensed = [line.sensed(), line.sensed()]
    sent = bad_lists.send(line.files)
    ended = line.run("musashi")
    ended.notes.update(sent=sent, blocked=blocked, deleted=deleted, edited=edited, sensed=sensed)
    return ended


@pytest.fixture(scope="package")
def with_a_failed_test(line: Line, after_people: Ended) -> Ended:
    """A run on a warehouse in which an entry of the register stands twice, so that a dbt test fails; mended afterwards."""
    with line.warehouse() as con:
        con.execute("INSERT INTO raw.company_register FROM raw.company_register ORDER BY corporate_number LIMIT 1")
    ended = line.run()
    ended.notes["push alone"] = line.run_asset("crm_fields")
    with line.warehouse() as con:
        con.execute("DELETE FROM raw.company_register WHERE rowid = (SELECT max(rowid) FROM raw.company_register)")
    return ended


@pytest.fixture(scope="package")
def all_bad(line: Line, after_people: Ended, with_a_failed_test: Ended) -> Ended:
    """A run over everything that the partners sent."""
    ended = line.run()
    ended.notes["sent"] = after_people.notes["sent"]
    return ended


@pytest.fixture(scope="package")
def refreshed(line: Line, all_bad: Ended) -> Ended:
    """The job that the sensor starts, when nothing is new."""
    return line.run_job("refresh_from_crm")

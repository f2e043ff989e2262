"""Sequences of pulls and writes against both CRMs on bad days, by seed. A seed that fails tells all that happened in it."""

from __future__ import annotations

import random

import pytest

from tests.campaign import books
from tests.campaign.days import one_day, pass_time
from tests.campaign.vendor import Vendor
from tests.pipelines.writeback.everything import FREE
from tests.pipelines.writeback.test_calls import calls, clear

SEEDS, DAILY, MOST_DAYS = 300, 30, 4
_A_HANDFUL = 25
"""Calls of a run that finds nothing new, to either CRM: of six objects what there is and what changed, of what is written."""


@pytest.mark.parametrize("seed", [n if n < DAILY else pytest.param(n, marks=pytest.mark.full) for n in range(SEEDS)])
def test_when_the_faults_stop_all_is_as_if_there_had_been_none(
    vendor: Vendor, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, desk = random.Random(seed), vendor.desk
    vendor.world.begin()
    for _ in range(rng.randint(1, 1 if seed < DAILY else MOST_DAYS)):
        one_day(vendor, rng, monkeypatch)
    pass_time(vendor, 600)
    vendor.told("once more, without faults")
    outcome = desk.run(FREE)
    assert outcome.faults == {}
    desk.pull()
    assert books.unlike_the_crm(vendor) == []
    assert books.doubled(vendor) == []
    assert books.unmade(vendor) == []
    assert books.astray(vendor) == []
    assert books.overwritten(vendor) == []
    monkeypatch.undo()
    clear(desk)
    vendor.world.begin()
    assert desk.run(FREE).fields_written == 0
    assert vendor.world.changes_of_ours() == []
    for name in desk.orgs:
        made = calls(desk, name)
        assert made.total() <= _A_HANDFUL, made

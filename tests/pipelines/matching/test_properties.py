"""What holds in any world, whatever its records are and whatever people said."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.matching.decisions import REGISTER
from pipelines.review.contradictions import contradictions
from pipelines.review.decisions import Decision, Pair, in_force, pair_of
from tests.pipelines.matching.made_up import companies, corporate_number, entry, records
from tests.pipelines.matching.world import World

_SAID = st.lists(st.sampled_from(["same", "same", "different", "different", "unsure", "withdrawn"]), max_size=14)


class Decided(World):
    """A random world in which people decided random pairs: of likely ones and of any, of entries of the register too."""

    def __init__(self, seed: int, words: list[str]) -> None:
        super().__init__()
        lot = Random(seed)
        made = companies(8, lot)
        self.rows = records(made, 20, lot)
        self.numbers = [company["number"] for company in made[::2]]
        self.put_register([entry(company) for company in made[::2]])
        self.put_records(self.rows.values())
        ids = [*self.rows, *(f"register:{number}" for number in self.numbers)]
        few = lot.sample(ids, 6)  # so that decisions meet
        for word in words:
            one, other = lot.sample(few if lot.random() < 0.7 else ids, 2)
            self.decide(one, other, word)
        self.summary = self.match()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), _SAID)
def test_in_any_world_a_decision_beats_any_score(seed: int, words: list[str]) -> None:
    world = Decided(seed, words)
    said = in_force(world.connection)
    found = contradictions(said)
    assert (world.summary.contradictions > 0) == bool(found)
    check_decisions(world, said, {decision.pair for one in found for decision in one.decisions})
    check_entries(world, said)
    check_that_nothing_is_lost_or_asked_again(world, said)


def check_decisions(world: Decided, said: list[Decision], doubted: set[Pair]) -> None:
    """Records that are said to be different are, and those said to be the same are, unless decisions contradict each other."""
    company = world.companies()
    for decision in said:
        a, b = decision.pair
        if a in company and b in company and decision.decision == "different":
            assert company[a] != company[b]
        if a in company and b in company and decision.decision == "same" and decision.pair not in doubted:
            assert company[a] == company[b]


def check_entries(world: Decided, said: list[Decision]) -> None:
    """A record is in no company that bears the number of an entry that it is not, unless people joined it to who writes it."""
    company = world.companies()
    number_of = dict(world.connection.execute("SELECT company_id, corporate_number FROM match.companies").fetchall())
    joined = {id for decision in said if decision.decision == "same" for id in decision.pair}
    for decision in said:
        for record, entry_id in (decision.pair, decision.pair[::-1]):
            if decision.decision == "different" and record in company and entry_id not in company and record not in joined:
                number = entry_id.removeprefix(REGISTER)
                assert number_of[company[record]] != number or world.rows[record].get("number") == number


def check_that_nothing_is_lost_or_asked_again(world: Decided, said: list[Decision]) -> None:
    """Every record has one placing link, in a company that there is; no decided pair waits for a person."""
    placed = world.connection.execute("SELECT record_id FROM match.links WHERE verdict IN ('auto', 'confirmed')").fetchall()
    assert sorted(id for (id,) in placed) == sorted(world.rows)
    held = world.connection.execute("SELECT company_id, record_count FROM match.companies").fetchall()
    assert Counter(world.companies().values()) == dict(held)
    asked = world.connection.execute("SELECT record_id, other_record_id FROM match.review_queue").fetchall()
    assert not {pair_of(*pair) for pair in asked} & {decision.pair for decision in said}


def test_who_is_not_an_entry_is_in_no_company_of_its_number() -> None:
    """A partner writes the number beside a name like ours; ours is said to be another. The surest pair is ours and theirs."""
    world = World()
    alike = {"name": "株式会社カモメ配送", "address": "東京都江東区豊洲1-2-3", "phone": "03-5555-1212"}
    number = corporate_number(10_000_000_000)
    world.put_register([{"number": number, "name": "カモメ輸送株式会社", "address": "北海道札幌市中央区北一条1-1"}])
    world.put_records([alike | {"record_id": "a"}, alike | {"record_id": "b", "party": "musashi", "number": number}])
    world.decide("a", f"{REGISTER}{number}", "different")
    world.match()
    numbers = dict(world.connection.execute("SELECT company_id, corporate_number FROM match.companies").fetchall())
    assert [numbers[world.companies()[id]] for id in ("a", "b")] == [None, number]
    assert ("a", "b") in world.connection.execute("SELECT record_id, other_record_id FROM match.review_queue").fetchall()

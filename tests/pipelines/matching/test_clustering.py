"""Groups never hold what cannot be one company, in whatever order pairs come."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pipelines.matching.clustering import Clusters, symmetric
from pipelines.matching.identities import assign_company_ids

OLD, NEW = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
_PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40)


@given(_PAIRS, _PAIRS, st.lists(st.sampled_from([None, "1", "2"]), min_size=12, max_size=12))
def test_no_group_holds_two_numbers_or_parted_items(
    joins: list[tuple[int, int]], parted: list[tuple[int, int]], numbers: list[str | None]
) -> None:
    different = symmetric(pair for pair in parted if pair[0] != pair[1])
    clusters = Clusters(numbers, different=different)
    for pair in joins:
        clusters.join(*pair)
    for item in range(12):
        group = clusters.members(clusters.root(item))
        assert item in group
        assert len({numbers[member] for member in group} - {None}) <= 1
        assert not different.get(item, set()) & set(group)


def test_the_weakest_link_is_the_one_left_out() -> None:
    clusters = Clusters(["1", None, None, "2"])
    assert clusters.join(0, 1)
    assert clusters.join(2, 3)
    assert not clusters.join(1, 2)


def test_namesakes_stay_apart_until_a_number_says_otherwise() -> None:
    assert not Clusters([None, None], apart=symmetric([(0, 1)])).join(0, 1)
    assert Clusters([None, "1"], apart=symmetric([(0, 1)])).join(0, 1)


def test_the_id_of_most_records_wins_then_the_oldest() -> None:
    prior = {"a": ("c_1", NEW), "b": ("c_2", OLD), "c": ("c_2", OLD), "d": ("c_3", NEW), "e": ("c_4", OLD)}
    assert assign_company_ids([["a", "b", "c"], ["d", "e"]], prior) == ["c_2", "c_4"]


def test_new_ids_come_from_the_smallest_record_and_never_meet_an_old_one() -> None:
    first = assign_company_ids([["b", "a"]], {})
    assert first == assign_company_ids([["a", "c"]], {})
    taken = assign_company_ids([["a"], ["x"]], {"x": (first[0], OLD)})
    assert taken[1] == first[0]
    assert taken[0] != first[0]

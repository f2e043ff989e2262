"""The SOQL subset by itself: what parses to what, and what conditions select."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sandbox.salesforce import soql
from connectors.sandbox.salesforce.date_literals import span
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.schema import Schema, View
from connectors.sandbox.salesforce.soql_sql import compile_query
from connectors.sandbox.salesforce.soql_tree import Group, Not, Path
from connectors.sandbox.store import Store

_NOW = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
_NAMES = (None, "", "青空", "AOZORA", "aozora", "100%", "a_b", "O'Neil", "back\\slash")
_NUMBERS = (None, -1, 0, 2.5, 1_000_000)
_ROWS = [
    {"Id": f"001{at:012d}AAA", "Name": name or None, "AnnualRevenue": number, "IsDeleted": False}
    for at, (name, number) in enumerate((name, number) for name in _NAMES for number in _NUMBERS)
]


@pytest.fixture(scope="module")
def store() -> Store:
    made = Store(":memory:")
    for at, row in enumerate(_ROWS):
        stamp = f"2026-11-{at % 28 + 1:02d}T{at % 24:02d}:00:00.000+0000"
        made.put("Account", row["Id"], {**row, "SystemModstamp": stamp, "CreatedDate": stamp}, stamp)
    return made


@cache
def _view(store: Store) -> View:
    return Schema(store).view("x", True)


def _select(store: Store, text: str) -> list[str]:
    plan = compile_query(soql.parse(text), _view(store), _NOW, ZoneInfo("Asia/Tokyo"), False)
    return store.ids("Account", plan.where, plan.params, plan.order, plan.limit, plan.offset)


def test_the_tree_of_a_query() -> None:
    tree = soql.parse(
        "select a.Id, Owner.Name from Account a where not (Name like 'x%' or Site = null) "
        "order by Name desc nulls last limit 5 offset 2"
    )
    assert [path.text for path in tree.fields or () if isinstance(path, Path)] == ["a.Id", "Owner.Name"]
    assert (tree.type_name, tree.alias, tree.limit, tree.offset) == ("Account", "a", 5, 2)
    assert isinstance(tree.where, Not)
    assert isinstance(tree.where.of, Group)
    assert tree.where.of.joint == "OR"
    assert [(each.descending, each.nulls_last) for each in tree.order] == [(True, True)]


def test_words_that_begin_like_keywords_are_names() -> None:
    tree = soql.parse(
        "SELECT Orders__c, Android__c, Notes__c, Limits__c, Today__c, Null__c, In__c FROM Fromage__c ORDER BY Ascii__c"
    )
    assert len(tree.fields or ()) == 7
    assert isinstance(tree.order[0].path, Path)
    assert tree.order[0].path.text == "Ascii__c"


@pytest.mark.parametrize(
    "text",
    [
        "", "SELECT", "SELECT FROM Account", "SELECT Id FROM Account WHERE", "SELECT Id FROM Account WHERE Name",
        "SELECT Id, FROM Account", "SELECT Id FROM Account WHERE Name IN ()", "SELECT Id FROM Account WHERE (Name = 'a'",
        "SELECT Id FROM Account LIMIT x", "SELECT Id FROM Account WHERE Name = 'a", 'SELECT Id FROM Account WHERE Name = "a"',
        "SELECT Id FROM Account; DELETE FROM documents", "SELECT COUNT(), Id FROM Account",
        "SELECT Id FROM Account HAVING COUNT(Id) > 1", "SELECT * FROM Account", "SELECT Id FROM Account -- x",
    ],
)  # fmt: skip
def test_what_is_no_query_is_refused_as_malformed(text: str) -> None:
    with pytest.raises(SalesforceError) as caught:
        soql.parse(text)
    assert caught.value.code == "MALFORMED_QUERY"


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    with pytest.raises(SalesforceError, match="MALFORMED_QUERY"):
        soql.parse(f"SELECT {text} FROM Account WHERE '")


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r") + "'"


@given(st.text(max_size=30))
def test_any_text_survives_quoting(text: str) -> None:
    assert soql.unescape(_quoted(text)) == text


# A condition is generated together with the Python predicate that says what it means.
_COMPARE = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a is not None and a < b,
    "<=": lambda a, b: a is not None and a <= b, ">": lambda a, b: a is not None and a > b,
    ">=": lambda a, b: a is not None and a >= b,
}  # fmt: skip
_SOME_NAMES = st.sampled_from([name for name in _NAMES if name])
_SOME_NUMBERS = st.sampled_from([number for number in _NUMBERS if number is not None])


def _folded(name: Any) -> Any:
    return name.lower() if isinstance(name, str) else name


@st.composite
def _leaves(draw: st.DrawFn) -> tuple[str, Any]:
    kind = draw(st.sampled_from(["number", "name", "null", "in", "not in"]))
    if kind == "number":
        operator, number = draw(st.sampled_from(sorted(_COMPARE))), draw(_SOME_NUMBERS)
        return f"AnnualRevenue {operator} {number}", lambda row: _COMPARE[operator](row["AnnualRevenue"], number)
    if kind == "name":
        operator, name = draw(st.sampled_from(["=", "!="])), draw(_SOME_NAMES)
        return f"Name {operator} {_quoted(name)}", lambda row: _COMPARE[operator](_folded(row["Name"]), _folded(name))
    if kind == "null":
        operator = draw(st.sampled_from(["=", "!="]))
        return f"Name {operator} null", lambda row: (row["Name"] is None) == (operator == "=")
    names = draw(st.lists(st.one_of(st.none(), _SOME_NAMES), min_size=1, max_size=3))
    listed = ", ".join("null" if name is None else _quoted(name) for name in names)
    folded = {_folded(name) for name in names}
    return f"Name {kind.upper()} ({listed})", lambda row: (_folded(row["Name"]) in folded) == (kind == "in")


def _combined(below: st.SearchStrategy[tuple[str, Any]]) -> st.SearchStrategy[tuple[str, Any]]:
    several = st.lists(below, min_size=2, max_size=3)
    return st.one_of(
        below.map(lambda one: (f"NOT ({one[0]})", lambda row: not one[1](row))),
        several.map(lambda all_of: (" AND ".join(f"({t})" for t, _ in all_of), lambda row: all(p(row) for _, p in all_of))),
        several.map(lambda any_of: (" OR ".join(f"({t})" for t, _ in any_of), lambda row: any(p(row) for _, p in any_of))),
    )


@settings(max_examples=100, deadline=None)
@given(st.recursive(_leaves(), _combined, max_leaves=6))
def test_conditions_select_what_they_mean(store: Store, condition: tuple[str, Any]) -> None:
    text, holds = condition
    assert _select(store, f"SELECT Id FROM Account WHERE {text}") == [row["Id"] for row in _ROWS if holds(row)]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("%空", {"青空"}),
        ("ao%", {"AOZORA", "aozora"}),
        ("100\\\\%", set()),  # an escaped backslash, then a wildcard
        ("100\\%", {"100%"}),
        ("a\\_b", {"a_b"}),
        ("_オゾラ", set()),
        ("O\\'N%", {"O'Neil"}),
        ("back\\\\slash", {"back\\slash"}),
    ],
)
def test_like(store: Store, pattern: str, names: set[str]) -> None:
    found = _select(store, f"SELECT Id FROM Account WHERE Name LIKE '{pattern}'")
    assert {row["Name"] for row in _ROWS if row["Id"] in found} == names


def test_order_with_nulls_first_and_last(store: Store) -> None:
    by_id = {row["Id"]: row["AnnualRevenue"] for row in _ROWS}
    first = [by_id[id] for id in _select(store, "SELECT Id FROM Account ORDER BY AnnualRevenue DESC NULLS LAST, Id LIMIT 9")]
    assert set(first) == {1_000_000}
    last = [by_id[id] for id in _select(store, "SELECT Id FROM Account ORDER BY AnnualRevenue LIMIT 9")]
    assert set(last) == {None}


def test_days_are_those_of_the_orgs_time_zone(store: Store) -> None:
    """In Tokyo the 20th begins at 15:00 UTC on the 19th."""
    found = _select(store, "SELECT Id FROM Account WHERE CreatedDate = TODAY")
    again = _select(
        store, "SELECT Id FROM Account WHERE CreatedDate >= 2026-11-20T00:00:00+09:00 AND CreatedDate < 2026-11-20T15:00:00Z"
    )
    assert found
    assert found == again


@pytest.mark.parametrize(
    ("literal", "first", "last"),
    [
        ("TODAY", (2026, 1, 15), (2026, 1, 15)),
        ("YESTERDAY", (2026, 1, 14), (2026, 1, 14)),
        ("LAST_N_DAYS:30", (2025, 12, 16), (2026, 1, 15)),
        ("NEXT_N_DAYS:3", (2026, 1, 16), (2026, 1, 18)),
        ("N_DAYS_AGO:15", (2025, 12, 31), (2025, 12, 31)),
        ("THIS_WEEK", (2026, 1, 11), (2026, 1, 17)),
        ("LAST_MONTH", (2025, 12, 1), (2025, 12, 31)),
        ("LAST_N_MONTHS:3", (2025, 10, 1), (2025, 12, 31)),
        ("NEXT_MONTH", (2026, 2, 1), (2026, 2, 28)),
        ("THIS_QUARTER", (2026, 1, 1), (2026, 3, 31)),
        ("LAST_QUARTER", (2025, 10, 1), (2025, 12, 31)),
        ("N_MONTHS_AGO:2", (2025, 11, 1), (2025, 11, 30)),
        ("N_WEEKS_AGO:1", (2026, 1, 4), (2026, 1, 10)),
        ("NEXT_N_QUARTERS:2", (2026, 4, 1), (2026, 9, 30)),
        ("THIS_FISCAL_QUARTER", (2026, 1, 1), (2026, 3, 31)),
        ("LAST_N_FISCAL_YEARS:1", (2025, 1, 1), (2025, 12, 31)),
        ("LAST_N_YEARS:2", (2024, 1, 1), (2025, 12, 31)),
    ],
)
def test_date_literals(literal: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert span(literal, date(2026, 1, 15)) == (date(*first), date(*last))

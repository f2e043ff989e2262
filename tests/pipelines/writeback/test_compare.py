"""The three-way compare: a person's value stays, ours is kept up, nothing is sent that need not be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.warehouse import create_tables
from pipelines.writeback.catalogue import ACCOUNT_FIELDS
from pipelines.writeback.compare import begin, canonical, compare
from pipelines.writeback.journal import Target

TARGET = Target("sales", "Account")
NEVER = "never sent"
Values = Mapping[str, str | None]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("ATTACH ':memory:' AS state")
        create_tables(con)
        yield con


def verdicts(
    con: duckdb.DuckDBPyConnection,
    sent: Values,
    now: Values | None,
    wanted: Values,
    creates: bool = False,
    remove: bool = False,
    by_us: tuple[str, ...] = (),
) -> dict[str, str]:
    """field -> verdict of the record ``001``; what is as it should be is absent. ``now`` None: the record is not there."""
    begin(con, ACCOUNT_FIELDS)
    con.execute("DELETE FROM state.sent")
    for field, value in sent.items():
        con.execute("INSERT INTO state.sent VALUES (?, ?, '001', ?, ?, now())", [*TARGET, field, value])
    if now is not None:
        for f in ACCOUNT_FIELDS:
            empty = "false" if f.type == "checkbox" else None
            con.execute("INSERT INTO temp.present VALUES ('001', ?, ?, NULL)", [f.column, now.get(f.column, empty)])
    for field, value in wanted.items():
        con.execute("INSERT INTO temp.wanted VALUES ('001', ?, ?, NULL, NULL, ?)", [field, value, remove])
    for field in by_us:
        con.execute("INSERT INTO temp.by_us VALUES ('001', ?)", [field])
    compare(con, TARGET, creates)
    return dict(con.execute("SELECT field, verdict FROM temp.compared").fetchall())


def of_one(con: duckdb.DuckDBPyConnection, sent: str | None, now: str | None, wanted: str | None) -> str:
    before = {} if sent == NEVER else {"cells": sent}
    return verdicts(con, before, {"cells": now}, {"cells": wanted}).get("cells", "same")


@pytest.mark.parametrize(
    ("sent", "now", "wanted", "verdict"),
    [
        (NEVER, None, "a", "write"),
        (NEVER, None, None, "same"),
        (NEVER, "b", "a", "conflict"),
        (NEVER, "a", "a", "same"),
        ("a", "a", "a", "same"),
        ("a", "a", "b", "write"),
        ("a", "a", None, "write"),
        ("a", "b", "c", "conflict"),
        ("a", None, "c", "conflict"),
        ("a", "c", "c", "same"),
        (None, "typed by a person", None, "conflict"),
    ],
)
def test_one_field(con: duckdb.DuckDBPyConnection, sent: str | None, now: str | None, wanted: str | None, verdict: str) -> None:
    assert of_one(con, sent, now, wanted) == verdict


values = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))


@settings(max_examples=80, deadline=None)
@given(sent=st.one_of(st.just(NEVER), values), now=values, wanted=values)
def test_what_a_person_set_is_never_written_over(
    con: duckdb.DuckDBPyConnection, sent: str | None, now: str | None, wanted: str | None
) -> None:
    if now != (None if sent == NEVER else sent):
        assert of_one(con, sent, now, wanted) != "write"


def test_a_person_s_value_that_happens_to_be_ours_is_not_ours_for_that(con: duckdb.DuckDBPyConnection) -> None:
    assert of_one(con, NEVER, "a", "a") == "same"
    assert of_one(con, NEVER, "a", "b") == "conflict"


def test_a_value_that_our_own_login_set_is_no_person_s_edit(con: duckdb.DuckDBPyConnection) -> None:
    found = verdicts(con, {"cells": "a"}, {"cells": "b"}, {"cells": "c"}, by_us=("cells",))
    assert found == {"cells": "write"}


def test_the_date_alone_moves_nothing(con: duckdb.DuckDBPyConnection) -> None:
    sent = {"partner_approach": "open", "as_of": "2026-11-19"}
    assert verdicts(con, sent, sent, {"partner_approach": "open", "as_of": "2026-11-20"}) == {}


def test_the_date_moves_with_another_field(con: duckdb.DuckDBPyConnection) -> None:
    sent = {"partner_approach": "open", "as_of": "2026-11-19"}
    found = verdicts(con, sent, sent, {"partner_approach": "limited", "as_of": "2026-11-20"})
    assert found == {"partner_approach": "write", "as_of": "write"}


def test_an_unset_checkbox_is_false(con: duckdb.DuckDBPyConnection) -> None:
    assert verdicts(con, {}, {}, {"no_approach": "false"}) == {}
    assert verdicts(con, {}, {}, {"no_approach": "true"}) == {"no_approach": "write"}


def test_a_record_that_is_not_there_is_left_or_made(con: duckdb.DuckDBPyConnection) -> None:
    assert verdicts(con, {}, None, {"cells": "a"}) == {}
    assert verdicts(con, {}, None, {"cells": "a"}, creates=True) == {"cells": "write"}


def test_a_row_on_which_a_person_worked_is_not_removed(con: duckdb.DuckDBPyConnection) -> None:
    sent = {"cells": "a", "next_play": "b"}
    gone = {"cells": None, "next_play": None}
    assert verdicts(con, sent, {**sent, "next_play": "mine"}, gone, creates=True, remove=True) == {"next_play": "conflict"}
    assert verdicts(con, sent, sent, gone, creates=True, remove=True) == {"cells": "write", "next_play": "write"}


@pytest.mark.parametrize(
    ("type", "given", "compared"),
    [
        ("text", " 武蔵 \n", "武蔵"),
        ("text", "　", None),
        ("long_text", "一\r\n二", "一\n二"),
        ("number", "3.0", "3"),
        ("number", "", None),
        ("date", "2026-11-20T00:00:00Z", "2026-11-20"),
        ("checkbox", "True", "true"),
        ("checkbox", None, "false"),
    ],
)
def test_values_are_compared_in_one_form(
    con: duckdb.DuckDBPyConnection, type: str, given: str | None, compared: str | None
) -> None:
    row = con.execute(f"SELECT {canonical('given', 'type')} FROM (SELECT ?::VARCHAR AS given, ?::VARCHAR AS type)", [given, type])
    assert row.fetchone() == (compared,)

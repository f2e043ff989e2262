"""Groups: who heads one, and how far the rules reach in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import TODAY, World

NUMBERS = {"numbered": "7000012050002", "numbered child": "2000012010019"}


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("grouped", reach="group", rules={"customer_of_other_partner": (True, None)})
    world.partner("single")
    shapes(world)
    bars(world)
    claims(world)
    yield world.build("no_approach")
    warehouse.close()


def company(
    world: World, name: str, status: str | tuple[str, ...] = "target", parent: str | None = None, partners: bool = True
) -> str:
    """A company of ours, below the record ``parent``, that both partners named. Returns our record."""
    world.company(name, corporate_number=NUMBERS.get(name))
    ours = world.record("us", name, status, parent_record_id=parent, name_key=name)
    for partner in ("grouped", "single") if partners else ():
        world.record(partner, name, "target")
    return ours


def shapes(world: World) -> None:
    top = company(world, "top")
    middle = company(world, "middle", parent=top)
    company(world, "bottom", parent=middle)
    company(world, "lonely")
    branch_of = company(world, "with a branch")
    world.record("us", "with a branch", parent_record_id=branch_of)
    company(world, "b of a circle", parent=company(world, "a of a circle"))
    link(world, "a of a circle", "b of a circle")
    company(world, "hangs on the circle", parent=record_of(world, "b of a circle"))
    company(world, "two parents", parent=company(world, "first parent"))
    world.record("us", "two parents", crm="hubspot", parent_record_id=company(world, "second parent"))
    world.record("single", "theirs", parent_record_id=world.record("single", "their parent"))
    for name in ("numbered", "numbered child", "named"):
        company(world, name)
    stated = (
        (NUMBERS["numbered"], None),
        (NUMBERS["numbered child"], "別の名前"),
        (None, "株式会社named"),
        (None, "どこにもない"),
    )
    for at, (number, written) in enumerate(stated, start=1):
        world.insert("config.group_members", group_name="設定のグループ", position=at, corporate_number=number, name=written)
    below = company(world, "輪の親")
    company(world, "輪の子", parent=below)
    link(world, "輪の親", "輪の子")
    for at, name in enumerate(("輪の親", "輪の子"), start=1):
        world.insert("config.group_members", group_name="輪", position=at, name=name)


def record_of(world: World, name: str) -> str:
    ours = f"SELECT min(record_id) AS id FROM intermediate.records WHERE party = 'us' AND name_key = '{name}'"
    (row,) = world.warehouse.rows(ours)
    return str(row["id"])


def link(world: World, child: str, parent: str) -> None:
    """Sets the parent of a record afterwards."""
    world.warehouse.con.execute(
        "UPDATE intermediate.records SET parent_record_id = ? WHERE record_id = ?",
        [record_of(world, parent), record_of(world, child)],
    )


def bars(world: World) -> None:
    holding = company(world, "customer holding", "customer")
    world.insert("intermediate.partners_of_record", record_id=holding, partner="single", reason="account")
    company(world, "daughter", parent=holding)
    world.override(company(world, "allowed daughter", parent=holding), "allow", "grouped")
    served = company(world, "daughter served by grouped", "customer", parent=holding)
    world.insert("intermediate.partners_of_record", record_id=served, partner="grouped", reason="account")
    left = company(world, "left holding", "known")
    world.insert("intermediate.former_customers", record_id=left, party="us", until=TODAY)
    company(world, "daughter of the left", parent=left)
    deal = company(world, "holding in a deal", "open_opportunity")
    world.deal(deal, active=TODAY)
    company(world, "daughter of the deal", parent=deal)
    barred = company(world, "制限親会社")
    company(world, "daughter of the restricted", parent=barred, partners=False)
    lone = company(world, "制限単独")
    company(world, "daughter of the alone", parent=lone)
    for name, reach in (("制限親会社", "group"), ("制限単独", "company")):
        world.insert("config.restricted", name=name, reach=reach, reason="antisocial")


def claims(world: World) -> None:
    head = company(world, "claimed holding")
    company(world, "claimed daughter", parent=head)
    company(world, "daughter of another claim", parent=head)
    world.claim("single", "claimed holding", active=TODAY)
    world.claim("grouped", "daughter of another claim", active=TODAY)


def groups(world: World, like: str) -> list[tuple[object, ...]]:
    return world.rows("company_groups", "company_id, group_id, parent_company_id, depth, basis", f"group_id LIKE '{like}'")


def test_the_head_of_a_group_is_the_company_above_which_none_stands(world: World) -> None:
    assert groups(world, "top") == [
        ("bottom", "top", "middle", 2, "crm_parent"),
        ("middle", "top", "top", 1, "crm_parent"),
        ("top", "top", None, 0, "crm_parent"),
    ]
    assert world.rows("company_groups", "DISTINCT head_name", "group_id = 'top'") == [("株式会社top",)]


def test_a_company_alone_or_with_branches_only_makes_no_group(world: World) -> None:
    assert world.rows("company_groups", where="company_id IN ('lonely', 'with a branch', 'theirs', 'their parent')") == []


def test_a_circle_has_one_head(world: World) -> None:
    assert groups(world, "a of a circle") == [
        ("a of a circle", "a of a circle", None, 0, "crm_parent"),
        ("b of a circle", "a of a circle", "a of a circle", 1, "crm_parent"),
        ("hangs on the circle", "a of a circle", "b of a circle", 2, "crm_parent"),
    ]
    assert groups(world, "輪の親") == [
        ("輪の子", "輪の親", "輪の親", 1, "yaml"),
        ("輪の親", "輪の親", None, 0, "yaml"),
    ]


def test_of_several_parents_one_counts(world: World) -> None:
    assert groups(world, "second parent") == []
    assert [row[0] for row in groups(world, "first parent")] == ["first parent", "two parents"]


def test_the_yaml_states_groups_by_number_or_by_name(world: World) -> None:
    assert groups(world, "numbered") == [
        ("named", "numbered", "numbered", 1, "yaml"),
        ("numbered", "numbered", None, 0, "yaml"),
        ("numbered child", "numbered", "numbered", 1, "yaml"),
    ]


@pytest.mark.parametrize(
    ("name", "partner", "expected"),
    [
        ("customer holding", "grouped", [("customer_of_other_partner", None), ("our_customer", None)]),
        ("daughter", "grouped", [("customer_of_other_partner", "customer holding"), ("our_customer", "customer holding")]),
        ("daughter", "single", []),  # its rules reach the legal entity alone
        ("allowed daughter", "grouped", []),  # an allow on the daughter lifts what comes from the holding, too
        ("daughter served by grouped", "grouped", []),  # at home there, whatever the holding is
        ("daughter of the left", "grouped", [("our_customer", "left holding")]),
        ("daughter of the left", "single", []),
        ("daughter of the deal", "grouped", [("our_open_opportunity", "holding in a deal")]),
        ("daughter of the restricted", "grouped", [("restricted", "制限親会社")]),
        ("daughter of the restricted", "single", [("restricted", "制限親会社")]),  # the entry reaches, for every partner
        ("daughter of the alone", "grouped", []),
        ("claimed daughter", "grouped", [("registered_by_other", "claimed holding")]),
        ("daughter of another claim", "grouped", []),  # it holds a claim of its own there
        ("claimed holding", "single", []),  # and the holder is not barred by what reaches it from below
    ],
)
def test_a_rule_reaches_as_far_as_the_settings_say(
    world: World, name: str, partner: str, expected: list[tuple[str, str | None]]
) -> None:
    assert world.rows("no_approach", "rule, via_company_id", f"company_id = '{name}' AND partner = '{partner}'") == expected


def test_a_bar_that_reaches_a_company_keeps_its_end_and_its_evidence(world: World) -> None:
    held, reached = (
        world.rows(
            "no_approach",
            "valid_until, active_on, evidence",
            f"company_id = '{name}' AND partner = 'grouped' AND rule = 'our_open_opportunity'",
        )
        for name in ("holding in a deal", "daughter of the deal")
    )
    assert held == reached != []


def test_a_company_without_a_group_costs_nothing(world: World) -> None:
    assert world.rows("company_bars", where="via_company_id = company_id OR company_id = 'lonely'") == []

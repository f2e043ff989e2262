"""The demo world as a user of its files would find it."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from stdnum.jp import cn

from connectors.sandbox.world import build
from connectors.sandbox.world.market import PARTNERS, PLANS

SCALE = 0.1
World = tuple[Path, Path]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("world")
    build(home / "world", home / "truth", scale=SCALE)
    return home / "world", home / "truth"


def documents(world: World, org: str, object: str) -> Iterator[dict[str, Any]]:
    with (world[0] / "orgs" / org / f"{object}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def truth_of(world: World, sql: str) -> list[tuple[Any, ...]]:
    """Query the truth; its tables by name."""
    with duckdb.connect() as con:
        for name in ("records", "entities", "statuses", "registrations"):
            con.execute(f"CREATE VIEW {name} AS SELECT * FROM '{world[1] / name}.parquet'")
        return con.execute(sql).fetchall()


def digest(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        build(tmp_path / name / "w", tmp_path / name / "t", seed=7, scale=0.02)
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    build(tmp_path / "c" / "w", tmp_path / "c" / "t", seed=8, scale=0.02)
    assert digest(tmp_path / "c") != digest(tmp_path / "a")


def test_a_world_that_stands_is_left_alone_and_an_unfinished_one_is_made_again(tmp_path: Path) -> None:
    target, truth = tmp_path / "w", tmp_path / "t"
    build(target, scale=0.02)
    register = next((target / "register").iterdir())
    register.write_text("touched")
    build(target, scale=0.02)
    assert register.read_text() == "touched"
    build(target, truth, scale=0.02)  # the truth is asked for now
    assert (truth / "records.parquet").exists()
    assert register.stat().st_size > 1000
    (target / "world.json").unlink()
    register.write_text("half written")
    build(target, truth, scale=0.02)
    assert register.stat().st_size > 1000


def test_the_register_has_the_official_layout(world: World) -> None:
    (path,) = (world[0] / "register").glob("*.csv")
    text = path.read_bytes().decode("cp932")
    rows = list(csv.reader(text.splitlines()))
    assert len(rows) == 5000
    assert {len(row) for row in rows} == {30}
    assert [row[0] for row in rows[:3]] == ["1", "2", "3"]
    numbers = [row[1] for row in rows]
    assert len(set(numbers)) == len(numbers)
    assert all(cn.is_valid(number) for number in numbers)
    assert text.startswith(f'1,{numbers[0]},{rows[0][2]},0,{rows[0][4]},{rows[0][5]},"')  # numbers bare, texts quoted
    closed = [row for row in rows if row[18]]
    assert closed
    merged = [row for row in rows if row[20]]
    assert merged
    assert {row[20] for row in merged} <= set(numbers)
    assert 0.4 < sum(bool(row[28]) for row in rows) / len(rows) < 0.7  # furigana for a part
    assert any(row[24] for row in rows)
    assert all(ord(c) > 0x7F for row in rows for c in row[6])  # names in full width


def test_salesforce_ids_are_valid_and_references_hold(world: World) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    accounts = {a["Id"]: a for a in documents(world, "our_salesforce", "Account")}
    users = {u["Id"] for u in documents(world, "our_salesforce", "User")}
    for id in (*accounts, *users):
        suffix = "".join(letters[sum(c.isupper() << at for at, c in enumerate(id[block : block + 5]))] for block in (0, 5, 10))
        assert len(id) == 18
        assert id[15:] == suffix
    for account in accounts.values():
        assert account["OwnerId"] in users
        assert account["ParentId"] is None or account["ParentId"] in accounts
    for opportunity in documents(world, "our_salesforce", "Opportunity"):
        assert opportunity["AccountId"] in accounts
        assert opportunity.get("SalesPartner__c") is None or accounts[opportunity["SalesPartner__c"]]["Type"] == "Partner"


def test_the_partners_have_the_accounts_that_the_settings_name(world: World) -> None:
    accounts = {a["Id"]: a for a in documents(world, "our_salesforce", "Account") if a["Type"] == "Partner"}
    assert set(accounts) == {f"00100000000000{n}AAA" for n in range(1, 8)}
    assert accounts["001000000000001AAA"]["Name"] == "武蔵システムズ株式会社"
    chiefs = [c for c in documents(world, "our_salesforce", "Contact") if c["AccountId"] in accounts and c["ReportsToId"] is None]
    assert len(chiefs) == 7


def test_of_the_partners_we_know_facts_people_and_who_of_us_meets_whom(world: World) -> None:
    partners = {partner: f"001{at:012d}AAA" for at, partner in enumerate(PARTNERS, 1)}
    for account in documents(world, "our_salesforce", "Account"):
        if account["Type"] == "Partner":
            assert all(account[name] for name in ("Industry", "NumberOfEmployees", "AnnualRevenue", "Phone", "BillingStreet"))
    contacts = [c for c in documents(world, "our_salesforce", "Contact") if c["AccountId"] in partners.values()]
    people = Counter(contact["AccountId"] for contact in contacts)
    assert people[partners["mirai"]] == 3
    assert 18 <= people[partners["musashi"]] <= 26
    ids = {contact["Id"] for contact in contacts}
    assert {c["ReportsToId"] for c in contacts} <= ids | {None}
    departments = {user["Id"]: user["Department"] for user in documents(world, "our_salesforce", "User")}
    met: dict[str, set[str]] = {id: set() for id in partners.values()}
    newest = dict.fromkeys(partners.values(), "")
    for object in ("Event", "Task"):
        for activity in documents(world, "our_salesforce", object):
            if activity["AccountId"] in met:
                assert activity["WhoId"] in ids
                met[activity["AccountId"]].add(activity["OwnerId"])
                newest[activity["AccountId"]] = max(newest[activity["AccountId"]], activity["ActivityDate"])
    for owners in met.values():
        assert 3 <= len(owners) <= 5
        assert len({departments[owner] for owner in owners}) >= 3
    assert newest[partners["tasogare"]] < "2025-11-20", "a ghost"
    assert newest[partners["musashi"]] > "2026-10-01"


def test_statuses_follow_from_what_the_crm_shows(world: World) -> None:
    """Deals and types, judged by the rules for Salesforce, give the status that the truth states."""
    won, opened = set(), set()
    for o in documents(world, "our_salesforce", "Opportunity"):
        if not o["IsClosed"]:
            opened.add(o["AccountId"])
        elif o["IsWon"] and o["CloseDate"] >= "2023-11-20":
            won.add(o["AccountId"])
    stated = dict(
        truth_of(world, "SELECT split_part(record_id, ':', 3), status FROM records WHERE record_id LIKE '%_salesforce:Acc%'")
    )
    for a in documents(world, "our_salesforce", "Account"):
        if a["Type"] == "Partner":
            assert a["Id"] not in stated
            continue
        shown = (
            "customer"
            if (a["Id"] in won or a["Type"] in ("Customer", "Customer - Direct", "既存顧客")) and not a.get("ChurnDate__c")
            else "open_opportunity"
            if a["Id"] in opened
            else "target"
            if a["Type"] in ("Prospect", "Target", "ターゲット")
            else "known"
        )
        assert stated[a["Id"]] == shown, a


def test_hubspot_properties_are_texts_and_associations_hold(world: World) -> None:
    companies = {c["id"]: c for c in documents(world, "our_hubspot", "companies")}
    assert all(isinstance(v, str) for c in companies.values() for v in c["properties"].values())
    ids = {kind: {d["id"] for d in documents(world, "our_hubspot", kind)} for kind in ("contacts", "deals", "tasks", "meetings")}
    tied = set()
    for tie in documents(world, "our_hubspot", "associations"):
        assert tie["from_id"] in ids[tie["from"]]
        assert tie["to_id"] in companies
        tied.add((tie["from"], tie["from_id"]))
    loose = {
        c["id"]
        for c in documents(world, "our_hubspot", "contacts")
        if ("contacts", c["id"]) not in tied and c["properties"].get("company")
    }
    stated = {
        id for (id,) in truth_of(world, "SELECT split_part(record_id, ':', 3) FROM records WHERE record_id LIKE '%:contacts:%'")
    }
    assert loose == stated
    mails = Counter(c["properties"].get("email") for c in documents(world, "our_hubspot", "contacts"))
    assert max(count for mail, count in mails.items() if mail) == 1


def test_nothing_happened_after_the_world_s_own_moment(world: World) -> None:
    now = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    for org, objects in json.loads((world[0] / "world.json").read_text(encoding="utf-8"))["counts"]["orgs"].items():
        for object in objects:
            for document in documents(world, org, object):
                stamp = document.get("SystemModstamp") or document.get("updatedAt")
                assert stamp is None or datetime.fromisoformat(stamp.replace("+0000", "+00:00")) < now
    assert all(path.stat().st_mtime < now.timestamp() for path in (world[0] / "files").rglob("*.*"))


def test_all_nine_cells_occur_for_every_partner_that_states_a_status(world: World) -> None:
    cells = truth_of(
        world,
        "SELECT t.party, count(DISTINCT (u.status, t.status)) FROM statuses t JOIN statuses u USING (entity_id) "
        "WHERE t.party <> 'us' AND u.party = 'us' AND u.status <> 'known' AND t.status <> 'known' GROUP BY t.party",
    )
    assert dict(cells) == {partner: 3 if partner in ("mirai", "akebono") else 9 for partner in PARTNERS}
    outer = truth_of(
        world,
        "SELECT t.party, count(*) FILTER (u.status IS NULL), count(*) FILTER (u.status = 'known') FROM statuses t "
        "LEFT JOIN statuses u ON u.entity_id = t.entity_id AND u.party = 'us' WHERE t.party <> 'us' GROUP BY t.party",
    )
    assert all(greenfield and known for _, greenfield, known in outer)


def test_musashi_s_list_looks_like_an_excel_export(world: World) -> None:
    path = world[0] / "files/musashi/取引先一覧_20261115.csv"
    raw = path.read_bytes()
    rows = list(csv.reader(raw.decode("cp932").splitlines()))
    assert b"\r\n" in raw
    assert rows[0][:4] == ["取引先コード", "取引先名", "フリガナ", "法人番号"]
    assert rows[0][-2:] == ["", ""]
    assert not any(rows[-1])
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith("'") and cell[1:].isdigit() for cell in cells)
    assert any("," in row[12] for row in rows[1:])
    assert any("令和" in row[11] for row in rows)
    names = [row[1] for row in rows[1:]]
    assert any("㈱" in name for name in names)
    assert any("ﾃ" in name or "ｸ" in name or "ﾝ" in name for name in names)
    count = PLANS["musashi"].companies * SCALE
    assert count < sum(bool(row[0]) for row in rows[1:]) < count * 1.15


def test_bad_rows_are_where_the_truth_says(world: World) -> None:
    rows = list(csv.reader((world[0] / "files/musashi/取引先一覧_20261115.csv").read_bytes().decode("cp932").splitlines()))
    bad = dict(
        truth_of(world, "SELECT row_number, bad FROM records WHERE partner = 'musashi' AND list = 'accounts' AND bad IS NOT NULL")
    )
    assert set(bad.values()) == {"name", "corporate_number", "note"}
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        assert (row[1] == "" or row[1].startswith("=")) == (bad.get(number) == "name")
        assert (row[3] != "" and not cn.is_valid(row[3].strip("'"))) == (bad.get(number) == "corporate_number")
        assert row[13].startswith("=") == (bad.get(number) == "note")
    unusable = truth_of(
        world, "SELECT count(*) FROM records WHERE entity_id IS NULL AND (bad IS NULL OR bad NOT IN ('name', 'section'))"
    )
    assert unusable == [(0,)]


def test_setouchi_s_workbook_has_a_title_and_real_dates(world: World) -> None:
    sheet = openpyxl.load_workbook(world[0] / "files/setouchi/顧客リスト.xlsx").worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert str(rows[0][0]).startswith("顧客リスト")
    assert rows[2][1] == "会社名"
    assert isinstance(rows[4][9], datetime)
    assert len(sheet.merged_cells.ranges) >= 2
    assert any(not any(row) for row in rows[3:])


def test_the_other_files_keep_their_owners_habits(world: World) -> None:
    mirai = (world[0] / "files/mirai/portfolio.csv").read_bytes()
    assert mirai.startswith(b"\xef\xbb\xbf")
    assert mirai.decode("utf-8-sig").splitlines()[0] == "社名,Website,法人番号,業種"
    tasogare = world[0] / "files/tasogare/customers.csv"
    assert tasogare.read_text(encoding="utf-8").splitlines()[0].split(";")[:2] == ["ID", "企業名"]
    age = datetime(2026, 11, 20, tzinfo=UTC).timestamp() - os.stat(tasogare).st_mtime
    assert age > 360 * 86400


def test_registrations_tell_every_story(world: World) -> None:
    cases = Counter(case for (case,) in truth_of(world, 'SELECT "case" FROM registrations'))
    assert {"live", "pending", "conflict", "expiring", "existing_customer", "restricted", "lapsed"} <= set(cases)
    conflicts = truth_of(
        world, "SELECT entity_id, count(DISTINCT partner) FROM registrations WHERE \"case\" = 'conflict' GROUP BY 1"
    )
    assert [parties for _, parties in conflicts] == [2, 2]
    rows = list(csv.reader((world[0] / "files/musashi/案件登録_20261115.csv").read_bytes().decode("cp932").splitlines()))
    by_number = {row[0]: row for row in rows}
    ((expiring,),) = truth_of(world, "SELECT native_id FROM registrations WHERE \"case\" = 'expiring'")
    assert by_number[expiring][1] == "2026/8/27"
    described = json.loads((world[0] / "world.json").read_text(encoding="utf-8"))
    assert f"musashi/registrations:registration:{expiring}" in {r["claim_id"] for r in described["registrations_received"]}


def test_the_restricted_company_is_on_two_lists(world: World) -> None:
    parties = truth_of(
        world, "SELECT party FROM statuses JOIN entities USING (entity_id) WHERE name = '株式会社クモソラ経費' ORDER BY party"
    )
    assert parties == [("hoshizora",), ("musashi",), ("us",)]


def test_overrides_name_records_that_exist_and_some_are_faulty(world: World) -> None:
    overrides = json.loads((world[0] / "world.json").read_text(encoding="utf-8"))["overrides"]
    ids = {a["Id"] for a in documents(world, "our_salesforce", "Account")} | {
        c["id"] for c in documents(world, "our_hubspot", "companies")
    }
    assert {o["id"] for o in overrides} <= ids
    assert {o["object"] for o in overrides} == {"Account", "companies"}
    ours = [o["values"] for o in overrides if o["object"] == "Account"]
    assert {v["Totsugo_Override__c"] for v in ours} == {"allow", "block"}
    assert any("Totsugo_Override_Reason__c" not in v for v in ours)
    assert any("Totsugo_Override_Until__c" not in v for v in ours)
    assert any(v.get("Totsugo_Override_Until__c", "9") < "2026-11-20" for v in ours)


def test_about_half_of_partner_rows_can_be_told_apart_by_more_than_the_name(world: World) -> None:
    rows = list(csv.reader((world[0] / "files/musashi/取引先一覧_20261115.csv").read_bytes().decode("cp932").splitlines()))[1:]
    listed = [row for row in rows if row[0]]
    rich = sum(bool(row[3] or row[6] or row[7] or any(c.isdigit() for c in row[5])) for row in listed)
    assert 0.5 < rich / len(listed) < 0.72


def test_companies_are_written_in_many_ways(world: World) -> None:
    names = {a["Id"]: a["Name"] for a in documents(world, "our_salesforce", "Account")}
    entities = dict(
        truth_of(world, "SELECT split_part(record_id, ':', 3), entity_id FROM records WHERE record_id LIKE 'our_salesforce:Acc%'")
    )
    written: dict[str, set[str]] = {}
    for id, entity in entities.items():
        written.setdefault(entity, set()).add(names[id])
    assert any(len(ways) > 1 for ways in written.values())
    shown = " ".join(names.values())
    for form in ("株式会社 ", "(株)", "㈱", "支店", "ホールディングス", "部"):
        assert form in shown
    assert any(form in shown for form in ("Co., Ltd.", "Co.,Ltd.", "Inc.", "K.K.", "CO., LTD.", "Corporation", "LLC"))


def test_different_companies_share_a_name(world: World) -> None:
    (path,) = (world[0] / "register").glob("*.csv")
    rows = csv.reader(path.read_bytes().decode("cp932").splitlines())
    homes: dict[str, set[str]] = {}
    for row in rows:
        homes.setdefault(row[6], set()).add(row[9])
    assert sum(len(prefectures) > 1 for prefectures in homes.values()) > 20


def test_the_api_acts_as_a_user_who_owns_nothing_and_a_rep_has_a_login_of_their_own(world: World) -> None:
    schema = json.loads((world[0] / "orgs/our_salesforce/schema.json").read_text(encoding="utf-8"))
    machine, rep = (client["user_id"] for client in schema["clients"])
    owners = {a["OwnerId"] for a in documents(world, "our_salesforce", "Account")}
    assert machine not in owners
    assert machine in {u["Id"] for u in documents(world, "our_salesforce", "User")}
    overrides = json.loads((world[0] / "world.json").read_text(encoding="utf-8"))["overrides"]
    assert {o["user_id"] for o in overrides if o["object"] == "Account"} == {rep}
    tokens = json.loads((world[0] / "orgs/our_hubspot/schema.json").read_text(encoding="utf-8"))["tokens"]
    assert {o["user_id"] for o in overrides if o["object"] == "companies"} <= {str(tokens[1]["user_id"])}
    assert tokens[0]["user_id"] not in {o["userId"] for o in documents(world, "our_hubspot", "owners")}


def test_our_salesforce_keeps_claims_on_accounts_and_by_name_and_names_partners_on_deals(world: World) -> None:
    accounts = {a["Id"] for a in documents(world, "our_salesforce", "Account")}
    deals = {o["Id"] for o in documents(world, "our_salesforce", "Opportunity")}
    claims = list(documents(world, "our_salesforce", "Deal_Registration__c"))
    assert {bool(claim["Account__c"]) for claim in claims} == {True, False}
    assert all(claim["Account__c"] in accounts or claim["Company__c"] for claim in claims)
    by_name = [claim["Id"] for claim in claims if not claim["Account__c"]]
    stated = truth_of(world, "SELECT split_part(record_id, ':', 3) FROM records WHERE record_id LIKE '%:Deal_Registration__c:%'")
    assert sorted(by_name) == sorted(id for (id,) in stated)
    named = list(documents(world, "our_salesforce", "OpportunityPartner"))
    assert named
    assert all(row["OpportunityId"] in deals and row["AccountToId"] in accounts for row in named)


def test_introductions_go_both_ways_and_have_the_dates_of_the_steps_they_reached(world: World) -> None:
    sheet = openpyxl.load_workbook(world[0] / "files/mirai/紹介一覧.xlsx").active
    assert sheet is not None
    header, *rows = sheet.iter_rows(values_only=True)
    listed = [dict(zip(map(str, header), row, strict=True)) for row in rows]
    assert {row["方向"] for row in listed} <= {"当社への紹介", "貴社への紹介"}
    for row in listed:
        assert row["依頼日"]
        assert bool(row["完了日"]) == (row["紹介状況"] in ("成約", "辞退"))

"""A small world of raw rows that shows, each once, what staging and the intermediate models decide.

Belongs here: the rows, each with a word on what it is for. Does not: what comes out (the tests say it).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pipelines.settings.segments import Segments
from pipelines.settings.tables import rows_of_segments
from tests.dbt.harness import AS_OF, TestWarehouse

EARLIER = datetime(2026, 11, 1, tzinfo=UTC)
CORPORATE_NUMBER = "7000012050002"  # 国税庁


def fill(warehouse: TestWarehouse) -> None:
    """Every source of the world."""
    _settings(warehouse)
    _salesforce(warehouse)
    _hubspot(warehouse)
    _partner_crms(warehouse)
    _lists(warehouse)
    _registrations(warehouse)
    _introductions(warehouse)
    _crm_claims(warehouse)
    _listed_partners(warehouse)
    _partners_themselves(warehouse)
    _register(warehouse)


_PARTNER_ACCOUNT = {
    "Id": "001M",
    "Name": "武蔵システムズ㈱",
    "Type": "Partner",
    "NumberOfEmployees": "264.0",
    "BillingState": "東京都",
    "BillingCity": "港区",
    "OwnerId": "005A",
    "SystemModstamp": "2026-09-30T20:00:00.000+0000",
}


def _settings(warehouse: TestWarehouse) -> None:
    for position, (party, name) in enumerate(
        (("us", "自社株式会社"), ("musashi", "武蔵システムズ株式会社"), ("hoshizora", "ほしぞらクラウド株式会社"))
    ):
        row = {"party": party, "name": name, "party_type": "reseller", "stage": "active", "exclusive": True}
        warehouse.insert("config.parties", row | {"position": position})
    for connection, crm, party in (("sf", "salesforce", "us"), ("hs", "hubspot", "us"), ("theirs", "hubspot", "hoshizora")):
        warehouse.insert("config.connections", {"connection": connection, "crm": crm, "party": party})
    roles = {"corporate_number": "CorporateNumber__c", "name_kana": "NameKana__c", "partner_of_record": "SalesPartner__c"}
    for role, field in roles.items():
        warehouse.insert("config.field_roles", {"connection": "sf", "object": "Account", "role": role, "field": field})
    warehouse.insert(
        "config.field_roles",
        {"connection": "sf", "object": "Opportunity", "role": "partner_of_record", "field": "SalesPartner__c"},
    )
    warehouse.insert("config.party_accounts", {"party": "musashi", "connection": "sf", "native_id": "001M"})
    for rank, status in enumerate(("customer", "open_opportunity", "target", "known"), start=1):
        warehouse.insert("config.status_order", {"status": status, "rank": rank})
    warehouse.insert("config.exchange_rates", {"currency": "JPY", "rate": 1.0})
    for party in ("us", "musashi", "hoshizora"):
        put_segments(warehouse, party)
    warehouse.insert("config.status_words", {"party": "musashi", "word": "Ａ", "status": "open_opportunity"})


def put_segments(warehouse: TestWarehouse, party: str, own: Mapping[str, object] | None = None) -> None:
    """A party's segments as the yaml states them, the shipped ones where it states none."""
    for table, rows in zip(
        ("segments", "segment_conditions"), rows_of_segments(party, Segments.model_validate(own or {})), strict=True
    ):
        warehouse.con.executemany(f"INSERT INTO config.{table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _salesforce(warehouse: TestWarehouse) -> None:
    full: dict[str, object] = {
        "Name": " 株式会社アオバ物流 ",
        "Website": "https://www.aoba.co.jp/about",
        "Phone": "03-1234-5678",
        "BillingPostalCode": "100-0001",
    }
    full |= {
        "BillingState": "東京都",
        "BillingCity": "千代田区",
        "BillingStreet": "丸の内一丁目2-3",
        "NumberOfEmployees": 1200,
        "OwnerId": "005A",
    }
    full |= {
        "CorporateNumber__c": CORPORATE_NUMBER,
        "NameKana__c": "アオバブツリュウ",
        "SalesPartner__c": "001M",
        "Type": "既存顧客",
    }
    full |= {"SystemModstamp": "2026-10-01T01:02:03.000+0000", "ParentId": "001B", "LastActivityDate": "2026-11-10"}
    warehouse.crm(
        "salesforce_account",
        "sf",
        {"Id": "001A", **full},
        {
            "Id": "001B",
            "Name": "ベニス商会",
            "BillingState": "東京都",
            "BillingStreet": "東京都港区芝1-1",
            "ParentId": "001GONE",
            "CorporateNumber__c": "1234567890123",
        },
        _PARTNER_ACCOUNT,
        {"Id": "001OK", "Name": "上書き良", **_override("allow", "武蔵システムズ", "紹介済み", "2026-11-20")},
        {"Id": "001OLD", "Name": "期限切れ", **_override("block", None, "係争中", "2026-11-19")},
        {"Id": "001WHY", "Name": "理由なし", **_override("block", None, None, "2027-01-31")},
        {"Id": "001END", "Name": "期限なし", **_override("block", None, "係争中", None)},
        {"Id": "001WHO", "Name": "相手不明", **_override("allow", "知らない会社", "紹介済み", "2027-01-31")},
    )
    warehouse.crm("salesforce_account", "sf", {"Id": "001GONE", "Name": "消えた会社"}, _synced_at=EARLIER)
    warehouse.crm("salesforce_account", "sf", {"Id": "001GONE", "Name": "消えた会社"}, _deleted=True)
    warehouse.crm(
        "salesforce_lead",
        "sf",
        {
            "Id": "00QA",
            "Company": "リード工業",
            "Email": "a@lead.co.jp",
            "IsConverted": False,
            "CreatedDate": "2026-05-01T20:00:00.000+0000",
        },
        {"Id": "00QB", "Company": "転換済み", "IsConverted": True},
        {"Id": "00QC", "Company": "[not provided]", "IsConverted": False},
    )
    deal = {
        "IsClosed": False,
        "IsWon": False,
        "Amount": 1500000.0,
        "CreatedDate": "2026-03-01T00:00:00.000+0000",
        "OwnerId": "005A",
    }
    warehouse.crm(
        "salesforce_opportunity",
        "sf",
        {
            "Id": "006A",
            "AccountId": "001B",
            "Name": "新規導入",
            "SalesPartner__c": "001M",
            "LastStageChangeDate": "2026-11-01T16:00:00.000+0000",
            "By__c": "武蔵システムズ",
            "On__c": "2026-10-15",
            "Approval__c": "承認",
            "Line__c": "クラウド人事",
            **deal,
        },
        {"Id": "006B", "AccountId": "001GONE", "Name": "持ち主なし", **deal},
        {
            "Id": "006C",
            "AccountId": "001WHY",
            "Name": "失注",
            "SalesPartner__c": "001M",
            "By__c": "001M",
            "Approval__c": "承認",
            **(deal | {"IsClosed": True, "CloseDate": "2026-04-01"}),
        },
        {
            "Id": "006D",
            "AccountId": "001END",
            "Name": "昔の受注",
            **(deal | {"IsClosed": True, "IsWon": True, "CloseDate": "2020-04-01"}),
        },
    )
    warehouse.crm("salesforce_user", "sf", {"Id": "005A", "Name": "佐藤 花子"})
    warehouse.crm("salesforce_contact", "sf", {"Id": "003A", "AccountId": "001A", "LastName": "鈴木"})
    warehouse.crm(
        "salesforce_task",
        "sf",
        {"Id": "00T1", "WhatId": "006A", "Status": "Completed", "ActivityDate": "2026-11-02"},
        {"Id": "00T2", "WhoId": "003A", "Status": "完了", "ActivityDate": "2026-11-03"},
        {"Id": "00T3", "WhoId": "00QA", "Status": "Completed", "ActivityDate": "2026-11-04"},
        {"Id": "00T4", "AccountId": "001A", "Status": "Not Started", "ActivityDate": "2026-11-05"},
        {"Id": "00T5", "AccountId": "001A", "Status": "Completed", "ActivityDate": "2026-12-24"},
    )
    warehouse.crm("salesforce_event", "sf", {"Id": "00U1", "AccountId": "001B", "StartDateTime": "2026-11-05T23:00:00.000+0000"})


def _override(word: str, partner: str | None, reason: str | None, until: str | None) -> dict[str, str | None]:
    fields = ("Totsugo_Override__c", "Totsugo_Override_Partner__c", "Totsugo_Override_Reason__c", "Totsugo_Override_Until__c")
    return dict(zip(fields, (word, partner, reason, until), strict=True))


def _hubspot(warehouse: TestWarehouse) -> None:
    warehouse.crm(
        "hubspot_companies",
        "hs",
        {
            "id": "1",
            "name": "カエデ商事",
            "domain": "kaede.jp",
            "lifecyclestage": "customer",
            "hubspot_owner_id": "9",
            "notes_last_contacted": "1793318400000",
        },
        {"id": "2", "name": None, "domain": "nameless.jp", "lifecyclestage": "subscriber", "numberofemployees": "30"},
    )
    warehouse.crm(
        "hubspot_contacts",
        "hs",
        {
            "id": "11",
            "company": "名刺だけ商会",
            "email": "b@meishi.co.jp",
            "lifecyclestage": "lead",
            "associated_company_ids": [],
        },
        {"id": "12", "company": "カエデ商事", "associated_company_ids": ["1"]},
        {"id": "13", "company": "", "email": "c@gmail.com", "associated_company_ids": []},
    )
    warehouse.crm(
        "hubspot_deals",
        "hs",
        {
            "id": "21",
            "dealname": "更新",
            "amount": "250000",
            "hs_is_closed": "false",
            "createdate": "2026-10-31T15:30:00Z",
            "associated_company_ids": ["404", "2", "1"],
        },
        {"id": "22", "dealname": "会社なし", "hs_is_closed": "false", "associated_company_ids": []},
    )
    warehouse.crm("hubspot_owners", "hs", {"id": "9", "firstName": "太郎", "lastName": "山田", "email": "t@us.example"})
    warehouse.crm(
        "hubspot_meetings",
        "hs",
        {"id": "31", "hs_timestamp": "2026-11-06T01:00:00Z", "associated_company_ids": ["1", "2", "404"]},
    )
    warehouse.crm(
        "hubspot_tasks",
        "hs",
        {"id": "41", "hs_task_status": "NOT_STARTED", "hs_timestamp": "2026-11-07T01:00:00Z", "associated_company_ids": ["1"]},
    )


def _partners_themselves(warehouse: TestWarehouse) -> None:
    """People of musashi and what we did with them, in both of our CRMs."""
    warehouse.insert("config.party_accounts", {"party": "musashi", "connection": "hs", "native_id": "8"})
    warehouse.crm(
        "salesforce_user",
        "sf",
        {"Id": "005OFF", "Name": "退職 済", "IsActive": False},
        {"Id": "005Y", "Name": "山田太郎", "Email": "T@us.example"},
    )
    mail = {"Email": "info@musashi.example"}
    at_musashi = {"AccountId": "001M", "OwnerId": "005A", "SystemModstamp": "2027-01-01T00:00:00.000+0000"}
    warehouse.crm(
        "salesforce_contact",
        "sf",
        {"Id": "003M1", "LastName": "宮崎", "FirstName": "直樹", "Title": "部長", "ReportsToId": "003M2", **mail, **at_musashi},
        {"Id": "003M2", "LastName": "大森", "Title": "代表取締役", **mail, **at_musashi},
        {"Id": "003M3", "LastName": None, **at_musashi},
    )
    met = {"ActivityDate": "2026-11-03"}
    warehouse.crm(
        "salesforce_event",
        "sf",
        {"Id": "00UM1", "WhoId": "003M1", "OwnerId": "005A", **met},
        {"Id": "00UM2", "AccountId": "001M", "WhatId": "001M", "OwnerId": "005OFF", **met},
        {"Id": "00UM3", "AccountId": "001M", "ActivityDate": "2026-12-01"},
    )
    warehouse.crm("salesforce_task", "sf", {"Id": "00TM1", "AccountId": "001M", "Status": "Not Started", **met})
    warehouse.crm("hubspot_companies", "hs", {"id": "8", "name": "武蔵システムズ", "hubspot_owner_id": "9"})
    warehouse.crm(
        "hubspot_contacts",
        "hs",
        {"id": "14", "lastname": "菊地", "jobtitle": "課長", "hubspot_owner_id": "9", "associated_company_ids": ["8"]},
        {"id": "15", "lastname": "宮崎直樹", "email": "INFO@musashi.example", "associated_company_ids": ["8"]},
    )
    meeting = {"hs_timestamp": "2026-11-06T16:00:00Z", "hubspot_owner_id": "9", "associated_company_ids": ["8"]}
    warehouse.crm("hubspot_meetings", "hs", {"id": "32", **meeting})


def _partner_crms(warehouse: TestWarehouse) -> None:
    company = {
        "id": "1",
        "name": "相手の顧客",
        "lifecyclestage": "lead",
        "notes_last_contacted": "2026-11-08T03:00:00Z",
        "totsugo_override": "block",
    }
    warehouse.crm("partner_hubspot_companies", "theirs", company)
    deal = {
        "id": "2",
        "dealname": "受注",
        "hs_is_closed": "true",
        "hs_is_closed_won": "true",
        "closedate": "2026-01-31T15:00:00Z",
    }
    warehouse.crm("partner_hubspot_deals", "theirs", {**deal, "associated_company_ids": ["1"]})


def _list(
    warehouse: TestWarehouse, name: str, version: str, kind: str, content: str = "accounts", accepted: bool = True, day: int = 1
) -> dict[str, object]:
    synced = datetime(2026, 11, day, tzinfo=UTC)
    key = {"partner": "musashi", "list": name, "version": version}
    row = {
        **key,
        "file": f"{version}.csv",
        "content": content,
        "kind": kind,
        "accepted": accepted,
        "row_count": 1,
        "rejected_count": 0,
    }
    warehouse.insert("raw.partner_lists", {**row, "modified_at": synced, "_synced_at": synced})
    return {**key, "_synced_at": synced}


def _lists(warehouse: TestWarehouse) -> None:
    for name, content, kind, default in (
        ("all", "accounts", "full", "target"),
        ("more", "accounts", "delta", None),
        ("claims", "registrations", "full", None),
        ("intros", "introductions", "full", None),
    ):
        row = {"partner": "musashi", "list": name, "content": content, "kind": kind, "default_status": default}
        warehouse.insert("config.partner_lists", row)
    old = _list(warehouse, "all", "v1", "full", day=1)
    warehouse.insert("raw.partner_list_rows", {**old, "row_number": 2, "name": "前の版だけ"})
    new = _list(warehouse, "all", "v2", "full", day=2)
    place = {"prefecture": "東京都", "address": "千代田区丸の内1-2-3"}
    warehouse.insert(
        "raw.partner_list_rows",
        {
            **new,
            "row_number": 2,
            "native_id": "M-1",
            "name": "(株)ｱｵﾊﾞ物流",
            "status": "契約中",
            "employees": "1,200名",
            **place,
            "last_activity_on": "令和8年11月9日",
            "other": {"格付": "S"},
        },
        {**new, "row_number": 3, "native_id": "M-1", "name": "株式会社アオバ物流 大阪支店", "status": "Ａ"},
        {**new, "row_number": 4, "name": "国税庁", "corporate_number": CORPORATE_NUMBER, "status": "謎の言葉"},
        {**new, "row_number": 5, "name": "番号なし商店", **place},
        {**new, "row_number": 6, "name": "番号なし商店", **place},
        {**new, "row_number": 7, "name": "番号なし商店", "prefecture": "大阪府", "status": "失注"},
    )
    refused = _list(warehouse, "all", "v3", "full", accepted=False, day=3)
    warehouse.insert("raw.partner_list_rows", {**refused, "row_number": 2, "name": "断られた版"})
    first = _list(warehouse, "more", "d1", "delta", day=1)
    warehouse.insert(
        "raw.partner_list_rows", *({**first, "row_number": n, "native_id": f"D-{n}", "name": f"差分{n}"} for n in (2, 3))
    )
    second = _list(warehouse, "more", "d2", "delta", day=2)
    warehouse.insert("raw.partner_list_rows", {**second, "row_number": 2, "native_id": "D-3", "name": "差分3改"})
    forgotten = _list(warehouse, "forgotten", "f1", "full")
    warehouse.insert("raw.partner_list_rows", {**forgotten, "row_number": 2, "name": "設定から消えたリスト"})


def _registrations(warehouse: TestWarehouse) -> None:
    claims = _list(warehouse, "claims", "c1", "full", content="registrations")
    warehouse.insert(
        "raw.partner_registration_rows",
        {
            **claims,
            "row_number": 2,
            "native_id": "R-1",
            "name": "登録商会",
            "registered_on": "2026/10/1",
            "amount": "120万円",
            "product": "会計",
            "status": "申請中",
        },
        {
            **claims,
            "row_number": 3,
            "native_id": "R-2",
            "name": "登録物産",
            "registered_on": "いつか",
            "last_activity_on": "2026-11-15",
        },
    )
    received = {"claim_id": "musashi/claims:registration:R-1", "partner": "musashi", "received_at": EARLIER}
    warehouse.insert("state.registrations", received)


def _introductions(warehouse: TestWarehouse) -> None:
    intros = _list(warehouse, "intros", "i1", "full", content="introductions")
    steps = {"requested_on": "2026年10月1日", "accepted_on": "2026/10/5", "met_on": "2026-10-20"}
    rows: tuple[dict[str, object], ...] = (
        {"native_id": "I-1", "name": "紹介工業", **steps, "status": "面談済み", "outcome": "成約", "closed_on": "2026/11/1"},
        {"native_id": "I-2", "name": "紹介商事", "requested_on": "2026/11/2", "direction": "弊社へ", "status": "依頼中"},
        {"native_id": "I-3", "name": "紹介物産", **steps, "status": "謎の言葉", "amount": "50万円", "owner": "紹介 太郎"},
        {"native_id": "I-4", "name": "紹介電機", "direction": "貴社へ"},
    )
    for number, row in enumerate(rows, start=2):
        warehouse.insert("raw.partner_introduction_rows", {**intros, "row_number": number, **row})


def _crm_claims(warehouse: TestWarehouse) -> None:
    """Registrations on deals and in an object of ours, introductions in another; ``Old__c`` has lost its role."""
    roles = {
        "Opportunity": {
            "registered_by": "By__c",
            "registered_on": "On__c",
            "registration_status": "Approval__c",
            "product": "Line__c",
        },
        "Reg__c": {"registered_by": "Partner__c", "account": "Account__c", "company": "Company__c", "product": "Product__c"}
        | {"amount": "Amount__c", "registered_on": "On__c", "registration_status": "Status__c", "last_activity_on": "Last__c"},
        "Intro__c": {
            "introduced_with": "Partner__c",
            "direction": "Direction__c",
            "account": "Account__c",
            "company": "Company__c",
        }
        | {"introduction_status": "Status__c", "requested_on": "On__c", "met_on": "Met__c", "owner": "Rep__c"},
    }
    for holder, fields in roles.items():
        for role, field in fields.items():
            warehouse.insert("config.field_roles", {"connection": "sf", "object": holder, "role": role, "field": field})
    warehouse.insert("config.field_roles", {"connection": "hs", "object": "2-1", "role": "registered_by", "field": "partner"})
    for position, (line, words) in enumerate((("accounting", ("会計", "ERP")), ("hr", ("人事", "HR")), ("pro", ("会計 Pro",)))):
        warehouse.insert("config.product_lines", {"product_line": line, "name": line, "position": position})
        for word in words:
            warehouse.insert("config.product_words", {"product_line": line, "word": word})
    warehouse.insert("config.exchange_rates", {"currency": "USD", "rate": 150.0})
    regs: tuple[dict[str, object], ...] = (
        {"Id": "a01A", "Partner__c": "001M", "Account__c": "001A", "Product__c": "会計 PRO 版", "Amount__c": 2000.0}
        | {"CurrencyIsoCode": "USD", "Status__c": "承認済", "On__c": "2026-10-01", "Last__c": "2026-11-12"},
        {
            "Id": "a01B",
            "Partner__c": "ほしぞらクラウド",
            "Company__c": "名前だけ興業",
            "Product__c": "Chrome",
            "Status__c": "申請中",
        },
        {"Id": "a01C", "Partner__c": "知らない会社", "Company__c": "迷子商店"},
        {"Id": "a01D", "Partner__c": "001M", "Account__c": "001M"},
        {"Id": "a01E", "Partner__c": "001M", "Account__c": "001GONE", "Company__c": "消えた会社", "Status__c": "謎の言葉"},
    )
    created = {"CreatedDate": "2026-09-30T20:00:00.000+0000", "OwnerId": "005A"}
    warehouse.crm("salesforce_registration", "sf", *({"_object": "Reg__c", **created, **row} for row in regs))
    warehouse.crm("salesforce_registration", "sf", {"Id": "a0OLD", "_object": "Old__c", "Partner__c": "001M", "Company__c": "旧"})
    warehouse.crm(
        "salesforce_introduction",
        "sf",
        {"Id": "a02A", "_object": "Intro__c", "Partner__c": "hoshizora", "Account__c": "00QA", "Direction__c": "outbound"}
        | {"Status__c": "面談済", "On__c": "2026-11-01", "Met__c": "2026-11-11", "Rep__c": "担当 次郎"},
        {"Id": "a02B", "_object": "Intro__c", "Partner__c": "001M", "Company__c": "紹介だけ社", "OwnerId": "005A"},
    )
    warehouse.crm(
        "hubspot_registration",
        "hs",
        {"id": "91", "_object": "2-1", "partner": "musashi", "associated_company_ids": ["404", "2"]},
    )


def _listed_partners(warehouse: TestWarehouse) -> None:
    """Salesforce's own Partners lists: of a deal two, of an account one, and a row that points the other way."""
    warehouse.insert("config.party_accounts", {"party": "hoshizora", "connection": "sf", "native_id": "001H"})
    warehouse.crm("salesforce_account", "sf", {"Id": "001H", "Name": "ほしぞらクラウド", "Type": "Partner"})
    deals = {"OpportunityId": "006D", "Role": "VAR/Reseller"}
    warehouse.crm(
        "salesforce_opportunitypartner",
        "sf",
        {"Id": "00I1", "AccountToId": "001M", "IsPrimary": False, **deals},
        {"Id": "00I2", "AccountToId": "001H", "IsPrimary": True, **deals},
        {"Id": "00I3", "AccountToId": "001A", "IsPrimary": False, **deals},
        {"Id": "00I4", "AccountToId": "001H", "OpportunityId": "006A", "IsPrimary": True},
        {"Id": "00I5", "AccountToId": "001H", "OpportunityId": "006C", "IsPrimary": True},
    )
    warehouse.crm(
        "salesforce_accountpartner",
        "sf",
        {"Id": "00I6", "AccountFromId": "001OK", "AccountToId": "001M", "IsPrimary": True},
        {"Id": "00I7", "AccountFromId": "001M", "AccountToId": "001OK", "IsPrimary": True},
    )


def _register(warehouse: TestWarehouse) -> None:
    entry = {
        "corporate_number": CORPORATE_NUMBER,
        "name": "株式会社国税",
        "prefecture": "東京都",
        "city": "千代田区",
        "street": "霞が関３丁目１－１",
    }
    warehouse.insert(
        "raw.company_register",
        {**entry, "postal_code": "1008978", "_synced_at": AS_OF},
        {
            **entry,
            "corporate_number": "2",
            "close_date": "2026-11-20",
            "successor_corporate_number": CORPORATE_NUMBER,
            "_synced_at": AS_OF,
        },
        {**entry, "corporate_number": "3", "close_date": "2026-11-21", "_synced_at": AS_OF},
    )

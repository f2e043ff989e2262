"""Awkward texts: whichever way one is written, and whichever way it is read, it is the same text.

What a CRM changes by itself: Salesforce takes blanks and control characters off the ends of a text (not full-width spaces), and
to both an empty text is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import open_crm
from connectors.crm import FieldSpec, ObjectSpec
from connectors.salesforce import bulk
from connectors.salesforce import pull as salesforce_pull
from connectors.sandbox.salesforce.ids import make_id
from connectors.sandbox.server import Org, SandboxServer
from pipelines.crm.landing import pull_object
from pipelines.crm.objects import OURS
from pipelines.warehouse import DDL

TEXTS = (
    "NULは\x00ここ\x00\x00", "\x00先頭", '"引用", と , カンマ', '"', "一行\n二行", "一行\r\n二行", "復帰\rだけ", "タブ\tあり",
    "😀 \U0001f468\u200d\U0001f469\u200d\U0001f467 𠮷野家 ㈱", "か\u3099 e\u0301 n\u0303", "行\u2028段\u2029次\x85行", "\ufeff印",
    "半\x0b角\x1c制\x7f御", "あ" * 32_000, "😀" * 16_000, "長" * 31_000 + '"\n,' * 300, "\u3000全角の空白\u3000", " 前後 ",
    "\u00a0固定\u00a0", "#N/A", "#N/A ", "n/a", '=HYPERLINK("http://example.com","押す")', "+81", "@甲", "null", "NULL", "None",
    "", " ", "\\u0000", "\\", "\\N", "\\n", "'", "''", "%", "0012", "1e5", "true", "2026-12-31", "<b>&amp;</b>",
)  # fmt: skip
ASCII_BLANKS = "".join(map(chr, range(33)))
PLACES = {"salesforce": ("Account", "Description", "Id"), "hubspot": ("companies", "description", "id")}
KEYS = {"salesforce": "Totsugo_Key__c", "hubspot": "totsugo_key"}
STAMP = "2026-01-05T00:00:00.000+0000"
ALPHABET = st.one_of(
    st.sampled_from("\0\t\n\r\x0b\x1f\x7f\x85\u2028\u3000\u3099\ufeff \"',\\#/=あ漢Aa0𠮷😀"),
    st.characters(exclude_categories=["Cs"]),
)


class Desk:
    """One CRM with records whose texts are to be overwritten."""

    def __init__(self, org: Org) -> None:
        self.org, self.crm = org, open_crm(org.crm, org.url, org.credentials)
        self.object, self.field, self.id = PLACES[org.crm]
        self.key = KEYS[org.crm]
        admin = open_crm(org.crm, org.url, org.admin)
        spec = ObjectSpec(self.object, "", (FieldSpec(self.key, "text", "鍵", external_id=True),))
        admin.provision([spec], integration_user=self.crm.identity().user_id)
        self.ids: list[str] = []
        self.keys: list[str] = []

    def create(self, count: int) -> None:
        self.keys = [f"鍵{number}" for number in range(count)]
        if self.org.crm == "salesforce":
            self.ids = [make_id("001", 1000 + number) for number in range(count)]
            for id, key in zip(self.ids, self.keys, strict=True):
                doc = {"Id": id, "Name": "甲", self.key: key, self.field: "前", "SystemModstamp": STAMP}
                self.org.store.put(self.object, id, doc, STAMP, False)
            return
        made = self.crm.write(self.object, ({self.key: key, self.field: "前"} for key in self.keys), self.key)
        self.ids = [str(result.id) for result in made]

    def write(self, texts: Sequence[str], upsert: bool) -> None:
        """Every row is taken."""
        named = zip(self.keys if upsert else self.ids, texts, strict=False)
        rows = ({self.key if upsert else self.id: name, self.field: text} for name, text in named)
        results = list(self.crm.write(self.object, rows, self.key if upsert else None))
        assert [(result.code, result.message) for result in results if not result.ok] == []
        assert len(results) == len(texts)

    def kept(self, texts: Sequence[str]) -> list[str | None]:
        """The texts as the CRM has them afterwards."""
        return [(text.strip(ASCII_BLANKS) if self.org.crm == "salesforce" else text) or None for text in texts]

    def read(self, count: int) -> list[str | None]:
        found = self.crm.read(self.object, self.ids[:count], [self.field])
        return [found[id][self.field] for id in self.ids[:count]]

    def landed(self, con: duckdb.DuckDBPyConnection) -> list[str | None]:
        """The texts in the newest versions that raw holds, after a pull."""
        pulled = next(p for p in OURS if p.object == self.object)
        pull_object(con, self.crm, "ours", pulled, [self.field], "run")
        newest = "QUALIFY row_number() OVER (PARTITION BY id ORDER BY _synced_at DESC) = 1"
        rows = con.execute(f"SELECT id, payload::VARCHAR FROM raw.{pulled.table} {newest}").fetchall()
        found = {id: json.loads(payload)[self.field] for id, payload in rows}
        return [found[id] for id in self.ids]


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with SandboxServer(tmp_path, orgs={"org": request.param}) as server:
        yield Desk(server.orgs["org"])


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for name in ("raw", "raw_crm"):
            con.execute((DDL / f"{name}.sql").read_text(encoding="utf-8"))
        yield con


@pytest.mark.parametrize("upsert", [False, True], ids=["update", "upsert"])
@pytest.mark.parametrize(("desk", "job_from"), [("salesforce", 10_000), ("salesforce", 2), ("hubspot", 0)], indirect=["desk"])
def test_a_text_is_read_as_it_was_written(desk: Desk, job_from: int, upsert: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BREAK_EVEN", job_from)
    desk.create(len(TEXTS))
    desk.write(TEXTS, upsert)
    assert desk.read(len(TEXTS)) == desk.kept(TEXTS)


@pytest.mark.parametrize(("desk", "job_from"), [("salesforce", 10_000), ("salesforce", 2), ("hubspot", 0)], indirect=["desk"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(ALPHABET, max_size=40), min_size=2, max_size=30))
def test_any_text_does(desk: Desk, job_from: int, texts: list[str]) -> None:
    if not desk.ids:
        desk.create(30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "BREAK_EVEN", job_from)
        desk.write(texts, upsert=False)
    assert desk.read(len(texts)) == desk.kept(texts)


@pytest.mark.parametrize(("desk", "job_from"), [("salesforce", 10_000), ("salesforce", 0), ("hubspot", 0)], indirect=["desk"])
def test_raw_holds_what_the_crm_says_by_first_pull_and_by_later_ones(
    desk: Desk, job_from: int, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salesforce_pull, "BREAK_EVEN", job_from)
    desk.create(2_000 + len(TEXTS) if desk.org.crm == "salesforce" else len(TEXTS))  # a job reads what follows the first page
    desk.ids = desk.ids[-len(TEXTS) :]
    desk.write(TEXTS, upsert=False)
    assert desk.landed(con) == desk.kept(TEXTS)
    changed = [text[::-1] for text in TEXTS[:-3]]
    desk.write(changed, upsert=False)
    assert desk.landed(con) == [*desk.kept(changed), *desk.kept(TEXTS[-3:])]

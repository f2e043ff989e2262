"""Why two records are one company or are not: the same answer that matching gave, for any two, in words."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from pipelines.cli.explain import explain_pair
from pipelines.matching import compared
from pipelines.matching.decisions import REGISTER
from pipelines.matching.evidence import rule_sql
from pipelines.matching.kanji import differ_in_kanji
from pipelines.matching.model import Model, shipped_model
from pipelines.matching.outcomes import FEATURES
from pipelines.matching.standing import Kind, Verdict, placing_evidence, standing
from pipelines.matching.why import KEY_NAMES, Why, why
from pipelines.registrations import Refused
from pipelines.texts import catalogue
from pipelines.warehouse import DDL
from tests.pipelines.matching.world import World

N = [
    "7000012050002", "1000013050238", "1130001000049", "8010401050387", "6010001030403", "5010401067252", "2010001098064",
    "3010001000017", "9010601021385", "7010401022916",
]  # fmt: skip
ENTRIES = [
    {"number": N[0], "name": "株式会社カモメ配送", "address": "東京都江東区豊洲1-2-3"},
    {"number": N[1], "name": "株式会社太陽商事", "address": "東京都港区芝1-1-1"},
    {"number": N[2], "name": "株式会社太陽商事", "address": "福岡県久留米市城南町1-1"},
    {"number": N[3], "name": "太陽商事有限会社", "address": "北海道札幌市北区北一条西1-1"},
    {"number": N[4], "name": "髙﨑風読株式会社", "address": "長野県松本市梓川倭1-2"},
    {"number": N[5], "name": "株式会社梓川電機", "address": "長野県松本市梓川倭1-2"},
    {"number": N[6], "name": "株式会社青嶺ソフトウェア", "address": "大阪府大阪市北区梅田1-1-1"},
    {"number": N[7], "name": "株式会社旧青嶺", "address": "大阪府大阪市北区梅田1-1-1", "closed_into": N[6]},
]  # fmt: skip
RECORDS = [
    {"record_id": "crm:Account:1", "name": "㈱カモメ配送", "address": "東京都江東区豊洲1-2-3", "phone": "03-5555-1212"},
    {"record_id": "crm:Account:2", "name": "太陽商事", "address": "東京都港区芝1-1-2"},
    {"record_id": "crm:Account:3", "name": "高崎風読(株)", "address": "長野県松本市梓川倭1-2"},
    {"record_id": "crm:Account:4", "name": "青嶺ソフト", "address": "大阪府大阪市北区梅田1-1-1", "web": "aomine.co.jp"},
    {"record_id": "m:list:1", "party": "m", "name": "カモメ配送", "phone": "0355551212"},
    {"record_id": "m:list:2", "party": "m", "name": "太陽商事(株)", "address": "福岡県"},
    {"record_id": "m:list:3", "party": "m", "name": "ミナトベイカリー", "address": "神奈川県横浜市西区みなとみらい2-3-1"},
    {"record_id": "m:list:4", "party": "m", "name": "ミナトベーカリー", "address": "神奈川県横浜市西区みなとみらい2-3-1"},
    {"record_id": "s:list:1", "party": "s", "name": "株式会社ミナトベーカリー", "address": "神奈川県横浜市西区みなとみらい2-3"},
    {"record_id": "s:list:2", "party": "s", "name": "青嶺ソフトウェア", "web": "https://www.aomine.co.jp/"},
]  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    world = World()
    world.put_register(ENTRIES)
    world.put_records(RECORDS)
    return matched(world)


def matched(world: World) -> World:
    """Matched as a run does it, with what else the published copy holds."""
    world.match()
    compared.keep(world.connection)
    con = world.connection
    con.execute((DDL / "config.sql").read_text(encoding="utf-8"))
    con.execute("CREATE OR REPLACE TABLE intermediate.record_statuses (record_id VARCHAR, status VARCHAR)")
    con.execute("ALTER TABLE intermediate.records ADD COLUMN address VARCHAR")
    con.execute("DELETE FROM config.matching; INSERT INTO config.matching VALUES (0.99, 0.35, 'shipped')")
    return world


def told(world: World, a: str, b: str, language: str = "ja") -> str:
    """What ``totsugo explain --pair`` prints."""
    console = Console(file=io.StringIO(), width=160)
    explain_pair(console, world.connection, a, b, language, ZoneInfo("Asia/Tokyo"))
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def model() -> Model:
    return shipped_model()


def weighed(why: Why) -> tuple[float, list[tuple[str, float]]]:
    return round(why.comparison.probability, 5), [(part["feature"], part["weight"]) for part in why.comparison.evidence]


def test_a_question_is_explained_as_matching_weighed_it(world: World, model: Model) -> None:
    query = "SELECT record_id, other_record_id, probability, evidence FROM match.review_queue"
    rows = world.connection.execute(query).fetchall()
    assert len(rows) >= 2
    for a, b, probability, evidence in rows:
        parts = [(part["feature"], part["weight"]) for part in evidence]
        assert weighed(why(world.connection, a, b, model)) == (round(probability, 5), parts), (a, b)


def test_a_link_is_explained_as_matching_weighed_it(world: World, model: Model) -> None:
    """By the pair that placed the record: with the register's entry, or with another record of the company."""
    rows = world.connection.execute(
        """
        SELECT l.record_id, round(l.probability, 5), l.evidence, list_concat(
            list(DISTINCT o.record_id ORDER BY o.record_id) FILTER (o.record_id <> l.record_id),
            [$register || any_value(c.corporate_number)])
        FROM match.links AS l JOIN match.companies AS c USING (company_id) JOIN match.links AS o USING (company_id)
        WHERE l.verdict = 'auto' AND l.rule <> 'alone' AND o.verdict = 'auto' GROUP BY ALL
        """,
        {"register": REGISTER},
    ).fetchall()
    assert len(rows) >= 5
    for record, probability, evidence, others in rows:
        parts = [(part["feature"], part["weight"]) for part in evidence]
        found = [weighed(why(world.connection, record, other, model)) for other in others if other]
        assert (probability, parts) in found, record


def test_counts_of_namesakes_and_neighbours_are_those_of_the_whole(model: Model) -> None:
    """However many bear the name or sit in the house, and wherever."""
    world = World()
    tower = [{"number": f"{n:013d}", "name": f"株式会社塔{n}号", "address": "東京都港区芝1-1-1"} for n in range(20)]
    alike = [{"number": f"9{n:012d}", "name": "株式会社太陽商事", "address": f"東京都港区芝{n}-2"} for n in range(7)]
    world.put_register([*ENTRIES, *tower, *alike])
    world.put_records([{"record_id": "a:b:1", "name": "太陽商事(株)", "address": "東京都港区芝1-1-1"}, *RECORDS[2:]])
    matched(world)
    found = why(world.connection, "a:b:1", REGISTER + N[1], model)
    outcomes = {part["feature"]: part["outcome"] for part in found.comparison.evidence}
    assert (outcomes["place"], outcomes["namesakes"]) == ("block_tower", "many")
    query = "SELECT score FROM match.compared WHERE record_id = 'a:b:1' AND other_record_id = $other"
    assert world.connection.execute(query, {"other": REGISTER + N[1]}).fetchall() == [(pytest.approx(found.comparison.score),)]


def test_a_merged_company_counts_as_the_one_it_was_merged_into(world: World, model: Model) -> None:
    old, new = (why(world.connection, "s:list:2", REGISTER + number, model) for number in (N[7], N[6]))
    assert old.comparison == new.comparison
    assert standing(world.connection, old, model).verdict == "one_company"
    assert f"{N[7]} は {N[6]} に承継された" in told(world, "s:list:2", N[7])


def test_two_that_were_never_compared_are_weighed_all_the_same(world: World, model: Model) -> None:
    found = why(world.connection, "m:list:3", "crm:Account:1", model)
    assert (found.candidate, found.keys) == (False, [])
    assert found.comparison.probability < 0.01
    words = told(world, "m:list:3", "crm:Account:1")
    assert "社名が相違" in words
    assert "共通点がないため" in words
    assert "別の会社と判定しました" in words


def test_it_is_told_what_each_is_placed_with_and_what_they_share(world: World) -> None:
    words = told(world, "高崎風読(株)", "髙﨑風読株式会社", "en")
    assert "One company, automatically." in words
    assert "name agrees after 旧字体" in words
    assert "1: 髙﨑風読株式会社 (id c_" in words
    assert "They share: the name" in words


@pytest.mark.parametrize(
    ("a", "b", "sentence"),
    [
        ("crm:Account:1", "crm:Account:1", "2つとも同じレコード"),
        (N[0], N[1], "どちらも法人番号の登録です"),
        ("nobody", N[1], "nobody というレコードはありません"),
        ("太陽商事株式会社", N[0], "当てはまるものが複数あります"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(world: World, a: str, b: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        told(world, a, b)
    assert sentence in refused.value.sentence("ja")


def test_what_a_person_said_decides_and_is_told() -> None:
    world = World()
    world.put_records([RECORDS[0], RECORDS[4], RECORDS[6]])
    world.decide("crm:Account:1", "m:list:1", "different")
    world.decide("crm:Account:1", "m:list:3", "same")
    matched(world)
    words = told(world, "m:list:1", "crm:Account:1")
    assert "担当者が「違う」と判断したため、別の会社です" in words
    assert "crm:Account:1 と m:list:1: 違う（tester、2026-11-20）" in words
    assert "担当者の判断により、同じ会社です" in told(world, "m:list:3", "crm:Account:1")


def test_a_likely_pair_that_is_held_back_says_by_what(model: Model) -> None:
    world = World()
    ours = {"name": "株式会社ミナト精密", "address": "長野県松本市梓川倭1-2", "phone": "03-5555-1212"}
    world.put_records(
        [
            ours | {"record_id": "crm:Account:1", "number": N[0]},
            ours | {"record_id": "m:list:1", "party": "m", "number": N[1]},
            ours | {"record_id": "m:list:2", "party": "m", "name": "ミナト精密（株）"},
        ]
    )
    matched(world)
    found = why(world.connection, "m:list:2", "crm:Account:1", model)
    assert found.comparison.probability >= model.auto
    by_pair = {pair: told(world, *pair) for pair in (("m:list:2", "crm:Account:1"), ("m:list:2", "m:list:1"))}
    held = [words for words in by_pair.values() if "同じ会社としない理由" in words]
    assert len(held) == 1
    assert f"法人番号が異なります（{N[0]} と {N[1]}）" in held[0] or f"法人番号が異なります（{N[1]} と {N[0]}）" in held[0]


def test_the_evidence_of_a_company_s_links_is_there_for_each_record_that_was_placed_by_it(world: World) -> None:
    (company,) = world.connection.execute("SELECT company_id FROM match.links WHERE record_id = 'crm:Account:3'").fetchall()[0]
    ((evidence, probability),) = placing_evidence(world.connection, company).values()
    assert probability > 0.9
    assert "agrees_after_kanji" in {part["outcome"] for part in evidence}


@pytest.mark.parametrize(
    ("name", "other", "differ"),
    [
        ("株式会社風読髙﨑", "(株)風読高崎", True),
        ("\ufa19田工業", "神田工業", True),
        ("㈱カモメ", "株式会社カモメ", False),
        ("ABC商事", "ＡＢＣ商事", False),
        ("高崎", "高崎市場", False),
    ],
)  # fmt: skip
def test_old_forms_of_kanji_are_told_from_other_writings(name: str, other: str, differ: bool) -> None:
    assert differ_in_kanji(name, other) == differ_in_kanji(other, name) == differ


def test_everything_that_can_be_told_has_its_words() -> None:
    evidence = {f"evidence.{feature.name}.{outcome}" for feature in FEATURES for outcome in feature.outcomes}
    evidence |= {f"evidence.rivals.{outcome}" for outcome in ("alone", "close", "many")}
    known = {key for key in catalogue() if key.startswith("evidence.") and key.count(".") == 2}
    assert known == evidence | {"evidence.name.agrees_after_kanji"}
    assert {f"explain.key.{key}" for key in KEY_NAMES} == {key for key in catalogue() if key.startswith("explain.key.")}
    rules = set(re.findall(r"(?:THEN|ELSE) '(\w+)'", rule_sql("s"))) | {"alone", "decision"}
    assert {f"explain.match.{rule}" for rule in rules} == {key for key in catalogue() if key.startswith("explain.match.")}
    assert {f"explain.pair.{word}" for word in (*get_args(Verdict), *get_args(Kind))} <= set(catalogue())


def test_pairs_out_of_a_crowd_are_weighed_as_in_it(model: Model) -> None:
    """Rows of the table of hard pairs, all in one world: no count of namesakes or neighbours is lost."""
    with Path(__file__).with_name("hard_pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fields = ("name", "address", "phone", "web")
    world = World()
    world.put_records(
        {"record_id": f"{number:03d}{side}", "party": side} | {field: row[f"{field}_{side}"] or None for field in fields}
        for number, row in enumerate(rows)
        for side in "ab"
    )
    matched(world)
    query = "SELECT record_id, other_record_id, score FROM match.compared ORDER BY hash(record_id, other_record_id) LIMIT 6"
    pairs = world.connection.execute(query).fetchall()
    assert len(pairs) == 6
    for a, b, score in pairs:
        assert why(world.connection, a, b, model).comparison.score == pytest.approx(score), (a, b)

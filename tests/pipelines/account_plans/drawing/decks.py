"""A deck with every kind of item, in Japanese: long names, a table of 30 rows, losses, unknown values, bubbles on one spot."""

from __future__ import annotations

from pipelines.account_plans.drawing.scene import (
    BarChart,
    Cell,
    Deck,
    Line,
    Paragraph,
    Rect,
    Run,
    Scatter,
    ScatterPoint,
    Series,
    Slide,
    Table,
    Text,
)

SENTENCE = (
    "販売代理店である株式会社突合システムズ（本社：東京都千代田区）は、Salesforce連携と「名寄せ」を強みに、"
    "2026年度までに導入社数1,234社、売上12.5億円を目指しています。"
)
LONG_NAME = "株式会社東日本インダストリアルテクノロジーソリューションズ＆グローバルパートナーズホールディングス東京"
BLUE, AMBER = "2563EB", "F59E0B"


def box(place: Rect, *words: str, bullet: bool = False, slot: str | None = None, size: float = 11, min_size: float = 8) -> Text:
    """A framed box with a paragraph of each of the words."""
    paragraphs = tuple(Paragraph((Run(one),), bullet=bullet) for one in words)
    return Text(place, paragraphs, size, min_size, fill="EEF2F7", line=BLUE, slot=slot)


def bars(*, horizontal: bool = False) -> BarChart:
    return BarChart(
        Rect(320, 80, 300, 200),
        ("2023年度", "2024年度", "2025年度", "2026年度（途中）"),
        (
            Series("売上", (120, -40, None, 310), ("1.2億円", "-0.4億円", "", "3.1億円"), BLUE),
            Series("目標（試算）", (110, 50, 220, 400), ("1.1億円", "0.5億円", "2.2億円", "4.0億円"), AMBER, pattern=True),
        ),
        horizontal=horizontal,
        name="Horizontal" if horizontal else "Upright",
    )


def table(rows: int = 30) -> Table:
    head = (Cell("No."), Cell("会社名"), Cell("社数", align="right"), Cell("備考"))
    told = tuple(
        (Cell(str(n)), Cell(f"株式会社第{n}ホールディングス"), Cell("1,234社"), Cell(SENTENCE[:24])) for n in range(rows)
    )
    return Table(Rect(28, 80, 904, 430), (40, 300, 100, 464), head, told, name="Companies")


def scatter() -> Scatter:
    near = ("ミライ商事", "武蔵システム", "東亜電機", "北斗ソリューションズ", "関西情報サービス")
    points = [ScatterPoint(name, 62 + n / 4, 1200 + n * 5, n * 3, BLUE) for n, name in enumerate(near)]
    return Scatter(Rect(28, 80, 440, 420), (*points, ScatterPoint("九州", 95, 1900, 40, AMBER)), "適合度（点）", "金額（百万円）")


def people() -> Slide:
    boxes = (box(Rect(60, 100, 120, 44), "山田 太郎"), box(Rect(260, 200, 120, 44), "佐藤 花子"))
    lines = (
        Line(120, 144, 320, 200, elbow=True, arrow=True, name="Tied"),
        Line(500, 120, 700, 200, elbow=True, dashed=True, name="Free"),
        Line(60, 300, 400, 300, width=3, arrow=True, name="Straight"),
    )
    return Slide("人脈図", (*lines, *boxes))


def deck(title: str = "アカウントプラン", language: str = "ja") -> Deck:
    first = Slide(
        f"{LONG_NAME}　{title}",
        (
            box(Rect(28, 80, 280, 110), SENTENCE, slot="overview.summary"),
            box(Rect(28, 200, 280, 200), SENTENCE, "二つ目の項目", bullet=True),
            box(Rect(28, 410, 80, 40), SENTENCE),
            bars(),
            bars(horizontal=True),
        ),
        subtitle="概要",
        footer="社外秘",
        notes="一行目\n二行目",
    )
    return Deck(title, language, (first, Slide("表", (table(),)), people(), Slide("Portfolio", (scatter(),))))

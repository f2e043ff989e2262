"""What LibreOffice makes of a deck: every word inside the box it was measured for, and edits told after it saved the deck."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path

import pytest

from pipelines.account_plans.drawing.pptx import deck_bytes
from pipelines.account_plans.drawing.scene import Deck, Paragraph, Rect, Run, Slide, Text
from pipelines.account_plans.drawing.slots import texts_of
from tests.pipelines.account_plans.drawing.decks import SENTENCE, deck

pytestmark = pytest.mark.full
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">')
_PARTS = (
    *(
        "株式会社突合",
        "Salesforce",
        "「名寄せ」",
        "2026年度",
        "1,234社",
        "（東京都千代田区）",
        "、",
        "。",
        "ー",
        "・",
        "ッ",
        "の",
    ),
    *("account plan", "CRM/SFA", "12.5億円", "100%", "ﾊﾝｶｸ", "①", "→", "supercalifragilistic", "製造業・卸売業", "Dynamics 365"),
)


def _converted(source: Path, kind: str) -> Path:
    out = source.parent / "out"
    profile = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", kind, "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return out / f"{source.stem}.{kind}"


def _drawn(source: Path, *options: str) -> str:
    command = ["pdftotext", *options, str(_converted(source, "pdf")), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _random_boxes(chance: random.Random) -> list[Text]:
    boxes = []
    for n in range(12):
        place = Rect(10 + n % 4 * 237, 75 + n // 4 * 145, chance.choice([90, 140, 225]), chance.choice([40, 80, 135]))
        paragraphs = tuple(
            Paragraph(
                tuple(
                    Run("".join(chance.choice(_PARTS) + chance.choice(["", "", " "]) for _ in range(12)), chance.random() < 0.3)
                    for _ in range(2)
                ),
                chance.choice(["left", "center", "right"]),
                chance.random() < 0.4,
            )
            for _ in range(chance.randint(1, 3))
        )
        boxes.append(Text(place, paragraphs, chance.choice([9, 11, 14]), 7, anchor=chance.choice(["top", "middle", "bottom"])))
    return boxes


def test_every_word_is_drawn_inside_the_box_it_was_measured_for(tmp_path: Path) -> None:
    chance = random.Random(5)
    slides = [Slide("", _random_boxes(chance)) for _ in range(6)]
    source = tmp_path / "boxes.pptx"
    source.write_bytes(deck_bytes(Deck("箱", "ja", slides)))
    told = subprocess.run(
        ["pdftotext", "-bbox", _converted(source, "pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = told.split("<page ")[1:]
    assert len(pages) == len(slides)
    for slide, page in zip(slides, pages, strict=True):
        words = [tuple(map(float, found)) for found in _WORD.findall(page)]
        assert len(words) > 50
        for left, top, right, foot in words:
            middle = (top + foot) / 2
            if middle > 512:  # the slide's number
                continue
            assert any(
                box.place.x - 1 <= left
                and right <= box.place.x + box.place.width + 1
                and box.place.y <= middle - 2
                and middle + 2 <= box.place.y + box.place.height
                for box in slide.items
                if isinstance(box, Text)
            ), (left, top, right, foot)


def test_a_deck_with_every_kind_of_item_is_drawn(tmp_path: Path) -> None:
    source = tmp_path / "deck.pptx"
    source.write_bytes(deck_bytes(deck()))
    drawn = re.sub(r"\s", "", _drawn(source))
    words = ("人脈図", "山田太郎", "1.2億円", "目標（試算）", "関西情報サービス", "第29ホールディングス")
    assert not [one for one in words if one not in drawn]


def test_a_deck_that_libreoffice_saved_tells_its_slots(tmp_path: Path) -> None:
    source = tmp_path / "deck.pptx"
    source.write_bytes(deck_bytes(deck()))
    assert texts_of(_converted(source, "pptx")) == {"overview.summary": (SENTENCE, False)}

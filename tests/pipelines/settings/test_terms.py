"""Terms that end soon, or have ended, are told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.settings import Settings
from pipelines.settings.terms import terms_told


@pytest.mark.parametrize(
    ("until", "stage", "word"),
    [
        (None, "active", None),
        ("2026-12-21", "active", None),
        ("2026-12-20", "active", "2026-12-20"),
        ("2026-11-20", "active", "2026-11-20"),
        ("2026-11-19", "active", "2026-11-19"),
        ("2026-11-19", "ended", None),
    ],
)
def test_terms_are_told_from_30_days_before_their_end(until: str | None, stage: str, word: str | None) -> None:
    terms: dict[str, Any] = {"use": "plans", "until": until}
    partner = {"name": "武蔵システムズ株式会社", "type": "reseller", "stage": stage, "terms": terms}
    us = {"name": "アオゾラソフト株式会社"}
    settings = Settings.model_validate({"version": 1, "us": us, "connections": {}, "partners": {"musashi": partner}})
    told = terms_told(settings, date(2026, 11, 20))
    assert len(told) == (word is not None)
    assert all("武蔵システムズ株式会社" in sentence and str(word) in sentence for sentence in told)

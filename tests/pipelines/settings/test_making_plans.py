"""``account_plans`` of the yaml: whether, in which language and on which template plans are made."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import load_settings
from tests.pipelines.settings.test_load import ENVIRONMENT, GOOD, faults_of


def said(tmp_path: Path, part: str, environment: dict[str, str] | None = None) -> tuple[bool, str | None, str | None]:
    file = tmp_path / "account_mapping.yaml"
    file.write_text(f"{GOOD}{part}\n", encoding="utf-8")
    plans = load_settings(file, ENVIRONMENT | (environment or {})).account_plans
    return plans.enabled, plans.language, plans.template


def test_plans_are_made_in_our_language_unless_the_yaml_says_otherwise(tmp_path: Path) -> None:
    assert said(tmp_path, "") == (True, None, None)
    assert said(tmp_path, "account_plans: {enabled: false, language: en, template: 雛形.potx}") == (False, "en", "雛形.potx")


@pytest.mark.parametrize(("value", "template"), [("", None), ("plans/company.pptx", "plans/company.pptx")])
def test_a_template_may_be_named_by_the_environment(tmp_path: Path, value: str, template: str | None) -> None:
    assert said(tmp_path, 'account_plans: {template: "${TEMPLATE:-}"}', {"TEMPLATE": value})[2] == template


def test_a_template_of_another_kind_and_an_unknown_language_are_named(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, GOOD + "account_plans:\n  template: logo.png\n  language: fr\n")
    template, language = (message for _, message in sorted(faults.items()))
    assert template == "account_plans.template: 'logo.png' is no PowerPoint file. Name one that ends in .pptx or .potx"
    assert language.startswith("account_plans.language: 'fr' is not one of ja or en")

"""Every yaml example of the documents is valid: each, laid beside a small file of one partner, is read without a fault."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.settings import load_settings
from pipelines.settings.environment import PROJECT_ROOT

DOCUMENTS = ["docs/rules.md", "docs/rules.ja.md", "docs/sharing.md", "docs/sharing.ja.md", "README.md", "README.ja.md"]
BESIDE = {
    "version": 1,
    "us": {"name": "アオゾラソフト株式会社"},
    "connections": {
        "our_salesforce": {
            "crm": "salesforce",
            "party": "us",
            "url": "https://example.my.salesforce.com",
            "login": {"method": "client_credentials", "client_id": "id", "client_secret": "${SECRET}"},
        }
    },
    "partners": {
        "musashi": {"name": "武蔵システムズ株式会社", "type": "reseller"},
        "hoshizora": {"name": "ほしぞらクラウド株式会社", "type": "technology"},
    },
}


class _Loader(yaml.SafeLoader):
    """Takes ``on`` for a word, as the settings do."""

    yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in known if not tag.endswith(":bool")]
        for letter, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])


def _examples() -> list[Any]:
    found = []
    for document in DOCUMENTS:
        text = (PROJECT_ROOT / document).read_text(encoding="utf-8")
        for block in re.finditer(r"^( *)```yaml\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
            line = text.count("\n", 0, block.start()) + 1
            found.append(pytest.param(block[2], id=f"{document}:{line}"))
    return found


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """``above`` wins; mappings that both have are laid over each other."""
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = _laid_over(below[key], value) if both else value
    return merged


@pytest.mark.parametrize("example", _examples())
def test_an_example_is_read_without_a_fault(tmp_path: Path, example: str) -> None:
    file = tmp_path / "account_mapping.yaml"
    file.write_text(yaml.safe_dump(_laid_over(BESIDE, yaml.load(example, _Loader)), allow_unicode=True), encoding="utf-8")
    environment = {"SECRET": "secret", **dict.fromkeys(re.findall(r"\$\{(\w+)", example), "https://example.com")}
    assert load_settings(file, environment)


def test_every_document_has_examples() -> None:
    assert {str(param.id).rsplit(":", 1)[0] for param in _examples()} == set(DOCUMENTS)

"""The rules of the house: who imports what, docstrings, and the one catalogue of texts."""

from __future__ import annotations

import ast
import csv
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.settings.environment import PROJECT_ROOT
from pipelines.texts import CATALOGUE
from pipelines.writeback.catalogue import list_names

DAGSTER_FACES = {"assets.py", "definitions.py", "resources.py"}
DAGSTER_MODULES = {"pipelines/cli/line.py", "pipelines/transform/project.py"}


def _modules(*packages: str) -> list[Path]:
    return [path.relative_to(PROJECT_ROOT) for package in packages for path in sorted((PROJECT_ROOT / package).rglob("*.py"))]


def _tree(module: Path) -> ast.Module:
    return ast.parse((PROJECT_ROOT / module).read_text(encoding="utf-8"))


def _imported(module: Path) -> set[str]:
    """First names of every imported module, wherever the import stands."""
    return {name.split(".")[0] for name in _names(_tree(module))}


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _speaks_dagster(module: Path) -> bool:
    return bool(_imported(module) & {"dagster", "dagster_dbt"})


@pytest.fixture(scope="module")
def texts() -> list[dict[str, str]]:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_connectors_know_neither_dagster_nor_the_pipelines() -> None:
    for module in _modules("connectors"):
        assert not _imported(module) & {"dagster", "dagster_dbt", "pipelines", "demo"}, module


def test_only_the_faces_of_the_pipelines_speak_dagster() -> None:
    for module in _modules("pipelines"):
        allowed = (
            module.name in DAGSTER_FACES or module.is_relative_to("pipelines/automation") or module.as_posix() in DAGSTER_MODULES
        )
        assert allowed or not _speaks_dagster(module), module


def test_no_pipeline_knows_the_demo_or_its_hidden_truth() -> None:
    files = [*_modules("pipelines"), *(p.relative_to(PROJECT_ROOT) for p in (PROJECT_ROOT / "dbt_project").rglob("*.sql"))]
    for module in files:
        if module.suffix == ".py":
            assert "demo" not in _imported(module), module
        if "target" not in module.parts:
            assert "truth" not in (PROJECT_ROOT / module).read_text(encoding="utf-8").lower(), module


def test_what_leaves_for_a_partner_passes_one_gate() -> None:
    """Files, mails and pages are made of a ``Share``; only the gate reads what is in it, and the log why a row left."""
    readers = {"gate.py", "counts.py", "log.py", "behind.py"}
    for module in _modules("pipelines"):
        words = (PROJECT_ROOT / module).read_text(encoding="utf-8")
        if module.parent.as_posix() == "pipelines/sharing":
            assert module.name in readers or "marts." not in words, module
        else:
            assert "marts.share_" not in words, module


def test_every_module_says_what_it_is() -> None:
    for module in _modules("connectors", "pipelines", "demo", "benchmarks", "tests"):
        if (PROJECT_ROOT / module).stat().st_size:
            assert ast.get_docstring(_tree(module)), module


def test_every_row_of_the_catalogue_has_three_columns() -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        assert [row for row in csv.reader(file) if len(row) != 3] == []


def test_no_key_stands_twice_and_none_is_empty(texts: list[dict[str, str]]) -> None:
    assert [key for key, count in Counter(row["key"] for row in texts).items() if count > 1] == []
    assert [row["key"] for row in texts if not row["ja"].strip() or not row["en"].strip()] == []


def test_both_languages_have_the_same_placeholders(texts: list[dict[str, str]]) -> None:
    def placeholders(text: str) -> set[str]:
        return {name.split("!")[0] for _, name, _, _ in string.Formatter().parse(text) if name}

    differing = {row["key"]: (row["ja"], row["en"]) for row in texts if placeholders(row["ja"]) != placeholders(row["en"])}
    assert differing == {}


def test_the_names_of_lists_have_their_texts() -> None:
    assert list(list_names({"p": "P"}).values()) == ["Totsugo P ホワイトスペース", "Totsugo P アプローチNG"]

"""How the suite is spread over its workers, how long it waits for CRMs that are made to fail, and what it has for a secret.

Belongs here: nothing else. Fixtures stand beside the tests that use them.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from connectors import retry

retry.PACE = 0.02
os.environ["SOME_SECRET"] = "x"  # for settings that name a login, and log in nowhere
_TOGETHER = "tests/end_to_end/"


class _ByFile(LoadScopeScheduling):
    """A file goes to one worker as a whole, so that what its tests share is built once; so does the folder of the whole line."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return _TOGETHER if file.startswith(_TOGETHER) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return _ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The whole line takes longest: it begins first."""
    items.sort(key=lambda item: not item.nodeid.startswith(_TOGETHER))

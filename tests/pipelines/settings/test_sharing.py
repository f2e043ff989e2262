"""A wrong word in a sharing policy: one fault, on its line, with what may stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.settings.test_load import GOOD, faults_of

SHARING = "sharing:\n  folder: {folder}\n  default:\n    {entry}\n"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("fields: [standard, owner]", "fields.1: 'owner' is not one of minimal, standard, full, corporate_number"),
        ("field: [minimal]", "field: is no setting. Did you mean fields?"),
        ("statuses: {customer: overlap}", "'overlap' is not one of hidden, counts, overlaps or all"),
        ("minimum_count: 1", "greater than or equal to 2"),
        ("mail_to: [alliance]", "'alliance' is no mail address"),
    ],
)
def test_a_wrong_entry_of_a_policy_is_told_once(tmp_path: Path, entry: str, says: str) -> None:
    faults = faults_of(tmp_path, GOOD + SHARING.format(folder="shares", entry=entry))
    assert list(faults) == [GOOD.count("\n") + 4]
    assert says in faults[GOOD.count("\n") + 4]


@pytest.mark.parametrize("folder", ["s3://", "s3:", "file:///"])
def test_an_address_without_a_place_is_refused(tmp_path: Path, folder: str) -> None:
    faults = faults_of(tmp_path, GOOD + SHARING.format(folder=f'"{folder}"', entry="minimum_count: 5"))
    assert f"'{folder}' names no place" in faults[GOOD.count("\n") + 2]

"""Putting a partner's files somewhere: on a disk, and in storage that fsspec reaches."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from pipelines.sharing import storage
from pipelines.sharing.files import files_of
from pipelines.sharing.layout import file_names
from pipelines.sharing.storage import Folder, StorageFault
from tests.pipelines.sharing.shares import share

FILES = files_of(share(("甲商事",)))


@pytest.fixture(params=["disk", "memory", "ftp-like"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """``ftp-like``: storage that knows folders and where a file may be seen half-written, so that it is renamed into place."""
    if request.param == "disk":
        yield str(tmp_path / "shares")
        return
    if request.param == "ftp-like":
        monkeypatch.setattr(storage, "_WHOLE", set())
    yield "memory://shares"
    fsspec.filesystem("memory").store.clear()
    fsspec.filesystem("memory").pseudo_dirs[:] = [""]


def _held(address: str, partner: str = "musashi") -> dict[str, bytes]:
    system, root = fsspec.core.url_to_fs(address)
    return {path.rsplit("/", 1)[-1]: system.cat_file(path) for path in system.find(f"{root}/{partner}")}


def test_the_folder_holds_the_share_and_a_second_time_nothing_is_written(address: str) -> None:
    folder = Folder(address)
    assert sorted(folder.put("musashi", FILES)) == sorted(FILES)
    assert _held(address) == FILES
    assert folder.put("musashi", FILES) == []


def test_only_what_differs_is_written_the_manifest_last(address: str) -> None:
    folder = Folder(address)
    folder.put("musashi", FILES)
    changed = {
        **FILES,
        "overlaps.csv": FILES["overlaps.csv"].replace("商談中".encode(), "既存客".encode()),
        "manifest.json": b"{}",
    }
    assert folder.put("musashi", changed) == ["overlaps.csv", "manifest.json"]
    assert _held(address) == changed


def test_what_the_share_no_longer_has_goes_and_what_is_the_partners_stays(address: str) -> None:
    folder = Folder(address)
    folder.put("musashi", FILES)
    system, root = fsspec.core.url_to_fs(address)
    system.pipe_file(f"{root}/musashi/musashi_returned.xlsx", b"theirs")
    system.pipe_file(f"{root}/musashi/.overlaps.csv.part", b"left behind by one that was killed")
    fewer = {name: content for name, content in FILES.items() if name != "whitespace.csv"}
    assert folder.put("musashi", fewer) == [".overlaps.csv.part", "whitespace.csv"]
    assert _held(address) == {**fewer, "musashi_returned.xlsx": b"theirs"}


def test_what_was_taken_back_is_gone_and_a_notice_says_so(address: str) -> None:
    folder = Folder(address)
    folder.put("musashi", FILES)
    folder.put("setouchi", FILES)
    folder.withdraw("musashi", "共有を終了しました。\nお問い合わせはパートナー担当まで。")
    held = _held(address)
    assert set(held) == {"notice.txt", "manifest.json"}
    assert held["notice.txt"].decode("utf-8-sig") == "共有を終了しました。\r\nお問い合わせはパートナー担当まで。\r\n"
    assert json.loads(held["manifest.json"])["withdrawn"] is True
    assert folder.withdraw("musashi", "共有を終了しました。\nお問い合わせはパートナー担当まで。") == []
    assert set(_held(address, "setouchi")) == set(FILES)
    folder.put("musashi", FILES)
    assert _held(address) == FILES


def test_killed_in_between_the_manifest_is_the_old_one_and_the_next_time_makes_it_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    folder.put("musashi", FILES)
    changed = {name: content + b" " for name, content in FILES.items()}
    replaced: list[str] = []

    def killed(source: str, target: str) -> None:
        replaced.append(str(target))
        if len(replaced) == 3:
            raise KeyboardInterrupt
        os.rename(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            folder.put("musashi", changed)
    assert _held(str(tmp_path))["manifest.json"] == FILES["manifest.json"]
    folder.put("musashi", changed)
    assert _held(str(tmp_path)) == changed


def test_every_file_that_is_written_is_known_as_ours() -> None:
    assert set(FILES) <= set(file_names("musashi"))


@pytest.mark.parametrize(
    ("address", "reason", "said"),
    [
        ("s3://bucket/shares", "no_driver", "pip install s3fs"),
        ("nowhere://user:geheim@host/shares?sig=geheim", "unknown_protocol", "nowhere://"),
        ("sftp://user:geheim@host/shares", "no_driver", "paramiko"),
        ("https://user:geheim@host/shares", "unknown_protocol", "https://"),
    ],
)
def test_a_storage_that_cannot_be_reached_is_told_with_what_to_do_and_without_secrets(
    address: str, reason: str, said: str
) -> None:
    folder = Folder(address)
    with pytest.raises(StorageFault) as fault:
        folder.put("musashi", FILES)
    assert fault.value.reason == reason
    for words in (str(fault.value), fault.value.sentence("ja"), folder.address):
        assert "geheim" not in words
    assert said in str(fault.value)
    assert fault.value.__cause__ is None


def test_a_file_in_the_way_and_a_folder_that_cannot_be_made_are_told(tmp_path: Path) -> None:
    (tmp_path / "musashi").write_text("x", encoding="utf-8")
    with pytest.raises(StorageFault) as fault:
        Folder(tmp_path).put("musashi", FILES)
    assert fault.value.reason == "in_the_way"
    assert str(tmp_path / "musashi") in fault.value.sentence("ja")
    with pytest.raises(StorageFault) as fault:
        Folder(tmp_path / "musashi" / "below").put("setouchi", FILES)
    assert fault.value.reason == "in_the_way"


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (PermissionError(13, "Permission denied"), "no_permission"),
        (type("NoCredentialsError", (Exception,), {})("key geheim"), "no_permission"),
        (FileNotFoundError(2, "The specified bucket does not exist"), "not_found"),
        (TypeError("unexpected keyword 'geheim'"), "options"),
        (RuntimeError("https://host/?X-Amz-Signature=geheim"), "failed"),
    ],
)
def test_what_a_driver_raises_is_told_in_words(monkeypatch: pytest.MonkeyPatch, raised: Exception, reason: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(fsspec.get_filesystem_class("memory"), "pipe_file", fail)
    with pytest.raises(StorageFault) as fault:
        Folder("memory://failing").put("musashi", FILES)
    assert fault.value.reason == reason
    assert "geheim" not in str(fault.value)

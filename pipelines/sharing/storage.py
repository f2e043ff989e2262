"""The partners' folders, on a local disk or in object storage, through fsspec.

Belongs here: writing a folder's files so that no reader sees a part of one, and so that what was taken back is gone first; faults
in words. Does not: what the files hold (``files.py``). Only our own files are ever touched: a partner may keep others there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from fsspec.registry import known_implementations

from pipelines.sharing.files import withdrawn_files
from pipelines.sharing.layout import MANIFEST, file_names
from pipelines.texts import text
from pipelines.whole_file import write_whole

_WHOLE = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "oci", "memory"}
"""Protocols under which a write takes effect whole, or not at all, and folders need not be made."""
_DRIVERS = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs", "abfss": "adlfs", "az": "adlfs"}
_DRIVERS |= {"sftp": "paramiko", "ssh": "paramiko", "smb": "smbprotocol", "oss": "ossfs", "oci": "ocifs"}
_SECRETS = re.compile(r"(?<=//)[^/@]*@|\?.*$", re.DOTALL)
"""A user and password before the host, a signature behind the path."""


class StorageFault(Exception):
    """A folder cannot be reached or written. ``sentence`` says why and what to do, in ``ja`` or ``en``; never a secret."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason = reason
        self._values = values
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        return text(f"share.storage.{self.reason}", language, **self._values)


class Folder:
    """Where shares go: a folder below it for each partner."""

    def __init__(self, address: str | Path, options: Mapping[str, str | bool | int] | None = None) -> None:
        """``address``: a local folder or a URL that fsspec knows; ``options``: of its file system. Nothing is opened yet."""
        self._address = str(address).rstrip("/")
        self._options = dict(options or {})

    @property
    def address(self) -> str:
        """For people: without user, password and signature."""
        return _SECRETS.sub("", self._address)

    def put(self, partner: str, files: Mapping[str, bytes]) -> list[str]:
        """Make the partner's folder hold these files, and no others of ours; gives the names that were removed, then those that
        were written. What stands there already with the same content is left alone. Raises ``StorageFault``."""
        with self._faults(partner):
            system, root = url_to_fs(self._address, **self._options)
            folder, is_whole = f"{root}/{partner}", not _protocols(system).isdisjoint(_WHOLE)
            system.invalidate_cache()
            if not is_whole:
                system.makedirs(folder, exist_ok=True)
            found = _found(system, folder)
            ours = file_names(partner)
            stale = sorted(found.keys() & {*ours, *map(_part, ours)} - files.keys())
            for name in stale:  # before anything new: what may no longer be seen goes first
                with suppress(FileNotFoundError):
                    system.rm_file(f"{folder}/{name}")
            new = [name for name in files if not _is_there(system, f"{folder}/{name}", files[name], found.get(name))]
            for name in sorted(new, key=lambda name: (name == MANIFEST, name)):
                _write(system, folder, name, files[name], is_whole)
            system.invalidate_cache()
            return [*stale, *new]

    def withdraw(self, partner: str, notice: str) -> list[str]:
        """Remove every list, and leave a notice. As ``put``."""
        return self.put(partner, withdrawn_files(partner, notice))

    @contextmanager
    def _faults(self, partner: str) -> Iterator[None]:
        folder = f"{self.address}/{partner}"
        try:
            yield
        except StorageFault:
            raise
        except Exception as error:  # each driver raises its own, and their messages may hold keys and signatures
            raise _fault(error, folder, _protocol(self._address)) from None


def _found(system: AbstractFileSystem, folder: str) -> dict[str, int]:
    """Name -> bytes of the files that are there."""
    try:
        listed = system.ls(folder, detail=True)
    except FileNotFoundError:
        return {}
    return {entry["name"].rstrip("/").rsplit("/", 1)[-1]: entry["size"] for entry in listed if entry["type"] == "file"}


def _is_there(system: AbstractFileSystem, path: str, content: bytes, size: int | None) -> bool:
    return size == len(content) and system.cat_file(path) == content


def _write(system: AbstractFileSystem, folder: str, name: str, content: bytes, is_whole: bool) -> None:
    if isinstance(system, LocalFileSystem):
        write_whole(Path(folder) / name, content)
    elif is_whole:
        system.pipe_file(f"{folder}/{name}", content)
    else:
        system.pipe_file(f"{folder}/{_part(name)}", content)
        system.mv(f"{folder}/{_part(name)}", f"{folder}/{name}")


def _part(name: str) -> str:
    """The name under which ``write_whole`` writes a file before it is whole."""
    return f".{name}.part"


def _fault(error: Exception, folder: str, protocol: str) -> StorageFault:
    # an OSError's own words tell of the system; any other message may tell anything
    told = f"{type(error).__name__}: {error.strerror}" if isinstance(error, OSError) and error.strerror else type(error).__name__
    if isinstance(error, ImportError) and protocol in _DRIVERS:
        return StorageFault("no_driver", folder=folder, driver=_DRIVERS[protocol])
    if isinstance(error, ImportError) or (protocol and protocol not in known_implementations):
        known = ", ".join(sorted({"s3", "gs", "abfs", "sftp", "smb"} & known_implementations.keys()))
        return StorageFault("unknown_protocol", folder=folder, protocol=protocol, known=known)
    if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError):
        return StorageFault("in_the_way", folder=folder)
    if isinstance(error, PermissionError) or "credential" in type(error).__name__.lower():
        return StorageFault("no_permission", folder=folder, error=told)
    if isinstance(error, FileNotFoundError):
        return StorageFault("not_found", folder=folder)
    if isinstance(error, TypeError):
        return StorageFault("options", folder=folder, error=told)
    return StorageFault("failed", folder=folder, error=told)


def _protocol(address: str) -> str:
    return address.split("://", 1)[0].rsplit("::", 1)[-1] if "://" in address else ""


def _protocols(system: AbstractFileSystem) -> set[str]:
    return {system.protocol} if isinstance(system.protocol, str) else set(system.protocol)

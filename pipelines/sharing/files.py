"""A share as the files of the partner's folder.

Belongs here: which files there are. Does not: the bytes of one kind (``csv_files.py``, ``workbook.py``, ``manifest.py``), or
where they are put (``storage.py``). The same share gives the same bytes.
"""

from __future__ import annotations

from pipelines.sharing.csv_files import csv_file, summary_file
from pipelines.sharing.layout import MANIFEST, NOTICE, SHEETS, SUMMARY, csv_name, workbook_name
from pipelines.sharing.manifest import manifest, withdrawn_manifest
from pipelines.sharing.share import Share
from pipelines.sharing.workbook import workbook


def files_of(share: Share) -> dict[str, bytes]:
    """Name -> content, the manifest last. A list that the policy does not name has no file; one without rows has an empty one."""
    files = {csv_name(name): csv_file(share, name) for name in SHEETS if name in share.lists}
    if "summary" in share.lists:
        files[SUMMARY] = summary_file(share)
    files[workbook_name(share.partner)] = workbook(share)
    return {**files, MANIFEST: manifest(share, files)}


def withdrawn_files(partner: str, notice: str) -> dict[str, bytes]:
    """What is left where everything was taken back: a notice, and a manifest that says so."""
    files = {NOTICE: "\r\n".join([*notice.splitlines(), ""]).encode("utf-8-sig")}
    return {**files, MANIFEST: withdrawn_manifest(partner, files)}

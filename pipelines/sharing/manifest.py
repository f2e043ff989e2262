"""The manifest of a partner's folder: by it a reader knows that it has the files whole, and all of one share.

Belongs here: ``manifest.json``. Does not: the files that it lists, or writing them. It is written last: while it does not match
the files, they are being replaced.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from pipelines.sharing.layout import SHEETS, SUMMARY, csv_name, share_digest, workbook_name
from pipelines.sharing.share import Share


def manifest(share: Share, files: Mapping[str, bytes]) -> bytes:
    """The manifest of these files of the share."""
    rows = {csv_name(name): len(share.lists[name]) for name in SHEETS if name in share.lists}
    rows[workbook_name(share.partner)] = sum(rows.values())
    rows[SUMMARY] = len(share.lists.get("summary", ()))
    about = {"partner": share.partner, "as_of": share.as_of.isoformat(), "policy_version": share.policy_version}
    return _json({**about, "digest": share_digest(share), "withdrawn": False, "files": _listed(files, rows)})


def withdrawn_manifest(partner: str, files: Mapping[str, bytes]) -> bytes:
    """The manifest of a folder of which everything was taken back but these files."""
    return _json({"partner": partner, "withdrawn": True, "files": _listed(files, {})})


def _listed(files: Mapping[str, bytes], rows: Mapping[str, int]) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            **({"rows": rows[name]} if name in rows else {}),
        }
        for name, content in sorted(files.items())
    ]


def _json(whole: Mapping[str, object]) -> bytes:
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()

"""The demo world: a Japanese vendor, seven partners, their CRMs and lists, and a company register, made from a seed.

Belongs here: ``build`` and the layout of a world directory. Does not: serving it (``connectors.sandbox``), nor anything
that a run may know; the truth goes to a directory of its own. Nothing is fetched, no real company's data is used: names are
composed from word lists, 法人番号 have serials that no office has given out, web and mail addresses are never contacted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from connectors.sandbox.world import (
    hubspot_portal,
    introductions,
    our_hubspot,
    our_salesforce,
    overrides,
    partner_files,
    register,
    registrations,
    salesforce_org,
)
from connectors.sandbox.world.clock import AS_OF
from connectors.sandbox.world.market import Market, plan
from connectors.sandbox.world.org import Document, write_org
from connectors.sandbox.world.truth import Truth
from connectors.sandbox.world.writing import PARTNER

GENERATOR_VERSION = 7
"""Raised whenever the same seed gives other content, so that worlds on disk are made anew."""


def build(target: Path, truth: Path | None = None, seed: int = 20261120, scale: float = 1.0) -> dict[str, Any]:
    """Make the world in ``target`` and, where given, its truth in ``truth``; gives what stands in ``world.json``.

    ``scale`` 1.0 is a register of 50,000 and about 8,000 accounts of ours. Does nothing where both directories hold this very
    world already. ``world.json`` is written last, so a directory without it is unfinished.
    """
    stamp = {"seed": seed, "scale": scale, "version": GENERATOR_VERSION}
    present = _present(target / "world.json", stamp)
    if present is not None and (truth is None or _present(truth / "truth.json", stamp) is not None):
        return present
    (target / "world.json").unlink(missing_ok=True)
    market, collected = plan(seed, scale), Truth()
    orgs, overridden = _write_orgs(market, collected, target / "orgs")
    files = partner_files.write_all(market, collected, target / "files")
    claims, received = registrations.write_all(market, collected, target / "files")
    asked = introductions.write_all(market, collected, target / "files")
    entries = register.write(market.companies, target / "register", market.rng("register"))
    world = {
        **stamp,
        "as_of": AS_OF.isoformat(),
        "orgs": [{"name": name, "crm": name.rsplit("_", 1)[1]} for name in orgs],
        "overrides": overridden,
        "registrations_received": received,
        "counts": {"orgs": orgs, "files": {**files, **claims, **asked}, "register": entries},
    }
    if truth is not None:
        collected.write(truth)
        _write_json(truth / "truth.json", {**stamp, **collected.counts()})
    _write_json(target / "world.json", world)
    return world


def _write_orgs(market: Market, truth: Truth, folder: Path) -> tuple[dict[str, dict[str, int]], list[Document]]:
    """The four orgs, as counts per org and object, and the reps' overrides."""
    ours, accounts = our_salesforce.build(market, truth)
    portal, companies = our_hubspot.build(market, truth)
    theirs = salesforce_org.build_partner_org(market, truth, "kitakaze_salesforce", "kitakaze", PARTNER)
    their_portal = hubspot_portal.build_partner_portal(market, truth, "hoshizora_hubspot", "hoshizora", PARTNER)
    their_schema = {"custom_fields": {}, "clients": [salesforce_org.login(theirs.integration_user, theirs.name)]}
    owner = str(portal.objects["owners"][0]["userId"])
    return {
        ours.name: write_org(folder / ours.name, ours.objects, our_salesforce.schema(ours)),
        portal.name: write_org(folder / portal.name, portal.objects, portal.schema(our_hubspot.PROPERTIES)),
        theirs.name: write_org(folder / theirs.name, theirs.objects, their_schema),
        their_portal.name: write_org(folder / their_portal.name, their_portal.objects, their_portal.schema([])),
    }, overrides.build(market, accounts, companies, ours.reps[our_salesforce.OVERRIDING_REP], owner)


def _present(path: Path, stamp: dict[str, Any]) -> dict[str, Any] | None:
    """What stands there, if it is of this seed, scale and version."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found if isinstance(found, dict) and stamp.items() <= found.items() else None


def _write_json(path: Path, content: dict[str, Any]) -> None:
    whole = path.with_suffix(".part")
    whole.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    whole.replace(path)

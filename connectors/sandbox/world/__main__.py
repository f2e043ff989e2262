"""``python -m connectors.sandbox.world DIR [--truth DIR] [--scale N] [--seed N]``: make the demo world."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from connectors.sandbox.world import build


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox.world", description="Make the demo world in DIR.")
    parser.add_argument("dir", type=Path, help="where the orgs, files and register go")
    parser.add_argument("--truth", type=Path, help="where the hidden truth goes (default: it is not written)")
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is a register of 50,000 (default)")
    parser.add_argument("--seed", type=int, default=20261120)
    given = parser.parse_args()
    if not 0 < given.scale <= 20:
        parser.error("--scale must be above 0 and at most 20")
    began = time.monotonic()
    world = build(given.dir, given.truth, given.seed, given.scale)
    for org, objects in world["counts"]["orgs"].items():
        print(f"{org}: " + ", ".join(f"{count:,} {name}" for name, count in objects.items() if count))
    for file, rows in world["counts"]["files"].items():
        print(f"files/{file}: {rows:,} rows")
    print(f"register: {world['counts']['register']:,} entries; {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()

"""``python -m connectors.sandbox --home DIR``: serve a world's CRM orgs until told to stop."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from connectors.sandbox.server import SandboxError, run


def main() -> None:
    """Read the arguments and serve; exits with 1 and one sentence where that is impossible."""
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="where stores, ports and sandbox.json are kept")
    parser.add_argument("--world", type=Path, help="the world to load into empty stores (default: HOME/world)")
    parser.add_argument("--reset", action="store_true", help="start afresh: forget records, jobs and sessions that were kept")
    given = parser.parse_args()
    try:
        run(given.home, given.world, given.reset)
    except SandboxError as wrong:
        sys.exit(f"sandbox: {wrong}")


if __name__ == "__main__":
    main()

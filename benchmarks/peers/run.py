"""Peers side by side on one set: ``python benchmarks/peers/run.py SET_DIR [--peers splink,rapidfuzz,string_grouper,exact]``.

Prints for each what ``benchmarks/match.py`` prints of itself, as far as it applies. Each peer runs in a process of its own, so
that its seconds and memory are its own; both include reading and plain normalizing, which are the same for all.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[0] = str(ROOT)

from benchmarks.peers.sets import figures, read_side  # noqa: E402

PEERS = {
    "splink": "splink_duckdb",
    "rapidfuzz": "rapidfuzz_cdist",
    "string_grouper": "string_grouper_tfidf",
    "exact": "exact_join",
}
"""Name of each peer and its module."""


def run_peer(peer: str, folder: Path) -> dict[str, float]:
    """Matches the set with one peer, in this process."""
    match = importlib.import_module(f"benchmarks.peers.{PEERS[peer]}").match
    start = time.perf_counter()
    best = match(read_side(folder / "master.parquet"), read_side(folder / "partner.parquet"))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures(best, folder) | {"seconds, all": seconds, "peak MB": peak}


def main() -> None:
    """Runs each peer named on the command line and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="SET_DIR")
    parser.add_argument("--peers", default=",".join(PEERS), help=f"any of {', '.join(PEERS)}, apart by commas")
    parser.add_argument("--alone", choices=PEERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(json.dumps(run_peer(options.alone, options.folder)))
        return
    peers = options.peers.split(",")
    if unknown := [peer for peer in peers if peer not in PEERS]:
        parser.error(f"no such peer: {', '.join(unknown)}")
    for peer in peers:
        command = [sys.executable, __file__, str(options.folder), "--alone", peer]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            print(f"{peer}: failed\n{done.stderr[-2000:]}")
            continue
        print(peer)
        for name, value in json.loads(done.stdout.splitlines()[-1]).items():
            print(f"  {name:30} {value:.4f}" if value <= 1 else f"  {name:30} {value:.1f}")


if __name__ == "__main__":
    main()

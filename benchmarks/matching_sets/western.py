"""Listed companies under the names of an exchange's list, against the names that they file under. No addresses, as in such lists.

``python -m benchmarks.matching_sets.western OUT [--filers FILE] [--absent 0.15] [--shares 0.45] [--seed 1]``

Filers' names are real: those of the table of the package edgartools (cik, ticker, name), found where it is installed or named by
``--filers``. Where pytickersymbols is installed, its names of the same tickers are real pairs (noise ``other_source``); all other
partner records are made from the filer's name by the habits of exchange lists. To install them without what they need is enough:
``pip install --no-deps edgartools pytickersymbols``.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
from pathlib import Path
from random import Random

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.matching_sets.address_noise import Address
from benchmarks.matching_sets.sources import Company
from benchmarks.matching_sets.words import choices, words
from benchmarks.matching_sets.writing import PartnerRow, as_table, generators, shuffled, write

_NOWHERE = Address("", "", "", "")
_FILED_TAIL = re.compile(r"\s*/[A-Za-z ]{2,8}/?\s*$")
_FORMS = choices("western_forms")
_SHORTENED = choices("western_words")
_SHARES = words("share_classes")


def listing_name(rng: Random, filed: str, shares: float = 0.45) -> tuple[str, list[str]]:
    """The name as an exchange lists it, with the class of the shares at rate ``shares``, and the tags of what was done."""
    name, tags = filed, []

    def take(tag: str, rate: float, changed: str) -> None:
        nonlocal name
        if changed != name and changed.strip() and rng.random() < rate:
            name = changed.strip()
            tags.append(tag)

    take("filed_tail", 0.95, _FILED_TAIL.sub("", name))
    take("case", 0.7, name.title().replace("'S", "'s") if name.isupper() else name.upper() if rng.random() < 0.3 else name)
    take("form", 0.6, _replaced(rng, name, _FORMS))
    take(
        "no_form",
        0.12,
        re.sub(r"[,.\s]+(inc|corp|corporation|co|company|ltd|limited|plc|llc|lp|sa|nv|ag)\.?$", "", name, flags=re.I),
    )
    take("word", 0.12, _replaced(rng, name, _SHORTENED))
    take("and", 0.4, name.replace("&", "and") if "&" in name else re.sub(r"\band\b", "&", name, flags=re.I))
    take("the", 0.5, f"{name[4:]} (The)" if name.lower().startswith("the ") else name)
    take("punctuation", 0.15, re.sub(r"[.,'-]", "", name))
    take("typo", 0.02, name[:3] + name[4] + name[3] + name[5:] if len(name) > 6 else name)
    take("shares", shares, name + rng.choice((" - ", " ", ", ")) + rng.choice(_SHARES))
    take("truncated", 0.08, name[:30])
    return name, tags


def _replaced(rng: Random, name: str, table: dict[str, list[str]]) -> str:
    """One of the words that the table knows, if any, written in another way."""
    found = [word for word in table if re.search(rf"\b{word}\b\.?", name, re.I)]
    if not found:
        return name
    word = rng.choice(found)
    other = rng.choice(table[word])
    return re.sub(rf"\b{word}\b\.?", other.upper() if name.isupper() else other, name, count=1, flags=re.I)


def filers(path: Path) -> dict[str, tuple[str, list[str]]]:
    """(name, tickers) of each filer by its number."""
    table = pq.read_table(path, columns=["cik", "ticker", "name"])
    table = table.filter(pc.is_valid(table["name"]))
    companies: dict[str, tuple[str, list[str]]] = {}
    for row in table.to_pylist():
        companies.setdefault(row["cik"], (row["name"], []))[1].append(row["ticker"])
    return companies


def _installed_table() -> Path | None:
    spec = importlib.util.find_spec("edgar")
    folder = spec.submodule_search_locations[0] if spec and spec.submodule_search_locations else None
    return Path(folder) / "reference" / "data" / "company_tickers.parquet" if folder else None


def other_names() -> dict[str, str]:
    """Names by ticker from pytickersymbols; none where it is not installed."""
    if importlib.util.find_spec("pytickersymbols") is None:
        return {}
    from pytickersymbols import PyTickerSymbols  # type: ignore[import-not-found]

    names = {}
    for stock in PyTickerSymbols().get_all_stocks():
        tickers = [stock.get("symbol"), *(symbol.get("yahoo") for symbol in stock.get("symbols", []))]
        names.update({ticker: stock["name"] for ticker in tickers if ticker and "." not in ticker})
    return names


def main() -> None:
    """Writes the set named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder for the three files")
    parser.add_argument("--filers", type=Path, default=_installed_table(), help="parquet file with cik, ticker, name")
    parser.add_argument("--absent", type=float, default=0.15, help="share of the partner's companies that are not in the master")
    parser.add_argument("--shares", type=float, default=0.45, help="share of names that end in the class of the shares (0.45)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.filers is None or not options.filers.exists():
        sys.exit("no table of filers: install edgartools or name a file with --filers")
    rng, columns_rng = generators(options.seed)
    companies, names = filers(options.filers), other_names()
    numbers = sorted(companies)
    rng.shuffle(numbers)
    absent = set(numbers[: round(len(numbers) * options.absent)])
    rows = []
    for number in numbers:
        filed, tickers = companies[number]
        mid = None if number in absent else number
        name, tags = listing_name(rng, filed, options.shares)
        rows.append(PartnerRow(name, _NOWHERE, tags, mid))
        if other := next((names[ticker] for ticker in tickers if ticker in names), None):
            rows.append(PartnerRow(other, _NOWHERE, ["other_source"], mid))
    master = shuffled(
        columns_rng, as_table([Company(number, companies[number][0]) for number in numbers if number not in absent])
    )
    write(options.out, rng, master, rows)


if __name__ == "__main__":
    main()

"""A partner's noisy list against a master of real Japanese companies and made-up rivals.

``python -m benchmarks.matching_sets.japanese OUT --register FILE --edinet FILE [--partners 10000] [--masters 100000] [--noise 1]
[--absent 0.15] [--seed 1]``
"""

from __future__ import annotations

from random import Random

from benchmarks.matching_sets import address_noise, name_noise
from benchmarks.matching_sets.address_noise import Address
from benchmarks.matching_sets.sources import Company, known_companies
from benchmarks.matching_sets.writing import (
    PartnerRow,
    arguments,
    as_companies,
    as_table,
    disturbed_address,
    generators,
    made_up,
    other_addresses,
    shuffled,
    write,
)

_REAL = 0.7
_TWICE = 0.08
_MOVED = 0.1
_INSTEAD = (("english", name_noise.english, 0.08), ("kana", name_noise.kana, 0.03), ("romaji", name_noise.in_romaji, 0.015))


def partner_row(rng: Random, company: Company, mid: str | None, elsewhere: Address, noise: float = 1) -> PartnerRow:
    """The company as a partner's list has it; ``noise`` is how often it is disturbed, as a multiple of the usual."""
    name, name_tags = name_noise.disturb(rng, company, _times(name_noise.USUAL, noise), _INSTEAD)
    moved = elsewhere if rng.random() < _MOVED else None
    address, address_tags = disturbed_address(rng, company, _times(address_noise.USUAL, noise), moved)
    return PartnerRow(name, address, name_tags + address_tags, mid)


def _times(rates: dict[str, float], factor: float) -> dict[str, float]:
    return {tag: min(0.95, rate * factor) for tag, rate in rates.items()}


def main() -> None:
    """Writes the set named on the command line."""
    parser = arguments(__doc__.splitlines()[0], 10_000, 100_000)
    parser.add_argument("--noise", type=float, default=1, help="how often names and addresses are disturbed (1: as usual)")
    options = parser.parse_args()
    rng, columns_rng = generators(options.seed)
    known = known_companies(options.register, options.edinet)
    rng.shuffle(known)
    distinct = round(options.partners / (1 + _TWICE))
    real = min(round(distinct * _REAL), len(known), options.masters)
    absent_real = round(real * options.absent)
    absent_made = round((distinct - real) * options.absent)
    held = known[absent_real : absent_real + options.masters]
    made = made_up(columns_rng, known, options.masters - len(held) + absent_made)
    master = shuffled(columns_rng, as_table(held), made.slice(absent_made))
    chosen = columns_rng.choice(len(made) - absent_made, distinct - real - absent_made, replace=False) + absent_made
    present = held[: real - absent_real] + as_companies(made.take(chosen))
    absent = known[:absent_real] + as_companies(made.slice(0, absent_made))
    companies = [(company, company.id) for company in present] + [(company, None) for company in absent]
    companies += rng.sample(companies, options.partners - len(companies))
    places = other_addresses(columns_rng, known, len(companies))
    rows = [partner_row(rng, company, mid, place, options.noise) for (company, mid), place in zip(companies, places, strict=True)]
    write(options.out, rng, master, rows)


if __name__ == "__main__":
    main()

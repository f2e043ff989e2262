"""What happens to an address on its way into a partner's list.

Belongs here: prefecture, city, street, postcode. Every function takes and gives an ``Address``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from benchmarks.matching_sets.words import words

_BUILDINGS = words("buildings")
_KANJI_CHOME = "〇一二三四五六七八九"


class Address(NamedTuple):
    """What a partner's list says about where a company is; empty where it says nothing."""

    pref: str
    city: str
    street: str
    post: str


AddressNoise = Callable[[Random, Address], Address]


def absent(rng: Random, address: Address) -> Address:
    """No address; sometimes the postcode alone."""
    return Address("", "", "", address.post if rng.random() < 0.3 else "")


def city_only(rng: Random, address: Address) -> Address:
    """Only prefecture and city."""
    return Address(address.pref, address.city, "", "")


def no_prefecture(rng: Random, address: Address) -> Address:
    """The prefecture is not written."""
    return address._replace(pref="")


def in_one_field(rng: Random, address: Address) -> Address:
    """All of it in the street."""
    return Address("", "", address.pref + address.city + address.street, address.post)


def no_ward(rng: Random, address: Address) -> Address:
    """A city without its ward, a town without its county."""
    return address._replace(city=re.sub(r"(?<=市).+区$|^.+郡(?=.{2})", "", address.city))


def hyphens(rng: Random, address: Address) -> Address:
    """3-4-5 for ３丁目４番５号."""
    street = unicodedata.normalize("NFKC", address.street)
    street = re.sub(r"([一二三四五六七八九])丁目", lambda found: f"{_KANJI_CHOME.index(found[1])}丁目", street)
    street = re.sub(r"(丁目|番地の|番地|番|号|の)(?=\d)", "-", street)
    return address._replace(street=re.sub(r"(?<=\d)(丁目|番地|番|号)", "", street))


def narrow(rng: Random, address: Address) -> Address:
    """Digits and letters in half width."""
    return address._replace(street=unicodedata.normalize("NFKC", address.street))


def no_prefix(rng: Random, address: Address) -> Address:
    """大字 and 字 are not written."""
    return address._replace(street=re.sub(r"^(大字|字)|(?<=.)字(?=.{2})", "", address.street))


def building(rng: Random, address: Address) -> Address:
    """A building added, or the one there cut off."""
    if not address.street:
        return address
    if found := re.match(r"(.+?[\d０-９](?:号|番地|番)?)[\s　]*[^\d０-９号番地丁目の－\-ー].+$", address.street):
        return address._replace(street=found[1])
    return address._replace(
        street=f"{address.street}{rng.choice(('', ' ', '　'))}{rng.choice(_BUILDINGS)}{rng.randrange(2, 12)}F"
    )


def town_only(rng: Random, address: Address) -> Address:
    """Nothing behind the town."""
    return address._replace(street=re.split(r"[\d０-９]", address.street, maxsplit=1)[0])


def other_number(rng: Random, address: Address) -> Address:
    """Another house number, as after a move down the road."""
    return address._replace(street=re.sub(r"[\d０-９]+", lambda found: str(rng.randrange(1, 99)), address.street))


def post_hyphen(rng: Random, address: Address) -> Address:
    """123-4567, perhaps with 〒."""
    return address._replace(
        post=rng.choice(("", "", "〒")) + address.post[:3] + "-" + address.post[3:] if len(address.post) == 7 else address.post
    )


def post_absent(rng: Random, address: Address) -> Address:
    """No postcode."""
    return address._replace(post="")


def post_wrong(rng: Random, address: Address) -> Address:
    """One digit of the postcode is another."""
    at = rng.randrange(7)
    return address._replace(
        post=address.post[:at] + rng.choice("0123456789") + address.post[at + 1 :] if len(address.post) == 7 else address.post
    )


def post_partial(rng: Random, address: Address) -> Address:
    """The first three digits of the postcode, or the leading zero lost by a spreadsheet."""
    return address._replace(post=address.post[1:] if address.post.startswith("0") else address.post[:3])


TABLE: dict[str, AddressNoise] = {
    "absent": absent, "city_only": city_only, "other_number": other_number, "town_only": town_only, "building": building,
    "no_prefix": no_prefix, "hyphens": hyphens, "narrow": narrow, "no_ward": no_ward, "no_prefecture": no_prefecture,
    "post_wrong": post_wrong, "post_partial": post_partial, "post_absent": post_absent, "post_hyphen": post_hyphen,
    "in_one_field": in_one_field,
}  # fmt: skip
"""In the order in which they are done to an address."""

USUAL = {
    "absent": 0.2, "city_only": 0.06, "other_number": 0.04, "town_only": 0.05, "building": 0.15, "no_prefix": 0.3,
    "hyphens": 0.45, "narrow": 0.3, "no_ward": 0.06, "no_prefecture": 0.15, "post_wrong": 0.04, "post_partial": 0.03,
    "post_absent": 0.3, "post_hyphen": 0.35, "in_one_field": 0.1,
}  # fmt: skip
"""How often each is done in a partner's list; a move comes before all of them."""

TAGGED = ("absent", "city_only", "other_number", "post_wrong")
"""What is told in the column ``noise``; the rest is how addresses are written."""


def disturb(rng: Random, address: Address, rates: dict[str, float]) -> tuple[Address, list[str]]:
    """The address as a partner has it, and the tags of what was done."""
    tags = []
    for tag, noise in TABLE.items():
        if rng.random() < rates.get(tag, 0):
            changed = noise(rng, address)
            if changed != address and tag in TAGGED:
                tags.append(f"address_{tag}")
            address = changed
    return address, tags

"""Domains, mail addresses, phones, postcodes, corporate numbers."""

from __future__ import annotations

from functools import cache

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
import tldextract

from pipelines.normalize.codepoints import CharacterClass, Spans, as_array, read, span, write
from pipelines.normalize.text import DATA, blank_to_null, edited, extract, on_distinct, replace

_DIGIT = CharacterClass(span("0", "9"))
_NULL = pa.scalar(None, pa.string())


@cache
def _suffixes() -> tldextract.TLDExtract:
    """Public suffixes from the snapshot inside the package: no network."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def shared_domains() -> frozenset[str]:
    """Domains of mail providers, hosts and portals, which name no company."""
    lines = (DATA / "shared_domains.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split()[1:])


def _own_domain(host: str) -> str | None:
    parts = _suffixes()(host)
    registrable = parts.top_domain_under_public_suffix.lower()
    names = host.split(".")
    if not registrable or any(".".join(names[i:]) in shared_domains() for i in range(len(names) - 1)):
        return None
    return registrable


def _host(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    text = pc.utf8_lower(pc.utf8_normalize(as_array(values), "NFKC"))
    text = pc.utf8_trim_whitespace(text)
    return extract(
        text,
        r"^(?:[a-z][a-z0-9+.\-]*:)?(?:/{0,2})(?:[^/@\s]*@)?(?P<x>[^\s/:?#@,;、。()<>]+\.[^\s/:?#@,;、。()<>]+?)\.?(?:[:/?#,;、。()<>\s].*)?$",
    )


def registrable_domain(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """example.co.jp for https://www.example.co.jp/about; null for hosting, portal and free-mail domains."""
    return on_distinct(_host(values), _own_domain)


def email_domain(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Registrable domain of a mail address; null for free mail and for what is no address."""
    text = pc.utf8_normalize(as_array(values), "NFKC")
    return registrable_domain(extract(text, r"^[^@]*[^@\s]@(?P<x>[^@\s>;,]+)"))


def phone_e164(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """+81312345678 for Japanese numbers in any writing, +... for foreign ones with their country code.

    Extensions and further numbers are cut; a leading zero that a spreadsheet lost is put back.
    """
    text = pc.utf8_normalize(as_array(values), "NFKC")
    text = replace(text, r"(?i)[\s(]*(?:内線|内|ext\.?|extension|x|#|代表|代\b|fax).*$", "")
    text = replace(text, r"^(\D*(?:\d\D{0,3}){9,}?)\s*[/、,;・].*$", r"\1")  # the first of several
    digits = replace(text, r"[^0-9+]", "")
    digits = replace(digits, r"^(?:\+|00|010)810?", "0")
    digits = replace(digits, r"^81([1-9]\d{8}|[5789]0\d{8})$", r"0\1")
    digits = pc.if_else(
        pc.match_substring_regex(text, r"^\s*[1-9]\d{8}\s*$"), pc.binary_join_element_wise("0", digits, ""), digits
    )
    japanese = extract(digits, r"^0(?P<x>[1-9]\d{8}|[5789]0\d{8})$")
    japanese = pc.if_else(pc.match_substring_regex(digits, r"^0(?:0+|1+|9+|120000000)$"), _NULL, japanese)
    abroad = on_distinct(extract(digits, r"^(?P<x>\+\d{7,15})$"), _foreign)
    return pc.coalesce(pc.binary_join_element_wise("+81", japanese, ""), abroad)


def _foreign(number: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    return (
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_possible_number(parsed)
        else None
    )


def postal_code(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Seven digits; Excel's lost leading zero is put back; null for anything else."""
    codes = read(values)
    plain = (codes.stop - codes.start == 7) & ~codes.having(~_DIGIT(codes.points))
    codes = edited(codes, ~plain & (codes.start < codes.stop), _seven_digits)
    nothing = ~codes.having(codes.points != ord("0"))
    return write(codes.put(nothing, Spans(codes.points, codes.stop, codes.stop).take(nothing)))


def _seven_digits(values: pa.Array) -> pa.Array:
    text = replace(pc.utf8_normalize(values, "NFKC"), r"[‐‑‒–—―−ー]", "-")
    code = replace(extract(text, r"^\D*(?P<x>\d{3}\s*[-\s]\s*\d{4}|\d{7}|\d{6}(?:\.0)?)(?:\.0)?(?:\D.*)?$"), r"(\.0$|[\s-])", "")
    return pc.if_else(pc.equal(pc.utf8_length(code), 6), pc.binary_join_element_wise("0", code, ""), code)


def valid_corporate_number(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """13 digits with a right check digit (法人番号), also from an invoice number (T...); null where the digit is wrong."""
    text = replace(pc.utf8_normalize(as_array(values), "NFKC"), r"^\D+|[\s\-‐‑–―−ー]|\.0$", "")
    number = blank_to_null(extract(text, r"^(?P<x>[1-9]\d{12})$"))
    rows = np.flatnonzero(np.asarray(number.is_valid()))
    good = np.zeros(len(number), bool)
    if len(rows):
        digits = np.array(number.take(pa.array(rows)).to_pylist(), "U13").view(np.uint32).reshape(-1, 13).astype(int) - ord("0")
        weights = np.array([2, 1] * 6)
        good[rows] = 9 - (digits[:, 1:] @ weights) % 9 == digits[:, 0]
    return pc.if_else(pa.array(good), number, _NULL)

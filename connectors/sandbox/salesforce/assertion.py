"""The signed assertion of the JWT bearer flow: whose it is, and the keys it is proven with.

Belongs here: RS256, the claims that Salesforce asks for, its words where one is wrong. Does not: users, sessions (``auth.py``).
"""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

AUDIENCES = ("https://login.salesforce.com", "https://test.salesforce.com")


class LoginRefused(Exception):
    """A refused login: ``error`` and ``error_description`` of the token endpoint's 400, or code and message of a SOAP fault."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


def subject(assertion: str, keys: Mapping[str, str]) -> str:
    """The username that the assertion speaks for. ``keys``: client id -> its public key or certificate, PEM.

    Whether it has expired is told by this machine's clock, which is the client's too, wherever the org's clock was set.
    Raises ``LoginRefused``.
    """
    signed, _, signature = assertion.rpartition(".")
    try:
        header, claims = (json.loads(_decoded(part)) for part in signed.split("."))
        issuer, username, audience, expires = (claims.get(name) for name in ("iss", "sub", "aud", "exp"))
        until = float(expires)
        proof = _decoded(signature)
    except (ValueError, TypeError, AttributeError):
        raise LoginRefused("invalid_grant", "invalid assertion") from None
    if issuer not in keys:
        raise LoginRefused("invalid_client_id", "client identifier invalid")
    if not (header.get("alg") == "RS256" and _proven(keys[issuer], signed, proof)):
        raise LoginRefused("invalid_grant", "invalid assertion")
    if audience not in AUDIENCES:
        raise LoginRefused("invalid_grant", "audience is invalid")
    if until <= datetime.now(UTC).timestamp():
        raise LoginRefused("invalid_grant", "expired authorization code")
    return str(username)


@functools.cache
def key_of_this_process() -> str:
    """A new private key, PEM: one for all orgs of a process, for making one takes a while."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    return made.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def public_key(private_key: str) -> str:
    """Its public half, PEM."""
    key = serialization.load_pem_private_key(private_key.encode(), None).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def _proven(pem: str, signed: str, signature: bytes) -> bool:
    key: Any
    if "BEGIN CERTIFICATE" in pem:
        key = load_pem_x509_certificate(pem.encode()).public_key()
    else:
        key = serialization.load_pem_public_key(pem.encode())
    try:
        key.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

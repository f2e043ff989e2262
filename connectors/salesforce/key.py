"""The private key of the JWT bearer flow.

Belongs here: reading it, and words for one that cannot be used. Does not: signing (the client library).
"""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def readable_key(text: str) -> str:
    """The key in PEM; where its lines were joined by a literal ``\\n``, as environment variables often have it, with real ones.

    Raises ``ValueError`` with a sentence that holds nothing of the key.
    """
    pem = text.strip().replace("\\r", "").replace("\\n", "\n") + "\n"
    try:
        key = load_pem_private_key(pem.encode(), None)
    except TypeError:
        raise ValueError("the private key is locked by a passphrase. Give one without (openssl pkey -in KEY -out OPEN)") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError(
            "is no private key in PEM. Give the key itself, not its file's name: every line, from -----BEGIN PRIVATE KEY----- on"
        ) from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the private key is of a kind that Salesforce does not take. Give an RSA key")
    return pem

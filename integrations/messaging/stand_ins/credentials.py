"""With which keys does one sign in at a stand-in? Made-up ones, the same at each start, drawn from a phrase."""

import base64
import hashlib
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _drawn(phrase: str) -> bytes:
    return hashlib.sha512(f"medspa stand-in: {phrase}".encode()).digest()


def hexadecimal(phrase: str, length: int) -> str:
    """So many hexadecimal digits for a phrase.

    >>> hexadecimal("account", 32) == hexadecimal("account", 32), len(hexadecimal("account", 32))
    (True, 32)
    """
    return _drawn(phrase).hex()[:length]


def letters(phrase: str, length: int) -> str:
    """So many letters, digits, dashes and underscores for a phrase."""
    return base64.urlsafe_b64encode(_drawn(phrase)).decode()[:length]


def uuid(phrase: str) -> str:
    """A UUID of version 4 for a phrase."""
    return str(UUID(bytes=_drawn(phrase)[:16], version=4))


def signing_key(phrase: str) -> ec.EllipticCurvePrivateKey:
    """A P-256 key for a phrase."""
    return ec.derive_private_key(int.from_bytes(_drawn(phrase)) % (ORDER_OF_P256 - 1) + 1, ec.SECP256R1())


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """Its public half as SendGrid shows it: base64 of SPKI DER (messaging.md 2.4)."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()

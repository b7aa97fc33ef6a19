"""Signatures of hubs and clients, by the schemes of TLS and the cipher suites of MLS."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ECDSA_P256, ED25519 = 0x0403, 0x0807
# RFC 9420 §17.1; of the others there is no key in the vectors.
SCHEMES = {1: ED25519, 2: ECDSA_P256, 3: ED25519}


def sign(scheme, secret, signed):
    """The public key and a signature that is the same each time."""
    if scheme == ED25519:
        key = Ed25519PrivateKey.from_private_bytes(secret)
        return key.public_key().public_bytes_raw(), key.sign(signed)
    key = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return public, key.sign(signed, ec.ECDSA(SHA256(), deterministic_signing=True))


def holds(scheme, key, signed, signature):
    try:
        if scheme == ED25519:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
        else:
            point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
            point.verify(signature, signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True

"""Content outside of messages."""

import hashlib
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from refusal import Refused

# Octets of a key, by AEAD algorithm.
KEYS = {1: 16, 2: 32}
HASHES = {1: hashlib.sha256, 7: hashlib.sha384, 8: hashlib.sha512}
TAG = 16


def described(given, octets, **more):
    """What a message says of the octets at a URL."""
    part = {
        "content_type": given["content_type"],
        "url": given["url"],
        "expires": 0,
        "size": str(len(octets)),
        "enc_alg": 0,
        "key": "",
        "nonce": "",
        "aad": "",
        "hash_alg": 1,
        "content_hash": hashlib.sha256(octets).hexdigest(),
        "description": "",
        "filename": "",
    }
    return {**part, **more}


def seal(given):
    names = ("content", "key", "nonce")
    content, key, nonce = (bytes.fromhex(given[name]) for name in names)
    if (len(key), len(nonce)) != (KEYS[given["enc_alg"]], 12):
        raise AssertionError("key or nonce of no use")
    octets = AESGCM(key).encrypt(nonce, content, None)
    more = {name: given[name] for name in ("enc_alg", "key", "nonce")}
    return {"octets": octets.hex(), "part": described(given, octets, **more)}


def publish(given):
    return {"part": described(given, bytes.fromhex(given["content"]))}


def check(part, now, most):
    if part["expires"] and now > part["expires"] * 1000:
        raise Refused("expired")
    if int(part["size"]) > most:
        raise Refused("too_large")
    if not re.fullmatch(r"https?://[!-~]+", part["url"], re.IGNORECASE | re.ASCII):
        raise Refused("url")
    if re.match(r"[a-z]+://[/?#]", part["url"], re.IGNORECASE):
        raise Refused("url")
    if part["enc_alg"] and part["enc_alg"] not in KEYS:
        raise Refused("enc_alg")
    lengths = {"key": KEYS.get(part["enc_alg"], 0), "nonce": 12 if part["enc_alg"] else 0}
    if not part["enc_alg"]:
        lengths["aad"] = 0
    if part["hash_alg"] in HASHES:
        lengths["content_hash"] = HASHES[part["hash_alg"]]().digest_size
    elif part["hash_alg"] == 0:
        lengths["content_hash"] = 0
    for name, length in lengths.items():
        if len(part[name]) != 2 * length:
            raise Refused(f"{name}_length")
    if not part["enc_alg"] and part["hash_alg"] not in HASHES:
        raise Refused("unverifiable")


def open_part(given):
    part, octets, most = given["part"], bytes.fromhex(given["octets"]), int(given["max_size"])
    check(part, int(given["now"]), most)
    if len(octets) > most:
        raise Refused("too_large")
    if int(part["size"]) not in (0, len(octets)):
        raise Refused("size")
    digest = HASHES.get(part["hash_alg"])
    if digest and digest(octets).hexdigest() != part["content_hash"]:
        raise Refused("hash")
    if not part["enc_alg"]:
        return {"content": octets.hex()}
    key, nonce, aad = (bytes.fromhex(part[name]) for name in ("key", "nonce", "aad"))
    if len(octets) < TAG:
        raise Refused("unauthentic")
    try:
        return {"content": AESGCM(key).decrypt(nonce, octets, aad).hex()}
    except InvalidTag:
        raise Refused("unauthentic") from None

"""What hides a client's identity in a room, and what shows it to its friends."""

import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

import signatures
import tls
import uris
from credentials import CREDENTIAL, HIDDEN, PSEUDONYMOUS, TBE, TBS
from refusal import Refused, demand

HASH = 32
# RFC 9420 §17.1: the AEAD of a suite and how long its keys are. All hash with SHA-256.
AEADS = {1: (AESGCM, 16), 2: (AESGCM, 16), 3: (ChaCha20Poly1305, 32)}
NONCE = 12
SCHEMES = set(signatures.SCHEMES.values())
MOST = 65535
LABEL = "PseudonymousCredentialTBS"


def octets(given, name):
    return bytes.fromhex(given[name])


def expand(secret, label, context, size):
    """ExpandWithLabel of RFC 9420 §8."""
    info = tls.U16.make(size) + tls.label(label, context)
    return HKDFExpand(SHA256(), size, info).derive(secret)


def derive(given, tbs):
    demand(given["ciphersuite"] in AEADS, "unsupported")
    secret = octets(given, "connection_key")
    demand(len(secret) >= HASH, "key_length")
    return expand(secret, "IdentityLinkKey", tbs, HASH)


def link_key(given):
    tbs = octets(given, "tbs")
    TBS.whole(tbs)
    return {"identity_link_key": derive(given, tbs).hex()}


def aead(suite, key):
    kind, size = AEADS[suite]
    return kind(expand(key, "key", b"", size)), expand(key, "nonce", b"", NONCE)


def seal(given):
    real = octets(given, "client_credential")
    demand(CREDENTIAL.whole(real)["credential_type"] != PSEUDONYMOUS, "pseudonymous")
    user = uris.parse(given["user_pseudonym"])
    demand(user["kind"] == "pseudonym", "user_pseudonym")
    client = uuid.UUID(bytes=octets(given, "random"), version=4)
    fields = {
        "client_pseudonym": f"mimi://{user['domain']}/d/{client}",
        "user_pseudonym": given["user_pseudonym"],
        "signature_public_key": given["signature_public_key"],
    }
    tbs = TBS.make(fields)
    key = derive(given, tbs)
    signed = tls.label(LABEL, tbs)
    scheme, secret = given["client_signature_scheme"], octets(given, "client_secret_key")
    public, signature = signatures.sign(scheme, secret, signed)
    if public != octets(given, "client_signature_key"):
        raise AssertionError("the public key is another")
    demand(public != octets(given, "signature_public_key"), "same_key")
    cipher, nonce = aead(given["ciphersuite"], key)
    link = cipher.encrypt(nonce, tls.OPAQUE.make(signature.hex()) + real, tbs)
    demand(len(link) <= MOST, "too_long")
    hidden = HIDDEN.make({**fields, "identity_link_ciphertext": link.hex()})
    return {"signed": signed.hex(), "credential": hidden.hex()}


def open_link(given):
    hidden = HIDDEN.whole(octets(given, "credential"))
    tbs, key = TBS.make(hidden), octets(given, "identity_link_key")
    demand(given["ciphersuite"] in AEADS, "unsupported")
    demand(len(key) == HASH, "key_length")
    cipher, nonce = aead(given["ciphersuite"], key)
    try:
        content = cipher.decrypt(nonce, octets(hidden, "identity_link_ciphertext"), tbs)
    except (InvalidTag, ValueError):
        raise Refused("link") from None
    try:
        link = TBE.whole(content)
    except Refused:
        raise Refused("content") from None
    real = link["client_credential"]
    demand(real["credential_type"] != PSEUDONYMOUS, "pseudonymous")
    scheme = given["client_signature_scheme"]
    demand(scheme in SCHEMES, "unsupported")
    signature = octets(link, "pseudonymous_credential_signature")
    known = octets(given, "client_signature_key")
    demand(signatures.holds(scheme, known, tls.label(LABEL, tbs), signature), "signature")
    return {"client_credential": CREDENTIAL.make(real).hex()}

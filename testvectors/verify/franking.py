"""What hubs stamp, and what they and receivers check."""

import hashlib
import hmac
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

import cbor
import items
import tls
import uris
from content import message
from refusal import Refused


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def tag(given):
    return {"franking_tag": mac(*(bytes.fromhex(given[k]) for k in ("salt", "application_data"))).hex()}


def frank(given):
    committed, context = bytes.fromhex(given["franking_tag"]), bytes.fromhex(given["context"])
    tls.STRUCTURES["ServerFrankingContext"].whole(context)
    stamp = mac(bytes.fromhex(given["hub_key"]), committed, context)
    suite = struct.pack(">H", given["ciphersuite"])
    signed = tls.label("FrankingIntegrityTBS", stamp + suite + context)
    secret = bytes.fromhex(given["signature_secret_key"])
    signer = Ed25519PrivateKey.from_private_bytes(secret)
    if signer.public_key().public_bytes_raw().hex() != given["signature_public_key"]:
        raise AssertionError("the public key is another")
    signature = signer.sign(signed)
    whole = stamp + suite + tls.OPAQUE.make(signature.hex())
    return {"server_frank": stamp.hex(), "signed": signed.hex(), "frank": whole.hex()}


def recognise(given):
    committed, context = bytes.fromhex(given["franking_tag"]), bytes.fromhex(given["context"])
    if mac(bytes.fromhex(given["hub_key"]), committed, context).hex() != given["server_frank"]:
        raise Refused("server_frank")
    return {}


def verify(given):
    data = bytes.fromhex(given["application_data"])
    content = cbor.whole(data, message)
    names = {e["name"]: items.load(bytes.fromhex(e["cbor"])) for e in content["extensions"]}
    if names.get(1) != given["sender"]:
        raise Refused("sender_uri")
    if names.get(2) != given["room"]:
        raise Refused("room_uri")
    if mac(bytes.fromhex(content["salt"]), data).hex() != given["franking_tag"]:
        raise Refused("tag")
    agent = tls.STRUCTURES["FrankingAgent"].whole(bytes.fromhex(given["franking_agent"]))
    try:
        identity = uris.parse(bytes.fromhex(agent["credential"]["identity"]).decode())
    except Refused:
        raise Refused("agent_identity") from None
    if identity["domain"] != uris.parse(given["room"])["domain"]:
        raise Refused("agent_domain")
    stamp = tls.STRUCTURES["Frank"].whole(bytes.fromhex(given["frank"]))
    if stamp["ciphersuite"] != given["group_ciphersuite"]:
        raise Refused("cipher_suite")
    context = tls.STRUCTURES["ServerFrankingContext"].make({
        "sender_uri": given["sender"],
        "room_uri": given["room"],
        "accepted_timestamp": given["accepted_timestamp"],
    })
    suite = struct.pack(">H", stamp["ciphersuite"])
    signed = tls.label("FrankingIntegrityTBS", bytes.fromhex(stamp["server_frank"]) + suite + context)
    key, signature = bytes.fromhex(agent["signature_key"]), bytes.fromhex(stamp["integrity_signature"])
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        raise Refused("signature") from None
    return {}

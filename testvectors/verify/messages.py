"""Messages and what goes with them, read twice: see `content.py` and `items.py`."""

import hashlib
import hmac
import struct

import cbor
import content
import items
from refusal import Refused


def agreed(octets, read, rebuild):
    """What `read` makes of the octets, if cbor2 sees the same there."""
    try:
        fields = cbor.whole(octets, read)
    except Refused as refusal:
        if refusal.rule in items.ILL_FORMED and items.is_one(octets):
            raise AssertionError(f"cbor2 decodes what is {refusal.rule}") from None
        raise
    found = rebuild(items.load(octets))
    if not items.same(found, items.as_items(fields)):
        raise AssertionError(f"cbor2 reads {found}")
    return fields


def message(octets):
    return agreed(octets, content.message, items.message)


def message_id(sender, room, octets, salt):
    names = [struct.pack(">H", len(uri)) + uri for uri in (sender.encode(), room.encode())]
    return (b"\x01" + hashlib.sha256(b"".join([*names, octets, salt])).digest()[:31]).hex()


def compute_id(given):
    octets, salt = bytes.fromhex(given["message"]), bytes.fromhex(given["salt"])
    return {"message_id": message_id(given["sender"], given["room"], octets, salt)}


def read_id(given):
    octets = bytes.fromhex(given["octets"])
    if len(octets) != 32:
        raise Refused("length")
    if octets[0] != 1:
        raise Refused("hash_algorithm")
    return {"message_id": octets.hex()}


def derive_salt(given):
    secret, nonce = bytes.fromhex(given["secret"]), bytes.fromhex(given["nonce"])
    return {"salt": hmac.new(secret, nonce, hashlib.sha256).digest()[:16].hex()}


def decode(given):
    octets = bytes.fromhex(given["octets"])
    fields = message(octets)
    names = {e["name"]: items.load(bytes.fromhex(e["cbor"])) for e in fields["extensions"]}
    fields["message_id"] = None
    if 1 in names and 2 in names:
        salt = bytes.fromhex(fields["salt"])
        fields["message_id"] = message_id(names[1], names[2], octets, salt)
    return fields


def count_parts(given):
    def count(parts):
        inside = [each.get("parts", []) for each in parts]
        below = [count(each) for each in inside if each]
        total = len(parts) + sum(total for total, _ in below)
        return total, 1 + max((levels for _, levels in below), default=0)

    fields = message(bytes.fromhex(given["octets"]))
    total, levels = count([fields["nested_part"]])
    return {"parts": total, "levels": levels}


def status(given):
    return agreed(bytes.fromhex(given["octets"]), content.status_report, items.status_report)


def derived(given):
    return agreed(bytes.fromhex(given["octets"]), content.derived_values, items.derived_values)


def known_extension(given):
    name, octets = given["name"], bytes.fromhex(given["cbor"])
    return agreed(octets, content.KNOWN[name], items.KNOWN[name])


def set_extension(given):
    octets, value, name = bytes.fromhex(given["octets"]), bytes.fromhex(given["cbor"]), given["name"]
    agreed(value, lambda r: cbor.skip(r, 2), lambda _: None)
    content.check_name(name, value)
    entries = {e["name"]: bytes.fromhex(e["cbor"]) for e in message(octets)["extensions"]}
    entries[name] = value
    encoded = sorted(encoded_name(name) + value for name, value in entries.items())
    before, after = around_extensions(octets)
    made = before + cbor.head(cbor.MAP, len(encoded)) + b"".join(encoded) + after
    names = [e["name"] for e in message(made)["extensions"]]
    if set(names) != set(entries):
        raise AssertionError(f"the extensions are {names}")
    return {"octets": made.hex()}


def encoded_name(name):
    if isinstance(name, str):
        return cbor.head(cbor.TEXT, len(name.encode())) + name.encode()
    return cbor.head(cbor.UINT, name) if name >= 0 else cbor.head(cbor.NEGATIVE, -1 - name)


def around_extensions(octets):
    r = cbor.Reader(octets)
    r.array_of(7)
    for _ in range(5):
        cbor.skip(r, 1)
    start = r.at
    cbor.skip(r, 1)
    return octets[:start], octets[r.at :]

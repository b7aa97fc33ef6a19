#!/usr/bin/env python3
"""Checks the test vectors without any code of the crates.

    verify.py DIR

Needs Python 3.8 and its standard library. README.md describes the procedures.
"""

import hashlib
import hmac
import json
import pathlib
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "verify"))

import cbor
import ed25519
import tls
import uris
from refusal import Refused


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def message_id(sender, room, message, salt):
    names = [struct.pack(">H", len(uri)) + uri for uri in (sender.encode(), room.encode())]
    return (b"\x01" + sha(*names, message, salt)[:31]).hex()


def do_message_id(given):
    message, salt = bytes.fromhex(given["message"]), bytes.fromhex(given["salt"])
    return {"message_id": message_id(given["sender"], given["room"], message, salt)}


def do_message_id_read(given):
    octets = bytes.fromhex(given["octets"])
    if len(octets) != 32:
        raise Refused("length")
    if octets[0] != 1:
        raise Refused("hash_algorithm")
    return {"message_id": octets.hex()}


def do_mimi_content(given):
    octets = bytes.fromhex(given["octets"])
    fields = cbor.read_message(octets)
    names = {e["name"]: e["cbor"] for e in fields["extensions"]}
    fields["message_id"] = None
    if 1 in names and 2 in names:
        sender, room = (cbor.text_of(bytes.fromhex(names[key])) for key in (1, 2))
        fields["message_id"] = message_id(sender, room, octets, bytes.fromhex(fields["salt"]))
    return fields


def do_vector_length(given):
    octets = bytes.fromhex(given["prefix"]) + bytes(given["zeros"])
    content = tls.OPAQUE.whole(octets)
    if tls.OPAQUE.make(content) != octets:
        raise AssertionError("encodes to other octets")
    return {"length": len(content) // 2}


def do_tls(given):
    octets = bytes.fromhex(given["octets"])
    kind = tls.STRUCTURES[given["structure"]]
    fields = kind.whole(octets)
    if kind.make(fields) != octets:
        raise AssertionError("encodes to other octets")
    signed = tls.SIGNED.get(given["structure"])
    if signed and "signature" in fields:
        tail = len(tls.OPAQUE.make(fields["signature"]))
        fields["signed"] = label(signed, octets[:-tail]).hex()
    return fields


def label(name, content):
    make = lambda octets: tls.OPAQUE.make(octets.hex())
    return make(b"MLS 1.0 " + name.encode()) + make(content)


# Roles of the cooperative preset, by index.
PRESET_ROLES = range(6)


def do_participant_list_apply(given):
    kind = tls.STRUCTURES["ParticipantList"]
    before = kind.whole(bytes.fromhex(given["before"]))["participants"]
    roles, gone, added, touched = {}, set(), [], set()

    def touch(user, role):
        if role is not None and (role == 0 or role not in PRESET_ROLES):
            raise Refused("no_such_role")
        if user in touched:
            raise Refused("user_twice")
        touched.add(user)

    def at(index):
        if index >= len(before):
            raise Refused("index_past_end")
        return before[index]["user"]

    for update in given["updates"]:
        update = tls.STRUCTURES["ParticipantListUpdate"].whole(bytes.fromhex(update))
        for change in update["changed"]:
            touch(at(change["index"]), change["role"])
            roles[change["index"]] = change["role"]
        for index in update["removed"]:
            touch(at(index), None)
            gone.add(index)
        for entry in update["added"]:
            touch(entry["user"], entry["role"])
            added.append(entry)
    if {entry["user"] for entry in before} & {entry["user"] for entry in added}:
        raise Refused("already_participant")
    kept = [
        {"user": entry["user"], "role": roles.get(index, entry["role"])}
        for index, entry in enumerate(before)
        if index not in gone
    ]
    return {"after": kind.make({"participants": kept + added}).hex()}


def do_franking_tag(given):
    return {"franking_tag": mac(*(bytes.fromhex(given[k]) for k in ("salt", "application_data"))).hex()}


def do_frank(given):
    tag, context = bytes.fromhex(given["franking_tag"]), bytes.fromhex(given["context"])
    tls.STRUCTURES["ServerFrankingContext"].whole(context)
    stamp = mac(bytes.fromhex(given["hub_key"]), tag, context)
    suite = struct.pack(">H", given["ciphersuite"])
    signed = label("FrankingIntegrityTBS", stamp + suite + context)
    secret = bytes.fromhex(given["signature_secret_key"])
    if ed25519.public(secret).hex() != given["signature_public_key"]:
        raise AssertionError("the public key is another")
    signature = ed25519.sign(secret, signed)
    frank = stamp + suite + tls.OPAQUE.make(signature.hex())
    return {"server_frank": stamp.hex(), "signed": signed.hex(), "frank": frank.hex()}


def do_frank_recognise(given):
    tag, context = bytes.fromhex(given["franking_tag"]), bytes.fromhex(given["context"])
    if mac(bytes.fromhex(given["hub_key"]), tag, context).hex() != given["server_frank"]:
        raise Refused("server_frank")
    return {}


def do_frank_verify(given):
    data = bytes.fromhex(given["application_data"])
    content = cbor.read_message(data)
    names = {e["name"]: cbor.text_of(bytes.fromhex(e["cbor"])) for e in content["extensions"]}
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
    frank = tls.STRUCTURES["Frank"].whole(bytes.fromhex(given["frank"]))
    if frank["ciphersuite"] != given["group_ciphersuite"]:
        raise Refused("cipher_suite")
    context = tls.STRUCTURES["ServerFrankingContext"].make({
        "sender_uri": given["sender"],
        "room_uri": given["room"],
        "accepted_timestamp": given["accepted_timestamp"],
    })
    suite = struct.pack(">H", frank["ciphersuite"])
    signed = label("FrankingIntegrityTBS", bytes.fromhex(frank["server_frank"]) + suite + context)
    key, signature = bytes.fromhex(agent["signature_key"]), bytes.fromhex(frank["integrity_signature"])
    if not ed25519.verify(key, signed, signature):
        raise Refused("signature")
    return {}


PROCEDURES = {
    "uri_parse": lambda given: uris.parse(given["text"]),
    "uri_make": uris.make,
    "message_id": do_message_id,
    "message_id_read": do_message_id_read,
    "mimi_content": do_mimi_content,
    "vector_length": do_vector_length,
    "tls": do_tls,
    "participant_list_apply": do_participant_list_apply,
    "franking_tag": do_franking_tag,
    "frank": do_frank,
    "frank_recognise": do_frank_recognise,
    "frank_verify": do_frank_verify,
}


def same(found, expected):
    """Equality in which 1 is not True."""
    return json.dumps(found, sort_keys=True) == json.dumps(expected, sort_keys=True)


def wrong(case):
    """What is wrong with a case, or None."""
    if ("valid" in case) == ("refused" in case):
        return "neither valid nor refused, or both"
    try:
        found = {"valid": PROCEDURES[case["procedure"]](case["input"])}
    except Refused as refusal:
        found = {"refused": refusal.fields()}
    expected = {key: case[key] for key in ("valid", "refused") if key in case}
    return None if same(found, expected) else f"{found}, not {expected}"


def main(folder):
    failures = cases = 0
    files = sorted(pathlib.Path(folder).glob("*.json"))
    for file in files:
        family = json.loads(file.read_text(encoding="utf-8"))
        for case in family["cases"]:
            cases += 1
            problem = wrong(case)
            if problem:
                failures += 1
                print(f"{file.name}: {case['name']}: {problem}"[:600], file=sys.stderr)
    print(f"{len(files)} files, {cases} cases, {failures} wrong")
    return 0 if cases and not failures else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""What senders commit to, what hubs stamp, and what receivers check."""

import hashlib
import hmac

import items
import messages
import signatures
import tls
import uris
from refusal import Refused, demand
from tls import OPAQUE, STRUCTURES

MIMI_CONTENT = "application/mimi-content"
MEDIA_TYPES = tls.List(tls.Struct(
    ("media_type", tls.UTF8),
    ("parameters", tls.List(tls.Struct(("name", tls.UTF8), ("value", tls.UTF8)))),
))


def is_mimi_content(essence):
    """Media types are compared as ASCII without regard to case; no other letters match."""
    return essence.isascii() and essence.lower() == MIMI_CONTENT


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def tag(given):
    return {"franking_tag": mac(*(bytes.fromhex(given[k]) for k in ("salt", "application_data"))).hex()}


def first_type(given):
    """The first media type of a group that frames content, else None."""
    octets = given["content_media_types"]
    return None if octets is None else MEDIA_TYPES.whole(bytes.fromhex(octets))[0]["media_type"]


def names(content):
    """The sender and the room that content names."""
    found = {e["name"]: items.load(bytes.fromhex(e["cbor"])) for e in content["extensions"]}
    return found.get(1), found.get(2)


def commit(given):
    octets, first = bytes.fromhex(given["content"]), first_type(given)
    content = messages.message(octets)
    sender, room = names(content)
    demand(sender is not None, "no_sender_uri")
    demand(room is not None, "no_room_uri")
    demand(sender == given["own_user"], "sender_uri")
    demand(room == given["room"], "room_uri")
    data = octets
    if first is not None:
        data = STRUCTURES["ApplicationFraming"].make({
            "media_type": "" if is_mimi_content(first) else MIMI_CONTENT,
            "parameters": [],
            "content": octets.hex(),
        })
    committed = mac(bytes.fromhex(content["salt"]), data)
    return {"application_data": data.hex(), "franking_tag": committed.hex()}


def opened(data, first):
    """The fields of content in application data."""
    octets = data
    if first is not None:
        try:
            frame = STRUCTURES["ApplicationFraming"].whole(data)
        except Refused:
            raise Refused("framing") from None
        demand(is_mimi_content(frame["media_type"] or first), "media_type")
        octets = bytes.fromhex(frame["content"])
    try:
        return messages.message(octets)
    except Refused:
        raise Refused("content") from None


def encoded_context(sender, room, time):
    fields = {"sender_uri": sender, "room_uri": room, "accepted_timestamp": time}
    return STRUCTURES["ServerFrankingContext"].make(fields)


def to_sign(stamp, suite, context):
    return tls.label("FrankingIntegrityTBS", stamp + tls.U16.make(suite) + context)


def newest_last(given):
    return sorted(given["hub_keys"], key=lambda key: int(key["since"]))


def frank(given):
    def without(why):
        return {"server_frank": None, "signed": None, "frank": None, "unfranked": why}

    if given["frank_aad"] is None:
        return without("no_tag")
    committed = bytes.fromhex(tls.Fixed(32).whole(bytes.fromhex(given["frank_aad"])))
    if given["franking_agent"] is None:
        return without("no_agent")
    agents = [a for a in given["agents"] if a["franking_agent"] == given["franking_agent"]]
    if not agents:
        return without("other_agent")
    scheme, suite = agents[0]["signature_scheme"], given["ciphersuite"]
    if signatures.SCHEMES.get(suite) != scheme:
        return without("agent_scheme")
    context = encoded_context(given["sender"], given["room"], given["accepted_timestamp"])
    stamp = mac(bytes.fromhex(newest_last(given)[-1]["key"]), committed, context)
    signed = to_sign(stamp, suite, context)
    public, signature = signatures.sign(scheme, bytes.fromhex(agents[0]["secret_key"]), signed)
    agent = STRUCTURES["FrankingAgent"].whole(bytes.fromhex(agents[0]["franking_agent"]))
    if agent["signature_key"] != public.hex():
        raise AssertionError("the public key is another")
    whole = stamp + tls.U16.make(suite) + OPAQUE.make(signature.hex())
    return {
        "server_frank": stamp.hex(), "signed": signed.hex(), "frank": whole.hex(), "unfranked": None,
    }


def verify(given):
    content, fits = opening(given)
    sender, room = names(content)
    demand(sender == given["sender"], "sender_uri")
    demand(room == given["room"], "room_uri")
    demand(fits, "tag")
    check_stamp(given)
    return evidence(given)


def dispute(given):
    _, fits = opening(given)
    check_stamp(given)
    demand(not fits, "not_disputed")
    return evidence(given)


def evidence(given):
    data = OPAQUE.make(given["application_data"])
    time = tls.U64.make(given["accepted_timestamp"])
    return {"abusive_message": (data + bytes.fromhex(given["frank"]) + time).hex()}


def opening(given):
    """The content, and whether the tag fits."""
    data = bytes.fromhex(given["application_data"])
    content = opened(data, first_type(given))
    return content, mac(bytes.fromhex(content["salt"]), data).hex() == given["franking_tag"]


def check_stamp(given):
    agent = STRUCTURES["FrankingAgent"].whole(bytes.fromhex(given["franking_agent"]))
    check_agent(agent["credential"], given)
    stamp = STRUCTURES["Frank"].whole(bytes.fromhex(given["frank"]))
    suite, time = stamp["ciphersuite"], given["accepted_timestamp"]
    demand(suite == given["group_ciphersuite"], "cipher_suite")
    demand(given["after"] is None or int(time) > int(given["after"]), "not_later")
    scheme = signatures.SCHEMES.get(suite)
    demand(scheme, "unsupported")
    context = encoded_context(given["sender"], given["room"], time)
    signed = to_sign(bytes.fromhex(stamp["server_frank"]), suite, context)
    key, signature = bytes.fromhex(agent["signature_key"]), bytes.fromhex(stamp["integrity_signature"])
    demand(signatures.holds(scheme, key, signed, signature), "signature")


def check_agent(credential, given):
    if credential["credential_type"] == 1:
        name = bytes.fromhex(credential["identity"])
    else:
        demand(given["certified_agent"] is not None, "agent_unverified")
        name = given["certified_agent"].encode()
    try:
        agent = uris.parse(name.decode())
    except (Refused, UnicodeDecodeError):
        raise Refused("agent_identity") from None
    demand(agent["kind"] == "provider", "agent_identity")
    demand(agent["domain"] == uris.parse(given["room"])["domain"], "agent_domain")

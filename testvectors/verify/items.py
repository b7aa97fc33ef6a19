"""The same structures as `content.py` reads, out of what cbor2 decodes.

Each function gets an item that cbor2 decoded and gives the fields that
`content.py` must have found in the octets. Values of extensions are items here.
"""

import cbor2

# What is not CBOR at all, or what cbor2 can be told to refuse.
ILL_FORMED = {"truncated", "malformed", "utf8", "indefinite", "duplicate_key"}

# Tags that cbor2 would understand; bignums it may.
KEPT = {
    tag: lambda value, _, tag=tag: cbor2.CBORTag(tag, value)
    for tag in (0, 1, 4, 5, 25, 28, 29, 30, 35, 36, 37, 100, 256, 258, 260, 261, 1004, 43000, 55799)
}


def load(octets):
    return cbor2.loads(
        octets, semantic_decoders=KEPT, allow_indefinite=False, allow_duplicate_keys=False
    )


def is_one(octets):
    """Whether the octets begin with an item."""
    try:
        load(octets)
    except cbor2.CBORDecodeError:
        return False
    return True


def same(one, other):
    """Equality in which 1 is neither True nor 1.0, and a NaN is one."""
    return repr(ordered(one)) == repr(ordered(other))


def ordered(fields):
    if isinstance(fields, list):
        return [ordered(each) for each in fields]
    if isinstance(fields, dict):
        return sorted(((name, ordered(value)) for name, value in fields.items()), key=repr)
    return fields


def as_items(fields):
    """Fields as `content.py` finds them, with items for encoded ones."""
    if isinstance(fields, list):
        return [as_items(each) for each in fields]
    if not isinstance(fields, dict):
        return fields
    encoded = {name for name in ("cbor", "extended") if fields.get(name)}
    return {
        name: load(bytes.fromhex(value)) if name in encoded else as_items(value)
        for name, value in fields.items()
    }


def message(item):
    salt, replaces, topic, expires, reply, extensions, body = item
    return {
        "salt": salt.hex(),
        "replaces": replaces and replaces.hex(),
        "topic_id": topic.hex(),
        "expires": expires and {"relative": expires[0], "time": expires[1]},
        "in_reply_to": reply and reply.hex(),
        "extensions": [{"name": name, "cbor": value} for name, value in extensions.items()],
        "nested_part": part(body),
    }


def part(item):
    fields = dict(zip(("disposition", "language", "cardinality"), item))
    inside = item[3:]
    if fields["cardinality"] == 1:
        fields.update(content_type=inside[0], content=inside[1].hex())
    elif fields["cardinality"] == 2:
        names = (
            "content_type", "url", "expires", "size", "enc_alg", "key", "nonce", "aad",
            "hash_alg", "content_hash", "description", "filename",
        )
        found = dict(zip(names, inside))
        for name in ("key", "nonce", "aad", "content_hash"):
            found[name] = found[name].hex()
        fields.update(found, size=str(found["size"]))
    elif fields["cardinality"] == 3:
        fields.update(part_semantics=inside[0], parts=[part(each) for each in inside[1]])
    return fields


def status_report(item):
    return {"entries": [{"message_id": id.hex(), "status": status} for id, status in item]}


def derived_values(item):
    message_id, time, group, leaf, client, user, room = item
    is_number = isinstance(time, int)
    return {
        "message_id": message_id.hex(),
        "hub_accepted_timestamp": {
            "extended": None if is_number else time,
            "millis": str(time) if is_number else millis(time.value),
        },
        "mls_group_id": group.hex(),
        "sender_leaf_index": leaf,
        "sender_client_url": client,
        "sender_user_url": user,
        "room_url": room,
    }


def millis(time):
    values = [time.get(name, 0) for name in (1, -3, -6, -9)]
    fractions = set(time) - {1}
    if 1 not in time or len(fractions) > 1 or not fractions <= {-3, -6, -9}:
        return None
    if not all(type(value) is int and 0 <= value < 2**64 for value in values):
        return None
    nanos = values[1] * 10**6 + values[2] * 10**3 + values[3]
    whole = values[0] * 1000 + nanos // 10**6
    return str(whole) if nanos < 10**9 and whole < 2**64 else None


def sender_timestamp(item):
    fraction = [{"exponent": name, "count": item[name]} for name in item if name != 1]
    return {"seconds": str(item[1]), "fraction": fraction[0] if fraction else None}


def external_message_id(item):
    octets, scope = item
    if isinstance(scope, str):
        scope = {"domain": scope}
    elif isinstance(scope, int):
        scope = {"pen": str(scope)}
    else:
        scope = {"uri": scope.value}
    return {"id": octets.hex(), "scope": scope}


def last_seen(item):
    if item and not isinstance(item[0], bytes):
        return {"external": [external_message_id(each) for each in item]}
    return {"message_ids": [each.hex() for each in item]}


KNOWN = {
    3: sender_timestamp,
    4: external_message_id,
    5: lambda item: {"subject": item},
    256: last_seen,
}

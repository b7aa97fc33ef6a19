"""What the structures of MIMI content hold, read octet by octet."""

from cbor import ARRAY, MAP, NEGATIVE, OTHER, TAG, TEXT, UINT, map_key, skip
from refusal import Refused


def message_id(r):
    start = r.at
    octets = r.bytes()
    if len(octets) != 32:
        raise Refused("length", start)
    if octets[0] != 1:
        raise Refused("hash_algorithm", start)
    return octets.hex()


def expires(r):
    r.array_of(2)
    start, major, value, info = r.head()
    if major != OTHER or info > 24 or value not in (20, 21):
        raise Refused("type", start)
    return {"relative": value == 21, "time": r.uint(2**32 - 1)}


def extensions(r):
    _, count = r.one(MAP)
    r.need(2 * count)
    found, last = [], None
    for _ in range(count):
        start, last, name = map_key(r, last)
        if isinstance(name, bytes):
            raise Refused("type", start)
        if isinstance(name, str) and not 0 < len(name.encode()) < 256:
            raise Refused("limit" if name else "too_few", start)
        start = r.at
        skip(r, 2)
        if name in (1, 2) and r.octets[start] >> 5 != TEXT:
            raise Refused("type", start)
        found.append({"name": name, "cbor": r.octets[start : r.at].hex()})
    return found


def enumeration(r, values):
    start, value = r.one(UINT)
    if value >= values:
        raise Refused("unknown", start)
    return value


def part(r, level, count):
    count[0] += 1
    if count[0] > 1024 or level > 4:
        raise Refused("limit", r.at)
    start, found = r.array()

    def expect(elements):
        if found != elements:
            raise Refused("length", start)

    if found < 3:
        expect(3)
    fields = {"disposition": r.uint(255), "language": r.text(), "cardinality": enumeration(r, 4)}
    expect((3, 5, 15, 5)[fields["cardinality"]])
    if fields["cardinality"] == 1:
        fields.update(content_type=r.text(), content=r.bytes().hex())
    elif fields["cardinality"] == 2:
        fields.update(content_type=r.text(), url=r.text(), expires=r.uint(2**32 - 1))
        fields.update(size=str(r.uint(2**64 - 1)), enc_alg=r.uint(65535), key=r.bytes().hex())
        fields.update(nonce=r.bytes().hex(), aad=r.bytes().hex(), hash_alg=r.uint(255))
        fields.update(content_hash=r.bytes().hex(), description=r.text(), filename=r.text())
    elif fields["cardinality"] == 3:
        fields["part_semantics"] = enumeration(r, 3)
        start, parts = r.array()
        if parts < 2:
            raise Refused("too_few", start)
        fields["parts"] = [part(r, level + 1, count) for _ in range(parts)]
    return fields


def message(r):
    r.array_of(7)
    start, salt = r.at, r.bytes()
    if len(salt) != 16:
        raise Refused("length", start)
    fields = {"salt": salt.hex(), "replaces": None if r.null() else message_id(r)}
    start, topic = r.at, r.bytes()
    if len(topic) > 4096:
        raise Refused("limit", start)
    fields["topic_id"] = topic.hex()
    fields["expires"] = None if r.null() else expires(r)
    fields["in_reply_to"] = None if r.null() else message_id(r)
    fields["extensions"] = extensions(r)
    fields["nested_part"] = part(r, 1, [0])
    return fields


def status_report(r):
    entries = []
    for _ in range(r.array()[1]):
        r.array_of(2)
        entries.append({"message_id": message_id(r), "status": r.uint(255)})
    return {"entries": entries}


def derived_values(r):
    r.array_of(7)
    return {
        "message_id": message_id(r),
        "hub_accepted_timestamp": hub_timestamp(r),
        "mls_group_id": r.bytes().hex(),
        "sender_leaf_index": r.uint(2**32 - 1),
        "sender_client_url": r.text(),
        "sender_user_url": r.text(),
        "room_url": r.text(),
    }


def hub_timestamp(r):
    start = r.at
    if r.octets[start : start + 1] and r.octets[start] >> 5 == UINT:
        return {"extended": None, "millis": str(r.uint(2**64 - 1))}
    skip(r, 1)
    octets = r.octets[start : r.at]
    if octets[:3] != b"\xd9\x03\xe9" or octets[3] >> 5 != MAP:
        raise Refused("type", start)
    return {"extended": octets.hex(), "millis": millis(type(r)(octets[3:]))}


def millis(r):
    """The time in a map of extended time, if it is the usual one."""
    _, count = r.one(MAP)
    last, found = None, {}
    for _ in range(count):
        _, last, name = map_key(r, last)
        start = r.at
        skip(r, 3)
        if name not in (1, -3, -6, -9) or r.octets[start] >> 5 != UINT:
            return None
        r.at = start
        found[name] = r.uint(2**64 - 1)
    if 1 not in found or len(found) > 2:
        return None
    of_second = [found[name] // 10 ** (-3 - name) for name in found if name < 0]
    time = found[1] * 1000 + sum(of_second)
    return str(time) if sum(of_second) < 1000 and time < 2**64 else None


def sender_timestamp(r):
    start, count = r.one(MAP)
    r.need(2 * count)
    if count not in (1, 2):
        raise Refused("too_few" if count == 0 else "limit", start)
    key, name = r.one(UINT)
    if name != 1:
        raise Refused("type", key)
    fields = {"seconds": str(r.uint(2**64 - 1)), "fraction": None}
    if count == 2:
        key, major, number, _ = r.head()
        exponent = -1 - number
        if major != NEGATIVE or exponent not in (-3, -6, -9):
            raise Refused("type", key)
        count = r.uint(10**-exponent - 1)
        fields["fraction"] = {"exponent": exponent, "count": count}
    return fields


def external_message_id(r):
    r.array_of(2)
    octets = r.bytes().hex()
    start, major, value, _ = r.head()
    if major == UINT and value:
        scope = {"pen": str(value)}
    elif major == TEXT:
        scope = {"domain": r.utf8(value)}
    elif major == TAG and value == 32:
        scope = {"uri": r.text()}
    else:
        raise Refused("type", start)
    return {"id": octets, "scope": scope}


def subject(r):
    start, text = r.at, r.text()
    if not 0 < len(text.encode()) <= 4096:
        raise Refused("limit" if text else "too_few", start)
    return {"subject": text}


def last_seen(r):
    count = r.array()[1]
    if count and r.octets[r.at] >> 5 == ARRAY:
        return {"external": [external_message_id(r) for _ in range(count)]}
    return {"message_ids": [message_id(r) for _ in range(count)]}


# The extensions of MORE.
KNOWN = {3: sender_timestamp, 4: external_message_id, 5: subject, 256: last_seen}


def check_name(name, value):
    """Whether a sender may give an extension this name and this encoded value."""
    if name == 0:
        raise Refused("reserved_key")
    if isinstance(name, int) and abs(name) >= 2**53:
        raise Refused("key_range")
    if isinstance(name, str) and not 0 < len(name.encode()) < 256:
        raise Refused("limit" if name else "too_few")
    if name in (1, 2) and value[0] >> 5 != TEXT:
        raise Refused("type")

"""MIMI content: deterministic CBOR and nothing else."""

import struct

from refusal import Refused

UINT, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, OTHER = range(8)
MAX_KEY = 2**53 - 1


class Reader:
    def __init__(self, octets):
        self.octets, self.at = octets, 0

    def need(self, count):
        if count > len(self.octets) - self.at:
            raise Refused("truncated", self.at)

    def take(self, count):
        self.need(count)
        self.at += count
        return self.octets[self.at - count : self.at]

    def head(self):
        start = self.at
        (first,) = self.take(1)
        major, info = first >> 5, first & 31
        if info < 24:
            return start, major, info, info
        if info == 31 and 2 <= major <= 5:
            raise Refused("indefinite", start)
        if info > 27:
            raise Refused("malformed", start)
        value = int.from_bytes(self.take(1 << info - 24), "big")
        if major == OTHER:
            check_other(start, info, value)
        elif value < 24 if info == 24 else value >> (8 << info - 25) == 0:
            raise Refused("not_shortest", start)
        return start, major, value, info

    def one(self, *majors):
        start, major, value, _ = self.head()
        if major not in majors:
            raise Refused("type", start)
        return start, value

    def uint(self, most):
        start, value = self.one(UINT)
        if value > most:
            raise Refused("too_large", start)
        return value

    def bytes(self):
        return self.take(self.one(BYTES)[1])

    def text(self):
        return self.utf8(self.one(TEXT)[1])

    def utf8(self, size):
        start = self.at
        try:
            return self.take(size).decode()
        except UnicodeDecodeError as error:
            raise Refused("utf8", start + error.start) from None

    def array(self):
        start, count = self.one(ARRAY)
        self.need(count)
        return start, count

    def array_of(self, expected):
        start, count = self.array()
        if count != expected:
            raise Refused("length", start)

    def null(self):
        if self.octets[self.at : self.at + 1] == b"\xf6":
            self.at += 1
            return True
        return False


def check_other(start, info, value):
    if info == 24:
        if value < 32:
            raise Refused("malformed", start)
        return
    wide, narrow = {26: (">f", ">e"), 27: (">d", ">f")}.get(info, (None, None))
    if wide is None:
        return
    size = struct.calcsize(wide)
    if is_nan(value, info):
        # A NaN is the same in a shorter form if the bits that go are zero.
        dropped = {26: 13, 27: 29}[info]
        if value & (1 << dropped) - 1 == 0:
            raise Refused("not_shortest", start)
        return
    number = struct.unpack(wide, value.to_bytes(size, "big"))[0]
    try:
        same = struct.unpack(narrow, struct.pack(narrow, number))[0] == number
    except OverflowError:
        same = False
    if same:
        raise Refused("not_shortest", start)


def is_nan(bits, info):
    exponent, fraction = {25: (5, 10), 26: (8, 23), 27: (11, 52)}[info]
    full = (1 << exponent) - 1
    return bits >> fraction & full == full and bits & (1 << fraction) - 1 != 0


def map_key(r, last):
    """A key: its octets and what it is."""
    start, major, value, _ = r.head()
    if major in (UINT, NEGATIVE):
        if value > MAX_KEY - (major == NEGATIVE):
            raise Refused("key_range", start)
        name = value if major == UINT else -1 - value
    elif major == TEXT:
        name = r.utf8(value)
    elif major == BYTES:
        name = r.take(value)
    else:
        raise Refused("type", start)
    encoded = r.octets[start : r.at]
    if last is not None and encoded <= last:
        raise Refused("duplicate_key" if encoded == last else "key_order", start)
    return start, encoded, name


def skip(r, level, any_nan=False):
    start, major, value, info = r.head()
    if major in (ARRAY, MAP, TAG) and level > 4:
        raise Refused("limit", start)
    if major == BYTES:
        r.take(value)
    elif major == TEXT:
        r.utf8(value)
    elif major == ARRAY:
        r.need(value)
        for _ in range(value):
            skip(r, level + 1, any_nan)
    elif major == MAP:
        r.need(2 * value)
        last = None
        for _ in range(value):
            _, last, _ = map_key(r, last)
            skip(r, level + 1, any_nan)
    elif major == TAG and value in (2, 3):
        content = r.bytes()
        if len(content) <= 8 or content[0] == 0:
            raise Refused("bignum", start)
    elif major == TAG:
        skip(r, level + 1, any_nan or 80 <= value <= 87)
    elif major == OTHER and info in (25, 26, 27) and is_nan(value, info):
        if not any_nan and (info, value) != (25, 0x7E00):
            raise Refused("nan", start)


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


def read_message(octets):
    r = Reader(octets)
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
    if r.at < len(octets):
        raise Refused("trailing", r.at)
    return fields


def text_of(octets):
    return Reader(octets).text()

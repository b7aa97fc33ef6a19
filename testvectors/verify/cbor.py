"""Deterministic CBOR and nothing else, with the octet where a rule is broken.

A library that decodes CBOR takes more than MIMI does, so this reader is our own.
What it accepts is decoded once more by such a library, in `items.py`.
"""

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


def whole(octets, read):
    """What `read` makes of all `octets`."""
    r = Reader(octets)
    value = read(r)
    if r.at < len(octets):
        raise Refused("trailing", r.at)
    return value


def head(major, argument):
    """The shortest head of an item."""
    if argument < 24:
        return bytes([major << 5 | argument])
    info, size = next((24 + n, 1 << n) for n in range(4) if argument < 1 << (8 << n))
    return bytes([major << 5 | info]) + argument.to_bytes(size, "big")

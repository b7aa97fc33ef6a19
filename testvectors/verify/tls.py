"""The TLS presentation language with the vectors of RFC 9420 §2.1.2.

A codec reads a value and writes it back; structures are put together from
smaller codecs, in `structures.py` and, for what MLS embeds, in `mls.py`.
"""

from refusal import Refused


class Reader:
    def __init__(self, octets, at=0, end=None):
        self.octets, self.at = octets, at
        self.end = len(octets) if end is None else end

    def take(self, count):
        if count > self.end - self.at:
            raise Refused("truncated", self.at)
        self.at += count
        return self.octets[self.at - count : self.at]

    def uint(self, size):
        return int.from_bytes(self.take(size), "big")

    def length(self):
        start, first = self.at, self.uint(1)
        size = first >> 6
        if size == 3:
            raise Refused("length_prefix", start)
        more = (1 << size) - 1
        value = (first & 63) << 8 * more | self.uint(more)
        if size and value < (64 if size == 1 else 16384):
            raise Refused("non_minimal_length", start)
        return value

    def vector(self):
        count = self.length()
        start = self.at
        self.take(count)
        return Reader(self.octets, start, self.at)

    def more(self):
        return self.at < self.end


class Codec:
    def whole(self, octets):
        r = Reader(octets)
        value = self.read(r)
        if r.more():
            raise Refused("trailing", r.at)
        return value

    def make(self, value):
        return self.write(value)


class Uint(Codec):
    def __init__(self, size):
        self.size = size

    def read(self, r):
        value = r.uint(self.size)
        return str(value) if self.size == 8 else value

    def write(self, value):
        return int(value).to_bytes(self.size, "big")


class Fixed(Codec):
    """A value with no choice, or as many octets as told."""

    def __init__(self, size):
        self.size = size

    def read(self, r):
        return r.take(self.size).hex()

    def write(self, value):
        return bytes.fromhex(value)


class Closed(Codec):
    """An octet that is one of some values."""

    def __init__(self, *values):
        self.values = values

    def read(self, r):
        start, value = r.at, r.uint(1)
        if value not in self.values:
            raise Refused("unknown", start)
        return value

    def write(self, value):
        return bytes([value])


class Bool(Codec):
    def read(self, r):
        return Closed(0, 1).read(r) == 1

    def write(self, value):
        return bytes([value])


def length(count):
    if count < 64:
        return bytes([count])
    if count < 16384:
        return (0x4000 | count).to_bytes(2, "big")
    return (0x80000000 | count).to_bytes(4, "big")


class Opaque(Codec):
    def read(self, r):
        return r.take(r.length()).hex()

    def write(self, value):
        content = bytes.fromhex(value)
        return length(len(content)) + content


class Text(Codec):
    """UTF-8 that passes a check of its own."""

    def __init__(self, check=None, rule="structure", empty=False):
        self.check, self.rule, self.empty = check, rule, empty

    def read(self, r):
        before = r.at
        content = r.take(r.length())
        start = r.at - len(content)
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            raise Refused("utf8", start + error.start) from None
        if self.check and not (self.empty and not text) and not self.check(text):
            # A URI is blamed at its first octet, any other text at its length.
            raise Refused(self.rule, start if self.rule == "uri" else before)
        return text

    def write(self, value):
        content = value.encode()
        return length(len(content)) + content


class Optional(Codec):
    def __init__(self, inner):
        self.inner = inner

    def read(self, r):
        start, presence = r.at, r.uint(1)
        if presence > 1:
            raise Refused("presence", start)
        return self.inner.read(r) if presence else None

    def write(self, value):
        return b"\0" if value is None else b"\1" + self.inner.write(value)


class List(Codec):
    def __init__(self, inner, most=None):
        self.inner, self.most = inner, most

    def read(self, r):
        inner, items = r.vector(), []
        while inner.more():
            if self.most is not None and len(items) == self.most:
                raise Refused("limit", inner.at)
            items.append(self.inner.read(inner))
        return items

    def write(self, value):
        content = b"".join(map(self.inner.write, value))
        return length(len(content)) + content


class Checked(Codec):
    """What `inner` reads, if it passes a check; else blamed at its start."""

    def __init__(self, inner, check, rule="structure"):
        self.inner, self.check, self.rule = inner, check, rule

    def read(self, r):
        start, value = r.at, self.inner.read(r)
        if not self.check(value):
            raise Refused(self.rule, start)
        return value

    def write(self, value):
        return self.inner.write(value)


class Struct(Codec):
    """Fields in their order; `None` instead of a name merges an inner struct."""

    def __init__(self, *fields):
        self.fields = fields

    def read(self, r):
        found = {}
        for name, codec in self.fields:
            if name is None:
                found.update(codec.read(r))
            else:
                found[name] = codec.read(r)
        return found

    def write(self, value):
        return b"".join(
            codec.write(value if name is None else value[name]) for name, codec in self.fields
        )


class Select(Codec):
    """A discriminant, fields that all cases have, and what the case adds."""

    def __init__(self, name, codec, cases, common=Struct(), other=None):
        self.name, self.codec, self.cases = name, codec, cases
        self.common, self.other = common, other

    def case(self, value):
        return self.cases.get(value, self.other)

    def read(self, r):
        start = r.at
        value = self.codec.read(r)
        found = {self.name: value, **self.common.read(r)}
        case = self.case(value)
        if case is None:
            raise Refused("unknown", start)
        return {**found, **case.read(r)}

    def write(self, value):
        head = self.codec.write(value[self.name]) + self.common.write(value)
        return head + self.case(value[self.name]).write(value)


def label(name, content):
    """What a signature covers: SignContent of RFC 9420 §5.1.2."""
    make = lambda octets: OPAQUE.make(octets.hex())
    return make(b"MLS 1.0 " + name.encode()) + make(content)


U8, U16, U32, U64 = (Uint(size) for size in (1, 2, 4, 8))
OPAQUE = Opaque()
UTF8 = Text()

from structures import SIGNED, STRUCTURES  # noqa: E402  (they need the codecs)

"""Ed25519 (RFC 8032 §5.1). Slow, and for tests only: not constant in time."""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def root(y, sign):
    """The x of a point with this y, or None."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def add(a, b):
    """The sum in affine coordinates."""
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P)
    return x % P, y % P


def times(n, point):
    result = (0, 1)
    while n:
        if n & 1:
            result = add(result, point)
        point, n = add(point, point), n >> 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (root(BASE_Y, 0), BASE_Y)


def pack(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def unpack(octets):
    n = int.from_bytes(octets, "little")
    y = n & (1 << 255) - 1
    x = root(y, n >> 255)
    return None if x is None else (x, y)


def digest(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def expand(secret):
    octets = hashlib.sha512(secret).digest()
    scalar = int.from_bytes(octets[:32], "little")
    return scalar & (1 << 254) - 8 | 1 << 254, octets[32:]


def public(secret):
    return pack(times(expand(secret)[0], BASE))


def sign(secret, message):
    scalar, prefix = expand(secret)
    r = digest(prefix, message) % L
    point = pack(times(r, BASE))
    k = digest(point, public(secret), message) % L
    return point + ((r + k * scalar) % L).to_bytes(32, "little")


def verify(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = unpack(key), unpack(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = digest(signature[:32], key, message) % L
    return times(s, BASE) == add(r, times(k, a))

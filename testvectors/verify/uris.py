"""MIMI URIs in normal form.

Host names are mapped as UTS #46 says and then held to IDNA 2008, which refuses
some that UTS #46 takes, such as emoji. None of these is in the vectors.
"""

import re
import unicodedata

import idna

from refusal import Refused

PCHAR = set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@")
KINDS = {"u": "user", "p": "pseudonym", "d": "client", "r": "room", "g": "group", "t": "team"}


def parse(text):
    octets = text.encode()
    if len(octets) > 1024:
        raise Refused("too_long")
    if not octets.startswith(b"mimi://"):
        raise Refused("scheme", 0)
    stop = re.search(rb"[?#]", octets)
    if stop:
        raise Refused("query" if stop[0] == b"?" else "fragment", stop.start())
    host, slash, path = octets[7:].partition(b"/")
    check_host(host)
    names, user, decoded, kind = [], None, None, "provider"
    if slash:
        if not path or path.endswith(b"/"):
            raise Refused("trailing_slash", len(octets) - 1)
        kind, names, decoded = check_path(path, 8 + len(host))
    if len(names) == 2:
        user = f"mimi://{host.decode()}/u/{names[0]}"
    return {"domain": host.decode(), "kind": kind, "names": names, "decoded": decoded, "user": user}


def check_host(host, start=7):
    if not host:
        raise Refused("empty_host", start)
    if b"@" in host:
        raise Refused("user_info", start + host.index(b"@"))
    if host.startswith(b"["):
        raise Refused("ip_address", start)
    if b":" in host:
        raise Refused("port", start + host.index(b":"))
    if host.endswith(b"."):
        raise Refused("trailing_dot", start + len(host) - 1)
    if len(host) > 253:
        raise Refused("host_too_long", start)
    at = start
    for label in host.split(b"."):
        if not 0 < len(label) < 64:
            raise Refused("label_length", at)
        at += len(label) + 1
    if normal_host(host.decode(), start) != host.decode():
        raise Refused("host_not_normal", start)
    last = host.split(b".")[-1]
    if re.fullmatch(rb"[0-9]+|0x[0-9a-f]*", last):
        raise Refused("ip_address", start)


def normal_host(host, start=7):
    try:
        mapped = idna.uts46_remap(host, std3_rules=True, transitional=False)
        labels = [normal_label(label, start) for label in mapped.split(".")]
    except idna.IDNAError:
        raise Refused("invalid_host", start) from None
    return ".".join(labels)


def normal_label(label, start):
    # Names such as r3---a.example exist, which IDNA does not like.
    if label.isascii() and not label.startswith("xn--"):
        if not re.fullmatch(r"[a-z0-9-]*", label) or label[:1] == "-" or label[-1:] == "-":
            raise Refused("invalid_host", start)
        return label
    return idna.alabel(idna.ulabel(label)).decode()


def check_path(path, at):
    kind, slash, names = path.partition(b"/")
    if kind.decode() not in KINDS:
        raise Refused("unknown_kind", at)
    if not slash:
        raise Refused("missing_segment", at + len(path))
    at += len(kind) + 1
    names = names.split(b"/")
    for index, name in enumerate(names):
        if index >= (2 if kind == b"d" else 1):
            raise Refused("extra_segment", at)
        decoded = check_name(name, at)
        at += len(name) + 1
    return KINDS[kind.decode()], [name.decode() for name in names], decoded


def check_name(name, start):
    if not name:
        raise Refused("empty_segment", start)
    if name in (b".", b".."):
        raise Refused("dot_segment", start)
    decoded, places, at = bytearray(), [], 0
    while at < len(name):
        octet, width = name[at], 1
        if octet == ord("%"):
            digits = name[at + 1 : at + 3]
            if not re.fullmatch(rb"[0-9A-Fa-f]{2}", digits):
                raise Refused("escape", start + at)
            octet, width = int(digits, 16), 3
            if octet in PCHAR:
                raise Refused("needless_escape", start + at)
            if digits != digits.upper():
                raise Refused("escape_case", start + at)
        elif octet not in PCHAR:
            raise Refused("unencoded", start + at)
        decoded.append(octet)
        places.append(start + at)
        at += width
    try:
        text = decoded.decode()
    except UnicodeDecodeError as error:
        raise Refused("utf8", places[error.start]) from None
    for index, character in enumerate(text):
        if unicodedata.category(character) == "Cc":
            raise Refused("control", places[len(text[:index].encode())])
    return text


def make(given):
    try:
        return {"uri": made(given)}
    except Refused as refusal:
        # The offset would count in a URI that is not there.
        raise Refused(refusal.rule) from None


def made(given):
    host = normal_host(given["domain"])
    letter = {kind: letter for letter, kind in KINDS.items()}.get(given["kind"])
    uri = f"mimi://{host}" + (f"/{letter}" if letter else "")
    for name in given["names"]:
        if not name:
            raise Refused("empty_segment")
        uri += "/" + "".join(chr(b) if b in PCHAR else f"%{b:02X}" for b in name.encode())
    parse(uri)
    return uri

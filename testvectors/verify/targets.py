"""What a hub downloads for others, and URLs that nobody can read in two ways."""

import ipaddress
import re

import uris
from refusal import Refused, demand

START = len("https://")
# Whatever RFC 3986 lets stand anywhere in a URL, and why each other octet may not.
ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
MAY_STAND = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                b"-._~:/?#[]@!$&'()*+,;=")

# IANA's registries of special-purpose addresses, and multicast. Of six, only the
# part for global unicast is looked at; all else is closed.
CLOSED = [ipaddress.ip_network(network) for network in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "2001::/23", "2001:db8::/32", "3fff::/20",
)]
UNICAST = ipaddress.ip_network("2000::/3")
# Networks with an address of four in them, and how many bits stand behind it.
EMBEDDED = [
    (ipaddress.ip_network("::ffff:0:0/96"), 0),
    (ipaddress.ip_network("64:ff9b::/96"), 0),
    (ipaddress.ip_network("2002::/16"), 80),
]


def authority(rest):
    return re.match(rb"[^/?#]*", rest)[0]


def characters(octets, at):
    while at < len(octets):
        octet = octets[at]
        if octet == ord("%"):
            if not ESCAPE.match(octets, at):
                raise Refused("escape", at)
            at += 3
            continue
        if octet not in MAY_STAND:
            raise Refused(
                "backslash" if octet == ord("\\") else "space" if octet == 0x20
                else "control" if octet < 0x20 or octet == 0x7F
                else "not_ascii" if octet > 0x7F else "octet", at)
        at += 1


def host(url):
    """The host of a strict URL."""
    octets = url.encode()
    demand(len(octets) <= 8192, "too_long")
    if not octets.startswith(b"https://"):
        raise Refused("scheme", 0)
    characters(octets, START)
    name = authority(octets[START:])
    try:
        uris.check_host(name, START)
    except Refused as refusal:
        if refusal.rule == "invalid_host" and b"%" in name:
            raise Refused("escaped_host", START + name.index(b"%")) from None
        raise
    odd = re.compile(rb"[#\[\]]").search(octets, START + len(name))
    if odd:
        raise Refused("fragment" if odd[0] == b"#" else "octet", odd.start())
    return name.decode()


def is_https(text):
    """Whether it is a URL of this scheme at all."""
    scheme, found, rest = text.partition("://")
    if not found or scheme.lower() != "https":
        return False
    try:
        characters(rest.encode(), 0)
    except Refused:
        return False
    return bool(re.match(rb"[^:]", authority(rest.encode()).rpartition(b"@")[2]))


def asset(domains, url):
    demand(host(url) in domains, "host")
    return {"url": url}


def inner(given):
    demand(given["method"] == "GET", "method")
    if given["scheme"] != "https":
        raise Refused("scheme", 0)
    demand(re.match("/(?!/)", given["path"]), "path")
    demand(not re.search("[/?#]", given["authority"]), "authority")
    return asset(given["domains"], f"https://{given['authority']}{given['path']}")


def address(text):
    found = ipaddress.ip_address(text)
    if found.version == 6:
        within = [bits for network, bits in EMBEDDED if found in network]
        if within:
            found = ipaddress.IPv4Address(int(found) >> within[0] & 0xFFFFFFFF)
        else:
            demand(found in UNICAST, "address")
    demand(not any(found in network for network in CLOSED if network.version == found.version),
           "address")
    return {}


def status(number):
    demand(number // 100 != 3 or number == 304, "redirect")
    return {}

"""The policy components that a room may do without, and URIs in them."""

import ipaddress
import re

import uris
from refusal import Refused, demand
from tls import (
    OPAQUE, U8, U16, U32, U64, UTF8, Bool, Checked, Closed, Codec, List, Optional, Reader, Select,
    Struct,
)

# Bounds of the crates: what a room holds at most of anything.
MAX_JOIN_LINKS = MAX_PROVIDERS = MAX_CAPABILITIES = 1024
MAX_CLIENTS = MAX_ROLES = MAX_BOTS = MAX_WAYS = MAX_MEDIA_TYPES = 256
MAX_HOSTS, MAX_MEDIA_TYPE, MAX_URI, MAX_HOST, MAX_TEXT = 64, 1024, 8000, 253, 65536

OPTIONALITY = Closed(0, 1, 2)
OPTIONAL, REQUIRED, FORBIDDEN = 0, 1, 2


class Short(Codec):
    """A text or octets, of no more octets than `most`."""

    def __init__(self, inner, most):
        self.inner, self.most = inner, most

    def read(self, r):
        start, value = r.at, self.inner.read(r)
        ahead = Reader(r.octets, start, r.at)
        if ahead.length() > self.most:
            raise Refused("limit", start)
        return value

    def write(self, value):
        return self.inner.write(value)


# URIs: RFC 3986, section 3, without what a scheme asks for.

INSIDE = set(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=")


def is_escape(octets):
    return re.fullmatch(rb"%[0-9A-Fa-f]{2}", octets) is not None


def fault_in(part, at, more=b""):
    """The first octet of a part that cannot stand there, if there is one."""
    index = 0
    while index < len(part):
        if part[index] == ord("%"):
            if not is_escape(part[index : index + 3]):
                return at + index
            index += 3
        elif part[index] in INSIDE or part[index] in more:
            index += 1
        else:
            return at + index
    return None


def is_ipv6(text):
    try:
        # A zone is no part of an address here.
        return "%" not in text and bool(ipaddress.IPv6Address(text))
    except ValueError:
        return False


def fault_in_authority(authority, at):
    user, sign, host = authority.rpartition(b"@")
    fault = fault_in(user, at, b":")
    if fault is not None:
        return fault
    at += len(user) + len(sign)
    host = re.sub(rb":[0-9]*\Z", b"", host)
    if host[:1] == b"[" and host[-1:] == b"]" and is_ipv6(host[1:-1].decode()):
        return None
    return fault_in(host, at)


def fault_in_uri(uri):
    scheme = re.match(rb"[A-Za-z][A-Za-z0-9+.-]*:", uri)
    if not scheme:
        return 0
    at = scheme.end()
    authority = re.match(rb"//([^/?#]*)", uri[at:])
    if authority:
        fault = fault_in_authority(authority[1], at + 2)
        if fault is not None:
            return fault
        at += authority.end()
    rest, sign, fragment = uri[at:].partition(b"#")
    fault = fault_in(rest, at, b":@/?")
    if fault is None:
        fault = fault_in(fragment, at + len(rest) + len(sign), b":@/?")
    return fault


class Uri(Codec):
    """A URI of any scheme, or none where that is allowed."""

    def __init__(self, empty=False):
        self.text, self.empty = Short(UTF8, MAX_URI), empty

    def read(self, r):
        text = self.text.read(r)
        content = text.encode()
        if not content and self.empty:
            return text
        fault = fault_in_uri(content)
        if fault is not None:
            raise Refused("structure", r.at - len(content) + fault)
        return text

    def write(self, value):
        return self.text.write(value)


def is_host(text):
    try:
        uris.check_host(text.encode())
    except Refused:
        return False
    return "/" not in text


URI, URI_OR_EMPTY = Uri(), Uri(empty=True)
HOST = Checked(Short(UTF8, MAX_HOST), is_host)
TEXT = Short(UTF8, MAX_TEXT)


def switch(name, details):
    """An Optionality, with details unless it forbids."""
    return Select(name, OPTIONALITY, {
        OPTIONAL: details, REQUIRED: details, FORBIDDEN: Struct(),
    })


# Links.

LINK = Struct(("join_link", Short(OPAQUE, 8000)))
LINKS = List(LINK, MAX_JOIN_LINKS)


class OneUri(Codec):
    """A vector of exactly one URI."""

    def read(self, r):
        start, inner = r.at, r.vector()
        if not inner.more():
            raise Refused("structure", start)
        found = URI.read(inner)
        if inner.more():
            raise Refused("structure", inner.at)
        return [found]

    def write(self, value):
        return List(URI).write(value)


PREVIEWS = Struct(
    ("autodetect_hyperlinks_in_text", Checked(OPTIONALITY, lambda found: found != REQUIRED)),
    ("send_link_previews", OPTIONALITY), ("automatic_link_previews", OPTIONALITY),
    (None, switch("link_preview_proxy_use", Struct(("link_preview_proxy", OneUri())))),
)

# Assets.


class MediaType(Codec):
    fields = Struct(
        ("media_type", UTF8),
        ("parameters", List(Struct(("name", UTF8), ("value", UTF8)))))

    def read(self, r):
        start = r.at
        OPAQUE.read(r)
        OPAQUE.read(r)
        if r.at - start > MAX_MEDIA_TYPE:
            raise Refused("limit", start)
        r.at = start
        return self.fields.read(r)

    def write(self, value):
        return self.fields.write(value)


MEDIA_TYPES = List(MediaType(), MAX_MEDIA_TYPES)
WAYS = List(U8, MAX_WAYS)
AT_THE_HUB = 2


class DownloadPrivacy(Codec):
    lists = Struct(("allowed_download_types", WAYS), ("forbidden_download_types", WAYS))

    def read(self, r):
        found = self.lists.read(r)
        is_not_forbidden = lambda way: way not in found["forbidden_download_types"]
        return {**found, "default_download_type": Checked(U8, is_not_forbidden).read(r)}

    def write(self, value):
        return self.lists.write(value) + U8.write(value["default_download_type"])


class AssetPolicy(Codec):
    location = Struct(("asset_upload_location", U8))
    rest = Struct(
        ("upload_domains", List(Struct(
            ("provider", HOST), ("asset_upload_destinations", List(HOST, MAX_HOSTS))),
            MAX_PROVIDERS)),
        ("download_privacy", DownloadPrivacy()),
        ("max_image", U64), ("max_audio", U64), ("max_video", U64), ("max_attachment", U64),
        ("forbidden_media_types", MEDIA_TYPES), ("permitted_media_types", Optional(MEDIA_TYPES)))

    def read(self, r):
        found = self.location.read(r)
        at_hub = found["asset_upload_location"] == AT_THE_HUB
        is_one = lambda rest: not at_hub or len(rest["upload_domains"]) == 1
        return {**found, **Checked(self.rest, is_one).read(r)}

    def write(self, value):
        return self.location.write(value) + self.rest.write(value)


# Logging, history, bots, expiration.

LOGGERS = Struct(
    ("logging_clients", List(URI, MAX_CLIENTS)),
    ("machine_readable_policy", URI_OR_EMPTY), ("human_readable_policy", URI_OR_EMPTY))
LOGGING = Select("logging", OPTIONALITY, {
    OPTIONAL: LOGGERS, FORBIDDEN: Struct(),
    REQUIRED: Checked(LOGGERS, lambda found: found["logging_clients"]),
})

# Role 0 is outside of the room, role 1 is banned from it.
SHARER = Checked(U32, lambda role: role > 1)
HISTORY = switch("history_sharing", Struct(
    ("roles_that_can_share", List(SHARER, MAX_ROLES)), ("automatically_share", Bool()),
    ("max_time_period", U32)))


class BotRole(Codec):
    def read(self, r):
        local = Bool().read(r)
        role = Checked(U32, lambda role: not (local and role)).read(r)
        return {"local_client_bot": local, "bot_role_index": role}

    def write(self, value):
        return Bool().write(value["local_client_bot"]) + U32.write(value["bot_role_index"])


BOT = Struct(
    ("name", TEXT), ("description", TEXT), ("homepage", URI_OR_EMPTY), (None, BotRole()),
    ("can_target_message_in_group", Bool()), ("per_user_content", Bool()))


def are_durations(found):
    shortest, longest = found["min_expiration_duration"], found["max_expiration_duration"]
    default = found["default_expiration_duration"]
    return shortest <= longest and (default is None or shortest <= default <= longest)


DURATIONS = Checked(Struct(
    ("min_expiration_duration", U32), ("max_expiration_duration", U32),
    ("default_expiration_duration", Optional(U32))), are_durations)
EXPIRATION = switch("expiring_messages", DURATIONS)

# How the room uses MLS.

NUMBERS = List(U16, MAX_CAPABILITIES)
CAPABILITIES = Struct(
    *((name, NUMBERS) for name in (
        "versions", "cipher_suites", "extensions", "proposals", "credentials", "wire_formats",
        "component_ids", "safe_aad_types")),
    ("media_types", MEDIA_TYPES), ("content_types", List(U8, MAX_CAPABILITIES)))
PENDING = Select("pending_proposal_strategy", Closed(0, 1, 2), {
    0: Struct(), 1: Struct(),
    2: Checked(
        Struct(("minimum_delay_ms", U64), ("maximum_delay_ms", U64)),
        lambda found: int(found["minimum_delay_ms"]) <= int(found["maximum_delay_ms"])),
})
TIME = Checked(
    Struct(("minimum_time", U64), ("default_time", U64), ("maximum_time", U64)),
    lambda found: (int(found["minimum_time"]) <= int(found["default_time"])
                   <= int(found["maximum_time"])))


class OperationalParameters(Codec):
    head = Struct(
        ("mandatory_capabilities", CAPABILITIES), ("default_capabilities", CAPABILITIES))
    rest = Struct(
        ("handshake_formats", NUMBERS), ("external_proposal_allowed", Bool()),
        ("external_commit_allowed", Bool()), ("pending_proposal_policy", PENDING),
        ("LeafNode_update_time", TIME),
        ("app_message_policy", Struct(
            ("epoch_tolerance", U8), ("pad_to_size", U16), ("max_generations_skipahead", U32))),
        ("max_kp_lifetime", U64), ("max_credential_lifetime", U64),
        ("resumption_psk_lifetime", U64), ("sender_nonce_keypair_lifetime", TIME),
        ("max_keypairs", U32), ("buffer_incoming_message_time", TIME),
        ("max_buffered_messages", U32))

    def read(self, r):
        found = self.head.read(r)
        mandatory = found["mandatory_capabilities"]
        is_apart = lambda forbidden: not any(
            one in forbidden[kind] for kind in mandatory for one in mandatory[kind])
        found["forbidden_capabilities"] = Checked(CAPABILITIES, is_apart).read(r)
        return {**found, **self.rest.read(r)}

    def write(self, value):
        return (self.head.write(value) + CAPABILITIES.write(value["forbidden_capabilities"])
                + self.rest.write(value))


STRUCTURES = {
    "Uri": Struct(("uri", URI)),
    "DomainName": Struct(("domain", HOST)),
    "StatusNotificationPolicy": Struct(
        ("delivery_notifications", OPTIONALITY), ("read_receipts", OPTIONALITY)),
    "JoinLinkPolicy": Struct(
        ("on_request", Bool()), ("join_link", URI_OR_EMPTY), ("multiuser", Bool()),
        ("expiration", U32)),
    "JoinLinks": Struct(("join_links", LINKS)),
    "JoinLinksUpdate": Struct(
        ("removedIndices", List(U32, MAX_JOIN_LINKS)), ("added_links", LINKS)),
    "LinkPreviewPolicy": PREVIEWS,
    "AssetPolicy": AssetPolicy(),
    "LoggingPolicy": LOGGING,
    "HistoryPolicy": HISTORY,
    "BotPolicy": Struct(("allowed_bots", List(BOT, MAX_BOTS))),
    "MessageExpiration": EXPIRATION,
    "OperationalParameters": OperationalParameters(),
}


def updated_links(before, updates):
    """The links after the updates of a commit, whose indices mean those before."""
    gone, added = set(), []
    for update in updates:
        for index in update["removedIndices"]:
            demand(index < len(before), "index_past_end")
            demand(index not in gone, "removed_twice")
            gone.add(index)
        added += update["added_links"]
    after = [link for index, link in enumerate(before) if index not in gone] + added
    demand(len(after) <= MAX_JOIN_LINKS, "limit")
    return after


def apply_join_links(given):
    """The same in a room with a policy, by octets."""
    read = lambda name, digits: STRUCTURES[name].whole(bytes.fromhex(digits))
    policy = read("JoinLinkPolicy", given["policy"])
    before = []
    if given["before"] is not None:
        before = read("JoinLinks", given["before"])["join_links"]
    after = updated_links(before, [read("JoinLinksUpdate", one) for one in given["updates"]])
    demand(not policy["on_request"] or len(after) <= 1, "too_many_join_links")
    return {"after": STRUCTURES["JoinLinks"].make({"join_links": after}).hex()}

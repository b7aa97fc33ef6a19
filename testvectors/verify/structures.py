"""The structures of the vectors, by the names in them."""

import credentials
import mls
import policies
import targets
from credentials import URI, is_uri
from refusal import Refused
from tls import (
    OPAQUE, U8, U16, U32, U64, UTF8, Bool, Checked, Closed, Codec, Fixed, List, Optional, Select,
    Struct, Text,
)


def https(text):
    return text[:8].lower() == "https://"


def is_avatar(text):
    return https(text) and len(text) > 8 and all("!" <= c <= "~" for c in text)


URI_OR_EMPTY = Text(is_uri, "uri", empty=True)
NO_NUL = Text(lambda text: "\0" not in text)
PROTOCOL = Closed(1)


class Components(Codec):
    entry = Struct(("id", U16), ("data", OPAQUE))

    def read(self, r):
        inner, items = r.vector(), []
        while inner.more():
            start, item = inner.at, self.entry.read(inner)
            if items and items[-1]["id"] >= item["id"]:
                raise Refused("structure", start)
            items.append(item)
        return items

    def write(self, value):
        return List(self.entry).write(value)


COMPONENTS = Components()


def value(codec):
    return Struct(("value", codec))


# Policy.

PARTICIPANT = Struct(("user", URI), ("role", U32))


def is_participant_list(entries):
    users = [entry["user"] for entry in entries]
    return len(set(users)) == len(users) and all(entry["role"] for entry in entries)


ROLE = Struct(
    ("role_index", U32), ("role_name", UTF8), ("role_description", UTF8),
    ("role_capabilities", List(U16)),
    ("minimum_participants_constraint", U32),
    ("maximum_participants_constraint", Optional(U32)),
    ("minimum_active_participants_constraint", U32),
    ("maximum_active_participants_constraint", Optional(U32)),
    ("authorized_role_changes", List(Struct(("from", U32), ("to", List(U32))))),
)
CAN_OPEN_JOIN = 4


def is_role_list(roles):
    indices = [role["role_index"] for role in roles]
    open_join = [role["role_index"] for role in roles if CAN_OPEN_JOIN in role["role_capabilities"]]
    return len(set(indices)) == len(indices) and not any(open_join)


class Parent(Codec):
    def read(self, r):
        dependant = Bool().read(r)
        start, rooms = r.at, List(URI, 1).read(r)
        if dependant != bool(rooms):
            raise Refused("structure", start)
        return {"parent_dependant": dependant, "parent_room": rooms}

    def write(self, value):
        return Bool().write(value["parent_dependant"]) + List(URI).write(value["parent_room"])


class Description(Codec):
    fields = Struct(("media_type", UTF8), ("language_tag", UTF8), ("description_content", OPAQUE))

    def read(self, r):
        start, found = r.at, self.fields.read(r)
        if not found["media_type"]:
            try:
                bytes.fromhex(found["description_content"]).decode()
            except UnicodeDecodeError:
                raise Refused("utf8", start) from None
        return found

    def write(self, value):
        return self.fields.write(value)


# Franking.

FRANK = Struct(("server_frank", Fixed(32)), ("ciphersuite", U16), ("integrity_signature", OPAQUE))
CONTEXT = Struct(("sender_uri", URI), ("room_uri", URI), ("accepted_timestamp", U64))
SENDER = Struct(("signature_key", OPAQUE), ("credential", credentials.CREDENTIAL))

# Bodies.

TREE = Select("representation", U8, {
    1: Struct(("ratchet_tree", mls.RATCHET_TREE)),
    2: Struct(("url", Text(targets.is_https)), ("tree_signature", OPAQUE)),
    3: Struct(("tree_signature", OPAQUE)),
    4: Struct(),
})
RATCHET_TREE_EXTENSION = 2
DOMAINS = Struct(("domains", Checked(List(policies.HOST, 64), bool)))
PARTIAL = Struct(
    ("ratchet_tree_presence", Checked(U8, lambda presence: presence == 0)),
    ("extensions", Checked(mls.EXTENSIONS, lambda extensions: all(
        e["extension_type"] != RATCHET_TREE_EXTENSION for e in extensions))),
    ("signature", OPAQUE),
)
GROUP_INFO = Select("representation", U8, {1: Struct(("group_info", mls.GROUP_INFO)), 2: PARTIAL})
PROPOSALS = Struct(("more_proposals", List(mls.PROPOSAL_MESSAGE, 1024)))
COMMIT_BUNDLE = Struct(
    ("welcome", Optional(mls.WELCOME)), ("group_info", GROUP_INFO), ("ratchet_tree", TREE))


def update(message):
    cases = {mls.PROPOSING: PROPOSALS, mls.COMMITTING: COMMIT_BUNDLE}
    return cases.get(message["content_type"]) if message["wire_format"] == 1 else None


def fanout(message):
    return {
        (2, mls.APPLICATION): Struct(("frank", Optional(FRANK))),
        (3, None): Struct(("ratchet_tree", TREE)),
        (1, mls.PROPOSING): PROPOSALS,
        (1, mls.COMMITTING): Struct(("external_proposals", List(mls.PROPOSAL_MESSAGE, 1024))),
    }.get((message["wire_format"], message.get("content_type")))


class Fanout(Codec):
    """Events one after the other, one at least, with nothing around them."""

    event = Struct(("timestamp", U64), (None, mls.ByMessage(fanout)))

    def read(self, r):
        messages = [self.event.read(r)]
        while r.more():
            messages.append(self.event.read(r))
        return {"messages": messages}

    def write(self, value):
        return b"".join(map(self.event.write, value["messages"]))


REQUIRED = Struct(*((name, List(U16)) for name in (
    "extension_types", "proposal_types", "credential_types")))
CLIENT = Select("client_status", U8, {
    0: Struct(("key_package", mls.KEY_PACKAGE)),
    1: Struct(),
    2: Struct(("capabilities", Optional(mls.CAPABILITIES))),
}, Struct(("client_uri", URI)))


class KeyMaterialResponse(Codec):
    head = Struct(("protocol", PROTOCOL), ("user_status", U8), ("user_uri", URI))

    def read(self, r):
        found = self.head.read(r)
        listed = Checked(List(CLIENT, 256), lambda c: not c or found["user_status"] in (0, 1, 3))
        return {**found, "clients": listed.read(r)}

    def write(self, value):
        return self.head.write(value) + List(CLIENT).write(value["clients"])


STRUCTURES = {
    "Bool": value(Bool()),
    "Uint64": value(U64),
    "OptionalUint16": value(Optional(U16)),
    "Opaque": value(OPAQUE),
    "Utf8": value(UTF8),
    "Uint16Vector": value(List(U16)),
    "ComponentMap": Struct(("entries", COMPONENTS)),
    "ApplicationFraming": Struct(
        ("media_type", UTF8), ("parameters", List(Struct(("name", UTF8), ("value", UTF8)))),
        ("content", OPAQUE)),
    "ParticipantList": Struct(("participants", Checked(List(PARTICIPANT), is_participant_list))),
    "ParticipantListUpdate": Struct(
        ("changed", List(Struct(("index", U32), ("role", U32)))), ("removed", List(U32)),
        ("added", List(PARTICIPANT))),
    "RoleList": Struct(("roles", Checked(List(ROLE), is_role_list))),
    "BaseRoomPolicy": Struct(
        ("fixed_membership", Bool()), (None, Parent()), ("multi_device", Bool()),
        ("max_clients", Optional(U32)), ("max_users", Optional(U32)),
        ("pseudonyms_allowed", Bool()), ("persistent_room", Bool()), ("discoverable", Bool()),
        ("policy_component_ids", List(U16))),
    "RoomMetadata": Struct(
        ("room_uri", URI), ("room_name", NO_NUL), ("room_descriptions", List(Description())),
        ("room_avatar", Text(is_avatar, empty=True)), ("room_subject", NO_NUL),
        ("room_mood", NO_NUL)),
    "PreauthList": Struct(("entries", List(Struct(
        ("claimset", List(Struct(("credential_type", U16), ("id", OPAQUE), ("claim_value", OPAQUE)))),
        ("target_role", ROLE))))),
    **policies.STRUCTURES,
    "Frank": FRANK,
    "ServerFrankingContext": CONTEXT,
    "FrankingIntegrityTbs": Struct(
        ("server_frank", Fixed(32)), ("ciphersuite", U16), ("context", CONTEXT)),
    "FrankingAgent": SENDER,
    "Credential": credentials.CREDENTIAL,
    "PseudonymousCredential": credentials.HIDDEN,
    "PseudonymousCredentialTbs": credentials.TBS,
    "IdentityLinkTbe": credentials.TBE,
    "AbuseReport": Struct(
        ("reporting_user", URI_OR_EMPTY), ("alleged_abuser", URI), ("reason", U8), ("note", UTF8),
        ("messages", List(Struct(
            ("message_content", OPAQUE), ("frank", FRANK), ("accepted_timestamp", U64)))),
        ("abuse_extensions", COMPONENTS)),
    "ConsentEntry": Struct(
        (None, Select("operation", U8, {
            0: Struct(), 1: Struct(), 2: Struct(("key_packages", List(mls.KEY_PACKAGE, 256))),
            3: Struct(),
        }, Struct(("requester_uri", URI), ("target_uri", URI), ("room_id", Optional(URI))))),
        ("extensions", COMPONENTS)),
    "IdentifierRequest": Struct(
        ("query_elements", List(Struct(
            (None, Select("search_type", U8, {
                7: Struct(("name", UTF8)), 8: Struct(("name", UTF8)),
            }, other=Struct())),
            ("search_value", UTF8)))),
        ("extensions", COMPONENTS)),
    "IdentifierResponse": Struct(
        ("response_code", U8), ("uris", List(URI)),
        ("found_profiles", List(Struct(("stable_uri", URI), ("fields", List(Struct(
            ("field_source", U8), ("field_name", UTF8), ("field_value", OPAQUE))))))),
        ("extensions", COMPONENTS)),
    "KeyMaterialRequest": Struct(
        ("protocol", PROTOCOL), ("requesting_user", URI), ("target_user", URI),
        ("room_id", URI_OR_EMPTY), ("acceptable_ciphersuites", Checked(List(U16), bool)),
        ("required_capabilities", REQUIRED), ("requester_signature_key", OPAQUE),
        ("requester_credential", credentials.CREDENTIAL), ("signature", OPAQUE)),
    "KeyMaterialResponse": KeyMaterialResponse(),
    "UpdateRequest": mls.ByMessage(update),
    "UpdateRoomResponse": Select("response_code", U8, {
        0: Struct(("accepted_timestamp", U64)), 1: Struct(("current_epoch", U64)), 2: Struct(),
        3: Struct(("invalid_proposals", List(OPAQUE))),
    }, Struct(("error_description", UTF8))),
    "RatchetTreeOption": TREE,
    "SubmitMessageRequest": Struct(
        ("protocol", PROTOCOL), ("app_message", mls.APPLICATION_MESSAGE), ("sending_uri", URI)),
    "SubmitMessageResponse": Struct(("protocol", PROTOCOL), (None, Select("status_code", U8, {
        0: Struct(("accepted_timestamp", U64), ("frank", Optional(FRANK))),
        1: Struct(),
        2: Struct(("current_epoch", U64)),
    }))),
    "DomainList": DOMAINS,
    "FanoutMessages": Fanout(),
    "GroupInfoRequest": Struct(
        ("protocol", PROTOCOL), ("cipher_suite", U16), ("requesting_signature_key", OPAQUE),
        ("requesting_credential", credentials.CREDENTIAL), ("group_info_public_key", OPAQUE),
        ("joining_code", Optional(OPAQUE)), ("signature", OPAQUE)),
    "GroupInfoResponse": Struct(("protocol", PROTOCOL), ("room_id", URI), (None, Select("status", U8, {
        1: Struct(("cipher_suite", U16), ("hub_sender", SENDER),
                  ("encrypted", mls.HPKE_CIPHERTEXT), ("signature", OPAQUE)),
    }, other=Struct()))),
    "GroupInfoRatchetTreeTbe": Struct(
        ("group_info", mls.GROUP_INFO), ("ratchet_tree", TREE),
        ("pending_proposals", List(Struct(
            ("proposal", mls.PROPOSAL_MESSAGE), ("hub_accepted_time", U64))))),
}

# What the signature at the end of a structure covers: its label and the rest.
SIGNED = {
    "KeyMaterialRequest": "KeyMaterialRequestTBS",
    "GroupInfoRequest": "GroupInfoRequestTBS",
    "GroupInfoResponse": "GroupInfoResponseTBS",
}

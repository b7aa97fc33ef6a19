"""How far MLS objects reach (RFC 9420, EXT, SEMI): they are kept as octets."""

import tls
from credentials import CREDENTIAL
from refusal import Refused
from tls import OPAQUE, U8, U16, U32, U64, Closed, Codec, List, Optional, Select, Struct

MLS10 = tls.Checked(U16, lambda version: version == 1, "unknown")
EXTENSION = Struct(("extension_type", U16), ("extension_data", OPAQUE))
EXTENSIONS = List(EXTENSION, 256)
CAPABILITIES = Struct(*((name, List(U16)) for name in (
    "versions", "cipher_suites", "extensions", "proposals", "credentials")))
LEAF_NODE = Struct(
    ("encryption_key", OPAQUE),
    ("signature_key", OPAQUE),
    ("credential", CREDENTIAL),
    ("capabilities", CAPABILITIES),
    (None, Select("source", U8, {
        1: Struct(("not_before", U64), ("not_after", U64)),
        2: Struct(),
        3: Struct(("parent_hash", OPAQUE)),
    })),
    ("extensions", EXTENSIONS),
    ("signature", OPAQUE),
)
KEY_PACKAGE_FIELDS = Struct(
    ("version", MLS10), ("cipher_suite", U16), ("init_key", OPAQUE),
    ("leaf_node", LEAF_NODE), ("extensions", EXTENSIONS), ("signature", OPAQUE),
)
HPKE_CIPHERTEXT = Struct(("kem_output", OPAQUE), ("ciphertext", OPAQUE))
PSK_ID = Struct((None, Select("psktype", U8, {
    1: Struct(("psk_id", OPAQUE)),
    2: Struct(("usage", U8), ("psk_group_id", OPAQUE), ("psk_epoch", U64)),
    3: Struct(("component_id", U16), ("psk_id", OPAQUE)),
})), ("psk_nonce", OPAQUE))
PROPOSAL = Select("proposal_type", U16, {
    1: KEY_PACKAGE_FIELDS,
    2: LEAF_NODE,
    3: Struct(("removed", U32)),
    4: PSK_ID,
    5: Struct(("group_id", OPAQUE), ("version", U16), ("suite", U16), ("extensions", EXTENSIONS)),
    6: Struct(("kem_output", OPAQUE)),
    7: Struct(("extensions", EXTENSIONS)),
    8: Struct(("component_id", U16), (None, Select("op", U8, {1: Struct(("update", OPAQUE)), 2: Struct()}))),
    9: Struct(("component_id", U16), ("data", OPAQUE)),
    10: Struct(),
})
UPDATE_PATH = Struct(("leaf_node", LEAF_NODE), ("nodes", List(Struct(
    ("encryption_key", OPAQUE), ("encrypted_path_secret", List(HPKE_CIPHERTEXT))))))
COMMIT = Struct(
    ("proposals", List(Select("type", U8, {1: PROPOSAL, 2: Struct(("reference", OPAQUE))}))),
    ("path", Optional(UPDATE_PATH)),
)
GROUP_CONTEXT = Struct(
    ("version", MLS10), ("cipher_suite", U16), ("group_id", OPAQUE), ("epoch", U64),
    ("tree_hash", OPAQUE), ("confirmed_transcript_hash", OPAQUE), ("extensions", EXTENSIONS),
)
GROUP_INFO_FIELDS = Struct(
    ("group_context", GROUP_CONTEXT), ("extensions", EXTENSIONS),
    ("confirmation_tag", OPAQUE), ("signer", U32), ("signature", OPAQUE),
)
WELCOME_FIELDS = Struct(
    ("cipher_suite", U16),
    ("secrets", List(Struct(("new_member", OPAQUE), ("encrypted", HPKE_CIPHERTEXT)))),
    ("encrypted_group_info", OPAQUE),
)
NODE = Select("node_type", U8, {
    1: LEAF_NODE,
    2: Struct(("encryption_key", OPAQUE), ("parent_hash", OPAQUE), ("unmerged_leaves", List(U32))),
})

APPLICATION, PROPOSING, COMMITTING = 1, 2, 3
CONTENT_TYPE = Closed(APPLICATION, PROPOSING, COMMITTING)


class PublicMessage(Codec):
    def read(self, r):
        found = Struct(("group_id", OPAQUE), ("epoch", U64)).read(r)
        sender = Select("sender", U8, {
            1: Struct(("leaf_index", U32)), 2: Struct(("index", U32)), 3: Struct(), 4: Struct(),
        }).read(r)
        OPAQUE.read(r)
        found["content_type"] = CONTENT_TYPE.read(r)
        {1: OPAQUE, 2: PROPOSAL, 3: COMMIT}[found["content_type"]].read(r)
        OPAQUE.read(r)
        if found["content_type"] == COMMITTING:
            OPAQUE.read(r)
        if sender["sender"] == 1:
            OPAQUE.read(r)
        return found


PRIVATE = Struct(
    ("group_id", OPAQUE), ("epoch", U64), ("content_type", CONTENT_TYPE),
    ("authenticated_data", OPAQUE), ("encrypted_sender_data", OPAQUE), ("ciphertext", OPAQUE),
)
MESSAGE = Struct(("version", MLS10), (None, Select("wire_format", U16, {
    1: PublicMessage(), 2: PRIVATE, 3: WELCOME_FIELDS, 4: GROUP_INFO_FIELDS, 5: KEY_PACKAGE_FIELDS,
})))


class Octets(Codec):
    """An object as its octets, if it passes a check."""

    def __init__(self, inner, check=None):
        self.inner, self.check = inner, check

    def read(self, r):
        start, value = r.at, self.inner.read(r)
        if self.check and not self.check(value):
            raise Refused("structure", start)
        return r.octets[start : r.at].hex()

    def write(self, value):
        return bytes.fromhex(value)


def is_message(wire_format, content_type):
    return lambda m: (m["wire_format"], m.get("content_type")) == (wire_format, content_type)


KEY_PACKAGE = Octets(KEY_PACKAGE_FIELDS)
WELCOME = Octets(WELCOME_FIELDS)
GROUP_INFO = Octets(GROUP_INFO_FIELDS)
RATCHET_TREE = Octets(List(Optional(NODE)))
APPLICATION_MESSAGE = Octets(MESSAGE, is_message(2, APPLICATION))
PROPOSAL_MESSAGE = Octets(MESSAGE, is_message(1, PROPOSING))


class ByMessage(Codec):
    """An `MLSMessage`, then what its own header asks for."""

    def __init__(self, follow):
        self.follow = follow

    def read(self, r):
        start, message = r.at, MESSAGE.read(r)
        octets = r.octets[start : r.at].hex()
        follow = self.follow(message)
        if follow is None:
            raise Refused("structure", start)
        return {"message": octets, **follow.read(r)}

    def write(self, value):
        octets = bytes.fromhex(value["message"])
        return octets + self.follow(MESSAGE.whole(octets)).write(value)

"""Credentials of MLS, and those that hide whose they are."""

import uris
from refusal import Refused
from tls import OPAQUE, U16, Codec, List, Select, Struct, Text


def is_uri(text):
    try:
        uris.parse(text)
    except Refused:
        return False
    return True


URI = Text(is_uri, "uri")
PSEUDONYMOUS = 0xF0A2


class Pseudonyms(Codec):
    """Of a client and its user, at one provider."""

    def read(self, r):
        client = URI.read(r)
        start, user = r.at, URI.read(r)
        if uris.parse(client)["domain"] != uris.parse(user)["domain"]:
            raise Refused("structure", start)
        return {"client_pseudonym": client, "user_pseudonym": user}

    def write(self, value):
        return URI.write(value["client_pseudonym"]) + URI.write(value["user_pseudonym"])


class Filled(Codec):
    """A vector that one value fills."""

    def __init__(self, inner):
        self.inner = inner

    def read(self, r):
        inner = r.vector()
        value = self.inner.read(inner)
        if inner.more():
            raise Refused("trailing", inner.at)
        return value

    def write(self, value):
        return OPAQUE.write(self.inner.write(value).hex())


TBS = Struct((None, Pseudonyms()), ("signature_public_key", OPAQUE))
HIDDEN = Struct((None, TBS), ("identity_link_ciphertext", OPAQUE))
CREDENTIAL = Select("credential_type", U16, {
    1: Struct(("identity", OPAQUE)),
    2: Struct(("certificates", List(OPAQUE, 16))),
    PSEUDONYMOUS: Struct(("pseudonymous_credential", Filled(HIDDEN))),
})
TBE = Struct(("pseudonymous_credential_signature", OPAQUE), ("client_credential", CREDENTIAL))

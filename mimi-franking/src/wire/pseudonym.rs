//! Credentials that hide whose they are.

use std::fmt;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Rule, Writer};

use super::{Credential, Hex};
use crate::limits::{MAX_IDENTITY_LINK_LEN, MAX_SIGNATURE_KEY_LEN, MAX_SIGNATURE_LEN};

/// `PseudonymousCredential`: names a client of a user by pseudonyms of one room,
/// and holds its real credential in a form that providers cannot read (PSEUD,
/// "Pseudonymity through credential encryption"; PROTO, "Credential encryption").
///
/// `mimi_protocol::pseudonym` makes and opens the link.
#[derive(Clone, PartialEq, Eq)]
pub struct PseudonymousCredential {
    /// All but the link, which it is bound to.
    pub tbs: PseudonymousCredentialTbs,
    /// An encrypted [`IdentityLinkTbe`].
    pub identity_link_ciphertext: Bytes,
}

/// `PseudonymousCredentialTBS`: what a client signs with the key of its real
/// credential, and what its identity link is encrypted for.
///
/// Both pseudonyms are of the domain of the user's provider.
#[derive(Clone, PartialEq, Eq)]
pub struct PseudonymousCredentialTbs {
    /// The client. Of no other credential.
    pub client_pseudonym: MimiUri,
    /// Its user, as the participant list has it. The same for all clients of the
    /// user in this room, and in no other room.
    pub user_pseudonym: MimiUri,
    /// The public key that the client's messages verify with.
    pub signature_public_key: Bytes,
}

impl PseudonymousCredentialTbs {
    /// The label for SignWithLabel.
    pub const LABEL: &'static str = "PseudonymousCredentialTBS";

    /// The octets to sign and verify, label included (RFC 9420 §5.1.2).
    ///
    /// # Errors
    /// When the key is too long to be encoded.
    pub fn sign_content(&self) -> Result<Vec<u8>, EncodeError> {
        mimi_content::tls::mls_label(Self::LABEL, &self.to_vec()?)
    }
}

/// `IdentityLinkTBE`: what an identity link says once it is decrypted.
///
/// Nothing in here is proven before the signature was verified with the key of the
/// credential.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityLinkTbe {
    /// Over the [`PseudonymousCredentialTbs`] of the credential that the link is
    /// in, by the key of `client_credential`.
    pub pseudonymous_credential_signature: Bytes,
    /// The client's real credential.
    pub client_credential: Credential,
}

impl fmt::Debug for PseudonymousCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let link = self.identity_link_ciphertext.len();
        f.debug_struct("PseudonymousCredential")
            .field("tbs", &self.tbs)
            .field("identity_link_ciphertext", &format_args!("{link} octets"))
            .finish()
    }
}

impl fmt::Debug for PseudonymousCredentialTbs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PseudonymousCredentialTbs")
            .field("client_pseudonym", &self.client_pseudonym)
            .field("user_pseudonym", &self.user_pseudonym)
            .field("signature_public_key", &Hex(&self.signature_public_key))
            .finish()
    }
}

/// Does not tell whose it is: that was encrypted for a reason.
impl fmt::Debug for IdentityLinkTbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityLinkTbe").finish_non_exhaustive()
    }
}

impl Encode for PseudonymousCredential {
    fn encode(&self, w: &mut Writer) {
        self.tbs.encode(w);
        w.opaque(&self.identity_link_ciphertext);
    }
}

impl Decode for PseudonymousCredential {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(PseudonymousCredential {
            tbs: PseudonymousCredentialTbs::decode(r)?,
            identity_link_ciphertext: r.bytes_at_most("an identity link", MAX_IDENTITY_LINK_LEN)?,
        })
    }
}

impl Encode for PseudonymousCredentialTbs {
    fn encode(&self, w: &mut Writer) {
        self.client_pseudonym.encode(w);
        self.user_pseudonym.encode(w);
        w.opaque(&self.signature_public_key);
    }
}

impl Decode for PseudonymousCredentialTbs {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let client_pseudonym = MimiUri::decode(r)?;
        let start = r.offset();
        let user_pseudonym = MimiUri::decode(r)?;
        if client_pseudonym.domain() != user_pseudonym.domain() {
            let rule = Rule::Structure("the pseudonyms of a client and its user have one domain");
            return Err(r.error_at(start, rule));
        }
        Ok(PseudonymousCredentialTbs {
            client_pseudonym,
            user_pseudonym,
            signature_public_key: r.bytes_at_most("a signature key", MAX_SIGNATURE_KEY_LEN)?,
        })
    }
}

impl Encode for IdentityLinkTbe {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.pseudonymous_credential_signature);
        self.client_credential.encode(w);
    }
}

impl Decode for IdentityLinkTbe {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(IdentityLinkTbe {
            pseudonymous_credential_signature: r.bytes_at_most("a signature", MAX_SIGNATURE_LEN)?,
            client_credential: Credential::decode(r)?,
        })
    }
}

//! Who stamps in a room.

use std::fmt;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Rule, Writer};

use super::{Hex, PseudonymousCredential};
use crate::limits::{
    MAX_CERTIFICATE_LEN, MAX_CERTIFICATES, MAX_IDENTITY_LEN, MAX_SIGNATURE_KEY_LEN,
};

/// `Credential` of MLS (RFC 9420 §5.3), of the two types that the RFC defines or
/// pseudonymous. Another type is a decode error that names it.
///
/// Whatever the type, one vector with a variable-length size follows it, so that
/// an MLS library can carry credentials that it does not know.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// A bare identity; for MIMI the octets of a MIMI URI.
    Basic(Bytes),
    /// A chain of DER certificates, the subject's own first.
    X509(Vec<Bytes>),
    /// Pseudonyms, and an encrypted credential of the other two types.
    Pseudonymous(Box<PseudonymousCredential>),
}

const BASIC: u16 = 1;
const X509: u16 = 2;
const PSEUDONYMOUS: u16 = 0xf0a2;

impl Credential {
    /// The number of its type (RFC 9420 §17.5); a pseudonymous one has 0xf0a2, which
    /// is for private use, as no draft assigns one.
    #[must_use]
    pub fn credential_type(&self) -> u16 {
        match self {
            Credential::Basic(_) => BASIC,
            Credential::X509(_) => X509,
            Credential::Pseudonymous(_) => PSEUDONYMOUS,
        }
    }

    /// What stands inside of the vector behind the type: the identity of a basic
    /// credential, the list of certificates of an X.509 one, the struct of a
    /// pseudonymous one.
    ///
    /// # Errors
    /// When a part is too long to be encoded.
    pub fn content(&self) -> Result<Bytes, EncodeError> {
        match self {
            Credential::Basic(identity) => Ok(identity.clone()),
            Credential::X509(chain) => {
                Writer::write(|w| chain.iter().for_each(|certificate| w.opaque(certificate)))
                    .map(Bytes::from)
            }
            Credential::Pseudonymous(credential) => credential.to_vec().map(Bytes::from),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Credential::Basic(identity) => f
                .debug_tuple("Basic")
                .field(&String::from_utf8_lossy(identity))
                .finish(),
            Credential::X509(chain) => write!(f, "X509({} certificates)", chain.len()),
            Credential::Pseudonymous(credential) => credential.fmt(f),
        }
    }
}

impl Encode for Credential {
    fn encode(&self, w: &mut Writer) {
        match self {
            Credential::Basic(identity) => {
                w.u16(BASIC);
                w.opaque(identity);
            }
            Credential::X509(chain) => {
                w.u16(X509);
                w.vector(|w| chain.iter().for_each(|certificate| w.opaque(certificate)));
            }
            Credential::Pseudonymous(credential) => {
                w.u16(PSEUDONYMOUS);
                w.vector(|w| credential.encode(w));
            }
        }
    }
}

impl Decode for Credential {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u16()? {
            BASIC => r
                .bytes_at_most("an identity", MAX_IDENTITY_LEN)
                .map(Credential::Basic),
            X509 => r
                .list_at_most("an X.509 credential", MAX_CERTIFICATES, |r| {
                    r.bytes_at_most("a certificate", MAX_CERTIFICATE_LEN)
                })
                .map(Credential::X509),
            PSEUDONYMOUS => {
                let mut content = r.vector()?;
                let credential = PseudonymousCredential::decode(&mut content)?;
                content.finish()?;
                Ok(Credential::Pseudonymous(Box::new(credential)))
            }
            other => Err(r.error_at(
                start,
                Rule::Unknown {
                    what: "CredentialType",
                    value: other.into(),
                },
            )),
        }
    }
}

/// `FrankingAgentData`: who stamps in a room and the key to check it with; the
/// `franking_agent` component 0x0021 of the GroupContext (PROTO, "Message
/// Franking"). Also the format of its AppDataUpdate.
#[derive(Clone, PartialEq, Eq)]
pub struct FrankingAgent {
    /// The public key, of the signature scheme of the group's cipher suite.
    pub signature_key: Bytes,
    /// Whose key it is: a credential in the hub's domain.
    pub credential: Credential,
}

impl FrankingAgent {
    /// An agent with a basic credential.
    #[must_use]
    pub fn basic(signature_key: impl Into<Bytes>, identity: &MimiUri) -> Self {
        FrankingAgent {
            signature_key: signature_key.into(),
            credential: Credential::Basic(Bytes::copy_from_slice(identity.as_str().as_bytes())),
        }
    }

    /// The agent of a group whose `app_data_dictionary` is `dictionary`, if it
    /// has one.
    ///
    /// # Errors
    /// When the component is malformed; the offset counts from the start of its
    /// value.
    pub fn from_dictionary(dictionary: &ComponentMap) -> Result<Option<Self>, DecodeError> {
        dictionary
            .get(ComponentId::FRANKING_AGENT)
            .map(Self::from_bytes)
            .transpose()
    }

    /// The dictionary entry for this agent.
    ///
    /// # Errors
    /// When a part is too long for a vector.
    pub fn to_component(&self) -> Result<(ComponentId, Bytes), EncodeError> {
        Ok((ComponentId::FRANKING_AGENT, self.to_vec()?.into()))
    }
}

impl fmt::Debug for FrankingAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrankingAgent")
            .field("signature_key", &Hex(&self.signature_key))
            .field("credential", &self.credential)
            .finish()
    }
}

impl Encode for FrankingAgent {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.signature_key);
        self.credential.encode(w);
    }
}

impl Decode for FrankingAgent {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(FrankingAgent {
            signature_key: r.bytes_at_most("a signature key", MAX_SIGNATURE_KEY_LEN)?,
            credential: Credential::decode(r)?,
        })
    }
}

//! The structs that travel, with their exact encodings.

use std::fmt;

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{
    Decode, DecodeError, Encode, EncodeError, Reader, Rule, Writer, mls_label,
};
use mimi_content::{MimiUri, Timestamp};
use openmls_traits::types::{Ciphersuite, SignatureScheme, VerifiableCiphersuite};

use crate::limits::{
    MAX_CERTIFICATES, MAX_NOTE_LEN, MAX_REPORTED_MESSAGES, MAX_SIGNATURE_KEY_LEN, MAX_SIGNATURE_LEN,
};

/// `CipherSuite`: number of an MLS cipher suite (RFC 9420 §17.1). Open: unknown
/// numbers are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CipherSuite(pub u16);

impl CipherSuite {
    /// The signature scheme of the suite, if the suite is known.
    #[must_use]
    pub fn signature_scheme(self) -> Option<SignatureScheme> {
        Ciphersuite::try_from(self.0)
            .ok()
            .map(|suite| suite.signature_algorithm())
    }
}

impl From<Ciphersuite> for CipherSuite {
    fn from(suite: Ciphersuite) -> Self {
        CipherSuite(VerifiableCiphersuite::from(suite).value())
    }
}

impl fmt::Display for CipherSuite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#06x}", self.0)
    }
}

impl Encode for CipherSuite {
    fn encode(&self, w: &mut Writer) {
        w.u16(self.0);
    }
}

impl Decode for CipherSuite {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.u16().map(CipherSuite)
    }
}

/// `Frank`: the hub's stamp on a message (PROTO, "Submit a Message").
#[derive(Clone, PartialEq, Eq)]
pub struct Frank {
    /// HMAC-SHA256 of tag and context under a key that only the hub has.
    pub server_frank: [u8; 32],
    /// The cipher suite of the room's MLS group when the hub stamped.
    pub ciphersuite: CipherSuite,
    /// The hub's signature over [`FrankingIntegrityTbs`].
    pub integrity_signature: Bytes,
}

impl fmt::Debug for Frank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frank")
            .field("server_frank", &Hex(&self.server_frank))
            .field("ciphersuite", &self.ciphersuite)
            .field("integrity_signature", &Hex(&self.integrity_signature))
            .finish()
    }
}

impl Encode for Frank {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.server_frank);
        self.ciphersuite.encode(w);
        w.opaque(&self.integrity_signature);
    }
}

impl Decode for Frank {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Frank {
            server_frank: r.array()?,
            ciphersuite: CipherSuite::decode(r)?,
            integrity_signature: bounded(r, "a signature", MAX_SIGNATURE_LEN)?,
        })
    }
}

/// `ServerFrankingContext`: what the hub vouches for besides the content
/// (PROTO, "Hub processing").
///
/// Followers never see it whole: the sender stays inside the ciphertext, and
/// receivers put the context together again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFrankingContext {
    /// The user, or pseudonym, that was asserted to the hub.
    pub sender_uri: MimiUri,
    /// The room.
    pub room_uri: MimiUri,
    /// When the hub accepted the message.
    pub accepted_timestamp: Timestamp,
}

impl Encode for ServerFrankingContext {
    fn encode(&self, w: &mut Writer) {
        self.sender_uri.encode(w);
        self.room_uri.encode(w);
        self.accepted_timestamp.encode(w);
    }
}

impl Decode for ServerFrankingContext {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ServerFrankingContext {
            sender_uri: MimiUri::decode(r)?,
            room_uri: MimiUri::decode(r)?,
            accepted_timestamp: Timestamp::decode(r)?,
        })
    }
}

/// `FrankingIntegrityTBS`: what the hub signs so that no follower can alter the
/// stamp (PROTO, "Hub processing").
#[derive(Clone, PartialEq, Eq)]
pub struct FrankingIntegrityTbs {
    /// As in [`Frank::server_frank`]: 32 octets without a length.
    pub server_frank: [u8; 32],
    /// As in [`Frank::ciphersuite`].
    pub ciphersuite: CipherSuite,
    /// The context that `server_frank` covers.
    pub context: ServerFrankingContext,
}

impl FrankingIntegrityTbs {
    /// The label of the signature.
    pub const LABEL: &'static str = "FrankingIntegrityTBS";

    /// The octets that the signature is made over: the `SignContent` of
    /// SignWithLabel (RFC 9420 §5.1.2).
    ///
    /// # Errors
    /// When a URI is too long for a vector.
    pub fn sign_content(&self) -> Result<Vec<u8>, EncodeError> {
        mls_label(Self::LABEL, &self.to_vec()?)
    }
}

impl fmt::Debug for FrankingIntegrityTbs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrankingIntegrityTbs")
            .field("server_frank", &Hex(&self.server_frank))
            .field("ciphersuite", &self.ciphersuite)
            .field("context", &self.context)
            .finish()
    }
}

impl Encode for FrankingIntegrityTbs {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.server_frank);
        self.ciphersuite.encode(w);
        self.context.encode(w);
    }
}

impl Decode for FrankingIntegrityTbs {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(FrankingIntegrityTbs {
            server_frank: r.array()?,
            ciphersuite: CipherSuite::decode(r)?,
            context: ServerFrankingContext::decode(r)?,
        })
    }
}

/// `Credential` of MLS (RFC 9420 §5.3), of the two types that the RFC defines.
/// Another type is a decode error that names it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// A bare identity; for MIMI the octets of a MIMI URI.
    Basic(Bytes),
    /// A chain of DER certificates, the subject's own first.
    X509(Vec<Bytes>),
}

const BASIC: u16 = 1;
const X509: u16 = 2;

impl Credential {
    /// The number of its type (RFC 9420 §17.5).
    #[must_use]
    pub fn credential_type(&self) -> u16 {
        match self {
            Credential::Basic(_) => BASIC,
            Credential::X509(_) => X509,
        }
    }

    /// What stands inside of the vector behind the type: the identity of a basic
    /// credential, the list of certificates of an X.509 one.
    ///
    /// # Errors
    /// When a certificate is too long to be encoded.
    pub fn content(&self) -> Result<Bytes, EncodeError> {
        match self {
            Credential::Basic(identity) => Ok(identity.clone()),
            Credential::X509(chain) => {
                let mut w = Writer::new();
                chain.iter().for_each(|certificate| w.opaque(certificate));
                w.finish().map(Bytes::from)
            }
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
        }
    }
}

impl Decode for Credential {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u16()? {
            BASIC => r.opaque_bytes().map(Credential::Basic),
            X509 => at_most(r, "an X.509 credential", MAX_CERTIFICATES, |r| {
                r.opaque_bytes()
            })
            .map(Credential::X509),
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

    /// The URI in a basic credential; `None` for other credentials, and for an
    /// identity that is not a MIMI URI in normal form.
    #[must_use]
    pub fn identity(&self) -> Option<MimiUri> {
        match &self.credential {
            Credential::Basic(identity) => MimiUri::parse(std::str::from_utf8(identity).ok()?).ok(),
            Credential::X509(_) => None,
        }
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
            signature_key: bounded(r, "a signature key", MAX_SIGNATURE_KEY_LEN)?,
            credential: Credential::decode(r)?,
        })
    }
}

/// `AbuseType`: the kind of abuse reported (PROTO, "Report abuse"). Open: the
/// draft registers no kind yet, and numbers are kept as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AbuseType(pub u8);

impl AbuseType {
    /// The one value that the draft names: no kind given.
    pub const RESERVED: AbuseType = AbuseType(0);
}

impl Encode for AbuseType {
    fn encode(&self, w: &mut Writer) {
        w.u8(self.0);
    }
}

impl Decode for AbuseType {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.u8().map(AbuseType)
    }
}

/// `AbusiveMessage`: one message shown to the hub with its stamp (PROTO, "Report
/// abuse"). Made from [`Evidence`](crate::Evidence). `Debug` does not show the
/// content.
#[derive(Clone, PartialEq, Eq)]
pub struct AbusiveMessage {
    /// The plaintext of the MLS message, framing included.
    pub message_content: Bytes,
    /// The stamp that came with it.
    pub frank: Frank,
    /// The hub's time of acceptance that came with it.
    pub accepted_timestamp: Timestamp,
}

impl fmt::Debug for AbusiveMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbusiveMessage")
            .field(
                "message_content",
                &format_args!("{} octets", self.message_content.len()),
            )
            .field("frank", &self.frank)
            .field("accepted_timestamp", &self.accepted_timestamp)
            .finish()
    }
}

impl Encode for AbusiveMessage {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.message_content);
        self.frank.encode(w);
        self.accepted_timestamp.encode(w);
    }
}

impl Decode for AbusiveMessage {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(AbusiveMessage {
            message_content: r.opaque_bytes()?,
            frank: Frank::decode(r)?,
            accepted_timestamp: Timestamp::decode(r)?,
        })
    }
}

/// `AbuseReport`: the body of a `reportAbuse` request (PROTO, "Report abuse").
/// `Debug` shows neither the note nor any content.
#[derive(Clone, PartialEq, Eq)]
pub struct AbuseReport {
    /// Who reports; an empty string on the wire when not told.
    pub reporting_user: Option<MimiUri>,
    /// Who is said to have sent the messages.
    pub alleged_abuser: MimiUri,
    /// The kind of abuse.
    pub reason: AbuseType,
    /// Words of the reporter for a moderator, perhaps none.
    pub note: String,
    /// The messages; a report may do without.
    pub messages: Vec<AbusiveMessage>,
    /// `abuse_extensions`.
    pub extensions: ComponentMap,
}

impl fmt::Debug for AbuseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbuseReport")
            .field("reporting_user", &self.reporting_user)
            .field("alleged_abuser", &self.alleged_abuser)
            .field("reason", &self.reason)
            .field("note", &format_args!("{} octets", self.note.len()))
            .field("messages", &self.messages)
            .field("extensions", &self.extensions)
            .finish()
    }
}

impl Encode for AbuseReport {
    fn encode(&self, w: &mut Writer) {
        match &self.reporting_user {
            Some(user) => user.encode(w),
            None => w.opaque(&[]),
        }
        self.alleged_abuser.encode(w);
        self.reason.encode(w);
        w.opaque(self.note.as_bytes());
        w.list(&self.messages);
        self.extensions.encode(w);
    }
}

impl Decode for AbuseReport {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(AbuseReport {
            reporting_user: optional_uri(r)?,
            alleged_abuser: MimiUri::decode(r)?,
            reason: AbuseType::decode(r)?,
            note: note(r)?,
            messages: at_most(
                r,
                "an abuse report",
                MAX_REPORTED_MESSAGES,
                AbusiveMessage::decode,
            )?,
            extensions: ComponentMap::decode(r)?,
        })
    }
}

/// A URI whose absence is an empty string.
fn optional_uri(r: &mut Reader<'_>) -> Result<Option<MimiUri>, DecodeError> {
    let mut ahead = r.clone();
    if ahead.opaque()?.is_empty() {
        *r = ahead;
        return Ok(None);
    }
    MimiUri::decode(r).map(Some)
}

fn note(r: &mut Reader<'_>) -> Result<String, DecodeError> {
    let start = r.offset();
    let text = r.utf8()?;
    if text.len() > MAX_NOTE_LEN {
        let (what, max) = ("a note", MAX_NOTE_LEN);
        return Err(r.error_at(start, Rule::Limit { what, max }));
    }
    Ok(text.to_owned())
}

/// An `opaque<V>` of at most `max` octets.
fn bounded(r: &mut Reader<'_>, what: &'static str, max: usize) -> Result<Bytes, DecodeError> {
    let start = r.offset();
    let content = r.opaque_bytes()?;
    if content.len() > max {
        return Err(r.error_at(start, Rule::Limit { what, max }));
    }
    Ok(content)
}

/// A vector of at most `max` items.
fn at_most<'a, T>(
    r: &mut Reader<'a>,
    what: &'static str,
    max: usize,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let mut count: usize = 0;
    r.list_with(|r| {
        count = count.saturating_add(1);
        if count > max {
            return Err(r.error(Rule::Limit { what, max }));
        }
        read(r)
    })
}

/// Shows octets as hexadecimal digits.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Debug for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

//! `keyMaterial`: claiming KeyPackages for all clients of a user (PROTO,
//! "Fetch Key Material").

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::{Decode, DecodeError, Encode, EncodeError, Reader, Writer, mls_label_of};

use super::limits::{MAX_CIPHER_SUITES, MAX_CLIENTS};
use super::mls::{
    Capabilities, CipherSuite, Credential, KeyPackage, RequiredCapabilities, unknown,
};
use super::protocol::{Protocol, broken, encode_uri_or_empty, uri_or_empty};

/// What the requester signs, and what all but the signature of a
/// [`KeyMaterialRequest`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMaterialRequestTbs {
    /// The user on whose behalf it is asked.
    pub requesting_user: MimiUri,
    /// The user whose clients are wanted.
    pub target_user: MimiUri,
    /// The room they are wanted for. Absent means an empty string on the wire.
    pub room_id: Option<MimiUri>,
    /// Suites the requester can use, one at least.
    pub acceptable_cipher_suites: Vec<CipherSuite>,
    /// What the KeyPackages must support.
    pub required_capabilities: RequiredCapabilities,
    /// Key that the signature verifies with.
    pub requester_signature_key: Bytes,
    /// Whose key it is.
    pub requester_credential: Credential,
}

impl KeyMaterialRequestTbs {
    /// The label for SignWithLabel.
    pub const LABEL: &'static str = "KeyMaterialRequestTBS";

    /// The octets to sign and verify, label included (RFC 9420 §5.1.2).
    ///
    /// # Errors
    /// When a field is too long to be encoded.
    pub fn sign_content(&self) -> Result<Vec<u8>, EncodeError> {
        mls_label_of(Self::LABEL, self)
    }
}

impl Encode for KeyMaterialRequestTbs {
    fn encode(&self, w: &mut Writer) {
        Protocol::Mls10.encode(w);
        self.requesting_user.encode(w);
        self.target_user.encode(w);
        encode_uri_or_empty(self.room_id.as_ref(), w);
        w.list(&self.acceptable_cipher_suites);
        self.required_capabilities.encode(w);
        w.opaque(&self.requester_signature_key);
        self.requester_credential.encode(w);
    }
}

impl Decode for KeyMaterialRequestTbs {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Protocol::decode(r)?;
        Ok(KeyMaterialRequestTbs {
            requesting_user: MimiUri::decode(r)?,
            target_user: MimiUri::decode(r)?,
            room_id: uri_or_empty(r)?,
            acceptable_cipher_suites: cipher_suites(r)?,
            required_capabilities: RequiredCapabilities::decode(r)?,
            requester_signature_key: r.opaque_bytes()?,
            requester_credential: Credential::decode(r)?,
        })
    }
}

fn cipher_suites(r: &mut Reader<'_>) -> Result<Vec<CipherSuite>, DecodeError> {
    let start = r.offset();
    let suites = r.list_at_most(
        "acceptable cipher suites",
        MAX_CIPHER_SUITES,
        Decode::decode,
    )?;
    if suites.is_empty() {
        return Err(broken(r, start, "no cipher suite is acceptable"));
    }
    Ok(suites)
}

/// Body of a `keyMaterial` request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMaterialRequest {
    /// What is asked.
    pub tbs: KeyMaterialRequestTbs,
    /// The requester's signature over
    /// [`sign_content`](KeyMaterialRequestTbs::sign_content), unchecked.
    pub signature: Bytes,
}

impl Encode for KeyMaterialRequest {
    fn encode(&self, w: &mut Writer) {
        self.tbs.encode(w);
        w.opaque(&self.signature);
    }
}

impl Decode for KeyMaterialRequest {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(KeyMaterialRequest {
            tbs: KeyMaterialRequestTbs::decode(r)?,
            signature: r.opaque_bytes()?,
        })
    }
}

/// How a key material request went for the user as a whole. Open: unknown
/// codes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyMaterialUserCode(pub u8);

impl KeyMaterialUserCode {
    /// Key material for every client.
    pub const SUCCESS: Self = Self(0);
    /// Key material for some clients.
    pub const PARTIAL_SUCCESS: Self = Self(1);
    /// The provider or all clients lack the protocol.
    pub const INCOMPATIBLE_PROTOCOL: Self = Self(2);
    /// No client has what the required capabilities ask.
    pub const NO_COMPATIBLE_MATERIAL: Self = Self(3);
    /// No such user.
    pub const USER_UNKNOWN: Self = Self(4);
    /// The user has not consented, or the provider does not say why not.
    pub const NO_CONSENT: Self = Self(5);
    /// The user has not consented for this room.
    pub const NO_CONSENT_FOR_THIS_ROOM: Self = Self(6);
    /// There was such a user.
    pub const USER_DELETED: Self = Self(7);

    /// Whether a response with this code may list clients.
    #[must_use]
    pub fn lists_clients(self) -> bool {
        matches!(
            self,
            Self::SUCCESS | Self::PARTIAL_SUCCESS | Self::NO_COMPATIBLE_MATERIAL
        )
    }
}

/// What one client of the user has to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientStatus {
    /// A KeyPackage.
    Success(Box<KeyPackage>),
    /// Nothing is left.
    KeyMaterialExhausted,
    /// Nothing that meets the required capabilities; with the client's own, if
    /// the provider tells.
    NothingCompatible(Option<Capabilities>),
}

/// One client's part of a [`KeyMaterialResponse`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKeyMaterial {
    /// The client.
    pub client_uri: MimiUri,
    /// What it has to offer.
    pub status: ClientStatus,
}

impl Encode for ClientKeyMaterial {
    fn encode(&self, w: &mut Writer) {
        w.u8(match self.status {
            ClientStatus::Success(_) => 0,
            ClientStatus::KeyMaterialExhausted => 1,
            ClientStatus::NothingCompatible(_) => 2,
        });
        self.client_uri.encode(w);
        match &self.status {
            ClientStatus::Success(key_package) => key_package.encode(w),
            ClientStatus::KeyMaterialExhausted => {}
            ClientStatus::NothingCompatible(capabilities) => {
                w.optional(capabilities.as_ref(), |w, c| c.encode(w));
            }
        }
    }
}

impl Decode for ClientKeyMaterial {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let code = r.u8()?;
        let client_uri = MimiUri::decode(r)?;
        let status = match code {
            0 => ClientStatus::Success(Box::new(KeyPackage::decode(r)?)),
            1 => ClientStatus::KeyMaterialExhausted,
            2 => ClientStatus::NothingCompatible(r.optional(Capabilities::decode)?),
            value => return Err(r.error_at(start, unknown("KeyMaterialClientCode", value))),
        };
        Ok(ClientKeyMaterial { client_uri, status })
    }
}

/// Body of the answer to a `keyMaterial` request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMaterialResponse {
    /// How it went.
    pub user_status: KeyMaterialUserCode,
    /// The user asked for.
    pub user_uri: MimiUri,
    /// The user's clients; empty unless the code
    /// [`lists_clients`](KeyMaterialUserCode::lists_clients).
    pub clients: Vec<ClientKeyMaterial>,
}

impl KeyMaterialResponse {
    /// An answer that lists clients, with the user code that follows from
    /// theirs: success if all have material, partial success if some have.
    #[must_use]
    pub fn of_clients(user_uri: MimiUri, clients: Vec<ClientKeyMaterial>) -> Self {
        let with = clients
            .iter()
            .filter(|c| matches!(c.status, ClientStatus::Success(_)))
            .count();
        let user_status = match with {
            0 => KeyMaterialUserCode::NO_COMPATIBLE_MATERIAL,
            all if all == clients.len() => KeyMaterialUserCode::SUCCESS,
            _ => KeyMaterialUserCode::PARTIAL_SUCCESS,
        };
        KeyMaterialResponse {
            user_status,
            user_uri,
            clients,
        }
    }

    /// An answer without clients.
    #[must_use]
    pub fn failure(user_uri: MimiUri, user_status: KeyMaterialUserCode) -> Self {
        KeyMaterialResponse {
            user_status,
            user_uri,
            clients: Vec::new(),
        }
    }
}

impl Encode for KeyMaterialResponse {
    fn encode(&self, w: &mut Writer) {
        Protocol::Mls10.encode(w);
        w.u8(self.user_status.0);
        self.user_uri.encode(w);
        w.list(&self.clients);
    }
}

impl Decode for KeyMaterialResponse {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Protocol::decode(r)?;
        let user_status = r.u8().map(KeyMaterialUserCode)?;
        let user_uri = MimiUri::decode(r)?;
        let start = r.offset();
        let clients = r.list_at_most("clients of a user", MAX_CLIENTS, Decode::decode)?;
        if !clients.is_empty() && !user_status.lists_clients() {
            return Err(broken(r, start, "a failed request lists no clients"));
        }
        Ok(KeyMaterialResponse {
            user_status,
            user_uri,
            clients,
        })
    }
}

//! Becoming the hub of a room.

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_franking::FrankingAgent;
use mimi_policy::{Denied, Invalid, RoomPolicy};

use super::keys::Keys;
use super::room::{BEYOND, Room};
use super::state::Book;
use crate::delivery::Corrupt;
use crate::engine::{CryptoProvider, Env, IdentityError, ask_identity};
use crate::labels::verify_group_info;
use crate::mls::change::{Joined, presented};
use crate::mls::context;
use crate::mls::public::PublicRoomGroup;
use crate::mls::roster::Roster;
use crate::mls::{ContextError, GroupInfoError, PublicError};
use crate::wire::EncodeError;
use crate::wire::mls::{Credential, ExtensionType, GroupInfo, RatchetTree};

/// A room that a local client has created.
#[derive(Debug, Clone)]
pub struct NewRoom {
    /// The room; its domain is the hub's.
    pub room: MimiUri,
    /// The group's first GroupInfo, without the tree.
    pub group_info: GroupInfo,
    /// The tree.
    pub ratchet_tree: RatchetTree,
}

/// Why a group cannot become a room here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// The room is of another provider.
    #[error("{0} is no room of this hub")]
    NotOurs(MimiUri),
    /// The group cannot be followed.
    #[error(transparent)]
    Mls(#[from] PublicError),
    /// The GroupInfo does not serve those who join later.
    #[error(transparent)]
    GroupInfo(#[from] GroupInfoError),
    /// The group's context does not fit a room.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The policy components are invalid.
    #[error(transparent)]
    Policy(#[from] Invalid),
    /// The policy does not admit the members.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A member's credential names nobody.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The metadata names another room (PROTO, "Room Metadata").
    #[error("the metadata is of another room, {0}")]
    OtherRoom(MimiUri),
    /// Franks of this hub could not be verified (PROTO, "Message Franking"), be it that
    /// the host gave the hub an agent with another name.
    #[error("the franking agent is not the one that this hub has for this cipher suite")]
    OtherAgent,
    /// The hub's own identity cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The state cannot be built.
    #[error(transparent)]
    State(#[from] Corrupt),
}

impl Room {
    /// Becomes the hub of a group that a local client has created (PROTO, "Alice
    /// Creates a Room"). The host writes a snapshot before it says so.
    ///
    /// # Errors
    /// When the group is not one of a room of this hub, or breaks its own
    /// policy.
    pub fn create<P: CryptoProvider>(
        new: &NewRoom,
        env: &Env<'_, P, Keys>,
    ) -> Result<Self, CreateError> {
        let crypto = env.provider.crypto();
        if new.room.domain() != env.keys.identity.domain() {
            return Err(CreateError::NotOurs(new.room.clone()));
        }
        let group = PublicRoomGroup::from_external(crypto, &new.group_info, &new.ratchet_tree)?;
        let dictionary = context::check(group.context(), &env.keys.sender_bytes()?)?;
        if let Some(agent) = dictionary.get(ComponentId::FRANKING_AGENT) {
            let own = env.keys.franker.agent_for(group.ciphersuite().into());
            let own = own.filter(|own| is_named(own, &env.keys.identity));
            let own = own.map(Encode::to_vec).transpose()?;
            if own.as_deref() != Some(agent) {
                return Err(CreateError::OtherAgent);
            }
        }
        let policy = RoomPolicy::from_components(&dictionary)?;
        let named = policy.metadata().map(|metadata| &metadata.room);
        if let Some(other) = named.filter(|named| **named != new.room) {
            return Err(CreateError::OtherRoom(other.clone()));
        }
        check_joinable(&group, &new.group_info, crypto)?;
        let mut joined = Vec::new();
        for (_, key, credential) in group.members() {
            let identified = ask_identity(env.identity, &presented(&credential, &key))?;
            joined.push(Joined::new(&key, identified));
        }
        let members = group.members().map(|(leaf, key, _)| (leaf, key));
        let roster = Roster::default()
            .after(members, &joined)
            .unwrap_or_default();
        policy.may_begin(&roster.index(), &BEYOND)?;
        let group_info = new.group_info.as_bytes().clone();
        let book = Book::new(new.room.clone(), group_info, roster);
        Ok(Room::assemble(group, book)?)
    }
}

/// Whether an agent with a basic credential is called as the hub is; of whom
/// certificates speak, receivers have to find out.
fn is_named(agent: &FrankingAgent, hub: &MimiUri) -> bool {
    match &agent.credential {
        Credential::Basic(identity) => *identity == hub.as_str().as_bytes(),
        Credential::X509(_) => true,
        _ => false,
    }
}

/// The first GroupInfo must serve those who join externally in the first epoch.
fn check_joinable(
    group: &PublicRoomGroup,
    info: &GroupInfo,
    crypto: &impl openmls_traits::crypto::OpenMlsCrypto,
) -> Result<(), GroupInfoError> {
    let has = |wanted| info.extensions.iter().any(|e| e.extension_type == wanted);
    if !has(ExtensionType::EXTERNAL_PUB) {
        return Err(GroupInfoError::ExternalPub);
    }
    let signer = group.members().find(|(leaf, _, _)| *leaf == info.signer);
    let (_, key, _) = signer.ok_or(GroupInfoError::Signer(info.signer))?;
    verify_group_info(crypto, &key, info).map_err(|_| GroupInfoError::Signature)
}

//! Creating a room.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap, ComponentsList};
use mimi_content::media::{MediaType, MediaTypeList};
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiUri, Timestamp};
use mimi_franking::FrankingAgent;
use mimi_policy::{BaseRoomPolicy, Participant, ParticipantList, RoleList, RoomMetadata};
use openmls_traits::types::Ciphersuite;

use super::error::Rejection;
use super::keys::{Keys, MIMI_CONTENT, Prepared};
use super::meta::Meta;
use super::room::Room;
use crate::engine::{CryptoProvider, Env, Presented, ask_identity};
use crate::mls::member::MemberGroup;
use crate::wire::mls::{ExternalSender, GroupInfo, RatchetTree};

/// A room to be created (PROTO, "Alice Creates a Room").
#[derive(Debug, Clone)]
pub struct NewGroup {
    /// The room.
    pub room: MimiUri,
    /// Its MLS group's ID.
    pub group_id: Vec<u8>,
    /// The suite.
    pub cipher_suite: Ciphersuite,
    /// The hub as an external sender.
    pub hub: ExternalSender,
    /// The hub as franking agent; without one, messages cannot be reported.
    pub franking_agent: Option<FrankingAgent>,
    /// The roles, for instance [`mimi_policy::presets::cooperative()`].
    pub roles: RoleList,
    /// The base policy.
    pub base: BaseRoomPolicy,
    /// Name and the like.
    pub metadata: RoomMetadata,
    /// The creator's role, and any other participants.
    pub participants: Vec<Participant>,
    /// The other policy components that the room begins with, encoded.
    pub components: ComponentMap,
}

/// A room that was created, and what makes the provider its hub.
#[derive(Debug)]
pub struct Created {
    /// The creator's room; to be written by its snapshot.
    pub room: Room,
    /// The first GroupInfo, without the tree.
    pub group_info: GroupInfo,
    /// The tree.
    pub ratchet_tree: RatchetTree,
}

impl Room {
    /// Creates the MLS group of a room, with this client as its only member.
    ///
    /// # Errors
    /// When the policy does not hold together or does not admit the creator.
    pub fn create<P: CryptoProvider>(
        new: &NewGroup,
        env: &Env<'_, P, Keys>,
    ) -> Result<Created, Rejection> {
        let prepared = Prepared::new(env.keys)?;
        let own = prepared.own(env.keys);
        let hub_sender = Bytes::from(new.hub.to_vec()?);
        let components = components(new)?;
        let group = MemberGroup::create(
            env.provider,
            &own,
            new.cipher_suite,
            &new.group_id,
            &components,
            &hub_sender,
        )?;
        let group_info = GroupInfo::from_bytes(&group.group_info(env.provider, &own)?)?;
        let ratchet_tree = RatchetTree::from_bytes(&group.ratchet_tree()?)?;
        let user = own_user(env)?;
        // Nobody else is in the room, so nothing was stamped in it.
        let since = Timestamp::default();
        let meta = Meta::new(new.room.clone(), user, hub_sender, since);
        Ok(Created {
            room: Room::assemble(group, meta, env)?,
            group_info,
            ratchet_tree,
        })
    }
}

/// Who this client's credential says it is.
pub(super) fn own_user<P: CryptoProvider>(env: &Env<'_, P, Keys>) -> Result<MimiUri, Rejection> {
    let content = env.keys.credential.content()?;
    let presented = Presented {
        credential_type: env.keys.credential.credential_type(),
        content: &content,
        signature_key: &env.keys.signature_key,
    };
    Ok(ask_identity(env.identity, &presented)?.user)
}

/// The dictionary of a new room (PROTO, "Cryptographic room representation").
fn components(new: &NewGroup) -> Result<ComponentMap, Rejection> {
    let mut required = vec![
        ComponentId::APP_COMPONENTS,
        ComponentId::SAFE_AAD,
        ComponentId::CONTENT_MEDIA_TYPES,
        ComponentId::FRANK_AAD,
        ComponentId::PARTICIPANT_LIST,
        ComponentId::ROOM_METADATA,
        ComponentId::ROLES_LIST,
        ComponentId::BASE_ROOM_POLICY,
    ];
    let mut map = new.components.clone();
    required.extend(map.iter().map(|(id, _)| id));
    if let Some(agent) = &new.franking_agent {
        let (id, data) = agent.to_component()?;
        map.insert(id, data);
        required.push(id);
    }
    let participants = ParticipantList::new(new.participants.clone())
        .map_err(|rule| Rejection::Content(rule.to_string()))?;
    let safe_aad = ComponentsList(vec![ComponentId::FRANK_AAD]);
    let media_types = MediaTypeList(vec![MediaType::new(MIMI_CONTENT)]);
    for (id, data) in [
        (
            ComponentId::APP_COMPONENTS,
            ComponentsList(required).to_vec()?,
        ),
        (ComponentId::SAFE_AAD, safe_aad.to_vec()?),
        (ComponentId::CONTENT_MEDIA_TYPES, media_types.to_vec()?),
        (ComponentId::PARTICIPANT_LIST, participants.to_vec()?),
        (ComponentId::ROOM_METADATA, new.metadata.to_vec()?),
        (ComponentId::ROLES_LIST, new.roles.to_vec()?),
        (ComponentId::BASE_ROOM_POLICY, new.base.to_vec()?),
    ] {
        map.insert(id, data);
    }
    Ok(map)
}

//! `base_room_policy`: the rules above all roles (POLICY, "Base Room policy
//! component syntax").

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::limits::MAX_POLICY_COMPONENTS;

/// `BaseRoomPolicy`: the data of `base_room_policy`, and the whole content of
/// an update to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseRoomPolicy {
    /// `fixed_membership`: the users are those named at creation; only their
    /// clients come and go.
    pub fixed_membership: bool,
    /// `parent_room`: the room whose participants this one draws on, if it
    /// depends on one. On the wire also `parent_dependant`, true exactly when
    /// this is present.
    pub parent_room: Option<MimiUri>,
    /// `multi_device`: whether a user may have several clients in the group.
    pub multi_device: bool,
    /// `max_clients` of the group.
    pub max_clients: Option<u32>,
    /// `max_users`: entries of the participant list that are not banned.
    pub max_users: Option<u32>,
    /// `pseudonyms_allowed` in the credentials of members.
    pub pseudonyms_allowed: bool,
    /// `persistent_room`: the room outlives its last client.
    pub persistent_room: bool,
    /// `discoverable`: the room can be searched for.
    pub discoverable: bool,
    /// `policy_component_ids`: the other policy components of this room.
    pub policy_components: Vec<ComponentId>,
}

impl Default for BaseRoomPolicy {
    /// No limits, several devices per user, private and temporary.
    fn default() -> Self {
        BaseRoomPolicy {
            fixed_membership: false,
            parent_room: None,
            multi_device: true,
            max_clients: None,
            max_users: None,
            pseudonyms_allowed: false,
            persistent_room: false,
            discoverable: false,
            policy_components: Vec::new(),
        }
    }
}

impl Encode for BaseRoomPolicy {
    fn encode(&self, w: &mut Writer) {
        w.boolean(self.fixed_membership);
        w.boolean(self.parent_room.is_some());
        w.list(self.parent_room.as_slice());
        w.boolean(self.multi_device);
        w.optional(self.max_clients.as_ref(), |w, max| w.u32(*max));
        w.optional(self.max_users.as_ref(), |w, max| w.u32(*max));
        w.boolean(self.pseudonyms_allowed);
        w.boolean(self.persistent_room);
        w.boolean(self.discoverable);
        w.list(&self.policy_components);
    }
}

impl Decode for BaseRoomPolicy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(BaseRoomPolicy {
            fixed_membership: r.boolean()?,
            parent_room: parent(r)?,
            multi_device: r.boolean()?,
            max_clients: r.optional(Reader::u32)?,
            max_users: r.optional(Reader::u32)?,
            pseudonyms_allowed: r.boolean()?,
            persistent_room: r.boolean()?,
            discoverable: r.boolean()?,
            policy_components: r.list_at_most(
                "the number of policy components",
                MAX_POLICY_COMPONENTS,
                ComponentId::decode,
            )?,
        })
    }
}

/// `parent_dependant` and `parent_room`, which is there exactly if the first
/// is true.
fn parent(r: &mut Reader<'_>) -> Result<Option<MimiUri>, DecodeError> {
    let dependent = r.boolean()?;
    let start = r.offset();
    let mut rooms = r.list_at_most("the number of parent rooms", 1, MimiUri::decode)?;
    let parent = rooms.pop();
    if parent.is_some() != dependent {
        return Err(r.error_at(
            start,
            Rule::Structure("a parent room is there if and only if the room depends on one"),
        ));
    }
    Ok(parent)
}

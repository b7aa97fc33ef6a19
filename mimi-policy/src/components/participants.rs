//! `participant_list`: who is in the room, and in which role (PROTO,
//! "Participant List").

mod list;

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};
use mimi_content::{MimiUri, UriRef};

use crate::limits::MAX_PARTICIPANTS;

pub(crate) use list::Edit;
pub use list::ParticipantList;

/// `UserRolePair`: a user and its one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The user; for a policy enforcer its provider or service.
    pub user: MimiUri,
    /// Index of its role in the `roles_list`; never 0.
    pub role: u32,
}

/// An entry of a [`ParticipantList`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The user; for a policy enforcer its provider or service.
    pub user: UriRef<'a>,
    /// Index of its role in the `roles_list`; never 0.
    pub role: u32,
}

impl From<Entry<'_>> for Participant {
    fn from(entry: Entry<'_>) -> Self {
        Participant {
            user: entry.user.to_uri(),
            role: entry.role,
        }
    }
}

/// `UserindexRolePair`: a participant moves to another role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleMove {
    /// Position in the list at the start of the epoch.
    pub index: u32,
    /// The new role; never 0.
    pub role: u32,
}

/// `ParticipantListUpdate`: the content of an AppDataUpdate for
/// `participant_list`.
///
/// All indices mean the list at the start of the epoch. Role changes come
/// first, then removals, then the additions are appended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParticipantListUpdate {
    /// `changedRoleParticipants`.
    pub changed: Vec<RoleMove>,
    /// `removedIndices`.
    pub removed: Vec<u32>,
    /// `addedParticipants`.
    pub added: Vec<Participant>,
}

impl ParticipantListUpdate {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.removed.is_empty() && self.added.is_empty()
    }
}

impl Encode for Participant {
    fn encode(&self, w: &mut Writer) {
        self.user.encode(w);
        w.u32(self.role);
    }
}

impl Decode for Participant {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Participant {
            user: MimiUri::decode(r)?,
            role: r.u32()?,
        })
    }
}

impl Encode for RoleMove {
    fn encode(&self, w: &mut Writer) {
        w.u32(self.index);
        w.u32(self.role);
    }
}

impl Decode for RoleMove {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(RoleMove {
            index: r.u32()?,
            role: r.u32()?,
        })
    }
}

impl Encode for ParticipantListUpdate {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.changed);
        w.list(&self.removed);
        w.list(&self.added);
    }
}

impl Decode for ParticipantListUpdate {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ParticipantListUpdate {
            changed: r.list_at_most(
                "the number of role changes",
                MAX_PARTICIPANTS,
                RoleMove::decode,
            )?,
            removed: r.list_at_most("the number of removals", MAX_PARTICIPANTS, u32::decode)?,
            added: participants(r)?,
        })
    }
}

fn participants(r: &mut Reader<'_>) -> Result<Vec<Participant>, DecodeError> {
    r.list_at_most(
        "the number of participants",
        MAX_PARTICIPANTS,
        Participant::decode,
    )
}

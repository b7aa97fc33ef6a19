//! `participant_list`: who is in the room, and in which role (PROTO,
//! "Participant List").

use std::collections::BTreeMap;

use mimi_content::MimiUri;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::limits::{self, MAX_PARTICIPANTS};

/// `UserRolePair`: a user and its one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The user; for a policy enforcer its provider or service.
    pub user: MimiUri,
    /// Index of its role in the `roles_list`; never 0.
    pub role: u32,
}

/// `ParticipantListData`: every user once, in order of arrival.
///
/// Updates name users by their position here, so the order is part of the
/// value. Looking a user up takes logarithmic time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParticipantList {
    entries: Vec<Participant>,
    by_user: BTreeMap<MimiUri, usize>,
}

impl ParticipantList {
    /// A list of these entries.
    ///
    /// # Errors
    /// When there are more than [`MAX_PARTICIPANTS`], a user is there twice, or
    /// a role is 0, which POLICY, "Role-Based Access Control", reserves for
    /// those who are not in the list.
    pub fn new(entries: Vec<Participant>) -> Result<Self, Rule> {
        if entries.len() > MAX_PARTICIPANTS {
            return Err(Rule::Limit {
                what: "the number of participants",
                max: MAX_PARTICIPANTS,
            });
        }
        let mut by_user = BTreeMap::new();
        for (index, entry) in entries.iter().enumerate() {
            if entry.role == 0 {
                return Err(Rule::Structure("a participant has role 0"));
            }
            if by_user.insert(entry.user.clone(), index).is_some() {
                return Err(Rule::Structure("a user is in the list twice"));
            }
        }
        Ok(ParticipantList { entries, by_user })
    }

    /// The entry at `index`, counted from 0.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<&Participant> {
        self.entries.get(usize::try_from(index).ok()?)
    }

    /// Where `user` stands in the list.
    #[must_use]
    pub fn index_of(&self, user: &MimiUri) -> Option<u32> {
        let index = self.by_user.get(user)?;
        u32::try_from(*index).ok()
    }

    /// The index of the role of `user`.
    #[must_use]
    pub fn role_of(&self, user: &MimiUri) -> Option<u32> {
        let index = self.by_user.get(user)?;
        self.entries.get(*index).map(|entry| entry.role)
    }

    /// Whether `user` is in the list, in whatever role.
    #[must_use]
    pub fn contains(&self, user: &MimiUri) -> bool {
        self.by_user.contains_key(user)
    }

    /// The entries in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Participant> {
        self.entries.iter()
    }

    /// How many entries there are, banned ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
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

impl Encode for ParticipantList {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.entries);
    }
}

impl Decode for ParticipantList {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let entries = participants(r)?;
        ParticipantList::new(entries).map_err(|rule| r.error_at(start, rule))
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
            changed: limits::list(
                r,
                "the number of role changes",
                MAX_PARTICIPANTS,
                RoleMove::decode,
            )?,
            removed: limits::list(r, "the number of removals", MAX_PARTICIPANTS, u32::decode)?,
            added: participants(r)?,
        })
    }
}

fn participants(r: &mut Reader<'_>) -> Result<Vec<Participant>, DecodeError> {
    limits::list(
        r,
        "the number of participants",
        MAX_PARTICIPANTS,
        Participant::decode,
    )
}

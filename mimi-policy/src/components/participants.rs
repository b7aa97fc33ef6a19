//! `participant_list`: who is in the room, and in which role (PROTO,
//! "Participant List").

use std::fmt;
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use mimi_content::{MimiUri, UriRef};

use crate::limits::{self, MAX_PARTICIPANTS};

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

/// `ParticipantListData`: every user once, in order of arrival.
///
/// Updates name users by their position here, so the order is part of the
/// value. The list is kept as its encoding, with twelve octets an entry beside
/// it to find users by; looking one up takes logarithmic time, whatever the
/// users are called.
#[derive(Clone)]
pub struct ParticipantList {
    /// The whole encoding.
    octets: Bytes,
    index: Arc<Index>,
}

/// Where entries start, and who is where.
#[derive(Debug, Default)]
struct Index {
    /// For each entry, the offset of its first octet in the encoding.
    starts: Vec<u32>,
    /// For each entry, the upper 48 bits of the hash of its user above the 16
    /// bits of its position; in the order of hashes, then users.
    by_user: Vec<u64>,
}

// A position takes 16 bits.
const _: () = assert!(MAX_PARTICIPANTS <= 1 << 16);

impl ParticipantList {
    /// A list of these entries.
    ///
    /// # Errors
    /// When there are more than [`MAX_PARTICIPANTS`], a user is there twice, or
    /// a role is 0, which POLICY, "Role-Based Access Control", reserves for
    /// those who are not in the list.
    pub fn new(entries: Vec<Participant>) -> Result<Self, Rule> {
        let mut w = Writer::new();
        w.list(&entries);
        let octets = w.finish().map_err(|_| TOO_MANY)?;
        Self::from_bytes(&octets.into()).map_err(|error| error.rule)
    }

    /// The entry at `index`, counted from 0.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<Entry<'_>> {
        let (user, role) = self.raw(usize::try_from(index).ok()?)?;
        let user = UriRef::assume_normal(std::str::from_utf8(user).ok()?);
        Some(Entry { user, role })
    }

    /// Where `user` stands in the list.
    #[must_use]
    pub fn index_of<'u>(&self, user: impl Into<UriRef<'u>>) -> Option<u32> {
        let wanted = user.into().as_str().as_bytes();
        let hash = hash(wanted);
        let by_user = &self.index.by_user;
        let found = by_user.binary_search_by(|slot| {
            let order = (slot >> 16).cmp(&hash);
            order.then_with(|| self.index.user(&self.octets, *slot).cmp(wanted))
        });
        let slot = by_user.get(found.ok()?)?;
        u32::try_from(position(*slot)).ok()
    }

    /// The index of the role of `user`.
    #[must_use]
    pub fn role_of<'u>(&self, user: impl Into<UriRef<'u>>) -> Option<u32> {
        let index = usize::try_from(self.index_of(user)?).ok()?;
        self.raw(index).map(|(_, role)| role)
    }

    /// Whether `user` is in the list, in whatever role.
    #[must_use]
    pub fn contains<'u>(&self, user: impl Into<UriRef<'u>>) -> bool {
        self.index_of(user).is_some()
    }

    /// The entries in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Entry<'_>> {
        // No list is longer than a `u32` counts, and each of its users is a URI.
        let none = Entry {
            user: UriRef::assume_normal(""),
            role: 0,
        };
        (0..self.len()).map(move |at| {
            let entry = u32::try_from(at).ok().and_then(|at| self.get(at));
            entry.unwrap_or(none)
        })
    }

    /// How many entries there are, banned ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.starts.len()
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.starts.is_empty()
    }

    /// The encoding, sharing this list's memory.
    pub(crate) fn to_bytes(&self) -> Bytes {
        self.octets.clone()
    }

    /// The octets of the user, and the role, of the entry at a position.
    fn raw(&self, at: usize) -> Option<(&[u8], u32)> {
        self.index.entry(&self.octets, at)
    }
}

/// What a set of updates makes of a list.
#[derive(Debug, Default)]
pub(crate) struct Edit {
    /// New roles by position, in increasing order of these.
    pub(crate) changed: Vec<(u32, u32)>,
    /// Positions that go, in increasing order.
    pub(crate) removed: Vec<u32>,
    /// Who comes, in order. None of them is in the list, and none twice.
    pub(crate) added: Vec<Participant>,
}

impl ParticipantList {
    /// The list after an edit, which has been checked.
    ///
    /// # Errors
    /// When it would be too long.
    pub(crate) fn edited(&self, edit: &Edit) -> Result<Self, Rule> {
        let kept = self.len().saturating_sub(edit.removed.len());
        let len = kept.saturating_add(edit.added.len());
        if len > MAX_PARTICIPANTS {
            return Err(TOO_MANY);
        }
        let mut w = Writer::new();
        let mut starts = Vec::with_capacity(len);
        // Where each entry stands then; `None` if it is gone.
        let mut places: Vec<Option<u64>> = Vec::with_capacity(self.len());
        let mut changed = edit.changed.iter().peekable();
        let mut removed = edit.removed.iter().peekable();
        let mut content = 0_usize;
        w.vector(|w| {
            let entries = (0..self.len()).filter_map(|at| self.raw(at));
            for (at, (user, role)) in (0_u32..).zip(entries) {
                if removed.next_if(|gone| **gone == at).is_some() {
                    places.push(None);
                    continue;
                }
                let moved = changed.next_if(|(place, _)| *place == at);
                places.push(u64::try_from(starts.len()).ok());
                starts.push(content);
                content = content.saturating_add(entry_len(user));
                w.opaque(user);
                w.u32(moved.map_or(role, |(_, role)| *role));
            }
            for added in &edit.added {
                starts.push(content);
                content = content.saturating_add(entry_len(added.user.as_str().as_bytes()));
                added.encode(w);
            }
        });
        let octets = Bytes::from(w.finish().map_err(|_| TOO_MANY)?);
        if edit.removed.is_empty() && edit.added.is_empty() {
            let index = Arc::clone(&self.index);
            return Ok(ParticipantList { octets, index });
        }
        let prefix = octets.len().saturating_sub(content);
        let start = |start: &usize| u32::try_from(start.saturating_add(prefix)).unwrap_or(u32::MAX);
        // Whoever stays has the same hash, and stands somewhere else.
        let moved = |slot: &u64| Some(slot & !0xffff | places.get(position(*slot)).copied()??);
        let mut by_user: Vec<u64> = Vec::with_capacity(len);
        by_user.extend(self.index.by_user.iter().filter_map(moved));
        let first = u64::try_from(kept).unwrap_or(u64::MAX);
        by_user.extend(
            (first..)
                .zip(&edit.added)
                .map(|(at, added)| hash(added.user.as_str().as_bytes()) << 16 | at),
        );
        let starts = starts.iter().map(start).collect();
        let mut index = Index { starts, by_user };
        index.sort(&octets);
        Ok(ParticipantList {
            octets,
            index: Arc::new(index),
        })
    }
}

impl Index {
    /// The octets of the user, and the role, of the entry at a position.
    fn entry<'a>(&self, octets: &'a [u8], at: usize) -> Option<(&'a [u8], u32)> {
        let start = usize::try_from(*self.starts.get(at)?).ok()?;
        let mut r = Reader::new(octets.get(start..)?);
        Some((r.opaque().ok()?, r.u32().ok()?))
    }

    /// The user in a slot of `by_user`.
    fn user<'a>(&self, octets: &'a [u8], slot: u64) -> &'a [u8] {
        self.entry(octets, position(slot))
            .map_or(&[], |(user, _)| user)
    }

    /// Brings `by_user` into its order.
    fn sort(&mut self, octets: &[u8]) {
        self.by_user.sort_unstable();
        let collide = |pair: &[u64]| matches!(pair, [one, next] if one >> 16 == next >> 16);
        if self.by_user.windows(2).any(collide) {
            let mut by_user = std::mem::take(&mut self.by_user);
            by_user.sort_unstable_by(|one, next| {
                let order = (one >> 16).cmp(&(next >> 16));
                order.then_with(|| self.user(octets, *one).cmp(self.user(octets, *next)))
            });
            self.by_user = by_user;
        }
    }

    /// Whether a user is there twice, once it is sorted.
    fn repeats(&self, octets: &[u8]) -> bool {
        let same = |pair: &[u64]| match pair {
            [one, next] if one >> 16 == next >> 16 => {
                self.user(octets, *one) == self.user(octets, *next)
            }
            _ => false,
        };
        self.by_user.windows(2).any(same)
    }
}

const TOO_MANY: Rule = Rule::Limit {
    what: "the number of participants",
    max: MAX_PARTICIPANTS,
};

/// How many octets an entry takes.
fn entry_len(user: &[u8]) -> usize {
    // A URI is at most 1024 octets long.
    let prefix = if user.len() < 64 { 1 } else { 2 };
    user.len().saturating_add(prefix).saturating_add(4)
}

/// 48 bits of a hash. That anyone can make users collide does no harm: the
/// users themselves decide the order then.
fn hash(user: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(user);
    hasher.finish() >> 16
}

/// The position in a slot of the index.
fn position(slot: u64) -> usize {
    usize::try_from(slot & 0xffff).unwrap_or(usize::MAX)
}

impl PartialEq for ParticipantList {
    fn eq(&self, other: &Self) -> bool {
        self.octets == other.octets
    }
}

impl Eq for ParticipantList {}

impl Default for ParticipantList {
    fn default() -> Self {
        ParticipantList {
            octets: Bytes::from_static(&[0]),
            index: Arc::default(),
        }
    }
}

impl fmt::Debug for ParticipantList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
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
        w.raw(&self.octets);
    }
}

impl Decode for ParticipantList {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let mut index = Index::default();
        let mut reserved = false;
        let octets = r.raw(|r| {
            let mut entries = r.vector()?;
            while !entries.is_empty() {
                let at = index.starts.len();
                if at >= MAX_PARTICIPANTS {
                    return Err(entries.error(TOO_MANY));
                }
                let offset = entries.offset().saturating_sub(start);
                let user = UriRef::decode(&mut entries)?;
                reserved |= entries.u32()? == 0;
                index.starts.push(u32::try_from(offset).unwrap_or(u32::MAX));
                let slot = hash(user.as_str().as_bytes()) << 16;
                index
                    .by_user
                    .push(slot | u64::try_from(at).unwrap_or(u64::MAX));
            }
            Ok(())
        })?;
        if reserved {
            return Err(r.error_at(start, Rule::Structure("a participant has role 0")));
        }
        index.sort(&octets);
        if index.repeats(&octets) {
            return Err(r.error_at(start, Rule::Structure("a user is in the list twice")));
        }
        Ok(ParticipantList {
            octets,
            index: Arc::new(index),
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

//! The list of all participants, kept as its encoding.

use std::fmt;
use std::hash::Hasher;
use std::sync::Arc;

use bytes::Bytes;
use mimi_content::UriRef;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use rustc_hash::FxHasher;

use super::{Entry, Participant};
use crate::limits::MAX_PARTICIPANTS;

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

/// Octets of a role.
const ROLE_LEN: usize = 4;

/// Where entries start, and who is where.
#[derive(Debug, Default)]
struct Index {
    /// For each entry, the offset of its first octet in the encoding; then that
    /// of the end.
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
        let octets = Writer::write(|w| w.list(&entries)).map_err(|_| TOO_MANY)?;
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
        u32::try_from(self.find(user.into())?).ok()
    }

    #[inline]
    fn find(&self, user: UriRef<'_>) -> Option<usize> {
        let wanted = user.as_str().as_bytes();
        let hash = hash(wanted);
        let user = |slot: &u64| self.index.user(&self.octets, *slot);
        let by_user = &self.index.by_user;
        let first = by_user.partition_point(|slot| slot >> 16 < hash);
        let slot = by_user.get(first).filter(|slot| **slot >> 16 == hash)?;
        if user(slot) == wanted {
            return Some(position(*slot));
        }
        // Others with this hash, in the order of their users.
        let same = by_user.get(first..)?;
        let same = same.get(..same.partition_point(|slot| slot >> 16 == hash))?;
        let found = same.binary_search_by(|slot| user(slot).cmp(wanted));
        same.get(found.ok()?).copied().map(position)
    }

    /// The index of the role of `user`.
    #[must_use]
    pub fn role_of<'u>(&self, user: impl Into<UriRef<'u>>) -> Option<u32> {
        let at = self.find(user.into())?;
        self.raw(at).map(|(_, role)| role)
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
        self.index.by_user.len()
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.by_user.is_empty()
    }

    /// The encoding, sharing this list's memory.
    pub(crate) fn to_bytes(&self) -> Bytes {
        self.octets.clone()
    }

    /// The octets of the user, and the role, of the entry at a position.
    #[inline]
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
        let octets = Writer::write(|w| w.vector(|w| self.write_edited(edit, w)));
        let octets = Bytes::from(octets.map_err(|_| TOO_MANY)?);
        let index = if edit.removed.is_empty() && edit.added.is_empty() {
            Arc::clone(&self.index)
        } else {
            let entries = Reader::new(&octets).vector().map_err(|_| TOO_MANY)?;
            Arc::new(self.index.edited(edit, entries.offset(), &octets))
        };
        Ok(ParticipantList { octets, index })
    }

    fn write_edited(&self, edit: &Edit, w: &mut Writer) {
        let mut copied = self.index.start(0);
        for (place, role) in edit.places() {
            // Up to the role of whom it changes, or up to whom it removes.
            let (start, end) = (
                self.index.start(place),
                self.index.start(place.saturating_add(1)),
            );
            let (until, then) = match role {
                Some(_) => (end.saturating_sub(ROLE_LEN), end),
                None => (start, end),
            };
            w.raw(self.octets.get(copied..until).unwrap_or_default());
            role.into_iter().for_each(|role| w.u32(role));
            copied = then;
        }
        w.raw(self.octets.get(copied..).unwrap_or_default());
        edit.added.iter().for_each(|added| added.encode(w));
    }
}

impl Edit {
    /// The positions that it changes or removes, in increasing order, with the
    /// new roles of those that stay.
    fn places(&self) -> impl Iterator<Item = (u32, Option<u32>)> {
        let mut changed = self.changed.iter().peekable();
        let mut removed = self.removed.iter().peekable();
        std::iter::from_fn(move || match (changed.peek(), removed.peek()) {
            (Some((place, _)), Some(gone)) if *gone < place => removed.next().map(|at| (*at, None)),
            (Some(_), _) => changed.next().map(|(place, role)| (*place, Some(*role))),
            (None, _) => removed.next().map(|at| (*at, None)),
        })
    }
}

impl Index {
    /// The octets of the user, and the role, of the entry at a position.
    #[inline]
    fn entry<'a>(&self, octets: &'a [u8], at: usize) -> Option<(&'a [u8], u32)> {
        let (start, end) = (*self.starts.get(at)?, *self.starts.get(at.checked_add(1)?)?);
        let entry = octets.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)?;
        let (user, role) = entry.split_last_chunk::<ROLE_LEN>()?;
        // RFC 9420 §2.1.2: the two upper bits tell how long the length is.
        let prefix = if *user.first()? < 0x40 { 1 } else { 2 };
        Some((user.get(prefix..)?, u32::from_be_bytes(*role)))
    }

    /// Where the entry at a position starts, or where the last one ends.
    fn start(&self, at: u32) -> usize {
        let start = usize::try_from(at).ok().and_then(|at| self.starts.get(at));
        start.map_or(usize::MAX, |start| {
            usize::try_from(*start).unwrap_or(usize::MAX)
        })
    }

    /// The index of a list after an edit: of its octets, entries start after
    /// `prefix`.
    fn edited(&self, edit: &Edit, prefix: usize, octets: &[u8]) -> Index {
        let mut index = Index::default();
        index
            .starts
            .reserve(self.starts.len().saturating_add(edit.added.len()));
        index
            .by_user
            .reserve(self.starts.len().saturating_add(edit.added.len()));
        // Where each entry stands then; none if it is gone.
        let mut places: Vec<Option<u64>> = Vec::with_capacity(self.starts.len());
        let mut removed = edit.removed.iter().peekable();
        let mut end = u32::try_from(prefix).unwrap_or(u32::MAX);
        for (at, bounds) in (0_u32..).zip(self.starts.windows(2)) {
            if removed.next_if(|gone| **gone == at).is_some() {
                places.push(None);
                continue;
            }
            places.push(u64::try_from(index.starts.len()).ok());
            index.starts.push(end);
            if let [start, next] = bounds {
                end = end.saturating_add(next.saturating_sub(*start));
            }
        }
        // Whoever stays has the same hash, and stands somewhere else.
        let moved = |slot: &u64| Some(slot & !0xffff | places.get(position(*slot)).copied()??);
        index.by_user.extend(self.by_user.iter().filter_map(moved));
        for added in &edit.added {
            let user = added.user.as_str().as_bytes();
            index.push(end, user);
            let prefix = if user.len() < 0x40 { 1 } else { 2 };
            let len = user.len().saturating_add(prefix).saturating_add(ROLE_LEN);
            end = end.saturating_add(u32::try_from(len).unwrap_or(u32::MAX));
        }
        index.starts.push(end);
        index.sort(octets);
        index
    }

    /// Appends an entry that starts at `start`.
    fn push(&mut self, start: u32, user: &[u8]) {
        let at = u64::try_from(self.starts.len()).unwrap_or(u64::MAX);
        self.by_user.push(hash(user) << 16 | at);
        self.starts.push(start);
    }

    /// The user in a slot of `by_user`.
    #[inline]
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

/// 48 bits of a hash. That anyone can make users collide does no harm: the
/// users themselves decide the order then.
#[inline]
fn hash(user: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(user);
    hasher.finish() >> 16
}

/// The position in a slot of the index.
#[inline]
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
            index: Arc::new(Index {
                starts: vec![1],
                by_user: Vec::new(),
            }),
        }
    }
}

impl fmt::Debug for ParticipantList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
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
        let offset = |entries: &Reader<'_>| {
            u32::try_from(entries.offset().saturating_sub(start)).unwrap_or(u32::MAX)
        };
        let (octets, ()) = r.raw(|r| {
            let mut entries = r.vector()?;
            while !entries.is_empty() {
                if index.starts.len() >= MAX_PARTICIPANTS {
                    return Err(entries.error(TOO_MANY));
                }
                let offset = offset(&entries);
                let user = UriRef::decode(&mut entries)?;
                reserved |= entries.u32()? == 0;
                index.push(offset, user.as_str().as_bytes());
            }
            index.starts.push(offset(&entries));
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

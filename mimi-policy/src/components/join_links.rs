//! `join_link_policy` and `join_links`: links that let their holders in (POLICY,
//! "Join Link policies component").

use std::collections::BTreeSet;

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

use crate::components::uri::Uri;
use crate::error::clause::{JOIN_LINKS, OURS};
use crate::limits::{MAX_JOIN_LINK_LEN, MAX_JOIN_LINKS};
use crate::words::Counted;

/// `JoinLinkPolicy`: the data of `join_link_policy`, and the whole content of
/// an update to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinLinkPolicy {
    /// `on_request`: links are fetched or generated one by one, and the room
    /// keeps one at most.
    pub on_request: bool,
    /// `join_link`: where clients can ask for a link. The text of the draft
    /// calls it `link_requests`.
    pub request_uri: Option<Uri>,
    /// `multiuser`: several users can join with the same link.
    pub multiuser: bool,
    /// `expiration`: how long a link is valid after it was made, in seconds.
    pub expiration: u32,
}

/// Why a join link does not let its holder in any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinLinkRefused {
    /// Its time is over.
    #[error(
        "the join link has expired {seconds} seconds ago (POLICY, \"Join Link policies component\")"
    )]
    Expired {
        /// For how long, in seconds.
        seconds: u64,
    },
    /// It is for one user, and one has joined with it.
    #[error(
        "the join link is for one user and was used already (POLICY, \"Join Link policies component\")"
    )]
    Used,
}

impl JoinLinkPolicy {
    /// Whether a link still lets someone in who joins at `now`, when it was made
    /// at `created` and `uses` users have joined with it. Times are in seconds
    /// since the Unix epoch.
    ///
    /// A link is valid for less than [`JoinLinkPolicy::expiration`]: with 0 it
    /// never is. A clock that was set back does not make it expire.
    ///
    /// # Errors
    /// With the reason why not.
    pub fn accepts(&self, created: u64, now: u64, uses: u32) -> Result<(), JoinLinkRefused> {
        let age = now.saturating_sub(created);
        if let Some(seconds) = age.checked_sub(self.expiration.into()) {
            return Err(JoinLinkRefused::Expired { seconds });
        }
        if !self.multiuser && uses > 0 {
            return Err(JoinLinkRefused::Used);
        }
        Ok(())
    }

    /// Whether the room may keep these links: one at most if links are made on
    /// request.
    #[must_use]
    pub fn allows(&self, links: &JoinLinks) -> bool {
        !self.on_request || links.0.len() <= 1
    }
}

/// `JoinLink`: a link that is active. Whoever knows it may be let in, so
/// `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct JoinLink(pub Bytes);

impl std::fmt::Debug for JoinLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JoinLink({} octets)", self.0.len())
    }
}

/// `JoinLinksData`: the data of `join_links`. Updates name links by their
/// position, so the order is part of the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JoinLinks(pub Vec<JoinLink>);

/// `JoinLinksUpdate`: the content of an AppDataUpdate for `join_links`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JoinLinksUpdate {
    /// `removedIndices`: positions in the list before the update.
    pub removed: Vec<u32>,
    /// `added_links`: appended after the removals.
    pub added: Vec<JoinLink>,
}

/// Why an update does not fit a list of join links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinLinksError {
    /// An index does not name a link.
    #[error(
        "index {index} is past the end of the list of {} ({JOIN_LINKS})",
        Counted(*.len, "join link")
    )]
    IndexPastEnd {
        /// The index.
        index: u32,
        /// How many links there are.
        len: usize,
    },
    /// A link is removed twice.
    #[error("join link {0} is removed twice ({JOIN_LINKS})")]
    RemovedTwice(u32),
    /// The list would grow beyond what this implementation holds.
    #[error("the room would have {0} join links, and {MAX_JOIN_LINKS} is the most ({OURS})")]
    TooMany(usize),
}

impl JoinLinksError {
    /// The clause of the drafts that is broken, which the sentence cites. Where
    /// the limit is one of this crate, the text says so.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        match self {
            JoinLinksError::IndexPastEnd { .. } | JoinLinksError::RemovedTwice(_) => JOIN_LINKS,
            JoinLinksError::TooMany(_) => OURS,
        }
    }
}

impl JoinLinks {
    /// The list that `update` makes of this one.
    ///
    /// # Errors
    /// When an index is past the end or there twice, or the list becomes longer
    /// than [`MAX_JOIN_LINKS`].
    pub fn updated(&self, update: &JoinLinksUpdate) -> Result<JoinLinks, JoinLinksError> {
        let len = self.0.len();
        let mut removed = BTreeSet::new();
        for &index in &update.removed {
            let position = usize::try_from(index).ok().filter(|at| *at < len);
            let position = position.ok_or(JoinLinksError::IndexPastEnd { index, len })?;
            if !removed.insert(position) {
                return Err(JoinLinksError::RemovedTwice(index));
            }
        }
        let left = len.saturating_sub(removed.len());
        let len = left.saturating_add(update.added.len());
        if len > MAX_JOIN_LINKS {
            return Err(JoinLinksError::TooMany(len));
        }
        let kept = self.0.iter().enumerate();
        let kept = kept.filter(|(position, _)| !removed.contains(position));
        let kept = kept.map(|(_, link)| link);
        Ok(JoinLinks(kept.chain(&update.added).cloned().collect()))
    }
}

impl Encode for JoinLinkPolicy {
    fn encode(&self, w: &mut Writer) {
        w.boolean(self.on_request);
        Uri::encode_optional(self.request_uri.as_ref(), w);
        w.boolean(self.multiuser);
        w.u32(self.expiration);
    }
}

impl Decode for JoinLinkPolicy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(JoinLinkPolicy {
            on_request: r.boolean()?,
            request_uri: Uri::decode_optional(r)?,
            multiuser: r.boolean()?,
            expiration: r.u32()?,
        })
    }
}

impl Encode for JoinLink {
    fn encode(&self, w: &mut Writer) {
        w.opaque(&self.0);
    }
}

impl Decode for JoinLink {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.bytes_at_most("the length of a join link", MAX_JOIN_LINK_LEN)
            .map(JoinLink)
    }
}

impl Encode for JoinLinks {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.0);
    }
}

impl Decode for JoinLinks {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        links(r).map(JoinLinks)
    }
}

impl Encode for JoinLinksUpdate {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.removed);
        w.list(&self.added);
    }
}

impl Decode for JoinLinksUpdate {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(JoinLinksUpdate {
            removed: r.list_at_most(
                "the number of join links removed",
                MAX_JOIN_LINKS,
                u32::decode,
            )?,
            added: links(r)?,
        })
    }
}

fn links(r: &mut Reader<'_>) -> Result<Vec<JoinLink>, DecodeError> {
    r.list_at_most("the number of join links", MAX_JOIN_LINKS, JoinLink::decode)
}

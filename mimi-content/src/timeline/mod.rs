//! The messages of one room as people see them.
//!
//! What a client receives is a stream of messages about messages: edits,
//! deletes, reactions, reports of who has read what. Some refer to messages that
//! have not arrived or never will, some are not allowed to do what they ask for,
//! and any may come twice. What people want to see is a list: every message
//! once, in its present form. A [`Timeline`] makes the one from the other, and
//! says after each step what to draw anew.
//!
//! ```
//! use mimi_content::timeline::{Change, Inserted, Received, State, Timeline, sender_only};
//! use mimi_content::{MessageId, MimiContent, MimiUri, NestedPart, Salt, Timestamp};
//!
//! let room = MimiUri::parse("mimi://b.example/r/clubhouse")?;
//! let receive = |sender: &MimiUri, accepted, content: MimiContent<'static>| {
//!     let octets = content.encode();
//!     Ok::<_, Box<dyn std::error::Error>>(Received {
//!         id: MessageId::compute(
//!             sender.as_str(),
//!             room.as_str(),
//!             &octets,
//!             &content.salt,
//!         )?,
//!         sender: sender.clone(),
//!         accepted: Timestamp::from_millis(accepted),
//!         content,
//!     })
//! };
//! let alice = MimiUri::parse("mimi://a.example/u/alice")?;
//! let bob = MimiUri::parse("mimi://b.example/u/bob")?;
//!
//! // Alice asks something, Bob agrees.
//! let body = NestedPart::plain("Could I borow a pen?");
//! let question = receive(&alice, 1_000, MimiContent::new(Salt::new([1; 16]), body))?;
//! let asked = question.id;
//! let body = NestedPart::reaction("👍");
//! let content = MimiContent::new(Salt::new([2; 16]), body).with_reply_to(asked);
//! let consent = receive(&bob, 2_000, content)?;
//!
//! // In whatever order both arrive, the reaction is found at the question.
//! let mut timeline = Timeline::new();
//! assert_eq!(timeline.insert(consent, sender_only), Inserted::Held);
//! let changes = [Change::Added(asked), Change::Reactions(asked)];
//! assert_eq!(
//!     timeline.insert(question, sender_only),
//!     Inserted::Changed(changes.into())
//! );
//!
//! // Then Alice corrects her spelling, or more than that.
//! let edit = NestedPart::plain("Could I borrow your car?");
//! let content = MimiContent::new(Salt::new([3; 16]), edit.clone()).with_replaces(asked);
//! timeline.insert(receive(&alice, 3_000, content)?, sender_only);
//!
//! for message in timeline.messages(..) {
//!     assert_eq!(message.sender(), &alice);
//!     assert_eq!(message.state(), State::Present(&edit));
//!     assert!(message.is_edited());
//!     for reaction in message.reactions() {
//!         assert_eq!(reaction.content(), &NestedPart::reaction("👍"));
//!         assert!(reaction.users().eq([&bob]));
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it decides
//!
//! - **Order** is that of the hub's timestamps, then of IDs (CONTENT, "Topics /
//!   Threading"). The order of arrival decides nothing: whoever has received
//!   the same messages and reports sees the same, and has an equal `Timeline`.
//! - **Edits and deletes** take effect if the rule allows that is given to
//!   [`Timeline::insert`]; see [`sender_only`]. They change the body, and the
//!   topic where the rule grants that; what else they say differently is in
//!   [`Version::ignored`]. Of several edits the last in order is shown. One that
//!   is refused is forgotten but for its ID, and what refers to it refers to
//!   nothing.
//! - **A delete is final**: nothing that comes before or after it in order
//!   brings the content back. Who wants to say more sends a new message. So a
//!   moderator's delete cannot be undone by an edit, nor by a hub that shuffles
//!   timestamps.
//! - **Gone is gone**: the content of all versions of a deleted or expired
//!   message is dropped, and with it the salt, as a guess at a short text could
//!   be checked with that against the message ID.
//! - **`replaces` names the first version** of a message (CONTENT, "Edit"). One
//!   that names an accepted later version is taken as meant for the first, since
//!   such clients exist.
//! - **Reactions** are messages that name another and whose parts are all
//!   reactions. Each of the parts counts, and each user once for the same
//!   reaction. Edits and deletes work on them as on other messages.
//! - **Replies and reactions** mean one version of a message: see [`Reference`].
//!
//! # What it costs
//!
//! A step takes time logarithmic in what the timeline holds, whatever the
//! messages refer to and in whichever order they come. Three things are more, and
//! paid for by those who cause them: what has waited for a message is placed when
//! it arrives, each once; a message that goes away is erased with all its
//! versions, once; and a reaction counts part by part. Chains of replies are never
//! followed to find loops, and nothing is recursive. Which number a version has
//! is added up in steps of some hundred versions; as a rule there are few.
//!
//! All that is held belongs to messages that were received, except statuses of
//! others: these are limited by [`MAX_HELD_STATUSES`].
//!
//! # Saving
//!
//! With the feature `serde`, a timeline is saved as it is, the answers of rules
//! included. The format must take keys of maps that are not texts, as CBOR does. A
//! store is trusted: what comes back is not checked.
//!
//! # What it leaves to others
//!
//! It neither decodes nor checks what it is given. Quotes of a message in
//! replies to it change along with it, and are not among the changes: an
//! application that draws quotes compares [`Entry::in_reply_to`] of what is on
//! its screen with what changed. Blocked users, unknown media types and
//! notifications are its business, too.

mod chains;
mod entry;
mod expiry;
mod insert;
mod query;
mod ranked;
mod reactions;
mod rights;
mod state;
mod status;
mod store;
mod topics;
mod version;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::{MessageId, MimiContent, MimiUri, Timestamp};
use chains::Chains;
use status::Held;
use store::Store;
use topics::Topics;

pub use entry::{Entry, Reference, State};
pub use query::ReplyError;
pub use reactions::Reaction;
pub use rights::{Grant, Replacement, sender_only};
pub use status::MAX_HELD_STATUSES;
pub use version::{Field, Version};

/// The messages of one room as a client has received them.
///
/// Two are equal if they hold the same, in whatever order it arrived.
#[derive(Clone, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Timeline {
    stored: Store,
    /// All messages that stand for themselves, but reactions.
    order: BTreeSet<Position>,
    /// The same by topic.
    topics: Topics,
    /// Replacements and reactions, by the message which they name and which is
    /// not there.
    waiting: BTreeMap<MessageId, BTreeSet<MessageId>>,
    /// When which message expires.
    deadlines: BTreeSet<(Timestamp, MessageId)>,
    held: Held,
    chains: Chains,
}

/// A message as a client received it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Received {
    /// Its ID.
    pub id: MessageId,
    /// The user who sent it, as known by the MLS credential.
    pub sender: MimiUri,
    /// When the hub accepted it.
    pub accepted: Timestamp,
    /// What it says.
    pub content: MimiContent<'static>,
}

/// Where a message is in its room: by timestamp, then by ID (CONTENT, "Topics /
/// Threading").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Position {
    /// When the hub accepted it.
    pub accepted: Timestamp,
    /// Its ID.
    pub id: MessageId,
}

/// What [`Timeline::insert`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inserted {
    /// Nothing: a message of this ID is here already, with the same content or
    /// another (CONTENT, "General handling").
    Duplicate,
    /// The message waits for the one that it replaces or reacts to.
    Held,
    /// This is different now.
    Changed(BTreeSet<Change>),
}

/// What an application should draw anew. Messages are named by their first
/// version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Change {
    /// There is a new message. Statuses that waited for it are not named again.
    Added(MessageId),
    /// The body, the state, the topic or the versions of a message or reaction.
    Updated(MessageId),
    /// The reactions to a message.
    Reactions(MessageId),
    /// What became of the message of exactly this ID, at some user.
    Status(MessageId),
    /// The replacement of this ID is refused and forgotten. Nothing needs to be
    /// drawn; it might be logged.
    Refused(MessageId),
}

impl Timeline {
    /// A room without messages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Received {
    /// Its place in the order of messages.
    #[must_use]
    pub fn position(&self) -> Position {
        Position {
            accepted: self.accepted,
            id: self.id,
        }
    }
}

impl PartialEq for Timeline {
    fn eq(&self, other: &Self) -> bool {
        let Timeline {
            stored,
            order,
            topics,
            waiting,
            deadlines,
            held,
            // Follows from the messages, but its form from their arrival.
            chains: _,
        } = self;
        *stored == other.stored
            && *order == other.order
            && *topics == other.topics
            && *waiting == other.waiting
            && *deadlines == other.deadlines
            && *held == other.held
    }
}

impl Eq for Timeline {}

/// How much there is, but nothing that people wrote.
impl fmt::Debug for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timeline")
            .field("received", &self.stored.len())
            .field("messages", &self.order.len())
            .field(
                "waiting",
                &self.waiting.values().map(BTreeSet::len).sum::<usize>(),
            )
            .finish_non_exhaustive()
    }
}

//! What a receiver knows of the messages that a message refers to.

use mimi_content::timeline::{Grant, State, Timeline};
use mimi_content::{MimiContent, MimiUri};

/// What is known of the messages to which a message refers.
///
/// The default is right for a message that refers to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// About the message that `replaces` names; `None` if that is not known.
    pub replaced: Option<Replaced>,
    /// Whether the message that `inReplyTo` names has the topic of this one;
    /// `None` if that message is not known.
    pub in_topic: Option<bool>,
}

/// What is known of a message that is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replaced {
    /// Whether the sender of the replacement sent it.
    pub own: bool,
    /// Whether its first version is a reaction: see
    /// [`is_reaction`](super::is_reaction).
    pub is_reaction: bool,
    /// What the replacement would change of it, compared with what is shown
    /// now. If in doubt, it changes the body. Of no account for one that
    /// deletes.
    pub changes: Grant,
}

impl Facts {
    /// What `timeline` knows, before it has taken the message `content` of
    /// `sender`.
    #[must_use]
    pub fn new(timeline: &Timeline, sender: &MimiUri, content: &MimiContent<'_>) -> Self {
        let known = |id| timeline.get(&id);
        let topic = content.topic_id.as_bytes();
        Facts {
            replaced: content.replaces.and_then(known).map(|entry| Replaced {
                own: entry.sender() == sender,
                is_reaction: entry.is_reaction(),
                changes: Grant {
                    body: match entry.state() {
                        State::Present(body) => *body != content.body,
                        _ => true,
                    },
                    topic: entry.topic() != topic,
                },
            }),
            in_topic: content
                .in_reply_to
                .and_then(known)
                .map(|entry| entry.topic() == topic),
        }
    }
}

impl Replaced {
    /// Whether the body is to be changed. What changes nothing counts as well:
    /// it marks the message as edited.
    pub(super) fn sets_body(&self) -> bool {
        self.changes.body || !self.changes.topic
    }
}

//! What a replacement may change of a message.

use mimi_content::timeline::{Grant, Replacement};

use crate::capability::Capability;
use crate::policy::RoomPolicy;

/// The capabilities that a replacement takes; `None` where there is none, so
/// that nobody may.
pub(super) struct Rights {
    /// To edit the body, or to delete the message.
    pub(super) body: Option<Capability>,
    /// To change the topic.
    pub(super) topic: Option<Capability>,
}

/// The whole table: whose message it is, whether it is a reaction, and whether
/// it is deleted rather than edited.
pub(super) fn rights(own: bool, is_reaction: bool, is_delete: bool) -> Rights {
    let (body, topic) = match (own, is_reaction, is_delete) {
        (true, false, false) => (
            Some(Capability::EDIT_OWN_MESSAGE),
            Some(Capability::EDIT_OWN_TOPIC),
        ),
        (false, false, false) => (None, Some(Capability::EDIT_OTHER_TOPIC)),
        (true, true, false) => (Some(Capability::EDIT_REACTION), None),
        (false, true, false) => (None, None),
        (true, false, true) => (Some(Capability::DELETE_OWN_MESSAGE), None),
        (false, false, true) => (Some(Capability::DELETE_OTHER_MESSAGE), None),
        (true, true, true) => (Some(Capability::DELETE_OWN_REACTION), None),
        (false, true, true) => (Some(Capability::DELETE_OTHER_REACTION), None),
    };
    Rights { body, topic }
}

/// What `replacement` may change, as the roles of the room say (POLICY, "Message
/// Capabilities"): the rule for
/// [`Timeline::insert`](mimi_content::timeline::Timeline::insert).
///
/// Nobody edits what another wrote: no capability lets anyone. But whoever has
/// `canEditOtherTopic` changes the topic of it, and whatever body such a
/// replacement has is ignored.
///
/// `policy` is that of the epoch in which the replacement was sent. A timeline
/// asks again about replacements that waited for their message, possibly many
/// epochs later; so keep the policies for as long as messages may wait, by the
/// time from which they were in force. Cloning a policy is cheap.
///
/// ```
/// # use std::collections::BTreeMap;
/// # use mimi_content::Timestamp;
/// # use mimi_content::timeline::{Grant, Received, Replacement, Timeline};
/// # use mimi_policy::{RoomPolicy, messages};
/// fn take(
///     message: Received,
///     timeline: &mut Timeline,
///     policies: &BTreeMap<Timestamp, RoomPolicy>,
/// ) {
///     timeline.insert(message, |replacement: &Replacement<'_>| {
///         match policies.range(..=replacement.accepted).next_back() {
///             Some((_, policy)) => messages::grant(policy, replacement),
///             None => Grant::NOTHING,
///         }
///     });
/// }
/// ```
#[must_use]
pub fn grant(policy: &RoomPolicy, replacement: &Replacement<'_>) -> Grant {
    let Rights { body, topic } = rights(
        replacement.sender == replacement.original_sender,
        replacement.is_reaction,
        replacement.is_delete,
    );
    let can = |capability| policy.can(replacement.sender, capability);
    let sends = can(Capability::SEND_MESSAGE);
    Grant {
        body: sends && body.is_some_and(can),
        topic: sends && topic.is_some_and(can),
    }
}

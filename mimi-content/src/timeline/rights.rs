//! Who may change what of messages that were sent.

use crate::{MessageId, MimiUri, Timestamp};

/// A message that replaces another, as the rule that judges it sees it.
///
/// These are facts that stay the same, and none of the content: so a judgement
/// cannot depend on what else has arrived, or was deleted, by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replacement<'a> {
    /// The replacement.
    pub id: MessageId,
    /// Who sent it.
    pub sender: &'a MimiUri,
    /// When the hub accepted it.
    pub accepted: Timestamp,
    /// The first version of the message to be replaced.
    pub original: MessageId,
    /// Who sent that.
    pub original_sender: &'a MimiUri,
    /// When the hub accepted that.
    pub original_accepted: Timestamp,
    /// Whether what is to be replaced is a reaction.
    pub is_reaction: bool,
    /// Whether the replacement deletes, rather than edits.
    pub is_delete: bool,
}

/// What of a message a replacement may change. What is not granted keeps its
/// meaning (CONTENT, "Rendering and authorization of edits and deletes").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Grant {
    /// The body; for a replacement that deletes, whether it does.
    pub body: bool,
    /// The topic. Only a policy that grants so lets anybody change it, the
    /// original sender too (POLICY, "Message Capabilities": `canEditOwnTopic`
    /// and `canEditOtherTopic`).
    pub topic: bool,
}

impl Grant {
    /// Nothing: the replacement is refused.
    pub const NOTHING: Grant = Grant {
        body: false,
        topic: false,
    };
    /// The body, nothing else.
    pub const BODY: Grant = Grant {
        body: true,
        topic: false,
    };
}

/// The rule of rooms without a policy about it: whoever sent a message may edit
/// and delete it, nobody else may, and nothing but the body changes (CONTENT,
/// "Rendering and authorization of edits and deletes").
#[must_use]
pub fn sender_only(replacement: &Replacement<'_>) -> Grant {
    if replacement.sender == replacement.original_sender {
        Grant::BODY
    } else {
        Grant::NOTHING
    }
}

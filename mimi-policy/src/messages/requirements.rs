//! Which capabilities a message takes.

use std::collections::BTreeSet;

use mimi_content::{Disposition, MimiContent, Part};

use super::assets::AssetKind;
use super::facts::{Facts, Replaced};
use super::links::has_link;
use super::nodes::{is_all_reaction, is_reaction, nodes};
use super::rights::{Rights, rights};
use super::violation::{Breach, LeaveOut, Violation};
use crate::capability::{Capability, CapabilitySet};

/// Which capabilities a message takes, and what of it nobody may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    /// What the message takes, whole and part by part. The same capability may
    /// be there for several parts.
    pub needs: Vec<Need>,
    /// What no capability allows.
    pub never: Vec<Violation>,
}

/// A capability that a message takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The capability.
    pub capability: Capability,
    /// What a receiver leaves out of the message if the sender lacks it.
    pub leave_out: LeaveOut,
}

impl Requirements {
    /// The capabilities, each once and in increasing order.
    #[must_use]
    pub fn capabilities(&self) -> CapabilitySet {
        let all: BTreeSet<_> = self.needs.iter().map(|need| need.capability).collect();
        all.into_iter().collect()
    }

    fn need(&mut self, capability: Capability, leave_out: LeaveOut) {
        self.needs.push(Need {
            capability,
            leave_out,
        });
    }

    fn never(&mut self, breach: Breach, leave_out: LeaveOut) {
        self.never.push(Violation { breach, leave_out });
    }
}

/// Which capabilities a message takes (POLICY, "Message Capabilities" and "Asset
/// Capabilities"), by its content and by what is known of the messages that it
/// refers to. The [module](super) says how the drafts are read.
///
/// It takes time in proportion to the length of the message.
#[must_use]
pub fn requirements(content: &MimiContent<'_>, facts: &Facts) -> Requirements {
    let mut all = Requirements::default();
    all.need(Capability::SEND_MESSAGE, LeaveOut::Message);
    match (content.replaces, facts.replaced) {
        (None, _) => all.stands_alone(content, facts),
        (Some(_), None) => all.never(Breach::OriginalUnknown, LeaveOut::Message),
        (Some(_), Some(replaced)) if content.body.part == Part::Null => all.deletes(replaced),
        (Some(_), Some(replaced)) => all.edits(content, replaced),
    }
    if sets_body(content, facts) {
        all.shows(content, facts);
    }
    all
}

/// Whether readers will see the body of a message. They do not if it changes
/// nothing but the topic of another.
pub(super) fn sets_body(content: &MimiContent<'_>, facts: &Facts) -> bool {
    content.replaces.is_none() || facts.replaced.is_none_or(|replaced| replaced.sets_body())
}

impl Requirements {
    /// Of a message that replaces nothing.
    fn stands_alone(&mut self, content: &MimiContent<'_>, facts: &Facts) {
        let replies = content.in_reply_to.is_some();
        let has_topic = !content.topic_id.is_none();
        if is_reaction(content) {
            self.need(Capability::REACT_TO_MESSAGE, LeaveOut::Message);
        } else if replies && has_topic && facts.in_topic != Some(false) {
            self.need(Capability::REPLY_IN_TOPIC, LeaveOut::Message);
        } else if replies {
            self.need(Capability::REPLY_TO_MESSAGE, LeaveOut::Message);
        }
        if has_topic && !(replies && facts.in_topic == Some(true)) {
            self.need(Capability::START_TOPIC, LeaveOut::Topic);
        }
    }

    /// Of a message that deletes another.
    fn deletes(&mut self, replaced: Replaced) {
        let Rights { body, .. } = rights(replaced.own, replaced.is_reaction, true);
        if let Some(capability) = body {
            self.need(capability, LeaveOut::Message);
        }
    }

    /// Of a message that replaces another, and has a body.
    fn edits(&mut self, content: &MimiContent<'_>, replaced: Replaced) {
        let Rights { body, topic } = rights(replaced.own, replaced.is_reaction, false);
        if replaced.sets_body() {
            match body {
                Some(capability) => self.need(capability, LeaveOut::Part(0)),
                None => self.never(Breach::EditsOther, LeaveOut::Part(0)),
            }
            if replaced.is_reaction && !is_all_reaction(&content.body) {
                self.never(Breach::NoReaction, LeaveOut::Part(0));
            }
        }
        if replaced.changes.topic {
            match topic {
                Some(capability) => self.need(capability, LeaveOut::Topic),
                None => self.never(Breach::TopicOfReaction, LeaveOut::Topic),
            }
        }
    }

    /// Of the parts. Each counts, whichever of them a receiver would choose.
    fn shows(&mut self, content: &MimiContent<'_>, facts: &Facts) {
        // What a whole reaction takes was said before.
        let is_reaction = match content.replaces {
            None => is_reaction(content),
            Some(_) => facts.replaced.is_some_and(|replaced| replaced.is_reaction),
        };
        for node in nodes(&content.body) {
            let here = LeaveOut::Part(node.index);
            if node.disposition == Disposition::REACTION && !is_reaction {
                self.need(Capability::REACT_TO_MESSAGE, here);
            }
            if node.disposition == Disposition::PREVIEW {
                self.need(Capability::SEND_LINK_PREVIEW, here);
            }
            match node.part {
                Part::Single {
                    content_type,
                    content,
                } if has_link(content_type, content) => self.need(Capability::SEND_LINK, here),
                Part::External(part) => {
                    let kind = AssetKind::of(part, node.disposition);
                    self.need(kind.upload(), here);
                }
                _ => {}
            }
        }
    }
}

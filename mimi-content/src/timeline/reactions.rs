//! Reactions of one message, grouped by what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::state::Role;
use super::{Change, Entry, Timeline};
use crate::media::MediaType;
use crate::{Disposition, MessageId, MimiContent, MimiUri, NestedPart, Part, PartSemantics, Salt};

/// By the encoding of what they say.
pub(super) type Groups = BTreeMap<Vec<u8>, Group>;

/// Reactions that say the same.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Group {
    pub(super) content: NestedPart<'static>,
    /// With whose messages say so.
    pub(super) users: BTreeMap<MimiUri, BTreeSet<MessageId>>,
}

/// Reactions to a message that say the same.
#[derive(Clone, Copy)]
pub struct Reaction<'a> {
    timeline: &'a Timeline,
    group: &'a Group,
}

impl<'a> Reaction<'a> {
    pub(super) fn new(timeline: &'a Timeline, group: &'a Group) -> Self {
        Reaction { timeline, group }
    }

    /// What they say, as a rule a single emoji. The language is left out.
    #[must_use]
    pub fn content(&self) -> &'a NestedPart<'static> {
        &self.group.content
    }

    /// Who says so, each user once.
    pub fn users(&self) -> impl ExactSizeIterator<Item = &'a MimiUri> + use<'a> {
        self.group.users.keys()
    }

    /// The messages that say so, by user. [`Entry::in_reply_to`] has the version
    /// that each of them meant, and [`Entry::id`] is what removes one (CONTENT,
    /// "Unlike").
    pub fn messages(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let timeline = self.timeline;
        let ids = self.group.users.values().flatten();
        ids.filter_map(|id| timeline.get(id))
    }
}

impl fmt::Debug for Reaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reaction")
            .field("content", self.content())
            .field("users", &self.users().len())
            .finish_non_exhaustive()
    }
}

/// What a message that is a reaction does.
struct Reacting {
    user: MimiUri,
    /// To which it reacts.
    named: MessageId,
    /// What it says, as groups are named, and as content.
    says: BTreeMap<Vec<u8>, NestedPart<'static>>,
}

impl Timeline {
    /// Counts the reactions in the message `id`, if it is one; or lets it wait
    /// for its target.
    pub(super) fn react(&mut self, id: MessageId, changes: &mut BTreeSet<Change>) {
        let Some(reacting) = self.reacting(&id) else {
            return;
        };
        let Some(groups) = self.groups_of(&reacting, changes) else {
            self.waiting.entry(reacting.named).or_default().insert(id);
            return;
        };
        for (key, content) in reacting.says {
            let users = BTreeMap::new();
            let group = groups.entry(key).or_insert(Group { content, users });
            let messages = group.users.entry(reacting.user.clone()).or_default();
            messages.insert(id);
        }
    }

    /// Takes back what [`Timeline::react`] did. The message must not have
    /// changed in between.
    pub(super) fn unreact(&mut self, id: MessageId, changes: &mut BTreeSet<Change>) {
        let Some(reacting) = self.reacting(&id) else {
            return;
        };
        let Some(groups) = self.groups_of(&reacting, changes) else {
            if let Some(waiters) = self.waiting.get_mut(&reacting.named) {
                waiters.remove(&id);
                if waiters.is_empty() {
                    self.waiting.remove(&reacting.named);
                }
            }
            return;
        };
        for key in reacting.says.keys() {
            let Some(group) = groups.get_mut(key) else {
                continue;
            };
            if let Some(messages) = group.users.get_mut(&reacting.user) {
                messages.remove(&id);
                if messages.is_empty() {
                    group.users.remove(&reacting.user);
                }
            }
            if group.users.is_empty() {
                groups.remove(key);
            }
        }
    }

    fn reacting(&self, id: &MessageId) -> Option<Reacting> {
        let stored = self.stored.get(id)?;
        let message = stored.message()?;
        if !message.is_reaction || !message.is_present() {
            return None;
        }
        let shown = match message.body() {
            Some(version) => self.stored.get(&version.id)?,
            None => stored,
        };
        Some(Reacting {
            user: stored.received.sender.clone(),
            named: stored.received.content.in_reply_to?,
            says: reactions(&shown.received.content.body),
        })
    }

    /// The groups that are about to change, if their message is there.
    fn groups_of(
        &mut self,
        reacting: &Reacting,
        changes: &mut BTreeSet<Change>,
    ) -> Option<&mut Groups> {
        let target = self.resolve(&reacting.named)?;
        match &mut self.stored.get_mut(&target)?.role {
            Role::Message(message) => {
                changes.insert(Change::Reactions(target));
                Some(&mut message.reactions)
            }
            _ => None,
        }
    }
}

/// Whether a message that replaces nothing is a reaction: it names another
/// one, and all its parts are reactions.
pub(super) fn is_reaction(content: &MimiContent<'_>) -> bool {
    let mut leaves = leaves(&content.body).peekable();
    content.in_reply_to.is_some()
        && leaves.peek().is_some()
        && leaves.all(|leaf| leaf.disposition == Disposition::REACTION)
}

/// The single reactions in the body of a message, each with its encoding.
fn reactions(body: &NestedPart<'static>) -> BTreeMap<Vec<u8>, NestedPart<'static>> {
    leaves(body)
        .filter(|leaf| leaf.disposition == Disposition::REACTION)
        .map(|leaf| {
            let content = normal(leaf);
            let alone = MimiContent::new(Salt::new([0; 16]), content.clone());
            (alone.encode(), content)
        })
        .collect()
}

/// The parts that are to be processed on their own (CONTENT, "Message
/// Bodies").
fn leaves<'a, 'm>(body: &'a NestedPart<'m>) -> impl Iterator<Item = &'a NestedPart<'m>> {
    let mut rest = vec![body];
    std::iter::from_fn(move || {
        while let Some(next) = rest.pop() {
            match &next.part {
                Part::Null => {}
                Part::Multi {
                    semantics: PartSemantics::ProcessAll,
                    parts,
                } => rest.extend(parts.iter()),
                _ => return Some(next),
            }
        }
        None
    })
}

/// A reaction without what makes no difference to it: the language, and how
/// the type of a plain text in UTF-8 is written.
fn normal(leaf: &NestedPart<'static>) -> NestedPart<'static> {
    match &leaf.part {
        Part::Single {
            content_type,
            content,
        } if is_utf8_text(content_type) => {
            let mut normal = NestedPart::reaction("");
            if let Part::Single { content: text, .. } = &mut normal.part {
                text.clone_from(content);
            }
            normal
        }
        part => NestedPart {
            disposition: Disposition::REACTION,
            language: "".into(),
            part: part.clone(),
        },
    }
}

fn is_utf8_text(content_type: &str) -> bool {
    let is_utf8 =
        |(name, value): &(String, String)| name == "charset" && value.eq_ignore_ascii_case("utf-8");
    content_type
        .parse::<MediaType>()
        .is_ok_and(|kind| kind.essence == "text/plain" && kind.parameters.iter().all(is_utf8))
}

//! Messages and those who send them.

use std::collections::BTreeSet;

use mimi_content::timeline::{
    Change, Entry, Inserted, Received, Reference, State, Timeline, sender_only,
};
use mimi_content::{
    Disposition, ExtensionValue, MessageId, MimiContent, MimiUri, NestedPart, Part, PartSemantics,
    Salt, Timestamp, TopicId,
};

/// An ID; the greater the number, the later in order. Two each differ in their
/// last octet only, as attackers can make them with some effort.
pub(crate) fn id(number: u32) -> MessageId {
    let mut octets = [1; 32];
    octets[1..5].copy_from_slice(&(number / 2).to_be_bytes());
    octets[31] = u8::from(number % 2 == 1);
    MessageId::from_bytes(&octets).unwrap()
}

pub(crate) fn user(name: &str) -> MimiUri {
    MimiUri::new_user("a.example", name).unwrap()
}

pub(crate) fn alice() -> MimiUri {
    user("alice")
}

pub(crate) fn bob() -> MimiUri {
    user("bob")
}

pub(crate) fn mallory() -> MimiUri {
    user("mallory")
}

pub(crate) fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

pub(crate) fn seconds(seconds: u64) -> Timestamp {
    at(seconds * 1000)
}

pub(crate) fn content(body: NestedPart<'static>) -> MimiContent<'static> {
    MimiContent::new(Salt::new([0x5a; 16]), body)
}

pub(crate) fn text(text: &str) -> MimiContent<'static> {
    content(NestedPart::plain(text.to_owned()))
}

pub(crate) fn edit(of: u32, new: &str) -> MimiContent<'static> {
    text(new).with_replaces(id(of))
}

pub(crate) fn delete(of: u32) -> MimiContent<'static> {
    content(NestedPart::null()).with_replaces(id(of))
}

pub(crate) fn reaction(to: u32, emoji: &str) -> MimiContent<'static> {
    content(NestedPart::reaction(emoji.to_owned())).with_reply_to(id(to))
}

pub(crate) fn all_of(parts: Vec<NestedPart<'static>>) -> NestedPart<'static> {
    NestedPart::multi(PartSemantics::ProcessAll, parts)
        .unwrap()
        .with_disposition(Disposition::REACTION)
}

pub(crate) fn in_topic(mut content: MimiContent<'static>, topic: &str) -> MimiContent<'static> {
    content.topic_id = TopicId::new(topic.as_bytes().to_vec()).unwrap();
    content
}

pub(crate) fn with_subject(
    mut content: MimiContent<'static>,
    subject: &str,
) -> MimiContent<'static> {
    let value = ExtensionValue::text(subject);
    content.extensions.insert(5.into(), value).unwrap();
    content
}

/// Message `number`, accepted at `number` milliseconds.
pub(crate) fn sent(number: u32, sender: &MimiUri, content: MimiContent<'static>) -> Received {
    Received {
        id: id(number),
        sender: sender.clone(),
        accepted: at(number.into()),
        content,
    }
}

/// A timeline of these messages under the plain rule.
pub(crate) fn timeline<'a>(messages: impl IntoIterator<Item = &'a Received>) -> Timeline {
    let mut timeline = Timeline::new();
    for message in messages {
        timeline.insert(message.clone(), sender_only);
    }
    timeline
}

pub(crate) fn changed(changes: impl IntoIterator<Item = Change>) -> Inserted {
    Inserted::Changed(changes.into_iter().collect())
}

pub(crate) fn changes(inserted: Inserted) -> BTreeSet<Change> {
    match inserted {
        Inserted::Changed(changes) => changes,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn entry(timeline: &Timeline, number: u32) -> Entry<'_> {
    timeline.get(&id(number)).unwrap()
}

/// The text that a body consists of.
pub(crate) fn said<'a>(body: &'a NestedPart<'static>) -> &'a str {
    match &body.part {
        Part::Single { content, .. } => str::from_utf8(content).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// The text that is shown.
pub(crate) fn shown(timeline: &Timeline, number: u32) -> &str {
    match entry(timeline, number).state() {
        State::Present(body) => said(body),
        State::Deleted { .. } => "deleted",
        State::Expired => "expired",
    }
}

pub(crate) fn ids<'a>(entries: impl Iterator<Item = Entry<'a>>) -> Vec<MessageId> {
    entries.map(|entry| entry.id()).collect()
}

/// Which version of which message `number` refers to, and whether that one is
/// shown.
pub(crate) fn meant(timeline: &Timeline, number: u32) -> Option<(MessageId, usize, bool)> {
    match entry(timeline, number).in_reply_to()? {
        Reference::Unknown(_) => None,
        Reference::Known {
            message,
            version,
            is_current,
        } => Some((message.id(), version, is_current)),
    }
}

/// The reactions to a message as people see them, as in `❤ alice bob`.
pub(crate) fn reactions(timeline: &Timeline, number: u32) -> Vec<String> {
    let name = |user: &MimiUri| format!(" {}", user.as_str().rsplit('/').next().unwrap());
    entry(timeline, number)
        .reactions()
        .map(|reaction| {
            let users: String = reaction.users().map(name).collect();
            format!("{}{users}", said(reaction.content()))
        })
        .collect()
}

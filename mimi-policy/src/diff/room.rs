//! The base policy, and what a room shows of itself.

use std::collections::BTreeMap;

use super::lines::{Lines, Octets, Or, Quoted};
use crate::components::metadata::RoomMetadata;
use crate::policy::RoomPolicy;
use crate::words::Listed;

pub(super) fn diff_base(old: &RoomPolicy, new: &RoomPolicy, lines: &mut Lines) -> Option<()> {
    let (before, after) = (old.base(), new.base());
    let pick = |yes, words: (&'static str, &'static str)| if yes { words.0 } else { words.1 };
    let mut either = |subject, was, is, words| {
        lines.value(subject, pick(was, words), pick(is, words));
    };
    let allowed = ("allowed", "not allowed");
    either(
        "the use of pseudonyms",
        before.pseudonyms_allowed,
        after.pseudonyms_allowed,
        allowed,
    );
    either(
        "finding this room by a search",
        before.discoverable,
        after.discoverable,
        ("possible", "not possible"),
    );
    either(
        "the list of participants",
        before.fixed_membership,
        after.fixed_membership,
        ("fixed", "open to change"),
    );
    either(
        "having several clients",
        before.multi_device,
        after.multi_device,
        allowed,
    );
    either(
        "the room without clients",
        before.persistent_room,
        after.persistent_room,
        ("kept", "given up"),
    );
    lines.value(
        "the room on whose participants this one draws",
        Or(before.parent_room.as_ref(), "none"),
        Or(after.parent_room.as_ref(), "none"),
    );
    let maxima = [
        (
            "the maximum of clients",
            before.max_clients,
            after.max_clients,
        ),
        ("the maximum of users", before.max_users, after.max_users),
    ];
    for (subject, before, after) in maxima {
        lines.value(subject, Or(before, "unlimited"), Or(after, "unlimited"));
    }
    lines.list(
        "the list of policy components",
        &before.policy_components,
        &after.policy_components,
    );
    Some(())
}

pub(super) fn diff_metadata(old: &RoomPolicy, new: &RoomPolicy, lines: &mut Lines) -> Option<()> {
    let (before, after) = (old.metadata(), new.metadata());
    lines.value(
        "the identity of the room",
        Or(before.map(|data| &data.room), "none"),
        Or(after.map(|data| &data.room), "none"),
    );
    let mut text = |subject, field: fn(&RoomMetadata) -> &str| {
        let field = |data: Option<_>| Quoted(data.map_or("", field));
        lines.value(subject, field(before), field(after));
    };
    text("the name of the room", |data| &data.name);
    text("the subject of the room", |data| &data.subject);
    text("the mood of the room", |data| &data.mood);
    text("the avatar of the room", |data| &data.avatar);
    diff_descriptions(before, after, lines);
    Some(())
}

/// Descriptions by language and media type.
fn diff_descriptions(
    before: Option<&RoomMetadata>,
    after: Option<&RoomMetadata>,
    lines: &mut Lines,
) {
    let mut all: BTreeMap<_, [Contents<'_>; 2]> = BTreeMap::new();
    for (side, data) in [before, after].into_iter().enumerate() {
        for description in data.into_iter().flat_map(|data| &data.descriptions) {
            let key = (&description.language, &description.media_type);
            if let Some(contents) = all.entry(key).or_default().get_mut(side) {
                contents.0.push(Octets(&description.content));
            }
        }
    }
    for ((language, media_type), [before, after]) in all {
        let (language, media_type) = (Quoted(language), Quoted(media_type));
        let subject = format!("the description with language {language} and type {media_type}");
        lines.value(subject, before, after);
    }
}

/// The descriptions in one language and media type; there should be one.
#[derive(Default, PartialEq)]
struct Contents<'a>(Vec<Octets<'a>>);

impl std::fmt::Display for Contents<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        write!(f, "{}", Listed::few(&self.0))
    }
}

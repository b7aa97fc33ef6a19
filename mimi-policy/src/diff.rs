//! What changes from one policy to another, in sentences for consent screens.

mod assets;
mod further;
mod lines;
mod operational;
mod people;
mod preauth;
mod roles;
mod room;

use std::collections::BTreeSet;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;

use crate::capability::Capability;
use crate::policy::RoomPolicy;
use crate::words::{Listed, RoleLabel};
use lines::Lines;

/// What is different in `new`, for someone who is asked whether to stay or to
/// agree. It is empty exactly if the policies are equal.
///
/// What others can do with one's messages comes first: logging, history, bots,
/// pseudonyms, being found, and notifications; then who comes and goes, what
/// the roles can do, who may join, and the rest.
///
/// The answer is short however much changes: of those who are added, moved and
/// removed at most [`Difference::MAX_NAMED`] each are named, as are so many
/// preauthorisations that come and go. A few lines stand for each role, and
/// lists inside a line end after 16 items, or 96 capabilities. So to learn what
/// becomes of one participant, ask for its role in both policies. Texts of
/// others are shortened, and what does not show in them is escaped.
///
/// Join links are counted, never shown.
///
/// ```
/// use mimi_content::{component::{ComponentId, ComponentMap}, tls::Encode};
/// use mimi_policy::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let room = |logging: &LoggingPolicy| -> Result<_, Box<dyn std::error::Error>> {
///     let components: ComponentMap = [
///         (ComponentId::PARTICIPANT_LIST, ParticipantList::default().to_vec()?),
///         (ComponentId::ROLES_LIST, presets::strict().to_vec()?),
///         (ComponentId::BASE_ROOM_POLICY, BaseRoomPolicy::default().to_vec()?),
///         (ComponentId::LOGGING_POLICY, logging.to_vec()?),
///     ].into_iter().collect();
///     Ok(RoomPolicy::from_components(&components)?)
/// };
/// let logged = LoggingPolicy::Optional(LoggingDetails {
///     clients: vec![Uri::parse("mimi://a.example/d/archive/1")?],
///     ..LoggingDetails::default()
/// });
/// let lines: Vec<_> = diff(&room(&LoggingPolicy::Forbidden)?, &room(&logged)?)
///     .iter()
///     .map(Difference::to_string)
///     .collect();
/// assert_eq!(lines, [
///     "logging of messages is now optional (before: forbidden)",
///     "the list of those who log messages now includes mimi://a.example/d/archive/1",
/// ]);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn diff(old: &RoomPolicy, new: &RoomPolicy) -> Vec<Difference> {
    let (before, after) = (old.components(), new.components());
    let ids = before.iter().chain(after.iter()).map(|(id, _)| id);
    let mut changed: BTreeSet<_> = ids.filter(|id| before.get(*id) != after.get(*id)).collect();
    let first: Vec<_> = FIRST.iter().filter_map(|id| changed.take(id)).collect();
    let mut found = Vec::new();
    for id in first.into_iter().chain(changed) {
        let change = Change {
            id,
            old,
            new,
            before: before.get(id),
            after: after.get(id),
        };
        found.extend(change.in_words());
    }
    found
}

/// The components in the order in which people want to hear of them; others
/// come after these, by number.
const FIRST: &[ComponentId] = &[
    ComponentId::LOGGING_POLICY,
    ComponentId::CHAT_HISTORY_POLICY,
    ComponentId::BOT_POLICY,
    ComponentId::BASE_ROOM_POLICY,
    ComponentId::STATUS_NOTIFICATION_POLICY,
    ComponentId::MESSAGE_EXPIRATION_POLICY,
    ComponentId::PARTICIPANT_LIST,
    ComponentId::ROLES_LIST,
    ComponentId::PREAUTH_LIST,
    ComponentId::JOIN_LINK_POLICY,
    ComponentId::JOIN_LINKS,
    ComponentId::ROOM_METADATA,
    ComponentId::LINK_PREVIEW_POLICY,
    ComponentId::ASSET_POLICY,
    ComponentId::MLS_OPERATIONAL_POLICY,
];

/// A component whose octets differ.
struct Change<'a> {
    id: ComponentId,
    old: &'a RoomPolicy,
    new: &'a RoomPolicy,
    before: Option<&'a Bytes>,
    after: Option<&'a Bytes>,
}

impl Change<'_> {
    fn in_words(&self) -> Vec<Difference> {
        let (old, new) = (self.old, self.new);
        let mut lines = Lines::new(self.id);
        let understood = match self.id {
            ComponentId::PARTICIPANT_LIST => people::diff(old, new, &mut lines),
            ComponentId::ROLES_LIST => roles::diff(old, new, &mut lines),
            ComponentId::PREAUTH_LIST => preauth::diff(old, new, &mut lines),
            ComponentId::BASE_ROOM_POLICY => room::diff_base(old, new, &mut lines),
            ComponentId::ROOM_METADATA => room::diff_metadata(old, new, &mut lines),
            _ => further::diff(self, &mut lines),
        };
        let found = lines.into_found();
        if !found.is_empty() {
            return found;
        }
        let octets = |data: Option<&Bytes>| data.map(Bytes::len);
        vec![
            match (understood, octets(self.before), octets(self.after)) {
                (Some(()), Some(_), Some(_)) => Difference::Rearranged(self.id),
                (_, before, after) => Difference::Component {
                    id: self.id,
                    before,
                    after,
                },
            },
        ]
    }
}

/// One thing that is different between two policies, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// A setting, in words.
    Setting {
        /// The component that it is in.
        component: ComponentId,
        /// The sentence.
        text: String,
    },
    /// A user becomes a participant.
    Added {
        /// The user.
        user: MimiUri,
        /// Its role.
        role: RoleLabel,
    },
    /// A participant gets another role.
    Moved {
        /// The participant.
        user: MimiUri,
        /// Its role before.
        from: RoleLabel,
        /// Its role now.
        to: RoleLabel,
    },
    /// A user is no participant any more.
    Removed {
        /// The user.
        user: MimiUri,
        /// The role that it had.
        role: RoleLabel,
    },
    /// More participants change than are named.
    MoreParticipants {
        /// How many more are added.
        added: usize,
        /// How many more get another role.
        moved: usize,
        /// How many more are removed.
        removed: usize,
    },
    /// A role is new.
    RoleAdded {
        /// The role.
        role: RoleLabel,
        /// What it can do.
        capabilities: Vec<Capability>,
    },
    /// A role is gone.
    RoleRemoved(RoleLabel),
    /// A role can do more.
    Gained {
        /// The role.
        role: RoleLabel,
        /// What it can do now, and could not.
        capabilities: Vec<Capability>,
    },
    /// A role can do less.
    Lost {
        /// The role.
        role: RoleLabel,
        /// What it could do, and cannot now.
        capabilities: Vec<Capability>,
    },
    /// A component comes, goes or changes, and there is nothing to say of what
    /// is in it: it is not known here, or is empty.
    Component {
        /// The component.
        id: ComponentId,
        /// Its size before, in octets, if it was there.
        before: Option<usize>,
        /// Its size now, in octets, if it is there.
        after: Option<usize>,
    },
    /// A component is written otherwise, in another order for instance, and
    /// says the same.
    Rearranged(ComponentId),
}

impl Difference {
    /// So many participants or preauthorisations are named of each kind of
    /// change; of the rest it is said how many there are.
    pub const MAX_NAMED: usize = 20;

    /// The component that differs.
    #[must_use]
    pub fn component(&self) -> ComponentId {
        match self {
            Difference::Setting { component, .. } => *component,
            Difference::Component { id, .. } | Difference::Rearranged(id) => *id,
            Difference::Added { .. }
            | Difference::Moved { .. }
            | Difference::Removed { .. }
            | Difference::MoreParticipants { .. } => ComponentId::PARTICIPANT_LIST,
            Difference::RoleAdded { .. }
            | Difference::RoleRemoved(_)
            | Difference::Gained { .. }
            | Difference::Lost { .. } => ComponentId::ROLES_LIST,
        }
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::Setting { text, .. } => f.write_str(text),
            Difference::Added { user, role } => write!(f, "{user} is added in {role}"),
            Difference::Moved { user, from, to } => {
                write!(f, "{user} moves from {from} to {to}")
            }
            Difference::Removed { user, role } => write!(f, "{user} is removed (before: {role})"),
            Difference::MoreParticipants {
                added,
                moved,
                removed,
            } => write!(
                f,
                "more participants change: added {added}, moved {moved}, removed {removed}"
            ),
            Difference::RoleAdded { role, capabilities } if capabilities.is_empty() => {
                write!(f, "{role} is new and can do nothing")
            }
            Difference::RoleAdded { role, capabilities } => {
                write!(f, "{role} is new and has {}", Listed::many(capabilities))
            }
            Difference::RoleRemoved(role) => write!(f, "{role} is gone"),
            Difference::Gained { role, capabilities } => {
                write!(f, "{role} now has {}", Listed::many(capabilities))
            }
            Difference::Lost { role, capabilities } => {
                write!(f, "{role} no longer has {}", Listed::many(capabilities))
            }
            Difference::Component { id, before, after } => match (before, after) {
                (None, Some(now)) => write!(f, "{id} is added, with {now} octets"),
                (Some(was), None) => write!(f, "{id} is gone, with {was} octets"),
                (was, now) => write!(
                    f,
                    "{id} changes in a way that is not understood here: {} octets, before {}",
                    now.unwrap_or_default(),
                    was.unwrap_or_default()
                ),
            },
            Difference::Rearranged(id) => {
                write!(f, "{id} is written in another way and says the same")
            }
        }
    }
}

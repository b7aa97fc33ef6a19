//! What a room lets its users do in messages, for clients.
//!
//! A hub sees who sends a message, and nothing of what it says. Whether someone
//! may react, delete what others wrote, send files or links, is in the hands of
//! the clients: a good one asks before it sends, and a careful one asks again
//! for whatever arrives, because another may not have asked (POLICY, "Message
//! Capabilities"). Both ask [`check`], and get all that the room's policy does
//! not accept, in sentences, and what a reader is to be spared.
//!
//! ```
//! use mimi_content::component::{ComponentId, ComponentMap};
//! use mimi_content::timeline::{Received, State, Timeline};
//! use mimi_content::tls::Encode;
//! use mimi_content::{
//!     MessageId, MimiContent, MimiUri, NestedPart, Salt, Timestamp, TopicId,
//! };
//! use mimi_policy::messages::{self, Facts};
//! use mimi_policy::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let room = MimiUri::parse("mimi://a.example/r/clubhouse")?;
//! let alice = MimiUri::parse("mimi://a.example/u/alice")?;
//! let bob = MimiUri::parse("mimi://b.example/u/bob")?;
//! let members = ParticipantList::new(vec![
//!     Participant { user: alice.clone(), role: presets::GROUP_ADMIN },
//!     Participant { user: bob.clone(), role: presets::ORDINARY_USER },
//! ])?;
//! let components: ComponentMap = [
//!     (ComponentId::PARTICIPANT_LIST, members.to_vec()?),
//!     (ComponentId::ROLES_LIST, presets::cooperative().to_vec()?),
//!     (ComponentId::BASE_ROOM_POLICY, BaseRoomPolicy::default().to_vec()?),
//! ].into_iter().collect();
//! let policy = RoomPolicy::from_components(&components)?;
//! let mut timeline = Timeline::new();
//!
//! // What a client does with each message, given when the hub accepted it.
//! let mut take = |sender: &MimiUri, accepted, mut content: MimiContent<'static>| {
//!     let id = MessageId::compute(
//!         sender.as_str(), room.as_str(), &content.encode(), &content.salt,
//!     ).unwrap();
//!     // Before it is sent, and again after it was received:
//!     let facts = Facts::new(&timeline, sender, &content);
//!     let verdict = messages::check(&policy, sender, &content, &facts, accepted);
//!     let gone = verdict.as_ref().is_err_and(|found| found.leave_out_message());
//!     if verdict.as_ref().is_err_and(|found| found.leave_out_topic()) {
//!         content.topic_id = TopicId::NONE;
//!     }
//!     // A message that replaces another goes to the timeline anyway, which
//!     // holds it until that is known, and asks what it may change.
//!     if !gone || content.replaces.is_some() {
//!         let message = Received { id, sender: sender.clone(), accepted, content };
//!         timeline.insert(message, |replacement| messages::grant(&policy, replacement));
//!     }
//!     (id, verdict)
//! };
//!
//! let salt = |n| Salt::new([n; 16]);
//! let content = MimiContent::new(salt(1), NestedPart::plain("Who has the keys?"));
//! let (asked, verdict) = take(&alice, Timestamp::from_millis(1_000), content);
//! assert_eq!(verdict, Ok(()));
//!
//! // Bob cannot delete what Alice wrote.
//! let content = MimiContent::new(salt(2), NestedPart::null()).with_replaces(asked);
//! let (_, verdict) = take(&bob, Timestamp::from_millis(2_000), content);
//! assert_eq!(
//!     verdict.unwrap_err().to_string(),
//!     "mimi://b.example/u/bob may not delete the messages of others: role 2 (ordinary_user) lacks \
//!      canDeleteOtherMessage (POLICY, \"Message Capabilities\")",
//! );
//!
//! // Alice can delete what Bob writes.
//! let content = MimiContent::new(salt(3), NestedPart::plain("Not me!"));
//! let (said, _) = take(&bob, Timestamp::from_millis(3_000), content);
//! let content = MimiContent::new(salt(4), NestedPart::null()).with_replaces(said);
//! let (_, verdict) = take(&alice, Timestamp::from_millis(4_000), content);
//! assert_eq!(verdict, Ok(()));
//!
//! let states: Vec<_> = timeline.messages(..).map(|message| message.state()).collect();
//! assert!(matches!(states[..], [State::Present(_), State::Deleted { .. }]));
//! # Ok(())
//! # }
//! ```
//!
//! # By which policy
//!
//! Before sending: the policy of the present epoch, and the time now. After
//! receiving: the policy of the epoch in which the message was sent, and the time
//! at which the hub accepted it. So whoever lost a right afterwards has not lost
//! what was said with it, and all members come to the same verdict. [`grant`]
//! shows how to keep the policies of past epochs.
//!
//! # What a reader does about a violation
//!
//! Each [`Violation`] says it in [`LeaveOut`], by this rule: what the sender had
//! no right to, no reader sees; but a reader does not lose a message because a
//! setting of the room was missed.
//!
//! | what is wrong | what is left out |
//! |---|---|
//! | the sender is no participant, or may not send, reply, react or delete | the message |
//! | it edits what is another's, or may not edit | the new body: part 0 |
//! | it replaces a message that is not known | the message, until that is known |
//! | a part that the sender may not send, or that the asset policy does not accept | the part |
//! | a preview where none may be | the part |
//! | a topic that the sender may not set or change | the topic |
//! | a status that may not be reported | the entries of the report |
//! | the expiry; a preview that is missing | nothing |
//!
//! # What readers may do
//!
//! | to | the reader needs |
//! |---|---|
//! | receive messages at all | `canReceiveMessage`: [`RoomPolicy::may_receive`] |
//! | copy from a message | [`Capability::COPY_MESSAGE`](crate::Capability::COPY_MESSAGE) |
//! | open a link | [`Capability::FOLLOW_LINK`](crate::Capability::FOLLOW_LINK) |
//! | copy the address of a link | [`Capability::COPY_LINK`](crate::Capability::COPY_LINK) |
//! | download an asset | [`AssetKind::download`], one of the ways of [`may_download_by`], and no more than [`max_size`] |
//! | make a preview, and through which proxy | what [`link_previews`] says |
//! | tell others of a status | what [`notification`] says |
//!
//! Ask with [`RoomPolicy::can`].
//!
//! # How the drafts are read
//!
//! They say in a sentence each what a capability is for. Where that leaves
//! something open, the choice is the safer one, unless a room of the draft's own
//! examples could not work with it.
//!
//! - Everything takes `canSendMessage`, since a hub cannot tell a reaction from
//!   other messages. A role that has `canReactToMessage` without it, as guests
//!   of the draft's moderated room do, cannot react.
//! - A message is a reaction if all its parts are, and it names another message:
//!   [`is_reaction`]. It takes `canReactToMessage` and not `canReplyToMessage`.
//!   One with other parts as well takes both.
//! - A reply with the topic of what it replies to takes `canReplyInTopic` and not
//!   `canReplyToMessage`, which no role of the draft's strict room has. With
//!   another topic it takes `canReplyToMessage` and `canStartTopic`. If it is not
//!   known what it replies to, it takes `canReplyInTopic`, and `canStartTopic`
//!   for its topic to count. Any other message with a topic takes
//!   `canStartTopic`.
//! - Nobody edits the message or the reaction of another. A replacement of
//!   another's message that changes the topic alone takes `canEditOtherTopic`; it
//!   repeats the body.
//! - A reaction is edited into a reaction. A topic of it means nothing.
//! - A replacement takes what its body and topic take. What else it says is
//!   ignored (CONTENT, "Rendering and authorization of edits and deletes"),
//!   whom it replies to and when it expires included.
//! - Parts count wherever they are, whichever a reader would choose. A part
//!   without a disposition has the one around it.
//! - An external part is an attachment if its disposition says so; otherwise an
//!   image, audio or video if its media type says so, whatever the disposition;
//!   otherwise an attachment. A part for a session without media type is no file
//!   but an address, and takes `canSendLink`. Single parts are not uploaded and
//!   take none of these.
//! - Links are those of Markdown, whatever has an `href` in HTML, and bare addresses in any text: most
//!   clients show these as links. A mention of a user is none, and neither is a
//!   reference to another part. Parts with the disposition `preview` take
//!   `canSendLinkPreview`, in addition to what they take otherwise.
//! - In a room with an asset policy, the URL of an external part has to be one of
//!   `https` with a host, without user information, white space, backslashes or
//!   control characters. If uploads are confined to hosts, the URL has exactly
//!   one of them, in any letter case: no port, no address, no dot at the end. In
//!   a room with an upload location that is not known, no host is accepted.
//! - A size limit of 0 means that none of the kind are accepted. A size that is
//!   not stated is accepted if anything is: whoever downloads has to stop at
//!   [`max_size`].
//! - Forbidden media types are forbidden for single parts as well, the permitted
//!   ones are for external parts only: otherwise, texts would have to be listed.
//!   An entry with parameters matches these parameters exactly. A media type that
//!   cannot be read is refused where there are lists.
//! - An asset may be downloaded in the default way and in those allowed, unless
//!   they are forbidden. So an empty list leaves the default.
//! - An absolute time of expiry counts from when the hub accepted the message, in
//!   whole seconds. Whoever sends one close to a bound should leave some seconds
//!   for the way.
//! - A room without one of the policies leaves its subject to each client.

mod assets;
mod expiration;
mod facts;
mod in_force;
mod links;
mod nodes;
mod previews;
mod requirements;
mod rights;
mod status;
mod violation;

use std::collections::BTreeSet;

use mimi_content::{MimiContent, MimiUri, Timestamp};

use crate::capability::Capability;
use crate::policy::RoomPolicy;

pub use assets::{Asset, AssetKind, assets, max_size, may_download_by};
pub use facts::{Facts, Replaced};
pub use in_force::{link_previews, message_expiration, status_notifications};
pub use nodes::is_reaction;
pub use requirements::{Need, Requirements, requirements};
pub use rights::grant;
pub use status::{check_report, notification};
pub use violation::{Breach, LeaveOut, Violation, Violations};

/// Judges a message by all policies of a room: before it is sent, with the time
/// now, and after it was received, with the time at which the hub accepted it.
///
/// `policy` is that of the epoch in which the message is sent, and `facts` tell
/// of the messages that it refers to. The [module](self) says what a receiver
/// does with the answer. Reports of status are judged by [`check_report`]
/// instead.
///
/// It takes time in proportion to the length of the message and of the policies.
///
/// # Errors
/// With everything that the room does not accept.
pub fn check(
    policy: &RoomPolicy,
    sender: &MimiUri,
    content: &MimiContent<'_>,
    facts: &Facts,
    accepted: Timestamp,
) -> Result<(), Violations> {
    let requirements = requirements(content, facts);
    let mut found = lacking(policy, sender, &requirements.needs);
    if requirements::sets_body(content, facts) {
        if let Some(policy) = policy.asset_policy() {
            found.extend(assets::check(policy, sender, &content.body));
        }
        found.extend(previews::check(
            policy,
            sender,
            content,
            &requirements.needs,
        ));
    }
    found.extend(requirements.never);
    if content.replaces.is_none() {
        let breach = expiration::check(message_expiration(policy), content.expires, accepted);
        found.extend(breach.map(|breach| Violation {
            breach,
            leave_out: LeaveOut::Nothing,
        }));
    }
    Violations::of(found)
}

/// What the role of `user` lacks of `needs`.
fn lacking(policy: &RoomPolicy, user: &MimiUri, needs: &[Need]) -> Vec<Violation> {
    let Some(role) = policy.role_of(user) else {
        return vec![Violation {
            breach: Breach::NoRole(user.clone()),
            leave_out: LeaveOut::Message,
        }];
    };
    let all: BTreeSet<Capability> = needs.iter().map(|need| need.capability).collect();
    let lacks: BTreeSet<_> = all.into_iter().filter(|one| !role.grants(*one)).collect();
    let lacking = needs.iter().filter(|need| lacks.contains(&need.capability));
    lacking
        .map(|need| Violation {
            breach: Breach::Lacks {
                user: user.clone(),
                role: role.into(),
                capability: need.capability,
            },
            leave_out: need.leave_out,
        })
        .collect()
}

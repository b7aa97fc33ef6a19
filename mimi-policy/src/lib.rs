//! MIMI room policy: roles, capabilities, participants, and the one path by
//! which hub and client decide whether a change of a room is allowed.
//!
//! A room's policy lives in the GroupContext of its MLS group, as application
//! components that AppDataUpdate proposals change. MLS makes all members agree
//! on the octets; it does not know what they mean. Here is the meaning: this
//! crate reads the components, works out what updates make of them, and says
//! whether those who sent them may, according to *Room Policy for MIMI*
//! (POLICY) and *MIMI Protocol* (PROTO). A hub asks before it relays; each
//! client asks again, so that a hub that breaks the policy is caught.
//!
//! It does no I/O, reads no clock, draws no randomness, parses no credential,
//! and knows no MLS library: whoever has one tells it who did what.
//!
//! # Example
//!
//! Alice, an administrator, adds Bob with one client.
//!
//! ```
//! use mimi_content::{MimiUri, component::{ComponentId, ComponentMap}, tls::Encode};
//! use mimi_policy::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let alice = MimiUri::parse("mimi://a.example/u/alice")?;
//! let bob = MimiUri::parse("mimi://b.example/u/bob")?;
//!
//! // The room as it is created: the components of the GroupContext.
//! let members = ParticipantList::new(vec![
//!     Participant { user: alice.clone(), role: presets::SUPER_ADMIN },
//! ])?;
//! let components: ComponentMap = [
//!     (ComponentId::PARTICIPANT_LIST, members.to_vec()?),
//!     (ComponentId::ROLES_LIST, presets::cooperative().to_vec()?),
//!     (ComponentId::BASE_ROOM_POLICY, BaseRoomPolicy::default().to_vec()?),
//! ].into_iter().collect();
//! let policy = RoomPolicy::from_components(&components)?;
//! let clients: ClientIndex = [(0, alice.clone())].into_iter().collect();
//! policy.admits(&clients)?;
//!
//! // A commit arrives. First: what would its updates make of the policy?
//! let update = ParticipantListUpdate {
//!     added: vec![Participant { user: bob.clone(), role: presets::ORDINARY_USER }],
//!     ..Default::default()
//! }.to_vec()?;
//! let op = Op::Update(&update);
//! let draft = policy.resolve([(ComponentId::PARTICIPANT_LIST, op)].into_iter())?;
//! let dictionary: Vec<_> = draft.changed().collect(); // for the MLS library
//! assert_eq!(dictionary.len(), 1);
//!
//! // Then, when the MLS library has told who did what: may they?
//! let actor = Actor::participant(&alice);
//! let changes = [
//!     Change::Component { id: ComponentId::PARTICIPANT_LIST, op },
//!     Change::AddClient { user: &bob, leaf: LeafFacts::default() },
//! ];
//! let verdict = policy.authorize(&draft, &Candidate {
//!     committer: Some(actor),
//!     bundles: &[Bundle { actor, changes: &changes }],
//!     clients: &clients,
//!     hub: None,
//! })?;
//! let policy = verdict.into_policy();
//! assert!(policy.can(&bob, Capability::SEND_MESSAGE));
//!
//! // Bob is no administrator, and is told so.
//! let update = ParticipantListUpdate { removed: vec![0], ..Default::default() }.to_vec()?;
//! let op = Op::Update(&update);
//! let draft = policy.resolve([(ComponentId::PARTICIPANT_LIST, op)].into_iter())?;
//! let actor = Actor::participant(&bob);
//! let changes = [Change::Component { id: ComponentId::PARTICIPANT_LIST, op }];
//! let denied = policy.authorize(&draft, &Candidate {
//!     committer: Some(actor),
//!     bundles: &[Bundle { actor, changes: &changes }],
//!     clients: &clients,
//!     hub: None,
//! }).unwrap_err();
//! assert_eq!(
//!     denied.to_string(),
//!     "mimi://b.example/u/bob has canRemoveParticipant, but role 2 (ordinary_user) does not \
//!      let it remove a participant in role 4 (super_admin) (POLICY, \"Role-Based Access Control\")",
//! );
//! # Ok(())
//! # }
//! ```
//!
//! # Who calls what, when
//!
//! | when | hub | client |
//! |---|---|---|
//! | a room is created, joined or restored | [`RoomPolicy::from_components`], then [`RoomPolicy::admits`], or [`RoomPolicy::may_begin`] for a new one | `from_components`, then `admits` |
//! | a commit | [`RoomPolicy::resolve`] and [`RoomPolicy::authorize`] on the committed policy, with all it contains; [`RoomPolicy::may_propose`] for the committer's own bundle | `resolve` and `authorize` |
//! | proposals without a commit | `may_propose`, then both with all that is pending and the new ones, without a committer: the verdict has the provisional policy | the same, to show them |
//! | a proposal or commit, before all that | [`RoomPolicy::accepts_handshake`] | the same |
//! | a message | [`RoomPolicy::may_send`] on the provisional policy, [`RoomPolicy::accepts_epoch`]; [`RoomPolicy::may_receive`] for whom it goes to | `may_send` on the committed one; `messages::check` before sending and when showing it |
//! | an abuse report | [`RoomPolicy::may_report`] | the same, before sending one |
//! | a GroupInfo request | [`RoomPolicy::may_join`] | nothing: who is outside has no policy yet |
//! | a change of the parent room | [`leavers`] | nothing |
//! | a new policy, for people to see | [`lint`] | [`lint`](fn@lint), [`diff`](fn@diff) |
//!
//! An [`Invalid`] is the fault of whoever made the proposals, whatever its
//! role; a [`Denied`] is the policy's answer to someone who lacks a right, or
//! to a room that would break its own constraints. Neither changes anything.
//! Each prints a sentence for the user, which names roles by their
//! [`RoleLabel`] and ends with the clause that `clause` gives.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `messages` | yes | module `messages`: the rules that read message content, for clients |

mod authorize;
mod candidate;
mod capability;
mod children;
mod clients;
mod components;
mod diff;
mod envelope;
mod error;
mod join;
pub mod limits;
mod lint;
#[cfg(feature = "messages")]
pub mod messages;
mod moves;
mod policy;
pub mod presets;
mod receive;
mod resolve;
mod words;

pub use authorize::{Authorized, RestsOnHub};
pub use candidate::{Actor, Bundle, Candidate, Change, HubView, JoinCode, LeafFacts, Lifetime, Op};
pub use capability::{Capability, CapabilitySet};
pub use children::leavers;
pub use clients::ClientIndex;
pub use components::*;
pub use diff::{Difference, diff};
pub use envelope::{Envelope, Outside};
pub use error::{Denied, Invalid, MoveRoles, Reason};
pub use join::JoinBasis;
pub use lint::{EntryFault, Finding, Idle, lint};
pub use policy::RoomPolicy;
pub use resolve::Draft;
pub use words::RoleLabel;

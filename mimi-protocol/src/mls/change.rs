//! From proposals to what the policy judges: one path for hub and client.
//!
//! Each bundle holds everything of one actor, sent inline or by reference, and
//! is judged by that actor's own rights.

use std::collections::BTreeSet;

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::{MimiUri, Timestamp};
use mimi_policy::{Actor, Bundle, Candidate, Change, ClientIndex, HubView, Op};
use openmls::prelude::{
    AppDataUpdateOperation, AppDataUpdateProposal, Credential, KeyPackage, LeafNode, Proposal,
    ProposalOrRefType, QueuedProposal, Sender, StagedCommit,
};
use serde::{Deserialize, Serialize};

use super::context::{self, ContextError};
use super::leaf::Leaf;
use super::roster::Roster;
use crate::engine::{Identified, Identity, IdentityError, Presented, ask_identity};

/// Who is behind a sender.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum By {
    /// A user of the participant list.
    Participant(MimiUri),
    /// A user who is about to join by an external commit.
    Joiner(MimiUri),
    /// An external sender, by its credential.
    External(MimiUri),
}

impl By {
    pub(crate) fn uri(&self) -> &MimiUri {
        match self {
            By::Participant(uri) | By::Joiner(uri) | By::External(uri) => uri,
        }
    }

    fn actor(&self) -> Actor<'_> {
        match self {
            By::Participant(user) => Actor::participant(user),
            By::Joiner(user) => Actor::joiner(user),
            By::External(uri) => Actor::external(uri),
        }
    }
}

/// One thing that a proposal does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Act {
    AddClient {
        user: MimiUri,
        /// For the commit that adds it; Adds do not wait.
        #[serde(skip)]
        leaf: Box<Leaf>,
    },
    RemoveClient {
        leaf: u32,
        user: MimiUri,
    },
    /// `None` removes the component.
    Component {
        id: u16,
        update: Option<Bytes>,
    },
    /// For the commit that brings it in; Updates do not wait.
    UpdateClient {
        #[serde(skip)]
        leaf: Box<Leaf>,
    },
    Psk,
    ReInit,
    Context {
        unchanged: bool,
    },
}

impl Act {
    fn change(&self) -> Change<'_> {
        match self {
            Act::AddClient { user, leaf } => Change::AddClient {
                user,
                leaf: leaf.facts(),
            },
            Act::RemoveClient { leaf, user } => Change::RemoveClient { leaf: *leaf, user },
            Act::Component { id, update } => Change::Component {
                id: ComponentId(*id),
                op: op(update.as_ref()),
            },
            Act::UpdateClient { leaf } => Change::UpdateClient { leaf: leaf.facts() },
            Act::Psk => Change::Psk,
            Act::ReInit => Change::ReInit,
            Act::Context { unchanged } => Change::GroupContextExtensions {
                prescribed: *unchanged,
            },
        }
    }
}

fn op(update: Option<&Bytes>) -> Op<'_> {
    update.map_or(Op::Remove, |data| Op::Update(data))
}

/// Everything that one actor does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Acts {
    pub(crate) by: By,
    pub(crate) acts: Vec<Act>,
}

/// Who a newly seen leaf belongs to; the identity check's verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Joined {
    /// The leaf that it replaces, if it is not a new one.
    pub(crate) replaces: Option<u32>,
    pub(crate) signature_key: Bytes,
    pub(crate) user: MimiUri,
    pub(crate) client: MimiUri,
}

impl Joined {
    /// The verdict on a key that no leaf had before.
    pub(crate) fn new(signature_key: &[u8], who: Identified) -> Self {
        Joined {
            replaces: None,
            signature_key: Bytes::copy_from_slice(signature_key),
            user: who.user,
            client: who.client,
        }
    }
}

/// Proposals that cannot be what they claim to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The sender is no leaf, and no external sender, of this group.
    #[error("the sender is not in the group")]
    UnknownSender,
    /// A Remove points at a blank leaf.
    #[error("leaf {0} is blank")]
    UnknownLeaf(u32),
    /// A commit that removes its own sender (RFC 9420 §12.2).
    #[error("the commit removes leaf {0}, its own sender")]
    OwnLeaf(u32),
    /// An external commit that removes the client of somebody else (RFC 9420
    /// §12.4.3.2).
    #[error("an external commit removes leaf {0}, which is not of the joining user")]
    OthersLeaf(u32),
    /// A SelfRemove that is not referenced (EXT, "SelfRemove Proposal").
    #[error("a SelfRemove stands inline")]
    InlineSelfRemove,
    /// Two leaves with one signature key (RFC 9420 §7.3), which nobody could join
    /// any more.
    #[error("a signature key would be in the group twice")]
    RepeatedKey,
    /// The host does not accept a credential.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A leaf's new credential names another user than its old one.
    #[error("a leaf of {was} becomes one of {now}")]
    OtherUser {
        /// The user until now.
        was: MimiUri,
        /// The user named now.
        now: MimiUri,
    },
    /// A KeyPackage is used outside of its lifetime.
    #[error(
        "a KeyPackage is valid from {not_before} to {not_after} s, not at {now} s (RFC 9420 §10.1)"
    )]
    Lifetime {
        /// Seconds since the Unix epoch.
        not_before: u64,
        /// Seconds since the Unix epoch.
        not_after: u64,
        /// Seconds since the Unix epoch.
        now: u64,
    },
    /// A leaf does not support what the group requires.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// A proposal of a kind that rooms do not use.
    #[error("proposals of type {0} are not used in MIMI rooms")]
    Unsupported(&'static str),
}

/// What is known of the group before the commit.
pub(crate) struct Before<'a> {
    pub(crate) clients: &'a ClientIndex,
    pub(crate) roster: &'a Roster,
    pub(crate) dictionary: &'a ComponentMap,
    /// Who the external senders are, in their order.
    pub(crate) external: &'a [Option<MimiUri>],
    pub(crate) context: &'a openmls::prelude::GroupContext,
    pub(crate) identity: &'a dyn Identity,
    pub(crate) now: Timestamp,
}

/// What a commit or a list of proposals does, by actor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) acts: Vec<Acts>,
    pub(crate) joined: Vec<Joined>,
}

impl Changes {
    /// Reads proposals; `joiner` is who sends an external commit.
    pub(crate) fn read<'a>(
        before: &Before<'_>,
        proposals: impl Iterator<Item = &'a QueuedProposal>,
        joiner: Option<&By>,
    ) -> Result<Self, ChangeError> {
        let mut changes = Changes::default();
        for proposal in proposals {
            let by = match (proposal.sender(), joiner) {
                (Sender::NewMemberCommit, Some(joiner)) => joiner.clone(),
                (sender, _) => before.sender(sender)?,
            };
            if let Some(act) = changes.act(before, proposal, &by)? {
                changes.push(by, act);
            }
        }
        Ok(changes)
    }

    /// Who commits, and what: the proposals by their senders, and the leaf that
    /// the committer's path brings in.
    pub(crate) fn of_commit(
        before: &Before<'_>,
        sender: &Sender,
        commit: &StagedCommit,
    ) -> Result<(By, Self), ChangeError> {
        let leaf = commit.update_path_leaf_node();
        let (by, changes) = match sender {
            Sender::NewMemberCommit => {
                let (joined, leaf) = before.leaf(leaf.ok_or(ChangeError::UnknownSender)?)?;
                let user = joined.user.clone();
                let by = By::Joiner(user.clone());
                let mut changes = Self::read(before, commit.queued_proposals(), Some(&by))?;
                changes.check_removals(&by, |_, of| *of != user, ChangeError::OthersLeaf)?;
                // MLS has no Add here: to join is what an external commit does.
                changes.push(by.clone(), Act::AddClient { user, leaf });
                changes.joined.push(joined);
                (by, changes)
            }
            sender => {
                let by = before.sender(sender)?;
                let mut changes = Self::read(before, commit.queued_proposals(), None)?;
                if let (Some(leaf), Sender::Member(index)) = (leaf, sender) {
                    let (joined, leaf) = before.same_user(leaf, by.uri(), index.u32())?;
                    changes.push(by.clone(), Act::UpdateClient { leaf });
                    changes.joined.push(joined);
                }
                (by, changes)
            }
        };
        if let Sender::Member(index) = sender {
            let own = index.u32();
            for acts in &changes.acts {
                changes.check_removals(&acts.by, |leaf, _| leaf == own, ChangeError::OwnLeaf)?;
            }
        }
        changes.check_keys(before)?;
        Ok((by, changes))
    }

    /// Refuses the removals by `by` that are `wrong`.
    fn check_removals(
        &self,
        by: &By,
        wrong: impl Fn(u32, &MimiUri) -> bool,
        error: impl Fn(u32) -> ChangeError,
    ) -> Result<(), ChangeError> {
        let acts = self.acts.iter().filter(|acts| acts.by == *by);
        for act in acts.flat_map(|acts| &acts.acts) {
            match act {
                Act::RemoveClient { leaf, user } if wrong(*leaf, user) => return Err(error(*leaf)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Signature keys stay unique, also those of paths and updates, which OpenMLS
    /// does not compare.
    fn check_keys(&self, before: &Before<'_>) -> Result<(), ChangeError> {
        let gone: BTreeSet<u32> = self
            .acts
            .iter()
            .flat_map(|acts| &acts.acts)
            .filter_map(|act| match act {
                Act::RemoveClient { leaf, .. } => Some(*leaf),
                _ => None,
            })
            .collect();
        let mut keys = BTreeSet::new();
        for joined in &self.joined {
            let held = before.roster.leaf_of(&joined.signature_key);
            let free =
                held.is_none_or(|leaf| gone.contains(&leaf) || joined.replaces == Some(leaf));
            if !free || !keys.insert(&joined.signature_key) {
                return Err(ChangeError::RepeatedKey);
            }
        }
        Ok(())
    }

    /// Adds what `by` does.
    pub(crate) fn push(&mut self, by: By, act: Act) {
        match self.acts.iter_mut().find(|acts| acts.by == by) {
            Some(acts) => acts.acts.push(act),
            None => self.acts.push(Acts {
                by,
                acts: vec![act],
            }),
        }
    }

    fn act(
        &mut self,
        before: &Before<'_>,
        queued: &QueuedProposal,
        by: &By,
    ) -> Result<Option<Act>, ChangeError> {
        Ok(Some(match queued.proposal() {
            Proposal::Add(add) => {
                let (joined, leaf) = before.key_package(add.key_package())?;
                let user = joined.user.clone();
                self.joined.push(joined);
                Act::AddClient { user, leaf }
            }
            Proposal::Remove(remove) => before.removal(remove.removed().u32())?,
            Proposal::SelfRemove => match queued.sender() {
                _ if queued.proposal_or_ref_type() == ProposalOrRefType::Proposal => {
                    return Err(ChangeError::InlineSelfRemove);
                }
                Sender::Member(leaf) => before.removal(leaf.u32())?,
                _ => return Err(ChangeError::UnknownSender),
            },
            Proposal::Update(update) => {
                let Sender::Member(leaf) = queued.sender() else {
                    return Err(ChangeError::UnknownSender);
                };
                let (joined, leaf) = before.same_user(update.leaf_node(), by.uri(), leaf.u32())?;
                self.joined.push(joined);
                Act::UpdateClient { leaf }
            }
            Proposal::AppDataUpdate(update) => component(update),
            Proposal::PreSharedKey(_) => Act::Psk,
            Proposal::ReInit(_) => Act::ReInit,
            Proposal::GroupContextExtensions(extensions) => Act::Context {
                unchanged: extensions.extensions() == before.context.extensions(),
            },
            Proposal::ExternalInit(_) => return Ok(None),
            Proposal::AppEphemeral(_) => return Err(ChangeError::Unsupported("app_ephemeral")),
            Proposal::Custom(_) => return Err(ChangeError::Unsupported("custom")),
        }))
    }

    /// Judges with the bundles as the policy wants them.
    pub(crate) fn judge<R>(
        acts: &[Acts],
        committer: Option<&By>,
        clients: &ClientIndex,
        hub: Option<HubView<'_>>,
        judge: impl FnOnce(&Candidate<'_>) -> R,
    ) -> R {
        let changes: Vec<Vec<Change<'_>>> = acts
            .iter()
            .map(|acts| acts.acts.iter().map(Act::change).collect())
            .collect();
        let bundles: Vec<Bundle<'_>> = acts
            .iter()
            .zip(&changes)
            .map(|(acts, changes)| Bundle {
                actor: acts.by.actor(),
                changes,
            })
            .collect();
        judge(&Candidate {
            committer: committer.map(By::actor),
            bundles: &bundles,
            clients,
            hub,
        })
    }

    /// The component updates of `acts`, in order.
    pub(crate) fn updates(acts: &[Acts]) -> impl Iterator<Item = (ComponentId, Op<'_>)> {
        let acts = acts.iter().flat_map(|acts| &acts.acts);
        acts.filter_map(|act| match act {
            Act::Component { id, update } => Some((ComponentId(*id), op(update.as_ref()))),
            _ => None,
        })
    }
}

fn component(update: &AppDataUpdateProposal) -> Act {
    Act::Component {
        id: update.component_id(),
        update: match update.operation() {
            AppDataUpdateOperation::Update(data) => Some(Bytes::copy_from_slice(data.as_slice())),
            AppDataUpdateOperation::Remove => None,
        },
    }
}

/// A component update as the policy wants it, straight from its proposal.
pub(crate) fn component_op(update: &AppDataUpdateProposal) -> (ComponentId, Op<'_>) {
    let op = match update.operation() {
        AppDataUpdateOperation::Update(data) => Op::Update(data.as_slice()),
        AppDataUpdateOperation::Remove => Op::Remove,
    };
    (ComponentId(update.component_id()), op)
}

impl Before<'_> {
    /// The user or external party behind a sender.
    pub(crate) fn sender(&self, sender: &Sender) -> Result<By, ChangeError> {
        let by = match sender {
            Sender::Member(leaf) => {
                let user = self.clients.user_of(leaf.u32());
                user.map(|user| By::Participant(user.clone()))
            }
            Sender::External(index) => external_index(*index)
                .and_then(|index| self.external.get(index)?.clone())
                .map(By::External),
            Sender::NewMemberProposal | Sender::NewMemberCommit => None,
        };
        by.ok_or(ChangeError::UnknownSender)
    }

    fn removal(&self, leaf: u32) -> Result<Act, ChangeError> {
        let user = self.clients.user_of(leaf);
        let user = user.ok_or(ChangeError::UnknownLeaf(leaf))?.clone();
        Ok(Act::RemoveClient { leaf, user })
    }

    /// Checks a KeyPackage that is to be added.
    fn key_package(&self, key_package: &KeyPackage) -> Result<(Joined, Box<Leaf>), ChangeError> {
        let lifetime = key_package.life_time();
        let now = self.now.as_secs();
        if now < lifetime.not_before() || now > lifetime.not_after() {
            return Err(ChangeError::Lifetime {
                not_before: lifetime.not_before(),
                not_after: lifetime.not_after(),
                now,
            });
        }
        let (joined, leaf) = self.leaf(key_package.leaf_node())?;
        Ok((joined, Box::new(leaf.packed(key_package))))
    }

    /// Checks a leaf that is to enter the group. What it is like, the policy
    /// judges once and nobody keeps.
    fn leaf(&self, leaf: &LeafNode) -> Result<(Joined, Box<Leaf>), ChangeError> {
        context::check_leaf(leaf, self.dictionary)?;
        let key = leaf.signature_key().as_slice();
        let who = ask_identity(self.identity, &presented(leaf.credential(), key))?;
        let facts = Leaf::of(leaf, who.validity);
        Ok((Joined::new(key, who), Box::new(facts)))
    }

    /// Checks a leaf that replaces the one at `leaf`, which is of `was`.
    fn same_user(
        &self,
        node: &LeafNode,
        was: &MimiUri,
        leaf: u32,
    ) -> Result<(Joined, Box<Leaf>), ChangeError> {
        let (mut joined, facts) = self.leaf(node)?;
        if joined.user != *was {
            return Err(ChangeError::OtherUser {
                was: was.clone(),
                now: joined.user,
            });
        }
        joined.replaces = Some(leaf);
        Ok((joined, facts))
    }
}

/// Whether a proposal is its sender's own removal, which alone an external
/// commit can reference.
#[cfg(feature = "hub")]
pub(crate) fn is_self_remove(queued: &QueuedProposal) -> bool {
    matches!(queued.proposal(), Proposal::SelfRemove)
}

/// A credential as the identity check wants it.
pub(crate) fn presented<'a>(credential: &'a Credential, signature_key: &'a [u8]) -> Presented<'a> {
    Presented {
        credential_type: credential.credential_type().into(),
        content: credential.serialized_content(),
        signature_key,
    }
}

/// The index of an external sender, whose field is not public.
fn external_index(index: openmls::extensions::SenderExtensionIndex) -> Option<usize> {
    use tls_codec::Serialize as _;
    let octets = index.tls_serialize_detached().ok()?;
    let index = u32::from_be_bytes(octets.try_into().ok()?);
    usize::try_from(index).ok()
}

//! Commits and proposals: what changes a room.

use std::collections::BTreeSet;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::ComponentMap;
use mimi_content::tls::Decode;
use mimi_policy::RoomPolicy;

use super::change::{Committed, Invitation, Kind, Pending};
use super::error::Rejection;
use super::fanout::encode;
use super::io::Outcome;
use super::keys::Keys;
use super::room::{BEYOND, Decision, Room};
use super::state::MAX_PENDING;
use crate::engine::{Actor, Audit, CryptoProvider, Env, ask_identity};
use crate::mls::change::{Act, Acts, Before, By, Changes, Joined, is_self_remove, presented};
use crate::mls::context;
use crate::mls::public::{Opened, Staged};
use crate::mls::{ProposalOrRefType, QueuedProposal, Sender, StagedCommit};
use crate::wire::mls::{GroupInfo, MlsHeader, Welcome, WireFormat};
use crate::wire::{
    CommitBundle, FanoutEvent, GroupInfoOption, HandshakeBundle, UpdateRequest, UpdateRoomResponse,
};

impl Room {
    /// Judges a commit or proposals (PROTO, "Update Room State").
    pub(super) fn update<P: CryptoProvider>(
        &self,
        peer: &str,
        body: &Bytes,
        env: &Env<'_, P, Keys>,
    ) -> Result<Decision, Rejection> {
        match UpdateRequest::from_bytes(body)?.bundle {
            HandshakeBundle::Commit(bundle) => self.commit(peer, *bundle, env),
            HandshakeBundle::Proposals { proposal, more } => {
                let all = std::iter::once(&proposal).chain(&more);
                let decided = self.proposals(peer, all.map(|m| (&**m, m.as_bytes())), env)?;
                let (pending, by) = decided;
                let accepted = self.book.accept_time(env.now);
                let event = FanoutEvent::Proposals { proposal, more };
                let reply = encode(&UpdateRoomResponse::success(accepted))?;
                Ok(Decision {
                    kind: Kind::Proposed { pending, accepted },
                    fanout: vec![self.to_all(accepted, event)?],
                    local: Vec::new(),
                    outcome: Outcome::Reply(reply.clone()),
                    reply: Some(reply),
                    audit: Audit {
                        actor: Actor::User(by),
                        action: "proposed changes",
                        epoch: Some(self.epoch()),
                        clause: "PROTO, Update Room State",
                    },
                })
            }
        }
    }

    fn commit<P: CryptoProvider>(
        &self,
        peer: &str,
        bundle: CommitBundle,
        env: &Env<'_, P, Keys>,
    ) -> Result<Decision, Rejection> {
        let crypto = env.provider.crypto();
        self.check_handshake(&bundle.commit)?;
        let opened = self.group.open(crypto, bundle.commit.as_bytes())?;
        let (staged, draft) = self.stage(opened, env)?;
        let dictionary = context::dictionary(self.group.context()).unwrap_or_default();
        let external = context::external_users(self.group.context().extensions());
        let before = self.before(&dictionary, &external, env);
        let (by, changes) = Changes::of_commit(&before, &staged.sender, &staged.commit)?;
        self.check_speaker(peer, by.uri())?;
        self.check_present(&by)?;
        let after = Changes::judge(
            &changes.acts,
            Some(&by),
            &self.clients,
            Some(BEYOND),
            |candidate| self.policy.authorize(&draft, candidate),
        )?;
        self.check_coverage(&staged, &changes, after.policy())?;
        self.check_own_bundle(&by, &changes)?;
        let group_info = complete(&bundle.group_info, &staged)?;
        self.group.check_group_info(crypto, &staged, &group_info)?;
        let used = self.check_welcome(&staged.commit, bundle.welcome.as_ref(), env)?;
        self.accept_commit(bundle, staged, by, changes.joined, group_info, used, env)
    }

    /// Resolves the component updates and stages the commit with their result.
    fn stage<P: CryptoProvider>(
        &self,
        opened: Opened,
        env: &Env<'_, P, Keys>,
    ) -> Result<(Staged, mimi_policy::Draft), Rejection> {
        let draft = self.policy.resolve(opened.updates())?;
        let crypto = env.provider.crypto();
        let staged = self.group.stage(crypto, opened, draft.changed())?;
        Ok((staged, draft))
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the parts of one accepted commit"
    )]
    fn accept_commit<P: CryptoProvider>(
        &self,
        bundle: CommitBundle,
        staged: Staged,
        by: By,
        joined: Vec<Joined>,
        group_info: GroupInfo,
        used: Vec<Bytes>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Decision, Rejection> {
        let accepted = self.book.accept_time(env.now);
        let invitation = bundle.welcome.map(|welcome| {
            let peers = self.invited(&welcome)?;
            let welcome = welcome.as_bytes().clone();
            Ok::<_, Rejection>(Invitation { peers, welcome })
        });
        let invitation = invitation.transpose()?;
        let event = FanoutEvent::Commit {
            commit: bundle.commit,
            external_proposals: Vec::new(),
        };
        let fanout = vec![self.to_all(accepted, event)?];
        let reply = encode(&UpdateRoomResponse::success(accepted))?;
        let external = matches!(by, By::Joiner(_));
        Ok(Decision {
            kind: Kind::Committed {
                commit: Box::new(Committed {
                    staged: staged.commit,
                    joined,
                    group_info: group_info.as_bytes().clone(),
                    invitation,
                }),
                accepted,
                used,
            },
            fanout,
            local: Vec::new(),
            outcome: Outcome::Reply(reply.clone()),
            reply: Some(reply),
            audit: Audit {
                actor: Actor::User(by.uri().clone()),
                action: if external {
                    "joined by an external commit"
                } else {
                    "committed"
                },
                epoch: Some(self.epoch().saturating_add(1)),
                clause: "PROTO, Update Room State",
            },
        })
    }

    /// Verifies and judges proposals of one user; gives who that is.
    fn proposals<'a, P: CryptoProvider>(
        &self,
        peer: &str,
        messages: impl Iterator<Item = (&'a MlsHeader, &'a Bytes)>,
        env: &Env<'_, P, Keys>,
    ) -> Result<(Vec<Pending>, MimiUri), Rejection> {
        let dictionary = context::dictionary(self.group.context()).unwrap_or_default();
        let external = context::external_users(self.group.context().extensions());
        let before = self.before(&dictionary, &external, env);
        let accepted = self.book.accept_time(env.now);
        let mut pending: Vec<Pending> = Vec::new();
        for (header, message) in messages {
            if self.book.pending.len().saturating_add(pending.len()) >= MAX_PENDING {
                return Err(Rejection::TooManyPending);
            }
            self.check_handshake(header)?;
            let queued = self.group.proposal(env.provider.crypto(), message)?;
            let reference = Bytes::copy_from_slice(queued.proposal_reference_ref().as_slice());
            let mut known = self.book.pending.iter().chain(&pending);
            if known.any(|known| known.reference == reference) {
                return Err(Rejection::Bundle("one is pending already"));
            }
            let changes = Changes::read(&before, std::iter::once(&queued), None)?;
            let first = changes.acts.into_iter().next();
            let acts = first.ok_or(Rejection::Bundle("one does nothing"))?;
            let act = acts.acts.into_iter().next();
            let new = Pending {
                message: message.clone(),
                queued,
                reference,
                by: acts.by,
                act: act.ok_or(Rejection::Bundle("one does nothing"))?,
                accepted,
            };
            self.check_committable(&new, &pending)?;
            pending.push(new);
        }
        let users: BTreeSet<&By> = pending.iter().map(|pending| &pending.by).collect();
        let (Some(By::Participant(user)), 1) = (users.first(), users.len()) else {
            return Err(Rejection::Bundle("they are not all of one participant"));
        };
        self.check_speaker(peer, user)?;
        self.judge_proposals(user, &pending)?;
        let user = user.clone();
        Ok((pending, user))
    }

    /// Judges new proposals with everything that is pending.
    fn judge_proposals(&self, user: &MimiUri, new: &[Pending]) -> Result<RoomPolicy, Rejection> {
        let mut changes = Changes {
            acts: self.pending_acts(),
            joined: Vec::new(),
        };
        let mut own = Changes::default();
        for pending in new {
            changes.push(pending.by.clone(), pending.act.clone());
            own.push(pending.by.clone(), pending.act.clone());
        }
        self.check_own_bundle(&By::Participant(user.clone()), &own)?;
        self.judge(&changes.acts, None)
    }

    /// An actor that is losing rights has lost them already. The leaf of its
    /// path takes no right, and meets the demands of the room as the commit
    /// leaves it, not as it is: else nobody could lift one that nobody meets.
    fn check_own_bundle(&self, by: &By, changes: &Changes) -> Result<(), Rejection> {
        let own = changes.acts.iter().filter(|acts| acts.by == *by).cloned();
        let own = own.map(|mut own| {
            own.acts
                .retain(|act| !matches!(act, Act::UpdateClient { .. }));
            own
        });
        let own: Vec<Acts> = own.collect();
        let pending = self.pending_acts();
        Changes::judge(&pending, None, &self.clients, Some(BEYOND), |pending| {
            Changes::judge(&own, None, &self.clients, Some(BEYOND), |own| {
                own.bundles.iter().try_for_each(|bundle| {
                    self.policy.may_propose(
                        &self.provisional,
                        pending.bundles,
                        bundle,
                        &self.clients,
                    )
                })
            })
        })?;
        Ok(())
    }

    fn before<'a, P: CryptoProvider>(
        &'a self,
        dictionary: &'a ComponentMap,
        external: &'a [Option<MimiUri>],
        env: &Env<'a, P, Keys>,
    ) -> Before<'a> {
        Before {
            clients: &self.clients,
            roster: &self.book.roster,
            dictionary,
            external,
            context: self.group.context(),
            identity: env.identity,
            now: env.now,
        }
    }

    /// A message of this group and epoch, in a form that the hub can read.
    fn check_handshake(&self, header: &MlsHeader) -> Result<(), Rejection> {
        if header.wire_format != WireFormat::PUBLIC_MESSAGE {
            return Err(Rejection::SemiPrivate);
        }
        self.policy.accepts_handshake(header.wire_format.0)?;
        self.check_epoch(header)
    }

    /// A message of this group, of this epoch or of one that the operational
    /// policy still accepts.
    pub(super) fn check_age(&self, header: &MlsHeader) -> Result<(), Rejection> {
        let past = header.epoch < self.epoch() && self.policy.operational().is_some();
        if past
            && self
                .policy
                .accepts_epoch(header.epoch, self.epoch())
                .is_ok()
        {
            return self.check_group(header);
        }
        self.check_epoch(header)
    }

    fn check_group(&self, header: &MlsHeader) -> Result<(), Rejection> {
        if header.group_id != self.group.context().group_id().as_slice() {
            return Err(Rejection::OtherGroup);
        }
        Ok(())
    }

    fn check_epoch(&self, header: &MlsHeader) -> Result<(), Rejection> {
        self.check_group(header)?;
        if header.epoch != self.epoch() {
            return Err(Rejection::WrongEpoch {
                sent: header.epoch,
                current: self.epoch(),
            });
        }
        Ok(())
    }

    /// A provider speaks for its own users only.
    pub(super) fn check_speaker(&self, peer: &str, user: &MimiUri) -> Result<(), Rejection> {
        if user.domain() == peer {
            return Ok(());
        }
        Err(Rejection::WrongProvider {
            peer: peer.to_owned(),
            user: user.clone(),
        })
    }

    pub(super) fn check_active(&self, user: &MimiUri) -> Result<(), Rejection> {
        if self.clients.count_of(user) > 0 {
            Ok(())
        } else {
            Err(Rejection::Inactive(user.clone()))
        }
    }

    /// Who has announced to leave, or is being removed or banned, commits
    /// nothing any more.
    fn check_present(&self, by: &By) -> Result<(), Rejection> {
        let user = by.uri();
        let stays =
            self.provisional.participants().contains(user) && !self.provisional.is_banned(user);
        match by {
            By::Participant(_) if !stays => Err(Rejection::Leaving(user.clone())),
            By::Joiner(_) if self.policy.participants().contains(user) && !stays => {
                Err(Rejection::Leaving(user.clone()))
            }
            _ => Ok(()),
        }
    }

    /// Everything pending is in the commit: referenced, or inline from the same
    /// sender, or moot. An external commit can reference SelfRemoves only (EXT,
    /// "SelfRemove Proposal").
    fn check_coverage(
        &self,
        staged: &Staged,
        changes: &Changes,
        after: &RoomPolicy,
    ) -> Result<(), Rejection> {
        let acts = changes.acts.iter().flat_map(|acts| &acts.acts);
        let gone = acts.filter_map(|act| match act {
            Act::RemoveClient { leaf, .. } => Some(*leaf),
            _ => None,
        });
        let gone: BTreeSet<u32> = gone.collect();
        let left_out = |pending: &&Pending| {
            !self.is_moot(pending, &gone, after)
                && !staged.commit.queued_proposals().any(|p| same(p, pending))
        };
        let left_out: Vec<&Pending> = self.book.pending.iter().filter(left_out).collect();
        if left_out.is_empty() {
            return Ok(());
        }
        let external = matches!(staged.sender, Sender::NewMemberCommit);
        if external && left_out.iter().all(|pending| !pending.is_self_remove()) {
            return Err(Rejection::PendingFirst(left_out.len()));
        }
        let references = left_out.iter().map(|pending| pending.reference.clone());
        Err(Rejection::NotCovered(references.collect()))
    }

    /// Whether a commit need not cover a pending proposal: its leaf goes, or its
    /// sender is put out of the room, so that nobody can stop a room with a
    /// proposal that nobody can commit.
    fn is_moot(&self, pending: &Pending, gone: &BTreeSet<u32>, after: &RoomPolicy) -> bool {
        let sender = pending.by.uri();
        let put_out = self.policy.participants().contains(sender)
            && (!after.participants().contains(sender) || after.is_banned(sender));
        let no_leaf = pending.target().is_some_and(|leaf| gone.contains(&leaf));
        put_out || no_leaf
    }

    /// Accepts only what the next commit can cover: one act on each leaf, and no
    /// kind that OpenMLS drops or refuses when it stands beside others.
    fn check_committable(&self, new: &Pending, batch: &[Pending]) -> Result<(), Rejection> {
        match new.act {
            Act::RemoveClient { .. } | Act::Component { .. } => {}
            // Its leaf is checked in the commit, and may be one that no commit
            // can take in. Nor can its sender commit it (RFC 9420 §12.2).
            Act::UpdateClient { .. } => {
                return Err(Rejection::Bundle(
                    "a client updates itself by a commit with a path",
                ));
            }
            Act::AddClient { .. } => {
                return Err(Rejection::Bundle(
                    "clients are added by a commit, with a Welcome",
                ));
            }
            Act::Psk | Act::ReInit | Act::Context { .. } => {
                return Err(Rejection::Bundle(
                    "such a proposal is sent inline by its committer",
                ));
            }
        }
        let Some(leaf) = new.target() else {
            return Ok(());
        };
        let mut known = self.book.pending.iter().chain(batch);
        let clash = known.any(|known| known.target() == Some(leaf) && !new.supersedes(known));
        if clash {
            return Err(Rejection::Bundle(
                "another one for the same client is pending",
            ));
        }
        Ok(())
    }

    /// The Welcome invites exactly the added clients, each with a KeyPackage
    /// that its own provider handed out through this hub (PROTO, "Fetch Key
    /// Material").
    fn check_welcome<P: CryptoProvider>(
        &self,
        commit: &StagedCommit,
        welcome: Option<&Welcome>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Vec<Bytes>, Rejection> {
        let mut added = Vec::new();
        for add in commit.add_proposals() {
            let key_package = add.add_proposal().key_package();
            let reference = key_package
                .hash_ref(env.provider.crypto())
                .map_err(|_| Rejection::Welcome("a KeyPackage cannot be hashed"))?;
            let reference = Bytes::copy_from_slice(reference.as_slice());
            let leaf = key_package.leaf_node();
            let key = leaf.signature_key().as_slice();
            let user = ask_identity(env.identity, &presented(leaf.credential(), key))?.user;
            let route = self.book.routes.get(&reference);
            if route.map(|route| route.peer.as_str()) != Some(user.domain()) {
                return Err(Rejection::Welcome(
                    "a KeyPackage was not handed out by its user's provider for this room",
                ));
            }
            added.push(reference);
        }
        let invited = welcome.map(|welcome| welcome.new_members.clone());
        let mut invited = invited.unwrap_or_default();
        let used = added.clone();
        added.sort();
        invited.sort();
        if added != invited {
            return Err(Rejection::Welcome(
                "it does not invite exactly the added clients",
            ));
        }
        Ok(used)
    }
}

impl Pending {
    fn is_self_remove(&self) -> bool {
        is_self_remove(&self.queued)
    }

    /// The leaf that it removes.
    fn target(&self) -> Option<u32> {
        match self.act {
            Act::RemoveClient { leaf, .. } => Some(leaf),
            _ => None,
        }
    }

    /// Whether it takes the place of `older` for the same leaf (EXT, "SelfRemove
    /// Proposal").
    fn supersedes(&self, older: &Pending) -> bool {
        self.is_self_remove() && !older.is_self_remove()
    }
}

/// Whether a proposal of the commit is the pending one.
fn same(in_commit: &QueuedProposal, pending: &Pending) -> bool {
    let reference = in_commit.proposal_reference_ref().as_slice();
    match in_commit.proposal_or_ref_type() {
        ProposalOrRefType::Reference => reference == pending.reference,
        ProposalOrRefType::Proposal => {
            in_commit.proposal() == pending.queued.proposal()
                && in_commit.sender() == pending.queued.sender()
        }
    }
}

/// The whole GroupInfo of a commit (TREE, "Conveying the GroupInfo").
fn complete(option: &GroupInfoOption, staged: &Staged) -> Result<GroupInfo, Rejection> {
    match option {
        GroupInfoOption::Full(info) => Ok((**info).clone()),
        GroupInfoOption::Partial(partial) => {
            let context = Decode::from_bytes(&staged.context()?)?;
            let signer = staged.committer.u32();
            partial
                .clone()
                .complete(context, staged.confirmation_tag(), signer)
                .map_err(|_| Rejection::Unusable("the PartialGroupInfo"))
        }
    }
}

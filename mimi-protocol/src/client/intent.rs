//! What a user wants, as requests to the hub.

use bytes::Bytes;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri};
use mimi_franking::limits::MAX_NOTE_LEN;
use mimi_franking::{AbuseReport, Evidence};
use mimi_policy::{Participant, ParticipantListUpdate, Role, RoleMove};

use super::error::Rejection;
use super::io::Outcome;
use super::keys::{Keys, Prepared};
use super::meta::{Request, Waiting};
use super::room::{Done, Room};
use crate::engine::{CryptoProvider, Env};
use crate::labels::sign_with_label;
use crate::mls::change::Changes;
use crate::mls::context;
use crate::mls::member::{Committing, HANDSHAKE_FORMAT, Intent as Work};
use crate::wire::mls::{
    CipherSuite, CommitMessage, CredentialType, ExtensionType, KeyPackage, ProposalMessage,
    ProposalType, RequiredCapabilities, Welcome,
};
use crate::wire::{
    CommitBundle, Endpoint, GroupInfoOption, HandshakeBundle, KeyMaterialRequest,
    KeyMaterialRequestTbs, RatchetTreeOption, UpdateRequest,
};

/// What a user wants of a room.
#[non_exhaustive]
pub enum Intent {
    /// Ask for the KeyPackages of a user's clients (PROTO, "Fetch Key
    /// Material"); [`Event::KeyMaterial`](super::Event::KeyMaterial) follows.
    RequestKeyMaterial {
        /// Whose.
        target: MimiUri,
    },
    /// Add a user with these clients, or clients to a user who is in the list.
    Add {
        /// Who.
        user: MimiUri,
        /// The role of a new participant.
        role: u32,
        /// One KeyPackage for each client.
        key_packages: Vec<KeyPackage>,
    },
    /// Give a user another role.
    ChangeRole {
        /// Who.
        user: MimiUri,
        /// The new role.
        role: u32,
    },
    /// Ban a user: the role "banned", and all clients removed.
    Ban {
        /// Who.
        user: MimiUri,
    },
    /// Take a user out of the list, with all clients.
    Remove {
        /// Who.
        user: MimiUri,
    },
    /// Remove all clients of a user, who stays in the list.
    Kick {
        /// Who.
        user: MimiUri,
    },
    /// Leave the room with all of the user's clients (PROTO, "Bob Leaves the
    /// Room"). It takes effect with somebody's next commit.
    Leave,
    /// Replace a component, for instance the room's metadata.
    Update {
        /// Which.
        component: ComponentId,
        /// The content of its update.
        update: Vec<u8>,
    },
    /// Commit whatever is pending.
    Commit,
    /// Send a message. Sender and room URI are set here.
    Send {
        /// The content.
        content: Box<MimiContent<'static>>,
    },
    /// Report messages to the hub.
    Report {
        /// What was kept of them; all of one sender and of this room.
        evidence: Vec<Evidence>,
        /// What the user has to say.
        note: String,
    },
}

impl std::fmt::Debug for Intent {
    /// The kind alone: what a user writes is nobody else's business.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Intent::RequestKeyMaterial { .. } => "RequestKeyMaterial",
            Intent::Add { .. } => "Add",
            Intent::ChangeRole { .. } => "ChangeRole",
            Intent::Ban { .. } => "Ban",
            Intent::Remove { .. } => "Remove",
            Intent::Kick { .. } => "Kick",
            Intent::Leave => "Leave",
            Intent::Update { .. } => "Update",
            Intent::Commit => "Commit",
            Intent::Send { .. } => "Send",
            Intent::Report { .. } => "Report",
        })
    }
}

const UPDATE: &str = "PROTO, Update Room State";

impl Room {
    pub(super) fn intend<P: CryptoProvider>(
        &mut self,
        intent: Intent,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        if !self.is_member() {
            return Err(Rejection::NotAMember);
        }
        match intent {
            Intent::RequestKeyMaterial { target } => self.request_key_material(target, env),
            Intent::Send { content } => self.send(*content, env),
            Intent::Report { evidence, note } => self.report(&evidence, note),
            Intent::Leave => self.leave(env),
            change => {
                let work = self.work(change)?;
                self.commit(work, env)
            }
        }
    }

    /// What a change of the room means for the group.
    fn work(&self, intent: Intent) -> Result<Work, Rejection> {
        let mut work = Work::default();
        let mut list = ParticipantListUpdate::default();
        match intent {
            Intent::Add {
                user,
                role,
                key_packages,
            } => {
                let octets = key_packages.iter().map(|kp| kp.as_bytes().clone());
                work.adds = octets.collect();
                if !self.policy.participants().contains(&user) {
                    list.added.push(Participant { user, role });
                }
            }
            Intent::ChangeRole { user, role } => list.changed.push(self.role_move(&user, role)?),
            Intent::Ban { user } => {
                list.changed.push(self.role_move(&user, Role::BANNED)?);
                work.removes = self.clients.leaves_of(&user).collect();
            }
            Intent::Remove { user } => {
                list.removed.push(self.index_of(&user)?);
                work.removes = self.clients.leaves_of(&user).collect();
            }
            Intent::Kick { user } => work.removes = self.clients.leaves_of(&user).collect(),
            Intent::Update { component, update } => work.updates.push((component, update)),
            _ => {}
        }
        if !list.is_empty() {
            work.updates
                .push((ComponentId::PARTICIPANT_LIST, list.to_vec()?));
        }
        Ok(work)
    }

    fn role_move(&self, user: &MimiUri, role: u32) -> Result<RoleMove, Rejection> {
        let index = self.index_of(user)?;
        Ok(RoleMove { index, role })
    }

    fn index_of(&self, user: &MimiUri) -> Result<u32, Rejection> {
        let index = self.policy.participants().index_of(user);
        index.ok_or_else(|| Rejection::NotAParticipant(user.clone()))
    }

    /// Commits `work` with everything that is pending.
    fn commit<P: CryptoProvider>(
        &mut self,
        work: Work,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        if self.mls.has_pending_commit() {
            return Err(Rejection::Busy);
        }
        self.check_own_format()?;
        let prepared = Prepared::new(env.keys)?;
        let own = prepared.own(env.keys);
        let policy = &self.policy;
        let committing = self.mls.commit(env.provider, &own, work, |updates| {
            let draft = policy.resolve(updates)?;
            let values = draft.changed().map(|(id, data)| (id, data.cloned()));
            Ok::<_, Rejection>(values.collect())
        })??;
        self.check_own_commit(env)?;
        let body = update(committing)?;
        let endpoint = self.update_endpoint();
        let epoch = self.mls.epoch();
        let seq = self.request(endpoint, body, Request::Commit { epoch })?;
        Ok(self.requested(seq, "commits", UPDATE))
    }

    /// The hub would refuse what the policy does not allow; better to know now.
    fn check_own_commit<P: CryptoProvider>(
        &mut self,
        env: &Env<'_, P, Keys>,
    ) -> Result<(), Rejection> {
        let external = context::external_users(self.mls.context().extensions());
        let before = self.before(&external, env);
        let Some(staged) = self.mls.pending_commit() else {
            return Ok(());
        };
        let own = self.mls.own_sender();
        let (by, changes) = Changes::of_commit(&before, &own, staged)?;
        let draft = self.policy.resolve(Changes::updates(&changes.acts))?;
        Changes::judge(&changes.acts, Some(&by), &self.clients, None, |candidate| {
            self.policy.authorize(&draft, candidate)
        })?;
        self.meta.pending_joined = changes.joined;
        Ok(())
    }

    /// A room may take no handshakes of the only format in which this client
    /// frames them. Then it changes nothing there, and says so before it tries.
    pub(super) fn check_own_format(&self) -> Result<(), Rejection> {
        Ok(self.policy.accepts_handshake(HANDSHAKE_FORMAT.0)?)
    }

    /// Proposes to remove the user with all clients; others commit it.
    fn leave<P: CryptoProvider>(&mut self, env: &Env<'_, P, Keys>) -> Result<Done, Rejection> {
        let proposes = |waiting: &Waiting| matches!(waiting.what, Request::Proposals(_));
        if self.mls.has_pending_commit() || self.meta.waiting.iter().any(proposes) {
            return Err(Rejection::Busy);
        }
        self.check_own_format()?;
        let user = self.meta.user.clone();
        let list = ParticipantListUpdate {
            removed: vec![self.index_of(&user)?],
            ..ParticipantListUpdate::default()
        };
        let leaves: Vec<u32> = self.clients.leaves_of(&user).collect();
        let prepared = Prepared::new(env.keys)?;
        let own = prepared.own(env.keys);
        let updates = vec![(ComponentId::PARTICIPANT_LIST, list.to_vec()?)];
        let known = self.pending_references();
        let messages = self.mls.propose(env.provider, &own, &leaves, updates)?;
        let mut own = self.pending_references();
        own.retain(|reference| !known.contains(reference));
        let mut messages = messages.iter().map(ProposalMessage::from_bytes);
        let first = messages.next().ok_or(Rejection::NotAMember)??;
        let bundle = HandshakeBundle::Proposals {
            proposal: first,
            more: messages.collect::<Result<_, _>>()?,
        };
        let body = UpdateRequest { bundle }.to_vec()?.into();
        let endpoint = self.update_endpoint();
        let seq = self.request(endpoint, body, Request::Proposals(own))?;
        Ok(self.requested(seq, "proposes to leave", UPDATE))
    }

    pub(super) fn pending_references(&self) -> Vec<Bytes> {
        let pending = self.mls.pending_proposals();
        pending
            .map(|queued| Bytes::copy_from_slice(queued.proposal_reference_ref().as_slice()))
            .collect()
    }

    fn request_key_material<P: CryptoProvider>(
        &mut self,
        target: MimiUri,
        env: &Env<'_, P, Keys>,
    ) -> Result<Done, Rejection> {
        let tbs = KeyMaterialRequestTbs {
            requesting_user: self.meta.user.clone(),
            target_user: target.clone(),
            room_id: Some(self.meta.room.clone()),
            acceptable_cipher_suites: vec![CipherSuite(self.mls.ciphersuite().into())],
            required_capabilities: RequiredCapabilities {
                extension_types: vec![ExtensionType::APP_DATA_DICTIONARY],
                proposal_types: vec![ProposalType::APP_DATA_UPDATE, ProposalType::SELF_REMOVE],
                credential_types: vec![CredentialType(env.keys.credential.credential_type())],
            },
            requester_signature_key: env.keys.signature_key.clone().into(),
            requester_credential: env.keys.credential.clone(),
        };
        let label = KeyMaterialRequestTbs::LABEL;
        let signature = sign_with_label(&*env.keys.signer, label, &tbs.to_vec()?)?;
        let request = KeyMaterialRequest {
            tbs,
            signature: signature.into(),
        };
        let endpoint = Endpoint::KeyMaterial { target };
        let seq = self.request(endpoint, request.to_vec()?.into(), Request::KeyMaterial)?;
        Ok(self.requested(seq, "asks for key material", "PROTO, Fetch Key Material"))
    }

    fn report(&mut self, evidence: &[Evidence], note: String) -> Result<Done, Rejection> {
        let mut report = AbuseReport::about(&self.meta.room, evidence)
            .map_err(|e| Rejection::Content(e.to_string()))?;
        report.reporting_user = Some(self.meta.user.clone());
        if note.len() > MAX_NOTE_LEN {
            let why = format!("a note has at most {MAX_NOTE_LEN} octets");
            return Err(Rejection::Content(why));
        }
        report.note = note;
        let room = self.meta.room.clone();
        let endpoint = Endpoint::ReportAbuse { room };
        let seq = self.request(endpoint, report.to_vec()?.into(), Request::Report)?;
        Ok(self.requested(seq, "reports messages", "PROTO, Report abuse"))
    }

    pub(super) fn update_endpoint(&self) -> Endpoint {
        Endpoint::Update {
            room: self.meta.room.clone(),
        }
    }

    pub(super) fn requested(
        &self,
        seq: crate::engine::Seq,
        action: &'static str,
        clause: &'static str,
    ) -> Done {
        let mut done = Done::new(action, clause).by(&self.meta.user);
        done.outcome = Outcome::Requested(seq);
        done
    }
}

/// The body of an update with a commit.
fn update(committing: Committing) -> Result<Bytes, Rejection> {
    let bundle = CommitBundle {
        commit: CommitMessage::from_bytes(&committing.commit)?,
        welcome: committing
            .welcome
            .map(|welcome| Welcome::from_bytes(&welcome))
            .transpose()?,
        group_info: GroupInfoOption::Full(Box::new(Decode::from_bytes(&committing.group_info)?)),
        ratchet_tree: RatchetTreeOption::DistributionService,
    };
    let bundle = HandshakeBundle::Commit(Box::new(bundle));
    Ok(UpdateRequest { bundle }.to_vec()?.into())
}

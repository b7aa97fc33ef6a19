//! Joining a room: by a Welcome, or by an external commit.

use bytes::Bytes;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiUri, Timestamp};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::random::OpenMlsRand;
use openmls_traits::types::Ciphersuite;
use zeroize::Zeroizing;

use super::create::own_user;
use super::error::Rejection;
use super::keys::{Keys, Prepared};
use super::meta::{Meta, Request};
use super::room::{Done, Room};
use crate::engine::{CryptoProvider, Env, Step};
use crate::labels::{decrypt_with_label, sign_with_label, verify_with_label};
use crate::mls::member::MemberGroup;
use crate::mls::{ContextError, GroupContext, Secret, context};
use crate::wire::mls::{CipherSuite, CommitMessage, RatchetTree, Welcome};
use crate::wire::{
    CommitBundle, Endpoint, GROUP_INFO_ENCRYPTION_LABEL, GroupInfoOption, GroupInfoRatchetTreeTbe,
    GroupInfoRequest, GroupInfoRequestTbs, GroupInfoResponse, GroupInfoResponseTbs,
    HandshakeBundle, RatchetTreeOption, UpdateRequest,
};

/// By how many milliseconds a hub's clock may be behind the client's, as for
/// KeyPackages: an hour. A client whose clock is ahead by more refuses what comes until
/// the hub's has caught up.
const CLOCKS_DIFFER: u64 = 60 * 60 * 1000;

/// A Welcome that the provider delivered for one of this client's KeyPackages.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The room for which it was fanned out.
    pub room: MimiUri,
    /// The time of its fan-out. A provider could give another one; so it only raises
    /// what this client knows itself.
    pub accepted_timestamp: Timestamp,
    /// The Welcome.
    pub welcome: Welcome,
    /// The tree that came with it.
    pub ratchet_tree: RatchetTreeOption,
}

impl Room {
    /// Joins by a Welcome. The host writes the room's snapshot and erases the
    /// KeyPackage's secret together.
    ///
    /// # Errors
    /// When the Welcome is not for this KeyPackage, or the group is not one of a
    /// room of that hub, or breaks its own policy.
    pub fn join<P: CryptoProvider>(
        invited: &Invited,
        key_package: &Secret,
        env: &Env<'_, P, Keys>,
    ) -> Result<Self, Rejection> {
        let tree = full(&invited.ratchet_tree)?;
        let group = MemberGroup::join(env.provider, &invited.welcome, tree, key_package)?;
        let hub = hub_senders(group.context(), &invited.room).next();
        let hub = hub.ok_or(ContextError::NoHubSender)?;
        let since = welcomed(
            invited.accepted_timestamp,
            group.key_package_since(),
            env.now,
        );
        let meta = Meta::new(invited.room.clone(), own_user(env)?, hub, since);
        Room::assemble(group, meta, env)
    }
}

/// The time after which the hub accepts what a welcomed client receives. The
/// fan-out of the Welcome says so, but no signature covers it: it is not before the
/// client made its KeyPackage, nor in the future.
fn welcomed(accepted: Timestamp, key_package: Option<u64>, now: Timestamp) -> Timestamp {
    let made = key_package.unwrap_or_default().saturating_mul(1000);
    accepted.max(Timestamp::from_millis(made)).min(now)
}

fn full(tree: &RatchetTreeOption) -> Result<&RatchetTree, Rejection> {
    match tree {
        RatchetTreeOption::Full(tree) => Ok(tree),
        _ => Err(Rejection::NoTree),
    }
}

/// The external senders of the room's provider.
fn hub_senders<'a>(group: &GroupContext, room: &'a MimiUri) -> impl Iterator<Item = Bytes> + 'a {
    let users = context::external_users(group.extensions());
    let senders: Vec<_> = context::external_senders(group.extensions()).collect();
    let senders = senders.into_iter().zip(users);
    senders
        .filter(|(_, user)| user.as_ref().is_some_and(|u| u.domain() == room.domain()))
        .map(|(sender, _)| Bytes::from(sender))
}

/// The first half of an external join: the question to the hub, and the key to
/// its answer.
///
/// It is consumed by the answer. A host that loses it asks again. The user must be
/// a participant already: this release adds a device, not a participant.
pub struct JoinRequest {
    room: MimiUri,
    suite: Ciphersuite,
    body: Bytes,
    private_key: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for JoinRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinRequest")
            .field("room", &self.room)
            .finish_non_exhaustive()
    }
}

impl JoinRequest {
    /// Asks for what it takes to join (PROTO, "Claim group key information").
    ///
    /// # Errors
    /// When the host's randomness or signer fails.
    pub fn new<P: CryptoProvider>(
        room: MimiUri,
        suite: Ciphersuite,
        joining_code: Option<Bytes>,
        env: &Env<'_, P, Keys>,
    ) -> Result<Self, Rejection> {
        let seed = env.provider.rand().random_vec(suite.hash_length());
        let seed = Zeroizing::new(seed.map_err(|_| Rejection::Randomness)?);
        let pair = env
            .provider
            .crypto()
            .derive_hpke_keypair(suite.hpke_config(), &seed);
        let pair = pair.map_err(|_| Rejection::Randomness)?;
        let tbs = GroupInfoRequestTbs {
            cipher_suite: CipherSuite(suite.into()),
            requesting_signature_key: env.keys.signature_key.clone().into(),
            requesting_credential: env.keys.credential.clone(),
            group_info_public_key: pair.public.into(),
            joining_code,
        };
        let label = GroupInfoRequestTbs::LABEL;
        let signature = sign_with_label(&*env.keys.signer, label, &tbs.to_vec()?)?;
        let request = GroupInfoRequest {
            tbs,
            signature: signature.into(),
        };
        Ok(JoinRequest {
            room,
            suite,
            body: request.to_vec()?.into(),
            private_key: Zeroizing::new(pair.private.to_vec()),
        })
    }

    /// Where the request goes.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::GroupInfo {
            room: self.room.clone(),
        }
    }

    /// The request's body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Takes the answer and makes the external commit with which to join.
    ///
    /// The room is not joined until the hub accepts the commit: the step holds
    /// the request, and [`Event::Committed`](super::Event::Committed) or
    /// [`Event::NotChanged`](super::Event::NotChanged) follows its
    /// answer. After the latter the host drops the room.
    ///
    /// # Errors
    /// When the hub refuses, the answer is not the hub's, the group is not one of
    /// a room of that hub, or the room takes no commit of the format that this
    /// client frames.
    pub fn answer<P: CryptoProvider>(
        self,
        response: &Bytes,
        env: &Env<'_, P, Keys>,
    ) -> Result<(Room, Step<Room>), Rejection> {
        let (material, hub_sender) = self.open(response, env)?;
        let tree = full(&material.ratchet_tree)?;
        let prepared = Prepared::new(env.keys)?;
        let own = prepared.own(env.keys);
        let pending: Vec<Bytes> = material
            .pending_proposals
            .iter()
            .map(|pending| pending.proposal.as_bytes().clone())
            .collect();
        let (group, committing) = MemberGroup::join_external(
            env.provider,
            &own,
            self.suite,
            &material.group_info,
            tree,
            &pending,
        )?;
        if !hub_senders(group.context(), &self.room).any(|sender| sender == hub_sender) {
            return Err(ContextError::NoHubSender.into());
        }
        let user = own_user(env)?;
        let since = Timestamp::from_millis(env.now.as_millis().saturating_sub(CLOCKS_DIFFER));
        let meta = Meta::new(self.room.clone(), user.clone(), hub_sender, since);
        let mut room = Room::assemble(group, meta, env)?;
        room.check_own_format()?;
        let update = UpdateRequest {
            bundle: HandshakeBundle::Commit(Box::new(CommitBundle {
                commit: CommitMessage::from_bytes(&committing.commit)?,
                welcome: None,
                group_info: GroupInfoOption::Full(Box::new(Decode::from_bytes(
                    &committing.group_info,
                )?)),
                ratchet_tree: RatchetTreeOption::DistributionService,
            })),
        };
        let endpoint = Endpoint::Update { room: self.room };
        room.request(endpoint, update.to_vec()?.into(), Request::Join)?;
        room.meta.joining = true;
        let done = Done::new("asks to join", "PROTO, Claim group key information").by(&user);
        let step = room.finish(done, env.now)?;
        Ok((room, step))
    }

    /// Opens the answer and checks that it is the hub's, for this request.
    fn open<P: CryptoProvider>(
        &self,
        response: &Bytes,
        env: &Env<'_, P, Keys>,
    ) -> Result<(GroupInfoRatchetTreeTbe, Bytes), Rejection> {
        let crypto = env.provider.crypto();
        let response = GroupInfoResponse::from_bytes(response)?;
        if *response.room_id() != self.room {
            return Err(Rejection::OtherRoom(response.room_id().clone()));
        }
        let code = response.status().0;
        let GroupInfoResponse::Success { tbs, signature } = response else {
            return Err(Rejection::JoinRefused(code));
        };
        verify_with_label(
            crypto,
            self.suite.signature_algorithm(),
            &tbs.hub_sender.signature_key,
            GroupInfoResponseTbs::LABEL,
            &tbs.to_vec()?,
            &signature,
        )?;
        let plaintext = decrypt_with_label(
            crypto,
            self.suite,
            &self.private_key,
            GROUP_INFO_ENCRYPTION_LABEL,
            self.room.as_str().as_bytes(),
            &tbs.encrypted,
        )?;
        let material = GroupInfoRatchetTreeTbe::from_slice(&plaintext)?;
        // That the hub is an external sender of the group is checked when the
        // room is put together: else anyone could have signed this.
        Ok((material, tbs.hub_sender.to_vec()?.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_welcome_is_not_older_than_the_key_package_nor_from_the_future() {
        let at = Timestamp::from_millis;
        for (accepted, key_package, now, since) in [
            (5_000, Some(3), 6_000, 5_000),
            // A provider that says it was earlier, or later.
            (0, Some(3), 6_000, 3_000),
            (u64::MAX, Some(3), 6_000, 6_000),
            (5_000, None, 6_000, 5_000),
            // A clock that was set back.
            (0, Some(u64::MAX), 6_000, 6_000),
        ] {
            assert_eq!(welcomed(at(accepted), key_package, at(now)), at(since));
        }
    }
}

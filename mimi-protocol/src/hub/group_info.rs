//! What a client needs to join by an external commit, for it alone.

use bytes::Bytes;
use mimi_content::tls::Decode;
use mimi_policy::Actor as PolicyActor;

use super::error::Rejection;
use super::fanout::encode;
use super::keys::Keys;
use super::room::Room;
use crate::engine::{Actor, Audit, CryptoProvider, Env, Identified, Presented, ask_identity};
use crate::labels::{encrypt_with_label, sign_with_label, verify_with_label};
use crate::wire::mls::{GroupInfo, RatchetTree};
use crate::wire::{
    GROUP_INFO_ENCRYPTION_LABEL, GroupInfoRatchetTreeTbe, GroupInfoRequest, GroupInfoRequestTbs,
    GroupInfoResponse, GroupInfoResponseTbs, PendingProposal, RatchetTreeOption,
};

impl Room {
    /// Answers a GroupInfoRequest (PROTO, "Claim group key information").
    pub(super) fn group_info<P: CryptoProvider>(
        &self,
        peer: &str,
        body: &Bytes,
        env: &Env<'_, P, Keys>,
    ) -> Result<(Bytes, Audit), Rejection> {
        let request = GroupInfoRequest::from_bytes(body)?;
        let who = self.requester(&request, env)?;
        self.check_speaker(peer, &who.user)?;
        let actor = PolicyActor::Joiner {
            user: &who.user,
            claims: &mimi_policy::NoClaims,
            // Nothing here can tell a good code from a bad one.
            code: None,
        };
        self.provisional.may_join(&actor)?;
        // Sealed anew each time, so there is nothing to repeat, and nothing to
        // write.
        let reply = encode(&self.sealed(&request.tbs, env)?)?;
        let audit = Audit {
            actor: Actor::User(who.user),
            action: "fetched the GroupInfo",
            epoch: Some(self.epoch()),
            clause: "PROTO, Claim group key information",
        };
        Ok((reply, audit))
    }

    /// Who asks, by the signature over the request.
    fn requester<P: CryptoProvider>(
        &self,
        request: &GroupInfoRequest,
        env: &Env<'_, P, Keys>,
    ) -> Result<Identified, Rejection> {
        let tbs = &request.tbs;
        let suite = self.group.ciphersuite();
        if tbs.cipher_suite.0 != u16::from(suite) {
            return Err(Rejection::CipherSuite(tbs.cipher_suite.0));
        }
        verify_with_label(
            env.provider.crypto(),
            suite.signature_algorithm(),
            &tbs.requesting_signature_key,
            GroupInfoRequestTbs::LABEL,
            &encode(tbs)?,
            &request.signature,
        )?;
        let content = tbs.requesting_credential.content();
        let content = content.map_err(|_| Rejection::Unusable("the credential"))?;
        let presented = Presented {
            credential_type: tbs.requesting_credential.credential_type(),
            content: &content,
            signature_key: &tbs.requesting_signature_key,
        };
        Ok(ask_identity(env.identity, &presented)?)
    }

    fn sealed<P: CryptoProvider>(
        &self,
        request: &GroupInfoRequestTbs,
        env: &Env<'_, P, Keys>,
    ) -> Result<GroupInfoResponse, Rejection> {
        let tree = RatchetTree::from_bytes(&self.group.ratchet_tree()?)?;
        let pending = self.book.pending.iter().map(|pending| {
            Ok(PendingProposal {
                proposal: Decode::from_bytes(&pending.message)?,
                hub_accepted_time: pending.accepted,
            })
        });
        let plaintext = encode(&GroupInfoRatchetTreeTbe {
            group_info: GroupInfo::from_bytes(&self.book.group_info)?,
            ratchet_tree: RatchetTreeOption::Full(tree),
            pending_proposals: pending.collect::<Result<_, Rejection>>()?,
        })?;
        let encrypted = encrypt_with_label(
            env.provider.crypto(),
            self.group.ciphersuite(),
            &request.group_info_public_key,
            GROUP_INFO_ENCRYPTION_LABEL,
            self.book.room.as_str().as_bytes(),
            &plaintext,
        )?;
        let tbs = GroupInfoResponseTbs {
            room_id: self.book.room.clone(),
            cipher_suite: request.cipher_suite,
            hub_sender: env.keys.sender(),
            encrypted,
        };
        let signature = sign_with_label(
            &*env.keys.signer,
            GroupInfoResponseTbs::LABEL,
            &encode(&tbs)?,
        )?;
        Ok(GroupInfoResponse::Success {
            tbs: Box::new(tbs),
            signature: signature.into(),
        })
    }
}

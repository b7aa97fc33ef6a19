//! What a public group asks of storage: nothing while it runs, its four values
//! when it is restored.

use std::convert::Infallible;

use bytes::Bytes;
use openmls_traits::public_storage::PublicStorageProvider;
use openmls_traits::storage::{CURRENT_VERSION, traits};
use serde::{Deserialize, Serialize};

use crate::cbor::{self, CborError};

/// A store that keeps nothing: the hub's state is snapshotted on demand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NullStore;

/// The values of a public group, each as CBOR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublicState {
    pub(super) tree: Bytes,
    pub(super) context: Bytes,
    pub(super) confirmation_tag: Bytes,
    pub(super) interim_transcript_hash: Bytes,
}

impl PublicState {
    fn read<T: serde::de::DeserializeOwned>(value: &Bytes) -> Result<Option<T>, CborError> {
        cbor::from_slice(value).map(Some)
    }
}

/// Writes that go nowhere, and a queue that is always empty: both stores.
macro_rules! no_writes {
    ($error:ty) => {
        type PublicError = $error;

        fn write_tree<G: traits::GroupId<CURRENT_VERSION>, T: traits::TreeSync<CURRENT_VERSION>>(
            &self,
            _: &G,
            _: &T,
        ) -> Result<(), $error> {
            Ok(())
        }

        fn write_interim_transcript_hash<
            G: traits::GroupId<CURRENT_VERSION>,
            H: traits::InterimTranscriptHash<CURRENT_VERSION>,
        >(
            &self,
            _: &G,
            _: &H,
        ) -> Result<(), $error> {
            Ok(())
        }

        fn write_context<
            G: traits::GroupId<CURRENT_VERSION>,
            C: traits::GroupContext<CURRENT_VERSION>,
        >(
            &self,
            _: &G,
            _: &C,
        ) -> Result<(), $error> {
            Ok(())
        }

        fn write_confirmation_tag<
            G: traits::GroupId<CURRENT_VERSION>,
            T: traits::ConfirmationTag<CURRENT_VERSION>,
        >(
            &self,
            _: &G,
            _: &T,
        ) -> Result<(), $error> {
            Ok(())
        }

        fn queue_proposal<
            G: traits::GroupId<CURRENT_VERSION>,
            R: traits::ProposalRef<CURRENT_VERSION>,
            Q: traits::QueuedProposal<CURRENT_VERSION>,
        >(
            &self,
            _: &G,
            _: &R,
            _: &Q,
        ) -> Result<(), $error> {
            Ok(())
        }

        fn queued_proposals<
            G: traits::GroupId<CURRENT_VERSION>,
            R: traits::ProposalRef<CURRENT_VERSION>,
            Q: traits::QueuedProposal<CURRENT_VERSION>,
        >(
            &self,
            _: &G,
        ) -> Result<Vec<(R, Q)>, $error> {
            Ok(Vec::new())
        }

        fn delete_tree<G: traits::GroupId<CURRENT_VERSION>>(&self, _: &G) -> Result<(), $error> {
            Ok(())
        }

        fn delete_confirmation_tag<G: traits::GroupId<CURRENT_VERSION>>(
            &self,
            _: &G,
        ) -> Result<(), $error> {
            Ok(())
        }

        fn delete_context<G: traits::GroupId<CURRENT_VERSION>>(&self, _: &G) -> Result<(), $error> {
            Ok(())
        }

        fn delete_interim_transcript_hash<G: traits::GroupId<CURRENT_VERSION>>(
            &self,
            _: &G,
        ) -> Result<(), $error> {
            Ok(())
        }

        fn remove_proposal<
            G: traits::GroupId<CURRENT_VERSION>,
            R: traits::ProposalRef<CURRENT_VERSION>,
        >(
            &self,
            _: &G,
            _: &R,
        ) -> Result<(), $error> {
            Ok(())
        }

        fn clear_proposal_queue<
            G: traits::GroupId<CURRENT_VERSION>,
            R: traits::ProposalRef<CURRENT_VERSION>,
        >(
            &self,
            _: &G,
        ) -> Result<(), $error> {
            Ok(())
        }
    };
}

/// The four reads, each from an expression over `self`.
macro_rules! reads {
    ($error:ty, |$this:ident| $tree:expr, $context:expr, $hash:expr, $tag:expr) => {
        fn tree<G: traits::GroupId<CURRENT_VERSION>, T: traits::TreeSync<CURRENT_VERSION>>(
            &self,
            _: &G,
        ) -> Result<Option<T>, $error> {
            let $this = self;
            $tree
        }

        fn group_context<
            G: traits::GroupId<CURRENT_VERSION>,
            C: traits::GroupContext<CURRENT_VERSION>,
        >(
            &self,
            _: &G,
        ) -> Result<Option<C>, $error> {
            let $this = self;
            $context
        }

        fn interim_transcript_hash<
            G: traits::GroupId<CURRENT_VERSION>,
            H: traits::InterimTranscriptHash<CURRENT_VERSION>,
        >(
            &self,
            _: &G,
        ) -> Result<Option<H>, $error> {
            let $this = self;
            $hash
        }

        fn confirmation_tag<
            G: traits::GroupId<CURRENT_VERSION>,
            T: traits::ConfirmationTag<CURRENT_VERSION>,
        >(
            &self,
            _: &G,
        ) -> Result<Option<T>, $error> {
            let $this = self;
            $tag
        }
    };
}

impl PublicStorageProvider<CURRENT_VERSION> for NullStore {
    no_writes!(Infallible);
    reads!(Infallible, |_this| Ok(None), Ok(None), Ok(None), Ok(None));
}

impl PublicStorageProvider<CURRENT_VERSION> for PublicState {
    no_writes!(CborError);
    reads!(
        CborError,
        |this| Self::read(&this.tree),
        Self::read(&this.context),
        Self::read(&this.interim_transcript_hash),
        Self::read(&this.confirmation_tag)
    );
}

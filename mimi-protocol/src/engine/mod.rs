//! The step contract: one shape for every state machine of this crate.
//!
//! An engine owns the state of one thing (a hosted room, a member client, a
//! provider's key packages). It touches nothing else: time, randomness,
//! cryptography, keys and the identity check arrive in an [`Env`], and whatever
//! must reach the outside leaves as an [`Output`].
//!
//! # The contract
//!
//! 1. A host hands an input to [`Engine::step`]. An error is a *rejection*: the
//!    state is as it was.
//! 2. A [`Step`] may carry an entry. The host writes it durably, and only then
//!    acts on the outcome and the outputs. Several steps may share one write.
//!    If the write fails, the host drops the engine and restores it.
//! 3. After a crash the host restores the last snapshot and hands the entries
//!    written since to [`Engine::replay`]. Replay consults no clock, no
//!    randomness and no network and judges nothing again. A crash before the
//!    write means that nothing happened; after it, the state and what is still
//!    owed are the same as they were.
//! 4. Every output has a number and is *owed* until the host says what became
//!    of it: [`Engine::owed`] lists what is due after a restore. Repeating an
//!    output is safe; losing one is not.
//! 5. Work that needs another provider is a [`Call`]; its answer comes back as
//!    a later input under the same number. [`Engine::next_deadline`] says when
//!    the engine wants to be ticked.

mod audit;
mod draft_set;
mod env;
mod output;
mod pseudonym;

pub use audit::{Actor, Audit};
pub use draft_set::{DraftSet, DraftSetError};
pub use env::{
    BasicIdentity, CryptoProvider, Env, Identified, Identity, IdentityError, Presented, Validity,
};
pub use output::{Answer, Call, Effect, Output, Seq};
#[cfg(any(feature = "mls", feature = "provider"))]
pub(crate) use pseudonym::ask_identity;

use mimi_content::Timestamp;

/// A state machine under the step contract.
pub trait Engine: Sized {
    /// What can happen to it.
    type Input;
    /// What an input came to, for whoever handed it in.
    type Outcome;
    /// What it wants done on this side, beside calls to other providers.
    type Local;
    /// What a step changed, to be written durably.
    type Entry;
    /// Its whole state, to be written durably.
    type Snapshot;
    /// Why an input was refused.
    type Rejection: std::error::Error;
    /// Why a journal or a snapshot cannot be used.
    type Corrupt: std::error::Error;
    /// The secret keys it needs, which are never part of its state.
    type Keys;

    /// Takes one input.
    ///
    /// # Errors
    /// A rejection, which has changed nothing.
    fn step<P: CryptoProvider>(
        &mut self,
        input: Self::Input,
        env: &Env<'_, P, Self::Keys>,
    ) -> Result<Step<Self>, Self::Rejection>;

    /// Takes an entry that an earlier step produced, in the order of the steps.
    ///
    /// # Errors
    /// When the entry does not belong here; the engine is unchanged.
    fn replay(&mut self, entry: &Self::Entry) -> Result<(), Self::Corrupt>;

    /// The whole state, outputs still owed included.
    ///
    /// # Errors
    /// When the state cannot be written, which no input causes.
    fn snapshot(&self) -> Result<Self::Snapshot, Self::Corrupt>;

    /// The engine that `snapshot` was taken of.
    ///
    /// # Errors
    /// When the snapshot is damaged, or of another [`DraftSet`].
    fn restore(snapshot: &Self::Snapshot) -> Result<Self, Self::Corrupt>;

    /// The outputs that are due now and not yet settled, in order.
    fn owed(&self) -> Vec<Output<Self::Local>>;

    /// When the engine wants a tick, if it waits for anything.
    fn next_deadline(&self) -> Option<Timestamp>;
}

/// What one accepted input did.
///
/// Neither the outcome nor the outputs may leave the host before `entry` is
/// durable.
#[derive(Debug)]
#[must_use = "the entry must be written before the outputs leave"]
pub struct Step<E: Engine> {
    /// What changed; `None` when nothing did.
    pub entry: Option<E::Entry>,
    /// What the input came to.
    pub outcome: E::Outcome,
    /// What is newly due.
    pub outputs: Vec<Output<E::Local>>,
    /// What happened and why, without content.
    pub audit: Audit,
}

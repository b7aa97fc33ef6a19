//! MIMI user discovery: who is reachable where, without telling anyone that you
//! looked.
//!
//! The requirements draft of the IETF asks ten things (R1 to R10) and names no
//! protocol; the protocol is our proposal. **There are no parties in here yet**, only
//! what they say to each other and how they compute it.
//!
//! # The problem
//!
//! Alice knows a telephone number or an e-mail address: a *cross-service
//! identifier*, or CSI. She wants to know which messaging providers its holder
//! uses, which one the holder prefers, and under which identifier to ask there.
//! Nobody on the way is to learn both who asks and about whom, and nobody but the
//! holder is to say where the holder is.
//!
//! # The parties
//!
//! | party | does |
//! |---|---|
//! | issuer (CSIP) | attests that a key is that of a CSI's holder |
//! | holder | signs the whole set of the holder's mappings, and raises its number with each change |
//! | discovery provider (DP) | stores sealed records in a prefix tree and proves what it answers, absence included |
//! | evaluator | turns a blinded CSI into an index and learns nothing of it |
//! | relay | passes a lookup on, so that the DP does not see who asks |
//! | witness | cosigns tree heads whose changes were all authorised |
//! | messaging provider (MSP) | authenticates its users and rations what they ask |
//!
//! A *realm* is one signed manifest of all of them that senders hold whole. One DP
//! makes a central service, several a federation; a root manifest that maps
//! prefixes to realms makes a hierarchy.
//!
//! # A lookup
//!
//! ```text
//!   sender                evaluator            relay               DP
//!     |  tokens, blinded CSIs  |                 |                  |
//!     |----------------------->|                 |                  |
//!     |<-- elements, proof ----|                 |                  |
//!   unblind: index, record key                   |                  |
//!     |                                          |                  |
//!     |-- one index, encapsulated -------------->|----------------->|
//!     |<-- leaf, proof, sealed record, head -----|<-----------------|
//!   check proof, cosignatures, freshness, scopes, dates, both signatures
//!     |
//!   NoMapping (proved) | OptedOut | Mappings | Incomplete
//! ```
//!
//! - The index comes from an oblivious pseudorandom function, so that a list of
//!   indices is no list of telephone numbers. The record is sealed under a key from
//!   the same source: who stores it cannot read it.
//! - An error is never "nobody". Absence is proved, opting out is another answer,
//!   and a provider that keeps silent makes the result `Incomplete`.
//! - An attestation by a messaging provider in its own favour does not count, unless
//!   the realm says that it is the authority for that kind of identifier.
//! - Each evaluation costs a token that links to nobody, so that nobody can walk
//!   through all numbers.
//!
//! # The shape of the code
//!
//! Every party will be a pure step function: input, time and randomness in,
//! message and next state out. Encoding is the TLS presentation language of
//! `mimi_content::tls`; signatures are Ed25519 in MLS's labelled form. Nothing
//! here will know `mimi-protocol`: what a lookup has to say to the provider that
//! it found travels as octets in the extension fields of the consent request and
//! the identifier query.
//!
//! # What it will not solve
//!
//! - A DP that also holds the evaluator's key can try all telephone numbers. Keep
//!   them apart.
//! - Whoever knows an index can ask for it again until the key changes, which is to
//!   be within 90 days.
//! - An issuer that turns malicious is found out, not prevented.
//! - After a lookup the identifier query shows both messaging providers who looks
//!   for whom, unless the mapping itself names the account.
//! - It is not made for an adversary with a quantum computer.
//!
//! # Modules
//!
//! - [`csi`]: identifiers in their canonical forms.
//! - [`wire`]: the structs that travel; [`limits`]: how much of anything there may be.
//! - [`signed`]: who signed what, and for which realm.
//! - [`manifest`]: whom a realm trusts for what, and which realm is asked.
//! - [`record`]: sealing what holders publish; [`ssi`]: commitments to accounts in it.
//! - [`oprf`]: indices that nobody computes alone; [`token`]: what one costs;
//!   [`envelope`]: what hides a request from the relay.
//! - [`tree`]: where records stand, and what proves it.

pub mod csi;
mod domain;
pub mod envelope;
pub mod limits;
pub mod manifest;
pub mod oprf;
pub mod record;
pub mod signed;
pub mod ssi;
pub mod token;
pub mod tree;
pub mod wire;

pub use csi::{Csi, CsiKind};
pub use domain::Domain;
pub use signed::{PublicKey, Signature, Signed, SigningKey, VerifyError};

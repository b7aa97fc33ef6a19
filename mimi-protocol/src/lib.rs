//! MIMI over HTTPS and MLS as state machines that do no I/O: wire messages, the
//! HTTP binding, and the engines of hub, follower, provider and client.
//!
//! Messaging providers host rooms together. One is the room's *hub*: it orders
//! what happens, checks it against the room's policy and fans it out. The others
//! *follow* it on behalf of their users. *Clients* hold the keys, with MLS, and
//! check again what the hub accepted. This crate is all of that between a socket
//! and a database, which are yours.
//!
//! It implements draft-ietf-mimi-protocol-06, cited as PROTO, with POLICY
//! (draft-ietf-mimi-room-policy-03), CONTENT (draft-ietf-mimi-content-08) and EXT
//! (draft-ietf-mls-extensions) by way of the crates below it, and TREE
//! (draft-mahy-mls-ratchet-tree-options-02).
//!
//! # Which module
//!
//! | you write | you take | feature |
//! |---|---|---|
//! | a server with rooms | [`hub::Room`], one a room | `hub` |
//! | a server with users | [`follower::Room`], one a room; [`provider::KeyMaterial`] | `follower`, `provider` |
//! | a client | [`client::Room`], one a room | `client` |
//! | the HTTP side of a server | [`http`]: endpoints to requests and back | `http` |
//! | something else | [`wire`]: every body, with an exact codec | always |
//!
//! A provider usually is all but the client: its own hub calls its own follower as
//! it calls any other. [`engine`] states the contract that all engines keep, and
//! [`delivery`] has the queue in which each waits for its peers.
//!
//! # The run loop
//!
//! Every engine has the same shape: inputs in; an entry to write; then, and only
//! then, outputs to act on. What is below is a whole host for one provider's key
//! material, but for the disk and the network.
//!
//! ```
//! # #[cfg(feature = "provider")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use mimi_content::{MimiUri, Timestamp};
//! use mimi_protocol::engine::{BasicIdentity, Effect, Engine, Env};
//! use mimi_protocol::provider::{Disclosure, Input, KeyMaterial, Local};
//! use mimi_protocol::wire::ConsentScope;
//! use openmls_rust_crypto::OpenMlsRustCrypto;
//!
//! let crypto = OpenMlsRustCrypto::default();
//! let mut engine = KeyMaterial::new("a.example", Disclosure::Hide);
//! let mut snapshot = engine.snapshot()?;
//! let mut journal = Vec::new();
//! let mut sent = Vec::new();
//!
//! let alice = MimiUri::parse("mimi://a.example/u/alice")?;
//! let bob = MimiUri::parse("mimi://b.example/u/bob")?;
//! let scope = ConsentScope { requester_uri: alice, target_uri: bob, room_id: None };
//! let inputs = [Input::Ask { scope }];
//!
//! for input in inputs {
//!     // Time, cryptography, the identity check and the keys are lent to each step.
//!     let env = Env {
//!         now: Timestamp::from_millis(1_790_000_000_000),
//!         provider: &crypto,
//!         identity: &BasicIdentity,
//!         keys: &(),
//!     };
//!     // A rejection has changed nothing: answer the caller and go on.
//!     let step = engine.step(input, &env)?;
//!     // First the entry becomes durable...
//!     journal.extend(step.entry);
//!     // ...then what it led to may leave.
//!     for output in step.outputs {
//!         match output.effect {
//!             Effect::Call(call) => sent.push((output.seq, call)),
//!             Effect::Local(local) => println!("tell our users: {local:?}"),
//!         }
//!     }
//! }
//! assert_eq!(sent.len(), 1);
//! assert_eq!(sent[0].1.peer, "b.example");
//!
//! // The process dies before the call was answered. Nothing is lost: the snapshot
//! // and the entries since bring back the same state, which still owes the call.
//! let mut engine = KeyMaterial::restore(&snapshot)?;
//! for entry in &journal {
//!     engine.replay(entry)?;
//! }
//! assert_eq!(engine.owed().len(), 1);
//!
//! // Now and then a snapshot replaces the journal.
//! snapshot = engine.snapshot()?;
//! journal.clear();
//! # let _ = (snapshot, journal);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "provider"))]
//! # fn main() {}
//! ```
//!
//! A client differs in one thing: its entries are applied to an encrypted store
//! and erased, never kept (see [`client`]). The example `clubhouse` runs three
//! providers and seven clients that way.
//!
//! # What the host answers for
//!
//! - **TLS.** It authenticates the peer and says who it is; the engines compare.
//! - **Identity.** [`engine::Identity`] says which user a credential names. It is
//!   asked once for each leaf. [`engine::BasicIdentity`] believes what it reads.
//! - **Keys.** They are lent to each step and are in no snapshot. A client's snapshot
//!   and entries do hold MLS secrets.
//! - **Randomness and time.** A bad generator breaks MLS; a clock that is far off
//!   makes KeyPackages expire or never do.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | *(none)* | | [`wire`], [`assets`], [`tree`], [`delivery`], [`engine`], [`labels`], [`pseudonym`], [`semiprivate`]; no OpenMLS |
//! | `http` | yes | [`http`] |
//! | `hub` | yes | [`hub`]; brings OpenMLS and `mimi-policy` |
//! | `follower` | yes | [`follower`] |
//! | `provider` | yes | [`provider`] |
//! | `client` | yes | [`client`]; brings OpenMLS and `mimi-policy` |
//!
//! `mls` is what `hub` and `client` share and not for direct use, but for its
//! re-exports of `openmls` and `openmls_traits`, which a host needs to build its
//! crypto provider on the same versions.
//!
//! # What is not here yet
//!
//! SemiPrivateMessages can be made and opened ([`semiprivate`]), but the engines only
//! carry them. A hub makes no proposals of its own, so it refuses an external commit
//! while proposals are pending that only a member can commit. Adds, Updates and the
//! like come in a commit, not as proposals that wait for one. No join code is taken
//! for good. Nobody answers `identifierQuery`. Fetching assets is the host's
//! ([`assets`] says what may be fetched), and so is Oblivious HTTP. A client takes a tree that comes inline and fetches none, though
//! [`tree`] says from where it could. Credentials may be pseudonymous ([`pseudonym`]), but
//! the keys of their links are not distributed.

pub mod assets;
#[cfg(feature = "mls")]
mod cbor;
#[cfg(feature = "client")]
pub mod client;
pub mod delivery;
pub mod engine;
#[cfg(feature = "follower")]
pub mod follower;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "hub")]
pub mod hub;
pub mod labels;
#[cfg(feature = "mls")]
pub mod mls;
#[cfg(feature = "provider")]
pub mod provider;
pub mod pseudonym;
pub mod semiprivate;
pub mod tree;
pub mod wire;

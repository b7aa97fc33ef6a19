//! Message franking for MIMI: lets a hub recognise an abusive message that it
//! relayed without being able to read it (PROTO, "Message Franking" and "Report
//! abuse").
//!
//! A sender *commits* to each message with a tag that everybody sees and only
//! receivers can open. The hub *stamps* the tag, together with the sender, the
//! room and the time, and signs the stamp. A receiver *verifies* all of it and
//! keeps the evidence. If the message is abusive, it *reports* the message in
//! clear, and the hub recognises its own stamp.
//!
//! ```text
//!   sender                      hub                        receiver
//!     |                          |                             |
//!   commit                       |                             |
//!     tag = HMAC(salt, content)  |                             |
//!     |-- ciphertext, AAD{tag} ->|                             |
//!     |   and the sender's URI   |                             |
//!     |                        stamp                           |
//!     |                          context = sender, room, time  |
//!     |                          server_frank =                |
//!     |                            HMAC(hub_key, tag, context) |
//!     |                          signature over server_frank,  |
//!     |                            suite and context           |
//!     |                          |-- ciphertext, AAD{tag}, --->|
//!     |                          |   frank, time               |
//!     |                          |   (by way of a follower)  verify
//!     |                          |                             tag opens,
//!     |                          |                             sender is the leaf's,
//!     |                          |                             agent is the hub's,
//!     |                          |                             signature holds
//!     |                          |                             |
//!     |                          |<-- content, frank, time ----|  report
//!     |                       validate                         |
//! ```
//!
//! Nothing here performs I/O, reads a clock or makes randomness. Signatures go
//! through the host's `openmls_traits` provider. The crate never decodes
//! content: the few facts that it needs from it come in as an [`Opening`].
//!
//! # What a validated report proves
//!
//! To the hub: that it accepted, at that time and for that room, a message
//! under the reported sender's name whose tag commits to exactly the reported
//! content. The salt is part of the content and has one size, so a tag opens to
//! one content only. As receivers refuse a tag that does not open, and a sender
//! that is not the leaf's user, it follows that the user sent this content, if
//! at least one honest client took the message.
//!
//! To a receiver: that the hub stamped, at that time, a message of this sender in
//! this room, and that no follower made up or altered the stamp or the time.
//!
//! # What it does not prove
//!
//! - *Anything to third parties.* The hub holds both keys and could stamp
//!   whatever it likes; only the hub itself is convinced.
//! - *That the content was sent, if no honest client saw it.* A sender can commit
//!   to one content and encrypt another. Honest receivers refuse the message,
//!   but whoever learns the committed content can have it proven against the
//!   sender, who harms only itself. (The published formal analysis of the
//!   scheme leaves this one attack.)
//! - *To a receiver, that the stamp is of this very message.* The signature
//!   covers the server frank, but not the tag, and only the hub can recompute
//!   the former. A provider that delivers two messages of one sender in one room
//!   can exchange their franks and times whole: both verify, and later neither
//!   report is proven. Timestamps that run against the order of delivery are
//!   the sign to look for.
//! - *That there is a stamp.* A hub may leave it out, or a follower drop it; such
//!   a message is delivered and cannot be proven.
//! - *That the sender's provider tells the truth about its user*, other than by
//!   the receiver's comparison with the leaf's credential.
//!
//! # Order of calls
//!
//! | who | when | what |
//! |---|---|---|
//! | sender | before encrypting | [`commit`], then [`FrankingTag::to_component`] into the Safe AAD |
//! | hub | on acceptance | [`FrankingTag::from_safe_aad`], [`HubKeyRing::stamp`] |
//! | receiver | after decrypting | [`FrankingAgent::from_dictionary`], [`verify`]; store the [`Evidence`] |
//! | reporter | later | [`AbuseReport::about`] |
//! | hub | on a report | [`validate`] for each message |
//!
//! The group's GroupContext carries the hub's [`FrankingAgent`]. Without one, or
//! without a tag, there is no frank. A hub must not let members choose the
//! agent: who owns its key stamps in the room.
//!
//! # Example
//!
//! ```
//! use mimi_content::component::ComponentMap;
//! use mimi_content::tls::{Decode, Encode};
//! use mimi_content::{MimiUri, Timestamp};
//! use mimi_franking::{
//!     AbuseReport, AgentKey, CipherSuite, Delivery, FrankingAgent, FrankingTag, HubKey,
//!     HubKeyRing, Opening, ServerFrankingContext, commit, validate, verify,
//! };
//! use openmls_basic_credential::SignatureKeyPair;
//! use openmls_rust_crypto::OpenMlsRustCrypto;
//! use openmls_traits::OpenMlsProvider;
//! use openmls_traits::types::Ciphersuite;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let provider = OpenMlsRustCrypto::default();
//! let suite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
//! let alice = MimiUri::parse("mimi://a.example/u/alice")?;
//! let room = MimiUri::parse("mimi://hub.example/r/clubhouse")?;
//!
//! // The hub has a secret key, and a signature key that the room knows.
//! let key = HubKey::generate(provider.rand())?;
//! let ring = HubKeyRing::new(key, Timestamp::from_millis(1_790_000_000_000));
//! let signer = SignatureKeyPair::new(suite.signature_algorithm()).map_err(|e| e.to_string())?;
//! let agent = FrankingAgent::basic(
//!     signer.to_public_vec(),
//!     &MimiUri::parse("mimi://hub.example")?,
//! );
//! let dictionary: ComponentMap = [agent.to_component()?].into_iter().collect();
//!
//! // Alice writes. The octets stand for an encoded MIMI content message, which
//! // contains the salt and both URIs.
//! let content = b"encoded content with salt, sender and room";
//! let opening = Opening {
//!     application_data: content,
//!     salt: &[0x5a; 16],
//!     sender_uri: alice.as_str(),
//!     room_uri: room.as_str(),
//! };
//! let tag = commit(&opening, &alice, &room)?;
//! let safe_aad: ComponentMap = [tag.to_component()].into_iter().collect();
//!
//! // The hub sees the Safe AAD and is told who sends.
//! let seen = FrankingTag::from_safe_aad(&safe_aad)?.ok_or("no tag, so nothing to stamp")?;
//! let context = ServerFrankingContext {
//!     sender_uri: alice.clone(),
//!     room_uri: room.clone(),
//!     accepted_timestamp: Timestamp::from_millis(1_790_000_001_234),
//! };
//! let frank = ring.stamp(&seen, &context, suite.into(), &signer)?;
//!
//! // Bob decrypts, decodes the content into the same opening, and verifies.
//! let agent = FrankingAgent::from_dictionary(&dictionary)?.ok_or("no agent, so no franks")?;
//! let delivery = Delivery {
//!     tag: &tag,
//!     frank: &frank,
//!     accepted_timestamp: context.accepted_timestamp,
//!     opening,
//!     sender: &alice,
//!     room: &room,
//!     group_ciphersuite: CipherSuite::from(suite),
//!     agent: &agent,
//!     certified_agent: None,
//! };
//! let evidence = verify(&delivery, provider.crypto())?;
//!
//! // He finds the message abusive and reports it.
//! let mut report = AbuseReport::about([&evidence])?;
//! report.note = "please have a look".to_owned();
//! let request = report.to_vec()?;
//!
//! // The hub decodes each message's content into an opening, and validates.
//! let report = AbuseReport::from_slice(&request)?;
//! let agent_keys = [AgentKey { scheme: suite.signature_algorithm(), key: signer.public() }];
//! for message in &report.messages {
//!     let opening = Opening { application_data: &message.message_content, ..opening };
//!     validate(
//!         message,
//!         &opening,
//!         &room,
//!         &report.alleged_abuser,
//!         &ring,
//!         &agent_keys,
//!         provider.crypto(),
//!     )?;
//! }
//! # Ok(())
//! # }
//! ```

mod hub;
pub mod limits;
mod mac;
mod receiver;
mod report;
mod tag;
mod wire;

pub use hub::{HubKey, HubKeyRing, RingError, StampError};
pub use receiver::{Blame, Delivery, Evidence, Fault, verify};
pub use report::{AccusationError, AgentKey, ReportFault, validate};
pub use tag::{CommitError, FrankingTag, Opening, commit};
pub use wire::{
    AbuseReport, AbuseType, AbusiveMessage, CipherSuite, Credential, Frank, FrankingAgent,
    FrankingIntegrityTbs, ServerFrankingContext,
};

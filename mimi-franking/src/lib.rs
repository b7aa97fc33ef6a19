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
//! through the host's `openmls_traits` provider, of whatever scheme that supports;
//! the MACs are HMAC-SHA256 in every suite. MIMI content is decoded here
//! ([`Plaintext`]); for other formats the few facts that matter come in as an
//! [`Opening`].
//!
//! # What a proven message proves
//!
//! To the hub: that it accepted, at that time and for that room, a message that
//! was submitted in the accused's name, and whose tag commits to exactly the
//! reported content.
//!
//! That is *committed*, not yet *sent*. Receivers refuse a tag that does not open
//! and a sender that is not the leaf's user, and honest ones keep no evidence of
//! such a message. So if at least one honest client took the message, the accused
//! did send this content.
//!
//! To a receiver: that the hub stamped, at that time, a message of this sender in
//! this room, and that no follower made up or altered the stamp or the time.
//!
//! ## Why a tag opens to one content only
//!
//! A sender who could find two contents for one tag would show the harmless one to
//! the hub and the other to its victim. Facebook's first scheme fell to this, by
//! a ciphertext of an attachment that two keys decrypt to two images ("invisible
//! salamanders"). Here the tag is HMAC-SHA256 over the *plaintext*, keyed with a salt
//! of 16 octets, always, that is part of this plaintext. Two openings of one tag
//! would be a collision of SHA-256: a shorter key is padded with zeros to a block,
//! so keys of one length never coincide. The encryption of MLS, which does not commit
//! to its key, plays no part. For an asset outside of the message, the tag covers what
//! the content says of it: with its hash it is pinned, without (`hashAlg` 0) nothing is
//! proven about it.
//!
//! # What it does not prove, and what to do
//!
//! - *Anything to third parties.* The hub holds both keys and could stamp
//!   whatever it likes; only the hub itself is convinced.
//! - *That committed content was sent.* The formal model of the scheme in Tamarin
//!   (github.com/felixlinker/mimi-franking-tamarin) leaves one attack: a malicious client submits message 1 with a tag made for
//!   message 2. Honest receivers refuse it. The hub, which cannot look inside, has
//!   stamped the tag, and would accept a report of message 2, which was never sent.
//!   So would a report be accepted of a message that the accused's *own provider*
//!   made up: the hub takes that provider's word for who sends, and cannot tell
//!   noise from ciphertext. No honest receiver can decrypt it.
//!
//!   What a deployment can do: take one report as a reason to look, and none as
//!   proof. [`weigh`] counts who has shown the message, and how many of them belong to
//!   other providers than the accused. Receivers that refuse a message for its tag
//!   tell the hub with [`dispute`], which is an ordinary report; the hub judges it
//!   [`ReportFault::OtherContent`], and [`weigh`] counts these as well. Never sanction
//!   a whole room on one report.
//!
//!   All of these are hints and no more. A dispute costs one accomplice: whoever has the
//!   frank can show altered content under it, and so can honest reporters of a message
//!   whose frank a follower exchanged. So compare the counts, and let no single dispute
//!   clear the accused. Independence is counted by domains, which are cheap, and a
//!   witness need not have received anything. And what is no content or does not decrypt
//!   at all leaves honest receivers nothing to show.
//!
//!   (The analysis is of an older draft, and has no followers in it: it says nothing
//!   about the signature or about the next point.)
//! - *To a receiver, that the stamp is of this very message.* The signature
//!   covers the server frank, but not the tag, and only the hub can recompute
//!   the former. A follower that withholds a message for good can put its frank and time
//!   on any other message of that sender in the room, earlier or later, as long as the
//!   times that the receiver sees still increase ([`Delivery::after`]): the stamp
//!   verifies, and the message cannot be proven. What it cannot do is to use one frank
//!   for two messages that the receiver gets.
//! - *That there is a stamp.* A sender may leave the tag out, a hub the stamp, or a
//!   follower drop it; such a message is delivered and cannot be proven. Clients can
//!   show it as one. A hub that wants every message to be provable can refuse whatever
//!   comes out [`Unfranked`]; the engine of `mimi-protocol` has no switch for that.
//! - *That it was sent when the hub says.* Who submits an old ciphertext again gets a
//!   new time for it, and the new one can be proven as well.
//! - *And it hides no sender from followers.* The signature covers the sender's URI,
//!   and all else that is signed is known to them. They can try each participant.
//! - *That the sender's provider tells the truth about its user*, other than by
//!   the receiver's comparison with the leaf's credential.
//!
//! # Order of calls
//!
//! | who | when | what |
//! |---|---|---|
//! | sender | before encrypting | [`commit_content`], or [`commit`] for other formats; then [`FrankingTag::to_component`] into the Safe AAD |
//! | hub | on acceptance | [`HubFranker::frank`] |
//! | receiver | after decrypting | [`Plaintext::decode`], [`FrankingAgent::from_dictionary`], [`verify`]; store the [`Evidence`] |
//! | receiver | when the tag does not fit | [`dispute`], and report that |
//! | reporter | later | [`AbuseReport::about`] |
//! | hub | on a report | [`HubFranker::judge`]; with more reports of the same message, [`weigh`] |
//!
//! The group's GroupContext carries the hub's [`FrankingAgent`]. Without one, or
//! without a tag, there is no frank, and [`Unfranked`] says so. A hub must not let
//! members choose the agent: who owns its key stamps in the room.
//!
//! # Example
//!
//! ```
//! use std::sync::Arc;
//!
//! use mimi_content::component::{ComponentId, ComponentMap};
//! use mimi_content::tls::{Decode, Encode};
//! use mimi_content::{MimiContent, MimiUri, NestedPart, Salt, Timestamp};
//! use mimi_franking::*;
//! use openmls_rust_crypto::OpenMlsRustCrypto;
//! use openmls_traits::OpenMlsProvider;
//! use openmls_traits::signatures::{Signer, SignerError};
//! use openmls_traits::types::{Ciphersuite, SignatureScheme};
//!
//! /// A signature key that is ready to sign.
//! struct Prepared(ed25519_dalek::SigningKey);
//!
//! impl Signer for Prepared {
//!     fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
//!         Ok(ed25519_dalek::Signer::sign(&self.0, payload).to_vec())
//!     }
//!     fn signature_scheme(&self) -> SignatureScheme {
//!         SignatureScheme::ED25519
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let provider = OpenMlsRustCrypto::default();
//! let suite = CipherSuite::from(Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519);
//! let alice = MimiUri::parse("mimi://a.example/u/alice")?;
//! let bob = MimiUri::parse("mimi://b.example/u/bob")?;
//! let room = MimiUri::parse("mimi://hub.example/r/clubhouse")?;
//!
//! // The hub has a secret key, and a signature key that the room knows.
//! let key = HubKey::generate(provider.rand())?;
//! let ring = HubKeyRing::new("autumn", key, Timestamp::from_millis(1_790_000_000_000));
//! let signer = Prepared(ed25519_dalek::SigningKey::from_bytes(&[7; 32])); // yours is random
//! let agent = FrankingAgent::basic(
//!     signer.0.verifying_key().to_bytes().to_vec(),
//!     &MimiUri::parse("mimi://hub.example")?,
//! );
//! let stamping = Agent::new(agent.clone(), Arc::new(signer), provider.crypto())?;
//! let franker = HubFranker::new(ring, stamping);
//! let dictionary: ComponentMap = [agent.to_component()?].into_iter().collect();
//!
//! // Alice writes.
//! let mut content = MimiContent::new(Salt::new([0x5a; 16]), NestedPart::plain("grrr"));
//! content.extensions.set_sender_uri(&alice);
//! content.extensions.set_room_uri(&room);
//! let (data, tag) = commit_content(&content, Framing::Bare, &alice, &room)?;
//! let safe_aad: ComponentMap = [tag.to_component()].into_iter().collect();
//!
//! // The hub sees the Safe AAD and is told who sends.
//! let accepted = Timestamp::from_millis(1_790_000_001_234);
//! let franking = franker.frank(&Accepted {
//!     frank_aad: safe_aad.get(ComponentId::FRANK_AAD).map(|value| &value[..]),
//!     franking_agent: dictionary.get(ComponentId::FRANKING_AGENT).map(|value| &value[..]),
//!     sender: &alice,
//!     room: &room,
//!     accepted_timestamp: accepted,
//!     ciphersuite: suite,
//! })?;
//! let Franking::Franked(frank) = franking else {
//!     return Err("there is a tag and an agent".into());
//! };
//!
//! // Bob decrypts, decodes and verifies.
//! let agent = FrankingAgent::from_dictionary(&dictionary)?.ok_or("no agent, so no franks")?;
//! let text = Plaintext::decode(&data, Framing::Bare)?;
//! let evidence = verify(
//!     &Delivery {
//!         tag: &tag,
//!         frank: &frank,
//!         accepted_timestamp: accepted,
//!         after: None,
//!         opening: text.opening(),
//!         sender: &alice,
//!         room: &room,
//!         group_ciphersuite: suite,
//!         agent: &agent,
//!         certified_agent: None,
//!     },
//!     provider.crypto(),
//! )?;
//!
//! // He finds the message abusive and reports it.
//! let mut report = AbuseReport::about(&room, [&evidence])?;
//! report.reporting_user = Some(bob.clone());
//! report.note = "please have a look".to_owned();
//! let request = report.to_vec()?;
//!
//! // The hub judges, and weighs what else it has heard of this message.
//! let report = AbuseReport::from_slice(&request)?;
//! let judged = franker.judge(&report, &room, Framing::Bare, provider.crypto());
//! assert_eq!(judged[0].result, Ok("autumn".to_owned()));
//! let bobs = Account {
//!     reporter: &bob,
//!     accused: &report.alleged_abuser,
//!     room: &room,
//!     shown: judged[0].shown(),
//! };
//! let weight = weigh(&bobs, [bobs]);
//! assert_eq!((weight.witnesses.independent, weight.disputes.users), (1, 0));
//! # Ok(())
//! # }
//! ```

mod content;
mod evidence;
mod hub;
pub mod limits;
mod mac;
mod receiver;
mod report;
mod ring;
mod signed;
mod tag;
mod verdict;
mod wire;

pub use content::{ContentError, Framing, Plaintext};
pub use evidence::Evidence;
pub use hub::{Accepted, Agent, AgentError, FrankError, Franking, HubFranker, Unfranked};
pub use receiver::{Blame, Delivery, Fault, dispute, verify};
pub use report::AccusationError;
pub use ring::{HubKey, HubKeyRing, RingError};
pub use tag::{CommitError, FrankingTag, Opening, commit, commit_content};
pub use verdict::{Account, Judged, Repeats, ReportFault, Shown, Standing, Voices, Weight, weigh};
pub use wire::{
    AbuseReport, AbuseType, AbusiveMessage, CipherSuite, Credential, Frank, FrankingAgent,
    FrankingIntegrityTbs, IdentityLinkTbe, PseudonymousCredential, PseudonymousCredentialTbs,
    ServerFrankingContext,
};

//! What MIMI's parties say to each other, as values: who and where
//! ([`MimiUri`]), when ([`Timestamp`]), and the messages themselves
//! ([`MimiContent`]) with the IDs by which others refer to them
//! ([`MessageId`]).
//!
//! The IETF's More Instant Messaging Interoperability lets users of different
//! providers share end-to-end encrypted rooms. That works only if all sides
//! agree on every octet: URIs are compared and signed as octets, a message ID is
//! a hash over the octets of a message, and reports of abuse prove what exactly
//! was sent. So every type here has one encoding. What this crate decodes, it
//! encodes to the same octets; whatever else a peer sends is refused, with the
//! octet and the rule.
//!
//! The crate does no I/O, reads no clock and draws no randomness. Nothing in it
//! panics, recurses without a bound or allocates what a peer merely declares.
//! It implements draft-ietf-mimi-content-08, cited as CONTENT; further drafts are
//! PROTO (draft-ietf-mimi-protocol-06), POLICY (draft-ietf-mimi-room-policy-03),
//! IDENT (draft-mahy-mimi-identity), STATUS
//! (draft-mahy-mimi-message-status-01), MORE (draft-mimi-content-more-extensions-00) and EXT (draft-ietf-mls-extensions).
//!
//! # A message, sent and received
//!
//! ```
//! use mimi_content::{MessageId, MimiContent, MimiUri, NestedPart, Part, Salt};
//!
//! let alice = MimiUri::parse("mimi://a.example/u/alice")?;
//! let room = MimiUri::parse("mimi://b.example/r/clubhouse")?;
//!
//! // Alice writes. Her salt comes from a random number generator.
//! let salt = Salt::new([0x5e; 16]);
//! let mut message = MimiContent::new(salt, NestedPart::markdown("We have a *release*!"));
//! message.extensions.set_sender_uri(&alice);
//! message.extensions.set_room_uri(&room);
//! let octets = message.encode();
//!
//! // Bob reads what MLS decrypted for him, and who sent it by which credential.
//! let received = MimiContent::decode(&octets)?;
//! assert_eq!(received.extensions.sender_uri(), Some(alice.as_str()));
//! assert_eq!(received.extensions.room_uri(), Some(room.as_str()));
//! match &received.body.part {
//!     Part::Single { content_type, content } => {
//!         assert_eq!(content_type, "text/markdown;variant=GFM-MIMI");
//!         assert_eq!(&content[..], b"We have a *release*!");
//!     }
//!     other => println!("something else: {other:?}"),
//! }
//!
//! // Bob reacts, and names the message by its ID, made from what he received.
//! let id = MessageId::compute(
//!     alice.as_str(),
//!     room.as_str(),
//!     &octets,
//!     &received.salt,
//! )?;
//! let reaction = MimiContent::new(Salt::new([0xd3; 16]), NestedPart::reaction("❤"))
//!     .with_reply_to(id);
//! assert_eq!(reaction.in_reply_to, Some(id));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Also here
//!
//! - [`MimiContent`] and all it holds, with [`parts`] for what to show of it,
//!   [`sanity`] for values that make no sense, and [`more`] for the extensions
//!   that messages of other systems bring along.
//! - [`StatusReport`] and [`MessageDerivedValues`]: what goes beside messages.
//! - [`cbor`]: the errors of these codecs, and the rules they enforce.
//! - [`tls`]: the codec of everything that is not content: the TLS presentation
//!   language, for all crates of the family.
//! - [`DomainName`] and [`HttpsUrl`]: hosts and URLs of web servers that nobody
//!   can read in two ways.
//! - [`cid`]: references from one part of a message to another.
//! - [`component`] and [`media`]: what MLS groups carry for applications.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `serde` | yes | `Serialize` and `Deserialize` for whatever is stored or shown, checked when it comes back |
//! | `timeline` | yes | module `timeline`: the messages of a room in order, with edits, reactions, topics, expiry and status |
//! | `markdown` | yes | module `markdown`: GFM-MIMI for sending and showing, links and mentions |
//! | `assets` | yes | module `assets`: content outside of messages, encrypted and verified |

#[cfg(feature = "assets")]
pub mod assets;
pub mod cbor;
pub mod cid;
pub mod component;
mod content;
mod derived;
mod diagnostic;
mod domain;
mod https;
mod invisible;
#[cfg(feature = "markdown")]
pub mod markdown;
pub mod media;
mod message_id;
pub mod more;
mod octets;
pub mod parts;
pub mod sanity;
mod status;
mod time;
#[cfg(feature = "timeline")]
pub mod timeline;
pub mod tls;
mod uri;

pub use content::{
    AssetKey, Disposition, Expiration, ExtensionName, ExtensionValue, Extensions, ExternalPart,
    KnownExtension, MAX_EXTENSION_LEVELS, MAX_EXTENSION_NAME_LEN, MAX_PART_LEVELS, MAX_PARTS,
    MAX_TOPIC_ID_LEN, MIN_MULTI_PARTS, MimiContent, NestedPart, Part, PartSemantics, Parts,
    TopicId,
};
pub use derived::{ExtendedTime, HubTimestamp, MessageDerivedValues};
pub use domain::DomainName;
pub use https::{HttpsUrl, HttpsUrlError, MAX_URL_LEN, is_https_url};
pub use message_id::{
    MAX_HASHED_URI_LEN, MESSAGE_ID_LEN, MessageId, MessageIdError, SALT_LEN, Salt,
};
pub use status::{MessageStatus, PerMessageStatus, StatusReport};
pub use time::Timestamp;
pub use uri::{MAX_HOST_LEN, MAX_LABEL_LEN, MAX_URI_LEN, MimiUri, UriError, UriKind, UriRef};

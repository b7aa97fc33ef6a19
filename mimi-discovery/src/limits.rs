//! How much of anything there may be.
//!
//! A manifest is what a realm's operator says, and everyone holds it whole; its limits
//! keep it within some hundred kilobytes. The rest comes from strangers.

/// Discovery providers and mirrors of a realm. A lookup asks several of them.
pub const MAX_DPS: usize = 32;

/// Issuers of a realm: some for each country or large e-mail provider.
pub const MAX_CSIPS: usize = 1024;

/// Scopes of one issuer.
pub const MAX_SCOPES: usize = 256;

/// Messaging providers whose operators a realm names.
pub const MAX_MSPS: usize = 1024;

/// Relays that a realm names.
pub const MAX_RELAYS: usize = 32;

/// Witnesses, and so cosignatures of a tree head: each costs a sender a signature to
/// check with every answer.
pub const MAX_WITNESSES: usize = 16;

/// Keys of the index function: the one in use, and the one before or after it.
pub const MAX_OPRF_KEYS: usize = 2;

/// Days whose token keys are published: a month.
pub const MAX_TOKEN_KEYS: usize = 31;

/// Realms that a root hands identifiers on to: the world's numbering plans several
/// times over.
pub const MAX_DELEGATIONS: usize = 4096;

/// Octets of a URL: what every HTTP implementation takes.
pub const MAX_URL_LEN: usize = 1024;

/// Octets of an OHTTP key configuration: some suites of it, each with one key.
pub const MAX_KEY_CONFIG_LEN: usize = 1024;

/// How long one key of the index function is used, in milliseconds: 90 days. A cached
/// index can be asked for again until then.
pub const MAX_OPRF_KEY_MILLIS: u64 = 90 * 24 * 60 * 60 * 1000;

/// How long an attestation is good, in milliseconds: 90 days. Numbers get new holders.
pub const MAX_ATTESTATION_MILLIS: u64 = 90 * 24 * 60 * 60 * 1000;

/// How long another issuer's word that a CSI has a new holder has to wait for the old
/// one to object, in milliseconds: 72 hours, so that a weekend without network is no
/// loss.
pub const PENDING_MILLIS: u64 = 72 * 60 * 60 * 1000;

/// Mappings of one holder, such as one for work and one for friends. A record has room
/// for some ten providers in all.
pub const MAX_MAPPINGS: usize = 8;

/// Tags of one mapping.
pub const MAX_TAGS: usize = 8;

/// Octets of a tag: a word.
pub const MAX_TAG_LEN: usize = 32;

/// Providers of one mapping.
pub const MAX_MAPPED_MSPS: usize = 16;

/// Octets of what a sealed record holds, padding included. All are of this size, so that
/// their size says nothing.
pub const RECORD_LEN: usize = 1024;

/// Octets of a sealed record: a salt, the record, the tag of the encryption.
pub const SEALED_LEN: usize = 16 + RECORD_LEN + 16;

/// Octets of a proof: a copath of 256 hashes, what stands at its end, and some of
/// framing. Those of honest trees have a tenth of it.
pub const MAX_PROOF_LEN: usize = 256 * 32 + 128;

/// Identifiers in one evaluation: a whole address book, about 160 ms of the evaluator's
/// time. Whoever has more asks twice.
pub const MAX_BATCH: usize = 1000;

/// Changes in one message between providers.
pub const MAX_CHANGES: usize = 1024;

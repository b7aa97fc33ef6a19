//! What decoders accept at most.

/// Longest `note` of an abuse report, in octets: a moderator reads it, and a
/// hub keeps it without having asked for it.
pub const MAX_NOTE_LEN: usize = 65_535;

/// Most messages of one abuse report. PROTO, "Report abuse", speaks of a
/// handful; each costs the hub a MAC for each of its keys, and a signature check for
/// each agent, current or retired, of the signature scheme.
pub const MAX_REPORTED_MESSAGES: usize = 32;

/// Longest signature, in octets: room for every scheme registered for MLS,
/// the post-quantum ones included.
pub const MAX_SIGNATURE_LEN: usize = 65_535;

/// Longest public signature key, in octets; as for signatures.
pub const MAX_SIGNATURE_KEY_LEN: usize = 65_535;

/// Most certificates of an X.509 credential: chains in use have a few, and the
/// agent is part of every epoch's GroupContext.
pub const MAX_CERTIFICATES: usize = 16;

/// Longest certificate, in octets; as for signature keys, with names beside them.
pub const MAX_CERTIFICATE_LEN: usize = 65_535;

/// Longest identity of a basic credential, in octets: far more than a MIMI URI
/// has, for hosts that put something else there.
pub const MAX_IDENTITY_LEN: usize = 65_535;

/// Longest reported message, in octets: the largest that a hub takes when it is
/// sent.
pub const MAX_REPORTED_CONTENT_LEN: usize = 4 << 20;

/// Longest identity link of a pseudonymous credential, in octets: room for a
/// signature and a chain of certificates as they are in use, and it stands in every
/// leaf.
pub const MAX_IDENTITY_LINK_LEN: usize = 65_535;

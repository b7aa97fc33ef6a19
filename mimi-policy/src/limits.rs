//! Every bound that the decoders of this crate enforce, with its reason.
//!
//! All of this data is part of the GroupContext: each member keeps it, each
//! commit hashes it, and each joiner downloads it. The bounds are far above
//! what a real room holds and far below what would hurt a phone.

use bytes::Bytes;
use mimi_content::media::MediaType;
use mimi_content::tls::{Decode, DecodeError, Reader};

pub use mimi_content::media::{MAX_MEDIA_TYPE_LEN, MAX_MEDIA_TYPES};

/// Entries of a participant list, banned ones included. The list is part of
/// every epoch's context, so its size is paid for by every commit.
pub const MAX_PARTICIPANTS: usize = 10_000;

/// Roles of a room. The largest example of POLICY has ten.
pub const MAX_ROLES: usize = 256;

/// Capabilities of one role. The registry has 77; the rest is room for private
/// and future ones.
pub const MAX_CAPABILITIES: usize = 1024;

/// Entries of one role's `authorized_role_changes`, and targets of one such
/// entry: one for each role that there can be.
pub const MAX_ROLE_CHANGES: usize = MAX_ROLES;

/// Entries of the preauthorisation list. Every external join walks it.
pub const MAX_PREAUTH_ENTRIES: usize = 1024;

/// Claims that one preauthorisation entry demands together.
pub const MAX_CLAIMS: usize = 64;

/// Descriptions of a room: one for each language and media type.
pub const MAX_DESCRIPTIONS: usize = 64;

/// Entries of `policy_component_ids`.
pub const MAX_POLICY_COMPONENTS: usize = 1024;

/// Links in `join_links`, and removals in one update to it.
pub const MAX_JOIN_LINKS: usize = 1024;

/// Octets of one join link, which is a URI with an opaque code in it.
pub const MAX_JOIN_LINK_LEN: usize = MAX_URI_LEN;

/// Entries of `logging_clients`. A provider should have one at most, and rooms
/// have fewer providers than this.
pub const MAX_LOGGING_CLIENTS: usize = 256;

/// Bots of a room. People choose them from a list.
pub const MAX_BOTS: usize = 256;

/// Entries of `upload_domains`: one for each provider that takes part.
pub const MAX_UPLOAD_PROVIDERS: usize = 1024;

/// Hosts that the assets of one provider may be on.
pub const MAX_UPLOAD_DESTINATIONS: usize = 64;

/// Entries of `allowed_download_types` or `forbidden_download_types`: one for
/// each value of the octet.
pub const MAX_DOWNLOAD_TYPES: usize = 256;

/// Numbers in one list of an `ExtendedCapabilities`. The largest MLS registry
/// has fewer than a hundred; the rest is room for private values and GREASE.
pub const MAX_EXTENDED_CAPABILITIES: usize = 1024;

/// Octets of one URI that is not a MIMI URI. All servers should support so many
/// in a request (RFC 9110, section 4.1).
pub const MAX_URI_LEN: usize = 8000;

/// Octets of one text or claim: names, descriptions, subjects, claim values.
pub const MAX_TEXT_LEN: usize = 65_536;

/// Reads a text of at most [`MAX_TEXT_LEN`] octets.
pub(crate) fn text(r: &mut Reader<'_>, what: &'static str) -> Result<String, DecodeError> {
    r.utf8_at_most(what, MAX_TEXT_LEN).map(str::to_owned)
}

/// Reads octets, at most [`MAX_TEXT_LEN`].
pub(crate) fn octets(r: &mut Reader<'_>, what: &'static str) -> Result<Bytes, DecodeError> {
    r.bytes_at_most(what, MAX_TEXT_LEN)
}

/// Reads at most [`MAX_MEDIA_TYPES`].
pub(crate) fn media_types(r: &mut Reader<'_>) -> Result<Vec<MediaType>, DecodeError> {
    r.list_at_most(
        "the number of media types",
        MAX_MEDIA_TYPES,
        MediaType::decode,
    )
}

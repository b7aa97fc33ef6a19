//! Content outside of messages: what kind it is, and what a room accepts.

mod hosts;
mod types;

use mimi_content::media::MediaType;
use mimi_content::{Disposition, ExternalPart, MimiUri, NestedPart, Part};

use hosts::Hosts;
use types::Types;

use super::nodes::nodes;
use super::violation::{Breach, LeaveOut, Violation};
use crate::capability::Capability;
use crate::components::assets::{AssetPolicy, DownloadPrivacyType};
use crate::policy::RoomPolicy;

/// What a message refers to at a URL (POLICY, "Asset Capabilities").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AssetKind {
    /// A picture.
    Image,
    /// A sound.
    Audio,
    /// A film.
    Video,
    /// A file to be kept, or of any other type.
    Attachment,
    /// No file but an address to open, as of a conference: a part for a session
    /// without a media type (CONTENT, "Conferencing").
    Service,
}

/// An external part and its place in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset<'a> {
    /// The part index.
    pub index: u16,
    /// The part.
    pub part: &'a ExternalPart<'a>,
    /// What kind it is, where it stands.
    pub kind: AssetKind,
}

/// The external parts of a message, whichever of them a receiver would choose.
pub fn assets<'a>(body: &'a NestedPart<'_>) -> impl Iterator<Item = Asset<'a>> {
    nodes(body).filter_map(|node| match node.part {
        Part::External(part) => Some(Asset {
            index: node.index,
            part,
            kind: AssetKind::of(part, node.disposition),
        }),
        _ => None,
    })
}

impl AssetKind {
    pub(super) fn of(part: &ExternalPart<'_>, disposition: Disposition) -> Self {
        let media_type: Option<MediaType> = part.content_type.parse().ok();
        let essence = media_type.as_ref().map(|media_type| &*media_type.essence);
        let main = essence.map(|essence| essence.split('/').next().unwrap_or_default());
        match (disposition, main) {
            (Disposition::ATTACHMENT, _) => AssetKind::Attachment,
            (Disposition::SESSION, Some("")) => AssetKind::Service,
            (_, Some("image")) => AssetKind::Image,
            (_, Some("audio")) => AssetKind::Audio,
            (_, Some("video")) => AssetKind::Video,
            _ => AssetKind::Attachment,
        }
    }

    /// What a sender needs.
    #[must_use]
    pub fn upload(self) -> Capability {
        match self {
            AssetKind::Image => Capability::UPLOAD_IMAGE,
            AssetKind::Audio => Capability::UPLOAD_AUDIO,
            AssetKind::Video => Capability::UPLOAD_VIDEO,
            AssetKind::Attachment => Capability::UPLOAD_ATTACHMENT,
            AssetKind::Service => Capability::SEND_LINK,
        }
    }

    /// What a reader needs.
    #[must_use]
    pub fn download(self) -> Capability {
        match self {
            AssetKind::Image => Capability::DOWNLOAD_IMAGE,
            AssetKind::Audio => Capability::DOWNLOAD_AUDIO,
            AssetKind::Video => Capability::DOWNLOAD_VIDEO,
            AssetKind::Attachment => Capability::DOWNLOAD_ATTACHMENT,
            AssetKind::Service => Capability::FOLLOW_LINK,
        }
    }
}

impl std::fmt::Display for AssetKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            AssetKind::Image => "image",
            AssetKind::Audio => "audio",
            AssetKind::Video => "video",
            AssetKind::Attachment => "attachment",
            AssetKind::Service => "service",
        })
    }
}

/// The most octets at the URL of an asset that the room accepts; `None` if it
/// sets no limit (POLICY, "Asset policies component"). A limit of 0 accepts no
/// asset of the kind.
///
/// A message need not say how large its assets are, and may lie: whoever
/// downloads stops here.
#[must_use]
pub fn max_size(policy: &RoomPolicy, kind: AssetKind) -> Option<u64> {
    policy.asset_policy().and_then(|assets| limit(assets, kind))
}

fn limit(policy: &AssetPolicy, kind: AssetKind) -> Option<u64> {
    match kind {
        AssetKind::Image => Some(policy.max_image),
        AssetKind::Audio => Some(policy.max_audio),
        AssetKind::Video => Some(policy.max_video),
        AssetKind::Attachment => Some(policy.max_attachment),
        AssetKind::Service => None,
    }
}

/// Whether a client may download assets in this way (POLICY, "Asset policies
/// component"): it is allowed or the default, and not forbidden. In a room
/// without an asset policy any way will do.
#[must_use]
pub fn may_download_by(policy: &RoomPolicy, way: DownloadPrivacyType) -> bool {
    policy.asset_policy().is_none_or(|assets| {
        let privacy = &assets.download_privacy;
        (privacy.default == way || privacy.allowed.contains(&way))
            && !privacy.forbidden.contains(&way)
    })
}

/// What of a body the asset policy does not accept from `sender`.
pub(super) fn check(
    policy: &AssetPolicy,
    sender: &MimiUri,
    body: &NestedPart<'_>,
) -> Vec<Violation> {
    let hosts = Hosts::of(policy, sender);
    let types = Types::of(policy);
    let mut found = Vec::new();
    let mut refuse = |index, breach: Option<Breach>| {
        found.extend(breach.map(|breach| Violation {
            breach,
            leave_out: LeaveOut::Part(index),
        }));
    };
    for node in nodes(body) {
        if let Part::Single { content_type, .. } = node.part {
            refuse(node.index, types.refuse_single(content_type));
        }
    }
    for Asset { index, part, kind } in assets(body) {
        refuse(index, hosts.refuse(&part.url));
        if let Some(max) = limit(policy, kind) {
            refuse(index, size(kind, part.size, max));
            refuse(index, types.refuse(&part.content_type));
        }
    }
    found
}

fn size(kind: AssetKind, size: u64, max: u64) -> Option<Breach> {
    if max == 0 {
        return Some(Breach::NoAssets(kind));
    }
    (size > max).then_some(Breach::TooLarge { kind, size, max })
}

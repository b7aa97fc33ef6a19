//! Content outside of messages: what kind it is, and what a room accepts.

use std::collections::BTreeSet;

use mimi_content::media::MediaType;
use mimi_content::{Disposition, ExternalPart, MAX_HOST_LEN, MimiUri, NestedPart, Part};
use url::{Host, Url};

use super::in_force;
use super::nodes::nodes;
use super::violation::{Breach, LeaveOut, Violation};
use crate::capability::Capability;
use crate::components::assets::{AssetPolicy, AssetUploadLocation, DownloadPrivacyType};
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
    in_force::assets(policy).and_then(|assets| limit(&assets, kind))
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
    in_force::assets(policy).is_none_or(|assets| {
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

/// Where the assets of one sender may be.
enum Hosts<'a> {
    Any,
    These(BTreeSet<&'a str>),
}

impl<'a> Hosts<'a> {
    fn of(policy: &'a AssetPolicy, sender: &MimiUri) -> Self {
        let of_provider = policy.upload_domains.iter().filter(|entry| {
            match policy.upload_location {
                AssetUploadLocation::LOCAL_PROVIDER => entry.provider.as_str() == sender.domain(),
                AssetUploadLocation::HUB => true,
                // Nobody knows which entries it means.
                _ => false,
            }
        });
        match policy.upload_location {
            AssetUploadLocation::UNSPECIFIED => Hosts::Any,
            _ => Hosts::These(
                of_provider
                    .flat_map(|entry| &entry.destinations)
                    .map(|host| host.as_str())
                    .collect(),
            ),
        }
    }

    fn refuse(&self, url: &str) -> Option<Breach> {
        let Some((authority, host)) = https(url) else {
            return Some(Breach::Url);
        };
        match self {
            Hosts::Any => None,
            Hosts::These(hosts) if !hosts.contains(&*host) => Some(Breach::Host(host)),
            // Nothing but the name, so that no parser sees another host: no
            // port, no percent-encoding, no character that stands for another.
            Hosts::These(_) => (!authority.eq_ignore_ascii_case(&host)).then_some(Breach::Url),
        }
    }
}

/// The authority of a URL as written, and its host as a parser sees it, if it is
/// one of `https` that all parsers read alike: with a host, without user
/// information, and without what some repair or skip.
fn https(text: &str) -> Option<(&str, String)> {
    let (scheme, rest) = text.split_once("://")?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if !scheme.eq_ignore_ascii_case("https") || text.contains(odd) {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    if authority.is_empty() || authority.contains('@') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let host = match url.host()? {
        Host::Domain(name) => name.to_owned(),
        address => address.to_string(),
    };
    (host.len() <= MAX_HOST_LEN).then_some((authority, host))
}

/// The media types of a room, in a form that compares.
struct Types {
    forbidden: BTreeSet<MediaType>,
    permitted: Option<BTreeSet<MediaType>>,
}

impl Types {
    fn of(policy: &AssetPolicy) -> Self {
        let all = |types: &Vec<MediaType>| types.iter().cloned().map(normal).collect();
        Types {
            forbidden: all(&policy.forbidden_media_types),
            permitted: policy.permitted_media_types.as_ref().map(all),
        }
    }

    /// Of an asset.
    fn refuse(&self, content_type: &str) -> Option<Breach> {
        let permitted = |media_type: &MediaType| {
            let permitted = self.permitted.as_ref();
            permitted.is_none_or(|permitted| has(permitted, media_type))
        };
        if self.forbidden.is_empty() && self.permitted.is_none() {
            return None;
        }
        match read(content_type) {
            // It could be anything.
            None => Some(Breach::NoMediaType),
            Some(one) if has(&self.forbidden, &one) || !permitted(&one) => {
                Some(Breach::MediaType(one.essence))
            }
            Some(_) => None,
        }
    }

    /// Of content in a message: what is forbidden is not to be in the room.
    fn refuse_single(&self, content_type: &str) -> Option<Breach> {
        if self.forbidden.is_empty() {
            return None;
        }
        match read(content_type) {
            None => Some(Breach::NoMediaType),
            Some(one) => has(&self.forbidden, &one).then_some(Breach::MediaType(one.essence)),
        }
    }
}

/// The longest type and subtype with the slash, in octets (RFC 6838 §4.2).
const MAX_ESSENCE_LEN: usize = 255;

/// A media type as [`normal`] makes it, if it is one.
fn read(content_type: &str) -> Option<MediaType> {
    let media_type: MediaType = content_type.parse().ok()?;
    let len = media_type.essence.len();
    (1..=MAX_ESSENCE_LEN)
        .contains(&len)
        .then(|| normal(media_type))
}

/// Whether it is listed as it is, or without parameters, which stands for any.
fn has(list: &BTreeSet<MediaType>, media_type: &MediaType) -> bool {
    list.contains(media_type) || list.contains(&MediaType::new(&*media_type.essence))
}

/// With what is compared without case in lower case, and the parameters in
/// order. The values of `charset` (RFC 2046 §4.1.2) and `variant` (RFC 7763 §2)
/// have no case.
fn normal(mut media_type: MediaType) -> MediaType {
    media_type.essence.make_ascii_lowercase();
    for (name, value) in &mut media_type.parameters {
        name.make_ascii_lowercase();
        if ["charset", "variant"].contains(&name.as_str()) {
            value.make_ascii_lowercase();
        }
    }
    media_type.parameters.sort_unstable();
    media_type
}

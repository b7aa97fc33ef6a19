//! `asset_policy` in words.

use std::fmt::{self, Display, Formatter};

use super::Change;
use super::further::allowed;
use super::lines::{Lines, Media, Of, Sides};
use crate::components::assets::{AssetPolicy, AssetUploadLocation, DownloadPrivacyType};
use crate::components::uri::DomainName;

pub(super) fn diff(_: &Change<'_>, policy: &Sides<'_, AssetPolicy>, lines: &mut Lines) {
    policy.value(lines, "the place to upload files to", |policy| {
        Location(policy.upload_location)
    });
    let hosts = "the list of hosts for files";
    policy.list(lines, hosts, |policy| {
        policy.upload_domains.iter().flat_map(|domains| {
            let provider = &domains.provider;
            let named = domains.destinations.iter().map(Some);
            let none = domains.destinations.is_empty().then_some(None);
            named.chain(none).map(move |host| Host { provider, host })
        })
    });
    let types = [
        ("the list of ways to download that are allowed", true),
        ("the list of ways to download that are forbidden", false),
    ];
    for (subject, of_allowed) in types {
        policy.list(lines, subject, |policy| {
            let privacy = &policy.download_privacy;
            let types = if of_allowed {
                &privacy.allowed
            } else {
                &privacy.forbidden
            };
            types.iter().copied().map(Download)
        });
    }
    policy.value(lines, "the usual way to download", |policy| {
        Download(policy.download_privacy.default)
    });
    policy.value(lines, "the largest image", |p| Of(p.max_image, "octets"));
    policy.value(lines, "the largest audio", |p| Of(p.max_audio, "octets"));
    policy.value(lines, "the largest video", |p| Of(p.max_video, "octets"));
    policy.value(lines, "the largest attachment", |p| {
        Of(p.max_attachment, "octets")
    });
    policy.list(lines, "the list of forbidden media types", |policy| {
        policy.forbidden_media_types.iter().map(Media)
    });
    policy.value(
        lines,
        "sending media types that are not permitted by name",
        |p| allowed(p.permitted_media_types.is_none()),
    );
    policy.list(lines, "the list of permitted media types", |policy| {
        let permitted = policy.permitted_media_types.iter().flatten();
        permitted.map(Media)
    });
}

#[derive(PartialEq)]
struct Location(AssetUploadLocation);

impl Display for Location {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            AssetUploadLocation::UNSPECIFIED => f.write_str("anywhere"),
            AssetUploadLocation::LOCAL_PROVIDER => f.write_str("the provider of each user"),
            AssetUploadLocation::HUB => f.write_str("the hub"),
            AssetUploadLocation(other) => write!(f, "unknown ({other})"),
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Host<'a> {
    provider: &'a DomainName,
    host: Option<&'a DomainName>,
}

impl Display for Host<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.host {
            Some(host) => write!(f, "{host} for {}", self.provider),
            None => write!(f, "none for {}", self.provider),
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Download(DownloadPrivacyType);

impl Display for Download {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            DownloadPrivacyType::DIRECT => f.write_str("directly"),
            DownloadPrivacyType::HUB_PROXY => f.write_str("by a proxy of the hub"),
            DownloadPrivacyType::OHTTP => f.write_str("by Oblivious HTTP"),
            DownloadPrivacyType(other) => write!(f, "unknown ({other})"),
        }
    }
}

//! `asset_policy`: files, images, audio and video of a room (POLICY, "Asset
//! policies component").

use mimi_content::media::MediaType;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::components::uri::DomainName;
use crate::limits::{self, MAX_DOWNLOAD_TYPES, MAX_UPLOAD_DESTINATIONS, MAX_UPLOAD_PROVIDERS};

/// `AssetPolicy`: the data of `asset_policy`, and the whole content of an
/// update to it. Sizes are in octets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetPolicy {
    /// `asset_upload_location`: where clients upload to.
    pub upload_location: AssetUploadLocation,
    /// `upload_domains`: the hosts that assets of a provider may be on. Several
    /// entries for one provider count together. With
    /// [`AssetUploadLocation::HUB`] there is one entry, for the hub.
    pub upload_domains: Vec<ProviderAssetUploadDomains>,
    /// `download_privacy`: how clients download.
    pub download_privacy: DownloadPrivacy,
    /// `max_image`: size of the largest image.
    pub max_image: u64,
    /// `max_audio`: size of the largest audio.
    pub max_audio: u64,
    /// `max_video`: size of the largest video.
    pub max_video: u64,
    /// `max_attachment`: size of the largest attachment.
    pub max_attachment: u64,
    /// `forbidden_media_types`. One without parameters stands for all with the
    /// same type and subtype, here as among those permitted.
    pub forbidden_media_types: Vec<MediaType>,
    /// `permitted_media_types`: if present, no others are.
    pub permitted_media_types: Option<Vec<MediaType>>,
}

/// `AssetUploadLocation`: where clients upload assets to. Open: unknown values
/// are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetUploadLocation(pub u8);

impl AssetUploadLocation {
    /// `unspecified`: anywhere.
    pub const UNSPECIFIED: Self = AssetUploadLocation(0);
    /// `localProvider`: each client to its own provider, which is recommended.
    pub const LOCAL_PROVIDER: Self = AssetUploadLocation(1);
    /// `hub`: all clients to the hub.
    pub const HUB: Self = AssetUploadLocation(2);
}

/// `ProviderAssetUploadDomains`: the hosts that assets of one provider are on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderAssetUploadDomains {
    /// `provider`: as in the URIs of its users.
    pub provider: DomainName,
    /// `asset_upload_destinations`: hosts in the URLs of assets.
    pub destinations: Vec<DomainName>,
}

/// `DownloadPrivacyType`: a way to download assets. Open: unknown values are
/// kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DownloadPrivacyType(pub u8);

impl DownloadPrivacyType {
    /// `direct`: from the server that has the asset.
    pub const DIRECT: Self = DownloadPrivacyType(0);
    /// `hubProxy`: through a proxy on the hub.
    pub const HUB_PROXY: Self = DownloadPrivacyType(1);
    /// `ohttp`: by Oblivious HTTP through the hub.
    pub const OHTTP: Self = DownloadPrivacyType(2);
}

/// `DownloadPrivacy`: the ways to download assets that a room accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadPrivacy {
    /// `allowed_download_types`. One that is also forbidden is forbidden.
    pub allowed: Vec<DownloadPrivacyType>,
    /// `forbidden_download_types`.
    pub forbidden: Vec<DownloadPrivacyType>,
    /// `default_download_type`: what the room suggests; never forbidden.
    pub default: DownloadPrivacyType,
}

impl AssetPolicy {
    /// Checks what the types leave open. Decoding does so too.
    ///
    /// # Errors
    /// When assets go to the hub and there is not one provider, or
    /// [`DownloadPrivacy::check`] fails.
    pub fn check(&self) -> Result<(), Rule> {
        if self.upload_location == AssetUploadLocation::HUB && self.upload_domains.len() != 1 {
            return Err(Rule::Structure(
                "assets are uploaded to the hub, but there is not exactly one provider",
            ));
        }
        self.download_privacy.check()
    }
}

impl DownloadPrivacy {
    /// Checks what the types leave open. Decoding does so too.
    ///
    /// # Errors
    /// When the default is forbidden.
    pub fn check(&self) -> Result<(), Rule> {
        if self.forbidden.contains(&self.default) {
            return Err(Rule::Structure("the default download type is forbidden"));
        }
        Ok(())
    }
}

impl Encode for AssetUploadLocation {
    fn encode(&self, w: &mut Writer) {
        w.u8(self.0);
    }
}

impl Decode for AssetUploadLocation {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.u8().map(AssetUploadLocation)
    }
}

impl Encode for ProviderAssetUploadDomains {
    fn encode(&self, w: &mut Writer) {
        self.provider.encode(w);
        w.list(&self.destinations);
    }
}

impl Decode for ProviderAssetUploadDomains {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ProviderAssetUploadDomains {
            provider: DomainName::decode(r)?,
            destinations: r.list_at_most(
                "the number of upload destinations",
                MAX_UPLOAD_DESTINATIONS,
                DomainName::decode,
            )?,
        })
    }
}

impl Encode for DownloadPrivacyType {
    fn encode(&self, w: &mut Writer) {
        w.u8(self.0);
    }
}

impl Decode for DownloadPrivacyType {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.u8().map(DownloadPrivacyType)
    }
}

impl Encode for DownloadPrivacy {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.allowed);
        w.list(&self.forbidden);
        self.default.encode(w);
    }
}

impl Decode for DownloadPrivacy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let allowed = download_types(r)?;
        let forbidden = download_types(r)?;
        let start = r.offset();
        let privacy = DownloadPrivacy {
            allowed,
            forbidden,
            default: DownloadPrivacyType::decode(r)?,
        };
        privacy.check().map_err(|rule| r.error_at(start, rule))?;
        Ok(privacy)
    }
}

fn download_types(r: &mut Reader<'_>) -> Result<Vec<DownloadPrivacyType>, DecodeError> {
    r.list_at_most(
        "the number of download types",
        MAX_DOWNLOAD_TYPES,
        DownloadPrivacyType::decode,
    )
}

impl Encode for AssetPolicy {
    fn encode(&self, w: &mut Writer) {
        self.upload_location.encode(w);
        w.list(&self.upload_domains);
        self.download_privacy.encode(w);
        w.u64(self.max_image);
        w.u64(self.max_audio);
        w.u64(self.max_video);
        w.u64(self.max_attachment);
        w.list(&self.forbidden_media_types);
        w.optional(self.permitted_media_types.as_ref(), |w, types| {
            w.list(types);
        });
    }
}

impl Decode for AssetPolicy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let upload_location = AssetUploadLocation::decode(r)?;
        let domains = r.offset();
        let policy = AssetPolicy {
            upload_location,
            upload_domains: r.list_at_most(
                "the number of providers with upload domains",
                MAX_UPLOAD_PROVIDERS,
                ProviderAssetUploadDomains::decode,
            )?,
            download_privacy: DownloadPrivacy::decode(r)?,
            max_image: r.u64()?,
            max_audio: r.u64()?,
            max_video: r.u64()?,
            max_attachment: r.u64()?,
            forbidden_media_types: limits::media_types(r)?,
            permitted_media_types: r.optional(limits::media_types)?,
        };
        policy.check().map_err(|rule| r.error_at(domains, rule))?;
        Ok(policy)
    }
}

//! What a hub downloads for others (PROTO, "Download Files").
//!
//! A hub fetches assets so that their servers do not see who reads them: as a
//! proxy ("Download using a hub proxy"), or as a gateway that does not even see
//! who asks ("Download using Oblivious HTTP"). Anyone can write any URL into a
//! message. So a hub that fetched whatever it is asked for would be an open
//! proxy, into its own network as well. This module says no, in three places:
//!
//! 1. [`AssetDomains`] judges the URL: nothing but the asset servers of peers.
//! 2. [`may_connect`] judges the address that the host resolved it to.
//! 3. [`may_pass_on`] judges the status of the answer: redirects are not followed.
//!
//! ```
//! use mimi_content::DomainName;
//! use mimi_protocol::assets::{AssetDomains, InnerRequest, may_connect, may_pass_on};
//!
//! let of_peers = ["assets.b.example", "files.c.example"];
//! let domains: AssetDomains = of_peers
//!     .iter()
//!     .map(|host| DomainName::parse(host))
//!     .collect::<Result<_, _>>()?;
//!
//! // `proxyDownload`, with its parameter out of the URL.
//! let url = domains.judge("https://assets.b.example/8ksB4bSrrRE")?;
//! assert_eq!(url.host(), "assets.b.example");
//! // The host resolves the name, and looks where that leads before it connects.
//! may_connect("2600:9000::1".parse()?)?;
//! assert!(may_connect("::ffff:127.0.0.1".parse()?).is_err());
//! // And the answer is one, not a way to somewhere else.
//! may_pass_on(200)?;
//! assert!(may_pass_on(302).is_err());
//!
//! // The request in an Oblivious HTTP request.
//! let url = domains.judge_inner(&InnerRequest {
//!     method: "GET",
//!     scheme: "https",
//!     authority: "files.c.example",
//!     path: "/8ksB4bSrrRE",
//! })?;
//! assert_eq!(url.as_str(), "https://files.c.example/8ksB4bSrrRE");
//!
//! let refused = domains.judge("https://assets.b.example.evil.example/").unwrap_err();
//! assert_eq!(refused.status(), 403);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What the host does
//!
//! - It makes a GET of its own from the URL. Of what it was sent it passes on no
//!   `Host`, no cookie and no credential, and no body.
//! - It connects to the very address that was judged, not to the name once more,
//!   on port 443, and verifies the certificate for the name.
//! - It adds its own networks to what [`may_connect`] refuses, public ones too: who
//!   sits next to an asset server may trust it.
//! - It limits size and time, and counts requests by peer.
//!
//! No room is named in such a request, so that its asset policy, which may forbid
//! one way of downloading and has limits of size, cannot be asked. Clients keep
//! to it.

mod address;

use std::collections::BTreeSet;
use std::net::IpAddr;

use mimi_content::{DomainName, HttpsUrl, HttpsUrlError};
#[cfg(feature = "mls")]
use mimi_policy::{AssetPolicy, AssetUploadLocation};

pub use address::may_connect;

/// The asset servers of a hub's peers: all that it downloads from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssetDomains(BTreeSet<DomainName>);

/// What a hub looks at of the request that a client sealed for it, as it stands
/// in the Binary HTTP message (RFC 9292 §3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InnerRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// The scheme, without a colon.
    pub scheme: &'a str,
    /// The authority. Where it is empty, the value of the `Host` field; where
    /// both are there and differ, the request is malformed.
    pub authority: &'a str,
    /// The path with its query.
    pub path: &'a str,
}

/// Why a hub does not download something, or does not pass on what it found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetRefusal {
    /// The URL can be read in two ways, or is none: 400.
    #[error("the asset's URL: {0}")]
    Url(#[from] HttpsUrlError),
    /// The authority of an inner request holds more than an authority: 400.
    #[error("the authority of the inner request is none")]
    Authority,
    /// The path of an inner request is a whole URL, begins like an authority, or
    /// does not begin with a slash: 400.
    #[error("the path of the inner request does not begin with one slash")]
    Path,
    /// The method of an inner request is not GET: 405. CONNECT would make the hub
    /// a tunnel.
    #[error("assets are fetched with GET and nothing else")]
    Method,
    /// No peer has its assets on this host (PROTO, "Download using a hub proxy",
    /// "Download using Oblivious HTTP"): 403.
    #[error("{0} is the asset server of no peer")]
    Host(Box<str>),
    /// The host name leads to an address that is not the open internet's: 403.
    /// Which one is for the host's log, not for the peer.
    #[error("{0} is no address of the open internet")]
    Address(IpAddr),
    /// The asset server sends the hub elsewhere: 502.
    #[error("the asset server answered {0}, which would lead elsewhere")]
    Redirect(u16),
}

impl TargetRefusal {
    /// The HTTP status that says so.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            TargetRefusal::Url(_) | TargetRefusal::Authority | TargetRefusal::Path => 400,
            TargetRefusal::Host(_) | TargetRefusal::Address(_) => 403,
            TargetRefusal::Method => 405,
            TargetRefusal::Redirect(_) => 502,
        }
    }
}

impl AssetDomains {
    /// Adds the hosts that a room's asset policy lists for providers that
    /// `is_peer` knows; the hub is to know itself, too.
    ///
    /// A room's administrator writes that policy, not the provider: this takes
    /// an administrator's word for what is the provider's. Whoever wants it from
    /// the providers does without this.
    #[cfg(feature = "mls")]
    pub fn add_policy(&mut self, policy: &AssetPolicy, is_peer: impl Fn(&DomainName) -> bool) {
        // Of another location nobody knows what its entries mean.
        let known = [
            AssetUploadLocation::UNSPECIFIED,
            AssetUploadLocation::LOCAL_PROVIDER,
            AssetUploadLocation::HUB,
        ];
        if !known.contains(&policy.upload_location) {
            return;
        }
        let of_peers = policy.upload_domains.iter();
        let of_peers = of_peers.filter(|entry| is_peer(&entry.provider));
        self.extend(of_peers.flat_map(|entry| entry.destinations.iter().cloned()));
    }

    /// Judges the `downloadUrl` of a `proxyDownload` request, once
    /// percent-decoding has taken it out of the request's URL.
    ///
    /// Hosts are compared octet by octet. A subdomain of an asset server is
    /// another host.
    ///
    /// # Errors
    /// When it is no [`HttpsUrl`], or of another host.
    pub fn judge(&self, download_url: &str) -> Result<HttpsUrl, TargetRefusal> {
        let url = HttpsUrl::parse(download_url)?;
        if !self.0.contains(url.host()) {
            return Err(TargetRefusal::Host(url.host().into()));
        }
        Ok(url)
    }

    /// Judges the target of an Oblivious HTTP request, and gives its URL.
    ///
    /// # Errors
    /// When it is anything but a GET of a path at an asset server by https.
    pub fn judge_inner(&self, request: &InnerRequest<'_>) -> Result<HttpsUrl, TargetRefusal> {
        let InnerRequest {
            method,
            scheme,
            authority,
            path,
        } = *request;
        if method != "GET" {
            return Err(TargetRefusal::Method);
        }
        if scheme != "https" {
            return Err(HttpsUrlError::Scheme.into());
        }
        // Behind two slashes a parser of relative references expects a host.
        if !path.starts_with('/') || path.starts_with("//") {
            return Err(TargetRefusal::Path);
        }
        if authority.contains(['/', '?', '#']) {
            return Err(TargetRefusal::Authority);
        }
        self.judge(&format!("https://{authority}{path}"))
    }
}

impl FromIterator<DomainName> for AssetDomains {
    fn from_iter<I: IntoIterator<Item = DomainName>>(hosts: I) -> Self {
        AssetDomains(hosts.into_iter().collect())
    }
}

impl Extend<DomainName> for AssetDomains {
    fn extend<I: IntoIterator<Item = DomainName>>(&mut self, hosts: I) {
        self.0.extend(hosts);
    }
}

/// Judges the status of an asset server's answer. Redirects are not followed and
/// not passed on: their target is the server's choice, and nobody has judged it.
/// 304 is none, and answers a cache.
///
/// # Errors
/// For every other status from 300 to 399.
pub fn may_pass_on(status: u16) -> Result<(), TargetRefusal> {
    match status {
        304 => Ok(()),
        300..=399 => Err(TargetRefusal::Redirect(status)),
        _ => Ok(()),
    }
}

//! Where assets may be.

use std::collections::BTreeSet;

use mimi_content::{MAX_HOST_LEN, MimiUri};
use url::{Host, Url};

use crate::components::assets::{AssetPolicy, AssetUploadLocation};
use crate::messages::violation::Breach;

/// Where the assets of one sender may be.
pub(super) enum Hosts<'a> {
    Any,
    These(BTreeSet<&'a str>),
}

impl<'a> Hosts<'a> {
    pub(super) fn of(policy: &'a AssetPolicy, sender: &MimiUri) -> Self {
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

    pub(super) fn refuse(&self, url: &str) -> Option<Breach> {
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

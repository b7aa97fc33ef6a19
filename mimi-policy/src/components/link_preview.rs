//! `link_preview_policy`: how clients treat links in messages (POLICY, "Link
//! Preview policy component").

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::components::optionality::Optionality;
use crate::components::uri::Uri;

/// `LinkPreviewPolicy`: the data of `link_preview_policy`, and the whole
/// content of an update to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPreviewPolicy {
    /// `autodetect_hyperlinks_in_text`: whether a composer may make links of
    /// text that looks like one. True for `optional`, false for `forbidden`:
    /// `required` is not allowed.
    pub autodetect_hyperlinks: bool,
    /// `send_link_previews`: whether senders put previews in their messages. A
    /// receiver cannot tell if such a preview is honest.
    pub send_link_previews: Optionality,
    /// `automatic_link_previews`: whether receivers make previews, which tells
    /// the server behind the link of them.
    pub automatic_link_previews: Optionality,
    /// `link_preview_proxy_use` and `link_preview_proxy`.
    pub proxy: LinkPreviewProxy,
}

/// Whether previews are made through a proxy, and through which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkPreviewProxy {
    /// No proxy is used.
    Forbidden,
    /// Each client chooses whether it uses this one.
    Optional(Uri),
    /// Previews are made through this one only.
    Required(Uri),
}

impl Encode for LinkPreviewPolicy {
    fn encode(&self, w: &mut Writer) {
        let autodetect = if self.autodetect_hyperlinks {
            Optionality::Optional
        } else {
            Optionality::Forbidden
        };
        autodetect.encode(w);
        self.send_link_previews.encode(w);
        self.automatic_link_previews.encode(w);
        let (use_of_proxy, proxy) = match &self.proxy {
            LinkPreviewProxy::Forbidden => (Optionality::Forbidden, None),
            LinkPreviewProxy::Optional(proxy) => (Optionality::Optional, Some(proxy)),
            LinkPreviewProxy::Required(proxy) => (Optionality::Required, Some(proxy)),
        };
        use_of_proxy.encode(w);
        if let Some(proxy) = proxy {
            w.vector(|w| proxy.encode(w));
        }
    }
}

impl Decode for LinkPreviewPolicy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(LinkPreviewPolicy {
            autodetect_hyperlinks: autodetect(r)?,
            send_link_previews: Optionality::decode(r)?,
            automatic_link_previews: Optionality::decode(r)?,
            proxy: match Optionality::decode(r)? {
                Optionality::Forbidden => LinkPreviewProxy::Forbidden,
                Optionality::Optional => LinkPreviewProxy::Optional(proxy(r)?),
                Optionality::Required => LinkPreviewProxy::Required(proxy(r)?),
            },
        })
    }
}

fn autodetect(r: &mut Reader<'_>) -> Result<bool, DecodeError> {
    let start = r.offset();
    match Optionality::decode(r)? {
        Optionality::Optional => Ok(true),
        Optionality::Forbidden => Ok(false),
        Optionality::Required => Err(r.error_at(
            start,
            Rule::Structure("autodetection of hyperlinks is required, which it cannot be"),
        )),
    }
}

/// A vector of exactly one URI.
fn proxy(r: &mut Reader<'_>) -> Result<Uri, DecodeError> {
    const ONE: Rule = Rule::Structure("there is not exactly one link preview proxy");

    let start = r.offset();
    let mut proxies = r.vector()?;
    if proxies.is_empty() {
        return Err(r.error_at(start, ONE));
    }
    let proxy = Uri::decode(&mut proxies)?;
    if !proxies.is_empty() {
        return Err(proxies.error(ONE));
    }
    Ok(proxy)
}

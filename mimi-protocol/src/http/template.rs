//! URL templates: RFC 6570 simple expansion of one variable.

use ::http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What RFC 6570 §3.2.2 leaves as it is: the unreserved characters of RFC
/// 3986 §2.3.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An https URL with one `{variable}` behind its authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    /// Scheme and authority.
    origin: String,
    /// From the path's slash to the variable.
    prefix: String,
    variable: String,
    suffix: String,
}

impl Template {
    pub(super) fn parse(text: &str, variables: &[&str]) -> Option<Self> {
        let (before, rest) = text.split_once('{')?;
        let (variable, suffix) = rest.split_once('}')?;
        let slash = before.strip_prefix("https://")?.find('/')?;
        let (origin, prefix) = before.split_at_checked("https://".len().checked_add(slash)?)?;
        let plain = !text.contains(['#', '@']) && !suffix.contains(['{', '}']);
        if !plain || before.contains('}') || !variables.contains(&variable) {
            return None;
        }
        let template = Template {
            origin: origin.to_owned(),
            prefix: prefix.to_owned(),
            variable: variable.to_owned(),
            suffix: suffix.to_owned(),
        };
        let host = template.expand("x")?.host()?.len();
        (host > 0).then_some(template)
    }

    pub(super) fn variable(&self) -> &str {
        &self.variable
    }

    /// The host, without the port.
    pub(super) fn host(&self) -> &str {
        let authority = self.origin.get("https://".len()..).unwrap_or_default();
        without_port(authority)
    }

    pub(super) fn expand(&self, value: &str) -> Option<Uri> {
        let value = utf8_percent_encode(value, UNRESERVED);
        let text = format!("{}{}{value}{}", self.origin, self.prefix, self.suffix);
        text.parse().ok()
    }

    /// The variable's value in a path with query, if it has this form.
    pub(super) fn matches(&self, path_and_query: &str) -> Option<String> {
        let value = path_and_query
            .strip_prefix(self.prefix.as_str())?
            .strip_suffix(self.suffix.as_str())?;
        if value.is_empty() || value.contains(['/', '?', '&']) {
            return None;
        }
        decode(value)
    }
}

impl std::fmt::Display for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Template {
            origin,
            prefix,
            variable,
            suffix,
        } = self;
        write!(f, "{origin}{prefix}{{{variable}}}{suffix}")
    }
}

/// Undoes percent-encoding; every `%` must begin an octet, and the result be
/// UTF-8.
fn decode(value: &str) -> Option<String> {
    let whole = value.split('%').skip(1).all(|after| {
        after
            .as_bytes()
            .get(..2)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    });
    let text = percent_decode_str(value).decode_utf8().ok()?;
    whole.then(|| text.into_owned())
}

/// A host without `:port`; the brackets of an IPv6 address stay.
pub(super) fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

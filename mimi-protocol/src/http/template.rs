//! URL templates: RFC 6570 simple expansion of one variable.

use ::http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::endpoint::domain;

/// What RFC 6570 §3.2.2 leaves as it is: the unreserved characters of RFC
/// 3986 §2.3.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What a value in a URL never holds as it is: expansion encodes it, and it
/// separates values.
const SEPARATORS: [char; 3] = ['/', '?', '&'];

/// An https URL with one `{variable}` behind its authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    /// Host, and port if there is one.
    authority: String,
    /// From the path's slash to the variable.
    prefix: String,
    variable: String,
    suffix: String,
}

impl Template {
    /// Reads a URL whose variable is one of `variables`. Its host is a domain in
    /// normal form, with or without a port, and it is written with the characters
    /// of RFC 3986 §3.3 and §3.4; no segment of its path is `.` or `..`, which
    /// would lead elsewhere once somebody resolves it.
    pub(super) fn parse(text: &str, variables: &[&str]) -> Option<Self> {
        let rest = text.strip_prefix("https://")?;
        let (authority, path) = rest.split_at_checked(rest.find('/')?)?;
        let (prefix, rest) = path.split_once('{')?;
        let (variable, suffix) = rest.split_once('}')?;
        let authority_holds = domain(host(authority)).is_some() && is_port(authority);
        let dots = path.split(SEPARATORS).any(is_dots);
        if !authority_holds || dots || !is_written_right(prefix) || !is_written_right(suffix) {
            return None;
        }
        variables.contains(&variable).then(|| Template {
            authority: authority.to_owned(),
            prefix: prefix.to_owned(),
            variable: variable.to_owned(),
            suffix: suffix.to_owned(),
        })
    }

    pub(super) fn variable(&self) -> &str {
        &self.variable
    }

    /// The host, without the port.
    pub(super) fn host(&self) -> &str {
        host(&self.authority)
    }

    /// The URL with a value, unless that makes it longer than [`Uri`] takes.
    pub(super) fn expand(&self, value: &str) -> Option<Uri> {
        let value = utf8_percent_encode(value, UNRESERVED);
        let Template {
            authority,
            prefix,
            suffix,
            ..
        } = self;
        format!("https://{authority}{prefix}{value}{suffix}")
            .parse()
            .ok()
    }

    /// The variable's value, still encoded, in a path with query that has this
    /// form.
    pub(super) fn value_in<'a>(&self, path_and_query: &'a str) -> Option<&'a str> {
        let value = path_and_query
            .strip_prefix(self.prefix.as_str())?
            .strip_suffix(self.suffix.as_str())?;
        (!value.is_empty() && !value.contains(SEPARATORS)).then_some(value)
    }

    /// Whether some values make the paths of both the same, whatever the hosts.
    ///
    /// No value holds a separator, so both are compared piece by piece.
    pub(super) fn overlaps(&self, other: &Template) -> bool {
        let separators = |text: &str| text.matches(SEPARATORS).collect::<String>();
        let (one, other) = (self.marked(), other.marked());
        separators(&one) == separators(&other)
            && one
                .split(SEPARATORS)
                .zip(other.split(SEPARATORS))
                .all(|(one, other)| pieces_overlap(one, other))
    }

    /// Path and query with `{` where the value goes, which is nowhere else.
    fn marked(&self) -> String {
        format!("{}{{{}", self.prefix, self.suffix)
    }
}

impl std::fmt::Display for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Template {
            authority,
            prefix,
            variable,
            suffix,
        } = self;
        write!(f, "https://{authority}{prefix}{{{variable}}}{suffix}")
    }
}

/// Undoes percent-encoding; every `%` must begin an octet, and the result be
/// UTF-8.
pub(super) fn decode(value: &str) -> Option<String> {
    let text = percent_decode_str(value).decode_utf8().ok()?;
    escapes_are_whole(value).then(|| text.into_owned())
}

/// A host without `:port`; the brackets of an IPv6 address stay.
pub(super) fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Whether what stands behind the host, if anything, is a port that can be
/// connected to.
fn is_port(authority: &str) -> bool {
    let Some((_, port)) = authority.split_once(':') else {
        return true;
    };
    port.parse()
        .is_ok_and(|number: u16| number > 0 && number.to_string() == port)
}

fn is_dots(segment: &str) -> bool {
    let dots = segment.to_ascii_lowercase().replace("%2e", ".");
    dots == "." || dots == ".."
}

fn is_written_right(part: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&b);
    part.bytes().all(allowed) && escapes_are_whole(part)
}

fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Whether two pieces without separators can be the same; `{` stands for one
/// character or more.
fn pieces_overlap(one: &str, other: &str) -> bool {
    let fits = |text: &str, before: &str, after: &str| {
        let middle = text.strip_prefix(before);
        let middle = middle.and_then(|rest| rest.strip_suffix(after));
        middle.is_some_and(|middle| !middle.is_empty())
    };
    match (one.split_once('{'), other.split_once('{')) {
        (None, None) => one == other,
        (Some((before, after)), None) => fits(other, before, after),
        (None, Some((before, after))) => fits(one, before, after),
        (Some((before, after)), Some((prefix, suffix))) => {
            (before.starts_with(prefix) || prefix.starts_with(before))
                && (after.ends_with(suffix) || suffix.ends_with(after))
        }
    }
}

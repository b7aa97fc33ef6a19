//! The check of the normal form, from front to back.

use std::borrow::Cow;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

use super::{MAX_HOST_LEN, MAX_LABEL_LEN, MAX_URI_LEN, SCHEME, UriError};

/// Where the host starts.
const HOST: usize = SCHEME.len();

pub(super) fn check(uri: &str) -> Result<(), UriError> {
    if uri.len() > MAX_URI_LEN {
        return Err(UriError::TooLong { len: uri.len() });
    }
    let rest = uri.strip_prefix(SCHEME).ok_or(UriError::Scheme)?;
    if is_plain(rest) {
        return Ok(());
    }
    check_closely(uri, rest)
}

fn check_closely(uri: &str, rest: &str) -> Result<(), UriError> {
    match rest.find(['?', '#']) {
        None => {}
        Some(at) if rest.as_bytes().get(at) == Some(&b'?') => {
            return Err(UriError::Query { offset: after(at) });
        }
        Some(at) => return Err(UriError::Fragment { offset: after(at) }),
    }
    match rest.split_once('/') {
        None => check_host(rest, HOST),
        Some((host, path)) => {
            check_host(host, HOST)?;
            if path.is_empty() || path.ends_with('/') {
                return Err(UriError::TrailingSlash {
                    offset: uri.len().saturating_sub(1),
                });
            }
            check_path(path, after(host.len()).saturating_add(1))
        }
    }
}

/// Whether what follows the scheme is in normal form at first sight, as nearly
/// every URI is: no label that UTS #46 would look at, nothing encoded. Everything
/// else takes the long way.
fn is_plain(rest: &str) -> bool {
    let rest = rest.as_bytes();
    let (mut label, mut last, mut letter) = (0_usize, b'-', false);
    let mut host = 0_usize;
    for octet in rest {
        match octet {
            b'a'..=b'z' | b'0'..=b'9' => {
                if label == 0 {
                    letter = octet.is_ascii_lowercase();
                }
                label = label.saturating_add(1);
                last = *octet;
            }
            // A label starts and ends with something else, and two hyphens may
            // be an A-label.
            b'-' if last != b'-' => {
                label = label.saturating_add(1);
                last = b'-';
            }
            b'.' if last != b'-' && label <= MAX_LABEL_LEN => {
                label = 0;
                last = b'-';
            }
            b'/' => break,
            _ => return false,
        }
        host = host.saturating_add(1);
    }
    // A last label that starts with a letter is no number.
    let is_host = letter && last != b'-' && label <= MAX_LABEL_LEN && host <= MAX_HOST_LEN;
    is_host && is_plain_path(rest.get(host..).unwrap_or_default())
}

/// The same for a path, with its first slash if there is one.
fn is_plain_path(path: &[u8]) -> bool {
    match path {
        [] => true,
        [
            b'/',
            b'u' | b'p' | b'r' | b'g' | b't' | b'd',
            b'/',
            first,
            rest @ ..,
        ] => *first != b'.' && is_pchar(*first) && rest.iter().all(|octet| is_pchar(*octet)),
        _ => false,
    }
}

/// The offset in the URI of an offset behind the scheme.
fn after(at: usize) -> usize {
    HOST.saturating_add(at)
}

/// A domain that a person typed, in normal form as far as UTS #46 brings it;
/// [`check`] does the rest.
pub(super) fn normal_host(domain: &str) -> Result<Cow<'_, str>, UriError> {
    // Also a bound on the work that Punycode makes.
    if domain.len() > MAX_URI_LEN {
        return Err(UriError::HostTooLong { offset: HOST });
    }
    uts46(domain, HOST)
}

/// Lower case and A-labels. Hyphens in the third and fourth place are left to
/// the registries: names like `r3---a.example` exist.
fn uts46(domain: &str, at: usize) -> Result<Cow<'_, str>, UriError> {
    Uts46::new()
        .to_ascii(
            domain.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::CheckFirstLast,
            DnsLength::Ignore,
        )
        .map_err(|_| UriError::InvalidHost { offset: at })
}

/// Checks a host name, which starts at octet `at` of what it stands in.
pub(crate) fn check_host(host: &str, at: usize) -> Result<(), UriError> {
    if host.is_empty() {
        return Err(UriError::EmptyHost { offset: at });
    }
    if let Some(found) = host.find('@') {
        let offset = at.saturating_add(found);
        return Err(UriError::UserInfo { offset });
    }
    if host.starts_with('[') {
        return Err(UriError::IpAddress { offset: at });
    }
    if let Some(found) = host.find(':') {
        let offset = at.saturating_add(found);
        return Err(UriError::Port { offset });
    }
    if host.ends_with('.') {
        let offset = at.saturating_add(host.len()).saturating_sub(1);
        return Err(UriError::TrailingDot { offset });
    }
    if host.len() > MAX_HOST_LEN {
        return Err(UriError::HostTooLong { offset: at });
    }
    let mut offset = at;
    for label in host.split('.') {
        if label.is_empty() || label.len() > MAX_LABEL_LEN {
            return Err(UriError::LabelLength { offset });
        }
        offset = offset.saturating_add(label.len()).saturating_add(1);
    }
    let normal = uts46(host, at)?;
    if normal != host {
        return Err(UriError::HostNotNormal {
            offset: at,
            normal: normal.as_ref().into(),
        });
    }
    if host.rsplit('.').next().is_some_and(is_number) {
        return Err(UriError::IpAddress { offset: at });
    }
    Ok(())
}

/// Whether software takes a host with this last label for an IPv4 address,
/// whole or short, decimal, octal or hexadecimal. No such top level exists.
fn is_number(label: &str) -> bool {
    match label.strip_prefix("0x") {
        Some(hex) => hex.bytes().all(|octet| octet.is_ascii_hexdigit()),
        None => label.bytes().all(|octet| octet.is_ascii_digit()),
    }
}

/// Checks a path without its first slash, which ends before octet `at`.
fn check_path(path: &str, at: usize) -> Result<(), UriError> {
    let end = at.saturating_add(path.len());
    let (kind, names) = match path.split_once('/') {
        Some((kind, names)) => (kind, Some(names)),
        None => (path, None),
    };
    let most = match kind {
        "u" | "p" | "r" | "g" | "t" => 1,
        "d" => 2,
        _ => return Err(UriError::UnknownKind { offset: at }),
    };
    let names = names.ok_or(UriError::MissingSegment { offset: end })?;
    let mut at = at.saturating_add(kind.len()).saturating_add(1);
    for (index, segment) in names.split('/').enumerate() {
        if index >= most {
            return Err(UriError::ExtraSegment { offset: at });
        }
        check_segment(segment, at)?;
        at = at.saturating_add(segment.len()).saturating_add(1);
    }
    Ok(())
}

fn check_segment(segment: &str, at: usize) -> Result<(), UriError> {
    match segment {
        "" => return Err(UriError::EmptySegment { offset: at }),
        "." | ".." => return Err(UriError::DotSegment { offset: at }),
        _ => {}
    }
    // Each octet of the decoded segment and where it is written.
    let mut decoded = Vec::new();
    let mut offsets = Vec::new();
    let mut octets = segment.bytes().zip(at..);
    while let Some((octet, offset)) = octets.next() {
        offsets.push(offset);
        if octet != b'%' {
            if !is_pchar(octet) {
                return Err(UriError::Unencoded { offset, octet });
            }
            decoded.push(octet);
            continue;
        }
        let digits = octets.next().zip(octets.next());
        let ((high, _), (low, _)) = digits.ok_or(UriError::Escape { offset })?;
        let octet = hex(high)
            .zip(hex(low))
            .map(|(high, low)| (high << 4) | low)
            .ok_or(UriError::Escape { offset })?;
        if is_pchar(octet) {
            let character = char::from(octet);
            return Err(UriError::NeedlessEscape { offset, character });
        }
        if high.is_ascii_lowercase() || low.is_ascii_lowercase() {
            return Err(UriError::EscapeCase { offset, octet });
        }
        decoded.push(octet);
    }
    let written = |index: usize| offsets.get(index).copied().unwrap_or(at);
    let text = std::str::from_utf8(&decoded).map_err(|error| UriError::Utf8 {
        offset: written(error.valid_up_to()),
    })?;
    match text.char_indices().find(|(_, c)| c.is_control()) {
        Some((index, _)) => Err(UriError::Control {
            offset: written(index),
        }),
        None => Ok(()),
    }
}

/// RFC 3986 §3.3, without percent-encodings.
#[inline]
fn is_pchar(octet: u8) -> bool {
    PCHARS.get(usize::from(octet)) == Some(&true)
}

/// Which octets [`is_pchar`] takes.
const PCHARS: [bool; 256] = {
    let mut table = [false; 256];
    // A constant has no other way to go over a slice.
    let mut octet = 0_u8;
    let mut rest: &mut [bool] = &mut table;
    while let [slot, others @ ..] = rest {
        let other = matches!(
            octet,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@'
        );
        *slot = octet.is_ascii_alphanumeric() || other;
        octet = octet.wrapping_add(1);
        rest = others;
    }
    table
};

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn what_is_plain_at_first_sight_is_so_at_the_second(
            host in "[a0x.-]{0,6}|[a-z0-9-]{62,65}(\\.[a-c]{1,2})?|xn--[a-z0-9]{1,6}",
            path in "|/|/[updx]/?[a.%/:A]{0,4}",
        ) {
            let rest = format!("{host}{path}");
            let uri = format!("{SCHEME}{rest}");
            if is_plain(&rest) {
                prop_assert_eq!(check_closely(&uri, &rest), Ok(()));
            }
        }
    }

    #[test]
    fn what_rooms_are_full_of_is_plain() {
        for rest in ["a.example/u/alice", "b-c.example.org/r/99", "hub1.example"] {
            assert!(is_plain(rest), "{rest}");
        }
    }
}

use url::Url;

use crate::invisible::is_invisible;

/// What to do before a link is opened (CONTENT, "Link and Mention handling").
///
/// Only [`Verdict::Same`] needs no question. An alert for the others shows
/// [`Link::canonical`](super::Link::canonical), never the text alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The text is the destination, written the same or equivalently.
    ///
    /// Letter case of hosts, default ports, percent-encoding and the slash of an
    /// empty path make no difference, and internationalised host names equal
    /// their A-labels. Text without a scheme means `https`, or `mailto`.
    Same,
    /// The text is words and no address, as in `[here](https://a.example)`.
    Named,
    /// The text is or contains an address, and it is not the destination.
    ///
    /// Also a destination with user information, as in
    /// `https://bank.example@evil.example`, and a text that equals it but may
    /// not look so: with invisible characters, or with a host name that mixes
    /// scripts or has letters that pass for Latin ones. Anything like a domain
    /// counts as an address, names of files included.
    Misleading,
    /// The text is the destination but for `https`, where the destination has
    /// `http`.
    Downgraded,
    /// The scheme is none of `http`, `https`, `mailto`, `mimi` and `cid`: another
    /// program will open the link. The text is no other address.
    Unfamiliar,
    /// Not to be opened: the scheme can run code or reach local files, or the
    /// destination is no absolute URL, so that it would lead into whatever opens
    /// it.
    Unsafe,
}

const FAMILIAR: [&str; 5] = ["http", "https", "mailto", "mimi", "cid"];

/// One letter, a drive of Windows, is unsafe as well.
const UNSAFE: [&str; 11] = [
    "about",
    "blob",
    "chrome",
    "content",
    "data",
    "file",
    "filesystem",
    "jar",
    "javascript",
    "vbscript",
    "view-source",
];

pub(super) fn judge(text: &str, destination: &str) -> Verdict {
    let Ok(url) = Url::parse(destination) else {
        return Verdict::Unsafe;
    };
    if url.scheme().len() == 1 || UNSAFE.contains(&url.scheme()) {
        return Verdict::Unsafe;
    }
    let text = text.trim();
    match compare(text, &url) {
        _ if has_user(&url) => Verdict::Misleading,
        Some(Verdict::Same) if !FAMILIAR.contains(&url.scheme()) => Verdict::Unfamiliar,
        Some(verdict) => verdict,
        None if mentions_address(text) => Verdict::Misleading,
        None if !FAMILIAR.contains(&url.scheme()) => Verdict::Unfamiliar,
        None => Verdict::Named,
    }
}

pub(super) fn canonical(destination: &str) -> Option<String> {
    Url::parse(destination).ok().map(|url| normal(&url))
}

/// In a mail address, what is before the `@` is no user information.
fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// What to say of a text that is an address equal to `url`.
fn compare(text: &str, url: &Url) -> Option<Verdict> {
    // Parsers of URLs overlook white space and take backslashes for slashes.
    let odd = |c: char| c.is_whitespace() || is_invisible(c) || c == '\\';
    if !text.starts_with(char::is_alphanumeric) || text.contains(odd) {
        return None;
    }
    let target = normal(url);
    let mut downgraded = None;
    for scheme in ["", "https://", "mailto:"] {
        let Ok(mut shown) = Url::parse(&format!("{scheme}{text}")) else {
            continue;
        };
        if normal(&shown) == target {
            return Some(match shows_host(text) {
                true => Verdict::Same,
                false => Verdict::Misleading,
            });
        }
        if shown.scheme() == "https"
            && url.scheme() == "http"
            && shown.set_scheme("http").is_ok()
            && normal(&shown) == target
        {
            downgraded = Some(Verdict::Downgraded);
        }
    }
    downgraded
}

/// The URL with percent-encoding only where it is needed, in upper case (RFC
/// 3986 §6.2.2). The parser has normalised the rest.
fn normal(url: &Url) -> String {
    let mut parts = url.as_str().split('%');
    let mut normal = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.split_at_checked(2);
        let octet = digits.and_then(|(digits, rest)| {
            let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            let octet = u8::from_str_radix(digits, 16).ok()?;
            hex.then_some((octet, rest))
        });
        match octet {
            Some((octet, rest)) if is_unreserved(octet) => {
                normal.push(char::from(octet));
                normal.push_str(rest);
            }
            Some((octet, rest)) => {
                normal.push_str(&format!("%{octet:02X}"));
                normal.push_str(rest);
            }
            // Encoded itself, or what comes next could make an encoding of it.
            None => {
                normal.push_str("%25");
                normal.push_str(part);
            }
        }
    }
    normal
}

/// RFC 3986 §2.3.
fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
}

/// Whether the host name in an address looks like no other one, as far as that
/// can be said without tables of all characters. Labels must be ASCII, Latin, or
/// of letters that do not pass for Latin ones, or else have a top level domain
/// that is not in Latin letters either.
fn shows_host(address: &str) -> bool {
    let authority = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let latin_top = host.rsplit(is_dot).next().is_some_and(str::is_ascii);
    host.split(is_dot).all(|label| {
        let ascii = label.contains(|c: char| c.is_ascii_alphabetic());
        let latin = |c: char| c.is_ascii() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
        // Greek, Cyrillic, Armenian; Cherokee; Lisu.
        let alike = |c: char| matches!(c, '\u{370}'..='\u{58f}' | '\u{13a0}'..='\u{13ff}' | '\u{a4d0}'..='\u{a4ff}');
        label.chars().all(latin)
            || !ascii
                // A colon is before a port.
                && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == ':')
                && !(latin_top && label.contains(alike))
    })
}

/// Whether there is anything in a text that a reader would take for an address.
fn mentions_address(text: &str) -> bool {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let in_host = |c: char| c.is_alphanumeric() || c == '-' || is_dot(c);
    visible.contains("://") || visible.split(|c| !in_host(c)).any(is_host)
}

fn is_host(word: &str) -> bool {
    let word = word.trim_matches(is_dot);
    let mut labels = word.split(is_dot);
    let is_octet = |label: &str| label.parse::<u8>().is_ok();
    if labels.clone().count() == 4 && labels.clone().all(is_octet) {
        return true;
    }
    let top = labels.next_back().unwrap_or_default();
    let is_top = top.starts_with("xn--") || top.chars().all(char::is_alphabetic);
    is_top && top.chars().nth(1).is_some() && labels.next_back().is_some_and(|l| !l.is_empty())
}

/// What UTS #46 takes for a dot, and what looks like one.
fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{2024}' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

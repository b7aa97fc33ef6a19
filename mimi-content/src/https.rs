//! URLs of web servers that nobody can read in two ways.

use std::fmt;
use std::sync::Arc;

use crate::uri::{UriError, check_host};

/// Longest [`HttpsUrl`], in octets; RFC 9110 §4.1 asks receivers for 8,000 at
/// least.
pub const MAX_URL_LEN: usize = 8192;

const SCHEME: &str = "https://";

/// An `https` URL that every parser takes for the same host, kept octet for
/// octet.
///
/// Whoever decides by its host and whoever connects may use different parsers,
/// which differ over what is odd: some skip tabs, take a backslash for a slash,
/// read `2130706433` as an address or decode percent-encodings in a host. So
/// nothing odd is taken, and nothing is repaired:
///
/// - The scheme is `https://` in lower case, though RFC 3986 §3.1 allows others.
/// - The authority is a host name alone, in the normal form of the host of a
///   [`MimiUri`](crate::MimiUri): lower case, A-labels, no trailing dot, and no
///   IP address in any spelling. There is no user information and no port, not
///   even 443.
/// - Path and query have the characters of RFC 3986 only, and whole
///   percent-encodings. Dot segments stay as they are.
/// - There is no fragment, which is no business of a server.
/// - It has at most [`MAX_URL_LEN`] octets.
///
/// That a host is named like this does not make it safe to connect to: it may
/// be nobody's one may ask, and it may resolve to any address.
///
/// ```
/// use mimi_content::{HttpsUrl, HttpsUrlError};
///
/// let url = HttpsUrl::parse("https://assets.a.example/8ksB4?v=2")?;
/// assert_eq!(url.host(), "assets.a.example");
///
/// let trick = HttpsUrl::parse("https://assets.a.example\\@evil.example/");
/// assert_eq!(trick, Err(HttpsUrlError::Backslash { offset: 24 }));
/// # Ok::<(), HttpsUrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpsUrl(Arc<str>);

/// Why a text is not an [`HttpsUrl`]. Offsets count octets from its start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpsUrlError {
    /// Longer than [`MAX_URL_LEN`].
    #[error("the URL has {len} octets, more than {MAX_URL_LEN}")]
    TooLong {
        /// Its length in octets.
        len: usize,
    },
    /// Another scheme, this one in another spelling, or none.
    #[error("at octet 0: the URL does not start with `https://`")]
    Scheme,
    /// Browsers take it for a slash.
    #[error("at octet {offset}: a backslash")]
    Backslash {
        /// Where it is.
        offset: usize,
    },
    /// A control character. Browsers skip tabs and line feeds.
    #[error("at octet {offset}: a control character")]
    Control {
        /// Where it is.
        offset: usize,
    },
    /// A space.
    #[error("at octet {offset}: a space")]
    Space {
        /// Where it is.
        offset: usize,
    },
    /// A character beyond ASCII, in a host name or anywhere else.
    #[error("at octet {offset}: a character that is not ASCII")]
    NotAscii {
        /// Where it starts.
        offset: usize,
    },
    /// Another character that cannot stand there (RFC 3986 §3).
    #[error("at octet {offset}: octet {octet:#04x} cannot stand there in a URL")]
    Octet {
        /// Where it is.
        offset: usize,
        /// The octet.
        octet: u8,
    },
    /// A `%` without two hexadecimal digits behind it.
    #[error("at octet {offset}: `%` is not followed by two hexadecimal digits")]
    Escape {
        /// Where it is.
        offset: usize,
    },
    /// A percent-encoding in the host.
    #[error("at octet {offset}: a percent-encoding in the host")]
    EscapedHost {
        /// Where it is.
        offset: usize,
    },
    /// The authority is anything but a host name in normal form: empty, with
    /// user information or a port, an address...
    #[error(transparent)]
    Host(UriError),
    /// A fragment.
    #[error("at octet {offset}: a fragment")]
    Fragment {
        /// Where the `#` is.
        offset: usize,
    },
}

impl HttpsUrl {
    /// Takes a URL.
    ///
    /// # Errors
    /// With the first thing that is wrong, in this order: the length, the
    /// scheme, the characters of all that follows, the host, the rest.
    pub fn parse(text: &str) -> Result<Self, HttpsUrlError> {
        if text.len() > MAX_URL_LEN {
            return Err(HttpsUrlError::TooLong { len: text.len() });
        }
        let rest = text.strip_prefix(SCHEME).ok_or(HttpsUrlError::Scheme)?;
        check_octets(rest, SCHEME.len())?;
        let host = authority(rest);
        check_host(host, SCHEME.len()).map_err(|error| match (error, host.find('%')) {
            (UriError::InvalidHost { offset }, Some(at)) => HttpsUrlError::EscapedHost {
                offset: offset.saturating_add(at),
            },
            (error, _) => HttpsUrlError::Host(error),
        })?;
        let behind = SCHEME.len().saturating_add(host.len());
        for (octet, offset) in text.bytes().zip(0..).skip(behind) {
            match octet {
                b'#' => return Err(HttpsUrlError::Fragment { offset }),
                // Around an address of six and nowhere else.
                b'[' | b']' => return Err(HttpsUrlError::Octet { offset, octet }),
                _ => {}
            }
        }
        Ok(HttpsUrl(text.into()))
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host name, which is all of the authority.
    #[must_use]
    pub fn host(&self) -> &str {
        authority(self.0.get(SCHEME.len()..).unwrap_or_default())
    }
}

impl fmt::Display for HttpsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text is an `https` URL at all, safe or not: the scheme in any case,
/// a host, the characters of RFC 3986 and whole percent-encodings.
///
/// Whoever wants to open it asks [`HttpsUrl::parse`].
#[must_use]
pub fn is_https_url(text: &str) -> bool {
    is_url_of(&["https"], text)
}

/// The same for one of several schemes.
pub(crate) fn is_url_of(schemes: &[&str], text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let known = schemes
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let host = authority(rest).rsplit('@').next().unwrap_or_default();
    let has_host = !host.is_empty() && !host.starts_with(':');
    known && has_host && check_octets(rest, 0).is_ok()
}

/// What is behind `://`, up to where path, query or fragment begins.
fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Unreserved and reserved characters and whole percent-encodings (RFC 3986 §2),
/// from octet `at` of a URL.
fn check_octets(text: &str, at: usize) -> Result<(), HttpsUrlError> {
    let mut octets = text.bytes().zip(at..);
    while let Some((octet, offset)) = octets.next() {
        match octet {
            b'%' => {
                let mut digit = || octets.next().is_some_and(|(c, _)| c.is_ascii_hexdigit());
                if !(digit() && digit()) {
                    return Err(HttpsUrlError::Escape { offset });
                }
            }
            b'\\' => return Err(HttpsUrlError::Backslash { offset }),
            b' ' => return Err(HttpsUrlError::Space { offset }),
            _ if octet.is_ascii_control() => return Err(HttpsUrlError::Control { offset }),
            _ if !octet.is_ascii() => return Err(HttpsUrlError::NotAscii { offset }),
            _ if !is_uri_octet(octet) => return Err(HttpsUrlError::Octet { offset, octet }),
            _ => {}
        }
    }
    Ok(())
}

fn is_uri_octet(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&octet)
}

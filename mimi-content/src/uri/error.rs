use super::{MAX_HOST_LEN, MAX_LABEL_LEN, MAX_URI_LEN};

/// Why a text is not a MIMI URI in normal form, and at which octet of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UriError {
    /// Longer than [`MAX_URI_LEN`].
    #[error("the URI has {len} octets, more than {MAX_URI_LEN}")]
    TooLong {
        /// Length of the URI in octets.
        len: usize,
    },
    /// Another scheme, or this one in another spelling.
    #[error("at octet 0: a MIMI URI starts with `mimi://`")]
    Scheme,
    /// The authority has no host.
    #[error("at octet {offset}: the host is empty")]
    EmptyHost {
        /// Where the host should be.
        offset: usize,
    },
    /// The authority has a user name before the host.
    #[error("at octet {offset}: user information before the host")]
    UserInfo {
        /// Where the `@` is.
        offset: usize,
    },
    /// The authority has a port.
    #[error("at octet {offset}: a port after the host")]
    Port {
        /// Where the `:` is.
        offset: usize,
    },
    /// The host is an IP address.
    #[error("at octet {offset}: the host is an IP address, not a domain name")]
    IpAddress {
        /// Where the host starts.
        offset: usize,
    },
    /// The host ends with a dot.
    #[error("at octet {offset}: the host ends with a dot")]
    TrailingDot {
        /// Where the dot is.
        offset: usize,
    },
    /// The host is longer than [`MAX_HOST_LEN`].
    #[error("at octet {offset}: the host is longer than {MAX_HOST_LEN} octets")]
    HostTooLong {
        /// Where the host starts.
        offset: usize,
    },
    /// A label of the host is empty or longer than [`MAX_LABEL_LEN`].
    #[error("at octet {offset}: a label of the host has not 1 to {MAX_LABEL_LEN} octets")]
    LabelLength {
        /// Where the label starts.
        offset: usize,
    },
    /// The host is no domain name by UTS #46 with the STD3 rules.
    #[error("at octet {offset}: the host is not a valid domain name")]
    InvalidHost {
        /// Where the host starts.
        offset: usize,
    },
    /// The host is a domain name, but written in another way.
    #[error("at octet {offset}: the normal form of the host is `{normal}`")]
    HostNotNormal {
        /// Where the host starts.
        offset: usize,
        /// The host in lower case and with A-labels.
        normal: Box<str>,
    },
    /// The URI ends with a slash.
    #[error("at octet {offset}: the URI ends with a slash")]
    TrailingSlash {
        /// Where the slash is.
        offset: usize,
    },
    /// The first segment is none of those that say what the URI names.
    #[error("at octet {offset}: the path starts with none of /u/ /p/ /d/ /r/ /g/ /t/")]
    UnknownKind {
        /// Where the first segment starts.
        offset: usize,
    },
    /// The path ends where a name should be.
    #[error("at octet {offset}: the path names nothing")]
    MissingSegment {
        /// Where the path ends.
        offset: usize,
    },
    /// The path goes on where it should end.
    #[error("at octet {offset}: a path segment too many")]
    ExtraSegment {
        /// Where the segment starts.
        offset: usize,
    },
    /// A path segment is empty.
    #[error("at octet {offset}: a path segment is empty")]
    EmptySegment {
        /// Where the segment should be.
        offset: usize,
    },
    /// A path segment is `.` or `..`, which URI processors remove.
    #[error("at octet {offset}: a path segment is `.` or `..`")]
    DotSegment {
        /// Where the segment starts.
        offset: usize,
    },
    /// The URI has a query.
    #[error("at octet {offset}: a MIMI URI has no query")]
    Query {
        /// Where the `?` is.
        offset: usize,
    },
    /// The URI has a fragment.
    #[error("at octet {offset}: a MIMI URI has no fragment")]
    Fragment {
        /// Where the `#` is.
        offset: usize,
    },
    /// An octet stands for itself that must be percent-encoded.
    #[error("at octet {offset}: the normal form of octet {octet:#04x} is `%{octet:02X}`")]
    Unencoded {
        /// Where the octet is.
        offset: usize,
        /// The octet.
        octet: u8,
    },
    /// A `%` without two hexadecimal digits behind it.
    #[error("at octet {offset}: `%` is not followed by two hexadecimal digits")]
    Escape {
        /// Where the `%` is.
        offset: usize,
    },
    /// A percent-encoding with hexadecimal digits in lower case.
    #[error("at octet {offset}: the normal form of the percent-encoding is `%{octet:02X}`")]
    EscapeCase {
        /// Where the `%` is.
        offset: usize,
        /// The octet that is encoded.
        octet: u8,
    },
    /// A percent-encoding of an octet that can stand for itself.
    #[error("at octet {offset}: the normal form of the percent-encoding is `{character}`")]
    NeedlessEscape {
        /// Where the `%` is.
        offset: usize,
        /// What is encoded.
        character: char,
    },
    /// A segment, decoded, is not UTF-8.
    #[error("at octet {offset}: the decoded path segment is not valid UTF-8")]
    Utf8 {
        /// Where the octet is encoded that does not belong.
        offset: usize,
    },
    /// A segment, decoded, holds a control character.
    #[error("at octet {offset}: the decoded path segment holds a control character")]
    Control {
        /// Where the character is encoded.
        offset: usize,
    },
}

//! Host names in the one form in which they are compared.

use std::fmt;

use crate::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use crate::uri::{MAX_HOST_LEN, check_host};

/// The host name of a provider, or of a server that it uses: `DomainName`
/// (POLICY, "Complete TLS Presentation Language Syntax"), `Domain` (TREE).
///
/// It has the normal form of the host of a [`MimiUri`](crate::MimiUri), with
/// which it is compared: lower case and A-labels, no port, no address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(Box<str>);

impl DomainName {
    /// Takes a host name in normal form.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        match check_host(text, 0) {
            Ok(()) => Ok(DomainName(text.into())),
            Err(_) => Err(Rule::Structure("a host name is not in normal form")),
        }
    }

    /// The host name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// So that sets of names can be asked with a `&str`.
impl std::borrow::Borrow<str> for DomainName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Encode for DomainName {
    fn encode(&self, w: &mut Writer) {
        w.opaque(self.0.as_bytes());
    }
}

impl Decode for DomainName {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let text = r.utf8()?;
        if text.len() > MAX_HOST_LEN {
            let rule = Rule::Limit {
                what: "the length of a host name",
                max: MAX_HOST_LEN,
            };
            return Err(r.error_at(start, rule));
        }
        DomainName::parse(text).map_err(|rule| r.error_at(start, rule))
    }
}

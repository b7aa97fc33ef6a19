//! Domain names.

use std::fmt;
use std::sync::Arc;

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use mimi_content::{MimiUri, UriError};

/// A domain name in normal form: lower case, A-labels, without a dot at the end.
///
/// Realms, operators and messaging providers go by their domains. Two of them are
/// the same when their octets are.
///
/// ```
/// use mimi_discovery::Domain;
///
/// assert_eq!(Domain::parse("Bücher.example")?.as_str(), "xn--bcher-kva.example");
/// # Ok::<(), mimi_content::UriError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(Arc<str>);

impl Domain {
    /// Brings `text` into normal form.
    ///
    /// # Errors
    /// When it is no host name. Offsets count in the URI `mimi://` + `text`.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        Ok(Domain(MimiUri::new_provider(text)?.domain().into()))
    }

    /// The domain name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Encode for Domain {
    fn encode(&self, w: &mut Writer) {
        w.opaque(self.0.as_bytes());
    }
}

impl Decode for Domain {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let text = r.utf8()?;
        let domain = Domain::parse(text).map_err(|e| r.error_at(start, Rule::Uri(e)))?;
        if domain.as_str() != text {
            return Err(r.error_at(start, Rule::Structure("a domain is not in normal form")));
        }
        Ok(domain)
    }
}

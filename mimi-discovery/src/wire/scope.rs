//! Which identifiers someone speaks for.

use std::fmt;
use std::sync::Arc;

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use super::codec::unknown;
use crate::csi::{CsiKind, MAX_PHONE_DIGITS};
use crate::{Csi, Domain};

/// A part of the identifiers there are.
///
/// Telephone numbers go by their first digits, e-mail addresses by their exact domain:
/// whoever speaks for `example` does not speak for `mail.example`, since these can
/// have different owners. The widest scopes are `+`, for all numbers, and any domain.
///
/// On the wire an octet for the kind, then the prefix with its `+`, or the domain, or
/// nothing for any domain.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(Inner);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Inner {
    Phone(Arc<str>),
    Email(Option<Domain>),
}

impl Scope {
    /// The numbers that begin with `prefix`: `+` and at most
    /// [`MAX_PHONE_DIGITS`] digits, of which the first is not 0. Nothing if it is not of
    /// that form.
    #[must_use]
    pub fn phone(prefix: &str) -> Option<Self> {
        let digits = prefix.strip_prefix('+')?;
        let plain = digits.bytes().all(|octet| octet.is_ascii_digit());
        let sound = plain && digits.len() <= MAX_PHONE_DIGITS && !digits.starts_with('0');
        sound.then(|| Scope(Inner::Phone(prefix.into())))
    }

    /// The addresses of a domain.
    #[must_use]
    pub fn email(domain: Domain) -> Self {
        Scope(Inner::Email(Some(domain)))
    }

    /// All e-mail addresses.
    #[must_use]
    pub fn any_email() -> Self {
        Scope(Inner::Email(None))
    }

    /// Whether `csi` is among them.
    #[must_use]
    pub fn covers(&self, csi: &Csi) -> bool {
        match &self.0 {
            Inner::Phone(prefix) => {
                csi.kind() == CsiKind::Phone && csi.as_str().starts_with(&**prefix)
            }
            Inner::Email(None) => csi.kind() == CsiKind::Email,
            Inner::Email(Some(domain)) => csi.email_domain() == Some(domain.as_str()),
        }
    }

    /// How narrow it is. Of two scopes that cover the same identifier, the one with the
    /// greater number is inside the other.
    #[must_use]
    pub fn narrowness(&self) -> usize {
        self.text().len()
    }

    fn text(&self) -> &str {
        match &self.0 {
            Inner::Phone(prefix) => prefix,
            Inner::Email(domain) => domain.as_ref().map_or("", Domain::as_str),
        }
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Phone(prefix) => write!(f, "Scope({prefix}*)"),
            Inner::Email(None) => f.write_str("Scope(*@*)"),
            Inner::Email(Some(domain)) => write!(f, "Scope(*@{domain})"),
        }
    }
}

impl Encode for Scope {
    fn encode(&self, w: &mut Writer) {
        let kind = match &self.0 {
            Inner::Phone(_) => CsiKind::Phone,
            Inner::Email(_) => CsiKind::Email,
        };
        w.u8(kind.octet());
        w.opaque(self.text().as_bytes());
    }
}

impl Decode for Scope {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => {
                let at = r.offset();
                let prefix = r.utf8()?;
                Scope::phone(prefix).ok_or_else(|| {
                    let rule = "a prefix is not + and at most 15 digits, the first not 0";
                    r.error_at(at, Rule::Structure(rule))
                })
            }
            2 => {
                let mut ahead = r.clone();
                if ahead.opaque()?.is_empty() {
                    *r = ahead;
                    return Ok(Scope::any_email());
                }
                Domain::decode(r).map(Scope::email)
            }
            other => Err(unknown(r, start, "CsiKind", other)),
        }
    }
}

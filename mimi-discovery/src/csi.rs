//! Cross-service identifiers in their canonical forms.
//!
//! An index is made of the octets of an identifier. Two spellings of one telephone
//! number would be two indices, and whoever typed the second would be told, with a
//! proof, that nobody is there. So every identifier has one form, and there is no way
//! to a [`Csi`] but through it.
//!
//! ```
//! use mimi_discovery::Csi;
//!
//! let typed = Csi::phone("(030) 901820", Some("DE"))?;
//! assert_eq!(typed, Csi::phone("+49 30 901820", None)?);
//! assert_eq!(typed.as_str(), "+4930901820");
//!
//! let written = Csi::email("Alice@Bücher.EXAMPLE")?;
//! assert_eq!(written.as_str(), "alice@xn--bcher-kva.example");
//! assert_eq!(format!("{written:?}"), "Csi::Email(..)");
//! # Ok::<(), mimi_discovery::csi::CsiError>(())
//! ```
//!
//! # How we read what no document settles
//!
//! | question | answer | why |
//! |---|---|---|
//! | must a number be assigned? | no: the numbering plan is asked how a number is dialled, not whether it exists | numbering plans change, and a copy of them gets old; to ask about a number that nobody has does no harm |
//! | may another party send a number that our copy of the plans would write otherwise? | yes, if it is `+` and 7 to 15 digits | parties with plans of different age must be able to talk; a record under a spelling that nobody's dialler yields is found by nobody |
//! | letters and extensions | refused | `1-800-FLOWERS` is several numbers, depending on whose keys; an extension is no part of E.164 |
//! | upper case before the `@` | becomes lower case | providers that tell `Alice` from `alice` are a rule on paper, people who type either are not. The issuer attests the lower-case form, so it must write to that one |
//! | dots and `+tags` before the `@` | stay | only the provider knows what they mean |
//! | quoted or non-ASCII local parts, comments, address literals | refused | more than one spelling of the same mailbox; rare |
//! | an international domain | A-labels, lower case | as in a MIMI URI |

use std::fmt;
use std::sync::Arc;

use email_address::{EmailAddress, Options};
use mimi_content::UriError;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use phonenumber::{Mode, country};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::Domain;
use crate::wire::{Digest, Salt};

/// Most digits of a number in E.164.
pub const MAX_PHONE_DIGITS: usize = 15;

/// Fewest digits, country code included. The shortest numbers in use, those of Niue,
/// have seven.
pub const MIN_PHONE_DIGITS: usize = 7;

/// Longest telephone number as it is typed, in octets: three times what it comes to,
/// so that parsing is bounded.
pub const MAX_PHONE_TEXT: usize = 48;

/// Longest e-mail address, in octets (RFC 5321, and RFC 3696 erratum 1690).
pub const MAX_EMAIL_LEN: usize = 254;

/// A cross-service identifier in its canonical form: what people know of each other
/// before they know which service they are on.
///
/// On the wire an octet for the kind, then the text. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Csi {
    kind: CsiKind,
    text: Arc<str>,
}

/// The kinds of identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CsiKind {
    /// A telephone number: `+` and its digits.
    Phone,
    /// An e-mail address.
    Email,
}

impl CsiKind {
    /// The octet that stands for it, on the wire and in an index.
    #[must_use]
    pub const fn octet(self) -> u8 {
        match self {
            CsiKind::Phone => 1,
            CsiKind::Email => 2,
        }
    }
}

/// What an index is made of begins with this.
const INPUT_LABEL: &[u8] = b"MIMI Discovery 1.0 CSI";

/// What a commitment to an identifier is made of begins with this.
const COMMITMENT_LABEL: &[u8] = b"MIMI Discovery 1.0 CsiCommitment";

impl Csi {
    /// A telephone number as someone typed it. `region` is where it would be dialled,
    /// as an ISO 3166 code of two letters; a number that begins with `+` needs none.
    ///
    /// # Errors
    /// When it is no number that could be dialled from there.
    pub fn phone(typed: &str, region: Option<&str>) -> Result<Self, CsiError> {
        if typed.len() > MAX_PHONE_TEXT {
            return Err(CsiError::PhoneTooLong);
        }
        let e164 = read_phone(typed, region)?;
        // A number from which the next reader would strip a prefix once more has no
        // canonical form.
        if read_phone(&e164, None)? != e164 {
            return Err(CsiError::AmbiguousPhone);
        }
        check_phone(&e164)?;
        Ok(Self::new(CsiKind::Phone, &e164))
    }

    /// An e-mail address as someone typed it, without a display name.
    ///
    /// # Errors
    /// When it is no address, or is one that we have no canonical form for.
    pub fn email(typed: &str) -> Result<Self, CsiError> {
        let canonical = to_canonical_email(typed.trim())?;
        Ok(Self::new(CsiKind::Email, &canonical))
    }

    /// Takes a text that is in canonical form, such as another party has sent.
    ///
    /// # Errors
    /// When it is not.
    pub fn from_canonical(kind: CsiKind, text: &str) -> Result<Self, CsiError> {
        match kind {
            CsiKind::Phone => check_phone(text)?,
            CsiKind::Email if to_canonical_email(text)? != text => {
                return Err(CsiError::NotCanonical);
            }
            CsiKind::Email => {}
        }
        Ok(Self::new(kind, text))
    }

    /// Of which kind it is.
    #[must_use]
    pub fn kind(&self) -> CsiKind {
        self.kind
    }

    /// The canonical form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The domain of an e-mail address.
    #[must_use]
    pub fn email_domain(&self) -> Option<&str> {
        match self.kind {
            CsiKind::Phone => None,
            CsiKind::Email => self.text.rsplit_once('@').map(|(_, domain)| domain),
        }
    }

    /// What the pseudorandom function makes an index of: a label, the octet of the
    /// kind, the canonical form.
    #[must_use]
    pub fn index_input(&self) -> Zeroizing<Vec<u8>> {
        let kind = [self.kind.octet()];
        Zeroizing::new([INPUT_LABEL, &kind, self.text.as_bytes()].concat())
    }

    /// SHA-256 over a label, the salt, the octet of the kind and the canonical form.
    ///
    /// An [`Attestation`](crate::wire::Attestation) holds this and not the identifier,
    /// so that it can be shown to those who are not to know it. Without the salt all
    /// telephone numbers could be tried.
    #[must_use]
    pub fn commitment(&self, salt: &Salt) -> Digest {
        let hash = Sha256::new()
            .chain_update(COMMITMENT_LABEL)
            .chain_update(salt.0)
            .chain_update([self.kind.octet()])
            .chain_update(self.text.as_bytes());
        Digest(hash.finalize().into())
    }

    fn new(kind: CsiKind, text: &str) -> Self {
        Csi {
            kind,
            text: text.into(),
        }
    }
}

/// Why a text is no identifier. None of these says what the text was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsiError {
    /// Longer than [`MAX_PHONE_TEXT`].
    #[error("a telephone number as typed has at most {MAX_PHONE_TEXT} octets")]
    PhoneTooLong,
    /// Something that no number is typed with.
    #[error("a telephone number is typed with digits, + and ( ) - . / and spaces")]
    PhoneCharacter,
    /// A national number, and nobody says of where.
    #[error("a telephone number without + needs a region")]
    NoRegion,
    /// No such region.
    #[error("the region is no ISO 3166 code of two letters")]
    UnknownRegion,
    /// The numbering plans have no such country code, or no number of such a length.
    #[error("nobody can dial that number from there")]
    NotDialled,
    /// It would be written otherwise by the next reader.
    #[error("the telephone number can be read in two ways")]
    AmbiguousPhone,
    /// Not `+` and digits, too few or too many.
    #[error(
        "a number in E.164 is + and {MIN_PHONE_DIGITS} to {MAX_PHONE_DIGITS} digits, of which \
         the first is not 0"
    )]
    NotE164,
    /// Longer than [`MAX_EMAIL_LEN`].
    #[error("an e-mail address has at most {MAX_EMAIL_LEN} octets")]
    EmailTooLong,
    /// Not of the form of RFC 5321.
    #[error("that is no e-mail address")]
    NotEmail,
    /// A quoted local part.
    #[error("an e-mail address with a quoted local part has no canonical form")]
    QuotedLocalPart,
    /// A local part that is not ASCII.
    #[error("an e-mail address with a local part beyond ASCII has no canonical form")]
    NonAsciiLocalPart,
    /// The part behind the `@`.
    #[error("the domain of the e-mail address is no host name")]
    EmailDomain(#[source] UriError),
    /// It has a canonical form, and this is not it.
    #[error("the identifier is not in canonical form")]
    NotCanonical,
}

fn is_dialled(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '.' | '/' | ' ' | '\u{a0}')
}

/// The E.164 form of what was typed.
///
/// The numbering plans are asked about one country at a time: of a number with a country
/// code they would otherwise take away what is a prefix where it is dialled from, and not
/// where it leads to.
fn read_phone(typed: &str, region: Option<&str>) -> Result<String, CsiError> {
    if !typed.chars().all(is_dialled) {
        return Err(CsiError::PhoneCharacter);
    }
    let typed = typed.trim_matches([' ', '\u{a0}']).trim_start_matches('(');
    // A sign in the middle would make two numbers of one.
    if typed.rfind('+').is_some_and(|at| at > 0) {
        return Err(CsiError::PhoneCharacter);
    }
    if typed.starts_with('+') {
        return to_e164(None, typed);
    }
    let code = region.ok_or(CsiError::NoRegion)?;
    let region: country::Id = code.parse().map_err(|_| CsiError::UnknownRegion)?;
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    match without_exit_code(region, &digits) {
        Some(abroad) => to_e164(None, &format!("+{abroad}")),
        None => to_e164(Some(region), &digits),
    }
}

/// What follows the digits by which one dials out of a country, if they are there.
fn without_exit_code(region: country::Id, digits: &str) -> Option<&str> {
    let plan = phonenumber::metadata::DATABASE.by_id(region.as_ref())?;
    let code = plan.international_prefix()?.find(digits)?;
    let rest = digits.get(code.end()..)?;
    (code.start() == 0 && !rest.starts_with('0')).then_some(rest)
}

fn to_e164(region: Option<country::Id>, typed: &str) -> Result<String, CsiError> {
    let number = phonenumber::parse(region, typed).map_err(|_| CsiError::NotDialled)?;
    Ok(number.format().mode(Mode::E164).to_string())
}

fn check_phone(text: &str) -> Result<(), CsiError> {
    let digits = text.strip_prefix('+').ok_or(CsiError::NotE164)?;
    let count = (MIN_PHONE_DIGITS..=MAX_PHONE_DIGITS).contains(&digits.len());
    let plain = digits.bytes().all(|octet| octet.is_ascii_digit());
    if count && plain && !digits.starts_with('0') {
        Ok(())
    } else {
        Err(CsiError::NotE164)
    }
}

fn to_canonical_email(text: &str) -> Result<String, CsiError> {
    if text.len() > MAX_EMAIL_LEN {
        return Err(CsiError::EmailTooLong);
    }
    let options = Options::default()
        .without_display_text()
        .without_domain_literal()
        .with_required_tld();
    let address =
        EmailAddress::parse_with_options(text, options).map_err(|_| CsiError::NotEmail)?;
    let local = address.local_part();
    if local.starts_with('"') {
        return Err(CsiError::QuotedLocalPart);
    }
    if !local.is_ascii() {
        return Err(CsiError::NonAsciiLocalPart);
    }
    let domain = Domain::parse(address.domain()).map_err(CsiError::EmailDomain)?;
    let canonical = format!("{}@{domain}", local.to_ascii_lowercase());
    if canonical.len() > MAX_EMAIL_LEN {
        return Err(CsiError::EmailTooLong);
    }
    Ok(canonical)
}

impl fmt::Debug for Csi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Csi::{:?}(..)", self.kind)
    }
}

impl Encode for Csi {
    fn encode(&self, w: &mut Writer) {
        w.u8(self.kind.octet());
        w.opaque(self.text.as_bytes());
    }
}

impl Decode for Csi {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let kind = match r.u8()? {
            1 => CsiKind::Phone,
            2 => CsiKind::Email,
            other => {
                let what = "CsiKind";
                let value = other.into();
                return Err(r.error_at(start, Rule::Unknown { what, value }));
            }
        };
        let at = r.offset();
        let text = r.utf8()?;
        Csi::from_canonical(kind, text).map_err(|_| {
            let rule = Rule::Structure("an identifier is not in canonical form");
            r.error_at(at, rule)
        })
    }
}

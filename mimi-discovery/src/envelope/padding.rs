//! One length for each kind of message.

/// What an envelope is for. A relay can tell the two apart, and nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One index is looked up.
    Lookup,
    /// A record is published, replaced or removed.
    Publication,
}

/// `POST`, `https`, no authority, the path, and no fields: a request with known lengths
/// (RFC 9292 §3.1).
const LOOKUP: &[u8] = b"\x00\x04POST\x05https\x00\x07/lookup\x00";
const PUBLICATION: &[u8] = b"\x00\x04POST\x05https\x00\x0c/publication\x00";

/// Status 200 and no fields: a response with known lengths (RFC 9292 §3.1).
const RESPONSE: &[u8] = b"\x01\x40\xc8\x00";

/// The length of the content takes four octets (RFC 9000 §16).
const LENGTH_LEN: usize = 4;

impl Kind {
    pub(super) const ALL: [Kind; 2] = [Kind::Lookup, Kind::Publication];

    /// A look-up is a number and an index, about 40 octets; 256 leave room for more of
    /// the kind. A publication is an identifier (320), a sealed record (1,056), an
    /// attestation, a leaf's authorisation and perhaps the release of the old holder
    /// (each some hundreds, with names of 255 octets in the worst case): within 4,096.
    pub(super) fn request(self) -> Form {
        match self {
            Kind::Lookup => Form::new(LOOKUP, 256),
            Kind::Publication => Form::new(PUBLICATION, 4_096),
        }
    }

    /// The answer to a look-up is a sealed record (1,056), a leaf (250), a tree head
    /// with three cosignatures (500) and a proof of 32 octets a level: 2.8 KB at the 31
    /// levels that a tree of 10^9 records has on average. The length has to fit all
    /// leaves, and the deepest is nearly twice as deep: 60 levels make 3.7 KB, and so
    /// 4,096. What was published is acknowledged, or refused with a reason, in 512.
    pub(super) fn response(self) -> Form {
        match self {
            Kind::Lookup => Form::new(RESPONSE, 4_096),
            Kind::Publication => Form::new(RESPONSE, 512),
        }
    }

    /// Most octets that a request of this kind holds.
    #[must_use]
    pub fn max_request(self) -> usize {
        self.request().max()
    }

    /// Most octets that a response of this kind holds.
    #[must_use]
    pub fn max_response(self) -> usize {
        self.response().max()
    }

    /// How long each encapsulated request of this kind is, in octets.
    #[must_use]
    pub fn request_len(self) -> usize {
        self.request().len().saturating_add(super::REQUEST_OVERHEAD)
    }

    /// How long each encapsulated response of this kind is, in octets.
    #[must_use]
    pub fn response_len(self) -> usize {
        let padded = self.response().len();
        padded.saturating_add(super::RESPONSE_OVERHEAD)
    }
}

/// A binary HTTP message of which only the content is open.
#[derive(Clone, Copy)]
pub(super) struct Form {
    front: &'static [u8],
    len: usize,
}

impl Form {
    const fn new(front: &'static [u8], len: usize) -> Self {
        Form { front, len }
    }

    pub(super) fn len(self) -> usize {
        self.len
    }

    /// One octet behind the content says that there are no trailers.
    fn max(self) -> usize {
        let around = self
            .front
            .len()
            .saturating_add(LENGTH_LEN)
            .saturating_add(1);
        self.len.saturating_sub(around)
    }

    pub(super) fn pad(self, content: &[u8]) -> Result<Vec<u8>, PaddingError> {
        let (len, max) = (content.len(), self.max());
        let declared = u32::try_from(len).ok().filter(|_| len <= max);
        let declared = declared.ok_or(PaddingError::TooLong { len, max })?;
        let mut padded = Vec::with_capacity(self.len);
        padded.extend_from_slice(self.front);
        padded.extend_from_slice(&(declared | 0x8000_0000).to_be_bytes());
        padded.extend_from_slice(content);
        padded.resize(self.len, 0);
        Ok(padded)
    }

    pub(super) fn unpad(self, padded: &[u8]) -> Result<&[u8], PaddingError> {
        let body = padded
            .strip_prefix(self.front)
            .filter(|_| padded.len() == self.len)
            .ok_or(PaddingError::Form)?;
        let (length, rest) = body
            .split_first_chunk::<LENGTH_LEN>()
            .unwrap_or((&[0; 4], &[]));
        let declared = u32::from_be_bytes(*length);
        if declared >> 30 != 0b10 {
            return Err(PaddingError::LengthForm);
        }
        let len = usize::try_from(declared & 0x3fff_ffff).unwrap_or(usize::MAX);
        let max = self.max();
        if len > max {
            return Err(PaddingError::TooLong { len, max });
        }
        let (content, zeros) = rest.split_at_checked(len).unwrap_or_default();
        if zeros.iter().any(|octet| *octet != 0) {
            return Err(PaddingError::NotZero);
        }
        Ok(content)
    }
}

/// Why a message does not have the form of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaddingError {
    /// The content is longer than what a message of its kind holds.
    #[error("a content of {len} octets is longer than {max}")]
    TooLong {
        /// How long it is, or says it is.
        len: usize,
        /// How long it can be.
        max: usize,
    },
    /// What stands in front of the content is not what its kind has there.
    #[error("the message does not begin as those of its kind do")]
    Form,
    /// The length of the content is not written in four octets.
    #[error("the length of the content does not take the form of four octets")]
    LengthForm,
    /// Something is hidden behind the content (RFC 9292 §3.8).
    #[error("what follows the content is not zeros (RFC 9292 §3.8)")]
    NotZero,
}

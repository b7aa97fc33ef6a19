//! Media types, as text and in TLS form, and the framing of application data (EXT,
//! "Content Advertisement").

mod text;

use bytes::Bytes;

use crate::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

pub use text::MediaTypeError;

/// Media types in one list. People write these lists, and clients look through
/// them for each part of a message.
pub const MAX_MEDIA_TYPES: usize = 256;

/// Octets of one media type with its parameters, as it is encoded. RFC 6838,
/// section 4.2, allows its two names 127 each.
pub const MAX_MEDIA_TYPE_LEN: usize = 1024;

/// `MediaType`: an IANA media type with its parameters, each without quoting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MediaType {
    /// Type, slash and subtype; empty inside [`ApplicationFraming`] for the
    /// first type of the group's `content_media_types`.
    pub essence: String,
    /// Names and values in the order given.
    pub parameters: Vec<(String, String)>,
}

impl MediaType {
    /// A media type without parameters.
    #[must_use]
    pub fn new(essence: impl Into<String>) -> Self {
        MediaType {
            essence: essence.into(),
            parameters: Vec::new(),
        }
    }
}

impl Encode for MediaType {
    fn encode(&self, w: &mut Writer) {
        w.opaque(self.essence.as_bytes());
        w.vector(|w| {
            for (name, value) in &self.parameters {
                w.opaque(name.as_bytes());
                w.opaque(value.as_bytes());
            }
        });
    }
}

impl Decode for MediaType {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        // Parameters take more memory than octets, so these are counted first.
        let start = r.offset();
        let mut ahead = r.clone();
        ahead.opaque()?;
        ahead.opaque()?;
        if ahead.offset().saturating_sub(start) > MAX_MEDIA_TYPE_LEN {
            let (what, max) = ("the length of a media type", MAX_MEDIA_TYPE_LEN);
            return Err(r.error(Rule::Limit { what, max }));
        }
        Ok(MediaType {
            essence: r.utf8()?.to_owned(),
            parameters: r.list_with(|r| Ok((r.utf8()?.to_owned(), r.utf8()?.to_owned())))?,
        })
    }
}

/// `MediaTypeList`: the value of `content_media_types`, of one item at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaTypeList(pub Vec<MediaType>);

impl Encode for MediaTypeList {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.0);
    }
}

impl Decode for MediaTypeList {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let what = "the number of media types";
        let types = r.list_at_most(what, MAX_MEDIA_TYPES, MediaType::decode)?;
        if types.is_empty() {
            return Err(r.error_at(start, Rule::Structure("a media type list is empty")));
        }
        Ok(MediaTypeList(types))
    }
}

/// `ApplicationFraming`: how application data names its media type in a group
/// whose GroupContext has `content_media_types`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationFraming {
    /// The type of `content`; with an empty essence the first type of the
    /// group's list.
    pub media_type: MediaType,
    /// The application content itself, for instance a MIMI content message.
    pub content: Bytes,
}

impl Encode for ApplicationFraming {
    fn encode(&self, w: &mut Writer) {
        self.media_type.encode(w);
        w.opaque(&self.content);
    }
}

impl Decode for ApplicationFraming {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ApplicationFraming {
            media_type: MediaType::decode(r)?,
            content: r.opaque_bytes()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_and_lists_of_them_are_bounded() {
        // Two octets of length before the essence, one before no parameters.
        let long = |n: usize| MediaType::new("x".repeat(n - 3)).to_vec().unwrap();
        assert_eq!(long(MAX_MEDIA_TYPE_LEN).len(), MAX_MEDIA_TYPE_LEN);
        assert!(MediaType::from_slice(&long(MAX_MEDIA_TYPE_LEN)).is_ok());
        let error = MediaType::from_slice(&long(MAX_MEDIA_TYPE_LEN + 1)).unwrap_err();
        let (what, max) = ("the length of a media type", MAX_MEDIA_TYPE_LEN);
        assert_eq!(error.rule, Rule::Limit { what, max });
        let list = |n| {
            MediaTypeList(vec![MediaType::new("a/b"); n])
                .to_vec()
                .unwrap()
        };
        assert!(MediaTypeList::from_slice(&list(MAX_MEDIA_TYPES)).is_ok());
        let error = MediaTypeList::from_slice(&list(MAX_MEDIA_TYPES + 1)).unwrap_err();
        let (what, max) = ("the number of media types", MAX_MEDIA_TYPES);
        assert_eq!(error.rule, Rule::Limit { what, max });
        assert!(MediaTypeList::from_slice(&list(0)).is_err());
    }

    #[test]
    fn framing_has_the_octets_of_the_draft() {
        let framing = ApplicationFraming {
            media_type: MediaType {
                essence: "text/plain".into(),
                parameters: vec![("charset".into(), "UTF-8".into())],
            },
            content: Bytes::from_static(b"hi"),
        };
        let bytes = framing.to_vec().unwrap();
        assert_eq!(bytes, b"\x0atext/plain\x0e\x07charset\x05UTF-8\x02hi");
        assert_eq!(ApplicationFraming::from_slice(&bytes).unwrap(), framing);
        assert!(MediaTypeList::from_slice(&[0]).is_err());
    }
}

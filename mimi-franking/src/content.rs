//! Application data, decoded once: the octets that a tag covers, and what they
//! say of themselves.

use mimi_content::MimiContent;
use mimi_content::cbor;
use mimi_content::media::MediaTypeList;
use mimi_content::tls::{self, EncodeError, Reader, Writer};

use crate::tag::Opening;

/// The media type of MIMI content (CONTENT, "MIME subtype registration").
const MIMI_CONTENT: &str = "application/mimi-content";

/// How a group puts content into application data.
#[derive(Debug, Clone, Copy)]
pub enum Framing<'a> {
    /// The content alone.
    Bare,
    /// With its media type in front, as the GroupContext has these
    /// `content_media_types` (EXT, "Framing of application_data").
    Typed(&'a MediaTypeList),
}

impl<'a> Framing<'a> {
    /// The framing of a group with this `content_media_types` component, or
    /// without one.
    #[must_use]
    pub fn of(content_media_types: Option<&'a MediaTypeList>) -> Self {
        content_media_types.map_or(Framing::Bare, Framing::Typed)
    }

    /// The application data that carries an encoded MIMI content message.
    ///
    /// # Errors
    /// When the content is too long for a vector.
    pub fn frame(self, content: Vec<u8>) -> Result<Vec<u8>, EncodeError> {
        let Framing::Typed(types) = self else {
            return Ok(content);
        };
        // An empty type stands for the first one of the group.
        let first = types.0.first();
        let essence = if first.is_some_and(|first| is_mimi_content(&first.essence)) {
            ""
        } else {
            MIMI_CONTENT
        };
        Writer::write(|w| {
            w.opaque(essence.as_bytes());
            w.opaque(&[]);
            w.opaque(&content);
        })
    }

    /// The content inside of application data.
    fn unframe(self, data: &[u8]) -> Result<&[u8], ContentError> {
        let Framing::Typed(types) = self else {
            return Ok(data);
        };
        let mut r = Reader::new(data);
        let (essence, content) = read(&mut r).map_err(ContentError::Framing)?;
        r.finish().map_err(ContentError::Framing)?;
        let first = types.0.first().map_or("", |first| first.essence.as_str());
        let essence = if essence.is_empty() { first } else { essence };
        if is_mimi_content(essence) {
            Ok(content)
        } else {
            Err(ContentError::MediaType)
        }
    }
}

/// Media types are compared without regard to case (RFC 6838 §4.2).
fn is_mimi_content(essence: &str) -> bool {
    essence.eq_ignore_ascii_case(MIMI_CONTENT)
}

/// Reads an `ApplicationFraming`: its type, whose parameters say nothing about
/// MIMI content, and the content.
fn read<'a>(r: &mut Reader<'a>) -> Result<(&'a str, &'a [u8]), tls::DecodeError> {
    let essence = r.utf8()?;
    let mut parameters = r.vector()?;
    while !parameters.is_empty() {
        parameters.utf8()?;
        parameters.utf8()?;
    }
    Ok((essence, r.opaque()?))
}

/// The plaintext of an MLS application message that holds MIMI content.
///
/// It is decoded once, so that what a tag covers and what the content says
/// cannot be of two different messages.
#[derive(Clone)]
pub struct Plaintext<'a> {
    application_data: &'a [u8],
    inner: &'a [u8],
    content: MimiContent<'a>,
}

impl<'a> Plaintext<'a> {
    /// Decodes application data, without copying it.
    ///
    /// # Errors
    /// When it is not framed as the group frames it, or not exactly one MIMI
    /// content message.
    pub fn decode(application_data: &'a [u8], framing: Framing<'_>) -> Result<Self, ContentError> {
        let inner = framing.unframe(application_data)?;
        let content = MimiContent::decode(inner).map_err(ContentError::Content)?;
        Ok(Plaintext {
            application_data,
            inner,
            content,
        })
    }

    /// The decoded content.
    #[must_use]
    pub fn content(&self) -> &MimiContent<'a> {
        &self.content
    }

    /// The encoded content without framing, of which a message ID is made.
    #[must_use]
    pub fn encoded_content(&self) -> &'a [u8] {
        self.inner
    }

    /// What opens a commitment to this message.
    #[must_use]
    pub fn opening(&self) -> Opening<'_> {
        let extensions = &self.content.extensions;
        Opening::new(
            self.application_data,
            self.content.salt.as_bytes(),
            extensions.sender_uri(),
            extensions.room_uri(),
        )
    }
}

impl std::fmt::Debug for Plaintext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plaintext({} octets)", self.application_data.len())
    }
}

/// Why application data is no MIMI content. Its sender is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// The media type in front does not decode.
    #[error("the application data is not framed (EXT, \"Framing of application_data\"): {0}")]
    Framing(tls::DecodeError),
    /// It is framed as something else.
    #[error("the application data is not of type application/mimi-content")]
    MediaType,
    /// The content does not decode.
    #[error("the content is no MIMI content: {0}")]
    Content(cbor::DecodeError),
}

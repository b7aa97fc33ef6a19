//! `room_metadata`: what a room shows of itself (PROTO, "Room Metadata").

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::limits::{self, MAX_DESCRIPTIONS};

/// `RoomMetaData`: the data of `room_metadata`, and the whole content of an
/// update to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomMetadata {
    /// `room_uri`: the room; never changes.
    pub room: MimiUri,
    /// `room_name`, without NUL.
    pub name: String,
    /// `room_descriptions`: one per language and media type.
    pub descriptions: Vec<RichDescription>,
    /// `room_avatar`: an https URI, or empty for none.
    pub avatar: String,
    /// `room_subject`, without NUL.
    pub subject: String,
    /// `room_mood`, without NUL.
    pub mood: String,
}

/// `RichDescription`: a description in one language and format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RichDescription {
    /// `media_type`; empty for `text/plain;charset=utf-8`.
    pub media_type: String,
    /// `language_tag`; may be empty.
    pub language: String,
    /// `description_content`; UTF-8 when the media type is empty.
    pub content: Bytes,
}

impl RoomMetadata {
    /// Metadata of a room with a name and nothing else.
    #[must_use]
    pub fn new(room: MimiUri, name: impl Into<String>) -> Self {
        RoomMetadata {
            room,
            name: name.into(),
            descriptions: Vec::new(),
            avatar: String::new(),
            subject: String::new(),
            mood: String::new(),
        }
    }
}

impl Encode for RichDescription {
    fn encode(&self, w: &mut Writer) {
        w.opaque(self.media_type.as_bytes());
        w.opaque(self.language.as_bytes());
        w.opaque(&self.content);
    }
}

impl Decode for RichDescription {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let description = RichDescription {
            media_type: limits::text(r, "the length of a media type")?,
            language: limits::text(r, "the length of a language tag")?,
            content: limits::octets(r, "the length of a description")?,
        };
        let plain = description.media_type.is_empty();
        if plain && std::str::from_utf8(&description.content).is_err() {
            return Err(r.error_at(start, Rule::Utf8));
        }
        Ok(description)
    }
}

impl Encode for RoomMetadata {
    fn encode(&self, w: &mut Writer) {
        self.room.encode(w);
        w.opaque(self.name.as_bytes());
        w.list(&self.descriptions);
        w.opaque(self.avatar.as_bytes());
        w.opaque(self.subject.as_bytes());
        w.opaque(self.mood.as_bytes());
    }
}

impl Decode for RoomMetadata {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(RoomMetadata {
            room: MimiUri::decode(r)?,
            name: string(r, "the length of a room name")?,
            descriptions: r.list_at_most(
                "the number of room descriptions",
                MAX_DESCRIPTIONS,
                RichDescription::decode,
            )?,
            avatar: avatar(r)?,
            subject: string(r, "the length of a room subject")?,
            mood: string(r, "the length of a room mood")?,
        })
    }
}

/// `UTF8String`: no NUL inside.
fn string(r: &mut Reader<'_>, what: &'static str) -> Result<String, DecodeError> {
    let start = r.offset();
    let text = limits::text(r, what)?;
    if text.contains('\0') {
        return Err(r.error_at(start, Rule::Structure("a string contains NUL")));
    }
    Ok(text)
}

/// An https URI as far as its scheme and characters tell, or nothing.
fn avatar(r: &mut Reader<'_>) -> Result<String, DecodeError> {
    let start = r.offset();
    let text = limits::text(r, "the length of a room avatar")?;
    let https = text
        .get(..8)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    let host = text.get(8..).is_some_and(|rest| !rest.is_empty());
    let clean = text.chars().all(|c| c.is_ascii_graphic());
    if text.is_empty() || (https && host && clean) {
        return Ok(text);
    }
    Err(r.error_at(start, Rule::Structure("a room avatar is not an https URI")))
}

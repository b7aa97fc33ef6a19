use std::fmt;

use bytes::Bytes;

/// A part of a message, which may hold more parts (CONTENT, "Message Bodies").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestedPart {
    /// What the part is for.
    pub disposition: Disposition,
    /// Language tags of RFC 5646, separated by commas, or nothing.
    pub language: String,
    /// What the part holds.
    pub part: Part,
}

/// What a part holds. On the wire, the draft's cardinality tells which.
#[derive(Clone, PartialEq, Eq)]
pub enum Part {
    /// Nothing: the body of a message that deletes another.
    Null,
    /// Content inside the message.
    Single {
        /// IANA media type with parameters, as in `text/plain;charset=utf-8`.
        content_type: String,
        /// The content.
        content: Bytes,
    },
    /// Content elsewhere.
    External(Box<ExternalPart>),
    /// More parts.
    Multi {
        /// How the parts belong together.
        semantics: PartSemantics,
        /// The parts; at least [`MIN_MULTI_PARTS`](super::MIN_MULTI_PARTS).
        parts: Vec<NestedPart>,
    },
}

/// How the parts of a multipart belong together (CONTENT, "Message Bodies").
/// Messages with other values are refused (CONTENT, "General handling").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartSemantics {
    /// The receiver picks exactly one part.
    ChooseOne,
    /// The receiver processes all parts as one, or none.
    SingleUnit,
    /// The receiver processes each part that it can.
    ProcessAll,
}

/// Content at a URL, usually encrypted (CONTENT, "External content").
///
/// `Debug` leaves out where the content is, its key and what describes it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ExternalPart {
    /// IANA media type of the content with parameters, or nothing.
    pub content_type: String,
    /// Where the content can be fetched.
    pub url: String,
    /// When the URL stops to work, in seconds since the Unix epoch; 0 for
    /// never.
    pub expires: u32,
    /// Octets at the URL, encrypted if they are; 0 if not known.
    pub size: u64,
    /// IANA AEAD algorithm; 0 if the content is not encrypted.
    pub enc_alg: u16,
    /// AEAD key, empty if the content is not encrypted.
    pub key: Bytes,
    /// AEAD nonce, empty if the content is not encrypted.
    pub nonce: Bytes,
    /// AEAD additional authenticated data.
    pub aad: Bytes,
    /// IANA named information hash algorithm of `content_hash`; 0 for no hash.
    /// The content cannot be verified by an algorithm that is not known.
    pub hash_alg: u8,
    /// Hash of the octets at the URL.
    pub content_hash: Bytes,
    /// What to tell a person about the content, or nothing.
    pub description: String,
    /// The file name to suggest, or nothing. It is the sender's choice: take
    /// care before it names a file.
    pub filename: String,
}

/// What a part is for, in the IANA registry of MIMI dispositions. Open: unknown
/// values are kept, and treated as [`Disposition::RENDER`] (CONTENT, "General
/// handling").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Disposition(pub u8);

impl Disposition {
    /// No hint.
    pub const UNSPECIFIED: Disposition = Disposition(0);
    /// To be shown as the receiver sees fit.
    pub const RENDER: Disposition = Disposition(1);
    /// A single reaction to another message.
    pub const REACTION: Disposition = Disposition(2);
    /// A profile of a user or room.
    pub const PROFILE: Disposition = Disposition(3);
    /// To be shown within the conversation.
    pub const INLINE: Disposition = Disposition(4);
    /// An icon, such as an avatar.
    pub const ICON: Disposition = Disposition(5);
    /// To be downloaded rather than shown at once.
    pub const ATTACHMENT: Disposition = Disposition(6);
    /// A multimedia session, or how to join one.
    pub const SESSION: Disposition = Disposition(7);
    /// A preview made by the sender.
    pub const PREVIEW: Disposition = Disposition(8);

    /// The registered name, if this crate knows the value.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::UNSPECIFIED => "unspecified",
            Self::RENDER => "render",
            Self::REACTION => "reaction",
            Self::PROFILE => "profile",
            Self::INLINE => "inline",
            Self::ICON => "icon",
            Self::ATTACHMENT => "attachment",
            Self::SESSION => "session",
            Self::PREVIEW => "preview",
            _ => return None,
        })
    }
}

impl NestedPart {
    /// No content: the body that deletes the message which it replaces. The
    /// draft's examples give it the disposition of what is deleted (CONTENT,
    /// "Delete" and "Unlike"); this is the one of a text.
    #[must_use]
    pub fn null() -> Self {
        NestedPart {
            disposition: Disposition::RENDER,
            language: String::new(),
            part: Part::Null,
        }
    }

    /// Text in the Markdown of MIMI (CONTENT, "Specifics of Github Flavored
    /// Markdown in MIMI"). The text is taken as it is: it is the caller who
    /// keeps HTML out of it.
    #[must_use]
    pub fn markdown(text: impl Into<String>) -> Self {
        Self::single(
            Disposition::RENDER,
            "text/markdown;variant=GFM-MIMI",
            text.into(),
        )
    }

    /// Plain text.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self::single(Disposition::RENDER, PLAIN_TEXT, text.into())
    }

    /// One reaction, as a rule a single emoji; several are several parts or
    /// messages (CONTENT, "Reaction").
    #[must_use]
    pub fn reaction(emoji: impl Into<String>) -> Self {
        Self::single(Disposition::REACTION, PLAIN_TEXT, emoji.into())
    }

    fn single(disposition: Disposition, content_type: &str, text: String) -> Self {
        NestedPart {
            disposition,
            language: String::new(),
            part: Part::Single {
                content_type: content_type.to_owned(),
                content: text.into(),
            },
        }
    }
}

const PLAIN_TEXT: &str = "text/plain;charset=utf-8";

impl fmt::Debug for Disposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "disposition {}", self.0),
        }
    }
}

/// Without what people wrote.
impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Null => f.write_str("Null"),
            Part::Single {
                content_type,
                content,
            } => f
                .debug_struct("Single")
                .field("content_type", content_type)
                .field("content", &format_args!("{} octets", content.len()))
                .finish(),
            Part::External(external) => external.fmt(f),
            Part::Multi { semantics, parts } => f
                .debug_struct("Multi")
                .field("semantics", semantics)
                .field("parts", parts)
                .finish(),
        }
    }
}

impl fmt::Debug for ExternalPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalPart")
            .field("content_type", &self.content_type)
            .field("expires", &self.expires)
            .field("size", &self.size)
            .field("enc_alg", &self.enc_alg)
            .field("hash_alg", &self.hash_alg)
            .finish_non_exhaustive()
    }
}

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use super::external::{Essence, ExternalPart};
use super::limits::{MAX_PART_LEVELS, MAX_PARTS, MIN_MULTI_PARTS, TOO_DEEP_PARTS, TOO_MANY_PARTS};
use crate::cbor::Rule;

/// A part of a message, which may hold more parts (CONTENT, "Message Bodies").
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(::serde::Serialize, ::serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "super::serde::Levels"))]
pub struct NestedPart<'a> {
    /// What the part is for.
    pub disposition: Disposition,
    /// Language tags of RFC 5646, separated by commas, or nothing.
    pub language: Cow<'a, str>,
    /// What the part holds.
    pub part: Part<'a>,
}

/// What a part holds. On the wire, the draft's cardinality tells which.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(::serde::Serialize))]
pub enum Part<'a> {
    /// Nothing: the body of a message that deletes another.
    Null,
    /// Content inside the message.
    Single {
        /// IANA media type with parameters, as in `text/plain;charset=utf-8`.
        content_type: Cow<'a, str>,
        /// The content.
        #[cfg_attr(feature = "serde", serde(with = "crate::octets"))]
        content: Cow<'a, [u8]>,
    },
    /// Content elsewhere.
    External(Box<ExternalPart<'a>>),
    /// More parts.
    Multi {
        /// How the parts belong together.
        semantics: PartSemantics,
        /// The parts.
        parts: Parts<'a>,
    },
}

/// How the parts of a multipart belong together (CONTENT, "Message Bodies").
/// Messages with other values are refused (CONTENT, "General handling").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(::serde::Serialize, ::serde::Deserialize))]
pub enum PartSemantics {
    /// The receiver picks exactly one part.
    ChooseOne,
    /// The receiver processes all parts as one, or none.
    SingleUnit,
    /// The receiver processes each part that it can.
    ProcessAll,
}

/// What a part is for, in the IANA registry of MIMI dispositions. Open: unknown
/// values are kept, and treated as [`Disposition::RENDER`] (CONTENT, "General
/// handling").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(::serde::Serialize, ::serde::Deserialize))]
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

impl<'a> NestedPart<'a> {
    /// No content: the body that deletes the message which it replaces. The
    /// draft's examples give it the disposition of what is deleted (CONTENT,
    /// "Delete" and "Unlike"); this is the one of a text.
    #[must_use]
    pub const fn null() -> Self {
        NestedPart {
            disposition: Disposition::RENDER,
            language: Cow::Borrowed(""),
            part: Part::Null,
        }
    }

    /// Content of any type, to be rendered.
    #[must_use]
    pub fn single(
        content_type: impl Into<Cow<'a, str>>,
        content: impl Into<Cow<'a, [u8]>>,
    ) -> Self {
        NestedPart {
            part: Part::Single {
                content_type: content_type.into(),
                content: content.into(),
            },
            ..Self::null()
        }
    }

    /// Text in the Markdown of MIMI (CONTENT, "Specifics of Github Flavored
    /// Markdown in MIMI"). The text is taken as it is: it is the caller who
    /// keeps HTML out of it.
    #[must_use]
    pub fn markdown(text: impl Into<Cow<'a, str>>) -> Self {
        Self::single("text/markdown;variant=GFM-MIMI", into_octets(text.into()))
    }

    /// Plain text.
    #[must_use]
    pub fn plain(text: impl Into<Cow<'a, str>>) -> Self {
        Self::single(PLAIN_TEXT, into_octets(text.into()))
    }

    /// One reaction, as a rule a single emoji; several are several parts or
    /// messages (CONTENT, "Reaction").
    #[must_use]
    pub fn reaction(emoji: impl Into<Cow<'a, str>>) -> Self {
        Self::plain(emoji).with_disposition(Disposition::REACTION)
    }

    /// Content elsewhere, to be downloaded.
    #[must_use]
    pub fn external(part: ExternalPart<'a>) -> Self {
        NestedPart {
            disposition: Disposition::ATTACHMENT,
            part: Part::External(Box::new(part)),
            ..Self::null()
        }
    }

    /// Several parts.
    ///
    /// # Errors
    /// Those of [`Parts::new`].
    pub fn multi(semantics: PartSemantics, parts: Vec<NestedPart<'a>>) -> Result<Self, Rule> {
        let parts = Parts::new(parts)?;
        Ok(NestedPart {
            part: Part::Multi { semantics, parts },
            ..Self::null()
        })
    }

    /// The same for another purpose.
    #[must_use]
    pub fn with_disposition(mut self, disposition: Disposition) -> Self {
        self.disposition = disposition;
        self
    }

    /// The same in a language: tags of RFC 5646, separated by commas.
    #[must_use]
    pub fn with_language(mut self, language: impl Into<Cow<'a, str>>) -> Self {
        self.language = language.into();
        self
    }

    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> NestedPart<'static> {
        NestedPart {
            disposition: self.disposition,
            language: owned(self.language),
            part: match self.part {
                Part::Null => Part::Null,
                Part::Single {
                    content_type,
                    content,
                } => Part::Single {
                    content_type: owned(content_type),
                    content: owned(content),
                },
                Part::External(part) => Part::External(Box::new(part.into_owned())),
                Part::Multi { semantics, parts } => Part::Multi {
                    semantics,
                    parts: Parts(parts.0.into_iter().map(Self::into_owned).collect()),
                },
            },
        }
    }
}

fn into_octets(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

pub(super) fn owned<T: ToOwned + ?Sized>(value: Cow<'_, T>) -> Cow<'static, T> {
    Cow::Owned(value.into_owned())
}

/// The parts of a multipart: at least [`MIN_MULTI_PARTS`], at most
/// [`MAX_PART_LEVELS`] deep and [`MAX_PARTS`] in all, the multipart itself
/// included (CONTENT, "Message Bodies", "Depth restrictions" and "General
/// handling").
#[derive(Clone, PartialEq, Eq)]
pub struct Parts<'a>(Vec<NestedPart<'a>>);

impl<'a> Parts<'a> {
    /// Takes parts.
    ///
    /// # Errors
    /// When there are too few, too many or too many levels.
    pub fn new(parts: Vec<NestedPart<'a>>) -> Result<Self, Rule> {
        if parts.len() < MIN_MULTI_PARTS {
            return Err(Self::too_few(u64::try_from(parts.len()).unwrap_or(0)));
        }
        let parts = Parts(parts);
        let size = parts.size();
        if size.levels > MAX_PART_LEVELS {
            return Err(TOO_DEEP_PARTS);
        }
        if size.count > MAX_PARTS {
            return Err(TOO_MANY_PARTS);
        }
        Ok(parts)
    }

    /// Takes parts of which a decoder has counted parts and levels.
    #[inline]
    pub(super) fn counted(parts: Vec<NestedPart<'a>>) -> Self {
        Parts(parts)
    }

    pub(super) fn too_few(found: u64) -> Rule {
        Rule::TooFew {
            what: "parts in a multipart",
            min: u64::try_from(MIN_MULTI_PARTS).unwrap_or(u64::MAX),
            found,
        }
    }

    /// The size of a multipart with these parts. It descends no deeper than the
    /// parts may be: whatever is a `Parts` was checked before.
    fn size(&self) -> Size {
        let mut all = Size {
            levels: 0,
            count: 1,
        };
        for part in &self.0 {
            let size = match &part.part {
                Part::Multi { parts, .. } => parts.size(),
                _ => Size {
                    levels: 1,
                    count: 1,
                },
            };
            all.levels = all.levels.max(size.levels);
            all.count = all.count.saturating_add(size.count);
        }
        all.levels = all.levels.saturating_add(1);
        all
    }
}

/// How many levels and parts a part has, itself included.
struct Size {
    levels: usize,
    count: usize,
}

impl fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'a> Deref for Parts<'a> {
    type Target = [NestedPart<'a>];

    fn deref(&self) -> &[NestedPart<'a>] {
        &self.0
    }
}

impl<'a> From<Parts<'a>> for Vec<NestedPart<'a>> {
    fn from(parts: Parts<'a>) -> Self {
        parts.0
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
impl fmt::Debug for NestedPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NestedPart")
            .field("disposition", &self.disposition)
            .field("language", &format_args!("{} octets", self.language.len()))
            .field("part", &self.part)
            .finish()
    }
}

/// Without what people wrote.
impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Null => f.write_str("Null"),
            Part::Single {
                content_type,
                content,
            } => f
                .debug_struct("Single")
                .field("content_type", &Essence(content_type))
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

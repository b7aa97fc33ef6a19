//! Messages for people and stores: what `serde` cannot derive. What the draft
//! limits is checked when it comes back.

use std::borrow::Cow;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::limits::TOO_DEEP_PARTS;
use super::{
    AssetKey, Disposition, ExtensionName, Extensions, ExternalPart, MAX_PART_LEVELS, NestedPart,
    Part, PartSemantics, Parts, TopicId,
};
use crate::cbor::{Rule, decode, encode};
use crate::octets;

impl Serialize for TopicId<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        octets::serialize(self.as_bytes(), to)
    }
}

impl<'de> Deserialize<'de> for TopicId<'_> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let octets: Vec<u8> = octets::deserialize(from)?;
        TopicId::new(octets).map_err(D::Error::custom)
    }
}

impl Serialize for AssetKey<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        octets::serialize(self.as_bytes(), to)
    }
}

impl<'de> Deserialize<'de> for AssetKey<'_> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let octets: Vec<u8> = octets::deserialize(from)?;
        Ok(AssetKey::new(octets))
    }
}

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().collect::<Vec<_>>())
    }
}

/// A part whose parts, if it is a multipart, are `P`. The levels that there may be
/// are levels of types, so that nothing nested more deeply is ever entered.
#[derive(Deserialize)]
#[serde(rename = "NestedPart")]
pub(super) struct Level<P> {
    disposition: Disposition,
    language: String,
    part: Unchecked<P>,
}

#[derive(Deserialize)]
#[serde(rename = "Part")]
enum Unchecked<P> {
    Null,
    Single {
        content_type: String,
        #[serde(with = "octets")]
        content: Vec<u8>,
    },
    External(Box<ExternalPart<'static>>),
    Multi {
        semantics: PartSemantics,
        parts: P,
    },
}

/// The parts of a multipart on the last level: there are none.
pub(super) struct TooDeep;

impl<'de> Deserialize<'de> for TooDeep {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom(TOO_DEEP_PARTS))
    }
}

/// What holds the four levels of parts.
pub(super) type Levels = Level<Vec<Level<Vec<Level<Vec<Level<TooDeep>>>>>>>;

const _: () = assert!(MAX_PART_LEVELS == 4);

pub(super) trait IntoParts {
    fn into_parts(self) -> Result<Vec<NestedPart<'static>>, Rule>;
}

impl IntoParts for TooDeep {
    fn into_parts(self) -> Result<Vec<NestedPart<'static>>, Rule> {
        Err(TOO_DEEP_PARTS)
    }
}

impl<P: IntoParts> IntoParts for Vec<Level<P>> {
    fn into_parts(self) -> Result<Vec<NestedPart<'static>>, Rule> {
        self.into_iter().map(Level::check).collect()
    }
}

impl<P: IntoParts> Level<P> {
    fn check(self) -> Result<NestedPart<'static>, Rule> {
        Ok(NestedPart {
            disposition: self.disposition,
            language: self.language.into(),
            part: match self.part {
                Unchecked::Null => Part::Null,
                Unchecked::Single {
                    content_type,
                    content,
                } => Part::Single {
                    content_type: content_type.into(),
                    content: content.into(),
                },
                Unchecked::External(part) => Part::External(part),
                Unchecked::Multi { semantics, parts } => Part::Multi {
                    semantics,
                    parts: Parts::new(parts.into_parts()?)?,
                },
            },
        })
    }
}

impl TryFrom<Levels> for NestedPart<'_> {
    type Error = Rule;

    fn try_from(levels: Levels) -> Result<Self, Rule> {
        levels.check()
    }
}

/// A name: a number or a text.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Name<'a> {
    Int(i64),
    Text(Cow<'a, str>),
}

/// An extension: its name, and its value as CBOR.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    name: Name<'a>,
    cbor: Octets<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Octets<'a>(#[serde(with = "octets")] Cow<'a, [u8]>);

/// By name in formats for people, as encoded in others.
impl Serialize for Extensions<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if !to.is_human_readable() {
            return octets::serialize(&encode(self), to);
        }
        to.collect_seq(self.iter().map(|(name, value)| Entry {
            name: match name {
                ExtensionName::Int(value) => Name::Int(value),
                ExtensionName::Text(text) => Name::Text(text.into_owned().into()),
            },
            cbor: Octets(value.as_cbor().to_vec().into()),
        }))
    }
}

impl<'de> Deserialize<'de> for Extensions<'_> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if !from.is_human_readable() {
            let octets: Vec<u8> = octets::deserialize(from)?;
            let extensions = decode::<Extensions<'_>>(&octets).map_err(D::Error::custom)?;
            return Ok(extensions.into_owned());
        }
        let entries: Vec<Entry<'_>> = Vec::deserialize(from)?;
        Extensions::from_received(entries.iter().map(|entry| {
            let name = match &entry.name {
                Name::Int(value) => ExtensionName::Int(*value),
                Name::Text(text) => ExtensionName::Text(Cow::Borrowed(text)),
            };
            (name, &entry.cbor.0[..])
        }))
        .map_err(D::Error::custom)
    }
}

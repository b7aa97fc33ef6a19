//! Messages for people and stores: what `serde` cannot derive. What the draft
//! limits is checked when it comes back.

use std::borrow::Cow;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{AssetKey, ExtensionName, Extensions, NestedPart, Parts, TopicId};
use crate::octets;

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Octets<'a>(#[serde(with = "crate::octets")] Cow<'a, [u8]>);

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
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Parts<'_> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let parts: Vec<NestedPart<'_>> = Vec::deserialize(from)?;
        Parts::new(parts).map_err(D::Error::custom)
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

impl Serialize for Extensions<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
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

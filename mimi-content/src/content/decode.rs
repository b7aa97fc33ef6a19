use std::borrow::Cow;

use super::limits::{MAX_PART_LEVELS, MAX_PARTS, MIN_MULTI_PARTS, TOO_DEEP_PARTS, TOO_MANY_PARTS};
use super::{
    AssetKey, Disposition, Expiration, Extensions, ExternalPart, MimiContent, NestedPart, Part,
    PartSemantics, Parts, TopicId,
};
use crate::cbor::{Decode, DecodeError, Reader, Rule, Trace, decode};
use crate::message_id::{MessageId, MessageIdError, Salt};

impl<'a> MimiContent<'a> {
    /// Decodes a message, without copying texts or octets.
    ///
    /// # Errors
    /// When `message` is not exactly one message in deterministic encoding or
    /// exceeds a limit, with the octet, the field and the rule.
    pub fn decode(message: &'a [u8]) -> Result<Self, DecodeError> {
        decode(message)
    }
}

impl<'a> Decode<'a> for MimiContent<'a> {
    #[inline]
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault> {
        r.array_of(7)?;
        Ok(MimiContent {
            salt: r.field("salt", |r| r.byte_array().copied().map(Salt::new))?,
            replaces: r.field("replaces", |r| r.nullable(read_message_id))?,
            topic_id: r.field("topicId", read_topic_id)?,
            expires: r.field("expires", |r| r.nullable(read_expiration))?,
            in_reply_to: r.field("inReplyTo", |r| r.nullable(read_message_id))?,
            extensions: r.field("mimiExtensions", Extensions::read)?,
            body: r.field("nestedPart", |r| read_part(r, 1, &mut 0))?,
        })
    }
}

pub(crate) fn read_message_id<T: Trace>(r: &mut Reader<'_, T>) -> Result<MessageId, T::Fault> {
    let start = r.rest();
    let octets = r.byte_array()?;
    MessageId::new(*octets).map_err(|error| {
        r.fault_at(start, || match error {
            MessageIdError::HashAlgorithm(other) => Rule::HashAlgorithm(other),
            _ => Rule::Malformed,
        })
    })
}

#[inline]
fn read_topic_id<'a, T: Trace>(r: &mut Reader<'a, T>) -> Result<TopicId<'a>, T::Fault> {
    let start = r.rest();
    let topic_id = r.bytes()?;
    TopicId::new(topic_id).map_err(|rule| r.fault_at(start, || rule))
}

fn read_expiration<T: Trace>(r: &mut Reader<'_, T>) -> Result<Expiration, T::Fault> {
    r.array_of(2)?;
    let relative = r.field("relative", Reader::boolean)?;
    let time = r.field("time", |r| r.uint(u32::MAX))?;
    Ok(if relative {
        Expiration::AfterReading(time)
    } else {
        Expiration::At(time)
    })
}

#[derive(Clone, Copy)]
enum Cardinality {
    Null,
    Single,
    External,
    Multi,
}

const CARDINALITIES: [Cardinality; 4] = [
    Cardinality::Null,
    Cardinality::Single,
    Cardinality::External,
    Cardinality::Multi,
];

const SEMANTICS: [PartSemantics; 3] = [
    PartSemantics::ChooseOne,
    PartSemantics::SingleUnit,
    PartSemantics::ProcessAll,
];

/// Reads a part at `level`, after `count` other ones.
#[inline]
fn read_part<'a, T: Trace>(
    r: &mut Reader<'a, T>,
    level: usize,
    count: &mut usize,
) -> Result<NestedPart<'a>, T::Fault> {
    let start = r.rest();
    *count = count.saturating_add(1);
    if *count > MAX_PARTS {
        return Err(r.fault(|| TOO_MANY_PARTS));
    }
    if level > MAX_PART_LEVELS {
        return Err(r.fault(|| TOO_DEEP_PARTS));
    }
    let found = r.array()?;
    let expect = |r: &Reader<'a, T>, expected| {
        if found == expected {
            return Ok(());
        }
        Err(r.fault_at(start, || Rule::Length { expected, found }))
    };
    // The shortest form, so that what is missing is called that.
    if found < 3 {
        expect(r, 3)?;
    }
    let disposition = r.field("disposition", |r| r.uint(u8::MAX).map(Disposition))?;
    let language = r.field("language", read_string)?;
    let cardinality = r.field("cardinality", |r| {
        read_enum(r, "cardinality", &CARDINALITIES)
    })?;
    let part = match cardinality {
        Cardinality::Null => expect(r, 3).map(|()| Part::Null)?,
        Cardinality::Single => {
            expect(r, 5)?;
            Part::Single {
                content_type: r.field("contentType", read_string)?,
                content: r.field("content", read_bytes)?,
            }
        }
        Cardinality::External => {
            expect(r, 15)?;
            Part::External(Box::new(read_external(r)?))
        }
        Cardinality::Multi => {
            expect(r, 5)?;
            Part::Multi {
                semantics: r.field("partSemantics", |r| {
                    read_enum(r, "partSemantics", &SEMANTICS)
                })?,
                parts: r.field("parts", |r| read_parts(r, level, count))?,
            }
        }
    };
    Ok(NestedPart {
        disposition,
        language,
        part,
    })
}

fn read_external<'a, T: Trace>(r: &mut Reader<'a, T>) -> Result<ExternalPart<'a>, T::Fault> {
    Ok(ExternalPart {
        content_type: r.field("contentType", read_string)?,
        url: r.field("url", read_string)?,
        expires: r.field("expires", |r| r.uint(u32::MAX))?,
        size: r.field("size", |r| r.uint(u64::MAX))?,
        enc_alg: r.field("encAlg", |r| r.uint(u16::MAX))?,
        key: r.field("key", read_bytes).map(AssetKey::new)?,
        nonce: r.field("nonce", read_bytes)?,
        aad: r.field("aad", read_bytes)?,
        hash_alg: r.field("hashAlg", |r| r.uint(u8::MAX))?,
        content_hash: r.field("contentHash", read_bytes)?,
        description: r.field("description", read_string)?,
        filename: r.field("filename", read_string)?,
    })
}

/// Takes a value of a closed enumeration, of which `variants` are all.
#[inline]
fn read_enum<V: Copy, T: Trace>(
    r: &mut Reader<'_, T>,
    what: &'static str,
    variants: &[V],
) -> Result<V, T::Fault> {
    let start = r.rest();
    let value = r.uint(u64::MAX)?;
    usize::try_from(value)
        .ok()
        .and_then(|index| variants.get(index))
        .copied()
        .ok_or_else(|| r.fault_at(start, || Rule::Unknown { what, value }))
}

/// Reads the parts of a multipart at `level`.
#[inline(never)]
fn read_parts<'a, T: Trace>(
    r: &mut Reader<'a, T>,
    level: usize,
    count: &mut usize,
) -> Result<Parts<'a>, T::Fault> {
    let start = r.rest();
    let found = r.array()?;
    let min = u64::try_from(MIN_MULTI_PARTS).unwrap_or(u64::MAX);
    if found < min {
        return Err(r.fault_at(start, || Parts::too_few(found)));
    }
    let mut parts = Vec::new();
    for _ in 0..found {
        let level = level.saturating_add(1);
        parts.push(r.element(parts.len(), |r| read_part(r, level, count))?);
    }
    Ok(Parts::counted(parts))
}

#[inline]
fn read_string<'a, T: Trace>(r: &mut Reader<'a, T>) -> Result<Cow<'a, str>, T::Fault> {
    r.text().map(Cow::Borrowed)
}

#[inline]
fn read_bytes<'a, T: Trace>(r: &mut Reader<'a, T>) -> Result<Cow<'a, [u8]>, T::Fault> {
    r.bytes().map(Cow::Borrowed)
}

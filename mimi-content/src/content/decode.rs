use bytes::Bytes;

use super::limits::{
    MAX_PART_LEVELS, MAX_PARTS, MAX_TOPIC_ID_LEN, TOO_DEEP_PARTS, TOO_LONG_TOPIC, TOO_MANY_PARTS,
    check_multi,
};
use super::{
    Disposition, Expiration, Extensions, ExternalPart, MimiContent, NestedPart, Part, PartSemantics,
};
use crate::cbor::{DecodeError, Fault, Reader, Rule};
use crate::message_id::{MESSAGE_ID_LEN, MessageId, MessageIdError, SALT_LEN, Salt};

impl MimiContent {
    /// Decodes a message.
    ///
    /// # Errors
    /// When `message` is not exactly one message in deterministic encoding or
    /// exceeds a limit, with the octet, the field and the rule.
    pub fn decode(message: &[u8]) -> Result<Self, DecodeError> {
        Reader::read_all(message, read_content)
    }
}

fn read_content(r: &mut Reader<'_>) -> Result<MimiContent, Fault> {
    r.array_of(7)?;
    Ok(MimiContent {
        salt: r.field("salt", |r| r.byte_array::<SALT_LEN>().map(Salt::new))?,
        replaces: r.field("replaces", |r| r.nullable(read_message_id))?,
        topic_id: r.field("topicId", read_topic_id)?,
        expires: r.field("expires", |r| r.nullable(read_expiration))?,
        in_reply_to: r.field("inReplyTo", |r| r.nullable(read_message_id))?,
        extensions: r.field("mimiExtensions", Extensions::read)?,
        body: r.field("nestedPart", |r| read_part(r, 1, &mut 0))?,
    })
}

pub(crate) fn read_message_id(r: &mut Reader<'_>) -> Result<MessageId, Fault> {
    let offset = r.offset();
    let octets = r.byte_array::<MESSAGE_ID_LEN>()?;
    MessageId::from_bytes(&octets).map_err(|error| Fault {
        offset,
        rule: match error {
            MessageIdError::HashAlgorithm(other) => Rule::HashAlgorithm(other),
            _ => Rule::Malformed,
        },
    })
}

fn read_topic_id(r: &mut Reader<'_>) -> Result<Bytes, Fault> {
    let offset = r.offset();
    let topic_id = r.bytes()?;
    if topic_id.len() > MAX_TOPIC_ID_LEN {
        return Err(Fault {
            offset,
            rule: TOO_LONG_TOPIC,
        });
    }
    Ok(Bytes::copy_from_slice(topic_id))
}

fn read_expiration(r: &mut Reader<'_>) -> Result<Expiration, Fault> {
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
fn read_part(r: &mut Reader<'_>, level: usize, count: &mut usize) -> Result<NestedPart, Fault> {
    let offset = r.offset();
    *count = count.saturating_add(1);
    if *count > MAX_PARTS {
        return Err(r.fault(TOO_MANY_PARTS));
    }
    if level > MAX_PART_LEVELS {
        return Err(r.fault(TOO_DEEP_PARTS));
    }
    let found = r.array()?;
    let expect = |expected| {
        if found == expected {
            return Ok(());
        }
        Err(Fault {
            offset,
            rule: Rule::Length { expected, found },
        })
    };
    // The shortest form, so that what is missing is called that.
    if found < 3 {
        expect(3)?;
    }
    let disposition = r.field("disposition", |r| r.uint(u8::MAX).map(Disposition))?;
    let language = r.field("language", read_string)?;
    let cardinality = r.field("cardinality", |r| {
        read_enum(r, "cardinality", &CARDINALITIES)
    })?;
    let part = match cardinality {
        Cardinality::Null => expect(3).map(|()| Part::Null)?,
        Cardinality::Single => {
            expect(5)?;
            Part::Single {
                content_type: r.field("contentType", read_string)?,
                content: r.field("content", read_bytes)?,
            }
        }
        Cardinality::External => {
            expect(15)?;
            Part::External(Box::new(read_external(r)?))
        }
        Cardinality::Multi => {
            expect(5)?;
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

fn read_external(r: &mut Reader<'_>) -> Result<ExternalPart, Fault> {
    Ok(ExternalPart {
        content_type: r.field("contentType", read_string)?,
        url: r.field("url", read_string)?,
        expires: r.field("expires", |r| r.uint(u32::MAX))?,
        size: r.field("size", |r| r.uint(u64::MAX))?,
        enc_alg: r.field("encAlg", |r| r.uint(u16::MAX))?,
        key: r.field("key", read_bytes)?,
        nonce: r.field("nonce", read_bytes)?,
        aad: r.field("aad", read_bytes)?,
        hash_alg: r.field("hashAlg", |r| r.uint(u8::MAX))?,
        content_hash: r.field("contentHash", read_bytes)?,
        description: r.field("description", read_string)?,
        filename: r.field("filename", read_string)?,
    })
}

/// Takes a value of a closed enumeration, of which `variants` are all.
fn read_enum<T: Copy>(r: &mut Reader<'_>, what: &'static str, variants: &[T]) -> Result<T, Fault> {
    let offset = r.offset();
    let value = r.uint(u64::MAX)?;
    usize::try_from(value)
        .ok()
        .and_then(|index| variants.get(index))
        .copied()
        .ok_or(Fault {
            offset,
            rule: Rule::Unknown { what, value },
        })
}

/// Reads the parts of a multipart at `level`.
fn read_parts(
    r: &mut Reader<'_>,
    level: usize,
    count: &mut usize,
) -> Result<Vec<NestedPart>, Fault> {
    let offset = r.offset();
    let found = r.array()?;
    check_multi(found).map_err(|rule| Fault { offset, rule })?;
    let mut parts = Vec::new();
    for _ in 0..found {
        let level = level.saturating_add(1);
        parts.push(r.element(parts.len(), |r| read_part(r, level, count))?);
    }
    Ok(parts)
}

fn read_string(r: &mut Reader<'_>) -> Result<String, Fault> {
    r.text().map(str::to_owned)
}

fn read_bytes(r: &mut Reader<'_>) -> Result<Bytes, Fault> {
    r.bytes().map(Bytes::copy_from_slice)
}

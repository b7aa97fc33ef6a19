//! Whether what another implementation of CBOR reads is what ours reads.

use ciborium::Value;
use mimi_content::{
    Expiration, ExtensionName, ExtensionValue, ExternalPart, HubTimestamp, MessageDerivedValues,
    MessageId, MimiContent, NestedPart, Part, PartSemantics, StatusReport, Timestamp,
};

use super::cbor;

/// Whether the fields of a message are those of the array.
pub(super) fn is_message(value: &Value, message: &MimiContent<'_>) -> bool {
    let Some([salt, replaces, topic, expires, reply, extensions, body]) = array(value) else {
        return false;
    };
    let id = |value: &Value, id: Option<MessageId>| match id {
        Some(id) => is_bytes(value, id.as_bytes()),
        None => value.is_null(),
    };
    let expires = match (array(expires), message.expires) {
        (None, None) => expires.is_null(),
        (Some([Value::Bool(true), time]), Some(Expiration::AfterReading(expected)))
        | (Some([Value::Bool(false), time]), Some(Expiration::At(expected))) => {
            is_uint(time, expected)
        }
        _ => false,
    };
    let entries = extensions.as_map().map(Vec::as_slice).unwrap_or_default();
    is_bytes(salt, message.salt.as_bytes())
        && id(replaces, message.replaces)
        && is_bytes(topic, message.topic_id.as_bytes())
        && expires
        && id(reply, message.in_reply_to)
        && extensions.is_map()
        && entries.len() == message.extensions.len()
        && entries.iter().zip(message.extensions.iter()).all(is_entry)
        && is_part(body, &message.body)
}

fn is_entry(
    ((name, value), (expected, octets)): (&(Value, Value), (ExtensionName<'_>, ExtensionValue<'_>)),
) -> bool {
    let same_name = match expected {
        ExtensionName::Int(expected) => name.as_integer().map(i128::from) == Some(expected.into()),
        ExtensionName::Text(expected) => is_text(name, &expected),
    };
    // Encoded, as one NaN is not equal to another.
    let expected: Value = ciborium::from_reader(octets.as_cbor()).unwrap();
    same_name && cbor::encoded(value) == cbor::encoded(&expected)
}

fn is_part(value: &Value, part: &NestedPart<'_>) -> bool {
    let Some((head, content)) = value.as_array().and_then(|items| items.split_first_chunk()) else {
        return false;
    };
    let [disposition, language, cardinality] = head;
    let (expected, inside) = match &part.part {
        Part::Null => (0u8, content.is_empty()),
        Part::Single {
            content_type,
            content: octets,
        } => (
            1,
            matches!(content, [a, b] if is_text(a, content_type) && is_bytes(b, octets)),
        ),
        Part::External(part) => (2, is_external(content, part)),
        Part::Multi { semantics, parts } => (3, is_multi(content, *semantics, parts)),
    };
    is_uint(disposition, part.disposition.0)
        && is_text(language, &part.language)
        && is_uint(cardinality, expected)
        && inside
}

fn is_external(items: &[Value], part: &ExternalPart<'_>) -> bool {
    let [
        content_type,
        url,
        expires,
        size,
        enc_alg,
        key,
        nonce,
        aad,
        hash_alg,
        hash,
        description,
        name,
    ] = items
    else {
        return false;
    };
    is_text(content_type, &part.content_type)
        && is_text(url, &part.url)
        && is_uint(expires, part.expires)
        && is_uint(size, part.size)
        && is_uint(enc_alg, part.enc_alg)
        && is_bytes(key, part.key.as_bytes())
        && is_bytes(nonce, &part.nonce)
        && is_bytes(aad, &part.aad)
        && is_uint(hash_alg, part.hash_alg)
        && is_bytes(hash, &part.content_hash)
        && is_text(description, &part.description)
        && is_text(name, &part.filename)
}

fn is_multi(items: &[Value], semantics: PartSemantics, parts: &[NestedPart<'_>]) -> bool {
    let number = match semantics {
        PartSemantics::ChooseOne => 0u8,
        PartSemantics::SingleUnit => 1,
        PartSemantics::ProcessAll => 2,
    };
    let [found, Value::Array(items)] = items else {
        return false;
    };
    is_uint(found, number)
        && items.len() == parts.len()
        && items
            .iter()
            .zip(parts)
            .all(|(item, part)| is_part(item, part))
}

pub(super) fn is_report(value: &Value, report: &StatusReport) -> bool {
    let Value::Array(entries) = value else {
        return false;
    };
    entries.len() == report.0.len()
        && entries.iter().zip(&report.0).all(|(entry, expected)| {
            matches!(array(entry), Some([id, status])
                if is_bytes(id, expected.message_id.as_bytes())
                    && is_uint(status, expected.status.0))
        })
}

pub(super) fn are_derived(value: &Value, values: &MessageDerivedValues<'_>) -> bool {
    let Some([id, time, group, leaf, client, user, room]) = array(value) else {
        return false;
    };
    let same_time = match &values.hub_accepted_timestamp {
        HubTimestamp::Millis(expected) => is_uint(time, expected.as_millis()),
        HubTimestamp::Extended(expected) => {
            let read: Option<Value> = ciborium::from_reader(expected.as_cbor()).ok();
            let same = read.is_some_and(|read| cbor::encoded(&read) == cbor::encoded(time));
            let millis = expected.to_timestamp().map(Timestamp::as_millis);
            same && matches!(time, Value::Tag(1001, map) if millis_of(map) == millis)
        }
    };
    is_bytes(id, values.message_id.as_bytes())
        && same_time
        && is_bytes(group, &values.mls_group_id)
        && is_uint(leaf, values.sender_leaf_index)
        && is_text(client, &values.sender_client_url)
        && is_text(user, &values.sender_user_url)
        && is_text(room, &values.room_url)
}

/// The milliseconds of a usual extended time.
fn millis_of(map: &Value) -> Option<u64> {
    let number = |value: &Value| value.as_integer().map(i128::from);
    let (seconds, nanos) = match map.as_map()?.as_slice() {
        [(one, seconds)] if number(one)? == 1 => (number(seconds)?, 0),
        [(one, seconds), (unit, count)] if number(one)? == 1 => {
            let factor = match number(unit)? {
                -3 => 1_000_000,
                -6 => 1_000,
                -9 => 1,
                _ => return None,
            };
            (number(seconds)?, number(count)?.checked_mul(factor)?)
        }
        _ => return None,
    };
    if !(0..1_000_000_000).contains(&nanos) {
        return None;
    }
    let seconds = u64::try_from(seconds).ok()?;
    seconds
        .checked_mul(1000)?
        .checked_add(nanos as u64 / 1_000_000)
}

fn array<const N: usize>(value: &Value) -> Option<&[Value; N]> {
    value.as_array()?.as_slice().try_into().ok()
}

fn is_bytes(value: &Value, expected: &[u8]) -> bool {
    value.as_bytes().is_some_and(|found| found == expected)
}

fn is_text(value: &Value, expected: &str) -> bool {
    value.as_text() == Some(expected)
}

fn is_uint(value: &Value, expected: impl Into<u64>) -> bool {
    value.as_integer() == Some(expected.into().into())
}

//! `asset`: content outside of messages.

mod cases;

use std::collections::VecDeque;
use std::convert::Infallible;

use mimi_content::assets::{self, Aead, AssetError};
use mimi_content::{AssetKey, ExternalPart, Timestamp};
use rand_core::{TryCryptoRng, TryRng};
use serde_json::{Value, json};

use super::message::external;
use crate::hex;
use crate::vectors::procedures::{octets, text};
use crate::vectors::{Outcome, Refused};

pub(in crate::vectors) use self::cases::family;

/// Encrypts content with the key and the nonce of the input.
pub(in crate::vectors) fn seal(input: &Value) -> Outcome {
    let aead = match input["enc_alg"].as_u64() {
        Some(1) => Aead::Aes128Gcm,
        Some(2) => Aead::Aes256Gcm,
        other => panic!("{other:?} is no AEAD algorithm"),
    };
    let drawn = [octets(input, "key"), octets(input, "nonce")].concat();
    let mut rng = Drawn(drawn.into());
    let (octets, upload) = assets::seal(octets(input, "content"), aead, &mut rng).unwrap();
    assert!(rng.0.is_empty(), "too long a key or nonce");
    let part = upload.into_part(text(input, "content_type"), text(input, "url"));
    Ok(json!({ "octets": hex::encode(&octets), "part": external(&part) }))
}

/// Describes content that is uploaded as it is.
pub(in crate::vectors) fn publish(input: &Value) -> Outcome {
    let upload = assets::public(&octets(input, "content"));
    let part = upload.into_part(text(input, "content_type"), text(input, "url"));
    Ok(json!({ "part": external(&part) }))
}

/// Opens what was found at the URL of a part.
pub(in crate::vectors) fn open(input: &Value) -> Outcome {
    let part = part(&input["part"]);
    let now = Timestamp::from_millis(number(input, "now"));
    let max_size = number(input, "max_size");
    let opened = assets::open(&part, octets(input, "octets"), now, max_size);
    if opened.is_ok() {
        assert_eq!(assets::check(&part, now, max_size), Ok(()));
    }
    match opened {
        Ok(content) => Ok(json!({ "content": hex::encode(&content) })),
        Err(error) => Err(Refused::new(rule(&error), None)),
    }
}

fn rule(error: &AssetError) -> &'static str {
    match error {
        AssetError::Expired { .. } => "expired",
        AssetError::TooLarge { .. } => "too_large",
        AssetError::Url => "url",
        AssetError::EncAlg(_) => "enc_alg",
        AssetError::Length { field: "key", .. } => "key_length",
        AssetError::Length { field: "nonce", .. } => "nonce_length",
        AssetError::Length { field: "aad", .. } => "aad_length",
        AssetError::Length {
            field: "contentHash",
            ..
        } => "content_hash_length",
        AssetError::Unverifiable { .. } => "unverifiable",
        AssetError::Size { .. } => "size",
        AssetError::Hash => "hash",
        AssetError::Unauthentic => "unauthentic",
        other => panic!("{other} is new here"),
    }
}

fn number(input: &Value, key: &str) -> u64 {
    text(input, key).parse().unwrap()
}

fn small<T: TryFrom<u64>>(input: &Value, key: &str) -> T {
    let number = input[key]
        .as_u64()
        .and_then(|number| number.try_into().ok());
    number.unwrap_or_else(|| panic!("{key}: a small number"))
}

fn part(fields: &Value) -> ExternalPart<'_> {
    ExternalPart {
        content_type: text(fields, "content_type").into(),
        url: text(fields, "url").into(),
        expires: small(fields, "expires"),
        size: number(fields, "size"),
        enc_alg: small(fields, "enc_alg"),
        key: AssetKey::new(octets(fields, "key")),
        nonce: octets(fields, "nonce").into(),
        aad: octets(fields, "aad").into(),
        hash_alg: small(fields, "hash_alg"),
        content_hash: octets(fields, "content_hash").into(),
        description: text(fields, "description").into(),
        filename: text(fields, "filename").into(),
    }
}

/// Gives out what the input says, and nothing more.
struct Drawn(VecDeque<u8>);

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("a key or a nonce is not a number")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("a key or a nonce is not a number")
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        to.fill_with(|| self.0.pop_front().expect("too short a key or nonce"));
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

//! `message_id` and `salt`.

use mimi_content::{MessageId, MessageIdError, Salt};
use serde_json::{Value, json};

use super::{ALICE, ROOM, message};
use crate::hex;
use crate::vectors::procedures::{array, octets, text};
use crate::vectors::{Case, Family, Outcome, Refused};

pub(in crate::vectors) fn compute(input: &Value) -> Outcome {
    let salt = array(input, "salt");
    let message = octets(input, "message");
    let id = MessageId::compute(
        text(input, "sender"),
        text(input, "room"),
        &message,
        &Salt::new(salt),
    );
    Ok(json!({ "message_id": id.unwrap().to_string() }))
}

pub(in crate::vectors) fn read(input: &Value) -> Outcome {
    match MessageId::from_bytes(&octets(input, "octets")) {
        Ok(id) => Ok(json!({ "message_id": id.to_string() })),
        Err(MessageIdError::Length { .. }) => Err(Refused::new("length", None)),
        Err(MessageIdError::HashAlgorithm(_)) => Err(Refused::new("hash_algorithm", None)),
        Err(other) => panic!("{other}"),
    }
}

pub(in crate::vectors) fn derive_salt(input: &Value) -> Outcome {
    let salt = Salt::derive(&octets(input, "secret"), &octets(input, "nonce"));
    Ok(json!({ "salt": hex::encode(salt.as_bytes()) }))
}

pub(in crate::vectors) fn family() -> Family {
    let computed = |name: &str, sender: &str, room: &str, message: &[u8], salt: u8| {
        let input = json!({
            "sender": sender,
            "room": room,
            "message": hex::encode(message),
            "salt": hex::encode(&[salt; 16]),
        });
        Case::valid("message_id", name, input)
    };
    let octets = message("We have a *release*!").encode();
    let read = |octets: &[u8]| json!({ "octets": hex::encode(octets) });
    let digest = |algorithm: u8, len: usize| [vec![algorithm], vec![0xd1; len - 1]].concat();
    let refused = |name: &str, octets: &[u8], rule: &str| {
        Case::refused("message_id_read", name, read(octets), rule, None)
    };
    let long = format!("mimi://a.example/u/{}", "a".repeat(1005));
    let cases = vec![
        computed("a message", ALICE, ROOM, &octets, 0x5e),
        computed("another salt beside it", ALICE, ROOM, &octets, 0x5f),
        computed(
            "another room",
            ALICE,
            "mimi://hub.example/r/other",
            &octets,
            0x5e,
        ),
        computed(
            "another sender",
            "mimi://a.example/u/bob",
            ROOM,
            &octets,
            0x5e,
        ),
        computed(
            "a longer sender and a shorter room",
            "mimi://a.example/u/alicemimi:",
            "//hub",
            &[],
            0,
        ),
        computed("nothing in the message", ALICE, ROOM, &[], 0),
        computed("a sender of 1024 octets", &long, ROOM, &octets, 0x5e),
        Case::valid("message_id_read", "an ID", read(&digest(1, 32))),
        refused("31 octets", &digest(1, 31), "length"),
        refused("33 octets", &digest(1, 33), "length"),
        refused("hash algorithm 0", &digest(0, 32), "hash_algorithm"),
        refused("hash algorithm 2", &digest(2, 32), "hash_algorithm"),
    ];
    Family {
        family: "message_id".to_owned(),
        about: "Message IDs (CONTENT, \"Message ID\")".to_owned(),
        cases,
    }
}

pub(in crate::vectors) fn salt() -> Family {
    let derived = |name: &str, secret: &[u8], nonce: &[u8]| {
        let input = json!({ "secret": hex::encode(secret), "nonce": hex::encode(nonce) });
        Case::valid("salt_derive", name, input)
    };
    let secret: Vec<u8> = (0..=200).collect();
    let nonce = &secret[100..116];
    let cases = vec![
        derived("a secret of 32 octets", &secret[..32], nonce),
        derived("another nonce", &secret[..32], &secret[101..117]),
        derived("a secret of 63 octets", &secret[..63], nonce),
        derived("a secret of a block", &secret[..64], nonce),
        derived("a secret of 65 octets", &secret[..65], nonce),
        derived("a secret of 200 octets", &secret[..200], nonce),
        derived("no secret", &[], nonce),
        derived("a secret that ends with zeros", &[1, 0, 0], nonce),
        derived("the same secret without the zeros", &[1], nonce),
        derived("no nonce", &secret[..32], &[]),
        derived("a nonce of 65 octets", &secret[..32], &secret[100..165]),
    ];
    Family {
        family: "salt".to_owned(),
        about: "Salts with entropy of the group (CONTENT, \"Generating the random salt\")"
            .to_owned(),
        cases,
    }
}

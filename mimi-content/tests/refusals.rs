//! What a decoder of messages must refuse: one input for each rule.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use mimi_content::MimiContent;

/// The fields of the shortest message there is.
const SHORTEST: [&str; 7] = [
    "50 00112233445566778899aabbccddeeff",
    "f6",
    "40",
    "f6",
    "f6",
    "a0",
    "83 01 60 00",
];

const SALT: usize = 0;
const REPLACES: usize = 1;
const TOPIC: usize = 2;
const EXPIRES: usize = 3;
const REPLY: usize = 4;
const EXTENSIONS: usize = 5;
const BODY: usize = 6;

fn octets(hex: &str) -> Vec<u8> {
    let digits: String = hex.split_whitespace().collect();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

fn message(field: usize, hex: &str) -> Vec<u8> {
    let mut fields = SHORTEST;
    fields[field] = hex;
    octets(&format!("87 {}", fields.join(" ")))
}

fn refusal(message: &[u8]) -> String {
    match MimiContent::decode(message) {
        Ok(message) => panic!("{message:?} is accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_shortest_message_is_accepted() {
    let shortest = message(SALT, SHORTEST[SALT]);
    let decoded = MimiContent::decode(&shortest).unwrap();
    assert_eq!(decoded.encode(), shortest);
}

/// A message ID, but for its head.
const ID: &str = "01 00112233445566778899aabbccddeeff 00112233445566778899aabbccddee";

#[test]
#[rustfmt::skip] // one line a case
fn each_rule_is_enforced() {
    let id = |head: &str, algorithm: &str| format!("{head}{algorithm}{}", &ID[2..]);
    for (field, hex, expected) in [
        // Types and sizes of the fields.
        (SALT, "4f 00112233445566778899aabbccddee", "at octet 1, salt: the length is 15, not 16"),
        (SALT, "51 00112233445566778899aabbccddeeff00", "at octet 1, salt: the length is 17, not 16"),
        (SALT, "70 00112233445566778899aabbccddeeff", "at octet 1, salt: a byte string is expected, not a text string"),
        (SALT, "f6", "at octet 1, salt: a byte string is expected, not null"),
        (REPLACES, "f7", "at octet 18, replaces: a byte string is expected, not a simple value"),
        (REPLACES, "40", "at octet 18, replaces: the length is 0, not 32"),
        (REPLACES, &id("5820", "02"), "at octet 18, replaces: the message ID has hash algorithm 2, not 1"),
        (REPLACES, &id("5820", "00"), "at octet 18, replaces: the message ID has hash algorithm 0, not 1"),
        (REPLACES, &format!("5821{ID}00"), "at octet 18, replaces: the length is 33, not 32"),
        (REPLY, &id("5820", "81"), "at octet 21, inReplyTo: the message ID has hash algorithm 129, not 1"),
        (REPLY, "00", "at octet 21, inReplyTo: a byte string is expected, not an unsigned integer"),
        (TOPIC, "f6", "at octet 19, topicId: a byte string is expected, not null"),
        (TOPIC, "60", "at octet 19, topicId: a byte string is expected, not a text string"),
        (EXPIRES, "80", "at octet 20, expires: the length is 0, not 2"),
        (EXPIRES, "83 f4 00 00", "at octet 20, expires: the length is 3, not 2"),
        (EXPIRES, "82 00 00", "at octet 21, expires.relative: a boolean is expected, not an unsigned integer"),
        (EXPIRES, "82 f6 00", "at octet 21, expires.relative: a boolean is expected, not null"),
        (EXPIRES, "82 f5 20", "at octet 22, expires.time: an unsigned integer is expected, not a negative integer"),
        (EXPIRES, "82 f5 1b 0000000100000000", "at octet 22, expires.time: 4294967296 is more than 4294967295"),
        (EXPIRES, "00", "at octet 20, expires: an array is expected, not an unsigned integer"),
        (EXTENSIONS, "f6", "at octet 22, mimiExtensions: a map is expected, not null"),
        (EXTENSIONS, "80", "at octet 22, mimiExtensions: a map is expected, not an array"),
        // Parts.
        (BODY, "f6", "at octet 23, nestedPart: an array is expected, not null"),
        (BODY, "80", "at octet 23, nestedPart: the length is 0, not 3"),
        (BODY, "82 01 60", "at octet 23, nestedPart: the length is 2, not 3"),
        (BODY, "84 01 60 00 00", "at octet 23, nestedPart: the length is 4, not 3"),
        (BODY, "83 20 60 00", "at octet 24, nestedPart.disposition: an unsigned integer is expected, not a negative integer"),
        (BODY, "83 19 0100 60 00", "at octet 24, nestedPart.disposition: 256 is more than 255"),
        (BODY, "83 01 40 00", "at octet 25, nestedPart.language: a text string is expected, not a byte string"),
        (BODY, "83 01 f6 00", "at octet 25, nestedPart.language: a text string is expected, not null"),
        (BODY, "83 01 60 01", "at octet 23, nestedPart: the length is 3, not 5"),
        (BODY, "83 01 60 04", "at octet 26, nestedPart.cardinality: cardinality has no value 4"),
        (BODY, "85 01 60 00 60 40", "at octet 23, nestedPart: the length is 5, not 3"),
        (BODY, "85 01 60 01 40 40", "at octet 27, nestedPart.contentType: a text string is expected, not a byte string"),
        (BODY, "85 01 60 01 60 60", "at octet 28, nestedPart.content: a byte string is expected, not a text string"),
        (BODY, "85 01 60 02 60 60", "at octet 23, nestedPart: the length is 5, not 15"),
        (BODY, "8f 06 60 02 60 60 1b 0000000100000000 00 00 40 40 40 00 40 60 60", "at octet 29, nestedPart.expires: 4294967296 is more than 4294967295"),
        (BODY, "8f 06 60 02 60 60 00 00 1a 00010000 40 40 40 00 40 60 60", "at octet 31, nestedPart.encAlg: 65536 is more than 65535"),
        (BODY, "8f 06 60 02 60 60 00 00 00 40 40 40 19 0100 40 60 60", "at octet 35, nestedPart.hashAlg: 256 is more than 255"),
        (BODY, "8f 06 60 02 60 d8 20 60 00 00 00 40 40 40 00 40 60 60", "at octet 28, nestedPart.url: a text string is expected, not a tag"),
        (BODY, "85 01 60 03 03 82 83016000 83016000", "at octet 27, nestedPart.partSemantics: partSemantics has no value 3"),
        (BODY, "85 01 60 03 00 80", "at octet 28, nestedPart.parts: 0 parts in a multipart, fewer than 2"),
        (BODY, "85 01 60 03 00 81 83016000", "at octet 28, nestedPart.parts: 1 parts in a multipart, fewer than 2"),
        (BODY, "85 01 60 03 00 83 83016000 83016000", "at octet 37, nestedPart.parts[2]: the input is at least 1 octets too short"),
        (BODY, "85 01 60 03 00 82 83016000 85016003008283016000 8501600161ff40", "at octet 48, nestedPart.parts[1].parts[1].contentType: a text string is not valid UTF-8"),
        // Deterministic encoding: shortest forms and definite lengths.
        (SALT, "5810 00112233445566778899aabbccddeeff", "at octet 1, salt: the item is not in its shortest form"),
        (TOPIC, "5f 40 ff", "at octet 19, topicId: the length is indefinite"),
        (TOPIC, "5800", "at octet 19, topicId: the item is not in its shortest form"),
        (EXPIRES, "82 f4 18 17", "at octet 22, expires.time: the item is not in its shortest form"),
        (EXPIRES, "82 f4 19 00ff", "at octet 22, expires.time: the item is not in its shortest form"),
        (EXPIRES, "82 f4 1a 0000ffff", "at octet 22, expires.time: the item is not in its shortest form"),
        (EXPIRES, "82 f4 1b 00000000ffffffff", "at octet 22, expires.time: the item is not in its shortest form"),
        (EXPIRES, "9802 f4 00", "at octet 20, expires: the item is not in its shortest form"),
        (EXPIRES, "9f f4 00 ff", "at octet 20, expires: the length is indefinite"),
        (EXTENSIONS, "b800", "at octet 22, mimiExtensions: the item is not in its shortest form"),
        (EXTENSIONS, "bf ff", "at octet 22, mimiExtensions: the length is indefinite"),
        (BODY, "83 01 7f ff 00", "at octet 25, nestedPart.language: the length is indefinite"),
        (BODY, "83 01 7800 00", "at octet 25, nestedPart.language: the item is not in its shortest form"),
        (BODY, "83 1801 60 00", "at octet 24, nestedPart.disposition: the item is not in its shortest form"),
        // Well-formedness.
        (TOPIC, "1c", "at octet 19, topicId: the item is not well-formed CBOR"),
        (TOPIC, "1f", "at octet 19, topicId: the item is not well-formed CBOR"),
        (TOPIC, "ff", "at octet 19, topicId: the item is not well-formed CBOR"),
        (EXTENSIONS, "a1 03 f814", "at octet 24, mimiExtensions[3]: the item is not well-formed CBOR"),
        (EXTENSIONS, "a1 03 f81f", "at octet 24, mimiExtensions[3]: the item is not well-formed CBOR"),
        (EXTENSIONS, "a1 03 fc", "at octet 24, mimiExtensions[3]: the item is not well-formed CBOR"),
        // Names of extensions and keys inside them.
        (EXTENSIONS, "a2 03 00 03 00", "at octet 25, mimiExtensions: a map key appears twice"),
        (EXTENSIONS, "a2 04 00 03 00", "at octet 25, mimiExtensions: a map key is smaller than the one before"),
        (EXTENSIONS, "a2 20 00 03 00", "at octet 25, mimiExtensions: a map key is smaller than the one before"),
        (EXTENSIONS, "a2 6161 00 20 00", "at octet 26, mimiExtensions: a map key is smaller than the one before"),
        (EXTENSIONS, "a2 626161 00 6162 00", "at octet 27, mimiExtensions: a map key is smaller than the one before"),
        (EXTENSIONS, "a2 6161 00 6161 00", "at octet 26, mimiExtensions: a map key appears twice"),
        (EXTENSIONS, "a1 60 00", "at octet 23, mimiExtensions: 0 octets in the name of an extension, fewer than 1"),
        (EXTENSIONS, "a1 4161 00", "at octet 23, mimiExtensions: an integer or a text string as name of an extension is expected, not a byte string"),
        (EXTENSIONS, "a1 f4 00", "at octet 23, mimiExtensions: an integer or a text string as name of an extension is expected, not a boolean"),
        (EXTENSIONS, "a1 f93c00 00", "at octet 23, mimiExtensions: an integer or a text string as name of an extension is expected, not a floating-point number"),
        (EXTENSIONS, "a1 c101 00", "at octet 23, mimiExtensions: an integer or a text string as name of an extension is expected, not a tag"),
        (EXTENSIONS, "a1 1b 0020000000000000 00", "at octet 23, mimiExtensions: an integer key is not in -9007199254740991 to 9007199254740991"),
        (EXTENSIONS, "a1 3b 001fffffffffffff 00", "at octet 23, mimiExtensions: an integer key is not in -9007199254740991 to 9007199254740991"),
        (EXTENSIONS, "a1 1803 00", "at octet 23, mimiExtensions: the item is not in its shortest form"),
        (EXTENSIONS, "a1 61ff 00", "at octet 24, mimiExtensions: a text string is not valid UTF-8"),
        (EXTENSIONS, "a1 03 a2 01 00 01 00", "at octet 27, mimiExtensions[3]: a map key appears twice"),
        (EXTENSIONS, "a1 03 a2 4161 00 01 00", "at octet 28, mimiExtensions[3]: a map key is smaller than the one before"),
        (EXTENSIONS, "a1 03 a1 80 00", "at octet 25, mimiExtensions[3]: an integer or a string as map key is expected, not an array"),
        (EXTENSIONS, "a1 03 a1 1b 0020000000000000 00", "at octet 25, mimiExtensions[3]: an integer key is not in -9007199254740991 to 9007199254740991"),
        (EXTENSIONS, "a1 03 a1 f6 00", "at octet 25, mimiExtensions[3]: an integer or a string as map key is expected, not null"),
        // Values of extensions.
        (EXTENSIONS, "a1 01 00", "at octet 24, mimiExtensions[1]: a text string is expected, not an unsigned integer"),
        (EXTENSIONS, "a1 02 40", "at octet 24, mimiExtensions[2]: a text string is expected, not a byte string"),
        (EXTENSIONS, "a1 01 d820 60", "at octet 24, mimiExtensions[1]: a text string is expected, not a tag"),
        (EXTENSIONS, "a1 01 62c328", "at octet 25, mimiExtensions[1]: a text string is not valid UTF-8"),
        (EXTENSIONS, "a1 03 62c328", "at octet 25, mimiExtensions[3]: a text string is not valid UTF-8"),
        (EXTENSIONS, "a1 03 9f ff", "at octet 24, mimiExtensions[3]: the length is indefinite"),
        (EXTENSIONS, "a1 03 d80100", "at octet 24, mimiExtensions[3]: the item is not in its shortest form"),
        (EXTENSIONS, "a1 03 c2 48 0100000000000000", "at octet 24, mimiExtensions[3]: a bignum fits an integer or starts with zeros"),
        (EXTENSIONS, "a1 03 c3 49 000100000000000000", "at octet 24, mimiExtensions[3]: a bignum fits an integer or starts with zeros"),
        (EXTENSIONS, "a1 03 c2 40", "at octet 24, mimiExtensions[3]: a bignum fits an integer or starts with zeros"),
        (EXTENSIONS, "a1 03 c2 01", "at octet 25, mimiExtensions[3]: a byte string is expected, not an unsigned integer"),
        (EXTENSIONS, "a1 03 f97e01", "at octet 24, mimiExtensions[3]: a NaN is not 0xf97e00"),
        (EXTENSIONS, "a1 03 f9fe00", "at octet 24, mimiExtensions[3]: a NaN is not 0xf97e00"),
        (EXTENSIONS, "a1 03 fa7fc00001", "at octet 24, mimiExtensions[3]: a NaN is not 0xf97e00"),
        (EXTENSIONS, "a1 03 fa7fc00000", "at octet 24, mimiExtensions[3]: the item is not in its shortest form"),
        (EXTENSIONS, "a1 03 fa3f800000", "at octet 24, mimiExtensions[3]: the item is not in its shortest form"),
        (EXTENSIONS, "a1 03 fb3ff0000000000000", "at octet 24, mimiExtensions[3]: the item is not in its shortest form"),
        (EXTENSIONS, "a1 03 fb7ff8000000000001", "at octet 24, mimiExtensions[3]: a NaN is not 0xf97e00"),
        (EXTENSIONS, "a1 03 d84f f97e01", "at octet 26, mimiExtensions[3]: a NaN is not 0xf97e00"),
        (EXTENSIONS, "a1 03 d858 f97e01", "at octet 26, mimiExtensions[3]: a NaN is not 0xf97e00"),
        (EXTENSIONS, "a1 03 d850 fa7fc00000", "at octet 26, mimiExtensions[3]: the item is not in its shortest form"),
        // Lengths that reach past the end.
        (TOPIC, "5b ffffffffffffffff", "at octet 28, topicId: the input is at least 18446744073709551608 octets too short"),
        (EXTENSIONS, "bb ffffffffffffffff", "at octet 31, mimiExtensions: the input is at least 18446744073709551611 octets too short"),
        (EXTENSIONS, "a1 03 9b ffffffffffffffff", "at octet 33, mimiExtensions[3]: the input is at least 18446744073709551611 octets too short"),
        (EXTENSIONS, "a1 03 bb 7fffffffffffffff", "at octet 33, mimiExtensions[3]: the input is at least 18446744073709551610 octets too short"),
        (BODY, "85 01 60 03 00 9b ffffffffffffffff", "at octet 37, nestedPart.parts: the input is at least 18446744073709551615 octets too short"),
        (BODY, "85 01 60 01 7b 7fffffffffffffff", "at octet 36, nestedPart.contentType: the input is at least 9223372036854775807 octets too short"),
        // More than the message.
        (BODY, "83 01 60 00 00", "at octet 27: 1 octets follow the value"),
    ] {
        assert_eq!(refusal(&message(field, hex)), expected, "{field} {hex}");
    }
}

#[test]
fn the_message_as_a_whole_is_an_array_of_seven() {
    let shortest = message(SALT, SHORTEST[SALT]);
    let mut other = shortest.clone();
    for (initial, expected) in [
        (0x86, "at octet 0: the length is 6, not 7"),
        (0x88, "at octet 0: the length is 8, not 7"),
        (0x9f, "at octet 0: the length is indefinite"),
        (0xa7, "at octet 0: an array is expected, not a map"),
    ] {
        other[0] = initial;
        assert_eq!(refusal(&other), expected);
    }
    let tagged = [&octets("d9d9f7")[..], &shortest].concat();
    assert_eq!(
        refusal(&tagged),
        "at octet 0: an array is expected, not a tag"
    );
    assert_eq!(
        refusal(&[]),
        "at octet 0: the input is at least 1 octets too short"
    );
}

/// Values that look wrong and are right.
#[test]
#[rustfmt::skip] // one line a case
fn what_no_rule_forbids_is_kept() {
    for (field, hex) in [
        (EXPIRES, "82 f5 1a ffffffff"),
        (BODY, "83 18ff 60 00"),
        (BODY, "83 01 63 e29da4 00"),
        (BODY, "8f 06 60 02 60 60 1a ffffffff 1b ffffffffffffffff 19 ffff 4101 40 40 18ff 40 60 60"),
        (EXTENSIONS, "a1 00 00"),
        (EXTENSIONS, "a4 01 60 02 60 18ff f5 20 f4"),
        (EXTENSIONS, "a2 1b 001fffffffffffff 00 3b 001ffffffffffffe 00"),
        (EXTENSIONS, "a1 03 1b ffffffffffffffff"),
        (EXTENSIONS, "a1 03 3b ffffffffffffffff"),
        (EXTENSIONS, "a1 03 c2 49 010000000000000000"),
        (EXTENSIONS, "a1 03 f7"),
        (EXTENSIONS, "a1 03 e0"),
        (EXTENSIONS, "a1 03 f820"),
        (EXTENSIONS, "a1 03 f97e00"),
        (EXTENSIONS, "a1 03 f98000"),
        (EXTENSIONS, "a1 03 fb3fb999999999999a"),
        (EXTENSIONS, "a1 03 d850 f97e01"),
        (EXTENSIONS, "a1 03 d857 82 fa7fc00001 f9fe00"),
        (EXTENSIONS, "a1 03 a4 01 00 20 00 4161 00 6161 00"),
        (EXTENSIONS, "a1 03 a1 60 00"),
    ] {
        let message = message(field, hex);
        let decoded = MimiContent::decode(&message).unwrap_or_else(|error| panic!("{hex}: {error}"));
        assert_eq!(decoded.encode(), message, "{hex}");
    }
}

//! What is done with a case, by the procedure that it names.

use serde_json::Value;

use super::{Outcome, content, franking, participants, tls, uri};
use crate::hex;

/// Runs `procedure` on `input`.
///
/// # Errors
/// With the refusal, which may be what the case asks for.
///
/// # Panics
/// When there is no such procedure, or the input is not of its form.
pub fn run(procedure: &str, input: &Value) -> Outcome {
    match procedure {
        "uri_parse" => uri::parse(input),
        "uri_make" => uri::make(input),
        "message_id" => content::compute_id(input),
        "message_id_read" => content::read_id(input),
        "mimi_content" => content::decode(input),
        "vector_length" => tls::vector_length(input),
        "tls" => tls::structure(input),
        "participant_list_apply" => participants::apply(input),
        "franking_tag" => franking::tag(input),
        "frank" => franking::stamp(input),
        "frank_verify" => franking::verify_frank(input),
        "frank_recognise" => franking::recognise(input),
        other => panic!("no procedure {other}"),
    }
}

/// The text `key` of an input.
pub(super) fn text<'a>(input: &'a Value, key: &str) -> &'a str {
    input[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key}: a text"))
}

/// The octets `key` of an input.
pub(super) fn octets(input: &Value, key: &str) -> Vec<u8> {
    hex::literal(text(input, key))
}

/// The fixed number of octets `key` of an input.
pub(super) fn array<const N: usize>(input: &Value, key: &str) -> [u8; N] {
    octets(input, key).try_into().unwrap()
}

/// The list `key` of an input.
pub(super) fn list<'a>(input: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    input[key].as_array().unwrap().iter()
}

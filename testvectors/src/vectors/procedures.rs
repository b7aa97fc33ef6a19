//! What is done with a case, by the procedure that it names.

use serde_json::Value;

use super::content::{assets, derived, extensions, message, message_id, status};
use super::{
    Outcome, authorization, components, franking, http, participants, presets, pseudonym, targets,
    tls, uri,
};
use crate::hex;

/// What is done with an input.
type Procedure = fn(&Value) -> Outcome;

/// The procedures; `README.md` describes each.
pub const PROCEDURES: [(&str, Procedure); 42] = [
    ("uri_parse", uri::parse),
    ("uri_make", uri::make),
    ("message_id", message_id::compute),
    ("message_id_read", message_id::read),
    ("salt_derive", message_id::derive_salt),
    ("mimi_content", message::decode),
    ("mimi_content_parts", message::count_parts),
    ("extension_known", extensions::known),
    ("extension_set", extensions::set),
    ("message_status", status::decode),
    ("message_derived_values", derived::decode),
    ("asset_seal", assets::seal),
    ("asset_publish", assets::publish),
    ("asset_open", assets::open),
    ("vector_length", tls::vector_length),
    ("tls", tls::structure),
    ("participant_list_apply", participants::apply),
    ("join_links_apply", components::apply_join_links),
    ("preset", presets::octets),
    ("authorize", authorization::judge),
    ("room_begin", authorization::begin),
    ("franking_tag", franking::tag),
    ("frank_commit", franking::commit),
    ("frank", franking::frank),
    ("frank_verify", franking::verify_frank),
    ("frank_dispute", franking::dispute_tag),
    ("report_judge", franking::judge),
    ("report_weigh", franking::weigh_accounts),
    ("pseudonym_link_key", pseudonym::link_key),
    ("pseudonym_seal", pseudonym::seal_link),
    ("pseudonym_open", pseudonym::open_link),
    ("https_url", targets::url),
    ("asset_target", targets::asset),
    ("asset_inner_target", targets::inner),
    ("asset_address", targets::address),
    ("asset_status", targets::status),
    ("tree_source", targets::tree),
    ("http_directory", http::directory),
    ("http_make", http::make),
    ("http_receive", http::receive),
    ("http_answer", http::answer),
    ("retry_after", http::retry_after),
];

/// Runs `procedure` on `input`.
///
/// # Errors
/// With the refusal, which may be what the case asks for.
///
/// # Panics
/// When there is no such procedure, or the input is not of its form.
pub fn run(procedure: &str, input: &Value) -> Outcome {
    let known = PROCEDURES.iter().find(|(name, _)| *name == procedure);
    let (_, run) = known.unwrap_or_else(|| panic!("no procedure {procedure}"));
    run(input)
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

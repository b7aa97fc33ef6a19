//! The components that a room may do without: a family for each, but one for
//! all of join links.

mod assets;
mod fields;
mod join_links;
mod operational;
mod settings;
mod uris;

use mimi_policy::{DomainName, Uri};

use super::tls::Structure;
use super::{Case, Family};
use crate::hex;

pub(super) use assets::asset_policy;
pub(super) use join_links::{apply as apply_join_links, join_links};
pub(super) use operational::mls_operational_policy;
pub(super) use settings::{
    bot_policy, chat_history_policy, link_preview_policy, logging_policy,
    message_expiration_policy, status_notification_policy,
};
pub(super) use uris::policy_uris;

fn family(family: &str, about: &str, cases: Vec<Case>) -> Family {
    Family {
        family: family.to_owned(),
        about: about.to_owned(),
        cases,
    }
}

/// Cases of octets, each `(name, digits)`.
fn valid(structure: &Structure, cases: &[(&str, &str)]) -> Vec<Case> {
    cases
        .iter()
        .map(|(name, digits)| structure.octets(name, &hex::literal(digits)))
        .collect()
}

/// Cases of octets that are refused, each `(name, digits, rule, offset)`.
fn refused(structure: &Structure, cases: &[(&str, &str, &str, usize)]) -> Vec<Case> {
    cases
        .iter()
        .map(|(name, digits, rule, offset)| {
            structure.refused(name, &hex::literal(digits), rule, *offset)
        })
        .collect()
}

/// The digits of a vector with this content.
fn vector(content: &str) -> String {
    let content = hex::literal(content);
    let mut w = mimi_content::tls::Writer::new();
    w.opaque(&content);
    hex::encode(&w.finish().unwrap())
}

/// The digits of a text in a vector.
fn text(text: &str) -> String {
    vector(&hex::encode(text.as_bytes()))
}

fn uri(text: &str) -> Uri {
    Uri::parse(text).unwrap()
}

fn host(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

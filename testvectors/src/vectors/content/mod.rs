//! Messages, what goes with them, and what they refer to.

pub(super) mod assets;
pub(super) mod derived;
pub(super) mod extensions;
pub(super) mod message;
pub(super) mod message_id;
mod octets;
pub(super) mod status;

use mimi_content::cbor::{DecodeError, Rule};
use mimi_content::{MimiContent, MimiUri, NestedPart, Salt};
use serde_json::json;

use super::{Case, Refused};
use crate::hex;

pub(super) const ALICE: &str = "mimi://a.example/u/alice";
pub(super) const ROOM: &str = "mimi://hub.example/r/clubhouse";

/// A message of Alice's.
pub(super) fn message(text: &'static str) -> MimiContent<'static> {
    let mut content = MimiContent::new(Salt::new([0x5e; 16]), NestedPart::markdown(text));
    content
        .extensions
        .set_sender_uri(&MimiUri::parse(ALICE).unwrap());
    content
        .extensions
        .set_room_uri(&MimiUri::parse(ROOM).unwrap());
    content
}

/// A procedure that reads `octets`, to state cases of.
struct Codec(&'static str);

impl Codec {
    fn valid(&self, name: &str, octets: &[u8]) -> Case {
        Case::valid(self.0, name, json!({ "octets": hex::encode(octets) }))
    }

    fn refused(&self, name: &str, octets: &[u8], rule: &str, offset: usize) -> Case {
        let input = json!({ "octets": hex::encode(octets) });
        Case::refused(self.0, name, input, rule, offset)
    }

    /// By hand: a name and digits.
    fn by_hand(&self, valid: &[(&str, &str)], refused: &[(&str, &str, &str, usize)]) -> Vec<Case> {
        let valid = valid
            .iter()
            .map(|(name, digits)| self.valid(name, &hex::literal(digits)));
        let refused = refused.iter().map(|(name, digits, rule, offset)| {
            self.refused(name, &hex::literal(digits), rule, *offset)
        });
        valid.chain(refused).collect()
    }

    /// The array of seven around everything, when it is something else. Without
    /// its last octet, it is truncated at `end`.
    fn whole(&self, shortest: &[u8], end: usize) -> Vec<Case> {
        let mut cases = vec![self.refused("nothing", &[], "truncated", 0)];
        let mut other = shortest.to_vec();
        for (name, initial, rule) in [
            ("an array of six", 0x86, "length"),
            ("an array of eight", 0x88, "length"),
            ("an indefinite array", 0x9f, "indefinite"),
            ("a map", 0xa7, "type"),
        ] {
            other[0] = initial;
            cases.push(self.refused(name, &other, rule, 0));
        }
        let cut = &shortest[..shortest.len() - 1];
        cases.push(self.refused("cut by an octet", cut, "truncated", end));
        let tagged = [&[0xd9, 0xd9, 0xf7], shortest].concat();
        cases.push(self.refused("the tag of CBOR before it", &tagged, "type", 0));
        let long = [&[0x98, 0x07], &shortest[1..]].concat();
        cases.push(self.refused("the seven in two octets", &long, "not_shortest", 0));
        cases
    }
}

fn refused(error: &DecodeError) -> Refused {
    Refused::new(rule(&error.rule), error.offset)
}

fn rule(rule: &Rule) -> &'static str {
    match rule {
        Rule::Truncated { .. } => "truncated",
        Rule::Trailing { .. } => "trailing",
        Rule::Type { .. } => "type",
        Rule::Malformed => "malformed",
        Rule::NotShortest => "not_shortest",
        Rule::Indefinite => "indefinite",
        Rule::KeyOrder => "key_order",
        Rule::DuplicateKey => "duplicate_key",
        Rule::KeyRange => "key_range",
        Rule::Bignum => "bignum",
        Rule::Nan => "nan",
        Rule::Utf8 => "utf8",
        Rule::Length { .. } => "length",
        Rule::TooFew { .. } => "too_few",
        Rule::TooLarge { .. } => "too_large",
        Rule::Limit { .. } => "limit",
        Rule::HashAlgorithm(_) => "hash_algorithm",
        Rule::Unknown { .. } => "unknown",
        Rule::ReservedKey => "reserved_key",
        other => panic!("{other} is new here"),
    }
}

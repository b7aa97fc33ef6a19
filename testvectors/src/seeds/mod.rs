//! The seeds of the fuzz targets: the vectors, and for what has none, inputs
//! written by hand.

mod by_hand;
mod franking;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use self::by_hand::{ASSETS, HTTP, MARKDOWN, RECIPES, ROOMS, SCRIPTS, STRUCTURES};
use crate::fuzz::{FRANKING, Kind, POLICY, TARGETS, WIRE, select};
use crate::hex;
use crate::vectors::{Case, families};

pub use franking::proven;

/// The inputs of each target, by the name of their files.
pub type Seeds = BTreeMap<&'static str, BTreeMap<String, Vec<u8>>>;

/// Most octets of a seed that is a refused input; there are many of them.
const MAX_REFUSED: usize = 64;

/// Makes all seeds.
#[must_use]
pub fn seeds() -> Seeds {
    let mut seeds = Seeds::new();
    for case in families().iter().flat_map(|family| &family.cases) {
        match case.procedure.as_str() {
            "uri_parse" => add(
                &mut seeds,
                "mimi_uri",
                case,
                text(case, "text").into_bytes(),
            ),
            target @ ("mimi_content" | "message_status" | "message_derived_values") => {
                let target = TARGETS.iter().find(|(name, _)| *name == target);
                let (target, _) = target.unwrap();
                add(&mut seeds, target, case, octets(case, "octets"));
            }
            "extension_known" => {
                add(&mut seeds, "extension_values", case, octets(case, "cbor"));
            }
            "frank_commit" => franking::plaintext(&mut seeds, case),
            "frank_verify" => franking::message(&mut seeds, case),
            "tls" => structure(&mut seeds, case),
            _ => {}
        }
    }
    franking::by_hand(&mut seeds);
    let policy = seeds.entry("tls_policy").or_default();
    for (name, kind, digits) in STRUCTURES {
        let seed = [&[select(POLICY, kind)], &hex::literal(digits)[..]].concat();
        policy.insert((*name).to_owned(), seed);
    }
    let mut by_hand = |target, name: &str, input| {
        let inputs = seeds.entry(target).or_default();
        inputs.insert(name.to_owned(), input);
    };
    for (target, name, text) in HTTP {
        by_hand(target, name, text.as_bytes().to_vec());
    }
    for (name, text) in MARKDOWN {
        by_hand("markdown", name, text.as_bytes().to_vec());
    }
    for (name, _, digits) in ASSETS {
        by_hand("assets_open", name, hex::literal(digits));
    }
    for (name, digits) in ROOMS {
        by_hand("timeline", name, hex::literal(digits));
    }
    for (name, digits) in RECIPES {
        by_hand("policy_agreement", name, hex::literal(digits));
    }
    for (name, _, digits) in SCRIPTS {
        by_hand("policy_resolve", name, hex::literal(digits));
    }
    seeds
}

/// How many of its commits the room of `policy_resolve` accepts, if the seed
/// `name` is a script by hand.
#[must_use]
pub fn accepted(name: &str) -> Option<usize> {
    let script = SCRIPTS.iter().find(|(script, ..)| *script == name);
    script.map(|(_, accepted, _)| *accepted)
}

/// Whether the content of `assets_open` is given out, if the seed `name` is one by
/// hand.
#[must_use]
pub fn opened(name: &str) -> Option<bool> {
    let asset = ASSETS.iter().find(|(asset, ..)| *asset == name);
    asset.map(|(_, opened, _)| *opened)
}

/// Writes all seeds, a folder for each target.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path) -> std::io::Result<()> {
    for (target, inputs) in seeds() {
        let folder = folder.join(target);
        std::fs::create_dir_all(&folder)?;
        for (name, input) in inputs {
            std::fs::write(folder.join(name), input)?;
        }
    }
    Ok(())
}

fn text(case: &Case, key: &str) -> String {
    case.input[key].as_str().unwrap().to_owned()
}

fn octets(case: &Case, key: &str) -> Vec<u8> {
    hex::literal(&text(case, key))
}

/// A structure, for each target that knows it.
fn structure(seeds: &mut Seeds, case: &Case) {
    let name = text(case, "structure");
    let targets: [(&'static str, &[Kind]); 3] = [
        ("tls_policy", POLICY),
        ("tls_franking", FRANKING),
        ("tls_wire", WIRE),
    ];
    for (target, kinds) in targets {
        if kinds.iter().any(|kind| kind.name == name) {
            let input = [&[select(kinds, &name)], &octets(case, "octets")[..]].concat();
            add(seeds, target, case, input);
        }
    }
}

fn file_name(case: &Case) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    case.name.chars().map(letter).collect()
}

fn add(seeds: &mut Seeds, target: &'static str, case: &Case, input: Vec<u8>) {
    if case.refused.is_some() && input.len() > MAX_REFUSED {
        return;
    }
    let name = file_name(case);
    let inputs = seeds.entry(target).or_default();
    let known: BTreeSet<&Vec<u8>> = inputs.values().collect();
    if !known.contains(&input) {
        assert_eq!(inputs.insert(name, input), None, "{}", case.name);
    }
}

//! The seeds of the fuzz targets: the vectors, and for what has none, inputs
//! written by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mimi_content::tls::Encode;
use mimi_franking::{Credential, FrankingTag};

use crate::fuzz::{FRANKING, Kind, POLICY, WIRE, select};
use crate::hex;
use crate::vectors::{Case, families};

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
            "mimi_content" => add(&mut seeds, "mimi_content", case, octets(case)),
            "tls" => structure(&mut seeds, case),
            _ => {}
        }
    }
    let franking = seeds.entry("tls_franking").or_default();
    for (name, kind, octets) in [
        ("tag", "FrankingTag", FrankingTag([7; 32]).to_vec()),
        (
            "credential",
            "Credential",
            Credential::Basic(bytes::Bytes::from_static(b"mimi://hub.example")).to_vec(),
        ),
    ] {
        let seed = [&[select(FRANKING, kind)], &octets.unwrap()[..]].concat();
        franking.insert(name.to_owned(), seed);
    }
    by_hand(&mut seeds, "http_request", HTTP);
    for (name, _, digits) in SCRIPTS {
        let script = seeds.entry("policy_resolve").or_default();
        script.insert((*name).to_owned(), hex::literal(digits));
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

fn octets(case: &Case) -> Vec<u8> {
    hex::literal(&text(case, "octets"))
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
            let input = [&[select(kinds, &name)], &octets(case)[..]].concat();
            add(seeds, target, case, input);
        }
    }
}

fn add(seeds: &mut Seeds, target: &'static str, case: &Case, input: Vec<u8>) {
    if case.refused.is_some() && input.len() > MAX_REFUSED {
        return;
    }
    let name: String = case
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let inputs = seeds.entry(target).or_default();
    let known: BTreeSet<&Vec<u8>> = inputs.values().collect();
    if !known.contains(&input) {
        assert_eq!(inputs.insert(name, input), None, "{}", case.name);
    }
}

fn by_hand(seeds: &mut Seeds, target: &'static str, inputs: &[(&str, u8, &str)]) {
    let seeds = seeds.entry(target).or_default();
    for (name, selector, text) in inputs {
        seeds.insert((*name).to_owned(), [&[*selector], text.as_bytes()].concat());
    }
}

/// Documents (0), requests (1) and answers (2).
const HTTP: &[(&str, u8, &str)] = &[
    ("directory_empty", 0, "{}"),
    (
        "directory_whole",
        0,
        r#"{"keyMaterial":"https://b.example/v1/km/{targetUser}","update":"https://b.example/v1/update/{roomId}","notify":"https://b.example:8443/notify?room={roomId}","submitMessage":"https://b.example/{roomId}/submit","groupInfo":"https://b.example/v1/gi/{roomId}","requestConsent":"https://b.example/v1/rc/{targetUser}","updateConsent":"https://b.example/v1/uc/{requesterDomain}","identifierQuery":"https://b.example/v1/iq/{domain}","reportAbuse":"https://b.example/v1/ra/{roomId}","proxyDownload":"https://p.example/{downloadUrl}","more":[1]}"#,
    ),
    (
        "directory_http",
        0,
        r#"{"update":"http://b.example/{roomId}"}"#,
    ),
    (
        "directory_two_variables",
        0,
        r#"{"update":"https://b.example/{roomId}/{roomId}"}"#,
    ),
    (
        "directory_in_host",
        0,
        r#"{"update":"https://{roomId}.b.example/"}"#,
    ),
    (
        "directory_twice",
        0,
        r#"{"update":"https://b.example/{roomId}","update":null}"#,
    ),
    ("directory_array", 0, r#"[null]"#),
    (
        "request_submit",
        1,
        "POST\nhttps://mimi.a.example/v1/submitMessage/mimi%3A%2F%2Fa.example%2Fr%2Fclubhouse\nmimi.a.example\nmimi@b.example\nbody",
    ),
    (
        "request_origin_form",
        1,
        "POST\n/v1/keyMaterial/mimi%3A%2F%2Fa.example%2Fu%2Falice\na.example:443\nmimi@B.example\n",
    ),
    (
        "request_consent_by_user",
        1,
        "POST\n/v1/requestConsent/mimi:%2f%2fa.example%2fu%2falice\na.example\nmimi@b.example\n",
    ),
    (
        "request_consent_by_domain",
        1,
        "POST\n/v1/updateConsent/b.example\na.example\nmimi@b.example\n",
    ),
    (
        "request_identifier",
        1,
        "POST\n/v1/identifierQuery/a.example\na.example\nmimi@b.example\nx",
    ),
    (
        "request_get",
        1,
        "GET\n/v1/identifierQuery/a.example\na.example\nmimi@b.example\n",
    ),
    (
        "request_half_escape",
        1,
        "POST\n/v1/update/mimi%3\na.example\nmimi@b.example\n",
    ),
    (
        "request_two_hosts",
        1,
        "POST\nhttps://c.example/v1/update/x\na.example\nmimi@b.example\n",
    ),
    (
        "request_other_peer",
        1,
        "POST\n/v1/update/x\na.example\nmimi@c.example\n",
    ),
    ("response_ok", 2, "200\n\nbody"),
    ("response_busy", 2, "503\n120\n"),
    ("response_date", 2, "429\nFri, 31 Dec 2027 23:59:59 GMT\n"),
];

/// Instructions of `policy_resolve`, with the number of commits accepted.
const SCRIPTS: &[(&str, usize, &str)] = &[
    // Alice commits: the list gains Dora as ordinary user, with one client.
    (
        "admin_adds_user",
        1,
        "01 00 00 00 02  02 00 00 01 04 02  00 04",
    ),
    // Bob commits: he removes his second client.
    ("user_removes_own_client", 1, "01 00 00 01 01  01 03 01"),
    // Bob leaves: off the list, both clients gone, committed by Alice.
    (
        "user_leaves",
        1,
        "01 01 00 00 00  00 01 03  02 00 01 00 01  01 02 01  01 03 01",
    ),
    // Alice bans Cathy and removes her client.
    (
        "admin_bans",
        1,
        "01 00 00 00 02  02 01 00 00 02 01  01 04 02",
    ),
    // Dora, outside, adds herself: refused in this room.
    (
        "stranger_joins",
        0,
        "01 00 01 04 02  02 00 00 01 04 02  00 04",
    ),
    // Bob comes with another client by external commit.
    ("user_joins_with_client", 1, "01 00 01 01 01  00 01"),
    // The hub proposes to kick Bob's clients.
    ("hub_kicks", 1, "00 00 02 03 02  01 02 01  01 03 01"),
    // Alice changes the base policy: no limits, several devices.
    ("admin_changes_base", 1, "01 00 00 00 01  04 64 00 00"),
    // The hub changes a role, Alice commits.
    (
        "hub_changes_roles",
        1,
        "01 01 00 00 00  02 03 01  03 02 03 01",
    ),
    // Alice renames the subject.
    ("user_changes_subject", 1, "01 00 00 00 01  05 00 03 616263"),
    ("other_room_in_metadata", 0, "01 00 00 00 01  05 01 00"),
    // A preauthorisation list comes and goes.
    (
        "preauth_comes_and_goes",
        2,
        "01 00 00 00 01  06 03 01  01 00 00 00 01  07 06",
    ),
    // An update of the list by octets that do not decode, and one that does.
    (
        "raw_updates",
        0,
        "01 00 00 00 02  08 02 04 00000000  08 02 03 000000",
    ),
    (
        "components_of_every_kind",
        0,
        "00 00 00 00 05  08 00 01 00  08 0c 01 00  07 00  07 02  07 07",
    ),
    (
        "plain_changes",
        0,
        "01 00 00 01 05  09 00  09 01  09 02  09 03  09 05",
    ),
    // Three commits in a row: Bob adds a client, removes it, leaves.
    (
        "three_commits",
        3,
        "01 00 00 01 01  00 01  01 00 00 01 01  01 05 01  01 00 00 00 03  02 00 01 00 01  01 02 01  01 03 01",
    ),
];

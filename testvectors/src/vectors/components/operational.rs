//! `mls_operational_policy`.

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_content::tls::Encode;
use mimi_policy::{
    AppMessagePolicy, ExtendedCapabilities, MinDefaultMaxTime, OperationalParameters,
    PendingProposalPolicy,
};

use super::{family, refused, valid, vector};
use crate::vectors::tls::Structure;
use crate::vectors::{Case, Family};

/// Ten empty lists.
const NOTHING: &str = "00 00 00 00 00 00 00 00 00 00";
/// Three lists of capabilities, and no wire format.
const HEAD: usize = 3 * 10 + 1;

/// Operational parameters as digits, without any demand on clients.
struct Parts<'a> {
    mandatory: &'a str,
    forbidden: &'a str,
    handshakes: &'a str,
    switches: &'a str,
    pending: &'a str,
    update: &'a str,
    keys: &'a str,
    buffer: &'a str,
}

const ZEROS: &str = "0000000000000000 0000000000000000 0000000000000000";
const MINIMAL: Parts<'_> = Parts {
    mandatory: NOTHING,
    forbidden: NOTHING,
    handshakes: "00",
    switches: "00 00",
    pending: "00",
    update: ZEROS,
    keys: ZEROS,
    buffer: ZEROS,
};

impl Parts<'_> {
    fn digits(&self) -> String {
        let Parts {
            mandatory,
            forbidden,
            handshakes,
            switches,
            pending,
            update,
            keys,
            buffer,
        } = self;
        format!(
            "{mandatory} {NOTHING} {forbidden} {handshakes} {switches} {pending} {update} \
             00 0000 00000000 {ZEROS} {keys} 00000000 {buffer} 00000000"
        )
    }
}

/// Ten lists, of which the one at `at` has this content.
fn only(at: usize, content: &str) -> String {
    let mut lists = vec!["00".to_owned(); 10];
    lists[at] = vector(content);
    lists.concat()
}

pub(in crate::vectors) fn mls_operational_policy() -> Family {
    let policy = Structure("OperationalParameters");
    let full = full();
    let mut cases = vec![policy.valid("every field set", &full)];
    let longest = Parts {
        pending: "02 0000000000000000 ffffffffffffffff",
        update: "0000000000000000 ffffffffffffffff ffffffffffffffff",
        keys: "0000000000000001 0000000000000001 0000000000000001",
        ..MINIMAL
    };
    let unknown = Parts {
        mandatory: "02 f0a1 02 0a0a 02 ffff 00 00 00 02 fe26 00 00 01 c8",
        forbidden: "04 0001 0001 00 00 00 00 00 00 00 00 00",
        handshakes: "04 f0a1 f0a1",
        pending: "01",
        ..MINIMAL
    };
    cases.extend(valid(
        &policy,
        &[
            ("nothing said", &MINIMAL.digits()),
            ("bounds that meet, and the longest", &longest.digits()),
            ("values that are not known, and repeated", &unknown.digits()),
        ],
    ));
    cases.extend(conflicts(&policy));
    cases.extend(refusals(&policy));
    cases.extend(policy.bounds(&full.to_vec().unwrap()));
    family(
        "mls_operational_policy",
        "How a room uses MLS (POLICY, \"Operational policy component\")",
        cases,
    )
}

fn full() -> OperationalParameters {
    let time = |min, default, max| MinDefaultMaxTime { min, default, max };
    OperationalParameters {
        mandatory_capabilities: ExtendedCapabilities {
            versions: vec![1],
            cipher_suites: vec![1, 2],
            extensions: vec![6],
            proposals: vec![8, 10],
            credentials: vec![1],
            wire_formats: vec![1],
            component_ids: vec![ComponentId::PARTICIPANT_LIST, ComponentId::ROLES_LIST],
            safe_aad_types: vec![ComponentId::FRANK_AAD],
            media_types: vec![MediaType::new("application/mimi-content")],
            content_types: vec![1, 2, 3],
        },
        default_capabilities: ExtendedCapabilities {
            media_types: vec![MediaType {
                essence: "text/markdown".to_owned(),
                parameters: vec![("variant".to_owned(), "GFM-MIMI".to_owned())],
            }],
            ..ExtendedCapabilities::default()
        },
        forbidden_capabilities: ExtendedCapabilities {
            cipher_suites: vec![7],
            content_types: vec![4],
            ..ExtendedCapabilities::default()
        },
        handshake_formats: vec![1, 0xf0a1],
        external_proposal_allowed: true,
        external_commit_allowed: false,
        pending_proposal_policy: PendingProposalPolicy::RandomDelay {
            min_ms: 100,
            max_ms: 5000,
        },
        leaf_node_update_time: time(3600, 86_400, 604_800),
        app_message_policy: AppMessagePolicy {
            epoch_tolerance: 3,
            pad_to_size: 256,
            max_generations_skipahead: 1000,
        },
        max_kp_lifetime: 7_776_000,
        max_credential_lifetime: 31_536_000,
        resumption_psk_lifetime: 2_592_000,
        sender_nonce_keypair_lifetime: time(60, 60, 3600),
        max_keypairs: 100,
        buffer_incoming_message_time: time(0, 10, 10),
        max_buffered_messages: 50,
    }
}

/// What is both mandatory and forbidden, of each kind.
fn conflicts(policy: &Structure) -> Vec<Case> {
    let kinds = [
        ("a protocol version", "0001"),
        ("a cipher suite", "0002"),
        ("an extension", "f003"),
        ("a proposal type", "f004"),
        ("a credential type", "0005"),
        ("a wire format", "0006"),
        ("a component", "fe27"),
        ("a Safe AAD component", "0008"),
        ("a media type", "03 612f62 00"),
        ("a content type", "09"),
    ];
    let mut cases = Vec::new();
    for (at, (name, one)) in kinds.into_iter().enumerate() {
        let lists = only(at, one);
        let parts = Parts {
            mandatory: &lists,
            forbidden: &lists,
            ..MINIMAL
        };
        let name = format!("{name} both mandatory and forbidden");
        // One list is longer than an empty one; the default ones are empty.
        let offset = crate::hex::literal(&lists).len() + 10;
        cases.extend(refused(
            policy,
            &[(&name, &parts.digits(), "structure", offset)],
        ));
    }
    cases
}

fn refusals(policy: &Structure) -> Vec<Case> {
    let pending = |pending| Parts { pending, ..MINIMAL }.digits();
    let switches = |switches| {
        Parts {
            switches,
            ..MINIMAL
        }
        .digits()
    };
    let mandatory = |lists: &str| {
        Parts {
            mandatory: lists,
            ..MINIMAL
        }
        .digits()
    };
    let late = "0000000000000002 0000000000000001 0000000000000003";
    let early = "0000000000000001 0000000000000004 0000000000000003";
    let update = Parts {
        update: late,
        ..MINIMAL
    };
    let keys = Parts {
        keys: early,
        ..MINIMAL
    };
    let buffer = Parts {
        buffer: late,
        ..MINIMAL
    };
    let handshakes = vector(&"0001".repeat(1025));
    let formats = Parts {
        handshakes: &handshakes,
        ..MINIMAL
    };
    let numbers = mandatory(&only(0, &"0001".repeat(1025)));
    let octets = mandatory(&only(9, &"01".repeat(1025)));
    let types = mandatory(&only(8, &"00 00".repeat(257)));
    let long = format!("{} 00", vector(&"61".repeat(1022)));
    let long = mandatory(&only(8, &long));
    let half = mandatory(&only(2, "00"));
    let text = mandatory(&only(8, "01 ff 00"));
    refused(
        policy,
        &[
            (
                "proposals allowed of 2",
                &switches("02 00"),
                "unknown",
                HEAD,
            ),
            (
                "commits allowed of 2",
                &switches("00 02"),
                "unknown",
                HEAD + 1,
            ),
            ("a strategy of 3", &pending("03"), "unknown", HEAD + 2),
            (
                "a strategy of 255, the extension",
                &pending("ff 0024"),
                "unknown",
                HEAD + 2,
            ),
            (
                "the shortest delay longer than the longest",
                &pending("02 0000000000000002 0000000000000001"),
                "structure",
                HEAD + 3,
            ),
            (
                "updates: the default below the minimum",
                &update.digits(),
                "structure",
                HEAD + 3,
            ),
            (
                "keys: the default above the maximum",
                &keys.digits(),
                "structure",
                HEAD + 3 + 24 + 7 + 24,
            ),
            (
                "the buffer: the default below the minimum",
                &buffer.digits(),
                "structure",
                HEAD + 3 + 24 + 7 + 24 + 24 + 4,
            ),
            ("half an extension", &half, "truncated", 3),
            ("a media type that is not UTF-8", &text, "utf8", 10),
            ("1025 versions", &numbers, "limit", 2 + 1024 * 2),
            ("1025 content types", &octets, "limit", 9 + 2 + 1024),
            ("257 media types", &types, "limit", 8 + 2 + 256 * 2),
            ("a media type of 1025 octets", &long, "limit", 8 + 2),
            (
                "1025 wire formats of handshakes",
                &formats.digits(),
                "limit",
                HEAD - 1 + 2 + 1024 * 2,
            ),
        ],
    )
}

//! What the operational policy says of who comes in, and how.

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_policy::{
    AppMessagePolicy, Capability, ExtendedCapabilities, MinDefaultMaxTime, OperationalParameters,
    PendingProposalPolicy,
};
use serde_json::{Value, json};

use super::super::story::{
    ALICE, Attempt, BOB, CATHY, HUB, Room, Table, adds_client, drops_client, external, joiner,
    member, octets, plain, updates,
};
use super::room;
use crate::hex::encode;
use crate::vectors::Case;

const POLICY: ComponentId = ComponentId::MLS_OPERATIONAL_POLICY;

/// Parameters that allow everything.
pub(in super::super) fn without_demands() -> OperationalParameters {
    OperationalParameters {
        mandatory_capabilities: ExtendedCapabilities::default(),
        default_capabilities: ExtendedCapabilities::default(),
        forbidden_capabilities: ExtendedCapabilities::default(),
        handshake_formats: Vec::new(),
        external_proposal_allowed: true,
        external_commit_allowed: true,
        pending_proposal_policy: PendingProposalPolicy::Unspecified,
        leaf_node_update_time: MinDefaultMaxTime::default(),
        app_message_policy: AppMessagePolicy::default(),
        max_kp_lifetime: 0,
        max_credential_lifetime: 0,
        resumption_psk_lifetime: 0,
        sender_nonce_keypair_lifetime: MinDefaultMaxTime::default(),
        max_keypairs: 0,
        buffer_incoming_message_time: MinDefaultMaxTime::default(),
        max_buffered_messages: 0,
    }
}

fn operated(change: impl FnOnce(&mut OperationalParameters)) -> Room {
    let mut parameters = without_demands();
    change(&mut parameters);
    room().having(POLICY, &parameters)
}

pub(super) fn cases() -> Vec<Case> {
    [routes(), leaves(), lifetimes(), new_leaves()].concat()
}

fn routes() -> Vec<Case> {
    let mut t = Table::new("ways in");
    let commits = operated(|p| p.external_commit_allowed = false);
    let proposals = operated(|p| p.external_proposal_allowed = false);
    let joins = [adds_client(CATHY)];
    let kicks = [drops_client(4, CATHY)];
    t.allows(
        "an external commit",
        proposals.commit(&joiner(CATHY), &joins),
    );
    t.refuses(
        "no external commits",
        commits.commit(&joiner(CATHY), &joins),
        "external_commit",
    );
    t.allows(
        "a new member proposes",
        commits.propose(&joiner(CATHY), &joins),
    );
    t.refuses(
        "no new member proposes",
        proposals.propose(&joiner(CATHY), &joins),
        "external_proposal",
    );
    t.allows("the hub proposes", commits.propose(&external(HUB), &kicks));
    t.refuses(
        "the hub does not",
        proposals.propose(&external(HUB), &kicks),
        "external_proposal",
    );
    t.allows(
        "members are no outsiders",
        proposals.propose(&member(ALICE), &kicks),
    );
    t.cases
}

/// Bob adds a client.
fn adds(room: &Room, client: Value) -> Attempt {
    room.commit(&member(BOB), &[client])
}

/// A client of Bob that supports these.
fn supporting(supports: &ExtendedCapabilities) -> Value {
    let mut client = adds_client(BOB);
    client["supports"] = encode(&octets(supports)).into();
    client
}

fn leaves() -> Vec<Case> {
    let mut t = Table::new("capabilities");
    let some = ExtendedCapabilities {
        versions: vec![1],
        cipher_suites: vec![1],
        extensions: vec![6],
        proposals: vec![8],
        credentials: vec![1],
        wire_formats: vec![1],
        component_ids: vec![ComponentId::ROLES_LIST],
        safe_aad_types: vec![ComponentId::FRANK_AAD],
        media_types: vec![MediaType::new("application/mimi-content")],
        content_types: vec![1],
    };
    let demands = operated(|p| p.mandatory_capabilities = some.clone());
    let forbids = operated(|p| p.forbidden_capabilities = some.clone());
    let nothing = ExtendedCapabilities::default();
    t.allows("all that is mandatory", adds(&demands, supporting(&some)));
    t.allows(
        "nothing that is forbidden",
        adds(&forbids, supporting(&nothing)),
    );
    let unknown = || adds_client(BOB);
    t.refuses(
        "not known, and some are mandatory",
        adds(&demands, unknown()),
        "leaf_unknown",
    );
    t.refuses(
        "not known, and some are forbidden",
        adds(&forbids, unknown()),
        "leaf_unknown",
    );
    t.allows(
        "not known, and nothing is said",
        adds(&operated(|_| ()), unknown()),
    );
    type Clear = fn(&mut ExtendedCapabilities);
    let kinds: [(&str, Clear); 10] = [
        ("a version", |c| c.versions.clear()),
        ("a cipher suite", |c| c.cipher_suites.clear()),
        ("an extension", |c| c.extensions.clear()),
        ("a proposal", |c| c.proposals.clear()),
        ("a credential", |c| c.credentials.clear()),
        ("a wire format", |c| c.wire_formats.clear()),
        ("a component", |c| c.component_ids.clear()),
        ("a Safe AAD component", |c| c.safe_aad_types.clear()),
        ("a media type", |c| c.media_types.clear()),
        ("a content type", |c| c.content_types.clear()),
    ];
    for (name, clear) in kinds {
        let mut less = some.clone();
        clear(&mut less);
        t.refuses(
            &format!("without {name}"),
            adds(&demands, supporting(&less)),
            "leaf_lacks",
        );
        let mut only = some.clone();
        let others = kinds.iter().filter(|kind| kind.0 != name);
        others.for_each(|(_, clear)| clear(&mut only));
        let name = format!("{name} that is forbidden");
        t.refuses(&name, adds(&forbids, supporting(&only)), "leaf_supports");
    }
    let strict = {
        let mut parameters = without_demands();
        parameters.mandatory_capabilities = some.clone();
        parameters
    };
    let mut client = supporting(&nothing);
    client["user"] = ALICE.into();
    t.refuses(
        "demands that come along",
        room().commit(&member(ALICE), &[updates(POLICY, &strict), client]),
        "leaf_lacks",
    );
    t.lacks(
        "demands by whoever may not make them",
        room().commit(&member(BOB), &[updates(POLICY, &strict)]),
        Capability::CHANGE_MLS_OPERATIONAL_POLICIES,
    );
    t.cases
}

fn lifetimes() -> Vec<Case> {
    let mut t = Table::new("lifetimes");
    let room = operated(|p| {
        p.max_kp_lifetime = 100;
        p.max_credential_lifetime = 200;
    });
    let lives = |from: u64, until: u64| json!({ "not_before": from.to_string(), "not_after": until.to_string() });
    let leaf = |key_package: Value, credential: Value| {
        let mut client = adds_client(BOB);
        client["key_package"] = key_package;
        client["credential"] = credential;
        client
    };
    let none = || Value::Null;
    t.allows(
        "as long as they may",
        adds(&room, leaf(lives(10, 110), lives(0, 200))),
    );
    t.refuses(
        "a KeyPackage longer",
        adds(&room, leaf(lives(10, 111), none())),
        "leaf_lifetime",
    );
    t.refuses(
        "a credential longer",
        adds(&room, leaf(none(), lives(0, 201))),
        "leaf_lifetime",
    );
    t.refuses(
        "a credential for ever",
        adds(&room, leaf(none(), lives(0, u64::MAX))),
        "leaf_lifetime",
    );
    t.allows("none", adds(&room, leaf(none(), none())));
    let free = operated(|_| ());
    t.allows(
        "any, if there is no limit",
        adds(&free, leaf(lives(0, u64::MAX), lives(0, u64::MAX))),
    );
    t.cases
}

/// A member's next leaf is a leaf like any other (RFC 9420, Section 7.3).
fn new_leaves() -> Vec<Case> {
    let mut t = Table::new("new leaves");
    let listed = |extension| ExtendedCapabilities {
        extensions: vec![extension],
        ..ExtendedCapabilities::default()
    };
    let leaf = |supports: &ExtendedCapabilities, credential: u64| {
        let mut client = plain("update_client");
        client["supports"] = encode(&octets(supports)).into();
        client["credential"] = json!({ "not_before": "0", "not_after": credential.to_string() });
        client
    };
    let room = operated(|p| {
        p.mandatory_capabilities = listed(6);
        p.forbidden_capabilities = listed(7);
        p.max_credential_lifetime = 200;
    });
    let both = ExtendedCapabilities {
        extensions: vec![6, 7],
        ..ExtendedCapabilities::default()
    };
    t.allows("as the room demands", adds(&room, leaf(&listed(6), 200)));
    t.refuses(
        "without what is mandatory",
        adds(&room, leaf(&listed(8), 200)),
        "leaf_lacks",
    );
    t.refuses(
        "with what is forbidden",
        adds(&room, leaf(&both, 200)),
        "leaf_supports",
    );
    t.refuses(
        "with a credential that lives longer",
        adds(&room, leaf(&listed(6), 201)),
        "leaf_lifetime",
    );
    t.refuses(
        "of which nothing is known",
        adds(&room, plain("update_client")),
        "leaf_unknown",
    );
    let lifts = updates(POLICY, &without_demands());
    t.allows(
        "and the demand is lifted",
        room.commit(&member(ALICE), &[lifts, plain("update_client")]),
    );
    t.cases
}

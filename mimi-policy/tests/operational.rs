//! How a room uses MLS: who comes in from outside, what clients must support,
//! and which messages it takes (POLICY, "Operational policy component").

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "tests stop at what must not happen"
)]

mod common;
use common::*;
use insta::assert_snapshot;
use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_policy::{
    Actor, AppMessagePolicy, Bundle, Capability, Change, Denied, ExtendedCapabilities, JoinBasis,
    LeafFacts, Lifetime, MinDefaultMaxTime, OperationalParameters, PendingProposalPolicy, Reason,
};

const OPERATIONAL: ComponentId = ComponentId::MLS_OPERATIONAL_POLICY;

/// Parameters that demand nothing.
fn parameters() -> OperationalParameters {
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

/// A room with such parameters, after an edit.
fn operating(edit: impl FnOnce(&mut OperationalParameters)) -> Room {
    let mut parameters = parameters();
    edit(&mut parameters);
    room().with(OPERATIONAL, &parameters)
}

/// Bob adds a client of his with this leaf.
fn admits(room: &Room, leaf: LeafFacts<'_>) -> Result<(), Denied> {
    let bob = bob();
    let change = Change::AddClient { user: &bob, leaf };
    room.act(Actor::participant(&bob), &[change]).map(drop)
}

fn supporting(supports: &ExtendedCapabilities) -> LeafFacts<'_> {
    LeafFacts {
        supports: Some(supports),
        ..LeafFacts::default()
    }
}

#[test]
fn external_commits_are_for_the_room_to_allow() {
    let (open, shut) = (
        operating(|_| {}),
        operating(|parameters| parameters.external_commit_allowed = false),
    );
    let (bob, cathy) = (bob(), cathy());
    let joiner = Actor::joiner(&cathy);
    assert_eq!(open.policy().may_join(&joiner), Ok(JoinBasis::Participant));
    open.act(joiner, &[join_client(&cathy)]).unwrap();
    let denied = shut.policy().may_join(&joiner).unwrap_err();
    assert_snapshot!(denied, @r#"mimi://c.example/u/cathy cannot commit from outside, as this room allows no external commits: a client in the room has to add its client (POLICY, "Operational policy component")"#);
    let commits = shut.act(joiner, &[join_client(&cathy)]).unwrap_err();
    assert_eq!(commits.reason, denied.reason);
    // She may still propose her client from outside, which Bob commits.
    let changes = [join_client(&cathy)];
    let bundle = Bundle {
        actor: joiner,
        changes: &changes,
    };
    shut.propose(&[bundle]).unwrap();
    shut.commit(Actor::participant(&bob), &[bundle]).unwrap();
}

#[test]
fn external_proposals_are_for_the_room_to_allow() {
    let shut = operating(|parameters| parameters.external_proposal_allowed = false);
    let (bob, cathy, hub) = (bob(), cathy(), hub());
    let own = [join_client(&cathy)];
    let bundle = Bundle {
        actor: Actor::joiner(&cathy),
        changes: &own,
    };
    assert_snapshot!(shut.propose(&[bundle]).unwrap_err(), @r#"mimi://c.example/u/cathy cannot propose from outside, as this room allows no external proposals: a client in the room has to do it (POLICY, "Operational policy component")"#);
    assert!(shut.commit(Actor::participant(&bob), &[bundle]).is_err());
    operating(|_| {}).propose(&[bundle]).unwrap();
    // A commit of her own is no proposal.
    shut.act(Actor::joiner(&cathy), &own).unwrap();

    let kick = [drop_client(3, &bob)];
    let bundle = Bundle {
        actor: Actor::external(&hub),
        changes: &kick,
    };
    assert_snapshot!(shut.propose(&[bundle]).unwrap_err(), @r#"mimi://a.example cannot propose from outside, as this room allows no external proposals: a client in the room has to do it (POLICY, "Operational policy component")"#);
    operating(|_| {}).propose(&[bundle]).unwrap();
    // Members propose from inside.
    shut.act(Actor::participant(&bob), &kick).unwrap();
}

/// One value of each kind that a client supports or not.
fn kinds() -> [ExtendedCapabilities; 10] {
    let none = ExtendedCapabilities::default;
    [
        ExtendedCapabilities {
            versions: vec![1],
            ..none()
        },
        ExtendedCapabilities {
            cipher_suites: vec![2],
            ..none()
        },
        ExtendedCapabilities {
            extensions: vec![6],
            ..none()
        },
        ExtendedCapabilities {
            proposals: vec![8],
            ..none()
        },
        ExtendedCapabilities {
            credentials: vec![2],
            ..none()
        },
        ExtendedCapabilities {
            wire_formats: vec![0xf0a1],
            ..none()
        },
        ExtendedCapabilities {
            component_ids: vec![ComponentId::FRANKING_AGENT],
            ..none()
        },
        ExtendedCapabilities {
            safe_aad_types: vec![ComponentId::FRANK_AAD],
            ..none()
        },
        ExtendedCapabilities {
            media_types: vec![MediaType::new("text/markdown")],
            ..none()
        },
        ExtendedCapabilities {
            content_types: vec![4],
            ..none()
        },
    ]
}

#[test]
fn a_leaf_supports_whatever_is_mandatory() {
    let refusals: Vec<_> = kinds()
        .iter()
        .map(|kind| {
            let room = operating(|parameters| parameters.mandatory_capabilities = kind.clone());
            admits(&room, supporting(kind)).unwrap();
            let denied = admits(&room, supporting(&ExtendedCapabilities::default()));
            denied.unwrap_err().to_string()
        })
        .collect();
    assert_snapshot!(refusals.join("\n"), @r#"
    the client of mimi://b.example/u/bob does not support protocol version 0x0001, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob does not support cipher suite 0x0002, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob does not support extension 0x0006, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob does not support proposal type 0x0008, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob does not support credential type 0x0002, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob does not support wire format 0xf0a1, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob does not support franking_agent, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob does not support frank_aad in the Safe AAD, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob does not support media type text/markdown, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob does not support content type 0x0004, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    "#);
}

#[test]
fn a_leaf_supports_nothing_that_is_forbidden() {
    let refusals: Vec<_> = kinds()
        .iter()
        .map(|kind| {
            let room = operating(|parameters| parameters.forbidden_capabilities = kind.clone());
            admits(&room, supporting(&ExtendedCapabilities::default())).unwrap();
            admits(&room, supporting(kind)).unwrap_err().to_string()
        })
        .collect();
    assert_snapshot!(refusals.join("\n"), @r#"
    the client of mimi://b.example/u/bob supports protocol version 0x0001, which this room forbids: use another client (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob supports cipher suite 0x0002, which this room forbids: use another client (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob supports extension 0x0006, which this room forbids: use another client (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob supports proposal type 0x0008, which this room forbids: use another client (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob supports credential type 0x0002, which this room forbids: use another client (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob supports wire format 0xf0a1, which this room forbids: use another client (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob supports franking_agent, which this room forbids: use another client (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob supports frank_aad in the Safe AAD, which this room forbids: use another client (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob supports media type text/markdown, which this room forbids: use another client (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob supports content type 0x0004, which this room forbids: use another client (POLICY, "Operational policy component")
    "#);
}

#[test]
fn of_several_demands_each_counts() {
    let all = ExtendedCapabilities {
        extensions: vec![6, 0xf000],
        proposals: vec![8, 9],
        ..ExtendedCapabilities::default()
    };
    let room = operating(|parameters| parameters.mandatory_capabilities = all.clone());
    let more = ExtendedCapabilities {
        extensions: vec![0xf000, 7, 6],
        ..all.clone()
    };
    admits(&room, supporting(&more)).unwrap();
    let fewer = ExtendedCapabilities {
        proposals: vec![8],
        ..more
    };
    let denied = admits(&room, supporting(&fewer)).unwrap_err();
    assert_snapshot!(denied, @r#"the client of mimi://b.example/u/bob does not support proposal type 0x0009, which this room demands: update the client, or use another (POLICY, "Operational policy component")"#);
    // What is merely expected is not demanded.
    let room = operating(|parameters| parameters.default_capabilities = all);
    admits(&room, LeafFacts::default()).unwrap();
}

#[test]
fn what_every_mls_client_supports_nobody_lists() {
    let defaults = ExtendedCapabilities {
        extensions: vec![1, 2, 3, 4, 5],
        proposals: vec![1, 2, 3, 4, 5, 6, 7],
        ..ExtendedCapabilities::default()
    };
    let nothing = ExtendedCapabilities::default();
    let room = operating(|parameters| parameters.mandatory_capabilities = defaults.clone());
    admits(&room, supporting(&nothing)).unwrap();
    // For the same reason nobody can be refused for them.
    let room = operating(|parameters| parameters.forbidden_capabilities = defaults.clone());
    admits(&room, supporting(&nothing)).unwrap();
    admits(&room, supporting(&defaults)).unwrap();
    // The numbers behind them are not defaults.
    for beyond in &kinds()[2..4] {
        let room = operating(|parameters| parameters.mandatory_capabilities = beyond.clone());
        assert!(admits(&room, supporting(&nothing)).is_err());
    }
}

#[test]
fn a_room_that_makes_demands_takes_no_leaf_that_is_not_known() {
    let [demand, ..] = kinds();
    let room = operating(|parameters| parameters.mandatory_capabilities = demand.clone());
    assert_snapshot!(admits(&room, LeafFacts::default()).unwrap_err(), @r#"nothing is known of what the client of mimi://b.example/u/bob supports, and this room makes demands (POLICY, "Operational policy component")"#);
    let room = operating(|parameters| parameters.forbidden_capabilities = demand);
    assert!(admits(&room, LeafFacts::default()).is_err());
    // Without a demand there is nothing to know.
    admits(&operating(|_| {}), LeafFacts::default()).unwrap();
    admits(&common::room(), LeafFacts::default()).unwrap();
}

#[test]
fn demands_are_made_of_every_client_that_comes() {
    let [demand, ..] = kinds();
    let room = operating(|parameters| parameters.mandatory_capabilities = demand.clone());
    let (alice, cathy, dora) = (alice(), cathy(), dora());
    let lacks =
        |denied: Result<_, Denied>| matches!(denied.unwrap_err().reason, Reason::LeafUnknown(_));
    // With a participant who is added, by an external commit, by a proposal.
    let adds = octets(&add(&dora, ORDINARY_USER));
    let changes = [list(&adds), join_client(&dora)];
    assert!(lacks(room.act(Actor::participant(&alice), &changes)));
    let changes = [join_client(&cathy)];
    assert!(lacks(room.act(Actor::joiner(&cathy), &changes)));
    let bundle = Bundle {
        actor: Actor::joiner(&cathy),
        changes: &changes,
    };
    assert!(lacks(room.propose(&[bundle])));
    // Those who are in are not asked again, until they come with another leaf.
    room.commit(Actor::participant(&cathy), &[]).unwrap();
    assert!(lacks(
        room.act(Actor::participant(&cathy), &[update_client()])
    ));
}

#[test]
fn a_new_leaf_of_a_member_meets_the_demands_like_any_other() {
    let [mandatory, _, forbidden, ..] = kinds();
    let room = operating(|parameters| {
        parameters.mandatory_capabilities = mandatory.clone();
        parameters.forbidden_capabilities = forbidden.clone();
        parameters.max_kp_lifetime = 3_600;
        parameters.max_credential_lifetime = 3_600;
    });
    let bob = bob();
    let updates = |leaf| {
        let changes = [Change::UpdateClient { leaf }];
        room.act(Actor::participant(&bob), &changes).map(drop)
    };
    let fits = supporting(&mandatory);
    updates(fits).unwrap();
    let both = ExtendedCapabilities {
        extensions: forbidden.extensions,
        ..mandatory.clone()
    };
    let refusals = [
        LeafFacts::default(),
        supporting(&ExtendedCapabilities::default()),
        supporting(&both),
        LeafFacts {
            credential: lasting(3_601),
            ..fits
        },
    ]
    .map(|leaf| updates(leaf).unwrap_err().to_string());
    assert_snapshot!(refusals.join("\n"), @r#"
nothing is known of what the client of mimi://b.example/u/bob supports, and this room makes demands (POLICY, "Operational policy component")
the client of mimi://b.example/u/bob does not support protocol version 0x0001, which this room demands: update the client, or use another (POLICY, "Operational policy component")
the client of mimi://b.example/u/bob supports extension 0x0006, which this room forbids: use another client (POLICY, "Operational policy component")
the credential of the client of mimi://b.example/u/bob is valid for 3601 seconds, and this room allows 3600: it needs one that expires sooner (POLICY, "Operational policy component")
"#);
}

#[test]
fn a_commit_that_lifts_a_demand_need_not_meet_it() {
    let [demand, ..] = kinds();
    let mut room = operating(|parameters| parameters.mandatory_capabilities = demand);
    let capability = Capability::CHANGE_MLS_OPERATIONAL_POLICIES;
    room = room.with_role(ORDINARY_USER, |role| {
        role.capabilities = role.capabilities.iter().chain([capability]).collect();
    });
    let (bob, lifts) = (bob(), octets(&parameters()));
    let changes = [component(OPERATIONAL, &lifts), update_client()];
    room.act(Actor::participant(&bob), &changes).unwrap();
    assert!(room.act(Actor::participant(&bob), &changes[1..]).is_err());
}

fn lasting(seconds: u64) -> Option<Lifetime> {
    Some(Lifetime {
        not_before: 1_000,
        not_after: 1_000 + seconds,
    })
}

#[test]
fn a_key_package_is_valid_for_no_longer_than_the_room_allows() {
    let of = |lifetime| LeafFacts {
        key_package: lifetime,
        ..LeafFacts::default()
    };
    let room = operating(|parameters| parameters.max_kp_lifetime = 3_600);
    admits(&room, of(None)).unwrap();
    admits(&room, of(lasting(0))).unwrap();
    admits(&room, of(lasting(3_600))).unwrap();
    let denied = admits(&room, of(lasting(3_601))).unwrap_err();
    assert_snapshot!(denied, @r#"the KeyPackage of the client of mimi://b.example/u/bob is valid for 3601 seconds, and this room allows 3600: it needs one that expires sooner (POLICY, "Operational policy component")"#);
    let ever = Lifetime {
        not_before: 0,
        not_after: u64::MAX,
    };
    assert!(admits(&room, of(Some(ever))).is_err());
    // One that ends before it begins is never valid, so not for too long.
    let never = Lifetime {
        not_before: u64::MAX,
        not_after: 0,
    };
    admits(&room, of(Some(never))).unwrap();
    // A maximum of 0 is none, and the one of credentials is another.
    admits(&operating(|_| {}), of(Some(ever))).unwrap();
    let other = operating(|parameters| parameters.max_credential_lifetime = 1);
    admits(&other, of(lasting(3_600))).unwrap();
}

#[test]
fn a_credential_is_valid_for_no_longer_than_the_room_allows() {
    let of = |lifetime| LeafFacts {
        credential: lifetime,
        ..LeafFacts::default()
    };
    let room = operating(|parameters| parameters.max_credential_lifetime = 86_400);
    admits(&room, of(None)).unwrap();
    admits(&room, of(lasting(86_400))).unwrap();
    let denied = admits(&room, of(lasting(86_401))).unwrap_err();
    assert_snapshot!(denied, @r#"the credential of the client of mimi://b.example/u/bob is valid for 86401 seconds, and this room allows 86400: it needs one that expires sooner (POLICY, "Operational policy component")"#);
    admits(&operating(|_| {}), of(lasting(86_401))).unwrap();
    let other = operating(|parameters| parameters.max_kp_lifetime = 1);
    admits(&other, of(lasting(86_400))).unwrap();
}

#[test]
fn handshakes_have_a_format_that_the_room_lists() {
    let takes = |room: &Room, format| room.policy().accepts_handshake(format);
    let room = operating(|parameters| parameters.handshake_formats = vec![1, 0xf0a1]);
    takes(&room, 1).unwrap();
    takes(&room, 0xf0a1).unwrap();
    assert_snapshot!(takes(&room, 2).unwrap_err(), @r#"this room does not take proposals and commits in wire format 0x0002: send one that its operational policy lists (POLICY, "Operational policy component")"#);
    // An empty list says nothing, and neither does a room without parameters.
    takes(&operating(|_| {}), 2).unwrap();
    takes(&common::room(), 2).unwrap();
}

#[test]
fn messages_are_of_an_epoch_that_the_room_tolerates() {
    let tolerating = |epochs| {
        operating(|parameters| parameters.app_message_policy.epoch_tolerance = epochs).policy()
    };
    let two = tolerating(2);
    for sent in [8, 9, 10] {
        two.accepts_epoch(sent, 10).unwrap();
    }
    assert_snapshot!(two.accepts_epoch(7, 10).unwrap_err(), @r#"the message is of epoch 7, and the room is in 10 and accepts at most 2 epochs before that: send it in the epoch of the room (POLICY, "Operational policy component")"#);
    assert_snapshot!(two.accepts_epoch(11, 10).unwrap_err(), @r#"the message is of epoch 11, and the room is in 10 and accepts at most 2 epochs before that: send it in the epoch of the room (POLICY, "Operational policy component")"#);
    two.accepts_epoch(0, 0).unwrap();
    two.accepts_epoch(u64::MAX - 2, u64::MAX).unwrap();
    assert!(two.accepts_epoch(0, u64::MAX).is_err());
    assert!(two.accepts_epoch(u64::MAX, 0).is_err());
    tolerating(0).accepts_epoch(10, 10).unwrap();
    assert!(tolerating(0).accepts_epoch(9, 10).is_err());
    tolerating(255).accepts_epoch(0, 255).unwrap();
    assert!(tolerating(255).accepts_epoch(0, 256).is_err());
    // Without parameters it is left to the hub.
    room().policy().accepts_epoch(0, 1_000).unwrap();
}

#[test]
fn an_added_leaf_is_judged_by_the_parameters_of_the_same_commit() {
    let [demand, ..] = kinds();
    let mut demanding = parameters();
    demanding.mandatory_capabilities = demand.clone();
    let entitled = |room: Room| {
        room.with_role(SUPER_ADMIN, |role| {
            role.capabilities = [
                Capability::ADD_OWN_CLIENT,
                Capability::CHANGE_MLS_OPERATIONAL_POLICIES,
            ]
            .into_iter()
            .collect();
        })
    };
    let (alice, bob) = (alice(), bob());
    let actor = Actor::participant(&alice);
    let octets = octets(&demanding);
    let update = component(OPERATIONAL, &octets);
    let room = entitled(room());
    room.act(actor, &[join_client(&alice)]).unwrap();
    room.act(actor, &[update]).unwrap();
    // Whichever comes first, and whoever adds the leaf.
    let unknown =
        |denied: Result<_, Denied>| matches!(denied.unwrap_err().reason, Reason::LeafUnknown(_));
    assert!(unknown(room.act(actor, &[update, join_client(&alice)])));
    assert!(unknown(room.act(actor, &[join_client(&alice), update])));
    let (by_alice, by_bob) = ([update], [join_client(&bob)]);
    let bundles = [
        Bundle {
            actor: Actor::participant(&bob),
            changes: &by_bob,
        },
        Bundle {
            actor,
            changes: &by_alice,
        },
    ];
    assert!(unknown(room.commit(actor, &bundles)));
    let knows = Change::AddClient {
        user: &alice,
        leaf: supporting(&demand),
    };
    room.act(actor, &[update, knows]).unwrap();

    // A demand that goes in the same commit is made of nobody.
    let room = entitled(common::room().with(OPERATIONAL, &demanding));
    assert!(unknown(room.act(actor, &[join_client(&alice)])));
    let changes = [removal(OPERATIONAL), join_client(&alice)];
    room.act(actor, &changes).unwrap();
    // Nor does it keep the hub from letting them come.
    let (policy, changes) = (room.policy(), &changes);
    policy
        .may_propose(&policy, &[], &Bundle { actor, changes }, &room.clients)
        .unwrap();
}

#[test]
fn whether_someone_may_come_from_outside_is_decided_before_the_commit() {
    let room = operating(|parameters| parameters.external_commit_allowed = false).with_role(
        ORDINARY_USER,
        |role| {
            role.capabilities = [
                Capability::ADD_OWN_CLIENT,
                Capability::CHANGE_MLS_OPERATIONAL_POLICIES,
            ]
            .into_iter()
            .collect();
        },
    );
    let (bob, cathy) = (bob(), cathy());
    // Bob has proposed the change, and Cathy commits it along with her coming.
    let comes = |room: &Room, update: &[u8]| {
        let (changes, joins) = ([component(OPERATIONAL, update)], [join_client(&cathy)]);
        let proposed = Bundle {
            actor: Actor::participant(&bob),
            changes: &changes,
        };
        let actor = Actor::joiner(&cathy);
        let own = Bundle {
            actor,
            changes: &joins,
        };
        room.commit(actor, &[proposed, own])
    };
    let denied = comes(&room, &octets(&parameters())).unwrap_err();
    assert_eq!(denied.reason, Reason::ExternalCommit(cathy.clone()));
    let closing = OperationalParameters {
        external_commit_allowed: false,
        ..parameters()
    };
    let room = Room {
        further: Default::default(),
        ..room
    };
    comes(&room, &octets(&closing)).unwrap();
}

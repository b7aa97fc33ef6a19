//! What the operational policy of a room forbids, and the changes that it lets
//! through: hub and clients follow each of them.

use crate::rogue::{Plan, Scene, enlist, update};
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_policy::{
    AppMessagePolicy, Capability, ExtendedCapabilities, MinDefaultMaxTime, OperationalParameters,
    PendingProposalPolicy, Reason, Role, RoleList, presets,
};
use mimi_protocol::client::Intent;
use mimi_protocol::hub::{Outcome, Rejection};
use mimi_protocol::wire::SubmitMessageResponse;
use mimi_protocol::wire::mls::WireFormat;

/// A room that asks for nothing.
fn lenient() -> OperationalParameters {
    let any = MinDefaultMaxTime {
        min: 0,
        default: 0,
        max: u64::MAX,
    };
    OperationalParameters {
        mandatory_capabilities: ExtendedCapabilities::default(),
        default_capabilities: ExtendedCapabilities::default(),
        forbidden_capabilities: ExtendedCapabilities::default(),
        handshake_formats: Vec::new(),
        external_proposal_allowed: true,
        external_commit_allowed: true,
        pending_proposal_policy: PendingProposalPolicy::Unspecified,
        leaf_node_update_time: any,
        app_message_policy: AppMessagePolicy::default(),
        max_kp_lifetime: 0,
        max_credential_lifetime: 0,
        resumption_psk_lifetime: 0,
        sender_nonce_keypair_lifetime: any,
        max_keypairs: 0,
        buffer_incoming_message_time: any,
        max_buffered_messages: 0,
    }
}

/// The cooperative roles, where ordinary users have one capability more or less.
fn roles(change: impl Fn(Role) -> Role) -> RoleList {
    let roles = presets::cooperative();
    let roles = roles.iter().cloned().map(|role| match role.index {
        presets::ORDINARY_USER => change(role),
        _ => role,
    });
    RoleList::new(roles.collect()).unwrap()
}

/// Alice's room, to which Bob gives this policy.
fn scene(parameters: &OperationalParameters) -> Scene {
    let roles = roles(|mut role| {
        let more = [Capability::CHANGE_MLS_OPERATIONAL_POLICIES];
        role.capabilities = role.capabilities.iter().chain(more).collect();
        role
    });
    let mut scene = Scene::with_roles(roles);
    let parameters = parameters.to_vec().unwrap();
    let set = update(ComponentId::MLS_OPERATIONAL_POLICY, parameters);
    scene.accept_commit(Plan::of([set]));
    assert!(scene.hub().policy().operational().is_some());
    let alice = &scene.world.clients[&scene.alice];
    let alices = alice.room().policy().components();
    assert_eq!(alices, scene.hub().policy().components());
    scene
}

#[test]
fn an_operational_policy_of_someone_without_the_right() {
    let mut scene = Scene::new();
    let parameters = lenient().to_vec().unwrap();
    let set = update(ComponentId::MLS_OPERATIONAL_POLICY, parameters);
    let refused = scene.refuse_commit(Plan::of([set]));
    let capability = Capability::CHANGE_MLS_OPERATIONAL_POLICIES;
    assert!(matches!(refused.reason(), Reason::Lacks { capability: c, .. } if *c == capability));
}

#[test]
fn a_client_that_lacks_what_is_mandatory_or_has_what_is_forbidden() {
    let listed = |component| ExtendedCapabilities {
        component_ids: vec![component],
        ..ExtendedCapabilities::default()
    };
    let mandatory = OperationalParameters {
        mandatory_capabilities: listed(ComponentId(0x7777)),
        ..lenient()
    };
    let forbidden = OperationalParameters {
        forbidden_capabilities: listed(ComponentId::ROLES_LIST),
        ..lenient()
    };
    for (parameters, lacks) in [(mandatory, true), (forbidden, false)] {
        let mut scene = scene(&parameters);
        let (dave, key_package) = scene.newcomer("c.example", "dave");
        let list = enlist(&dave.user, presets::ORDINARY_USER);
        let refused = scene.refuse_commit(Plan::of([list]).add(&key_package));
        match refused.reason() {
            Reason::LeafLacks { user, what } if lacks => {
                assert_eq!((user, what.as_str()), (&dave.user, "component 0x7777"));
            }
            Reason::LeafSupports { user, what } if !lacks => {
                assert_eq!((user, what.as_str()), (&dave.user, "roles_list"));
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_key_package_that_is_valid_for_too_long() {
    // Those of the scene are valid for 25 hours.
    for (hours, fits) in [(25, true), (24, false)] {
        let mut scene = scene(&OperationalParameters {
            max_kp_lifetime: hours * 3600,
            ..lenient()
        });
        let (dave, key_package) = scene.newcomer("c.example", "dave");
        let list = enlist(&dave.user, presets::ORDINARY_USER);
        let plan = Plan::of([list]).add(&key_package);
        if fits {
            scene.accept_commit(plan);
        } else {
            let refused = scene.refuse_commit(plan);
            assert!(matches!(refused.reason(), Reason::LeafLifetime { .. }));
        }
    }
}

#[test]
fn a_commit_in_a_wire_format_that_the_room_does_not_take() {
    let mut scene = scene(&OperationalParameters {
        handshake_formats: vec![0xf0a1],
        ..lenient()
    });
    let refused = scene.refuse_commit(Plan::default());
    let public = WireFormat::PUBLIC_MESSAGE.0;
    assert_eq!(*refused.reason(), Reason::HandshakeFormat(public));
}

#[test]
fn a_message_older_than_the_room_tolerates() {
    let tolerant = |epoch_tolerance| OperationalParameters {
        app_message_policy: AppMessagePolicy {
            epoch_tolerance,
            ..AppMessagePolicy::default()
        },
        ..lenient()
    };
    for (tolerance, commits) in [(0, 1), (1, 2)] {
        let mut scene = scene(&tolerant(tolerance));
        let (first, second) = (scene.bob.message("Late"), scene.bob.message("Later"));
        for _ in 1..commits {
            scene.alice_does(Intent::Commit);
        }
        if tolerance > 0 {
            // One epoch late, and in time.
            let message = first.to_vec().unwrap();
            let submit = scene.submit();
            let outcome = scene.offer("b.example", &submit, message).unwrap();
            assert!(matches!(outcome, Outcome::Reply(_)));
        }
        scene.alice_does(Intent::Commit);
        let refused = scene.refuse_message("b.example", &second);
        let current_epoch = scene.hub().epoch();
        assert!(matches!(refused.rejection, Rejection::WrongEpoch { .. }));
        let too_old = SubmitMessageResponse::EpochTooOld { current_epoch };
        assert_eq!(refused.submit(), too_old);
    }
}

#[test]
fn messages_go_to_no_provider_whose_users_may_not_receive_them() {
    let roles = roles(|mut role| {
        let may = role.capabilities.iter();
        let may = may.filter(|capability| *capability != Capability::RECEIVE_MESSAGE);
        role.capabilities = may.collect();
        role
    });
    let mut scene = Scene::with_roles(roles);
    let mailbox = |scene: &Scene, of: &MimiUri| scene.world.clients[of].mailbox.len();
    let (alice, cathy) = (scene.alice.clone(), scene.cathy.clone());
    let before = (mailbox(&scene, &alice), mailbox(&scene, &cathy));
    let message = scene.bob.message("For admins").to_vec().unwrap();
    let submit = scene.submit();
    scene.offer("b.example", &submit, message).unwrap();
    scene.world.run();
    let after = (mailbox(&scene, &alice), mailbox(&scene, &cathy));
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 0));
    // They hear of commits all the same.
    scene.alice_does(Intent::Commit);
    assert!(mailbox(&scene, &cathy) > after.1);
}

//! What the operational policy of a room forbids, and the changes that it lets
//! through: hub and clients follow each of them.

use crate::rogue::{
    Plan, Rogue, Scene, commit_body, enlist, leaf, lenient, listing, proposals_body, propose_name,
    roles, semi_private, tolerant, update,
};
use crate::world::SUITE;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_policy::{Capability, OperationalParameters, Reason, presets};
use mimi_protocol::client::{Intent, JoinRequest};
use mimi_protocol::hub::{Outcome, Rejection};
use mimi_protocol::wire::mls::WireFormat;
use mimi_protocol::wire::{GroupInfoCode, SubmitMessageResponse};

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
    let mandatory = OperationalParameters {
        mandatory_capabilities: listing(ComponentId(0x7777)),
        ..lenient()
    };
    let forbidden = OperationalParameters {
        forbidden_capabilities: listing(ComponentId::ROLES_LIST),
        ..lenient()
    };
    for (parameters, lacks) in [(mandatory, true), (forbidden, false)] {
        let mut scene = Scene::operated(&parameters);
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
        let mut scene = Scene::operated(&OperationalParameters {
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

/// A second device of Cathy's, which Bob has told everything.
fn device(scene: &mut Scene) -> Rogue {
    let mut second = Rogue::new(&mut scene.world, "c.example", "cathy", "ClientC2");
    second.user = scene.user(&scene.cathy);
    second
}

#[test]
fn an_external_commit_where_none_are_allowed() {
    for allowed in [true, false] {
        let mut scene = Scene::operated(&OperationalParameters {
            external_commit_allowed: allowed,
            ..lenient()
        });
        let second = device(&mut scene);
        let leak = scene.bob.leak();
        let bundle = second.external_commit(leak, &[], &[], &scene.bob.policy());
        if allowed {
            scene.accept_update("c.example", commit_body(&bundle));
            continue;
        }
        let refused = scene.refuse("c.example", &scene.update(), commit_body(&bundle));
        assert_eq!(*refused.reason(), Reason::ExternalCommit(second.user));
        refused.is_not_allowed();
    }
}

#[test]
fn a_group_info_request_where_no_external_commits_are_allowed() {
    let mut scene = Scene::operated(&OperationalParameters {
        external_commit_allowed: false,
        ..lenient()
    });
    let device = scene.world.add_client("c.example", "cathy", "ClientC2");
    let env = scene.world.env(&scene.world.clients[&device].keys);
    let request = JoinRequest::new(scene.room.clone(), SUITE, None, &env).unwrap();
    let refused = scene.refuse("c.example", &request.endpoint(), request.body().clone());
    let cathy = scene.user(&device);
    assert_eq!(*refused.reason(), Reason::ExternalCommit(cathy));
    assert_eq!(refused.group_info(), GroupInfoCode::NOT_AUTHORIZED);
}

#[test]
fn an_external_commit_of_a_client_that_lacks_what_is_mandatory() {
    let mut scene = Scene::operated(&OperationalParameters {
        mandatory_capabilities: listing(ComponentId(0x7777)),
        ..lenient()
    });
    let second = device(&mut scene);
    let leak = scene.bob.leak();
    let bundle = second.external_commit(leak, &[], &[], &scene.bob.policy());
    let refused = scene.refuse("c.example", &scene.update(), commit_body(&bundle));
    let lacks = matches!(refused.reason(), Reason::LeafLacks { user, .. } if *user == second.user);
    assert!(lacks, "{}", refused.rejection);
}

#[test]
fn a_path_whose_leaf_drops_what_is_mandatory_or_takes_up_what_is_forbidden() {
    let (needed, unwanted) = (ComponentId::JOIN_LINKS, ComponentId(0x7777));
    let mut scene = Scene::operated(&OperationalParameters {
        mandatory_capabilities: listing(needed),
        forbidden_capabilities: listing(unwanted),
        ..lenient()
    });
    let bob = scene.bob.user.clone();
    let refused = scene.refuse_commit(Plan::default().leaf(leaf(Some(needed), None)));
    let lacks = matches!(refused.reason(), Reason::LeafLacks { user, .. } if *user == bob);
    assert!(lacks, "{}", refused.rejection);
    refused.is_not_allowed();
    let refused = scene.refuse_commit(Plan::default().leaf(leaf(None, Some(unwanted))));
    let has = matches!(refused.reason(), Reason::LeafSupports { user, .. } if *user == bob);
    assert!(has, "{}", refused.rejection);
    let other = leaf(None, Some(ComponentId(0x7776)));
    scene.accept_commit(Plan::default().leaf(other));
    scene.alice_commits();
}

/// Whoever may change the policy can always take back what nobody meets, also
/// when what is pending makes the commit bring a new leaf.
#[test]
fn a_path_under_a_demand_that_nobody_meets_unless_the_commit_lifts_it() {
    let mut scene = Scene::operated(&OperationalParameters {
        mandatory_capabilities: listing(ComponentId(0x7777)),
        ..lenient()
    });
    let alice = scene.alice.clone();
    let refused = scene.world.intend(&alice, Intent::Commit).unwrap_err();
    assert!(refused.to_string().contains("0x7777"), "{refused}");
    scene.refuse_commit(Plan::default());
    scene
        .world
        .intend(&scene.cathy.clone(), Intent::Leave)
        .unwrap();
    scene.bob.catch_up(&scene.world);
    let lifts = update(
        ComponentId::MLS_OPERATIONAL_POLICY,
        lenient().to_vec().unwrap(),
    );
    scene.accept_commit(Plan::of([lifts]));
    assert_eq!((scene.hub().pending(), scene.hub().clients().len()), (0, 2));
    scene.alice_commits();
}

#[test]
fn a_credential_that_is_valid_for_too_long() {
    let parameters = OperationalParameters {
        max_credential_lifetime: 3_600,
        ..lenient()
    };
    let lives = |reason: &Reason, of: &MimiUri| {
        let lives = matches!(reason, Reason::LeafLifetime { user, of: "credential", seconds: 3_601, .. } if user == of);
        assert!(lives, "{reason}");
    };
    for (seconds, fits) in [(3_600, true), (3_601, false)] {
        // In an Add.
        let mut scene = Scene::operated(&parameters);
        let (dave, key_package) = scene.newcomer("c.example", "dave");
        scene.certify(&dave.user, seconds);
        let list = enlist(&dave.user, presets::ORDINARY_USER);
        let plan = Plan::of([list]).add(&key_package);
        match fits {
            true => scene.accept_commit(plan),
            false => lives(scene.refuse_commit(plan).reason(), &dave.user),
        }
        // In an external commit.
        let mut scene = Scene::operated(&parameters);
        let second = device(&mut scene);
        scene.certify(&second.user, seconds);
        let leak = scene.bob.leak();
        let bundle = second.external_commit(leak, &[], &[], &scene.bob.policy());
        let (update, body) = (scene.update(), commit_body(&bundle));
        match fits {
            true => drop(scene.accept_update("c.example", body)),
            false => lives(
                scene.refuse("c.example", &update, body).reason(),
                &second.user,
            ),
        }
        // In the path of a commit.
        let mut scene = Scene::operated(&parameters);
        let bob = scene.bob.user.clone();
        scene.certify(&bob, seconds);
        match fits {
            true => scene.accept_commit(Plan::default()),
            false => lives(scene.refuse_commit(Plan::default()).reason(), &bob),
        }
    }
}

#[test]
fn a_commit_in_a_wire_format_that_the_room_does_not_take() {
    let mut scene = Scene::operated(&semi_private());
    let refused = scene.refuse_commit(Plan::default());
    let public = WireFormat::PUBLIC_MESSAGE.0;
    assert_eq!(*refused.reason(), Reason::HandshakeFormat(public));
    refused.is_not_allowed();
}

#[test]
fn a_proposal_in_a_wire_format_that_the_room_does_not_take() {
    let mut scene = Scene::operated(&semi_private());
    let renamed = propose_name(&scene.room, "Den");
    let proposal = scene.bob.propose(renamed);
    let refused = scene.refuse_update(proposals_body(&[proposal]));
    let public = WireFormat::PUBLIC_MESSAGE.0;
    assert_eq!(*refused.reason(), Reason::HandshakeFormat(public));
    refused.is_not_allowed();
}

#[test]
fn a_message_older_than_the_room_tolerates() {
    for (tolerance, commits) in [(0, 1), (1, 2)] {
        let mut scene = Scene::operated(&tolerant(tolerance));
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

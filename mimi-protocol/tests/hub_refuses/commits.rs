//! Changes that the policy or EXT forbids, and paths and group contexts that
//! are not the sender's to choose.

use crate::rogue::{
    Plan, Rogue, Scene, enlist, label, leaf_extensions, promote, rename, strike, take_away, update,
};
use crate::world::SUITE;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_franking::FrankingAgent;
use mimi_policy::{Capability, Invalid, MoveRoles, Reason, Role, RoomMetadata, presets};
use mimi_protocol::client::leaf_components;
use mimi_protocol::hub::Rejection;
use mimi_protocol::mls::openmls::prelude::{
    Extension, ExtensionType, ExternalSender, LeafNodeParameters, ProposalType,
    RequiredCapabilitiesExtension,
};
use mimi_protocol::mls::{ChangeError, ContextError};
use openmls_basic_credential::SignatureKeyPair;

// Participants and their clients

#[test]
fn a_participant_taken_from_the_list_whose_client_stays() {
    let mut scene = Scene::with_bob_as(presets::GROUP_ADMIN);
    let cathy = scene.user(&scene.cathy);
    let (index, leaf) = (scene.bob.index_of(&cathy), scene.bob.leaf_of(&scene.cathy));
    let refused = scene.refuse_commit(Plan::of([promote(index, Role::BANNED)]));
    let keeps = Reason::KeepsClients {
        user: cathy,
        clients: 1,
    };
    assert_eq!(*refused.reason(), keeps);
    refused.is_not_allowed();
    let refused = scene.refuse_commit(Plan::of([strike(index)]));
    assert_eq!(*refused.reason(), keeps);
    refused.is_not_allowed();
    scene.accept_commit(Plan::of([strike(index)]).remove(leaf));
}

#[test]
fn a_client_of_a_user_who_is_not_added() {
    let mut scene = Scene::new();
    let (dave, key_package) = scene.newcomer("c.example", "dave");
    let refused = scene.refuse_commit(Plan::default().add(&key_package));
    let not_yours = Reason::NotYourClient(dave.user.clone());
    assert_eq!(*refused.reason(), not_yours);
    refused.is_not_allowed();
    let list = enlist(&dave.user, presets::ORDINARY_USER);
    scene.accept_commit(Plan::of([list]).add(&key_package));
}

#[test]
fn a_client_of_another_user_than_the_one_who_is_added() {
    let mut scene = Scene::new();
    let (dave, key_package) = scene.newcomer("c.example", "dave");
    let other = MimiUri::new_user("c.example", "erin").unwrap();
    let list = enlist(&other, presets::ORDINARY_USER);
    let refused = scene.refuse_commit(Plan::of([list]).add(&key_package));
    assert_eq!(*refused.reason(), Reason::NotYourClient(dave.user));
}

#[test]
fn a_second_client_for_another_participant() {
    let mut scene = Scene::with_bob_as(presets::GROUP_ADMIN);
    let mut second = Rogue::new(&mut scene.world, "c.example", "cathy", "ClientC2");
    second.user = scene.user(&scene.cathy);
    let key_package = second.key_package(&scene.world);
    second.publish(&mut scene.world, &key_package);
    scene.bob_claims(&second.user);
    let refused = scene.refuse_commit(Plan::default().add(&key_package));
    assert_eq!(*refused.reason(), Reason::NotYourClient(second.user));
}

#[test]
fn a_user_added_in_a_role_that_an_ordinary_user_may_not_give() {
    let mut scene = Scene::new();
    let (dave, key_package) = scene.newcomer("c.example", "dave");
    let list = enlist(&dave.user, presets::GROUP_ADMIN);
    let refused = scene.refuse_commit(Plan::of([list]).add(&key_package));
    let role_move = Reason::RoleMove {
        user: scene.bob.user.clone(),
        capability: Capability::ADD_PARTICIPANT,
        roles: Box::new(MoveRoles {
            actor: label(presets::ORDINARY_USER),
            from: label(Role::NONE),
            to: label(presets::GROUP_ADMIN),
        }),
    };
    assert_eq!(*refused.reason(), role_move);
    refused.is_not_allowed();
}

#[test]
fn an_ordinary_user_who_bans_kicks_or_promotes() {
    let mut scene = Scene::new();
    let cathy = scene.user(&scene.cathy);
    let (index, leaf) = (scene.bob.index_of(&cathy), scene.bob.leaf_of(&scene.cathy));
    let own = scene.bob.index_of(&scene.bob.user);
    for (plan, lacks) in [
        (
            Plan::of([promote(index, Role::BANNED)]).remove(leaf),
            Capability::BAN,
        ),
        (Plan::default().remove(leaf), Capability::KICK),
        (
            Plan::of([promote(index, presets::GROUP_ADMIN)]),
            Capability::CHANGE_USER_ROLE,
        ),
        (
            Plan::of([promote(own, presets::SUPER_ADMIN)]),
            Capability::CHANGE_OWN_ROLE,
        ),
    ] {
        let refused = scene.refuse_commit(plan);
        let reason = Reason::Lacks {
            user: scene.bob.user.clone(),
            role: label(presets::ORDINARY_USER),
            capability: lacks,
        };
        assert_eq!(*refused.reason(), reason);
        refused.is_not_allowed();
    }
}

#[test]
fn a_user_named_twice_in_one_commit() {
    let mut scene = Scene::with_bob_as(presets::GROUP_ADMIN);
    let cathy = scene.user(&scene.cathy);
    let (index, leaf) = (scene.bob.index_of(&cathy), scene.bob.leaf_of(&scene.cathy));
    let twice = [strike(index), promote(index, presets::GROUP_ADMIN)];
    let refused = scene.refuse_commit(Plan::of(twice).remove(leaf));
    let why = Invalid::UserTwice(cathy);
    assert_eq!(refused.rejection, Rejection::Invalid(why));
    refused.is_invalid();
}

#[test]
fn an_index_behind_the_end_of_the_list() {
    let mut scene = Scene::new();
    let refused = scene.refuse_commit(Plan::of([strike(3)]));
    let why = Invalid::IndexPastEnd { index: 3, len: 3 };
    assert_eq!(refused.rejection, Rejection::Invalid(why));
    refused.is_invalid();
}

// Components

#[test]
fn component_updates_that_ext_or_the_policy_forbids() {
    let mut scene = Scene::with_bob_as(presets::SUPER_ADMIN);
    let agent = FrankingAgent::basic(
        scene.bob.signer.public().to_vec(),
        &MimiUri::new_provider("b.example").unwrap(),
    );
    let (agent_id, agent) = agent.to_component().unwrap();
    let unknown = ComponentId(0x7777);
    let preauth = ComponentId::PREAUTH_LIST;
    let empty = mimi_policy::PreauthList::default().to_vec().unwrap();
    for (proposals, why) in [
        (
            vec![update(unknown, [1])],
            Invalid::UnknownComponent(unknown),
        ),
        (vec![take_away(unknown)], Invalid::UnknownComponent(unknown)),
        (
            vec![update(agent_id, agent)],
            Invalid::NotChangeable(agent_id),
        ),
        (vec![take_away(agent_id)], Invalid::NotChangeable(agent_id)),
        (vec![take_away(preauth)], Invalid::RemovedAbsent(preauth)),
        (
            vec![take_away(preauth), update(preauth, empty)],
            Invalid::UpdatedAndRemoved(preauth),
        ),
        (
            vec![take_away(ComponentId::ROLES_LIST)],
            Invalid::NotRemovable(ComponentId::ROLES_LIST),
        ),
        (
            vec![rename(&scene.room, "Den"), rename(&scene.room, "Nook")],
            Invalid::MetadataTwice,
        ),
        (
            vec![update(ComponentId::APP_COMPONENTS, [0])],
            Invalid::NotChangeable(ComponentId::APP_COMPONENTS),
        ),
    ] {
        let refused = scene.refuse_commit(Plan::of(proposals));
        assert_eq!(refused.rejection, Rejection::Invalid(why));
        refused.is_invalid();
    }
}

#[test]
fn metadata_of_another_room() {
    let mut scene = Scene::with_bob_as(presets::SUPER_ADMIN);
    let other = MimiUri::new_room("b.example", "den").unwrap();
    let metadata = RoomMetadata::new(other, "Clubhouse").to_vec().unwrap();
    let refused = scene.refuse_commit(Plan::of([update(ComponentId::ROOM_METADATA, metadata)]));
    let why = Invalid::RoomUriChanged;
    assert_eq!(refused.rejection, Rejection::Invalid(why));
}

#[test]
fn a_list_update_that_does_not_decode() {
    let mut scene = Scene::new();
    let junk = update(ComponentId::PARTICIPANT_LIST, [0xff, 0xff]);
    let refused = scene.refuse_commit(Plan::of([junk]));
    let malformed = matches!(&refused.rejection,
        Rejection::Invalid(Invalid::Malformed { component, .. })
            if *component == ComponentId::PARTICIPANT_LIST);
    assert!(malformed, "{}", refused.rejection);
    refused.is_invalid();
}

// The group context

fn extensions(scene: &Scene) -> Vec<Extension> {
    scene.bob.group().extensions().iter().cloned().collect()
}

#[track_caller]
fn refuse_context(scene: &mut Scene, extensions: Vec<Extension>) {
    let plan = Plan::default().context(extensions);
    let refused = scene.refuse_commit(plan);
    assert_eq!(*refused.reason(), Reason::NotPrescribed);
    refused.is_not_allowed();
}

#[test]
fn another_hub_in_external_senders() {
    let mut scene = Scene::with_bob_as(presets::SUPER_ADMIN);
    let mine = ExternalSender::new(
        scene.bob.signer.public().into(),
        scene
            .bob
            .credential_as(&MimiUri::new_provider("a.example").unwrap())
            .credential,
    );
    let mut extensions = extensions(&scene);
    for extension in &mut extensions {
        if extension.extension_type() == ExtensionType::ExternalSenders {
            *extension = Extension::ExternalSenders(vec![mine.clone()]);
        }
    }
    refuse_context(&mut scene, extensions);
}

#[test]
fn other_required_capabilities() {
    let mut scene = Scene::with_bob_as(presets::SUPER_ADMIN);
    let less = RequiredCapabilitiesExtension::new(
        &[ExtensionType::AppDataDictionary],
        &[ProposalType::AppDataUpdate],
        &[],
    );
    let mut extensions = extensions(&scene);
    for extension in &mut extensions {
        if extension.extension_type() == ExtensionType::RequiredCapabilities {
            *extension = Extension::RequiredCapabilities(less.clone());
        }
    }
    refuse_context(&mut scene, extensions);
}

// Leaves

#[test]
fn a_path_that_takes_on_another_user() {
    let mut scene = Scene::new();
    let alice = MimiUri::new_client("a.example", Some("alice"), "ClientA9").unwrap();
    let leaf = LeafNodeParameters::builder()
        .with_credential_with_key(scene.bob.credential_as(&alice))
        .build();
    let refused = scene.refuse_commit(Plan::default().leaf(leaf));
    let why = ChangeError::OtherUser {
        was: scene.bob.user.clone(),
        now: scene.user(&scene.alice),
    };
    assert_eq!(refused.rejection, Rejection::Change(why));
    refused.is_invalid();
}

#[test]
fn a_path_whose_leaf_no_longer_supports_what_the_room_requires() {
    let mut scene = Scene::new();
    let mut components = leaf_components().unwrap();
    components.remove(ComponentId::APP_COMPONENTS);
    let leaf = LeafNodeParameters::builder()
        .with_extensions(leaf_extensions(&components))
        .build();
    let refused = scene.refuse_commit(Plan::default().leaf(leaf));
    let lacks = matches!(
        refused.rejection,
        Rejection::Change(ChangeError::Context(ContextError::LeafLacks {
            list: ComponentId::APP_COMPONENTS,
            ..
        }))
    );
    assert!(lacks, "{}", refused.rejection);
    refused.is_invalid();
}

#[test]
fn a_path_whose_credential_names_nobody() {
    let mut scene = Scene::new();
    let provider = MimiUri::new_provider("b.example").unwrap();
    let leaf = LeafNodeParameters::builder()
        .with_credential_with_key(scene.bob.credential_as(&provider))
        .build();
    let refused = scene.refuse_commit(Plan::default().leaf(leaf));
    let nobody = matches!(
        refused.rejection,
        Rejection::Change(ChangeError::Identity(_))
    );
    assert!(nobody, "{}", refused.rejection);
    refused.is_invalid();
}

#[test]
fn a_path_with_the_key_of_another_member() {
    let mut scene = Scene::new();
    let dave = scene.bob_adds("b.example", "dave", presets::ORDINARY_USER);
    let plan = Plan::default().signer(&dave.signer, &scene.bob.uri);
    let refused = scene.refuse_commit(plan);
    let why = ChangeError::RepeatedKey;
    assert_eq!(refused.rejection, Rejection::Change(why));
    refused.is_invalid();
    let fresh = SignatureKeyPair::new(SUITE.signature_algorithm()).unwrap();
    scene.accept_commit(Plan::default().signer(&fresh, &scene.bob.uri.clone()));
}

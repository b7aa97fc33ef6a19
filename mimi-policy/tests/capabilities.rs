//! Each registered capability allows something, and nothing else allows it.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests stop at what must not happen"
)]

mod common;
use common::*;
use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_policy::{
    Actor, BaseRoomPolicy, Bundle, Candidate, Capability, Change, Claim, ClientIndex, Denied,
    HubView, JoinCode, JoinLink, JoinLinks, JoinLinksUpdate, MinDefaultMaxTime, NoClaims,
    OperationalParameters, Optionality, ParticipantListUpdate, PendingProposalPolicy, PreauthEntry,
    PreauthList, RichDescription, Role, RoleChanges, RoleList, RoomMetadata, RoomPolicy,
    StatusNotificationPolicy,
};

/// Something that one capability allows.
struct Row {
    capability: Capability,
    /// The role whose capability it is.
    on: u32,
    /// Other capabilities that allow the same.
    or: &'static [Capability],
    /// Whether the denial names the capability.
    is_named: bool,
    act: fn(&Scene) -> Result<(), Denied>,
}

/// A capability of Alice's role.
const fn row(capability: Capability, act: fn(&Scene) -> Result<(), Denied>) -> Row {
    Row {
        capability,
        on: SUPER_ADMIN,
        or: &[],
        is_named: true,
        act,
    }
}

/// A capability that lets somebody join, on the role that has it.
const fn door(capability: Capability, on: u32, act: fn(&Scene) -> Result<(), Denied>) -> Row {
    Row {
        on,
        is_named: false,
        ..row(capability, act)
    }
}

/// What this crate decides upon.
const ACTS: &[Row] = &[
    row(Capability::ADD_PARTICIPANT, |room| {
        room.list(&add(&dora(), ORDINARY_USER), &[join_client(&dora())])
    }),
    row(Capability::REMOVE_PARTICIPANT, |room| {
        let bob = bob();
        room.list(&remove(1), &[drop_client(2, &bob), drop_client(3, &bob)])
    }),
    row(Capability::ADD_OWN_CLIENT, |room| {
        room.alice(&[join_client(&alice())])
    }),
    row(Capability::REMOVE_OWN_CLIENT, |room| {
        room.alice(&[drop_client(0, &alice())])
    }),
    Row {
        or: &[Capability::USE_JOIN_CODE],
        ..door(Capability::OPEN_JOIN, 0, |room| room.dora(None))
    },
    door(Capability::JOIN_IF_PREAUTHORIZED, GROUP_ADMIN, |room| {
        let dora = dora();
        let actor = Actor::Joiner {
            user: &dora,
            claims: &Hr,
            code: None,
        };
        let adds = octets(&add(&dora, GROUP_ADMIN));
        room.propose(actor, &[list(&adds), join_client(&dora)])
    }),
    row(Capability::REMOVE_SELF, |room| {
        let alice = alice();
        room.list(
            &remove(0),
            &[drop_client(0, &alice), drop_client(1, &alice)],
        )
    }),
    row(Capability::CREATE_JOIN_CODE, |room| {
        let update = JoinLinksUpdate {
            added: vec![link()],
            ..Default::default()
        };
        room.component(ComponentId::JOIN_LINKS, &update)
    }),
    row(Capability::DELETE_JOIN_CODE, |room| {
        let update = JoinLinksUpdate {
            removed: vec![0],
            ..Default::default()
        };
        room.component(ComponentId::JOIN_LINKS, &update)
    }),
    Row {
        or: &[Capability::OPEN_JOIN],
        ..door(Capability::USE_JOIN_CODE, 0, |room| {
            room.dora(Some(JoinCode {
                role: ORDINARY_USER,
            }))
        })
    },
    Row {
        or: &[Capability::CHANGE_USER_ROLE],
        ..row(Capability::BAN, |room| {
            let bob = bob();
            let drops = [drop_client(2, &bob), drop_client(3, &bob)];
            room.list(&set_role(1, BANNED), &drops)
        })
    },
    Row {
        or: &[Capability::CHANGE_USER_ROLE],
        ..row(Capability::UNBAN, |room| {
            room.list(&set_role(2, ORDINARY_USER), &[])
        })
    },
    row(Capability::KICK, |room| {
        room.alice(&[drop_client(2, &bob())])
    }),
    row(Capability::CHANGE_USER_ROLE, |room| {
        room.list(&set_role(1, GROUP_ADMIN), &[])
    }),
    row(Capability::CHANGE_OWN_ROLE, |room| {
        room.list(&set_role(0, GROUP_ADMIN), &[])
    }),
    row(Capability::SEND_MESSAGE, |room| {
        room.policy.may_send(&alice())
    }),
    row(Capability::REPORT_ABUSE, |room| {
        room.policy.may_report(&alice())
    }),
    row(Capability::CHANGE_ROOM_NAME, |room| {
        room.metadata(|new| new.name = "Den".into())
    }),
    row(Capability::CHANGE_ROOM_DESCRIPTION, |room| {
        room.metadata(|new| new.descriptions.push(RichDescription::default()))
    }),
    row(Capability::CHANGE_ROOM_AVATAR, |room| {
        room.metadata(|new| new.avatar = "https://a.example/den".into())
    }),
    row(Capability::CHANGE_ROOM_SUBJECT, |room| {
        room.metadata(|new| new.subject = "Tea".into())
    }),
    row(Capability::CHANGE_ROOM_MOOD, |room| {
        room.metadata(|new| new.mood = "calm".into())
    }),
    row(Capability::CHANGE_ROOM_MEMBERSHIP_STYLE, |room| {
        let base = BaseRoomPolicy {
            max_users: Some(9),
            ..Default::default()
        };
        room.component(ComponentId::BASE_ROOM_POLICY, &base)
    }),
    row(Capability::CHANGE_ROLE_DEFINITIONS, |room| {
        let roles = room.policy.roles().iter().cloned();
        let more = Role {
            index: 9,
            ..Role::default()
        };
        let roles = RoleList::new(roles.chain([more]).collect()).unwrap();
        room.component(ComponentId::ROLES_LIST, &roles)
    }),
    row(Capability::CHANGE_PREAUTHORIZED_USER_LIST, |room| {
        room.component(ComponentId::PREAUTH_LIST, &PreauthList::default())
    }),
    row(Capability::CHANGE_OTHER_POLICY_ATTRIBUTE, |room| {
        let policy = StatusNotificationPolicy {
            delivery_notifications: Optionality::Forbidden,
            read_receipts: Optionality::Optional,
        };
        room.component(ComponentId::STATUS_NOTIFICATION_POLICY, &policy)
    }),
    row(Capability::CHANGE_MLS_OPERATIONAL_POLICIES, |room| {
        room.component(ComponentId::MLS_OPERATIONAL_POLICY, &operational())
    }),
    row(Capability::SEND_MLS_REINIT_PROPOSAL, |room| {
        room.alice(&[Change::ReInit])
    }),
    row(Capability::SEND_MLS_PSK_PROPOSAL, |room| {
        room.alice(&[Change::Psk])
    }),
];

/// What clients, asset stores and calls decide upon, and what has no wire form:
/// here they are only told who holds it.
const ASKED: &[Capability] = &[
    Capability::RECEIVE_MESSAGE,
    Capability::COPY_MESSAGE,
    Capability::REPLY_TO_MESSAGE,
    Capability::REACT_TO_MESSAGE,
    Capability::EDIT_REACTION,
    Capability::DELETE_OWN_REACTION,
    Capability::DELETE_OTHER_REACTION,
    Capability::EDIT_OWN_MESSAGE,
    Capability::DELETE_OWN_MESSAGE,
    Capability::DELETE_OTHER_MESSAGE,
    Capability::START_TOPIC,
    Capability::REPLY_IN_TOPIC,
    Capability::EDIT_OWN_TOPIC,
    Capability::EDIT_OTHER_TOPIC,
    Capability::UPLOAD_IMAGE,
    Capability::UPLOAD_AUDIO,
    Capability::UPLOAD_VIDEO,
    Capability::UPLOAD_ATTACHMENT,
    Capability::DOWNLOAD_IMAGE,
    Capability::DOWNLOAD_AUDIO,
    Capability::DOWNLOAD_VIDEO,
    Capability::DOWNLOAD_ATTACHMENT,
    Capability::SEND_LINK,
    Capability::SEND_LINK_PREVIEW,
    Capability::FOLLOW_LINK,
    Capability::COPY_LINK,
    Capability::START_CALL,
    Capability::JOIN_CALL,
    Capability::SEND_AUDIO,
    Capability::RECEIVE_AUDIO,
    Capability::SEND_VIDEO,
    Capability::RECEIVE_VIDEO,
    Capability::SHARE_SCREEN,
    Capability::VIEW_SHARED_SCREEN,
    Capability::DESTROY_ROOM,
];

/// Names without a meaning yet (POLICY, "Reserved Capabilities").
const RESERVED: &[Capability] = &[
    Capability::KNOCK,
    Capability::ACCEPT_KNOCK,
    Capability::CREATE_SUBGROUP,
    Capability::SEND_DIRECT_MESSAGE,
    Capability::TARGET_MESSAGE,
    Capability::CHANGE_OWN_NAME,
    Capability::CHANGE_OWN_PRESENCE,
    Capability::CHANGE_OWN_MOOD,
    Capability::CHANGE_OWN_AVATAR,
    Capability::CREATE_ROOM,
    Capability::SEND_MLS_UPDATE_PROPOSAL,
    Capability::SEND_MLS_EXTERNAL_PROPOSAL,
    Capability::SEND_MLS_EXTERNAL_COMMIT,
];

#[test]
fn the_tables_have_every_registered_capability_once() {
    let acts = ACTS.iter().map(|row| row.capability);
    let others = [ASKED, RESERVED].concat();
    let mut listed: Vec<_> = acts.chain(others).collect();
    listed.sort();
    assert_eq!(listed, Capability::REGISTERED);
}

#[test]
fn each_act_takes_one_capability_and_no_other_will_do() {
    for row in ACTS {
        let capability = row.capability;
        let holder = Scene::new(row.on, &[capability]);
        (row.act)(&holder).unwrap_or_else(|denied| panic!("{capability}: {denied}"));

        let without = all_but(|other| other == capability || row.or.contains(&other));
        let denied = (row.act)(&Scene::new(row.on, &without)).err();
        let denied = denied.unwrap_or_else(|| panic!("allowed without {capability}"));
        let named = row.is_named.then_some(capability);
        assert_eq!(denied.missing(), named, "{denied}");
    }
}

#[test]
fn what_another_capability_allows_as_well_is_allowed_by_it_in_full_only() {
    for row in ACTS {
        for other in row.or {
            let holder = Scene::new(row.on, &[*other]);
            let verdict = (row.act)(&holder);
            // Whoever may change roles lifts bans, but bans only those without
            // clients; whoever may use a code needs one.
            let expected = match (row.capability, *other) {
                (Capability::BAN, _) => Some(Capability::KICK),
                (Capability::OPEN_JOIN, _) => None,
                _ => {
                    verdict.unwrap();
                    continue;
                }
            };
            assert_eq!(verdict.unwrap_err().missing(), expected);
        }
    }
    let ban = [Capability::CHANGE_USER_ROLE, Capability::KICK];
    let row = ACTS.iter().find(|row| row.capability == Capability::BAN);
    (row.unwrap().act)(&Scene::new(SUPER_ADMIN, &ban)).unwrap();
}

#[test]
fn whoever_asks_is_told_who_holds_what() {
    for capability in [ASKED, RESERVED].concat() {
        let holder = Scene::new(SUPER_ADMIN, &[capability]);
        assert!(holder.policy.can(&alice(), capability));
        assert!(!holder.policy.can(&bob(), capability));
        assert!(!holder.policy.can(&dora(), capability));
        let others = Scene::new(SUPER_ADMIN, &all_but(|other| other == capability));
        assert!(!others.policy.can(&alice(), capability));
    }
}

#[test]
fn what_is_only_asked_for_or_reserved_allows_no_act() {
    let held = [ASKED, RESERVED].concat();
    for row in ACTS {
        let verdict = (row.act)(&Scene::new(row.on, &held));
        assert!(verdict.is_err(), "{} is not needed", row.capability);
    }
}

#[test]
fn unknown_capabilities_allow_nothing() {
    let registered = |number| Capability::REGISTERED.contains(&Capability(number));
    let unknown = (0..0x0700).chain(0xf000..0xf010);
    let unknown: Vec<_> = unknown.filter(|number| !registered(*number)).collect();
    // A role has room for about a thousand.
    for held in unknown.chunks(1000) {
        let held: Vec<_> = held.iter().map(|number| Capability(*number)).collect();
        for row in ACTS {
            assert!((row.act)(&Scene::new(row.on, &held)).is_err());
        }
        let scene = Scene::new(SUPER_ADMIN, &held);
        assert!(!held.iter().any(|held| scene.policy.can(&alice(), *held)));
    }
}

fn all_but(left_out: impl Fn(Capability) -> bool) -> Vec<Capability> {
    let all = Capability::REGISTERED.iter().copied();
    all.filter(|capability| !left_out(*capability)).collect()
}

/// A room in which one role has capabilities, and may move everybody anywhere.
/// Alice, with the leaves 0 and 1, is a super admin; Bob, with 2 and 3, is an
/// ordinary user; Cathy is banned; the department `hr` may be group admins.
struct Scene {
    policy: RoomPolicy,
    clients: ClientIndex,
}

impl Scene {
    fn new(on: u32, held: &[Capability]) -> Self {
        let mut room = room();
        room.users[2].1 = BANNED;
        room.clients.remove(4);
        let roles = room.roles.iter().map(|role| {
            let mut role = Role {
                index: role.index,
                name: role.name.clone(),
                max_active: role.max_active,
                ..Role::default()
            };
            if role.index == on {
                let fits = |held: &Capability| on == 0 || *held != Capability::OPEN_JOIN;
                role.capabilities = held.iter().copied().filter(fits).collect();
                let to: Vec<_> = (0..=POLICY_ENFORCER).collect();
                let change = |from| RoleChanges {
                    from,
                    to: to.clone(),
                };
                role.role_changes = to.iter().copied().map(change).collect();
            }
            role
        });
        room.roles = RoleList::new(roles.collect()).unwrap();
        let role = room.roles.get(GROUP_ADMIN).unwrap().clone();
        let claims = vec![Claim {
            credential_type: 2,
            id: b"department".as_slice().into(),
            value: b"hr".as_slice().into(),
        }];
        room.preauth = Some(PreauthList(vec![PreauthEntry { claims, role }]));
        let mut components = room.components();
        components.remove(ComponentId::ASSET_POLICY);
        components.insert(ComponentId::JOIN_LINKS, octets(&JoinLinks(vec![link()])));
        Scene {
            policy: RoomPolicy::from_components(&components).unwrap(),
            clients: room.clients,
        }
    }

    /// The hub is asked, as whoever else is has to believe in join codes.
    fn propose(&self, actor: Actor<'_>, changes: &[Change<'_>]) -> Result<(), Denied> {
        let bundles = [Bundle { actor, changes }];
        let draft = self.policy.resolve(updates(&bundles)).unwrap();
        let candidate = Candidate {
            committer: None,
            bundles: &bundles,
            clients: &self.clients,
            hub: Some(HubView::default()),
        };
        self.policy.authorize(&draft, &candidate).map(drop)
    }

    fn alice(&self, changes: &[Change<'_>]) -> Result<(), Denied> {
        let user = &alice();
        let actor = Actor::Participant { user, claims: &Hr };
        self.propose(actor, changes)
    }

    /// Dora joins by herself.
    fn dora(&self, code: Option<JoinCode>) -> Result<(), Denied> {
        let user = &dora();
        let actor = Actor::Joiner {
            user,
            claims: &NoClaims,
            code,
        };
        let adds = octets(&add(user, ORDINARY_USER));
        self.propose(actor, &[list(&adds), join_client(user)])
    }

    /// Alice changes the participant list, and more.
    fn list(&self, update: &ParticipantListUpdate, more: &[Change<'_>]) -> Result<(), Denied> {
        let update = octets(update);
        self.alice(&[&[list(&update)], more].concat())
    }

    fn component(&self, id: ComponentId, update: &impl Encode) -> Result<(), Denied> {
        self.alice(&[component(id, &octets(update))])
    }

    fn metadata(&self, edit: fn(&mut RoomMetadata)) -> Result<(), Denied> {
        let mut new = self.policy.metadata().unwrap().clone();
        edit(&mut new);
        self.component(ComponentId::ROOM_METADATA, &new)
    }
}

fn link() -> JoinLink {
    JoinLink(b"https://a.example/join".as_slice().into())
}

fn operational() -> OperationalParameters {
    OperationalParameters {
        mandatory_capabilities: Default::default(),
        default_capabilities: Default::default(),
        forbidden_capabilities: Default::default(),
        handshake_formats: vec![],
        external_proposal_allowed: true,
        external_commit_allowed: true,
        pending_proposal_policy: PendingProposalPolicy::Unspecified,
        leaf_node_update_time: MinDefaultMaxTime::default(),
        app_message_policy: Default::default(),
        max_kp_lifetime: 0,
        max_credential_lifetime: 0,
        resumption_psk_lifetime: 0,
        sender_nonce_keypair_lifetime: MinDefaultMaxTime::default(),
        max_keypairs: 0,
        buffer_incoming_message_time: MinDefaultMaxTime::default(),
        max_buffered_messages: 0,
    }
}

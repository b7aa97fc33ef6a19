//! Components that are too large, or say that they are.

use std::cell::Cell;

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_content::tls::{Encode, Rule, Writer};
use mimi_policy::limits::*;
use mimi_policy::{
    Actor, Bot, BotPolicy, BotRole, Claim, Claims, HistoryDetails, HistoryPolicy, Invalid,
    JoinLink, JoinLinks, JoinLinksUpdate, LoggingDetails, LoggingPolicy, Op, PreauthEntry,
    PreauthList, Reason, Role, RoleChanges, RoomMetadata, RoomPolicy, Uri,
};

use super::common::*;
use super::{measured, refusal};

const MANY: usize = 100_000;
const MILLION: usize = 1_000_000;

/// The components whose updates have the form of their data.
const REPLACED: [ComponentId; 13] = [
    ComponentId::ROLES_LIST,
    ComponentId::PREAUTH_LIST,
    ComponentId::BASE_ROOM_POLICY,
    ComponentId::ROOM_METADATA,
    ComponentId::MLS_OPERATIONAL_POLICY,
    ComponentId::STATUS_NOTIFICATION_POLICY,
    ComponentId::JOIN_LINK_POLICY,
    ComponentId::LINK_PREVIEW_POLICY,
    ComponentId::ASSET_POLICY,
    ComponentId::LOGGING_POLICY,
    ComponentId::CHAT_HISTORY_POLICY,
    ComponentId::BOT_POLICY,
    ComponentId::MESSAGE_EXPIRATION_POLICY,
];

/// By which rule an update is refused; as data of a room it is refused by the
/// same.
fn rule(id: ComponentId, update: &[u8]) -> Rule {
    let policy = room().policy();
    let Invalid::Malformed { component, error } = refusal(&policy, &[(id, Op::Update(update))])
    else {
        panic!("{id} is not malformed");
    };
    assert_eq!(component, id);
    if REPLACED.contains(&id) {
        let mut components = policy.components();
        components.insert(id, update.to_vec());
        let refused = RoomPolicy::from_components(&components).unwrap_err();
        let component = id;
        let error = error.clone();
        assert_eq!(refused, Invalid::Malformed { component, error });
    }
    error.rule
}

/// Which bound an update exceeds.
fn bound(id: ComponentId, value: &impl Encode) -> &'static str {
    match rule(id, &value.to_vec().unwrap()) {
        Rule::Limit { what, .. } => what,
        other => panic!("{id}: {other}"),
    }
}

/// A value that is written by hand, as its type is larger than any that a room
/// takes.
struct Written(Box<dyn Fn(&mut Writer)>);

impl Encode for Written {
    fn encode(&self, w: &mut Writer) {
        self.0(w);
    }
}

fn written(write: impl Fn(&mut Writer) + 'static) -> Written {
    Written(Box::new(write))
}

/// A vector of `count` items, each of these octets.
fn vector(w: &mut Writer, count: usize, item: &[u8]) {
    w.vector(|w| (0..count).for_each(|_| w.raw(item)));
}

#[test]
fn ten_megabytes_of_roles_are_not_read_to_their_end() {
    const ROLES: ComponentId = ComponentId::ROLES_LIST;
    let rest = &octets(&Role::default())[4..];
    let (count, rest) = (10 * MILLION / (4 + rest.len()), rest.to_vec());
    let roles = written(move |w| {
        w.vector(|w| {
            for index in 0..u32::try_from(count).unwrap() {
                w.u32(index);
                w.raw(&rest);
            }
        });
    });
    assert_eq!(bound(ROLES, &roles), "the number of roles");

    // Nor one role of ten megabytes, wherever it has them.
    let one = |write: fn(&mut Writer)| {
        let role = written(move |w| {
            w.vector(|w| {
                w.u32(2);
                write(w);
            });
        });
        bound(ROLES, &role)
    };
    // Of what is before a list: two texts, capabilities, constraints.
    const BEFORE: [u8; 13] = [0; 13];
    let named = one(|w| w.opaque(&vec![b'x'; 10 * MILLION]));
    assert_eq!(named, "the length of a role name");
    let described = one(|w| {
        w.raw(&BEFORE[..1]);
        w.opaque(&vec![b'x'; 10 * MILLION]);
    });
    assert_eq!(described, "the length of a role description");
    let capable = one(|w| {
        w.raw(&BEFORE[..2]);
        vector(w, 5 * MILLION, &[0, 10]);
    });
    assert_eq!(capable, "the number of capabilities");
    let moving = one(|w| {
        w.raw(&BEFORE);
        vector(w, 2 * MILLION, &[0; 5]);
    });
    assert_eq!(moving, "the number of authorized role changes");
    let targeting = one(|w| {
        w.raw(&BEFORE);
        w.vector(|w| {
            w.u32(0);
            vector(w, 2 * MILLION, &[0, 0, 0, 1]);
        });
    });
    assert_eq!(targeting, "the number of role change targets");
}

#[test]
fn a_role_with_256_by_256_moves_is_taken_and_one_with_more_is_not() {
    const ROLES: ComponentId = ComponentId::ROLES_LIST;
    let moves = |sources: u32, targets: u32| {
        let to: Vec<u32> = (0..targets).collect();
        let changes = (0..sources).map(move |from| RoleChanges {
            from,
            to: to.clone(),
        });
        room().with_role(SUPER_ADMIN, |role| {
            role.role_changes = changes.clone().collect();
        })
    };
    let roles = octets(&moves(256, 256).roles);
    let policy = room().policy();
    let (draft, cost) = measured(|| {
        let update = (ROLES, Op::Update(&roles[..]));
        policy.resolve([update].into_iter()).unwrap()
    });
    assert!(cost.peak < 4 * roles.len(), "{}", cost.peak);
    assert_eq!(draft.changed().count(), 1);
    for (sources, targets, what) in [
        (257, 1, "the number of authorized role changes"),
        (1, 257, "the number of role change targets"),
    ] {
        assert_eq!(bound(ROLES, &moves(sources, targets).roles), what);
    }
    // Through all of them there is one way to each place.
    let (room, alice) = (moves(256, 256), alice());
    let promotes = octets(&set_role(1, SUPER_ADMIN));
    room.act(Actor::participant(&alice), &[list(&promotes)])
        .unwrap();
    let nowhere = octets(&set_role(1, 255));
    let refused = room.resolve(&[super::updating(&nowhere)]);
    assert!(matches!(refused, Err(Invalid::NoSuchRole { .. })));
}

#[test]
fn a_preauthorisation_list_asks_a_bounded_number_of_questions() {
    /// Has every claim but the last of each entry.
    struct Nearly(Cell<usize>);
    impl Claims for Nearly {
        fn matches(&self, _: u16, id: &[u8], _: &[u8]) -> bool {
            self.0.set(self.0.get() + 1);
            id != b"last"
        }
    }
    let claim = |id: &'static [u8]| Claim {
        credential_type: 2,
        id: id.into(),
        value: b"v".as_slice().into(),
    };
    let entries = |entries: usize, claims: usize| {
        let mut set = vec![claim(b"one"); claims - 1];
        set.push(claim(b"last"));
        let role = room().roles.get(GROUP_ADMIN).unwrap().clone();
        let entry = PreauthEntry { claims: set, role };
        PreauthList(vec![entry; entries])
    };
    const ID: ComponentId = ComponentId::PREAUTH_LIST;
    assert_eq!(
        bound(ID, &entries(MAX_PREAUTH_ENTRIES + 1, 1)),
        "the number of preauthorisation entries"
    );
    assert_eq!(
        bound(ID, &entries(1, MAX_CLAIMS + 1)),
        "the number of claims"
    );

    let mut room = room();
    room.preauth = Some(entries(MAX_PREAUTH_ENTRIES, MAX_CLAIMS));
    let (dora, claims) = (dora(), Nearly(Cell::new(0)));
    let joiner = Actor::Joiner {
        user: &dora,
        claims: &claims,
        code: None,
    };
    let policy = room.policy();
    let (refused, cost) = measured(|| policy.may_join(&joiner));
    assert_eq!(refused.unwrap_err().reason, Reason::NoRole(dora.clone()));
    assert!(cost.allocations <= 2, "{}", cost.allocations);
    let all = MAX_PREAUTH_ENTRIES * MAX_CLAIMS;
    assert_eq!(claims.0.take(), all);
    // Once for a commit, too.
    let own = octets(&add(&dora, GROUP_ADMIN));
    let changes = [list(&own), join_client(&dora)];
    assert!(room.act(joiner, &changes).is_err());
    assert_eq!(claims.0.take(), all);
}

#[test]
fn a_million_removals_of_join_links_are_not_read_to_their_end() {
    let links = JoinLinksUpdate {
        removed: (0..).take(MILLION).collect(),
        added: Vec::new(),
    };
    assert_eq!(
        bound(ComponentId::JOIN_LINKS, &links),
        "the number of join links removed"
    );
}

#[test]
fn many_small_updates_do_not_copy_long_join_links_each_time() {
    let link = |_| JoinLink(vec![b'x'; MAX_JOIN_LINK_LEN].into());
    let links = JoinLinks((0..MAX_JOIN_LINKS).map(link).collect());
    let room = room().with(ComponentId::JOIN_LINKS, &links);
    let (policy, nothing) = (room.policy(), octets(&JoinLinksUpdate::default()));
    let update = (ComponentId::JOIN_LINKS, Op::Update(&nothing[..]));
    let octets_of = |updates: usize| {
        let info = allocation_counter::measure(|| {
            let updates = std::iter::repeat_n(update, updates);
            drop(policy.resolve(updates).unwrap());
        });
        usize::try_from(info.bytes_total).unwrap()
    };
    let (one, thousand) = (octets_of(1), octets_of(1_000));
    let encoding = octets(&links).len();
    assert!(one >= encoding);
    // Beyond the one encoding, what stands for a link and not the link.
    assert!(thousand - one < 1_000 * 128 * MAX_JOIN_LINKS, "{thousand}");
}

#[test]
fn capability_lists_are_taken_up_to_their_limit() {
    // Ten lists in each of the three capabilities, one long.
    let parameters = |which: usize, at: usize, count: usize| {
        written(move |w| {
            for capabilities in 0..3 {
                for list in 0..10 {
                    let count = if (capabilities, list) == (which, at) {
                        count
                    } else {
                        0
                    };
                    match list {
                        8 => vector(w, count, b"\x03a/b\0"),
                        9 => vector(w, count, &[1]),
                        _ => vector(w, count, &[0, 1]),
                    }
                }
            }
            vector(w, 0, &[]);
            // Flags, strategy, times and numbers.
            w.raw(&[1, 1, 0]);
            w.raw(&[0; 24 + 7 + 24 + 24 + 4 + 24 + 4]);
        })
    };
    const ID: ComponentId = ComponentId::MLS_OPERATIONAL_POLICY;
    for which in 0..3 {
        for at in 0..10 {
            let limit = if at == 8 {
                MAX_MEDIA_TYPES
            } else {
                MAX_EXTENDED_CAPABILITIES
            };
            let most = octets(&parameters(which, at, limit));
            room().resolve(&[(ID, Op::Update(&most))]).unwrap();
            for count in [limit + 1, MILLION] {
                let what = bound(ID, &parameters(which, at, count));
                assert!(what.starts_with("the number of"), "{what}");
            }
        }
    }
}

#[test]
fn every_list_and_text_of_every_component_ends_at_its_limit() {
    let long = |len: usize| format!("x:{}", "a".repeat(len));
    let bot = |name: &str| Bot {
        name: name.into(),
        description: String::new(),
        homepage: None,
        role: BotRole::LocalClient,
        can_target_message_in_group: false,
        per_user_content: false,
    };
    let url = octets(&Uri::parse("x:y").unwrap());
    let too_long = long(MAX_URI_LEN);
    let hosts = b"\x09a.example\x00";
    let media: Vec<u8> = octets(&MediaType {
        essence: "a/b".into(),
        parameters: vec![("n".into(), "v".into()); MANY],
    });
    let mut meta = RoomMetadata::new(metadata().room, "");
    meta.name = "x".repeat(MILLION);
    let metadata_octets = octets(&metadata().room);

    use ComponentId as Id;
    let refused: Vec<(Id, Written)> = vec![
        (
            Id::JOIN_LINKS,
            written(|w| {
                vector(w, 0, &[]);
                vector(w, MILLION, &[0]);
            }),
        ),
        (
            Id::JOIN_LINKS,
            written(|w| {
                vector(w, 0, &[]);
                w.vector(|w| w.opaque(&vec![b'x'; MAX_JOIN_LINK_LEN + 1]));
            }),
        ),
        (Id::JOIN_LINK_POLICY, {
            let too_long = too_long.clone();
            written(move |w| {
                w.boolean(true);
                w.opaque(too_long.as_bytes());
            })
        }),
        (Id::LOGGING_POLICY, {
            let url = url.clone();
            written(move |w| {
                w.u8(1);
                vector(w, MANY, &url);
            })
        }),
        (Id::LINK_PREVIEW_POLICY, {
            let too_long = too_long.clone();
            written(move |w| {
                w.raw(&[0, 0, 0, 1]);
                w.vector(|w| w.opaque(too_long.as_bytes()));
            })
        }),
        (Id::CHAT_HISTORY_POLICY, {
            let details = HistoryDetails {
                roles: vec![2; MILLION],
                ..HistoryDetails::default()
            };
            written(move |w| HistoryPolicy::Required(details.clone()).encode(w))
        }),
        (Id::BOT_POLICY, {
            let bots = BotPolicy {
                allowed_bots: vec![bot("b"); MANY],
            };
            written(move |w| bots.encode(w))
        }),
        (Id::BOT_POLICY, {
            let bots = BotPolicy {
                allowed_bots: vec![bot(&"b".repeat(MILLION))],
            };
            written(move |w| bots.encode(w))
        }),
        (
            Id::ASSET_POLICY,
            written(move |w| {
                w.u8(1);
                vector(w, MANY, hosts);
            }),
        ),
        (
            Id::ASSET_POLICY,
            written(move |w| {
                w.u8(1);
                w.vector(|w| {
                    w.opaque(b"a.example");
                    vector(w, MANY, &hosts[..10]);
                });
            }),
        ),
        (
            Id::ASSET_POLICY,
            written(|w| {
                w.raw(&[1, 0]);
                vector(w, MILLION, &[1]);
            }),
        ),
        (
            Id::ASSET_POLICY,
            written(|w| {
                w.raw(&[1, 0, 0]);
                vector(w, MILLION, &[1]);
            }),
        ),
        (
            Id::ASSET_POLICY,
            written(|w| {
                w.raw(&[1, 0, 0, 0, 0]);
                w.raw(&[0; 32]);
                vector(w, MANY, b"\x03a/b\0");
            }),
        ),
        (
            Id::ASSET_POLICY,
            written(move |w| {
                w.raw(&[1, 0, 0, 0, 0]);
                w.raw(&[0; 32]);
                w.vector(|w| w.raw(&media));
            }),
        ),
        (Id::BASE_ROOM_POLICY, {
            let parent = octets(&uri("mimi://a.example/r/p"));
            written(move |w| {
                w.raw(&[0, 1]);
                vector(w, MANY, &parent);
            })
        }),
        (
            Id::BASE_ROOM_POLICY,
            written(|w| {
                w.raw(&[0, 0, 0, 1, 0, 0, 0, 0, 0]);
                vector(w, MILLION, &[0, 1]);
            }),
        ),
        (Id::ROOM_METADATA, written(move |w| meta.encode(w))),
        (
            Id::ROOM_METADATA,
            written(move |w| {
                w.raw(&metadata_octets);
                w.opaque(b"name");
                vector(w, MANY, &[0, 0, 0]);
            }),
        ),
        (
            Id::PREAUTH_LIST,
            written(|w| {
                w.vector(|w| {
                    w.vector(|w| {
                        w.u16(2);
                        w.opaque(&vec![0; MAX_TEXT_LEN + 1]);
                    });
                });
            }),
        ),
    ];
    for (id, value) in &refused {
        let what = bound(*id, value);
        assert!(
            what.starts_with("the number of") || what.starts_with("the length of"),
            "{what}"
        );
    }
    // Those without lists end where they end.
    for (id, value) in [
        (Id::STATUS_NOTIFICATION_POLICY, &[0, 0][..]),
        (Id::MESSAGE_EXPIRATION_POLICY, &[2]),
        (Id::LOGGING_POLICY, &[2]),
        (Id::CHAT_HISTORY_POLICY, &[2]),
        (Id::LINK_PREVIEW_POLICY, &[0, 0, 0, 2]),
        (Id::JOIN_LINK_POLICY, &[0; 7]),
    ] {
        let padded = [value, &vec![0; MILLION]].concat();
        assert_eq!(rule(id, &padded), Rule::Trailing { count: MILLION });
    }
    let unnamed = LoggingPolicy::Required(LoggingDetails::default());
    let refused = rule(Id::LOGGING_POLICY, &octets(&unnamed));
    assert!(matches!(refused, Rule::Structure(_)));
}

#[test]
fn a_length_that_is_only_declared_takes_no_memory() {
    let policy = room().policy();
    let joining = [ComponentId::JOIN_LINKS, ComponentId::PARTICIPANT_LIST];
    for id in REPLACED.into_iter().chain(joining) {
        for skip in 0..64 {
            // The longest vector, after some octets that may be switches.
            for fill in [0, 1] {
                let mut octets = vec![fill; skip];
                octets.extend([0xbf, 0xff, 0xff, 0xff, 1]);
                let update = (id, Op::Update(&octets[..]));
                let (draft, cost) = measured(|| policy.resolve([update].into_iter()));
                assert!(draft.is_err(), "{id}");
                assert!(cost.peak < 16_384, "{id}: {}", cost.peak);
            }
        }
    }
}

#[test]
fn whatever_a_megabyte_of_one_octet_means_it_takes_few_megabytes() {
    let policy = room().policy();
    let before = policy.components();
    let joining = [ComponentId::JOIN_LINKS, ComponentId::PARTICIPANT_LIST];
    for id in REPLACED.into_iter().chain(joining) {
        for octet in [0x00, 0x01, 0x02, 0x3f, 0x40, 0x41, 0x80, 0xc0, 0xff] {
            let octets = vec![octet; MILLION];
            let update = (id, Op::Update(&octets[..]));
            let (draft, cost) = measured(|| policy.resolve([update].into_iter()));
            assert!(draft.is_err(), "{id} {octet:#04x}");
            assert!(cost.peak < 2 * MILLION, "{id}: {}", cost.peak);
        }
    }
    assert_eq!(policy.components(), before);
}

//! What holds of all differences.

use super::components::{assets, bot, operational};
use super::people::entry;
use super::*;

#[test]
fn components_that_are_not_understood_are_told_by_their_size() {
    let id = ComponentId(0xfe26);
    let set = |octets: &'static [u8]| {
        let mut side = side();
        side.0.insert(id, octets);
        side
    };
    let mut without = side();
    without.0.remove(id);
    assert_snapshot!(set(b"one").to(&set(b"other")), @"component 0xfe26 changes in a way that is not understood here: 5 octets, before 3");
    assert_snapshot!(without.to(&set(b"one")), @"component 0xfe26 is added, with 3 octets");
    assert_snapshot!(set(b"one").to(&without), @"component 0xfe26 is gone, with 3 octets");
}

#[test]
fn a_list_in_a_line_ends() {
    let types = |count: u16| {
        let mut parameters = operational();
        parameters.forbidden_capabilities.extensions = (0..count).collect();
        side().with(ComponentId::MLS_OPERATIONAL_POLICY, &parameters)
    };
    assert_snapshot!(types(0).to(&types(1024)), @"the list of forbidden extensions now includes 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 and 1008 more");
}

/// Parts of a policy that differ a little or a lot, some only in how they are
/// written.
fn variants() -> Vec<(ComponentId, Vec<Option<Vec<u8>>>)> {
    let some = |value: &dyn Fn() -> Vec<u8>| Some(value());
    let list = |users: &[(MimiUriText, u32)]| {
        let side = side().with_users(users);
        side.0
            .get(ComponentId::PARTICIPANT_LIST)
            .map(|b| b.to_vec())
    };
    let roles = |change: fn(&mut Vec<Role>)| {
        let side = side().with_roles(change);
        side.0.get(ComponentId::ROLES_LIST).map(|b| b.to_vec())
    };
    let cooperative = presets::cooperative();
    let staff = entry(cooperative.get(2).unwrap(), &[("staff", b"yes")]);
    let hr = entry(cooperative.get(3).unwrap(), &[("hr", b"yes")]);
    let mut stale = staff.clone();
    stale.role.min_active = 1;
    let preauth = |entries: &[&PreauthEntry]| {
        let entries = entries.iter().map(|entry| (*entry).clone()).collect();
        Some(octets(&PreauthList(entries)))
    };
    let base = |max_users, components: &[ComponentId]| {
        Some(octets(&BaseRoomPolicy {
            max_users,
            policy_components: components.to_vec(),
            ..BaseRoomPolicy::default()
        }))
    };
    let bots = |names: &[&str]| {
        let allowed_bots = names.iter().map(|name| bot(name)).collect();
        Some(octets(&BotPolicy { allowed_bots }))
    };
    let links = |links: &[&'static str]| {
        let links = links.iter().map(|link| JoinLink(link.as_bytes().into()));
        Some(octets(&JoinLinks(links.collect())))
    };
    let assets = |change: fn(&mut AssetPolicy)| {
        let mut assets = assets();
        change(&mut assets);
        Some(octets(&assets))
    };
    vec![
        (
            ComponentId::PARTICIPANT_LIST,
            vec![
                list(&[]),
                list(&[(ALICE, 2), (BOB, 2)]),
                list(&[(BOB, 2), (ALICE, 2)]),
                list(&[(BOB, 3), (CATHY, 2)]),
            ],
        ),
        (
            ComponentId::ROLES_LIST,
            vec![
                roles(|_| {}),
                roles(|roles| roles.reverse()),
                roles(|roles| roles[2].role_changes.reverse()),
                roles(|roles| roles[2].min_active = 3),
                roles(|roles| roles[5].description = "x".repeat(100)),
                roles(|roles| roles[5].description = "x".repeat(101)),
            ],
        ),
        (
            ComponentId::PREAUTH_LIST,
            vec![
                None,
                preauth(&[]),
                preauth(&[&staff, &hr]),
                preauth(&[&hr, &staff]),
                preauth(&[&staff, &hr, &staff]),
                preauth(&[&stale, &hr]),
            ],
        ),
        (
            ComponentId::BASE_ROOM_POLICY,
            vec![
                base(None, &[]),
                base(Some(9), &[]),
                base(None, &[ComponentId(1), ComponentId(2)]),
                base(None, &[ComponentId(2), ComponentId(1), ComponentId(2)]),
            ],
        ),
        (
            ComponentId::BOT_POLICY,
            vec![
                None,
                bots(&[]),
                bots(&["A", "B"]),
                bots(&["B", "A"]),
                bots(&["A", "A", "B"]),
            ],
        ),
        (
            ComponentId::JOIN_LINKS,
            vec![
                None,
                links(&[]),
                links(&["a", "b"]),
                links(&["b", "a"]),
                links(&["a", "a"]),
            ],
        ),
        (
            ComponentId::ASSET_POLICY,
            vec![
                None,
                assets(|_| {}),
                assets(|assets| assets.upload_domains.reverse()),
                assets(|assets| assets.permitted_media_types = None),
                assets(|assets| assets.permitted_media_types = Some(Vec::new())),
            ],
        ),
        (
            ComponentId(0xfe26),
            vec![
                None,
                some(&Vec::new),
                Some(b"x".to_vec()),
                Some(b"y".to_vec()),
            ],
        ),
    ]
}

fn assembled(choices: &[Index]) -> RoomPolicy {
    let parts = variants();
    let parts = parts.iter().zip(choices);
    let parts = parts.filter_map(|((id, variants), choice)| {
        let octets = choice.get(variants).clone()?;
        Some((*id, octets))
    });
    let components: ComponentMap = parts.collect();
    RoomPolicy::from_components(&components).unwrap()
}

proptest! {
    #[test]
    fn there_is_a_difference_exactly_if_the_policies_differ(
        old in prop::collection::vec(any::<Index>(), 8),
        new in prop::collection::vec(any::<Index>(), 8),
        same in any::<u8>(),
    ) {
        // Some parts are the same, or hardly any policy would be.
        let parts = old.iter().zip(&new).enumerate();
        let new: Vec<_> = parts
            .map(|(at, (old, new))| if same & (1 << at) == 0 { *new } else { *old })
            .collect();
        let (old, new) = (assembled(&old), assembled(&new));
        let lines = diff(&old, &new);
        prop_assert_eq!(lines.is_empty(), old == new, "{:?}", lines);
        let changed = |id| old.components().get(id) != new.components().get(id);
        prop_assert!(lines.iter().all(|line| changed(line.component())));
        prop_assert!(lines.iter().all(|line| !line.to_string().is_empty()));
    }
}

#[test]
fn each_pair_of_variants_of_a_component_differs() {
    for (at, (id, variants)) in variants().iter().enumerate() {
        for (one, old) in variants.iter().enumerate() {
            for (other, new) in variants.iter().enumerate() {
                let first = |choice: &Option<Vec<u8>>| {
                    let mut components = side().0;
                    let list = ParticipantList::default();
                    components.insert(ComponentId::PARTICIPANT_LIST, octets(&list));
                    match choice {
                        Some(octets) => drop(components.insert(*id, octets.clone())),
                        None => drop(components.remove(*id)),
                    }
                    RoomPolicy::from_components(&components).unwrap()
                };
                let lines = diff(&first(old), &first(new));
                assert_eq!(lines.is_empty(), one == other, "{at}: {one} and {other}");
                assert!(lines.iter().all(|line| line.component() == *id));
            }
        }
    }
}

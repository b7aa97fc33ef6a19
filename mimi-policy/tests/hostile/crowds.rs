//! Rooms and commits as large as they may be, and larger.

use mimi_content::component::ComponentId;
use mimi_content::tls::Rule;
use mimi_policy::limits::MAX_PARTICIPANTS;
use mimi_policy::{
    Actor, Bundle, Capability, Invalid, Op, Participant, ParticipantListUpdate, Reason, RoomPolicy,
};

use super::common::*;
use super::{
    adding, by, changing, crowd, judge, measured, refusal, removing, resolve, updating, user,
};

/// Octets of memory for each participant that a commit touches.
const EACH: usize = 400;

fn all(from: usize) -> impl Iterator<Item = u32> {
    (from..MAX_PARTICIPANTS).map(|index| u32::try_from(index).unwrap())
}

fn too_many() -> Rule {
    Rule::Limit {
        what: "the number of participants",
        max: MAX_PARTICIPANTS,
    }
}

#[test]
fn a_room_has_ten_thousand_participants_and_not_one_more() {
    let list = |size: usize| {
        let mut components = room().components();
        let mut w = mimi_content::tls::Writer::new();
        w.list(
            &(0..size)
                .map(|number| Participant {
                    user: user(number),
                    role: ORDINARY_USER,
                })
                .collect::<Vec<_>>(),
        );
        components.insert(ComponentId::PARTICIPANT_LIST, w.finish().unwrap());
        components
    };
    let full = list(MAX_PARTICIPANTS);
    let (policy, cost) = measured(|| RoomPolicy::from_components(&full).unwrap());
    assert_eq!(policy.participants().len(), MAX_PARTICIPANTS);
    // The octets are shared; beside them is the index.
    assert!(cost.peak < 48 * MAX_PARTICIPANTS, "{}", cost.peak);
    for size in [MAX_PARTICIPANTS + 1, 400_000] {
        let longer = list(size);
        let (refused, cost) = measured(|| RoomPolicy::from_components(&longer));
        let Err(Invalid::Malformed { error, .. }) = refused else {
            panic!("{size} participants");
        };
        assert_eq!(error.rule, too_many());
        assert!(cost.peak < 48 * MAX_PARTICIPANTS, "{}", cost.peak);
    }
}

#[test]
fn no_updates_together_make_a_room_larger() {
    let policy = room().policy();
    let additions = |count: usize| octets(&adding((4..).take(count)));
    let most = additions(MAX_PARTICIPANTS - 4);
    assert_eq!(
        resolve(&policy, &most).changed().count(),
        1,
        "up to the limit"
    );
    let more = additions(MAX_PARTICIPANTS - 3);
    assert_eq!(
        refusal_of_size(&policy, &[&more]),
        Invalid::TooManyParticipants(MAX_PARTICIPANTS + 1)
    );
    // Not even if somebody goes at the same time, and one too many comes.
    let removes = octets(&remove(1));
    assert_eq!(
        resolve_both(&policy, &more, &removes).unwrap(),
        MAX_PARTICIPANTS
    );
    let past = additions(MAX_PARTICIPANTS - 2);
    assert!(resolve_both(&policy, &past, &removes).is_err());
    // A single update is not read further than a list could go.
    let endless = additions(MAX_PARTICIPANTS + 1);
    let Invalid::Malformed { error, .. } = refusal_of_size(&policy, &[&endless]) else {
        panic!("the update is too long");
    };
    assert_eq!(error.rule, too_many());
    // Several that each fit.
    let half = |half: usize| octets(&adding((half..).step_by(2).take(5_000)));
    let halves = [half(4), half(5)];
    assert_eq!(
        refusal_of_size(&policy, &[&halves[0], &halves[1]]),
        Invalid::TooManyParticipants(MAX_PARTICIPANTS + 4)
    );
}

/// Why so many additions are refused, within memory for each of them.
fn refusal_of_size(policy: &RoomPolicy, updates: &[&[u8]]) -> Invalid {
    let before = policy.components();
    let updates = updates.iter().map(|octets| updating(octets));
    let (refused, cost) = measured(|| policy.resolve(updates).unwrap_err());
    assert_eq!(policy.components(), before);
    assert!(cost.peak < EACH * MAX_PARTICIPANTS, "{}", cost.peak);
    refused
}

fn resolve_both(policy: &RoomPolicy, one: &[u8], other: &[u8]) -> Result<usize, Invalid> {
    let draft = policy.resolve([updating(one), updating(other)].into_iter())?;
    let mut components = policy.components();
    for (id, data) in draft.changed() {
        components.insert(id, data.unwrap().clone());
    }
    Ok(RoomPolicy::from_components(&components)?
        .participants()
        .len())
}

#[test]
fn a_commit_may_touch_everybody_and_costs_what_they_are() {
    let (full, alice) = (crowd(MAX_PARTICIPANTS), alice());
    let small = room();
    for (room, update) in [
        (&full, changing(all(4), GROUP_ADMIN)),
        (&full, removing(all(4))),
        (&small, adding(4..MAX_PARTICIPANTS)),
    ] {
        let (policy, octets) = (room.policy(), octets(&update));
        let changes = [list(&octets)];
        let (verdict, cost) = measured(|| {
            let draft = resolve(&policy, &octets);
            judge(room, &policy, &draft, &[by(&alice, &changes)])
        });
        let after = verdict.unwrap().into_policy();
        assert!(cost.peak < EACH * MAX_PARTICIPANTS, "{}", cost.peak);
        // The same as one by one.
        let mut expected = room.clone();
        for change in &update.changed {
            expected.users[usize::try_from(change.index).unwrap()].1 = change.role;
        }
        if !update.removed.is_empty() {
            expected.users.truncate(4);
        }
        let added = update.added.into_iter().map(|one| (one.user, one.role));
        expected.users.extend(added);
        assert_eq!(after, expected.policy());
    }
}

#[test]
fn a_commit_that_touches_everybody_twice_is_refused() {
    let policy = crowd(MAX_PARTICIPANTS).policy();
    let (changes, removals) = (
        octets(&changing(all(4), GROUP_ADMIN)),
        octets(&removing(all(4))),
    );
    for updates in [
        [&changes, &changes],
        [&removals, &removals],
        [&changes, &removals],
    ] {
        let refused = refusal_of_size(&policy, &updates.map(|update| &update[..]));
        assert!(matches!(refused, Invalid::UserTwice(_)), "{refused}");
    }
    let repeated = octets(&removing(std::iter::repeat_n(4, MAX_PARTICIPANTS)));
    let refused = refusal_of_size(&policy, &[&repeated]);
    assert_eq!(refused, Invalid::UserTwice(user(4)));
    let added = octets(&adding(std::iter::repeat_n(MAX_PARTICIPANTS, 5_000)));
    let refused = refusal_of_size(&policy, &[&added]);
    assert_eq!(refused, Invalid::UserTwice(user(MAX_PARTICIPANTS)));
    let known = octets(&adding(4..MAX_PARTICIPANTS));
    let refused = refusal_of_size(&policy, &[&known]);
    assert!(matches!(refused, Invalid::AlreadyParticipant(_)));
    // No more changes or removals are read than there can be participants.
    for endless in [
        octets(&changing(0..1_000_000, GROUP_ADMIN)),
        octets(&removing(0..1_000_000)),
    ] {
        let refused = refusal(&policy, &[updating(&endless)]);
        assert!(matches!(refused, Invalid::Malformed { .. }));
    }
}

#[test]
fn a_thousand_updates_that_do_nothing_do_nothing() {
    let (room, alice) = (crowd(1_000), alice());
    let (policy, nothing) = (room.policy(), octets(&ParticipantListUpdate::default()));
    let changes = vec![list(&nothing); 1_000];
    let bundles = [by(&alice, &changes)];
    let (verdict, cost) = measured(|| {
        let draft = policy.resolve(updates(&bundles)).unwrap();
        judge(&room, &policy, &draft, &bundles)
    });
    assert_eq!(verdict.unwrap().into_policy(), policy);
    assert!(cost.peak < 1_000 * EACH, "{}", cost.peak);
}

#[test]
fn an_update_that_does_nothing_is_of_someone_with_a_role() {
    let (room, nothing) = (room(), octets(&ParticipantListUpdate::default()));
    let (dora, stranger, hub) = (dora(), uri("mimi://x.example"), hub());
    let propose = |actor| {
        let changes = &[list(&nothing)];
        room.propose(&[Bundle { actor, changes }])
            .map_err(|denied| denied.reason)
    };
    propose(Actor::external(&hub)).unwrap();
    let denied = propose(Actor::external(&stranger)).unwrap_err();
    assert_eq!(denied, Reason::NoRole(stranger.clone()));
    let denied = propose(Actor::participant(&dora)).unwrap_err();
    assert_eq!(denied, Reason::NoRole(dora.clone()));
    let denied = propose(Actor::joiner(&dora)).unwrap_err();
    assert_eq!(denied, Reason::OnlyJoin(dora.clone()));
}

#[test]
fn many_bundles_of_one_actor_are_judged_as_one() {
    const BUNDLES: usize = 5_000;
    let (room, alice, bob) = (crowd(BUNDLES + 4), alice(), bob());
    let policy = room.policy();
    let single: Vec<_> = (4..BUNDLES + 4)
        .map(|index| octets(&set_role(u32::try_from(index).unwrap(), GROUP_ADMIN)))
        .collect();
    let changes: Vec<_> = single.iter().map(|update| list(update)).collect();
    let of = |user| -> Vec<_> { changes.chunks(1).map(|one| by(user, one)).collect() };
    let run = |bundles: &[Bundle<'_>]| {
        let draft = policy.resolve(updates(bundles)).unwrap();
        judge(&room, &policy, &draft, bundles)
    };
    let (verdict, cost) = measured(|| run(&of(&alice)));
    assert!(cost.peak < 2 * BUNDLES * EACH, "{}", cost.peak);
    assert_eq!(verdict, run(&[by(&alice, &changes)]));
    let after = verdict.unwrap().into_policy();
    let promoted = after
        .participants()
        .iter()
        .filter(|p| p.role == GROUP_ADMIN);
    assert_eq!(promoted.count(), BUNDLES);
    // One among them who may not is found.
    let mut mixed = of(&alice);
    mixed[4_321].actor = Actor::participant(&bob);
    let denied = run(&mixed).unwrap_err();
    assert_eq!((denied.bundle, denied.change), (Some(4_321), Some(0)));
    assert_eq!(denied.missing(), Some(Capability::CHANGE_USER_ROLE));
    // A user who comes in one bundle and whose client comes in another.
    let dora = dora();
    let adds = octets(&add(&dora, ORDINARY_USER));
    let (first, second) = ([list(&adds)], [join_client(&dora)]);
    run(&[by(&alice, &first), by(&alice, &second)]).unwrap();
    run(&[by(&alice, &second), by(&alice, &first)]).unwrap();
    assert!(run(&[by(&alice, &first), by(&bob, &second)]).is_err());
}

#[test]
fn a_commit_may_remove_thousands_of_clients() {
    const CLIENTS: u32 = 5_000;
    let (mut room, alice, bob) = (room(), alice(), bob());
    for leaf in 10..10 + CLIENTS {
        room.clients.insert(leaf, bob.clone());
    }
    let removes = octets(&remove(1));
    let mut changes = vec![list(&removes), drop_client(2, &bob), drop_client(3, &bob)];
    changes.extend((10..10 + CLIENTS).map(|leaf| drop_client(leaf, &bob)));
    let policy = room.policy();
    let draft = resolve(&policy, &removes);
    let (verdict, cost) = measured(|| judge(&room, &policy, &draft, &[by(&alice, &changes)]));
    verdict.unwrap();
    assert!(cost.peak < EACH * changes.len(), "{}", cost.peak);
    // All but one, or one twice instead of another.
    let missing = &changes[..changes.len() - 1];
    let denied = judge(&room, &policy, &draft, &[by(&alice, missing)]).unwrap_err();
    let (user, clients) = (bob.clone(), 1);
    assert_eq!(denied.reason, Reason::KeepsClients { user, clients });
    let last = changes.len() - 1;
    changes[last] = changes[last - 1];
    assert!(judge(&room, &policy, &draft, &[by(&alice, &changes)]).is_err());
}

#[test]
fn removals_of_components_are_counted_and_not_kept() {
    let policy = room().policy();
    let removal = (ComponentId::STATUS_NOTIFICATION_POLICY, Op::Remove);
    let refused = refusal(&policy, &vec![removal; 10_000]);
    let id = ComponentId::STATUS_NOTIFICATION_POLICY;
    assert_eq!(refused, Invalid::RemovedTwice(id));
    let unknown: Vec<_> = (0x1000..0x2000)
        .map(|id| (ComponentId(id), Op::Update(&[0][..])))
        .collect();
    let refused = refusal(&policy, &unknown);
    assert!(matches!(refused, Invalid::UnknownComponent(_)));
}

//! What the set of spent tokens remembers, forgets and saves.

use mimi_content::tls::{Decode, Encode, Rule};
use mimi_discovery::token::{MAX_SPENT_DAYS, MAX_SPENT_PER_DAY, Spend, SpendError, SpentSet};
use proptest::prelude::*;

const TODAY: u32 = 20_770;

fn spend(day: u32, number: u8) -> Spend {
    let octets = [&day.to_be_bytes()[..], &[0, 0, 0, 1], &[number; 32]].concat();
    Spend::from_slice(&octets).unwrap()
}

#[test]
fn several_tokens_are_spent_together_or_not_at_all() {
    let mut spent = SpentSet::new(10);
    spent.spend(&[spend(TODAY, 1)]).unwrap();
    let before = spent.clone();
    for (tokens, position) in [
        ([spend(TODAY, 2), spend(TODAY, 1)], 1),
        ([spend(TODAY, 2), spend(TODAY, 2)], 1),
        ([spend(TODAY, 1), spend(TODAY, 2)], 0),
    ] {
        let refused = spent.spend(&tokens);
        assert_eq!(refused, Err(SpendError::Spent { position }));
        assert_eq!(spent, before);
    }
    spent.spend(&[spend(TODAY, 2), spend(TODAY, 3)]).unwrap();
    assert_eq!(spent.count(TODAY), 3);
}

#[test]
fn a_day_that_is_forgotten_does_not_come_back() {
    let mut spent = SpentSet::new(10);
    spent
        .spend(&[spend(TODAY, 1), spend(TODAY + 1, 1)])
        .unwrap();
    spent.drop_before(TODAY + 1);
    assert_eq!((spent.count(TODAY), spent.count(TODAY + 1)), (0, 1));
    let over = SpendError::DayOver {
        position: 0,
        day: TODAY,
    };
    for number in [1, 2] {
        assert_eq!(spent.spend(&[spend(TODAY, number)]), Err(over));
    }
    // Nor does it when someone turns the clock back.
    spent.drop_before(TODAY);
    assert_eq!(spent.spend(&[spend(TODAY, 1)]), Err(over));
    let refused = spent.spend(&[spend(TODAY + 1, 1)]);
    assert_eq!(refused, Err(SpendError::Spent { position: 0 }));
}

#[test]
fn a_full_day_takes_no_more_and_forgets_nothing() {
    let mut spent = SpentSet::new(2);
    spent.spend(&[spend(TODAY, 1)]).unwrap();
    let full = SpendError::Full { day: TODAY, max: 2 };
    let refused = spent.spend(&[spend(TODAY, 2), spend(TODAY, 3)]);
    assert_eq!(refused, Err(full));
    spent.spend(&[spend(TODAY, 2)]).unwrap();
    assert_eq!(spent.spend(&[spend(TODAY, 3)]), Err(full));
    let refused = spent.spend(&[spend(TODAY, 1)]);
    assert_eq!(refused, Err(SpendError::Spent { position: 0 }));
    spent.spend(&[spend(TODAY + 1, 3)]).unwrap();
}

#[test]
fn three_days_are_held() {
    let mut spent = SpentSet::new(10);
    let days = TODAY..TODAY + u32::try_from(MAX_SPENT_DAYS).unwrap();
    let all: Vec<_> = days.clone().map(|day| spend(day, 1)).collect();
    spent.spend(&all).unwrap();
    let (more, day) = (spend(days.end, 1), days.end);
    assert_eq!(spent.spend(&[more]), Err(SpendError::TooManyDays { day }));
    spent.drop_before(TODAY + 1);
    spent.spend(&[more]).unwrap();
    assert_eq!(saved(&spent), spent);

    let mut fresh = SpentSet::new(10);
    let refused = fresh.spend(&[&all[..], &[more]].concat());
    assert_eq!(refused, Err(SpendError::TooManyDays { day }));
    assert_eq!(fresh, SpentSet::new(10));
}

fn saved(set: &SpentSet) -> SpentSet {
    SpentSet::from_slice(&set.to_vec().unwrap()).unwrap()
}

fn refused(octets: &[u8]) -> Rule {
    SpentSet::from_slice(octets).unwrap_err().rule
}

#[test]
fn no_set_is_told_to_hold_more_than_can_be_saved() {
    let largest = SpentSet::new(MAX_SPENT_PER_DAY);
    assert_eq!(SpentSet::new(u64::MAX), largest);
    assert_eq!(saved(&largest), largest);
    let mut octets = largest.to_vec().unwrap();
    octets[4..12].copy_from_slice(&(MAX_SPENT_PER_DAY + 1).to_be_bytes());
    assert!(matches!(refused(&octets), Rule::Limit { .. }));
    let days = u64::try_from(MAX_SPENT_DAYS).unwrap();
    assert!(days * (MAX_SPENT_PER_DAY * 36 + 8) < 1 << 30);
}

#[test]
fn a_state_has_one_encoding() {
    let set = |max: u64, days: &[(u32, &[u8])]| {
        let mut body = Vec::new();
        for (day, numbers) in days {
            body.extend_from_slice(&day.to_be_bytes());
            let tokens = numbers
                .iter()
                .map(|n| [&[0, 0, 0, 1][..], &[*n; 32]].concat());
            let tokens = tokens.collect::<Vec<_>>().concat();
            body.extend_from_slice(&[0x40, tokens.len() as u8]);
            body.extend_from_slice(&tokens);
        }
        let front = [&9_u32.to_be_bytes()[..], &max.to_be_bytes()].concat();
        let length = (body.len() as u16 | 0x4000).to_be_bytes();
        [&front[..], &length, &body].concat()
    };
    let good = set(2, &[(9, &[1, 2]), (10, &[1, 2])]);
    let decoded = SpentSet::from_slice(&good).unwrap();
    assert_eq!(decoded.to_vec().unwrap(), good);
    for bad in [
        set(2, &[(10, &[1, 2]), (9, &[1, 2])]),
        set(2, &[(9, &[1, 2]), (9, &[1, 2])]),
        set(2, &[(8, &[1, 2]), (9, &[1, 2])]),
        set(2, &[(9, &[2, 1]), (10, &[1, 2])]),
        set(2, &[(9, &[1, 1]), (10, &[1, 2])]),
        set(1, &[(9, &[1, 2]), (10, &[1, 2])]),
    ] {
        assert!(matches!(refused(&bad), Rule::Structure(_)));
    }
    let four: Vec<_> = (9..13).map(|day| (day, &[1, 2][..])).collect();
    assert!(matches!(refused(&set(2, &four)), Rule::Limit { .. }));
    // A day of which nothing was spent.
    let empty = [&good[..12], &[5, 0, 0, 0, 9, 0]].concat();
    assert!(matches!(refused(&empty), Rule::Structure(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_set_that_was_saved_says_what_it_would_have_said(
        steps in proptest::collection::vec((TODAY..TODAY + 3, 0..8_u8, any::<bool>()), 0..40),
        forget in TODAY - 1..TODAY + 3,
    ) {
        let mut kept = SpentSet::new(6);
        let mut restored = kept.clone();
        for (number, (day, token, forgets)) in steps.iter().enumerate() {
            if *forgets && number == 20 {
                kept.drop_before(forget);
                restored.drop_before(forget);
            }
            let token = [spend(*day, *token)];
            let said = kept.spend(&token);
            prop_assert_eq!(restored.spend(&token), said);
            restored = saved(&restored);
            prop_assert_eq!(&restored, &kept);
        }
    }
}

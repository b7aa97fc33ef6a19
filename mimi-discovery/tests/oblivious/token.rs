//! Tokens, and who tries to have more of them or to recognise them.

use mimi_content::tls::{Decode, Encode};
use mimi_discovery::oprf::{
    BlindError, CsiInput, EvaluateError, FinishError, IndexRequest, MAX_BATCH,
};
use mimi_discovery::token::{
    AddKeyError, DayKeys, IssuerKey, MAX_DAY_KEYS, SpendError, SpentSet, Token, TokenError,
    TokenRequest,
};

use super::rng;

const TODAY: u32 = 20_770;
const SEED: [u8; 32] = [5; 32];

fn key(day: u32) -> IssuerKey {
    IssuerKey::from_seed(&SEED, day, 1).unwrap()
}

fn keys(days: &[u32]) -> DayKeys {
    let mut keys = DayKeys::default();
    days.iter().for_each(|day| keys.add(key(*day)).unwrap());
    keys
}

fn tokens(key: &IssuerKey, count: usize) -> Vec<Token> {
    let (request, blinded) = TokenRequest::new(count, &mut rng(1)).unwrap();
    let evaluation = key.issue(&blinded, &mut rng(2)).unwrap();
    request.finish(&evaluation, key.public()).unwrap()
}

fn unknown(day: u32) -> TokenError {
    TokenError::UnknownKey { day, key_id: 1 }
}

#[test]
fn a_token_is_good_once() {
    let (keys, mut spent) = (keys(&[TODAY]), SpentSet::new(10));
    for token in tokens(&key(TODAY), 3) {
        let spend = keys.verify(&token).unwrap();
        spent.spend(&[spend]).unwrap();
        let again = keys.verify(&token).unwrap();
        let refused = spent.spend(&[again]);
        assert_eq!(refused, Err(SpendError::Spent { position: 0 }));
    }
    assert_eq!(spent.count(TODAY), 3);
}

#[test]
fn a_key_of_ones_own_for_a_user_fails_its_proof() {
    let marked = IssuerKey::from_seed(&[6; 32], TODAY, 1).unwrap();
    let (request, blinded) = TokenRequest::new(3, &mut rng(1)).unwrap();
    let evaluation = marked.issue(&blinded, &mut rng(2)).unwrap();
    let refused = request.finish(&evaluation, key(TODAY).public());
    assert_eq!(refused.unwrap_err(), FinishError::Proof);
}

#[test]
fn a_single_marked_token_among_many_fails_the_proof() {
    let marked = IssuerKey::from_seed(&[6; 32], TODAY, 1).unwrap();
    let (request, blinded) = TokenRequest::new(3, &mut rng(1)).unwrap();
    let mut evaluation = key(TODAY).issue(&blinded, &mut rng(2)).unwrap();
    let other = marked.issue(&blinded, &mut rng(2)).unwrap();
    evaluation.elements[2] = other.elements[2];
    let refused = request.finish(&evaluation, key(TODAY).public());
    assert_eq!(refused.unwrap_err(), FinishError::Proof);
}

#[test]
fn neither_provider_nor_issuer_sees_a_part_of_a_token_before_it_is_spent() {
    let (request, blinded) = TokenRequest::new(5, &mut rng(1)).unwrap();
    let evaluation = key(TODAY).issue(&blinded, &mut rng(2)).unwrap();
    let tokens = request.finish(&evaluation, key(TODAY).public()).unwrap();
    let mut seen = evaluation.to_vec().unwrap();
    blinded.iter().for_each(|e| seen.extend_from_slice(&e.0));
    for token in tokens {
        let octets = token.to_vec().unwrap();
        // Eight octets of nonce or output would be enough to recognise it.
        let parts = octets[8..].windows(8);
        let known = parts.filter(|part| seen.windows(8).any(|w| w == *part));
        assert_eq!(known.count(), 0);
    }
}

#[test]
fn a_forged_token_is_none() {
    let keys = keys(&[TODAY]);
    let octets = tokens(&key(TODAY), 1)[0].to_vec().unwrap();
    for at in 0..octets.len() {
        let mut altered = octets.clone();
        altered[at] ^= 1;
        let refused = keys.verify(&Token::from_slice(&altered).unwrap());
        match at {
            0..8 => assert!(matches!(refused, Err(TokenError::UnknownKey { .. }))),
            _ => assert_eq!(refused, Err(TokenError::Forged)),
        }
    }
    let made_up = [&TODAY.to_be_bytes()[..], &[0, 0, 0, 1], &[7; 96]].concat();
    let refused = keys.verify(&Token::from_slice(&made_up).unwrap());
    assert_eq!(refused, Err(TokenError::Forged));
}

#[test]
fn a_token_is_of_its_day_and_of_no_other() {
    let keys = keys(&[TODAY, TODAY + 1]);
    let token = &tokens(&key(TODAY), 1)[0];
    assert!(keys.verify(token).is_ok());
    let mut octets = token.to_vec().unwrap();
    octets[..4].copy_from_slice(&(TODAY + 1).to_be_bytes());
    let relabelled = Token::from_slice(&octets).unwrap();
    assert_eq!(keys.verify(&relabelled), Err(TokenError::Forged));
}

#[test]
fn tokens_of_days_that_are_over_or_to_come_are_refused() {
    let mut keys = keys(&[TODAY, TODAY + 1]);
    let (yesterday, today) = (&tokens(&key(TODAY - 1), 1)[0], &tokens(&key(TODAY), 1)[0]);
    let later = &tokens(&key(TODAY + 2), 1)[0];
    assert_eq!(keys.verify(yesterday), Err(unknown(TODAY - 1)));
    assert_eq!(keys.verify(later), Err(unknown(TODAY + 2)));
    assert!(keys.verify(today).is_ok());
    keys.drop_before(TODAY + 1);
    assert_eq!(keys.verify(today), Err(unknown(TODAY)));
}

#[test]
fn a_day_can_have_two_keys_and_a_token_has_one() {
    let mut keys = keys(&[TODAY]);
    let second = IssuerKey::from_seed(&SEED, TODAY, 2).unwrap();
    let token = &tokens(&second, 1)[0];
    let (day, key_id) = (TODAY, 2);
    let missing = TokenError::UnknownKey { day, key_id };
    assert_eq!(keys.verify(token), Err(missing));
    keys.add(second).unwrap();
    assert!(keys.verify(token).is_ok());
    assert_ne!(
        keys.find(TODAY, 1).unwrap().public().key,
        keys.find(TODAY, 2).unwrap().public().key
    );
}

#[test]
fn an_index_cannot_be_had_as_a_token() {
    // Someone spends the provider's quota of tokens on blinded contacts instead.
    let contact = CsiInput {
        csi_type: 1,
        canonical: b"+15550100",
    };
    let (request, blinded) = IndexRequest::new(&[contact], &mut rng(1)).unwrap();
    let issued = key(TODAY).issue(&blinded, &mut rng(2)).unwrap();
    let evaluator = mimi_discovery::oprf::EvaluatorKey::from_seed(&SEED).unwrap();
    let refused = request.finish(&issued, evaluator.public_key());
    assert_eq!(refused.unwrap_err(), FinishError::Proof);
}

#[test]
fn a_batch_has_at_least_one_and_at_most_a_thousand() {
    assert_eq!(tokens(&key(TODAY), MAX_BATCH).len(), MAX_BATCH);
    for count in [0, MAX_BATCH + 1, usize::MAX] {
        let refused = TokenRequest::new(count, &mut rng(1));
        assert_eq!(refused.unwrap_err(), BlindError::Count { count });
    }
    let (_, blinded) = TokenRequest::new(1, &mut rng(1)).unwrap();
    for count in [0, MAX_BATCH + 1] {
        let refused = key(TODAY).issue(&vec![blinded[0]; count], &mut rng(1));
        assert_eq!(refused.unwrap_err(), EvaluateError::Count { count });
    }
}

#[test]
fn six_keys_are_held_and_each_once() {
    let mut keys = DayKeys::default();
    let days = TODAY..TODAY + u32::try_from(MAX_DAY_KEYS).unwrap();
    days.clone().for_each(|day| keys.add(key(day)).unwrap());
    let refused = keys.add(key(TODAY + 1));
    let (day, key_id) = (TODAY + 1, 1);
    assert_eq!(refused, Err(AddKeyError::SameNumber { day, key_id }));
    assert_eq!(keys.add(key(days.end)), Err(AddKeyError::TooMany));
    keys.drop_before(TODAY + 1);
    assert_eq!(keys.add(key(days.end)), Ok(()));
}

#[test]
fn nothing_secret_is_shown() {
    let token = &tokens(&key(TODAY), 1)[0];
    assert_eq!(format!("{token:?}"), "Token { day: 20770, key_id: 1, .. }");
    let (request, _) = TokenRequest::new(1, &mut rng(1)).unwrap();
    assert_eq!(format!("{request:?}"), "TokenRequest(..)");
    assert!(format!("{:?}", key(TODAY)).ends_with(", ..)"));
}

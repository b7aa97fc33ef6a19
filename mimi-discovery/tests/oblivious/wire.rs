//! Each type that travels or is saved: decode, encode, the same octets.

use mimi_content::tls::{Decode, Encode, Rule};
use mimi_discovery::envelope::{GatewayKey, KeyConfig};
use mimi_discovery::oprf::{Element, Evaluation, EvaluatorKey, MAX_BATCH, Proof, PublicKey};
use mimi_discovery::token::{DayPublicKey, IssuerKey, Spend, SpentSet, Token};
use proptest::prelude::*;

/// The octets come back; each truncation is refused, each octet more too, and each
/// flipped bit is refused or comes back.
fn exact<T: Encode + Decode>(octets: &[u8]) {
    let again = |octets: &[u8]| {
        let value = T::from_slice(octets).ok()?;
        Some(value.to_vec().unwrap())
    };
    assert_eq!(again(octets).unwrap(), octets);
    assert!((0..octets.len()).all(|len| T::from_slice(&octets[..len]).is_err()));
    assert!(T::from_slice(&[octets, &[0]].concat()).is_err());
    for bit in 0..octets.len() * 8 {
        let mut altered = octets.to_vec();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(again(&altered).is_none_or(|octets| octets == altered));
    }
}

fn octets<const N: usize>() -> impl Strategy<Value = [u8; N]> {
    any::<u64>().prop_map(|seed| {
        let mut out = [0; N];
        super::rng(seed).fill_bytes(&mut out);
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn elements_and_proofs_are_exact(
        elements in proptest::collection::vec(octets::<32>(), 0..4),
        proof in octets::<64>(),
    ) {
        let elements: Vec<_> = elements.into_iter().map(Element).collect();
        elements.iter().for_each(|e| exact::<Element>(&e.to_vec().unwrap()));
        exact::<Proof>(&proof);
        let evaluation = Evaluation { elements, proof: Proof(proof) };
        exact::<Evaluation>(&evaluation.to_vec().unwrap());
    }

    #[test]
    fn keys_are_exact(seed in octets::<32>(), day: u32, key_id: u32) {
        let key = EvaluatorKey::from_seed(&seed).unwrap();
        exact::<PublicKey>(&key.public_key().to_vec().unwrap());
        let key = IssuerKey::from_seed(&seed, day, key_id).unwrap();
        exact::<DayPublicKey>(&key.public().to_vec().unwrap());
        let key = GatewayKey::from_seed(key_id.to_be_bytes()[0], &seed).unwrap();
        exact::<KeyConfig>(&key.config().to_vec().unwrap());
    }

    #[test]
    fn tokens_and_what_is_spent_are_exact(
        token in octets::<104>(),
        spends in proptest::collection::btree_set(octets::<40>(), 0..3),
    ) {
        exact::<Token>(&token);
        let mut set = SpentSet::new(100);
        for spend in &spends {
            exact::<Spend>(spend);
            set.spend(&[Spend::from_slice(spend).unwrap()]).unwrap();
        }
        exact::<SpentSet>(&set.to_vec().unwrap());
    }
}

#[test]
fn an_evaluation_has_at_most_a_thousand_elements() {
    let of = |count| Evaluation {
        elements: vec![Element([1; 32]); count],
        proof: Proof([2; 64]),
    };
    let largest = of(MAX_BATCH);
    let octets = largest.to_vec().unwrap();
    assert_eq!(Evaluation::from_slice(&octets), Ok(largest));
    let refused = Evaluation::from_slice(&of(MAX_BATCH + 1).to_vec().unwrap());
    assert!(matches!(refused.unwrap_err().rule, Rule::Limit { .. }));
}

#[test]
fn no_public_key_is_decoded_that_is_none() {
    for octets in [[0; 32], [0xff; 32]] {
        let refused = PublicKey::from_slice(&octets).unwrap_err();
        assert!(matches!(refused.rule, Rule::Structure(_)));
        assert_eq!(refused.offset, 0);
    }
}

//! From identifiers to indices, and who tries to get something else out of it.

use mimi_discovery::oprf::{
    BlindError, CsiInput, Element, ElementError, EvaluateError, Evaluation, EvaluatorKey,
    EvaluatorKeys, FinishError, IndexRequest, MAX_BATCH, MAX_CSI_LEN, PublicKey, RotateError,
};
use proptest::prelude::*;

use super::{phone, rng};

fn key(number: u8) -> EvaluatorKey {
    EvaluatorKey::from_seed(&[number; 32]).unwrap()
}

/// What `key` makes of `contacts` under the blinding of `seed`.
fn indices(key: &EvaluatorKey, contacts: &[CsiInput<'_>], seed: u64) -> Vec<[u8; 32]> {
    let mut rng = rng(seed);
    let (request, blinded) = IndexRequest::new(contacts, &mut rng).unwrap();
    let evaluation = key.evaluate(&blinded, &mut rng).unwrap();
    let secrets = request.finish(&evaluation, key.public_key()).unwrap();
    secrets.iter().map(|secret| secret.index()).collect()
}

/// What stands behind the identity: no point at all. All ones is not canonical.
const NO_ELEMENT: Element = Element([0xff; 32]);
const IDENTITY: Element = Element([0; 32]);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_index_depends_on_identifier_and_key_and_not_on_the_blinding(
        a in proptest::collection::vec(any::<u8>(), 1..40),
        b in proptest::collection::vec(any::<u8>(), 1..40),
        types in any::<(u8, u8)>(),
        blindings in any::<(u64, u64)>(),
    ) {
        let a = CsiInput { csi_type: types.0, canonical: &a };
        let b = CsiInput { csi_type: types.1, canonical: &b };
        let same = (a.csi_type, a.canonical) == (b.csi_type, b.canonical);
        let one = indices(&key(1), &[a, b], blindings.0);
        prop_assert_eq!(one[0] == one[1], same);
        let other = indices(&key(1), &[b, a], blindings.1);
        prop_assert_eq!(&one, &[other[1], other[0]]);
        prop_assert_ne!(one, indices(&key(2), &[a, b], blindings.0));
    }
}

#[test]
fn a_number_that_is_also_a_mailbox_has_two_indices() {
    let canonical = b"15550100";
    let of = |csi_type| CsiInput {
        csi_type,
        canonical,
    };
    let both = indices(&key(1), &[of(1), of(2)], 0);
    assert_ne!(both[0], both[1]);
}

#[test]
fn what_the_evaluator_sees_of_one_contact_is_never_the_same() {
    let (_, first) = IndexRequest::new(&[phone("+15550100")], &mut rng(1)).unwrap();
    let (_, second) = IndexRequest::new(&[phone("+15550100")], &mut rng(2)).unwrap();
    assert_ne!(first, second);
}

#[test]
fn each_record_has_its_own_key_and_all_who_look_it_up_have_the_same() {
    let key = key(1);
    let secret = |seed| {
        let mut rng = rng(seed);
        let (request, blinded) = IndexRequest::new(&[phone("+15550100")], &mut rng).unwrap();
        let evaluation = key.evaluate(&blinded, &mut rng).unwrap();
        let mut secrets = request.finish(&evaluation, key.public_key()).unwrap();
        secrets.remove(0)
    };
    let (one, other) = (secret(1), secret(2));
    assert_eq!(one.record_key(&[1; 16]), other.record_key(&[1; 16]));
    assert_ne!(one.record_key(&[1; 16]), one.record_key(&[2; 16]));
    assert_ne!(*one.record_key(&[1; 16]), one.index());
}

#[test]
fn an_evaluator_that_uses_another_key_is_found_out() {
    let mut rng = rng(1);
    let (request, blinded) = IndexRequest::new(&[phone("+15550100")], &mut rng).unwrap();
    let evaluation = key(2).evaluate(&blinded, &mut rng).unwrap();
    let refused = request.finish(&evaluation, key(1).public_key());
    assert_eq!(refused.unwrap_err(), FinishError::Proof);
}

#[test]
fn one_contact_of_many_under_another_key_is_found_out() {
    let mut rng = rng(1);
    let contacts = [phone("+15550100"), phone("+15550101"), phone("+15550102")];
    let (request, blinded) = IndexRequest::new(&contacts, &mut rng).unwrap();
    let mut evaluation = key(1).evaluate(&blinded, &mut rng).unwrap();
    let other = key(2).evaluate(&blinded, &mut rng).unwrap();
    evaluation.elements[1] = other.elements[1];
    let refused = request.finish(&evaluation, key(1).public_key());
    assert_eq!(refused.unwrap_err(), FinishError::Proof);
}

#[test]
fn elements_that_changed_places_are_found_out() {
    let mut rng = rng(1);
    let contacts = [phone("+15550100"), phone("+15550101")];
    let (request, blinded) = IndexRequest::new(&contacts, &mut rng).unwrap();
    let mut evaluation = key(1).evaluate(&blinded, &mut rng).unwrap();
    evaluation.elements.swap(0, 1);
    let refused = request.finish(&evaluation, key(1).public_key());
    assert_eq!(refused.unwrap_err(), FinishError::Proof);
}

#[test]
fn the_answer_to_another_question_is_found_out() {
    let mut rng = rng(1);
    let (_, before) = IndexRequest::new(&[phone("+15550100")], &mut rng).unwrap();
    let replayed = key(1).evaluate(&before, &mut rng).unwrap();
    let (request, _) = IndexRequest::new(&[phone("+15550100")], &mut rng).unwrap();
    let refused = request.finish(&replayed, key(1).public_key());
    assert_eq!(refused.unwrap_err(), FinishError::Proof);
}

#[test]
fn no_octet_of_an_answer_can_be_changed() {
    let contacts = [phone("+15550100"), phone("+15550101")];
    let (_, blinded) = IndexRequest::new(&contacts, &mut rng(1)).unwrap();
    let evaluation = key(1).evaluate(&blinded, &mut rng(2)).unwrap();
    let finish = |evaluation: &Evaluation| {
        // The same blinding each time.
        let (request, _) = IndexRequest::new(&contacts, &mut rng(1)).unwrap();
        request.finish(evaluation, key(1).public_key()).map(drop)
    };
    assert_eq!(finish(&evaluation), Ok(()));
    for octet in 0..32 {
        let mut altered = evaluation.clone();
        altered.elements[1].0[octet] ^= 1;
        let refused = finish(&altered).unwrap_err();
        let why = ElementError::NoElement;
        let no_element = FinishError::Element { position: 1, why };
        assert!(refused == FinishError::Proof || refused == no_element);
    }
    for octet in 0..64 {
        let mut altered = evaluation.clone();
        altered.proof.0[octet] ^= 0x80;
        let refused = finish(&altered).unwrap_err();
        // The highest bit of a scalar is never set.
        let form = octet % 32 == 31;
        assert_eq!(refused == FinishError::ProofForm, form, "{octet}");
        assert!(form || refused == FinishError::Proof, "{octet}");
    }
}

#[test]
fn an_answer_has_as_many_elements_as_the_question() {
    let contacts = [phone("+15550100"), phone("+15550101")];
    let (_, blinded) = IndexRequest::new(&contacts, &mut rng(1)).unwrap();
    let evaluation = key(1).evaluate(&blinded, &mut rng(2)).unwrap();
    for found in [0, 1, 3] {
        let mut other = evaluation.clone();
        other.elements.resize(found, evaluation.elements[0]);
        let (request, _) = IndexRequest::new(&contacts, &mut rng(1)).unwrap();
        let refused = request.finish(&other, key(1).public_key());
        let expected = 2;
        assert_eq!(refused.unwrap_err(), FinishError::Count { expected, found });
    }
}

#[test]
fn what_is_no_element_is_named_on_both_sides() {
    let mut rng = rng(1);
    let contacts = [phone("+15550100"), phone("+15550101")];
    for (bad, why) in [
        (NO_ELEMENT, ElementError::NoElement),
        (IDENTITY, ElementError::Identity),
    ] {
        let (request, mut blinded) = IndexRequest::new(&contacts, &mut rng).unwrap();
        let mut evaluation = key(1).evaluate(&blinded, &mut rng).unwrap();
        blinded[1] = bad;
        let refused = key(1).evaluate(&blinded, &mut rng).unwrap_err();
        assert_eq!(refused, EvaluateError::Element { position: 1, why });
        evaluation.elements[0] = bad;
        let refused = request.finish(&evaluation, key(1).public_key());
        let expected = FinishError::Element { position: 0, why };
        assert_eq!(refused.unwrap_err(), expected);
        assert_eq!(PublicKey::from_bytes(&bad.0), Err(why));
    }
}

#[test]
fn a_batch_has_at_least_one_and_at_most_a_thousand() {
    let mut rng = rng(1);
    let contacts = vec![phone("+15550100"); MAX_BATCH + 1];
    let (request, blinded) = IndexRequest::new(&contacts[1..], &mut rng).unwrap();
    let evaluation = key(1).evaluate(&blinded, &mut rng).unwrap();
    let secrets = request.finish(&evaluation, key(1).public_key()).unwrap();
    assert_eq!(secrets.len(), MAX_BATCH);

    for count in [0, MAX_BATCH + 1] {
        let refused = IndexRequest::new(&contacts[..count], &mut rng);
        assert_eq!(refused.unwrap_err(), BlindError::Count { count });
        let blinded = vec![blinded[0]; count];
        let refused = key(1).evaluate(&blinded, &mut rng);
        assert_eq!(refused.unwrap_err(), EvaluateError::Count { count });
    }
}

#[test]
fn an_identifier_has_one_to_320_octets() {
    let longest = "a".repeat(MAX_CSI_LEN);
    assert!(IndexRequest::new(&[phone(&longest)], &mut rng(1)).is_ok());
    let longer = "a".repeat(MAX_CSI_LEN + 1);
    for (text, len) in [("", 0), (&*longer, MAX_CSI_LEN + 1)] {
        let refused = IndexRequest::new(&[phone("+15550100"), phone(text)], &mut rng(1));
        let expected = BlindError::Length { position: 1, len };
        assert_eq!(refused.unwrap_err(), expected);
    }
}

#[test]
fn after_a_rotation_both_keys_answer_and_after_the_next_the_oldest_does_not() {
    let mut rng = rng(1);
    let mut keys = EvaluatorKeys::new(1, key(1));
    let (_, blinded) = IndexRequest::new(&[phone("+15550100")], &mut rng).unwrap();
    let mut ask = |keys: &EvaluatorKeys, key_id| {
        let evaluation = keys.evaluate(key_id, &blinded, &mut rng)?;
        Ok(evaluation.elements[0])
    };
    let under_1 = ask(&keys, 1);
    assert!(under_1.is_ok());
    let unknown = |key_id| Err(EvaluateError::UnknownKey { key_id });
    assert_eq!(ask(&keys, 2), unknown(2));

    keys.rotate(2, key(2)).unwrap();
    assert_eq!(ask(&keys, 1), under_1);
    assert_ne!(ask(&keys, 2), under_1);
    let named: Vec<_> = keys.public_keys().map(|(id, key)| (id, *key)).collect();
    assert_eq!(
        named,
        [(2, *key(2).public_key()), (1, *key(1).public_key())]
    );

    keys.rotate(3, key(3)).unwrap();
    assert_eq!(ask(&keys, 1), unknown(1));
    assert!(ask(&keys, 2).is_ok());
    keys.retire();
    assert_eq!(ask(&keys, 2), unknown(2));
    assert!(ask(&keys, 3).is_ok());
}

#[test]
fn a_client_does_not_take_the_other_key_of_the_manifest() {
    let mut rng = rng(1);
    let mut keys = EvaluatorKeys::new(1, key(1));
    keys.rotate(2, key(2)).unwrap();
    let (request, blinded) = IndexRequest::new(&[phone("+15550100")], &mut rng).unwrap();
    let evaluation = keys.evaluate(1, &blinded, &mut rng).unwrap();
    let refused = request.finish(&evaluation, key(2).public_key());
    assert_eq!(refused.unwrap_err(), FinishError::Proof);
}

#[test]
fn number_and_key_are_new_at_a_rotation() {
    let mut keys = EvaluatorKeys::new(1, key(1));
    let refused = keys.rotate(1, key(2));
    assert_eq!(refused, Err(RotateError::SameNumber { key_id: 1 }));
    let refused = keys.rotate(2, key(1));
    assert_eq!(refused, Err(RotateError::SameKey { key_id: 1 }));
    assert_eq!(keys.public_keys().count(), 1);
}

#[test]
fn a_fresh_key_comes_back_from_its_seed() {
    let (fresh, seed) = EvaluatorKey::generate(&mut rng(1)).unwrap();
    let again = EvaluatorKey::from_seed(&seed).unwrap();
    assert_eq!(fresh.public_key(), again.public_key());
    let (other, _) = EvaluatorKey::generate(&mut rng(2)).unwrap();
    assert_ne!(fresh.public_key(), other.public_key());
}

#[test]
fn nothing_secret_is_shown() {
    let mut rng = rng(1);
    let (request, blinded) = IndexRequest::new(&[phone("+15550100")], &mut rng).unwrap();
    assert_eq!(format!("{request:?}"), "IndexRequest(..)");
    let evaluation = key(1).evaluate(&blinded, &mut rng).unwrap();
    let secrets = request.finish(&evaluation, key(1).public_key()).unwrap();
    assert_eq!(format!("{secrets:?}"), "[IndexSecret(..)]");
    assert_eq!(format!("{:?}", key(1)), "EvaluatorKey(..)");
}

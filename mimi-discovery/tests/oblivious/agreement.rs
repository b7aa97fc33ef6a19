//! The oblivious function beside another implementation of RFC 9497 and of HKDF.
//!
//! The labels stand here a second time: they are part of what others have to do.

use hkdf::Hkdf;
use mimi_content::tls::{Decode, Encode};
use mimi_discovery::oprf::{Element, Evaluation, EvaluatorKey, IndexRequest, Proof, PublicKey};
use mimi_discovery::token::{DayKeys, IssuerKey, Token, TokenRequest};
use rand_core::Rng;
use sha2::Sha256;
use voprf::{BlindedElement, EvaluationElement, Group, Ristretto255, VoprfClient, VoprfServer};

use super::{phone, rng};

const SEED: [u8; 32] = [9; 32];
const NUMBERS: [&str; 3] = ["+15550100", "+15550101", "+442079460000"];

/// The generator of today under the traits of yesterday.
struct Old(chacha20::ChaCha20Rng);

impl rand_core_06::RngCore for Old {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        self.0.fill_bytes(out);
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core_06::Error> {
        self.0.fill_bytes(out);
        Ok(())
    }
}

impl rand_core_06::CryptoRng for Old {}

fn other_server(info: &[u8]) -> VoprfServer<Ristretto255> {
    VoprfServer::new_from_seed(&SEED, info).unwrap()
}

fn other_public(server: &VoprfServer<Ristretto255>) -> PublicKey {
    let octets = Ristretto255::serialize_elem(server.get_public_key());
    PublicKey::from_bytes(&octets.into()).unwrap()
}

/// A batch, evaluated by the other implementation.
fn other_evaluate(server: &VoprfServer<Ristretto255>, blinded: &[Element]) -> Evaluation {
    let blinded = blinded.iter();
    let blinded: Vec<_> = blinded
        .map(|element| BlindedElement::deserialize(&element.0).unwrap())
        .collect();
    let result = server.batch_blind_evaluate(&mut Old(rng(5)), &blinded);
    let result = result.unwrap();
    let elements = result.messages.iter();
    Evaluation {
        elements: elements.map(|e| Element(e.serialize().into())).collect(),
        proof: Proof(result.proof.serialize().as_slice().try_into().unwrap()),
    }
}

fn input(number: &str) -> Vec<u8> {
    [b"MIMI Discovery 1.0 CSI\x01", number.as_bytes()].concat()
}

#[test]
fn another_evaluator_leads_to_the_same_indices_and_record_keys() {
    let server = other_server(b"MIMI Discovery 1.0 index key");
    let ours = EvaluatorKey::from_seed(&SEED).unwrap();
    assert_eq!(*ours.public_key(), other_public(&server));

    let contacts = NUMBERS.map(phone);
    let (request, blinded) = IndexRequest::new(&contacts, &mut rng(1)).unwrap();
    let evaluation = other_evaluate(&server, &blinded);
    let secrets = request.finish(&evaluation, ours.public_key()).unwrap();
    for (number, secret) in NUMBERS.iter().zip(&secrets) {
        let y = server.evaluate(&input(number)).unwrap();
        let hkdf = Hkdf::<Sha256>::new(None, &y);
        let mut expected = [0; 32];
        hkdf.expand(b"index", &mut expected).unwrap();
        assert_eq!(secret.index(), expected);
        let info = [&b"record"[..], &[3; 16]].concat();
        hkdf.expand(&info, &mut expected).unwrap();
        assert_eq!(*secret.record_key(&[3; 16]), expected);
    }
}

#[test]
fn another_client_believes_our_evaluator() {
    let ours = EvaluatorKey::from_seed(&SEED).unwrap();
    let public = Ristretto255::deserialize_elem(ours.public_key().as_bytes()).unwrap();
    let inputs = NUMBERS.map(input);
    let mut old = Old(rng(1));
    let blind = |input: &Vec<u8>| VoprfClient::<Ristretto255>::blind(input, &mut old).unwrap();
    let (clients, blinded): (Vec<_>, Vec<_>) = inputs
        .iter()
        .map(blind)
        .map(|result| (result.state, Element(result.message.serialize().into())))
        .unzip();

    let evaluation = ours.evaluate(&blinded, &mut rng(2)).unwrap();
    let elements = evaluation.elements.iter();
    let messages: Vec<_> = elements
        .map(|element| EvaluationElement::deserialize(&element.0).unwrap())
        .collect();
    let proof = voprf::Proof::deserialize(&evaluation.proof.0).unwrap();
    let inputs = inputs.to_vec();
    let outputs = VoprfClient::batch_finalize(&inputs, &clients, &messages, &proof, public);
    let outputs: Vec<_> = outputs.unwrap().map(Result::unwrap).collect();

    let server = other_server(b"MIMI Discovery 1.0 index key");
    let expected = inputs.iter().map(|input| server.evaluate(input).unwrap());
    assert_eq!(outputs, expected.collect::<Vec<_>>());
}

#[test]
fn another_issuer_makes_our_tokens_and_another_client_spends_with_us() {
    let (day, key_id) = (20_770_u32, 2_u32);
    let info = [
        &b"MIMI Discovery 1.0 token key"[..],
        &day.to_be_bytes(),
        &key_id.to_be_bytes(),
    ];
    let server = other_server(&info.concat());
    let key = IssuerKey::from_seed(&SEED, day, key_id).unwrap();
    let public = *key.public();
    assert_eq!(public.key, other_public(&server));
    let mut keys = DayKeys::default();
    keys.add(key).unwrap();

    let (request, blinded) = TokenRequest::new(3, &mut rng(1)).unwrap();
    let evaluation = other_evaluate(&server, &blinded);
    let tokens = request.finish(&evaluation, &public).unwrap();
    assert!(tokens.iter().all(|token| keys.verify(token).is_ok()));

    let nonce = [8; 32];
    let output = server.evaluate(&[&b"MIMI Discovery 1.0 token"[..], &nonce].concat());
    let token = [
        &day.to_be_bytes()[..],
        &key_id.to_be_bytes(),
        &nonce,
        &output.unwrap(),
    ];
    let token = Token::from_slice(&token.concat()).unwrap();
    assert!(keys.verify(&token).is_ok());
    assert_eq!(token.to_vec().unwrap().len(), Token::LEN);
}

use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::RustCrypto;
use openmls_traits::signatures::SignerError;
use openmls_traits::types::SignatureScheme;

use super::*;
use crate::wire::mls::GroupInfoView;
use crate::wire::{Decode, PartialGroupInfo};

const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
const SUITES: [Ciphersuite; 3] = [
    SUITE,
    Ciphersuite::MLS_128_DHKEMP256_AES128GCM_SHA256_P256,
    Ciphersuite::MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519,
];
const COMPONENT: ComponentId = ComponentId(0x8001);
const OTHER_COMPONENT: ComponentId = ComponentId(0x8002);

/// `SignContent` and `EncryptContext` of label `x` and content `abc`.
const LABELLED: &[u8] = b"\x09MLS 1.0 x\x03abc";
/// The same of the component's label `x`.
const OF_COMPONENT: &[u8] = b"\x1aMLS 1.0 \x0dMLS Component\x80\x01\x01x\x03abc";

/// Signs nothing and shows what it was asked to sign.
struct Shows;

impl Signer for Shows {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(payload.to_vec())
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

fn signer(suite: Ciphersuite) -> SignatureKeyPair {
    SignatureKeyPair::new(suite.signature_algorithm()).unwrap()
}

/// A private and a public key.
fn key_pair(crypto: &RustCrypto, suite: Ciphersuite, seed: u8) -> (Vec<u8>, Vec<u8>) {
    let pair = crypto
        .derive_hpke_keypair(suite.hpke_config(), &[seed; 32])
        .unwrap();
    (pair.private.to_vec(), pair.public)
}

/// The ciphertext of a HPKE context with this `info` and nothing else.
fn sealed(crypto: &RustCrypto, key: &[u8], info: &[u8]) -> HpkeCiphertext {
    let sealed = crypto
        .hpke_seal(SUITE.hpke_config(), key, info, &[], b"secret")
        .unwrap();
    HpkeCiphertext {
        kem_output: Vec::from(sealed.kem_output).into(),
        ciphertext: Vec::from(sealed.ciphertext).into(),
    }
}

#[test]
fn what_is_signed_is_the_label_and_the_content() {
    assert_eq!(sign_with_label(&Shows, "x", b"abc").unwrap(), LABELLED);
    let safe = safe_sign_with_label(&Shows, COMPONENT, "x", b"abc").unwrap();
    assert_eq!(safe, OF_COMPONENT);
    // A label that is no text, and one of more than 63 octets with its prefix.
    let signed = sign_with_label(&Shows, [0xff, 0x00], b"").unwrap();
    assert_eq!(signed, b"\x0aMLS 1.0 \xff\x00\x00");
    let signed = sign_with_label(&Shows, [b'a'; 56], b"").unwrap();
    assert_eq!(signed[..10], *b"\x40\x40MLS 1.0 ");
}

#[test]
fn a_signature_holds_for_its_label_key_and_content_only() {
    let crypto = RustCrypto::default();
    for suite in SUITES {
        let (signer, other) = (signer(suite), signer(suite));
        let scheme = suite.signature_algorithm();
        let signature = sign_with_label(&signer, "x", b"abc").unwrap();
        let verify = |key: &SignatureKeyPair, label: &str, content: &[u8], signature: &[u8]| {
            verify_with_label(&crypto, scheme, key.public(), label, content, signature)
        };
        assert_eq!(verify(&signer, "x", b"abc", &signature), Ok(()));
        let refused = Err(LabelError::Signature);
        assert_eq!(verify(&signer, "y", b"abc", &signature), refused);
        assert_eq!(verify(&signer, "x", b"abd", &signature), refused);
        assert_eq!(verify(&other, "x", b"abc", &signature), refused);
        for at in 0..signature.len() {
            let mut flipped = signature.clone();
            flipped[at] ^= 1;
            assert_eq!(
                verify(&signer, "x", b"abc", &flipped),
                refused,
                "octet {at}"
            );
        }
        assert_eq!(verify(&signer, "x", b"abc", &[]), refused);
        // It is over the octets written down above.
        let by_hand = crypto.verify_signature(scheme, LABELLED, signer.public(), &signature);
        assert_eq!(by_hand, Ok(()));
    }
}

#[test]
fn a_signature_of_a_component_is_no_other_components_and_none_of_mls() {
    let crypto = RustCrypto::default();
    for suite in SUITES {
        let (signer, other) = (signer(suite), signer(suite));
        let scheme = suite.signature_algorithm();
        let signature = safe_sign_with_label(&signer, COMPONENT, "x", b"abc").unwrap();
        let verify = |key: &SignatureKeyPair, by, label: &str, content: &[u8]| {
            let key = key.public();
            safe_verify_with_label(&crypto, scheme, key, by, label, content, &signature)
        };
        assert_eq!(verify(&signer, COMPONENT, "x", b"abc"), Ok(()));
        let refused = Err(LabelError::Signature);
        assert_eq!(verify(&signer, OTHER_COMPONENT, "x", b"abc"), refused);
        assert_eq!(verify(&signer, COMPONENT, "y", b"abc"), refused);
        assert_eq!(verify(&signer, COMPONENT, "x", b"abd"), refused);
        assert_eq!(verify(&other, COMPONENT, "x", b"abc"), refused);
        let key = signer.public();
        let plain = verify_with_label(&crypto, scheme, key, "x", b"abc", &signature);
        assert_eq!(plain, refused);
        let by_hand = crypto.verify_signature(scheme, OF_COMPONENT, key, &signature);
        assert_eq!(by_hand, Ok(()));
    }
}

#[test]
fn what_is_sealed_opens_for_its_key_label_and_context_only() {
    let crypto = RustCrypto::default();
    for suite in SUITES {
        let (private, public) = key_pair(&crypto, suite, 1);
        let (other, _) = key_pair(&crypto, suite, 2);
        let sealed = encrypt_with_label(&crypto, suite, &public, "x", b"abc", b"secret").unwrap();
        let open = |key: &[u8], label: &str, context: &[u8], sealed: &HpkeCiphertext| {
            decrypt_with_label(&crypto, suite, key, label, context, sealed)
                .map(|opened| opened.to_vec())
        };
        assert_eq!(open(&private, "x", b"abc", &sealed).unwrap(), b"secret");
        let refused = Err(LabelError::Open);
        assert_eq!(open(&private, "y", b"abc", &sealed), refused);
        assert_eq!(open(&private, "x", b"abd", &sealed), refused);
        assert_eq!(open(&other, "x", b"abc", &sealed), refused);
        for at in 0..sealed.ciphertext.len() {
            let mut flipped = sealed.clone();
            let mut octets = flipped.ciphertext.to_vec();
            octets[at] ^= 1;
            flipped.ciphertext = octets.into();
            assert_eq!(open(&private, "x", b"abc", &flipped), refused, "octet {at}");
        }
        for field in [Bytes::new(), Bytes::from_static(&[4; 31])] {
            let mut cut = sealed.clone();
            cut.ciphertext = field.clone();
            assert_eq!(open(&private, "x", b"abc", &cut), refused);
            let mut cut = sealed.clone();
            cut.kem_output = field;
            assert_eq!(open(&private, "x", b"abc", &cut), refused);
        }
        for key in [&[][..], &[7; 31], &[0; 66]] {
            let unusable = encrypt_with_label(&crypto, suite, key, "x", b"abc", b"secret");
            assert_eq!(unusable, Err(LabelError::Seal), "{} octets", key.len());
        }
    }
}

#[test]
fn the_label_is_the_info_of_the_encryption() {
    let crypto = RustCrypto::default();
    let (private, public) = key_pair(&crypto, SUITE, 1);
    let by_hand = sealed(&crypto, &public, LABELLED);
    let opened = decrypt_with_label(&crypto, SUITE, &private, "x", b"abc", &by_hand).unwrap();
    assert_eq!(*opened, b"secret");
    let by_hand = sealed(&crypto, &public, OF_COMPONENT);
    let opened =
        safe_decrypt_with_label(&crypto, SUITE, &private, COMPONENT, "x", b"abc", &by_hand);
    assert_eq!(*opened.unwrap(), b"secret");
}

#[test]
fn what_is_sealed_for_a_component_opens_for_no_other_and_not_for_mls() {
    let crypto = RustCrypto::default();
    for suite in SUITES {
        let (private, public) = key_pair(&crypto, suite, 1);
        let (wrong_key, _) = key_pair(&crypto, suite, 2);
        let sealed =
            safe_encrypt_with_label(&crypto, suite, &public, COMPONENT, "x", b"abc", b"secret")
                .unwrap();
        let open = |key: &[u8], by, label: &str, context: &[u8]| {
            safe_decrypt_with_label(&crypto, suite, key, by, label, context, &sealed)
                .map(|opened| opened.to_vec())
        };
        assert_eq!(open(&private, COMPONENT, "x", b"abc").unwrap(), b"secret");
        let refused = Err(LabelError::Open);
        assert_eq!(open(&private, OTHER_COMPONENT, "x", b"abc"), refused);
        assert_eq!(open(&private, COMPONENT, "y", b"abc"), refused);
        assert_eq!(open(&private, COMPONENT, "x", b"abd"), refused);
        assert_eq!(open(&wrong_key, COMPONENT, "x", b"abc"), refused);
        let plain = decrypt_with_label(&crypto, suite, &private, "x", b"abc", &sealed);
        assert_eq!(plain.map(|opened| opened.to_vec()), refused);
    }
}

#[test]
fn an_expanded_secret_depends_on_label_context_and_length() {
    let crypto = RustCrypto::default();
    let expand = |secret: &[u8], label: &str, context: &[u8], length| {
        expand_with_label(&crypto, SUITE, secret, label, context, length)
            .map(|expanded| expanded.to_vec())
    };
    let secret = [7; 32];
    let expanded = expand(&secret, "x", b"abc", 16).unwrap();
    let info = b"\x00\x10\x09MLS 1.0 x\x03abc";
    let by_hand = crypto
        .hkdf_expand(SUITE.hash_algorithm(), &secret, info, 16)
        .unwrap();
    assert_eq!(expanded, by_hand.as_slice());
    for other in [
        expand(&[8; 32], "x", b"abc", 16),
        expand(&secret, "y", b"abc", 16),
        expand(&secret, "x", b"abd", 16),
        expand(&secret, "x", b"abc", 17).map(|longer| longer[..16].to_vec()),
    ] {
        assert_ne!(other.unwrap(), expanded);
    }
    assert_eq!(expand(&secret, "x", b"abc", 255 * 32).unwrap().len(), 8160);
    let refused = Err(LabelError::Expand);
    assert_eq!(expand(&secret, "x", b"abc", 255 * 32 + 1), refused);
    assert_eq!(expand(&[7; 31], "x", b"abc", 16), refused);
}

#[test]
fn the_hash_is_the_suites_and_has_no_label() {
    let crypto = RustCrypto::default();
    let empty = hash(&crypto, SUITE, b"").unwrap();
    assert_eq!(empty[..4], [0xe3, 0xb0, 0xc4, 0x42], "SHA-256 of nothing");
    let suite = Ciphersuite::MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448;
    assert_eq!(hash(&crypto, suite, b"").unwrap().len(), 64);
}

/// Of suite `suite`, everything else small.
fn group_info(suite: u16) -> GroupInfoView {
    let [high, low] = suite.to_be_bytes();
    let octets = [&[0, 1, high, low, 1, b'g'][..], &[0; 8], &[0, 0, 0]].concat();
    GroupInfoView {
        group_context: Decode::from_slice(&octets).unwrap(),
        extensions: Vec::new(),
        confirmation_tag: Bytes::from_static(b"tag"),
        signer: 5,
        signature: Bytes::new(),
    }
}

#[test]
fn a_group_info_is_signed_by_its_signer_as_it_is() {
    let crypto = RustCrypto::default();
    for (number, suite) in (1..).zip(SUITES) {
        let (signer, other) = (signer(suite), signer(suite));
        let mut info = group_info(number);
        let tbs = info.tbs().unwrap();
        assert_eq!(tbs[tbs.len() - 9..], *b"\x00\x03tag\x00\x00\x00\x05");
        info.signature = sign_with_label(&signer, "GroupInfoTBS", &tbs)
            .unwrap()
            .into();
        let verify = |key: &SignatureKeyPair, info: &GroupInfoView| {
            verify_group_info(&crypto, key.public(), &info.clone().assemble().unwrap())
        };
        assert_eq!(verify(&signer, &info), Ok(()));
        let refused = Err(LabelError::Signature);
        assert_eq!(verify(&other, &info), refused);
        let mut altered = info.clone();
        altered.signer = 6;
        assert_eq!(verify(&signer, &altered), refused);
        let mut altered = info.clone();
        altered.confirmation_tag = Bytes::from_static(b"tab");
        assert_eq!(verify(&signer, &altered), refused);
    }
    let unknown = group_info(0xf00d).assemble().unwrap();
    let refused = Err(LabelError::Suite);
    assert_eq!(verify_group_info(&crypto, &[], &unknown), refused);
}

#[test]
fn a_partial_group_info_is_rebuilt_and_verified() {
    let crypto = RustCrypto::default();
    let signer = signer(SUITE);
    let info = group_info(1);
    let tbs = info.tbs().unwrap();
    let partial = PartialGroupInfo {
        extensions: info.extensions,
        signature: sign_with_label(&signer, "GroupInfoTBS", &tbs)
            .unwrap()
            .into(),
    };
    let complete = |tag| {
        partial
            .clone()
            .complete(info.group_context.clone(), tag, info.signer)
            .unwrap()
    };
    let rebuilt = complete(info.confirmation_tag.clone());
    assert_eq!(
        verify_group_info(&crypto, signer.public(), &rebuilt),
        Ok(())
    );
    let other = complete(Bytes::from_static(b"another epoch's"));
    let refused = Err(LabelError::Signature);
    assert_eq!(verify_group_info(&crypto, signer.public(), &other), refused);
}

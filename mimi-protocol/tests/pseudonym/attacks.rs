//! What Mallory tries: she is in the room, so she has the keys of all links there.

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::{Encode, Rule};
use mimi_protocol::labels::{expand_with_label, sign_with_label};
use mimi_protocol::pseudonym::{IdentityLinkKey, OpenError, VerifyError, open};
use mimi_protocol::wire::mls::{
    Credential, IdentityLinkTbe, PseudonymousCredential, PseudonymousCredentialTbs,
};
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::SignatureScheme;

use crate::{CHACHA, Client, P256, SUITE, key, pseudonym};

const ED25519: SignatureScheme = SignatureScheme::ED25519;

/// Encrypts whatever it is as a link that opens.
fn forged(
    tbs: &PseudonymousCredentialTbs,
    key: &IdentityLinkKey,
    content: &[u8],
    by: &Client,
) -> PseudonymousCredential {
    let crypto = by.provider.crypto();
    let derive = |label, len| {
        let derived = expand_with_label(crypto, SUITE, key.expose(), label, &[], len);
        derived.unwrap()
    };
    let (aead_key, nonce) = (derive("key", 16), derive("nonce", 12));
    let aad = tbs.to_vec().unwrap();
    let aead = SUITE.aead_algorithm();
    let link = crypto.aead_encrypt(aead, &aead_key, content, &nonce, &aad);
    PseudonymousCredential {
        tbs: tbs.clone(),
        identity_link_ciphertext: link.unwrap().into(),
    }
}

/// A link of Mallory's own with this content.
fn own(mallory: &Client, link: &IdentityLinkTbe) -> (PseudonymousCredential, IdentityLinkKey) {
    let hidden = mallory.hides_as(&pseudonym(mallory));
    let link_key = mallory.link_key(&hidden);
    let forged = forged(&hidden.tbs, &link_key, &link.to_vec().unwrap(), mallory);
    (forged, link_key)
}

#[test]
fn moves_a_link_into_a_credential_of_her_own() {
    let (phone, mallory) = (Client::phone(), Client::mallory());
    let hidden = phone.hides_as(&pseudonym(&phone));
    let link_key = phone.link_key(&hidden);
    let other = mallory.hides_as(&pseudonym(&mallory)).tbs;
    let mut moved = vec![PseudonymousCredential {
        tbs: other.clone(),
        ..hidden.clone()
    }];
    for part in ["key", "client", "user"] {
        let (mut altered, other) = (hidden.clone(), other.clone());
        match part {
            "key" => altered.tbs.signature_public_key = other.signature_public_key,
            "client" => altered.tbs.client_pseudonym = other.client_pseudonym,
            _ => altered.tbs.user_pseudonym = other.user_pseudonym,
        }
        moved.push(altered);
    }
    for altered in moved {
        let refused = mallory.opens(&altered, &link_key);
        assert_eq!(refused.unwrap_err(), OpenError::Link, "the link's own key");
        let refused = mallory.opens(&altered, &phone.link_key(&altered));
        assert_eq!(refused.unwrap_err(), OpenError::Link, "the key derived");
    }
}

#[test]
fn guesses_a_key() {
    let (phone, mallory) = (Client::phone(), Client::mallory());
    let hidden = phone.hides_as(&pseudonym(&phone));
    let refused = mallory.opens(&hidden, &mallory.link_key(&hidden));
    assert_eq!(refused.unwrap_err(), OpenError::Link);
    let near = phone.link_key(&hidden).expose().to_vec();
    for bit in 0..near.len() * 8 {
        let mut near = near.clone();
        near[bit / 8] ^= 1 << (bit % 8);
        let refused = mallory.opens(&hidden, &IdentityLinkKey::new(near));
        assert_eq!(refused.unwrap_err(), OpenError::Link);
    }
}

#[test]
fn alters_or_cuts_a_link() {
    let phone = Client::phone();
    let hidden = phone.hides_as(&pseudonym(&phone));
    let link_key = phone.link_key(&hidden);
    let whole = hidden.identity_link_ciphertext.to_vec();
    let refused = |link: Vec<u8>| {
        let mut altered = hidden.clone();
        altered.identity_link_ciphertext = link.into();
        phone.opens(&altered, &link_key).unwrap_err()
    };
    for bit in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(refused(flipped), OpenError::Link, "bit {bit}");
    }
    for len in 0..whole.len() {
        assert_eq!(refused(whole[..len].to_vec()), OpenError::Link, "{len}");
    }
    assert_eq!(refused([&whole[..], &[0]].concat()), OpenError::Link);
}

#[test]
fn opens_with_another_suite() {
    let phone = Client::phone();
    let hidden = phone.hides_as(&pseudonym(&phone));
    let crypto = phone.provider.crypto();
    let refused = open(&hidden, &phone.link_key(&hidden), CHACHA, crypto);
    assert_eq!(refused.unwrap_err(), OpenError::Link);
}

#[test]
fn claims_to_be_alice() {
    let (phone, mallory) = (Client::phone(), Client::mallory());
    let pretends = Client {
        real: phone.real.clone(),
        ..mallory
    };
    let hidden = pretends.hides_as(&pseudonym(&pretends));
    let link = || {
        let link = phone.opens(&hidden, &pretends.link_key(&hidden)).unwrap();
        assert_eq!(link.claimed(), &phone.real);
        link
    };
    let crypto = phone.provider.crypto();
    let refused = link().verify(phone.key.public(), ED25519, crypto);
    assert_eq!(refused.unwrap_err(), VerifyError::Signature);
    // Neither a key of no form nor one of another scheme is a reason to believe.
    let refused = link().verify(&[], ED25519, crypto);
    assert_eq!(refused.unwrap_err(), VerifyError::Signature);
    let p256 = SignatureScheme::ECDSA_SECP256R1_SHA256;
    let refused = link().verify(key(P256).public(), p256, crypto);
    assert_eq!(refused.unwrap_err(), VerifyError::Signature);
    let ed448 = SignatureScheme::ED448;
    let refused = link().verify(phone.key.public(), ed448, crypto);
    assert_eq!(refused.unwrap_err(), VerifyError::Unsupported(ed448));
}

/// Alice's signature out of her link is for her pseudonym and her room key.
#[test]
fn takes_alices_signature_along() {
    let (phone, mallory) = (Client::phone(), Client::mallory());
    let hidden = phone.hides_as(&pseudonym(&phone));
    let content = sign_with_label(
        &phone.key,
        PseudonymousCredentialTbs::LABEL,
        &hidden.tbs.to_vec().unwrap(),
    );
    let (forged, link_key) = own(
        &mallory,
        &IdentityLinkTbe {
            pseudonymous_credential_signature: content.unwrap().into(),
            client_credential: phone.real.clone(),
        },
    );
    let link = phone.opens(&forged, &link_key).unwrap();
    let crypto = phone.provider.crypto();
    let refused = link.verify(phone.key.public(), ED25519, crypto);
    assert_eq!(refused.unwrap_err(), VerifyError::Signature);
}

/// A signature of Alice's for something else has another label.
#[test]
fn lets_alice_sign_something_else() {
    let (phone, mallory) = (Client::phone(), Client::mallory());
    let hidden = mallory.hides_as(&pseudonym(&mallory));
    let tbs = hidden.tbs.to_vec().unwrap();
    let other = sign_with_label(&phone.key, "KeyMaterialRequestTBS", &tbs);
    let link = IdentityLinkTbe {
        pseudonymous_credential_signature: other.unwrap().into(),
        client_credential: phone.real.clone(),
    };
    let link_key = mallory.link_key(&hidden);
    let forged = forged(&hidden.tbs, &link_key, &link.to_vec().unwrap(), &mallory);
    let link = phone.opens(&forged, &link_key).unwrap();
    let crypto = phone.provider.crypto();
    let refused = link.verify(phone.key.public(), ED25519, crypto);
    assert_eq!(refused.unwrap_err(), VerifyError::Signature);
}

#[test]
fn hides_behind_one_more_pseudonym() {
    let mallory = Client::mallory();
    let further = mallory.hides_as(&pseudonym(&mallory));
    let (forged, link_key) = own(
        &mallory,
        &IdentityLinkTbe {
            pseudonymous_credential_signature: Bytes::from_static(&[1; 64]),
            client_credential: Credential::Pseudonymous(Box::new(further)),
        },
    );
    let refused = mallory.opens(&forged, &link_key);
    assert_eq!(refused.unwrap_err(), OpenError::Pseudonymous);
}

#[test]
fn seals_nonsense() {
    let mallory = Client::mallory();
    let hidden = mallory.hides_as(&pseudonym(&mallory));
    let link_key = mallory.link_key(&hidden);
    for (content, rule) in [
        (&b""[..], Rule::Truncated { missing: 1 }),
        (b"\x00\x00\x01", Rule::Truncated { missing: 1 }),
        (b"\x00\x00\x01\x00\x00", Rule::Trailing { count: 1 }),
        (
            b"\x00\x00\x03\x00",
            Rule::Unknown {
                what: "CredentialType",
                value: 3,
            },
        ),
    ] {
        let forged = forged(&hidden.tbs, &link_key, content, &mallory);
        let OpenError::Content(error) = mallory.opens(&forged, &link_key).unwrap_err() else {
            panic!("{content:?}");
        };
        assert_eq!(error.rule, rule);
    }
}

/// Two users behind one pseudonym: the hub cannot see it, members that open the
/// links can.
#[test]
fn enters_under_alices_pseudonym_and_members_notice() {
    let (phone, mallory) = (Client::phone(), Client::mallory());
    let user: MimiUri = pseudonym(&phone);
    let crypto = phone.provider.crypto();
    let whose = [&phone, &mallory].map(|client| {
        let hidden = client.hides_as(&user);
        assert_eq!(hidden.tbs.user_pseudonym, user);
        let link = client.opens(&hidden, &client.link_key(&hidden)).unwrap();
        link.verify(client.key.public(), ED25519, crypto).unwrap()
    });
    assert_ne!(whose[0], whose[1]);
}

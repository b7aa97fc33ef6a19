//! Whom a host finds in a pseudonymous credential.

use mimi_content::MimiUri;
use mimi_content::tls::Encode;
use mimi_protocol::engine::{BasicIdentity, Identified, Identity, IdentityError, Presented};
use mimi_protocol::wire::mls::{PseudonymousCredential, PseudonymousCredentialTbs};

use crate::{Client, key, pseudonym};

fn found(hidden: &PseudonymousCredential, key: &[u8]) -> Result<Identified, IdentityError> {
    BasicIdentity.identify(&Presented {
        credential_type: 0xf0a2,
        content: &hidden.to_vec().unwrap(),
        signature_key: key,
    })
}

#[test]
fn a_pseudonymous_credential_names_its_pseudonyms() {
    let phone = Client::phone();
    let hidden = phone.hides_as(&pseudonym(&phone));
    let tbs = hidden.tbs.clone();
    let who = found(&hidden, &tbs.signature_public_key);
    let expected = Identified::new(tbs.user_pseudonym, tbs.client_pseudonym);
    assert_eq!(who, Ok(expected));
}

#[test]
fn a_credential_that_was_copied_names_nobody() {
    let phone = Client::phone();
    let hidden = phone.hides_as(&pseudonym(&phone));
    let refused = found(&hidden, key(phone.suite).public()).unwrap_err();
    assert!(refused.0.contains("another signature key"), "{refused}");
}

#[test]
fn pseudonyms_are_not_taken_for_names() {
    for (user, client, is_one) in [
        ("/p/9b", "/d/5f0c", true),
        ("/p/9b", "/p/5f0c", true),
        ("/u/alice", "/d/5f0c", false),
        ("", "/d/5f0c", false),
        ("/r/clubhouse", "/d/5f0c", false),
        ("/d/5f0c", "/d/5f0c", false),
        ("/p/9b", "", false),
        ("/p/9b", "/u/alice", false),
        ("/p/9b", "/d/alice/phone", false),
    ] {
        let uri = |path| MimiUri::parse(&format!("mimi://a.example{path}")).unwrap();
        let hidden = PseudonymousCredential {
            tbs: PseudonymousCredentialTbs {
                client_pseudonym: uri(client),
                user_pseudonym: uri(user),
                signature_public_key: vec![7].into(),
            },
            identity_link_ciphertext: vec![8].into(),
        };
        assert_eq!(found(&hidden, &[7]).is_ok(), is_one, "{user} {client}");
    }
}

#[test]
fn what_does_not_decode_names_nobody() {
    for (credential_type, content) in [(0xf0a2, &[0][..]), (0xf0a2, &[]), (0xf0a3, &[0]), (3, &[0])]
    {
        let presented = Presented {
            credential_type,
            content,
            signature_key: &[],
        };
        assert!(BasicIdentity.identify(&presented).is_err());
        assert_eq!(presented.pseudonymous().is_ok(), credential_type != 0xf0a2);
    }
}

//! Each known attack, by whoever would make it.

use bytes::Bytes;
use mimi_content::tls::{Encode, Rule};
use mimi_franking::{
    AbusiveMessage, Blame, CipherSuite, Credential, Fault, FrankError, FrankingAgent, HubFranker,
    HubKey, HubKeyRing, PseudonymousCredential, PseudonymousCredentialTbs, ReportFault,
};

use crate::scene::{ED25519, Scene, Sent, agent, at, ring, uri, with_content};

/// The receiver refuses what became of an honest message of Alice.
fn refused(scene: &Scene, altered: &Sent, fault: &Fault, blame: Blame) {
    let found = scene.receive(altered, &scene.alice).unwrap_err();
    assert_eq!(&found, fault);
    assert_eq!(found.blame(), blame);
}

mod a_follower {
    use super::*;

    #[test]
    fn alters_the_server_frank() {
        let scene = Scene::new();
        for at in [0, 31] {
            let mut sent = scene.send(&scene.alice, "hello", 2_000);
            sent.frank.server_frank[at] ^= 1;
            refused(&scene, &sent, &Fault::Signature, Blame::Path);
        }
    }

    #[test]
    fn alters_the_time() {
        let scene = Scene::new();
        for time in [1_999, 2_001] {
            let mut sent = scene.send(&scene.alice, "hello", 2_000);
            sent.accepted = at(time);
            refused(&scene, &sent, &Fault::Signature, Blame::Path);
        }
    }

    #[test]
    fn alters_the_signature() {
        let scene = Scene::new();
        let sent = scene.send(&scene.alice, "hello", 2_000);
        let honest = sent.frank.integrity_signature.clone();
        let mut flipped = honest.to_vec();
        flipped[0] ^= 1;
        for altered in [flipped.into(), honest.slice(..63), Bytes::new()] {
            let mut sent = sent.clone();
            sent.frank.integrity_signature = altered;
            refused(&scene, &sent, &Fault::Signature, Blame::Path);
        }
    }

    #[test]
    fn alters_the_ciphersuite() {
        let scene = Scene::new();
        let mut sent = scene.send(&scene.alice, "hello", 2_000);
        // Suite 3 signs with Ed25519 as suite 1 does.
        sent.frank.ciphersuite = CipherSuite(3);
        let fault = Fault::CipherSuite {
            frank: CipherSuite(3),
            group: CipherSuite(1),
        };
        refused(&scene, &sent, &fault, Blame::HubOrFollower);
    }

    #[test]
    fn alters_the_ciphersuite_in_a_group_of_that_suite() {
        // So that only the signature can tell.
        let mut scene = Scene::new();
        let mut sent = scene.send(&scene.alice, "hello", 2_000);
        sent.frank.ciphersuite = CipherSuite(3);
        scene.suite = CipherSuite(3);
        refused(&scene, &sent, &Fault::Signature, Blame::Path);
    }

    #[test]
    fn swaps_the_franks_of_two_messages() {
        let scene = Scene::new();
        let mut first = scene.send(&scene.alice, "first", 2_000);
        let mut second = scene.send(&scene.alice, "second", 2_001);
        std::mem::swap(&mut first.frank, &mut second.frank);
        for swapped in [first, second] {
            refused(&scene, &swapped, &Fault::Signature, Blame::Path);
        }
    }

    #[test]
    fn swaps_the_franks_of_two_messages_with_their_times() {
        // The signature covers everything but the tag, so the first passes. The
        // hub would not believe it, and the second comes too late.
        let mut scene = Scene::new();
        let mut first = scene.send(&scene.alice, "first", 2_000);
        let mut second = scene.send(&scene.alice, "second", 2_001);
        std::mem::swap(&mut first.frank, &mut second.frank);
        std::mem::swap(&mut first.accepted, &mut second.accepted);
        let evidence = scene.receive(&first, &scene.alice).unwrap();
        assert_eq!(
            scene.judge(&evidence.to_abusive_message()),
            Err(ReportFault::OtherContent)
        );
        scene.after = Some(first.accepted);
        let fault = Fault::NotLater {
            accepted: at(2_000),
            after: at(2_001),
        };
        refused(&scene, &second, &fault, Blame::HubOrFollower);
    }

    #[test]
    fn puts_the_frank_of_a_withheld_message_on_a_later_one() {
        // This passes, and proves nothing: the receiver never sees the former.
        let scene = Scene::new();
        let withheld = scene.send(&scene.alice, "first", 2_000);
        let later = scene.send(&scene.alice, "second", 2_001);
        let altered = Sent {
            frank: withheld.frank.clone(),
            accepted: withheld.accepted,
            ..later
        };
        let evidence = scene.receive(&altered, &scene.alice).unwrap();
        assert_eq!(
            scene.judge(&evidence.to_abusive_message()),
            Err(ReportFault::OtherContent)
        );
        // Once the frank is used up, the message that it is of comes too late.
        let scene = Scene {
            after: Some(at(2_000)),
            ..scene
        };
        let fault = Fault::NotLater {
            accepted: at(2_000),
            after: at(2_000),
        };
        refused(&scene, &withheld, &fault, Blame::HubOrFollower);
    }

    #[test]
    fn swaps_the_franks_of_two_rooms() {
        let here = Scene::new();
        let sent = here.send(&here.alice, "hello", 2_000);
        let there = here.elsewhere();
        let mut moved = there.send(&there.alice, "hello", 2_000);
        moved.frank = sent.frank;
        refused(&there, &moved, &Fault::Signature, Blame::Path);
    }

    #[test]
    fn swaps_the_franks_of_two_senders() {
        let scene = Scene::new();
        let mut sent = scene.send(&scene.alice, "hello", 2_000);
        sent.frank = scene.send(&scene.bob, "hello", 2_000).frank;
        refused(&scene, &sent, &Fault::Signature, Blame::Path);
    }

    #[test]
    fn puts_a_frank_on_a_message_of_another_epoch() {
        // No epoch is under the signature, but times increase over all of them.
        let mut scene = Scene::new();
        let old = scene.send(&scene.alice, "in epoch 1", 2_000);
        assert!(scene.receive(&old, &scene.alice).is_ok());
        scene.after = Some(old.accepted);
        let new = scene.send(&scene.alice, "in epoch 2", 3_000);
        let replayed = Sent {
            frank: old.frank,
            accepted: old.accepted,
            ..new.clone()
        };
        let fault = Fault::NotLater {
            accepted: at(2_000),
            after: at(2_000),
        };
        refused(&scene, &replayed, &fault, Blame::HubOrFollower);
        assert!(scene.receive(&new, &scene.alice).is_ok());
    }

    #[test]
    fn brings_a_message_to_another_room_with_its_frank() {
        let here = Scene::new();
        let sent = here.send(&here.alice, "hello", 2_000);
        let there = here.elsewhere();
        refused(&there, &sent, &Fault::RoomUri, Blame::Sender);
    }
}

mod a_hub {
    use super::*;

    #[test]
    fn franks_for_another_sender() {
        // Bob's message, in Alice's name.
        let scene = Scene::new();
        let (data, tag) = scene.write(&scene.content(&scene.bob, "hello"));
        let sent = scene.accept(data, tag, &scene.alice, 2_000);
        let fault = scene.receive(&sent, &scene.bob).unwrap_err();
        assert_eq!((fault.blame(), fault), (Blame::Path, Fault::Signature));
    }

    #[test]
    fn lets_the_agents_key_be_exchanged() {
        // The group believes another key: stamps of the real hub do not count, and
        // those of the other mean nothing to the hub.
        let mut scene = Scene::new();
        let honest = scene.send(&scene.alice, "hello", 2_000);
        let other = agent(ED25519);
        let franker = HubFranker::new(ring(), other.clone());
        let real = std::mem::replace(&mut scene.franker, franker);
        let own = std::mem::replace(&mut scene.agent, other.data().clone());
        refused(&scene, &honest, &Fault::Signature, Blame::Path);
        let forged = scene.send(&scene.alice, "hello", 2_000);
        let evidence = scene.receive(&forged, &scene.alice).unwrap();
        (scene.franker, scene.agent) = (real, own);
        assert_eq!(
            scene.judge(&evidence.to_abusive_message()),
            Err(ReportFault::Signature)
        );
        // What is no key does not verify either.
        scene.agent.signature_key = Bytes::from_static(b"not a key");
        refused(&scene, &honest, &Fault::Signature, Blame::Path);
    }

    #[test]
    fn has_an_agent_of_a_lookalike_domain() {
        for identity in [
            "mimi://hub.examp1e",
            "mimi://hub.example.evil.example",
            "mimi://evil-hub.example",
            "mimi://sub.hub.example",
            "mimi://example",
            "mimi://HUB.example",
            "mimi://hub.example.",
            "mimi://hub.example@evil.example",
            "mimi://h\u{443}b.example",
            "https://hub.example",
            "hub.example",
            "mimi://",
            "",
        ] {
            let mut scene = Scene::new();
            let sent = scene.send(&scene.alice, "hello", 2_000);
            scene.agent.credential = Credential::Basic(Bytes::from_static(identity.as_bytes()));
            let fault = scene.receive(&sent, &scene.alice).unwrap_err();
            let known = matches!(fault, Fault::AgentDomain { .. } | Fault::AgentIdentity);
            assert!(known, "{identity}: {fault}");
            assert_eq!(fault.blame(), Blame::Room);
        }
    }

    #[test]
    fn lets_a_pseudonym_be_the_agent() {
        let mut scene = Scene::new();
        let sent = scene.send(&scene.alice, "hello", 2_000);
        let hidden = PseudonymousCredential {
            tbs: PseudonymousCredentialTbs {
                client_pseudonym: uri("mimi://hub.example"),
                user_pseudonym: uri("mimi://hub.example"),
                signature_public_key: scene.agent.signature_key.clone(),
            },
            identity_link_ciphertext: Bytes::new(),
        };
        scene.agent.credential = Credential::Pseudonymous(Box::new(hidden));
        // Nor does the host's word help: it counts for certificates only.
        scene.certified_agent = Some(uri("mimi://hub.example"));
        refused(&scene, &sent, &Fault::AgentIdentity, Blame::Room);
    }

    #[test]
    fn lets_one_of_its_users_be_the_agent() {
        for name in [
            "mimi://hub.example/u/mallory",
            "mimi://hub.example/r/clubhouse",
        ] {
            let mut scene = Scene::new();
            let sent = scene.send(&scene.alice, "hello", 2_000);
            scene.agent = FrankingAgent::basic(scene.agent.signature_key.clone(), &uri(name));
            refused(&scene, &sent, &Fault::AgentIdentity, Blame::Room);
        }
    }
}

mod a_sender {
    use super::*;

    #[test]
    fn uses_the_tag_of_other_content() {
        let scene = Scene::new();
        let (_, tag) = scene.write(&scene.content(&scene.alice, "good morning"));
        let (data, _) = scene.write(&scene.content(&scene.alice, "something vile"));
        let sent = scene.accept(data, tag, &scene.alice, 2_000);
        refused(&scene, &sent, &Fault::Tag, Blame::Sender);
    }

    #[test]
    fn hides_a_wrong_tag_behind_a_broken_stamp() {
        let scene = Scene::new();
        let mut sent = scene.send(&scene.alice, "hello", 2_000);
        sent.tag.0[0] ^= 1;
        sent.frank.server_frank[0] ^= 1;
        refused(&scene, &sent, &Fault::Tag, Blame::Sender);
    }

    #[test]
    fn names_another_user_in_the_content() {
        // Bob writes that he is Alice, and his provider tells the hub so.
        let scene = Scene::new();
        let sent = scene.send(&scene.alice, "I am Alice", 2_000);
        let fault = scene.receive(&sent, &scene.bob).unwrap_err();
        assert_eq!((fault.blame(), fault), (Blame::Sender, Fault::SenderUri));
    }

    #[test]
    fn names_another_room_in_the_content() {
        let scene = Scene::new();
        let mut content = scene.content(&scene.alice, "hello");
        content
            .extensions
            .set_room_uri(&uri("mimi://hub.example/r/cellar"));
        let (data, tag) = scene.write(&content);
        let sent = scene.accept(data, tag, &scene.alice, 2_000);
        refused(&scene, &sent, &Fault::RoomUri, Blame::Sender);
    }

    #[test]
    fn names_nobody_and_no_room_in_the_content() {
        use mimi_content::{MimiContent, NestedPart, Salt};
        let scene = Scene::new();
        let mut content = MimiContent::new(Salt::new([1; 16]), NestedPart::plain("hello"));
        for (fault, of_report) in [
            (Fault::SenderUri, ReportFault::SenderUri),
            (Fault::RoomUri, ReportFault::RoomUri),
        ] {
            let (data, tag) = scene.write(&content);
            let sent = scene.accept(data, tag, &scene.alice, 2_000);
            refused(&scene, &sent, &fault, Blame::Sender);
            // The hub stamped it, and it is nobody's in no room all the same.
            let reported = AbusiveMessage {
                message_content: sent.data.into(),
                frank: sent.frank,
                accepted_timestamp: sent.accepted,
            };
            assert_eq!(scene.judge(&reported), Err(of_report));
            content.extensions.set_sender_uri(&scene.alice);
        }
    }

    #[test]
    fn brings_a_tag_of_31_or_33_octets() {
        let scene = Scene::new();
        for (len, rule) in [
            (0, Rule::Truncated { missing: 32 }),
            (31, Rule::Truncated { missing: 1 }),
            (33, Rule::Trailing { count: 1 }),
        ] {
            let refused = scene.frank(&vec![7; len], &scene.alice, 2_000);
            let Err(FrankError::Tag(error)) = refused else {
                panic!("{len}: {refused:?}");
            };
            assert_eq!(error.rule, rule);
        }
    }
}

mod a_reporter {
    use super::*;

    #[test]
    fn alters_the_content() {
        let scene = Scene::new();
        let message = scene.reported();
        let (data, _) = scene.write(&scene.content(&scene.alice, "other"));
        assert_eq!(
            scene.judge(&with_content(&message, data)),
            Err(ReportFault::OtherContent)
        );
        assert_eq!(scene.judge(&message).as_deref(), Ok("first"));
    }

    #[test]
    fn alters_the_salt() {
        let scene = Scene::new();
        let message = scene.reported();
        let mut content = scene.content(&scene.alice, "hello");
        content.salt = mimi_content::Salt::new([6; 16]);
        let (data, _) = scene.write(&content);
        assert_eq!(data.len(), message.message_content.len());
        assert_eq!(
            scene.judge(&with_content(&message, data)),
            Err(ReportFault::OtherContent)
        );
    }

    #[test]
    fn alters_the_sender() {
        let scene = Scene::new();
        let message = scene.reported();
        assert_eq!(
            scene.judge_against(&message, &scene.bob),
            Err(ReportFault::SenderUri)
        );
        // And lets the content say so.
        let (data, _) = scene.write(&scene.content(&scene.bob, "hello"));
        assert_eq!(
            scene.judge_against(&with_content(&message, data), &scene.bob),
            Err(ReportFault::NeverFranked)
        );
    }

    #[test]
    fn alters_the_room() {
        let here = Scene::new();
        let message = here.reported();
        let there = here.elsewhere();
        assert_eq!(there.judge(&message), Err(ReportFault::RoomUri));
        // And lets the content say so.
        let (data, _) = there.write(&there.content(&there.alice, "hello"));
        assert_eq!(
            there.judge(&with_content(&message, data)),
            Err(ReportFault::NeverFranked)
        );
    }

    #[test]
    fn alters_the_time() {
        let scene = Scene::new();
        let mut message = scene.reported();
        message.accepted_timestamp = at(2_001);
        assert_eq!(scene.judge(&message), Err(ReportFault::NeverFranked));
    }

    #[test]
    fn alters_the_server_frank() {
        let scene = Scene::new();
        for at in [0, 31] {
            let mut message = scene.reported();
            message.frank.server_frank[at] ^= 0x80;
            assert_eq!(scene.judge(&message), Err(ReportFault::NeverFranked));
        }
    }

    #[test]
    fn alters_the_signature() {
        let scene = Scene::new();
        let mut message = scene.reported();
        let mut signature = message.frank.integrity_signature.to_vec();
        signature[10] ^= 1;
        message.frank.integrity_signature = signature.into();
        assert_eq!(scene.judge(&message), Err(ReportFault::Signature));
    }

    #[test]
    fn alters_the_ciphersuite() {
        let scene = Scene::new();
        // The same scheme, another one, one that is not supported, one unknown.
        for (suite, fault) in [
            (3, ReportFault::Signature),
            (2, ReportFault::Signature),
            (4, ReportFault::Signature),
            (0x7777, ReportFault::Unsupported(CipherSuite(0x7777))),
        ] {
            let mut message = scene.reported();
            message.frank.ciphersuite = CipherSuite(suite);
            assert_eq!(scene.judge(&message), Err(fault));
        }
    }

    #[test]
    fn invents_a_message_that_was_never_franked() {
        let scene = Scene::new();
        let mut message = scene.reported();
        let (data, _) = scene.write(&scene.content(&scene.alice, "invented"));
        message.message_content = data.into();
        message.frank.server_frank = [9; 32];
        message.frank.integrity_signature = vec![9; 64].into();
        assert_eq!(scene.judge(&message), Err(ReportFault::NeverFranked));
    }

    #[test]
    fn goes_to_the_wrong_hub() {
        let scene = Scene::new();
        let message = scene.reported();
        let other = |key: &[u8; 32]| {
            let ring = HubKeyRing::new("other", HubKey::from_bytes(key), at(1_000));
            Scene {
                franker: HubFranker::new(ring, agent(ED25519)),
                ..Scene::new()
            }
        };
        assert_eq!(
            other(&[9; 32]).judge(&message),
            Err(ReportFault::NeverFranked)
        );
        // Two hubs that share the symmetric key still differ in the agent's.
        assert_eq!(other(&[1; 32]).judge(&message), Err(ReportFault::Signature));
    }

    #[test]
    fn shows_a_frank_under_an_unknown_hub_key() {
        // The agent's signature is right, as if a hub had lost its secret key.
        let mut scene = Scene::new();
        let agent = agent(ED25519);
        scene.agent = agent.data().clone();
        let unknown = HubKeyRing::new("unknown", HubKey::from_bytes(&[4; 32]), at(0));
        scene.franker = HubFranker::new(unknown, agent.clone());
        let message = scene.reported();
        scene.franker = HubFranker::new(ring(), agent);
        assert_eq!(scene.judge(&message), Err(ReportFault::OtherContent));
    }

    #[test]
    fn alters_any_bit() {
        let scene = Scene::new();
        let octets = scene.reported().to_vec().unwrap();
        let mut judged = 0;
        for bit in 0..octets.len() * 8 {
            let mut altered = octets.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let altered: Result<AbusiveMessage, _> =
                mimi_content::tls::Decode::from_slice(&altered);
            if let Ok(altered) = altered {
                assert!(scene.judge(&altered).is_err(), "bit {bit}");
                judged += 1;
            }
        }
        // All but the bits of the two lengths decode.
        assert!(judged >= (octets.len() - 4) * 8, "{judged}");
    }
}

#[test]
fn a_frank_under_retired_keys_of_both_kinds_is_still_proven() {
    use openmls_traits::types::SignatureScheme;
    let mut scene = Scene::new();
    let message = scene.reported();
    let old = scene.agent.signature_key.clone();
    let rotated = || {
        let mut keys = ring();
        keys.rotate("second", HubKey::from_bytes(&[2; 32]), at(3_000))
            .unwrap();
        HubFranker::new(keys, agent(ED25519))
    };
    scene.franker = rotated().with_retired(SignatureScheme::ED25519, old.clone());
    assert_eq!(scene.judge(&message).as_deref(), Ok("first"));
    // The public key is gone; or is not tried, under a scheme that is not its own.
    scene.franker = rotated();
    assert_eq!(scene.judge(&message), Err(ReportFault::Signature));
    scene.franker = rotated().with_retired(SignatureScheme::ECDSA_SECP256R1_SHA256, old.clone());
    assert_eq!(scene.judge(&message), Err(ReportFault::Signature));
    // The secret key is gone.
    scene.franker = rotated().with_retired(SignatureScheme::ED25519, old);
    scene.franker.keys_mut().forget_before(at(3_000));
    assert_eq!(scene.judge(&message), Err(ReportFault::KeyErased));
}

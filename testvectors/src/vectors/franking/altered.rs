//! Cases of reporters that alter what they have received.

use mimi_content::Timestamp;
use mimi_content::tls::Encode;
use mimi_franking::{AbusiveMessage, CipherSuite};
use serde_json::json;

use super::reports::Verdicts;
use super::sending::without;
use super::story::{ACCEPTED, BOB, CELLAR, Plan, Story, accusing, encoded, with};

/// What a reporter may alter in its own content.
pub(super) fn contents(bare: &Story) -> Verdicts {
    let saying =
        |plan: Plan| bare.altered(|message| message.message_content = plan.content.encode().into());
    let one = |message: AbusiveMessage| bare.reporting(vec![message]);
    let mut salted = Plan::new("We have a *release*!");
    salted.content.salt = mimi_content::Salt::new([0x5f; 16]);
    let by_bob = saying(Plan::new("We have a *release*!").by(BOB));
    let in_cellar = one(saying(Plan::new("We have a *release*!").into_room(CELLAR)));
    let nobody = Plan {
        content: without(&[1]),
        ..Plan::new("")
    };
    let nowhere = Plan {
        content: without(&[2]),
        ..Plan::new("")
    };
    let accused_bob = with(
        &bare.judge,
        "report",
        encoded(&accusing(BOB, vec![by_bob.clone()])),
    );
    vec![
        (
            "another text",
            one(saying(Plan::new("We have a *weapon*!"))),
            vec!["other_content"],
        ),
        ("another salt", one(saying(salted)), vec!["other_content"]),
        (
            "another sender in the content",
            one(by_bob),
            vec!["other_content"],
        ),
        (
            "another sender in the content and accused",
            accused_bob,
            vec!["never_franked"],
        ),
        (
            "another room in the content",
            in_cellar.clone(),
            vec!["other_content"],
        ),
        (
            "another room in the content and reported to",
            with(&in_cellar, "room", json!(CELLAR)),
            vec!["never_franked"],
        ),
        (
            "content that names nobody",
            one(saying(nobody)),
            vec!["other_content"],
        ),
        (
            "content that names no room",
            one(saying(nowhere)),
            vec!["other_content"],
        ),
    ]
}

/// What a reporter may alter beside the content.
pub(super) fn stamps(bare: &Story) -> Verdicts {
    let one = |change: &dyn Fn(&mut AbusiveMessage)| bare.reporting(vec![bare.altered(change)]);
    let later = Story::new(&Plan::new("Good night.").at(ACCEPTED + 1));
    let of_bob = Story::new(&Plan::new("We have a *release*!").by(BOB));
    let suite = |number| one(&|message| message.frank.ciphersuite = CipherSuite(number));
    let moved = |other: &Story| {
        let other = other.message.clone();
        let content = bare.message.message_content.clone();
        bare.reporting(vec![AbusiveMessage {
            message_content: content,
            ..other
        }])
    };
    vec![
        (
            "another time",
            one(&|message| message.accepted_timestamp = Timestamp::from_millis(ACCEPTED + 1)),
            vec!["never_franked"],
        ),
        (
            "another stamp",
            one(&|message| message.frank.server_frank[31] ^= 1),
            vec!["never_franked"],
        ),
        (
            "a stamp and a signature made up",
            one(&|message| {
                message.frank.server_frank = [7; 32];
                message.frank.integrity_signature = vec![7; 64].into();
            }),
            vec!["never_franked"],
        ),
        (
            "another signature",
            one(&|message| message.frank.integrity_signature = vec![7; 64].into()),
            vec!["signature"],
        ),
        (
            "no signature",
            one(&|message| message.frank.integrity_signature.clear()),
            vec!["signature"],
        ),
        ("another suite with Ed25519", suite(3), vec!["signature"]),
        ("another suite with P-256", suite(2), vec!["signature"]),
        (
            "a suite that nobody has",
            suite(0xfa01),
            vec!["unsupported"],
        ),
        (
            "a suite that nobody has, and another time",
            one(&|message| {
                message.frank.ciphersuite = CipherSuite(0xfa01);
                message.accepted_timestamp = Timestamp::from_millis(1);
            }),
            vec!["unsupported"],
        ),
        (
            "frank and time of the sender's next message",
            moved(&later),
            vec!["other_content"],
        ),
        (
            "frank and time of the same words by somebody else",
            moved(&of_bob),
            vec!["never_franked"],
        ),
    ]
}

/// What is no content of the group.
pub(super) fn unreadable(bare: &Story, framed: &Story) -> Verdicts {
    let with_data = |story: &Story, data: Vec<u8>| {
        story.reporting(vec![
            story.altered(|message| message.message_content = data.into()),
        ])
    };
    let content = bare.message.message_content.to_vec();
    let frame = framed.message.message_content.to_vec();
    let text = mimi_content::media::ApplicationFraming {
        media_type: mimi_content::media::MediaType::new("text/plain"),
        content: content.clone().into(),
    };
    let longer = |octets: &[u8]| [octets, &[0]].concat();
    vec![
        ("nothing", with_data(bare, Vec::new()), vec!["content"]),
        (
            "an octet behind the content",
            with_data(bare, longer(&content)),
            vec!["content"],
        ),
        (
            "framed where nothing is",
            with_data(bare, frame.clone()),
            vec!["content"],
        ),
        (
            "not framed where everything is",
            with_data(framed, content),
            vec!["framing"],
        ),
        (
            "an octet behind the frame",
            with_data(framed, longer(&frame)),
            vec!["framing"],
        ),
        (
            "framed as a text",
            with_data(framed, text.to_vec().unwrap()),
            vec!["media_type"],
        ),
    ]
}

//! The messages published with the content draft: each decodes, encodes to the
//! same octets and has the published ID.
//!
//! They are read from the folder that `MIMI_PUBLISHED_EXAMPLES` names.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its data from files and fails by panicking"
)]

use std::path::Path;

use mimi_content::{MessageId, MimiContent, MimiUri};

#[test]
fn published_messages_have_their_octets_and_ids() {
    let Ok(root) = std::env::var("MIMI_PUBLISHED_EXAMPLES") else {
        println!("skipped: MIMI_PUBLISHED_EXAMPLES is not set");
        return;
    };
    let folder = Path::new(&root).join("mimi-content");
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let expected: serde_json::Value = serde_json::from_slice(&read("expected.json")).unwrap();
    let expected = expected.as_array().unwrap();
    assert_eq!(expected.len(), 14);
    for example in expected {
        let text = |key: &str| example[key].as_str().unwrap();
        let name = text("name");
        let octets = read(text("file"));
        let message =
            MimiContent::decode(&octets).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(message.encode(), octets, "{name}");

        let sender = message.extensions.sender_uri().unwrap();
        let room = message.extensions.room_uri().unwrap();
        assert_eq!(sender, text("sender_uri"), "{name}");
        assert_eq!(room, text("room_uri"), "{name}");
        MimiUri::parse(sender).unwrap();
        MimiUri::parse(room).unwrap();
        let id = MessageId::compute(sender, room, &octets, &message.salt).unwrap();
        assert_eq!(id.to_string(), text("message_id"), "{name}");
    }
}

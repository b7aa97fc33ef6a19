//! The base policy and the metadata.

use super::*;

#[test]
fn every_field_of_the_base_policy_has_its_words() {
    let base = BaseRoomPolicy {
        fixed_membership: true,
        parent_room: Some(uri("mimi://a.example/r/parent")),
        multi_device: false,
        max_clients: Some(20),
        max_users: Some(10),
        pseudonyms_allowed: true,
        persistent_room: true,
        discoverable: true,
        policy_components: vec![ComponentId::ROLES_LIST, ComponentId(0xfe26)],
    };
    let fixed = side().with_roles(|roles| {
        for role in roles {
            let adds = |c: &Capability| *c != Capability::ADD_PARTICIPANT;
            role.capabilities = role.capabilities.iter().filter(adds).collect();
        }
    });
    assert_snapshot!(fixed.gaining(ComponentId::BASE_ROOM_POLICY, &base), @"
    the use of pseudonyms is now allowed (before: not allowed)
    finding this room by a search is now possible (before: not possible)
    the list of participants is now fixed (before: open to change)
    having several clients is now not allowed (before: allowed)
    the room without clients is now kept (before: given up)
    the room on whose participants this one draws is now mimi://a.example/r/parent (before: none)
    the maximum of clients is now 20 (before: unlimited)
    the maximum of users is now 10 (before: unlimited)
    the list of policy components now includes roles_list and component 0xfe26
    ");
    assert_snapshot!(fixed.clone().with(ComponentId::BASE_ROOM_POLICY, &base).to(&fixed), @"
    the use of pseudonyms is now not allowed (before: allowed)
    finding this room by a search is now not possible (before: possible)
    the list of participants is now open to change (before: fixed)
    having several clients is now allowed (before: not allowed)
    the room without clients is now given up (before: kept)
    the room on whose participants this one draws is now none (before: mimi://a.example/r/parent)
    the maximum of clients is now unlimited (before: 20)
    the maximum of users is now unlimited (before: 10)
    the list of policy components no longer includes roles_list and component 0xfe26
    ");
}

#[test]
fn every_field_of_the_metadata_has_its_words() {
    let description = |language: &str, content: &'static [u8]| RichDescription {
        media_type: "text/markdown".to_owned(),
        language: language.to_owned(),
        content: content.into(),
    };
    let new = RoomMetadata {
        room: uri("mimi://a.example/r/other"),
        name: "Den \u{202e}evil".to_owned(),
        descriptions: vec![
            description("en", b"*quiet*"),
            description("de", b"\xff\xfe"),
        ],
        avatar: "https://a.example/a.png".to_owned(),
        subject: "x".repeat(70),
        mood: "calm".to_owned(),
    };
    assert_snapshot!(side().gaining(ComponentId::ROOM_METADATA, &new), @r#"
    the identity of the room is now mimi://a.example/r/other (before: mimi://a.example/r/clubhouse)
    the name of the room is now "Den \u{202e}evil" (before: "Clubhouse")
    the subject of the room is now "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" (before: empty)
    the mood of the room is now "calm" (before: empty)
    the avatar of the room is now "https://a.example/a.png" (before: empty)
    the description with language "de" and type "text/markdown" is now 2 octets that are no text (before: none)
    the description with language "en" and type "text/markdown" is now "*quiet*" (before: none)
    "#);
    let twice = RoomMetadata {
        descriptions: vec![description("en", b"*quiet*"), description("en", b"*loud*")],
        ..metadata()
    };
    assert_snapshot!(side().gaining(ComponentId::ROOM_METADATA, &twice), @r#"the description with language "en" and type "text/markdown" is now "*quiet*" and "*loud*" (before: none)"#);
}

//! The other components of a room: `roles_list`, `base_room_policy`,
//! `room_metadata`, `preauth_list`.

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_policy::{
    BaseRoomPolicy, Capability, Claim, PreauthEntry, PreauthList, RichDescription, Role, RoleList,
    RoomMetadata, presets,
};

use super::content::ROOM;
use super::tls::Structure;
use super::{Case, Family};
use crate::hex;

fn family(family: &str, about: &str, cases: Vec<Case>) -> Family {
    Family {
        family: family.to_owned(),
        about: about.to_owned(),
        cases,
    }
}

/// A role with nothing but an index and capabilities.
fn bare(index: u8, capabilities: &str) -> String {
    let len = capabilities.len() / 2;
    format!("000000{index:02x} 00 00 {len:02x}{capabilities} 00000000 00 00000000 00 00")
}

fn vector(content: &str) -> Vec<u8> {
    let content = hex::literal(content);
    [&[u8::try_from(content.len()).unwrap()], &content[..]].concat()
}

pub(super) fn roles_list() -> Family {
    let roles = Structure("RoleList");
    let preset = presets::cooperative();
    let unusual = RoleList::new(vec![
        Role {
            index: 7,
            name: "gr\u{fc}n".to_owned(),
            description: "kept as it is".to_owned(),
            capabilities: [Capability(0xf123), Capability::BAN, Capability(0xf123)]
                .into_iter()
                .collect(),
            min_participants: 1,
            max_participants: Some(u32::MAX),
            min_active: 2,
            max_active: Some(0),
            role_changes: Vec::new(),
        },
        Role::default(),
    ]);
    let mut cases = vec![
        roles.octets("none", &[0]),
        roles.valid("the cooperative preset", &preset),
        roles.valid("gaps, any order, unknown capabilities", &unusual.unwrap()),
        roles.octets("role 0 has canOpenJoin", &vector(&bare(0, "0004"))),
    ];
    let twice = vector(&format!("{0}{0}", bare(2, "")));
    cases.push(roles.refused("an index twice", &twice, "structure", 0));
    let open = vector(&bare(2, "0004"));
    cases.push(roles.refused("another role has canOpenJoin", &open, "structure", 0));
    let presence = vector("00000002 00 00 00 00000000 02 00000000 00 00");
    cases.push(roles.refused("a maximum neither there nor not", &presence, "presence", 12));
    let name = vector("00000002 01ff 00 00 00000000 00 00000000 00 00");
    cases.push(roles.refused("a name that is not UTF-8", &name, "utf8", 6));
    let half = vector(&bare(2, "000a00"));
    cases.push(roles.refused("half a capability", &half, "truncated", 10));
    cases.extend(roles.bounds(&preset.to_vec().unwrap()));
    family(
        "roles_list",
        "Roles and what they may do (POLICY, \"Role-Based Access Control\")",
        cases,
    )
}

pub(super) fn base_room_policy() -> Family {
    let base = Structure("BaseRoomPolicy");
    let default = BaseRoomPolicy::default();
    let full = BaseRoomPolicy {
        fixed_membership: true,
        parent_room: Some(MimiUri::parse(ROOM).unwrap()),
        multi_device: false,
        max_clients: Some(50),
        max_users: Some(0),
        pseudonyms_allowed: true,
        persistent_room: true,
        discoverable: true,
        policy_components: vec![ComponentId::JOIN_LINKS, ComponentId(0xfe26)],
    };
    let octets = full.to_vec().unwrap();
    let refused =
        |name, digits, rule, offset| base.refused(name, &hex::literal(digits), rule, offset);
    let mut cases = vec![
        base.valid("the default", &default),
        base.valid("every field set", &full),
        refused(
            "a boolean of 2",
            "02 00 00 01 00 00 00 00 00 00",
            "unknown",
            0,
        ),
        refused(
            "dependent without a parent",
            "00 01 00 01 00 00 00 00 00 00",
            "structure",
            2,
        ),
        refused(
            "a parent without dependency",
            "00 00 11 10 6d696d693a2f2f612e6578616d706c65 01 00 00 00 00 00 00",
            "structure",
            2,
        ),
        refused(
            "two parents",
            "00 01 22 10 6d696d693a2f2f612e6578616d706c65 10 6d696d693a2f2f622e6578616d706c65 \
             01 00 00 00 00 00 00",
            "limit",
            20,
        ),
        refused(
            "a parent that is no MIMI URI",
            "00 01 11 10 6874747073 3a2f2f612e6578616d706c 01 00 00 00 00 00 00",
            "uri",
            4,
        ),
        refused(
            "an optional of 3",
            "00 00 00 01 03 00 00 00 00 00",
            "presence",
            4,
        ),
    ];
    cases.extend(base.bounds(&octets));
    family(
        "base_room_policy",
        "The rules above all roles (POLICY, \"Base Room policy component syntax\")",
        cases,
    )
}

pub(super) fn room_metadata() -> Family {
    let metadata = Structure("RoomMetadata");
    let plain = RoomMetadata::new(MimiUri::parse(ROOM).unwrap(), "Clubhouse");
    let full = RoomMetadata {
        descriptions: vec![
            RichDescription {
                content: Bytes::from("Wir bauen \u{fc}ber Nacht"),
                language: "de".to_owned(),
                ..RichDescription::default()
            },
            RichDescription {
                media_type: "image/png".to_owned(),
                language: String::new(),
                content: Bytes::from_static(&[0x89, 0x50, 0xff]),
            },
        ],
        avatar: "HTTPS://a.example/clubhouse.png".to_owned(),
        subject: "release".to_owned(),
        mood: "\u{1f389}".to_owned(),
        ..plain.clone()
    };
    let head = "10 6d696d693a2f2f612e6578616d706c65";
    let refused = |name, digits: &str, rule, offset| {
        metadata.refused(
            name,
            &hex::literal(&format!("{head} {digits}")),
            rule,
            offset,
        )
    };
    let mut cases = vec![
        metadata.valid("a name", &plain),
        metadata.valid("every field set", &full),
        refused("NUL in the name", "03 610062 00 00 00 00", "structure", 17),
        refused("NUL in the mood", "00 00 00 00 01 00", "structure", 21),
        refused(
            "an avatar that is no https URI",
            "00 00 08 687474703a2f2f61 00 00",
            "structure",
            19,
        ),
        refused(
            "an avatar without a host",
            "00 00 08 68747470733a2f2f 00 00",
            "structure",
            19,
        ),
        refused(
            "a plain description that is not UTF-8",
            "00 04 00 00 01 ff 00 00 00",
            "utf8",
            19,
        ),
        refused(
            "a name that is not UTF-8",
            "02 61ff 00 00 00 00",
            "utf8",
            19,
        ),
    ];
    cases.extend(metadata.bounds(&full.to_vec().unwrap()));
    family(
        "room_metadata",
        "What a room shows of itself (PROTO, \"Room Metadata\")",
        cases,
    )
}

pub(super) fn preauth_list() -> Family {
    let preauth = Structure("PreauthList");
    let role = presets::cooperative()
        .get(presets::GROUP_ADMIN)
        .unwrap()
        .clone();
    let claim = Claim {
        credential_type: 2,
        id: Bytes::from_static(b"\x06\x03\x55\x04\x0b"),
        value: Bytes::from_static(b"hr"),
    };
    let full = PreauthList(vec![
        PreauthEntry {
            claims: vec![claim.clone(), claim],
            role: Role::default(),
        },
        PreauthEntry {
            claims: Vec::new(),
            role,
        },
    ]);
    let mut cases = vec![
        preauth.octets("empty", &[0]),
        preauth.valid("two entries", &full),
        preauth.refused(
            "a claim without a value",
            &hex::literal("05 04 0002 0161"),
            "truncated",
            6,
        ),
    ];
    cases.extend(preauth.bounds(&full.to_vec().unwrap()));
    family(
        "preauth_list",
        "Who may take a role by what its credential says (POLICY, \"Preauthorized Users\")",
        cases,
    )
}

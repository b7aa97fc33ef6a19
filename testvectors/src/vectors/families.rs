//! All families in the order of their names.

use super::{Family, content, franking, participants, policy, tls, uri, wire};

/// Their names.
pub(super) const NAMES: [&str; 16] = [
    "asset",
    "base_room_policy",
    "content_extensions",
    "franking",
    "message_derived_values",
    "message_id",
    "message_status",
    "mimi_content",
    "mimi_uri",
    "participant_list",
    "preauth_list",
    "roles_list",
    "room_metadata",
    "salt",
    "tls",
    "wire",
];

/// All vectors, as this version makes them.
///
/// # Panics
/// When the crates do not do what a case says.
#[must_use]
pub fn families() -> Vec<Family> {
    let families = vec![
        content::assets::family(),
        policy::base_room_policy(),
        content::extensions::family(),
        franking::family(),
        content::derived::family(),
        content::message_id::family(),
        content::status::family(),
        content::message::family(),
        uri::family(),
        participants::family(),
        policy::preauth_list(),
        policy::roles_list(),
        policy::room_metadata(),
        content::message_id::salt(),
        tls::family(),
        wire::family(),
    ];
    assert!(families.iter().map(|family| &family.family).eq(NAMES));
    for family in &families {
        let names: std::collections::BTreeSet<_> =
            family.cases.iter().map(|case| &case.name).collect();
        assert_eq!(names.len(), family.cases.len(), "{}", family.family);
    }
    families
}

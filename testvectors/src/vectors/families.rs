//! All families in the order of their names.

use super::{Family, content, franking, participants, policy, tls, uri, wire};

/// Their names.
pub(super) const NAMES: [&str; 11] = [
    "base_room_policy",
    "franking",
    "message_id",
    "mimi_content",
    "mimi_uri",
    "participant_list",
    "preauth_list",
    "roles_list",
    "room_metadata",
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
        policy::base_room_policy(),
        franking::family(),
        content::message_id(),
        content::mimi_content(),
        uri::family(),
        participants::family(),
        policy::preauth_list(),
        policy::roles_list(),
        policy::room_metadata(),
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

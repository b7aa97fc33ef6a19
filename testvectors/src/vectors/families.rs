//! All families in the order of their names.

use super::{
    Family, authorization, components, content, franking, http, participants, policy, presets,
    pseudonym, targets, tls, uri, wire,
};

/// Their names.
pub(super) const NAMES: [&str; 33] = [
    "abuse_report",
    "asset",
    "asset_policy",
    "authorization",
    "base_room_policy",
    "bot_policy",
    "chat_history_policy",
    "content_extensions",
    "franking",
    "http",
    "join_links",
    "link_preview_policy",
    "logging_policy",
    "message_derived_values",
    "message_expiration_policy",
    "message_id",
    "message_status",
    "mimi_content",
    "mimi_uri",
    "mls_operational_policy",
    "participant_list",
    "policy_uris",
    "preauth_list",
    "presets",
    "pseudonym",
    "roles_list",
    "room_metadata",
    "salt",
    "status_notification_policy",
    "tls",
    "tree_source",
    "web_targets",
    "wire",
];

/// All vectors, as this version makes them.
///
/// # Panics
/// When the crates do not do what a case says.
#[must_use]
pub fn families() -> Vec<Family> {
    let families = vec![
        franking::reports(),
        content::assets::family(),
        components::asset_policy(),
        authorization::family(),
        policy::base_room_policy(),
        components::bot_policy(),
        components::chat_history_policy(),
        content::extensions::family(),
        franking::family(),
        http::family(),
        components::join_links(),
        components::link_preview_policy(),
        components::logging_policy(),
        content::derived::family(),
        components::message_expiration_policy(),
        content::message_id::family(),
        content::status::family(),
        content::message::family(),
        uri::family(),
        components::mls_operational_policy(),
        participants::family(),
        components::policy_uris(),
        policy::preauth_list(),
        presets::family(),
        pseudonym::family(),
        policy::roles_list(),
        policy::room_metadata(),
        content::message_id::salt(),
        components::status_notification_policy(),
        tls::family(),
        targets::tree_source(),
        targets::web(),
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

//! What a client's leaf promises (EXT, "Negotiating Extensions and Components"
//! and "Content Advertisement").

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use mimi_content::component::{ComponentId, ComponentsList};
use mimi_content::media::MediaTypeList;
use mimi_content::tls::Decode;
use mimi_protocol::client::leaf_components;

#[test]
fn a_leaf_lists_what_a_room_can_require_and_the_media_type_it_takes() {
    let leaf = leaf_components().unwrap();
    let list = |id| ComponentsList::from_slice(leaf.get(id).unwrap()).unwrap().0;
    let supported = list(ComponentId::APP_COMPONENTS);
    for required in [
        ComponentId::APP_COMPONENTS,
        ComponentId::SAFE_AAD,
        ComponentId::CONTENT_MEDIA_TYPES,
        ComponentId::FRANK_AAD,
        ComponentId::FRANKING_AGENT,
        ComponentId::PARTICIPANT_LIST,
        ComponentId::ROOM_METADATA,
        ComponentId::ROLES_LIST,
        ComponentId::PREAUTH_LIST,
        ComponentId::BASE_ROOM_POLICY,
        ComponentId::MLS_OPERATIONAL_POLICY,
        ComponentId::STATUS_NOTIFICATION_POLICY,
        ComponentId::JOIN_LINK_POLICY,
        ComponentId::JOIN_LINKS,
        ComponentId::LINK_PREVIEW_POLICY,
        ComponentId::ASSET_POLICY,
        ComponentId::LOGGING_POLICY,
        ComponentId::CHAT_HISTORY_POLICY,
        ComponentId::BOT_POLICY,
        ComponentId::MESSAGE_EXPIRATION_POLICY,
    ] {
        assert!(supported.contains(&required), "{required}");
    }
    assert_eq!(list(ComponentId::SAFE_AAD), [ComponentId::FRANK_AAD]);
    let types = leaf.get(ComponentId::CONTENT_MEDIA_TYPES).unwrap();
    let MediaTypeList(types) = MediaTypeList::from_slice(types).unwrap();
    let essences: Vec<_> = types.iter().map(|t| t.essence.as_str()).collect();
    assert_eq!(essences, ["application/mimi-content"]);
}

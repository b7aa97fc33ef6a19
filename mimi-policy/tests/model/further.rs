//! The components that a room can do without: their contents, and what POLICY
//! says of them together.

use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, Encode};
use mimi_policy::{
    AssetPolicy, AssetUploadLocation, BotPolicy, HistoryPolicy, JoinLink, JoinLinkPolicy,
    JoinLinks, JoinLinksUpdate, LinkPreviewPolicy, LoggingPolicy, MessageExpiration,
    OperationalParameters, StatusNotificationPolicy,
};

use super::room::Room;
use super::updates::{self, Updates};
use super::{Refusal, demand};

/// What updates make of them, as octets.
pub(super) fn apply(
    room: &Room,
    updates: &Updates<'_>,
) -> Result<Vec<(ComponentId, Vec<u8>)>, Refusal> {
    let mut others = room.others.clone();
    for (id, octets) in updates {
        let typed = [
            ComponentId::PARTICIPANT_LIST,
            ComponentId::ROOM_METADATA,
            ComponentId::ROLES_LIST,
            ComponentId::PREAUTH_LIST,
            ComponentId::BASE_ROOM_POLICY,
        ];
        if typed.contains(id) {
            continue;
        }
        others.retain(|(other, _)| other != id);
        match octets {
            None => {}
            Some(_) if *id == ComponentId::JOIN_LINKS => {
                others.push((*id, join_links(room, updates)?));
            }
            Some(octets) => {
                decodes(*id, octets)?;
                others.push((*id, octets.to_vec()));
            }
        }
    }
    Ok(others)
}

/// POLICY, "Other MIMI policy components" and "Operational policy component":
/// an update is new data.
fn decodes(id: ComponentId, octets: &[u8]) -> Result<(), Refusal> {
    let fine = match id {
        ComponentId::MLS_OPERATIONAL_POLICY => OperationalParameters::from_slice(octets).is_ok(),
        ComponentId::STATUS_NOTIFICATION_POLICY => {
            StatusNotificationPolicy::from_slice(octets).is_ok()
        }
        ComponentId::JOIN_LINK_POLICY => JoinLinkPolicy::from_slice(octets).is_ok(),
        ComponentId::LINK_PREVIEW_POLICY => LinkPreviewPolicy::from_slice(octets).is_ok(),
        ComponentId::ASSET_POLICY => AssetPolicy::from_slice(octets).is_ok(),
        ComponentId::LOGGING_POLICY => LoggingPolicy::from_slice(octets).is_ok(),
        ComponentId::CHAT_HISTORY_POLICY => HistoryPolicy::from_slice(octets).is_ok(),
        ComponentId::BOT_POLICY => BotPolicy::from_slice(octets).is_ok(),
        ComponentId::MESSAGE_EXPIRATION_POLICY => MessageExpiration::from_slice(octets).is_ok(),
        _ => false,
    };
    demand(fine, "an update of another component does not decode")
}

/// POLICY, "Join Link policies component". As in the participant list, all
/// indices mean the list at the start of the epoch, and nothing goes twice.
fn join_links(room: &Room, updates: &Updates<'_>) -> Result<Vec<u8>, Refusal> {
    const ID: ComponentId = ComponentId::JOIN_LINKS;
    let all: Vec<JoinLinksUpdate> = updates::all(ID, updates)?;
    let before: JoinLinks = read(room, ID).unwrap_or_default();
    let removed: Vec<_> = all.iter().flat_map(|update| &update.removed).collect();
    for index in &removed {
        demand(
            (**index as usize) < before.0.len(),
            "a join link is removed that is not there",
        )?;
        demand(
            removed.iter().filter(|other| *other == index).count() == 1,
            "a join link is removed twice",
        )?;
    }
    let kept = before.0.iter().enumerate();
    let kept = kept.filter(|(at, _)| !removed.iter().any(|index| **index as usize == *at));
    let kept = kept.map(|(_, link)| link);
    let added = all.iter().flat_map(|update| &update.added);
    let links: Vec<JoinLink> = kept.chain(added).cloned().collect();
    Ok(JoinLinks(links).to_vec().unwrap())
}

/// What must fit together.
pub(super) fn agree(after: &Room) -> Result<(), Refusal> {
    one_join_link_on_request(after)?;
    history_is_of_active_roles(after)?;
    assets_are_on_the_hub(after)
}

/// POLICY, "Join Link policies component", `on_request`.
fn one_join_link_on_request(after: &Room) -> Result<(), Refusal> {
    let policy: Option<JoinLinkPolicy> = read(after, ComponentId::JOIN_LINK_POLICY);
    let links: JoinLinks = read(after, ComponentId::JOIN_LINKS).unwrap_or_default();
    demand(
        !policy.is_some_and(|policy| policy.on_request) || links.0.len() <= 1,
        "several join links where they are made on request",
    )
}

/// POLICY, "Chat history policy component", `roles_that_can_share`.
fn history_is_of_active_roles(after: &Room) -> Result<(), Refusal> {
    let Some(HistoryPolicy::Optional(details) | HistoryPolicy::Required(details)) =
        read(after, ComponentId::CHAT_HISTORY_POLICY)
    else {
        return Ok(());
    };
    let roles = details.roles.iter().map(|index| after.role(*index));
    let mut roles = roles.flatten();
    demand(
        roles.all(|role| role.max_active != Some(0)),
        "a role shares history that has no clients",
    )
}

/// POLICY, "Asset policies component", `asset_upload_location`.
fn assets_are_on_the_hub(after: &Room) -> Result<(), Refusal> {
    let policy: Option<AssetPolicy> = read(after, ComponentId::ASSET_POLICY);
    let (Some(policy), Some(metadata)) = (policy, &after.metadata) else {
        return Ok(());
    };
    let mut domains = policy.upload_domains.iter();
    demand(
        policy.upload_location != AssetUploadLocation::HUB
            || domains.all(|entry| entry.provider.as_str() == metadata.room.domain()),
        "assets are uploaded to a hub that is not the room's",
    )
}

/// What the room has of a component; what is there is valid.
pub(super) fn read<T: Decode>(room: &Room, id: ComponentId) -> Option<T> {
    room.other(id).map(|octets| T::from_slice(octets).unwrap())
}

//! The other policy components, as octets.

use mimi_content::component::ComponentId;

use super::super::room::Room;
use super::Dice;

/// Those that a capability lets somebody change.
pub(super) const IDS: [ComponentId; 9] = [
    ComponentId::STATUS_NOTIFICATION_POLICY,
    ComponentId::JOIN_LINKS,
    ComponentId::JOIN_LINK_POLICY,
    ComponentId::LINK_PREVIEW_POLICY,
    ComponentId::LOGGING_POLICY,
    ComponentId::CHAT_HISTORY_POLICY,
    ComponentId::BOT_POLICY,
    ComponentId::MESSAGE_EXPIRATION_POLICY,
    ComponentId::ASSET_POLICY,
];

/// What a room has of them, and some that are no policy.
pub(super) fn some(dice: &mut Dice<'_>) -> Vec<(ComponentId, Vec<u8>)> {
    let mut all = vec![
        (ComponentId::APP_COMPONENTS, vec![0]),
        (ComponentId::FRANKING_AGENT, b"key".to_vec()),
        (ComponentId(0xfe26), b"whatever".to_vec()),
    ];
    let mask = dice.octet();
    for (at, id) in IDS.iter().enumerate() {
        if mask >> (at % 8) & 1 == 1 {
            all.push((*id, data(*id, 0)));
        }
    }
    all
}

/// Data of a component; not all of it is valid.
fn data(id: ComponentId, kind: u8) -> Vec<u8> {
    let kind = kind % 4;
    match id {
        ComponentId::STATUS_NOTIFICATION_POLICY => vec![0, kind],
        // No URI to request links from; valid for a minute.
        ComponentId::JOIN_LINK_POLICY => vec![kind, 0, 1, 0, 0, 0, 60],
        ComponentId::JOIN_LINKS => vec![4, 1, b'x', 1, b'y'],
        ComponentId::LINK_PREVIEW_POLICY => vec![kind, 0, 0, 2],
        ComponentId::LOGGING_POLICY => vec![2; if kind == 3 { 2 } else { 1 }],
        // Forbidden, or for one role.
        ComponentId::CHAT_HISTORY_POLICY => match kind {
            0 => vec![2],
            role => vec![0, 4, 0, 0, 0, role, 0, 0, 0, 0, 60],
        },
        ComponentId::BOT_POLICY => match kind {
            0 => vec![0],
            // A bot in the client of a user, in no role or one.
            role => vec![10, 1, b'B', 0, 0, 1, 0, 0, 0, role - 1, 0, 0][..]
                .iter()
                .copied()
                .enumerate()
                .map(|(at, octet)| if at == 0 { 11 } else { octet })
                .collect(),
        },
        ComponentId::MESSAGE_EXPIRATION_POLICY => match kind {
            0 => vec![2],
            least => vec![0, 0, 0, 0, least, 0, 0, 0, 2, 0],
        },
        // Uploads anywhere, direct downloads, no sizes, no media types.
        ComponentId::ASSET_POLICY => {
            let mut octets = vec![0; 39];
            octets[0] = kind;
            octets
        }
        _ => vec![kind],
    }
}

/// The octets of an update, or a removal.
pub(super) fn update(room: &Room, id: ComponentId, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    if room.other(id).is_some() && dice.chance(60) {
        return None;
    }
    if id == ComponentId::JOIN_LINKS {
        return Some(match dice.below(6) {
            // Adds one, removes one, both, adds two, removes one twice, nothing.
            0 => vec![0, 2, 1, b'z'],
            1 => vec![4, 0, 0, 0, 1, 0],
            2 => vec![4, 0, 0, 0, 0, 2, 1, b'z'],
            3 => vec![0, 4, 1, b'v', 1, b'w'],
            4 => vec![8, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            _ => vec![0, 0],
        });
    }
    Some(data(id, dice.octet()))
}

//! The other policy components, as octets.

use mimi_content::component::ComponentId;
use mimi_content::tls::{Encode, Writer};
use mimi_policy::{
    AppMessagePolicy, ExtendedCapabilities, Lifetime, MinDefaultMaxTime, OperationalParameters,
    PendingProposalPolicy,
};

use super::super::room::{Deed, Leaf, Room};
use super::Dice;

/// Those that a capability lets somebody change.
pub(super) const IDS: [ComponentId; 10] = [
    ComponentId::MLS_OPERATIONAL_POLICY,
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
    for id in IDS {
        if dice.chance(100) {
            let octets = match id {
                ComponentId::MLS_OPERATIONAL_POLICY => operational(dice.octet() & 127),
                _ => data(id, 0),
            };
            all.push((id, octets));
        }
    }
    all
}

/// Data of a component; not all of it is valid.
fn data(id: ComponentId, kind: u8) -> Vec<u8> {
    if id == ComponentId::MLS_OPERATIONAL_POLICY {
        return operational(kind);
    }
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
            // A bot in the client of a user, rightly in no role, or in one.
            role => vec![11, 1, b'B', 0, 0, 1, 0, 0, 0, role - 1, 0, 0],
        },
        ComponentId::MESSAGE_EXPIRATION_POLICY => match kind {
            0 => vec![2],
            least => vec![0, 0, 0, 0, least, 0, 0, 0, 2, 0],
        },
        // Uploads anywhere, or to a hub; direct downloads, no sizes, no media
        // types.
        ComponentId::ASSET_POLICY => {
            let (location, provider) = match kind {
                0 | 1 => (kind, &b""[..]),
                2 => (2, &b"a.example"[..]),
                _ => (2, &b"b.example"[..]),
            };
            let mut w = Writer::new();
            w.u8(location);
            w.vector(|w| {
                if !provider.is_empty() {
                    w.opaque(provider);
                    w.opaque(b"");
                }
            });
            w.raw(&[0; 3 + 4 * 8 + 2]);
            w.finish().unwrap()
        }
        _ => vec![kind],
    }
}

/// Each bit decides one thing that lets somebody in.
fn operational(bits: u8) -> Vec<u8> {
    let bit = |at: u8| bits >> at & 1 == 1;
    let demands = |at: u8, item: u16| if bit(at) { vec![item] } else { vec![] };
    let policy = OperationalParameters {
        mandatory_capabilities: ExtendedCapabilities {
            cipher_suites: demands(0, 1),
            extensions: [demands(1, 6), demands(2, 3)].concat(),
            proposals: demands(1, 7),
            ..Default::default()
        },
        default_capabilities: ExtendedCapabilities::default(),
        forbidden_capabilities: ExtendedCapabilities {
            component_ids: demands(2, 5).into_iter().map(ComponentId).collect(),
            // What every client supports cannot be forbidden.
            extensions: demands(0, 5),
            proposals: demands(0, 1),
            // Contradicts the first.
            cipher_suites: if bits == 255 { vec![1] } else { vec![] },
            ..Default::default()
        },
        handshake_formats: if bit(0) && bit(5) { vec![1] } else { vec![] },
        external_proposal_allowed: !bit(3) || !bit(4),
        external_commit_allowed: !bit(3) || bit(4),
        pending_proposal_policy: PendingProposalPolicy::Unspecified,
        leaf_node_update_time: MinDefaultMaxTime::default(),
        app_message_policy: AppMessagePolicy {
            epoch_tolerance: bits & 3,
            ..AppMessagePolicy::default()
        },
        max_kp_lifetime: if bit(5) { 90 } else { 0 },
        max_credential_lifetime: if bit(6) { 90 } else { 0 },
        resumption_psk_lifetime: 0,
        sender_nonce_keypair_lifetime: MinDefaultMaxTime::default(),
        max_keypairs: 0,
        buffer_incoming_message_time: MinDefaultMaxTime::default(),
        max_buffered_messages: 0,
    };
    policy.to_vec().unwrap()
}

/// An operational policy with fewer demands, or none any more.
pub(super) fn relaxed(dice: &mut Dice<'_>) -> Deed {
    let octets = (!dice.chance(100)).then(|| operational(1 << dice.below(8)));
    Deed::Component(ComponentId::MLS_OPERATIONAL_POLICY, octets)
}

/// A leaf, mostly one that most rooms take.
pub(super) fn leaf(dice: &mut Dice<'_>) -> Box<Leaf> {
    let mut leaf = Leaf {
        supports: Some(ExtendedCapabilities {
            cipher_suites: vec![2, 1],
            extensions: vec![5, 6],
            component_ids: vec![ComponentId(4)],
            ..Default::default()
        }),
        key_package: Some(lifetime(90)),
        credential: None,
    };
    if dice.chance(60) {
        spoil_leaf(&mut leaf, dice);
    }
    Box::new(leaf)
}

/// Makes a leaf another in one respect.
pub(super) fn spoil_leaf(leaf: &mut Leaf, dice: &mut Dice<'_>) {
    let kind = dice.below(6);
    match (kind, &mut leaf.supports) {
        (0, _) => leaf.supports = None,
        (1, _) => leaf.key_package = Some(lifetime(91)),
        (2, _) => leaf.credential = Some(lifetime(90 + u64::from(dice.octet() % 2))),
        (3, Some(supports)) => supports.cipher_suites = vec![2],
        (4, Some(supports)) => supports.extensions.clear(),
        (_, Some(supports)) => supports.component_ids.push(ComponentId(5)),
        (_, None) => leaf.key_package = None,
    }
}

fn lifetime(seconds: u64) -> Lifetime {
    Lifetime {
        not_before: 10,
        not_after: 10 + seconds,
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

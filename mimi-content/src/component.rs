//! Application components: their numbers, the `app_data_dictionary` and the
//! Safe AAD (EXT, "Attaching Application Data to MLS Messages" and "Safe
//! Additional Authenticated Data").

use std::collections::BTreeMap;
use std::collections::btree_map;

use bytes::Bytes;

use crate::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

/// Numbers in one [`ComponentsList`]. The registry has some thirty; the rest is
/// room for private values and GREASE. A [`ComponentMap`] needs no such bound,
/// since no number is in it twice.
pub const MAX_COMPONENTS: usize = 1024;

/// Number of an application component, in the IANA "MLS Component Types"
/// registry (EXT, IANA section). Open: unknown numbers are kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentId(pub u16);

macro_rules! components {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $text:literal;)*) => {
        impl ComponentId {
            $($(#[$doc])* pub const $name: ComponentId = ComponentId($value);)*

            /// The registered name, if this crate knows the number.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some($text),)*
                    _ => None,
                }
            }
        }
    };
}

components! {
    /// Components supported by a leaf or required by the group (EXT).
    APP_COMPONENTS = 0x0001, "app_components";
    /// Components that use the Safe AAD (EXT).
    SAFE_AAD = 0x0002, "safe_aad";
    /// Media types supported or required (EXT, "Content Advertisement").
    CONTENT_MEDIA_TYPES = 0x0003, "content_media_types";
    /// Marks a KeyPackage that may be used more than once (EXT).
    LAST_RESORT_KEY_PACKAGE = 0x0004, "last_resort_key_package";
    /// Acknowledgement of application messages (EXT, "AppAck").
    APP_ACK = 0x0005, "app_ack";
    /// Who can read SemiPrivateMessages from outside (SEMI, suggested value).
    EXTERNAL_RECEIVERS = 0x0008, "external_receivers";
    /// The franking tag in the Safe AAD (PROTO, IANA section).
    FRANK_AAD = 0x0020, "frank_aad";
    /// The hub's franking key (PROTO, IANA section).
    FRANKING_AGENT = 0x0021, "franking_agent";
    /// The room's users and their roles (PROTO, "Participant List").
    PARTICIPANT_LIST = 0x0022, "participant_list";
    /// Name, description and the like (PROTO, "Room Metadata").
    ROOM_METADATA = 0x0023, "room_metadata";
    /// Operational parameters (POLICY, suggested value).
    MLS_OPERATIONAL_POLICY = 0x0024, "mls_operational_policy";
    /// Roles and their capabilities (POLICY, suggested value).
    ROLES_LIST = 0x0025, "roles_list";
    /// Preauthorized users (POLICY, suggested value).
    PREAUTH_LIST = 0x0026, "preauth_list";
    /// Base room policy (POLICY, suggested value).
    BASE_ROOM_POLICY = 0x0027, "base_room_policy";
    /// Status notifications (POLICY, suggested value).
    STATUS_NOTIFICATION_POLICY = 0x0028, "status_notification_policy";
    /// Join link policy (POLICY, suggested value).
    JOIN_LINK_POLICY = 0x0029, "join_link_policy";
    /// Active join links (POLICY, suggested value).
    JOIN_LINKS = 0x002a, "join_links";
    /// Link previews (POLICY, suggested value).
    LINK_PREVIEW_POLICY = 0x002b, "link_preview_policy";
    /// Assets (POLICY, suggested value).
    ASSET_POLICY = 0x002c, "asset_policy";
    /// Logging (POLICY, suggested value).
    LOGGING_POLICY = 0x002d, "logging_policy";
    /// Chat history (POLICY, suggested value).
    CHAT_HISTORY_POLICY = 0x002e, "chat_history_policy";
    /// Bots (POLICY, suggested value).
    BOT_POLICY = 0x002f, "bot_policy";
    /// Message expiration (POLICY, suggested value).
    MESSAGE_EXPIRATION_POLICY = 0x0030, "message_expiration_policy";
}

impl ComponentId {
    /// Numbers that no component will ever have. A client puts some of them
    /// into the lists and dictionaries of its LeafNode, KeyPackage and
    /// GroupInfo, so that nobody comes to rely on knowing them all (EXT,
    /// "GREASE"). Who receives one treats it as any number that it does not
    /// know.
    pub const GREASE: [ComponentId; 8] = [
        ComponentId(0x0a0a),
        ComponentId(0x1a1a),
        ComponentId(0x2a2a),
        ComponentId(0x3a3a),
        ComponentId(0x4a4a),
        ComponentId(0x5a5a),
        ComponentId(0x6a6a),
        ComponentId(0x7a7a),
    ];
}

impl std::fmt::Display for ComponentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "component {:#06x}", self.0),
        }
    }
}

impl std::fmt::Debug for ComponentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl Encode for ComponentId {
    fn encode(&self, w: &mut Writer) {
        w.u16(self.0);
    }
}

impl Decode for ComponentId {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.u16().map(ComponentId)
    }
}

/// Values by component, in increasing order of their numbers, each number once.
///
/// Serves as `AppDataDictionary` and as `SafeAAD`, which have the same form:
/// a vector of `(uint16 id, opaque data<V>)`. Decoding refuses another order
/// and repeated numbers (EXT, both sections).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ComponentMap(BTreeMap<ComponentId, Bytes>);

impl ComponentMap {
    /// A map without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of `id`.
    #[must_use]
    pub fn get(&self, id: ComponentId) -> Option<&Bytes> {
        self.0.get(&id)
    }

    /// Sets the value of `id` and returns the one before.
    pub fn insert(&mut self, id: ComponentId, data: impl Into<Bytes>) -> Option<Bytes> {
        self.0.insert(id, data.into())
    }

    /// Takes the value of `id` out.
    pub fn remove(&mut self, id: ComponentId) -> Option<Bytes> {
        self.0.remove(&id)
    }

    /// The entries in increasing order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (ComponentId, &Bytes)> {
        self.0.iter().map(|(id, data)| (*id, data))
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<B: Into<Bytes>> FromIterator<(ComponentId, B)> for ComponentMap {
    fn from_iter<I: IntoIterator<Item = (ComponentId, B)>>(entries: I) -> Self {
        ComponentMap(
            entries
                .into_iter()
                .map(|(id, data)| (id, data.into()))
                .collect(),
        )
    }
}

impl std::fmt::Debug for ComponentMap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut map = f.debug_map();
        for (id, data) in &self.0 {
            map.entry(id, &format_args!("{} octets", data.len()));
        }
        map.finish()
    }
}

impl Encode for ComponentMap {
    fn encode(&self, w: &mut Writer) {
        w.vector(|w| {
            for (id, data) in &self.0 {
                id.encode(w);
                w.opaque(data);
            }
        });
    }
}

impl Decode for ComponentMap {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut entries = BTreeMap::new();
        r.list_with(|r| {
            let start = r.offset();
            let id = ComponentId::decode(r)?;
            let data = r.opaque_bytes()?;
            let last = entries.last_key_value().map(|(last, _)| *last);
            match entries.entry(id) {
                btree_map::Entry::Vacant(slot) if last < Some(id) => {
                    slot.insert(data);
                    Ok(())
                }
                _ => Err(r.error_at(
                    start,
                    Rule::Structure("component numbers do not strictly increase"),
                )),
            }
        })?;
        Ok(ComponentMap(entries))
    }
}

/// `ComponentsList`: the value of `app_components` and of `safe_aad` (EXT,
/// "Negotiating Extensions and Components"). Order and repetition carry no
/// meaning and are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComponentsList(pub Vec<ComponentId>);

impl Encode for ComponentsList {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.0);
    }
}

impl Decode for ComponentsList {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.list_at_most("the number of components", MAX_COMPONENTS, Decode::decode)
            .map(ComponentsList)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_components_is_bounded() {
        let list = |n| {
            ComponentsList(vec![ComponentId::FRANK_AAD; n])
                .to_vec()
                .unwrap()
        };
        assert!(ComponentsList::from_slice(&list(MAX_COMPONENTS)).is_ok());
        let error = ComponentsList::from_slice(&list(MAX_COMPONENTS + 1)).unwrap_err();
        assert!(matches!(
            error.rule,
            Rule::Limit {
                max: MAX_COMPONENTS,
                ..
            }
        ));
    }

    #[test]
    fn numbers_that_nobody_knows_are_kept() {
        let list = ComponentsList(ComponentId::GREASE.to_vec());
        let octets = list.to_vec().unwrap();
        assert_eq!(octets[..5], [16, 0x0a, 0x0a, 0x1a, 0x1a]);
        assert_eq!(ComponentsList::from_slice(&octets), Ok(list));
        let map: ComponentMap = ComponentId::GREASE
            .map(|id| (id, vec![7]))
            .into_iter()
            .collect();
        let octets = map.to_vec().unwrap();
        assert_eq!(ComponentMap::from_slice(&octets), Ok(map));
        assert!(ComponentId::GREASE.iter().all(|id| id.name().is_none()));
    }

    #[test]
    fn entries_are_sorted_and_single() {
        let map: ComponentMap = [
            (ComponentId::ROLES_LIST, vec![2]),
            (ComponentId::FRANK_AAD, vec![1]),
        ]
        .into_iter()
        .collect();
        let bytes = map.to_vec().unwrap();
        assert_eq!(bytes, [8, 0, 0x20, 1, 1, 0, 0x25, 1, 2]);
        assert_eq!(ComponentMap::from_slice(&bytes).unwrap(), map);
        for bad in [
            &[8, 0, 0x25, 1, 2, 0, 0x20, 1, 1][..],
            &[8, 0, 0x20, 1, 2, 0, 0x20, 1, 1][..],
        ] {
            let error = ComponentMap::from_slice(bad).unwrap_err();
            assert_eq!(error.offset, 5, "{error}");
        }
    }
}

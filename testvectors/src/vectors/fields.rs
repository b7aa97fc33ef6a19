//! What the structures hold, as JSON.
//!
//! Octets are hexadecimal, texts and URIs are strings, integers of 64 bits are
//! decimal strings, as not every JSON reader keeps those.

use mimi_content::component::ComponentMap;
use mimi_content::media::ApplicationFraming;
use mimi_content::{MimiUri, Timestamp};
use mimi_franking::{
    AbuseReport, Credential, Frank, FrankingAgent, FrankingIntegrityTbs, IdentityLinkTbe,
    PseudonymousCredential, PseudonymousCredentialTbs, ServerFrankingContext,
};
use mimi_policy::{
    BaseRoomPolicy, Entry, Participant, ParticipantList, ParticipantListUpdate, PreauthList, Role,
    RoleList, RoomMetadata,
};
use serde_json::{Value, json};

use crate::hex::encode;

/// A structure that can be shown.
pub(super) trait Fields {
    /// Its fields.
    fn fields(&self) -> Value;
}

pub(super) fn all<'a, T: Fields + 'a>(items: impl IntoIterator<Item = &'a T>) -> Value {
    items.into_iter().map(Fields::fields).collect()
}

pub(super) fn time(time: Timestamp) -> String {
    time.as_millis().to_string()
}

pub(super) fn uri_or_empty(uri: Option<&MimiUri>) -> &str {
    uri.map_or("", MimiUri::as_str)
}

/// A component map as a member of another structure.
pub(super) fn components(map: &ComponentMap) -> Value {
    map.iter()
        .map(|(id, data)| json!({ "id": id.0, "data": encode(data) }))
        .collect()
}

impl Fields for ComponentMap {
    fn fields(&self) -> Value {
        json!({ "entries": components(self) })
    }
}

impl Fields for ApplicationFraming {
    fn fields(&self) -> Value {
        let parameters = &self.media_type.parameters;
        let parameters = parameters
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }));
        json!({
            "media_type": self.media_type.essence,
            "parameters": parameters.collect::<Value>(),
            "content": encode(&self.content),
        })
    }
}

impl Fields for Participant {
    fn fields(&self) -> Value {
        json!({ "user": self.user.as_str(), "role": self.role })
    }
}

impl Fields for Entry<'_> {
    fn fields(&self) -> Value {
        json!({ "user": self.user.as_str(), "role": self.role })
    }
}

impl Fields for ParticipantList {
    fn fields(&self) -> Value {
        json!({ "participants": self.iter().map(|entry| entry.fields()).collect::<Value>() })
    }
}

impl Fields for ParticipantListUpdate {
    fn fields(&self) -> Value {
        let changed = self.changed.iter();
        let changed = changed.map(|change| json!({ "index": change.index, "role": change.role }));
        json!({
            "changed": changed.collect::<Value>(),
            "removed": self.removed,
            "added": all(&self.added),
        })
    }
}

impl Fields for Role {
    fn fields(&self) -> Value {
        let changes = self.role_changes.iter();
        let changes = changes.map(|change| json!({ "from": change.from, "to": change.to }));
        json!({
            "role_index": self.index,
            "role_name": self.name,
            "role_description": self.description,
            "role_capabilities": self.capabilities.iter().map(|c| c.0).collect::<Vec<_>>(),
            "minimum_participants_constraint": self.min_participants,
            "maximum_participants_constraint": self.max_participants,
            "minimum_active_participants_constraint": self.min_active,
            "maximum_active_participants_constraint": self.max_active,
            "authorized_role_changes": changes.collect::<Value>(),
        })
    }
}

impl Fields for RoleList {
    fn fields(&self) -> Value {
        json!({ "roles": all(self.iter()) })
    }
}

impl Fields for BaseRoomPolicy {
    fn fields(&self) -> Value {
        json!({
            "fixed_membership": self.fixed_membership,
            "parent_dependant": self.parent_room.is_some(),
            "parent_room": self.parent_room.iter().map(MimiUri::as_str).collect::<Vec<_>>(),
            "multi_device": self.multi_device,
            "max_clients": self.max_clients,
            "max_users": self.max_users,
            "pseudonyms_allowed": self.pseudonyms_allowed,
            "persistent_room": self.persistent_room,
            "discoverable": self.discoverable,
            "policy_component_ids": self.policy_components.iter().map(|c| c.0).collect::<Vec<_>>(),
        })
    }
}

impl Fields for RoomMetadata {
    fn fields(&self) -> Value {
        let descriptions = self.descriptions.iter().map(|description| {
            json!({
                "media_type": description.media_type,
                "language_tag": description.language,
                "description_content": encode(&description.content),
            })
        });
        json!({
            "room_uri": self.room.as_str(),
            "room_name": self.name,
            "room_descriptions": descriptions.collect::<Value>(),
            "room_avatar": self.avatar,
            "room_subject": self.subject,
            "room_mood": self.mood,
        })
    }
}

impl Fields for PreauthList {
    fn fields(&self) -> Value {
        let entries = self.0.iter().map(|entry| {
            let claims = entry.claims.iter().map(|claim| {
                json!({
                    "credential_type": claim.credential_type,
                    "id": encode(&claim.id),
                    "claim_value": encode(&claim.value),
                })
            });
            json!({ "claimset": claims.collect::<Value>(), "target_role": entry.role.fields() })
        });
        json!({ "entries": entries.collect::<Value>() })
    }
}

impl Fields for Credential {
    fn fields(&self) -> Value {
        match self {
            Credential::Basic(identity) => {
                json!({ "credential_type": 1, "identity": encode(identity) })
            }
            Credential::X509(chain) => json!({
                "credential_type": 2,
                "certificates": chain.iter().map(|c| encode(c)).collect::<Vec<_>>(),
            }),
            Credential::Pseudonymous(credential) => json!({
                "credential_type": 0xf0a2,
                "pseudonymous_credential": credential.fields(),
            }),
            other => panic!("{other:?} is new here"),
        }
    }
}

impl Fields for PseudonymousCredentialTbs {
    fn fields(&self) -> Value {
        json!({
            "client_pseudonym": self.client_pseudonym.as_str(),
            "user_pseudonym": self.user_pseudonym.as_str(),
            "signature_public_key": encode(&self.signature_public_key),
        })
    }
}

impl Fields for PseudonymousCredential {
    fn fields(&self) -> Value {
        let mut fields = self.tbs.fields();
        fields["identity_link_ciphertext"] = json!(encode(&self.identity_link_ciphertext));
        fields
    }
}

impl Fields for IdentityLinkTbe {
    fn fields(&self) -> Value {
        json!({
            "pseudonymous_credential_signature": encode(&self.pseudonymous_credential_signature),
            "client_credential": self.client_credential.fields(),
        })
    }
}

impl Fields for FrankingAgent {
    fn fields(&self) -> Value {
        json!({
            "signature_key": encode(&self.signature_key),
            "credential": self.credential.fields(),
        })
    }
}

impl Fields for Frank {
    fn fields(&self) -> Value {
        json!({
            "server_frank": encode(&self.server_frank),
            "ciphersuite": self.ciphersuite.0,
            "integrity_signature": encode(&self.integrity_signature),
        })
    }
}

impl Fields for ServerFrankingContext {
    fn fields(&self) -> Value {
        json!({
            "sender_uri": self.sender_uri.as_str(),
            "room_uri": self.room_uri.as_str(),
            "accepted_timestamp": time(self.accepted_timestamp),
        })
    }
}

impl Fields for FrankingIntegrityTbs {
    fn fields(&self) -> Value {
        json!({
            "server_frank": encode(&self.server_frank),
            "ciphersuite": self.ciphersuite.0,
            "context": self.context.fields(),
        })
    }
}

impl Fields for AbuseReport {
    fn fields(&self) -> Value {
        let messages = self.messages.iter().map(|message| {
            json!({
                "message_content": encode(&message.message_content),
                "frank": message.frank.fields(),
                "accepted_timestamp": time(message.accepted_timestamp),
            })
        });
        json!({
            "reporting_user": uri_or_empty(self.reporting_user.as_ref()),
            "alleged_abuser": self.alleged_abuser.as_str(),
            "reason": self.reason.0,
            "note": self.note,
            "messages": messages.collect::<Value>(),
            "abuse_extensions": components(&self.extensions),
        })
    }
}

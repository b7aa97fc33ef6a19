//! What bodies hold, as JSON; MLS objects as their octets.

use bytes::Bytes;
use mimi_content::DomainName;
use mimi_protocol::wire::mls::{Capabilities, Extension};
use mimi_protocol::wire::*;
use serde_json::{Value, json};

use crate::hex::encode;
use crate::vectors::fields::{Fields, all, components, time, uri_or_empty};

fn many<'a>(objects: impl IntoIterator<Item = &'a Bytes>) -> Value {
    objects
        .into_iter()
        .map(|object| json!(encode(object)))
        .collect()
}

/// One object with the fields of two.
fn join(mut left: Value, right: Value) -> Value {
    if let (Value::Object(left), Value::Object(right)) = (&mut left, right) {
        left.extend(right);
    }
    left
}

impl Fields for ConsentEntry {
    fn fields(&self) -> Value {
        let (operation, more) = match &self.operation {
            ConsentOperation::Cancel => (0, json!({})),
            ConsentOperation::Request => (1, json!({})),
            ConsentOperation::Grant(key_packages) => {
                let key_packages = many(key_packages.iter().map(|k| k.as_bytes()));
                (2, json!({ "key_packages": key_packages }))
            }
            ConsentOperation::Revoke => (3, json!({})),
        };
        let fields = json!({
            "operation": operation,
            "requester_uri": self.scope.requester_uri.as_str(),
            "target_uri": self.scope.target_uri.as_str(),
            "room_id": self.scope.room_id.as_ref().map(|room| room.as_str()),
            "extensions": components(&self.extensions),
        });
        join(fields, more)
    }
}

impl Fields for IdentifierRequest {
    fn fields(&self) -> Value {
        let elements = self.query_elements.iter().map(|element| {
            let field = match &element.field {
                SearchField::OidcStdClaim(name) => json!({ "search_type": 7, "name": name }),
                SearchField::VcardField(name) => json!({ "search_type": 8, "name": name }),
                SearchField::Plain(plain) => json!({ "search_type": plain.search_type().0 }),
            };
            join(field, json!({ "search_value": element.search_value }))
        });
        json!({
            "query_elements": elements.collect::<Value>(),
            "extensions": components(&self.extensions),
        })
    }
}

impl Fields for IdentifierResponse {
    fn fields(&self) -> Value {
        let profiles = self.found_profiles.iter().map(|profile| {
            let fields = profile.fields.iter().map(|field| {
                json!({
                    "field_source": field.field_source.0,
                    "field_name": field.field_name,
                    "field_value": encode(&field.field_value),
                })
            });
            json!({ "stable_uri": profile.stable_uri.as_str(), "fields": fields.collect::<Value>() })
        });
        json!({
            "response_code": self.response_code.0,
            "uris": self.uris.iter().map(|uri| uri.as_str()).collect::<Vec<_>>(),
            "found_profiles": profiles.collect::<Value>(),
            "extensions": components(&self.extensions),
        })
    }
}

impl Fields for KeyMaterialRequest {
    fn fields(&self) -> Value {
        let tbs = &self.tbs;
        let required = &tbs.required_capabilities;
        json!({
            "protocol": 1,
            "requesting_user": tbs.requesting_user.as_str(),
            "target_user": tbs.target_user.as_str(),
            "room_id": uri_or_empty(tbs.room_id.as_ref()),
            "acceptable_ciphersuites": tbs.acceptable_cipher_suites.iter().map(|s| s.0).collect::<Vec<_>>(),
            "required_capabilities": {
                "extension_types": required.extension_types.iter().map(|e| e.0).collect::<Vec<_>>(),
                "proposal_types": required.proposal_types.iter().map(|p| p.0).collect::<Vec<_>>(),
                "credential_types": required.credential_types.iter().map(|c| c.0).collect::<Vec<_>>(),
            },
            "requester_signature_key": encode(&tbs.requester_signature_key),
            "requester_credential": tbs.requester_credential.fields(),
            "signature": encode(&self.signature),
            "signed": encode(&tbs.sign_content().unwrap()),
        })
    }
}

fn capabilities(capabilities: &Capabilities) -> Value {
    json!({
        "versions": capabilities.versions.iter().map(|v| v.0).collect::<Vec<_>>(),
        "cipher_suites": capabilities.cipher_suites.iter().map(|s| s.0).collect::<Vec<_>>(),
        "extensions": capabilities.extensions.iter().map(|e| e.0).collect::<Vec<_>>(),
        "proposals": capabilities.proposals.iter().map(|p| p.0).collect::<Vec<_>>(),
        "credentials": capabilities.credentials.iter().map(|c| c.0).collect::<Vec<_>>(),
    })
}

impl Fields for ClientKeyMaterial {
    fn fields(&self) -> Value {
        let status = match &self.status {
            ClientStatus::Success(key_package) => {
                json!({ "client_status": 0, "key_package": encode(key_package.as_bytes()) })
            }
            ClientStatus::KeyMaterialExhausted => json!({ "client_status": 1 }),
            ClientStatus::NothingCompatible(own) => {
                json!({ "client_status": 2, "capabilities": own.as_ref().map(capabilities) })
            }
        };
        join(status, json!({ "client_uri": self.client_uri.as_str() }))
    }
}

impl Fields for KeyMaterialResponse {
    fn fields(&self) -> Value {
        json!({
            "protocol": 1,
            "user_status": self.user_status.0,
            "user_uri": self.user_uri.as_str(),
            "clients": all(&self.clients),
        })
    }
}

fn extensions(extensions: &[Extension]) -> Value {
    let extensions = extensions.iter();
    extensions
        .map(|e| json!({ "extension_type": e.extension_type.0, "extension_data": encode(&e.data) }))
        .collect()
}

impl Fields for RatchetTreeOption {
    fn fields(&self) -> Value {
        match self {
            RatchetTreeOption::Full(tree) => {
                json!({ "representation": 1, "ratchet_tree": encode(tree.as_bytes()) })
            }
            RatchetTreeOption::HttpsUri {
                url,
                tree_signature,
            } => json!({
                "representation": 2,
                "url": url,
                "tree_signature": encode(tree_signature),
            }),
            RatchetTreeOption::OutOfBand { tree_signature } => {
                json!({ "representation": 3, "tree_signature": encode(tree_signature) })
            }
            RatchetTreeOption::DistributionService => json!({ "representation": 4 }),
        }
    }
}

impl Fields for DomainList {
    fn fields(&self) -> Value {
        let domains = self.domains.iter().map(DomainName::as_str);
        json!({ "domains": domains.collect::<Vec<_>>() })
    }
}

impl Fields for GroupInfoOption {
    fn fields(&self) -> Value {
        match self {
            GroupInfoOption::Full(group_info) => {
                json!({ "representation": 1, "group_info": encode(group_info.as_bytes()) })
            }
            GroupInfoOption::Partial(partial) => json!({
                "representation": 2,
                "ratchet_tree_presence": 0,
                "extensions": extensions(&partial.extensions),
                "signature": encode(&partial.signature),
            }),
        }
    }
}

impl Fields for UpdateRequest {
    fn fields(&self) -> Value {
        match &self.bundle {
            HandshakeBundle::Commit(bundle) => json!({
                "message": encode(bundle.commit.as_bytes()),
                "welcome": bundle.welcome.as_ref().map(|w| encode(w.as_bytes())),
                "group_info": bundle.group_info.fields(),
                "ratchet_tree": bundle.ratchet_tree.fields(),
            }),
            HandshakeBundle::Proposals { proposal, more } => json!({
                "message": encode(proposal.as_bytes()),
                "more_proposals": many(more.iter().map(|p| p.as_bytes())),
            }),
        }
    }
}

impl Fields for UpdateRoomResponse {
    fn fields(&self) -> Value {
        let outcome = match &self.outcome {
            UpdateOutcome::Success { accepted_timestamp } => json!({
                "response_code": 0,
                "accepted_timestamp": time(*accepted_timestamp),
            }),
            UpdateOutcome::WrongEpoch { current_epoch } => {
                json!({ "response_code": 1, "current_epoch": current_epoch.to_string() })
            }
            UpdateOutcome::NotAllowed => json!({ "response_code": 2 }),
            UpdateOutcome::InvalidProposal { invalid_proposals } => {
                json!({ "response_code": 3, "invalid_proposals": many(invalid_proposals) })
            }
        };
        join(
            outcome,
            json!({ "error_description": self.error_description }),
        )
    }
}

impl Fields for SubmitMessageRequest {
    fn fields(&self) -> Value {
        json!({
            "protocol": 1,
            "app_message": encode(self.app_message.as_bytes()),
            "sending_uri": self.sending_uri.as_str(),
        })
    }
}

impl Fields for SubmitMessageResponse {
    fn fields(&self) -> Value {
        match self {
            SubmitMessageResponse::Accepted {
                accepted_timestamp,
                frank,
            } => json!({
                "protocol": 1,
                "status_code": 0,
                "accepted_timestamp": time(*accepted_timestamp),
                "frank": frank.as_ref().map(Fields::fields),
            }),
            SubmitMessageResponse::NotAllowed => json!({ "protocol": 1, "status_code": 1 }),
            SubmitMessageResponse::EpochTooOld { current_epoch } => json!({
                "protocol": 1,
                "status_code": 2,
                "current_epoch": current_epoch.to_string(),
            }),
        }
    }
}

impl Fields for FanoutMessages {
    fn fields(&self) -> Value {
        let messages = self.0.iter().map(|message| {
            let event = match &message.event {
                FanoutEvent::Application { message, frank } => json!({
                    "message": encode(message.as_bytes()),
                    "frank": frank.as_ref().map(Fields::fields),
                }),
                FanoutEvent::Welcome {
                    welcome,
                    ratchet_tree,
                } => {
                    let wrapped = mls::MlsMessage::from_welcome(welcome.clone());
                    json!({
                        "message": encode(wrapped.as_bytes()),
                        "ratchet_tree": ratchet_tree.fields(),
                    })
                }
                FanoutEvent::Proposals { proposal, more } => json!({
                    "message": encode(proposal.as_bytes()),
                    "more_proposals": many(more.iter().map(|p| p.as_bytes())),
                }),
                FanoutEvent::Commit {
                    commit,
                    external_proposals,
                } => json!({
                    "message": encode(commit.as_bytes()),
                    "external_proposals": many(external_proposals.iter().map(|p| p.as_bytes())),
                }),
            };
            join(event, json!({ "timestamp": time(message.timestamp) }))
        });
        json!({ "messages": messages.collect::<Value>() })
    }
}

impl Fields for GroupInfoRequest {
    fn fields(&self) -> Value {
        let tbs = &self.tbs;
        json!({
            "protocol": 1,
            "cipher_suite": tbs.cipher_suite.0,
            "requesting_signature_key": encode(&tbs.requesting_signature_key),
            "requesting_credential": tbs.requesting_credential.fields(),
            "group_info_public_key": encode(&tbs.group_info_public_key),
            "joining_code": tbs.joining_code.as_ref().map(|code| encode(code)),
            "signature": encode(&self.signature),
            "signed": encode(&tbs.sign_content().unwrap()),
        })
    }
}

impl Fields for GroupInfoResponse {
    fn fields(&self) -> Value {
        let fields = json!({
            "protocol": 1,
            "room_id": self.room_id().as_str(),
            "status": self.status().0,
        });
        match self {
            GroupInfoResponse::Failure { .. } => fields,
            GroupInfoResponse::Success { tbs, signature } => join(
                fields,
                json!({
                    "cipher_suite": tbs.cipher_suite.0,
                    "hub_sender": {
                        "signature_key": encode(&tbs.hub_sender.signature_key),
                        "credential": tbs.hub_sender.credential.fields(),
                    },
                    "encrypted": {
                        "kem_output": encode(&tbs.encrypted.kem_output),
                        "ciphertext": encode(&tbs.encrypted.ciphertext),
                    },
                    "signature": encode(signature),
                    "signed": encode(&tbs.sign_content().unwrap()),
                }),
            ),
        }
    }
}

impl Fields for GroupInfoRatchetTreeTbe {
    fn fields(&self) -> Value {
        let pending = self.pending_proposals.iter().map(|pending| {
            json!({
                "proposal": encode(pending.proposal.as_bytes()),
                "hub_accepted_time": time(pending.hub_accepted_time),
            })
        });
        json!({
            "group_info": encode(self.group_info.as_bytes()),
            "ratchet_tree": self.ratchet_tree.fields(),
            "pending_proposals": pending.collect::<Value>(),
        })
    }
}

//! What these components hold, as JSON.

use mimi_content::component::ComponentId;
use mimi_content::media::MediaType;
use mimi_policy::{
    AssetPolicy, Bot, BotPolicy, BotRole, DomainName, DownloadPrivacyType, ExtendedCapabilities,
    HistoryDetails, HistoryPolicy, JoinLink, JoinLinkPolicy, JoinLinks, JoinLinksUpdate,
    LinkPreviewPolicy, LinkPreviewProxy, LoggingDetails, LoggingPolicy, MessageExpiration,
    MinDefaultMaxTime, OperationalParameters, Optionality, PendingProposalPolicy,
    ProviderAssetUploadDomains, StatusNotificationPolicy, Uri,
};
use serde_json::{Value, json};

use crate::hex::encode;
use crate::vectors::fields::{Fields, all};

fn number(optionality: Optionality) -> u8 {
    match optionality {
        Optionality::Optional => 0,
        Optionality::Required => 1,
        Optionality::Forbidden => 2,
    }
}

fn or_empty(uri: Option<&Uri>) -> &str {
    uri.map_or("", Uri::as_str)
}

/// A select whose cases but one have the same fields.
fn select(name: &str, optionality: Optionality, details: Value) -> Value {
    let mut fields = json!({ name: number(optionality) });
    if let Value::Object(details) = details {
        fields.as_object_mut().unwrap().extend(details);
    }
    fields
}

impl Fields for Uri {
    fn fields(&self) -> Value {
        json!({ "uri": self.as_str() })
    }
}

impl Fields for DomainName {
    fn fields(&self) -> Value {
        json!({ "domain": self.as_str() })
    }
}

impl Fields for StatusNotificationPolicy {
    fn fields(&self) -> Value {
        json!({
            "delivery_notifications": number(self.delivery_notifications),
            "read_receipts": number(self.read_receipts),
        })
    }
}

impl Fields for JoinLinkPolicy {
    fn fields(&self) -> Value {
        json!({
            "on_request": self.on_request,
            "join_link": or_empty(self.request_uri.as_ref()),
            "multiuser": self.multiuser,
            "expiration": self.expiration,
        })
    }
}

impl Fields for JoinLink {
    fn fields(&self) -> Value {
        json!({ "join_link": encode(&self.0) })
    }
}

impl Fields for JoinLinks {
    fn fields(&self) -> Value {
        json!({ "join_links": all(&self.0) })
    }
}

impl Fields for JoinLinksUpdate {
    fn fields(&self) -> Value {
        json!({ "removedIndices": self.removed, "added_links": all(&self.added) })
    }
}

impl Fields for LinkPreviewPolicy {
    fn fields(&self) -> Value {
        let autodetect = if self.autodetect_hyperlinks {
            Optionality::Optional
        } else {
            Optionality::Forbidden
        };
        let (proxy_use, proxy) = match &self.proxy {
            LinkPreviewProxy::Forbidden => (Optionality::Forbidden, None),
            LinkPreviewProxy::Optional(proxy) => (Optionality::Optional, Some(proxy)),
            LinkPreviewProxy::Required(proxy) => (Optionality::Required, Some(proxy)),
        };
        let mut fields = json!({
            "autodetect_hyperlinks_in_text": number(autodetect),
            "send_link_previews": number(self.send_link_previews),
            "automatic_link_previews": number(self.automatic_link_previews),
            "link_preview_proxy_use": number(proxy_use),
        });
        if let Some(proxy) = proxy {
            fields["link_preview_proxy"] = json!([proxy.as_str()]);
        }
        fields
    }
}

impl Fields for MediaType {
    fn fields(&self) -> Value {
        let parameters = self
            .parameters
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }));
        json!({ "media_type": self.essence, "parameters": parameters.collect::<Value>() })
    }
}

impl Fields for ProviderAssetUploadDomains {
    fn fields(&self) -> Value {
        let destinations = self.destinations.iter().map(DomainName::as_str);
        json!({
            "provider": self.provider.as_str(),
            "asset_upload_destinations": destinations.collect::<Vec<_>>(),
        })
    }
}

impl Fields for AssetPolicy {
    fn fields(&self) -> Value {
        let privacy = &self.download_privacy;
        let types = |types: &[DownloadPrivacyType]| types.iter().map(|t| t.0).collect::<Vec<_>>();
        json!({
            "asset_upload_location": self.upload_location.0,
            "upload_domains": all(&self.upload_domains),
            "download_privacy": {
                "allowed_download_types": types(&privacy.allowed),
                "forbidden_download_types": types(&privacy.forbidden),
                "default_download_type": privacy.default.0,
            },
            "max_image": self.max_image.to_string(),
            "max_audio": self.max_audio.to_string(),
            "max_video": self.max_video.to_string(),
            "max_attachment": self.max_attachment.to_string(),
            "forbidden_media_types": all(&self.forbidden_media_types),
            "permitted_media_types": self.permitted_media_types.as_ref().map(all),
        })
    }
}

impl Fields for LoggingPolicy {
    fn fields(&self) -> Value {
        let details = |details: &LoggingDetails| {
            let clients = details.clients.iter().map(Uri::as_str);
            json!({
                "logging_clients": clients.collect::<Vec<_>>(),
                "machine_readable_policy": or_empty(details.machine_readable_policy.as_ref()),
                "human_readable_policy": or_empty(details.human_readable_policy.as_ref()),
            })
        };
        let (logging, details) = match self {
            LoggingPolicy::Forbidden => (Optionality::Forbidden, Value::Null),
            LoggingPolicy::Optional(some) => (Optionality::Optional, details(some)),
            LoggingPolicy::Required(some) => (Optionality::Required, details(some)),
        };
        select("logging", logging, details)
    }
}

impl Fields for HistoryPolicy {
    fn fields(&self) -> Value {
        let details = |details: &HistoryDetails| {
            json!({
                "roles_that_can_share": details.roles,
                "automatically_share": details.automatic,
                "max_time_period": details.max_period,
            })
        };
        let (sharing, details) = match self {
            HistoryPolicy::Forbidden => (Optionality::Forbidden, Value::Null),
            HistoryPolicy::Optional(some) => (Optionality::Optional, details(some)),
            HistoryPolicy::Required(some) => (Optionality::Required, details(some)),
        };
        select("history_sharing", sharing, details)
    }
}

impl Fields for Bot {
    fn fields(&self) -> Value {
        let (local, index) = match self.role {
            BotRole::LocalClient => (true, 0),
            BotRole::Index(index) => (false, index),
        };
        json!({
            "name": self.name,
            "description": self.description,
            "homepage": or_empty(self.homepage.as_ref()),
            "local_client_bot": local,
            "bot_role_index": index,
            "can_target_message_in_group": self.can_target_message_in_group,
            "per_user_content": self.per_user_content,
        })
    }
}

impl Fields for BotPolicy {
    fn fields(&self) -> Value {
        json!({ "allowed_bots": all(&self.allowed_bots) })
    }
}

impl Fields for MessageExpiration {
    fn fields(&self) -> Value {
        let expiring = match self {
            MessageExpiration::Forbidden => Optionality::Forbidden,
            MessageExpiration::Optional(_) => Optionality::Optional,
            MessageExpiration::Required(_) => Optionality::Required,
        };
        let details = self.durations().map(|durations| {
            json!({
                "min_expiration_duration": durations.min,
                "max_expiration_duration": durations.max,
                "default_expiration_duration": durations.default,
            })
        });
        select("expiring_messages", expiring, details.unwrap_or_default())
    }
}

impl Fields for ExtendedCapabilities {
    fn fields(&self) -> Value {
        let ids = |ids: &[ComponentId]| ids.iter().map(|id| id.0).collect::<Vec<_>>();
        json!({
            "versions": self.versions,
            "cipher_suites": self.cipher_suites,
            "extensions": self.extensions,
            "proposals": self.proposals,
            "credentials": self.credentials,
            "wire_formats": self.wire_formats,
            "component_ids": ids(&self.component_ids),
            "safe_aad_types": ids(&self.safe_aad_types),
            "media_types": all(&self.media_types),
            "content_types": self.content_types,
        })
    }
}

impl Fields for PendingProposalPolicy {
    fn fields(&self) -> Value {
        match self {
            PendingProposalPolicy::Unspecified => json!({ "pending_proposal_strategy": 0 }),
            PendingProposalPolicy::ImmediateCommit => json!({ "pending_proposal_strategy": 1 }),
            PendingProposalPolicy::RandomDelay { min_ms, max_ms } => json!({
                "pending_proposal_strategy": 2,
                "minimum_delay_ms": min_ms.to_string(),
                "maximum_delay_ms": max_ms.to_string(),
            }),
            other => panic!("{other:?} is new here"),
        }
    }
}

impl Fields for MinDefaultMaxTime {
    fn fields(&self) -> Value {
        json!({
            "minimum_time": self.min.to_string(),
            "default_time": self.default.to_string(),
            "maximum_time": self.max.to_string(),
        })
    }
}

impl Fields for OperationalParameters {
    fn fields(&self) -> Value {
        let messages = &self.app_message_policy;
        json!({
            "mandatory_capabilities": self.mandatory_capabilities.fields(),
            "default_capabilities": self.default_capabilities.fields(),
            "forbidden_capabilities": self.forbidden_capabilities.fields(),
            "handshake_formats": self.handshake_formats,
            "external_proposal_allowed": self.external_proposal_allowed,
            "external_commit_allowed": self.external_commit_allowed,
            "pending_proposal_policy": self.pending_proposal_policy.fields(),
            "LeafNode_update_time": self.leaf_node_update_time.fields(),
            "app_message_policy": {
                "epoch_tolerance": messages.epoch_tolerance,
                "pad_to_size": messages.pad_to_size,
                "max_generations_skipahead": messages.max_generations_skipahead,
            },
            "max_kp_lifetime": self.max_kp_lifetime.to_string(),
            "max_credential_lifetime": self.max_credential_lifetime.to_string(),
            "resumption_psk_lifetime": self.resumption_psk_lifetime.to_string(),
            "sender_nonce_keypair_lifetime": self.sender_nonce_keypair_lifetime.fields(),
            "max_keypairs": self.max_keypairs,
            "buffer_incoming_message_time": self.buffer_incoming_message_time.fields(),
            "max_buffered_messages": self.max_buffered_messages,
        })
    }
}

//! What the policies of a room come to for one user, and where the room has
//! none.

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Decode;

use crate::capability::Capability;
use crate::components::assets::AssetPolicy;
use crate::components::expiration::{ExpirationDurations, MessageExpiration};
use crate::components::link_preview::{LinkPreviewPolicy, LinkPreviewProxy};
use crate::components::optionality::Optionality;
use crate::components::status::StatusNotificationPolicy;
use crate::policy::RoomPolicy;

/// Whether messages expire, and when (POLICY, "Message expiration policy
/// component"). In a room without that policy they may, after any time.
#[must_use]
pub fn message_expiration(policy: &RoomPolicy) -> MessageExpiration {
    component(policy, ComponentId::MESSAGE_EXPIRATION_POLICY).unwrap_or({
        MessageExpiration::Optional(ExpirationDurations {
            min: 0,
            max: u32::MAX,
            default: None,
        })
    })
}

/// Whether `user` reports that messages arrived and were read (POLICY, "Status
/// Notifications component"). In a room without that policy it is free to. It
/// may report nothing if it may not send (`canSendMessage`): to a hub, a report
/// is a message.
#[must_use]
pub fn status_notifications(policy: &RoomPolicy, user: &MimiUri) -> StatusNotificationPolicy {
    let rules = component(policy, ComponentId::STATUS_NOTIFICATION_POLICY).unwrap_or(
        StatusNotificationPolicy {
            delivery_notifications: Optionality::Optional,
            read_receipts: Optionality::Optional,
        },
    );
    let with = |rule| with(rule, policy.can(user, Capability::SEND_MESSAGE));
    StatusNotificationPolicy {
        delivery_notifications: with(rules.delivery_notifications),
        read_receipts: with(rules.read_receipts),
    }
}

/// How `user` treats links and their previews (POLICY, "Link Preview policy
/// component"). In a room without that policy it is free to detect links and to
/// send and make previews, and there is no proxy.
///
/// It sends none if it lacks `canSendLinkPreview`. It makes none by itself
/// if it lacks `canFollowLink`, since that opens the link.
#[must_use]
pub fn link_previews(policy: &RoomPolicy, user: &MimiUri) -> LinkPreviewPolicy {
    let rules = previews(policy);
    let with = |rule, capability| with(rule, policy.can(user, capability));
    LinkPreviewPolicy {
        send_link_previews: with(rules.send_link_previews, Capability::SEND_LINK_PREVIEW),
        automatic_link_previews: with(rules.automatic_link_previews, Capability::FOLLOW_LINK),
        ..rules
    }
}

/// The same for everybody.
pub(super) fn previews(policy: &RoomPolicy) -> LinkPreviewPolicy {
    component(policy, ComponentId::LINK_PREVIEW_POLICY).unwrap_or(LinkPreviewPolicy {
        autodetect_hyperlinks: true,
        send_link_previews: Optionality::Optional,
        automatic_link_previews: Optionality::Optional,
        proxy: LinkPreviewProxy::Forbidden,
    })
}

pub(super) fn assets(policy: &RoomPolicy) -> Option<AssetPolicy> {
    component(policy, ComponentId::ASSET_POLICY)
}

fn with(rule: Optionality, can: bool) -> Optionality {
    if can { rule } else { Optionality::Forbidden }
}

/// The only place that reads these components.
fn component<T: Decode>(policy: &RoomPolicy, id: ComponentId) -> Option<T> {
    T::from_slice(policy.components().get(id)?).ok()
}

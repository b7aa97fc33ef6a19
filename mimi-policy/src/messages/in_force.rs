//! What the policies of a room come to for one user, and where the room has
//! none.

use mimi_content::MimiUri;

use crate::capability::Capability;
use crate::components::expiration::{ExpirationDurations, MessageExpiration};
use crate::components::link_preview::{LinkPreviewPolicy, LinkPreviewProxy};
use crate::components::optionality::Optionality;
use crate::components::status::StatusNotificationPolicy;
use crate::policy::RoomPolicy;

/// Whether messages expire, and when (POLICY, "Message expiration policy
/// component"). In a room without that policy they may, after any time.
#[must_use]
pub fn message_expiration(policy: &RoomPolicy) -> MessageExpiration {
    policy.message_expiration().cloned().unwrap_or({
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
    let rules = policy
        .status_notifications()
        .cloned()
        .unwrap_or(StatusNotificationPolicy {
            delivery_notifications: Optionality::Optional,
            read_receipts: Optionality::Optional,
        });
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
    policy
        .link_previews()
        .cloned()
        .unwrap_or(LinkPreviewPolicy {
            autodetect_hyperlinks: true,
            send_link_previews: Optionality::Optional,
            automatic_link_previews: Optionality::Optional,
            proxy: LinkPreviewProxy::Forbidden,
        })
}

fn with(rule: Optionality, can: bool) -> Optionality {
    if can { rule } else { Optionality::Forbidden }
}

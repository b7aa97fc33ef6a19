//! `status_notification_policy`: who is told what became of a message (POLICY,
//! "Status Notifications component").

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

use crate::components::optionality::Optionality;

/// `StatusNotificationPolicy`: the data of `status_notification_policy`, and
/// the whole content of an update to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusNotificationPolicy {
    /// `delivery_notifications`: whether clients report that a message arrived.
    pub delivery_notifications: Optionality,
    /// `read_receipts`: whether clients report that a message was read.
    pub read_receipts: Optionality,
}

impl Encode for StatusNotificationPolicy {
    fn encode(&self, w: &mut Writer) {
        self.delivery_notifications.encode(w);
        self.read_receipts.encode(w);
    }
}

impl Decode for StatusNotificationPolicy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(StatusNotificationPolicy {
            delivery_notifications: Optionality::decode(r)?,
            read_receipts: Optionality::decode(r)?,
        })
    }
}

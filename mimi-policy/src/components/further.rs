//! The components that a room may have or do without, all of them together.

use std::sync::Arc;

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, Encode};

use super::{
    AssetPolicy, BotPolicy, HistoryPolicy, JoinLinkPolicy, JoinLinks, JoinLinksUpdate,
    LinkPreviewPolicy, LoggingPolicy, MessageExpiration, OperationalParameters,
    StatusNotificationPolicy,
};
use crate::error::Invalid;
use crate::policy::{RoomPolicy, malformed};

macro_rules! further {
    ($($(#[$doc:meta])* $field:ident: $type:ident = $id:ident;)*) => {
        /// Whichever of them the room has, decoded.
        #[derive(Clone, Default)]
        pub(crate) struct Further {
            $(pub(crate) $field: Option<Arc<$type>>,)*
        }

        impl Further {
            /// Whether a component is one of these.
            pub(crate) fn has(id: ComponentId) -> bool {
                matches!(id, $(ComponentId::$id)|*)
            }

            /// Puts new data in the place of a component, or takes it out.
            pub(crate) fn set(
                &mut self,
                id: ComponentId,
                data: Option<&Bytes>,
            ) -> Result<(), Invalid> {
                match id {
                    $(ComponentId::$id => self.$field = data
                        .map($type::from_bytes)
                        .transpose()
                        .map_err(malformed(id))?
                        .map(Arc::new),)*
                    _ => return Err(Invalid::UnknownComponent(id)),
                }
                Ok(())
            }

            /// Reads all of them.
            pub(crate) fn read(components: &ComponentMap) -> Result<Self, Invalid> {
                let mut further = Further::default();
                $(further.set(ComponentId::$id, components.get(ComponentId::$id))?;)*
                Ok(further)
            }
        }

        /// The components that a room may do without.
        impl RoomPolicy {
            $($(#[$doc])*
            #[must_use]
            pub fn $field(&self) -> Option<&$type> {
                self.0.further.$field.as_deref()
            })*
        }
    };
}

further! {
    /// How the room uses MLS.
    operational: OperationalParameters = MLS_OPERATIONAL_POLICY;
    /// Which notifications clients send about messages.
    status_notifications: StatusNotificationPolicy = STATUS_NOTIFICATION_POLICY;
    /// How links to join are made and used.
    join_link_policy: JoinLinkPolicy = JOIN_LINK_POLICY;
    /// The links that are active.
    join_links: JoinLinks = JOIN_LINKS;
    /// How clients treat links in messages.
    link_previews: LinkPreviewPolicy = LINK_PREVIEW_POLICY;
    /// Which files may be sent, and where they are kept.
    asset_policy: AssetPolicy = ASSET_POLICY;
    /// Whether messages are logged, and by whom.
    logging: LoggingPolicy = LOGGING_POLICY;
    /// What new participants learn of the past.
    chat_history: HistoryPolicy = CHAT_HISTORY_POLICY;
    /// Which bots there may be.
    bots: BotPolicy = BOT_POLICY;
    /// When messages expire.
    message_expiration: MessageExpiration = MESSAGE_EXPIRATION_POLICY;
}

impl Further {
    /// Applies the updates of a component, of which there is one at least, and
    /// gives its data then. Most updates replace it whole: all must be valid, and
    /// the last one stays. Indices of join links mean those before all updates.
    pub(crate) fn update<'a>(
        &mut self,
        id: ComponentId,
        updates: impl Iterator<Item = &'a Bytes>,
    ) -> Result<Bytes, Invalid> {
        if id != ComponentId::JOIN_LINKS {
            let mut last = Bytes::new();
            for update in updates {
                self.set(id, Some(update))?;
                last = update.clone();
            }
            return Ok(last);
        }
        let mut all = JoinLinksUpdate::default();
        for update in updates {
            let update = JoinLinksUpdate::from_bytes(update).map_err(malformed(id))?;
            all.removed.extend(update.removed);
            all.added.extend(update.added);
        }
        let links = self.join_links.as_deref().cloned().unwrap_or_default();
        let links = links.updated(&all).map_err(Invalid::JoinLinks)?;
        let octets = links.to_vec().map_err(|_| Invalid::TooLong(id))?;
        self.join_links = Some(Arc::new(links));
        Ok(octets.into())
    }
}

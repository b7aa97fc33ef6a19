//! Who may receive messages.

use std::collections::BTreeSet;

use mimi_content::MimiUri;

use crate::capability::Capability;
use crate::components::participants::Entry;
use crate::policy::RoomPolicy;

impl RoomPolicy {
    /// Whether `user` may receive messages, as `canReceiveMessage` says
    /// (POLICY, "Message Capabilities").
    ///
    /// Nobody banned may (PROTO, "Update Room State"). A hub that withholds
    /// application messages from a user still sends it the handshake messages:
    /// without them its clients could not follow the room.
    #[must_use]
    pub fn may_receive(&self, user: &MimiUri) -> bool {
        self.can(user, Capability::RECEIVE_MESSAGE)
    }

    /// The participants who may receive messages, in the order of the list: to
    /// their clients a hub fans out (POLICY, "Message Capabilities").
    pub fn receivers(&self) -> impl Iterator<Item = Entry<'_>> {
        let roles = self.roles().iter();
        let receiving: BTreeSet<u32> = roles
            .filter(|role| role.grants(Capability::RECEIVE_MESSAGE) && !role.is_banned())
            .map(|role| role.index)
            .collect();
        self.participants()
            .iter()
            .filter(move |entry| receiving.contains(&entry.role))
    }
}

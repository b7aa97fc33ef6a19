//! Capabilities: what a role lets its holders do.

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

use crate::limits::MAX_CAPABILITIES;

/// Number of a capability in the "MIMI Role Capabilities" registry (POLICY,
/// "New MIMI Role Capabilities registry").
///
/// Open: a number that this crate does not know is carried and compared, but
/// never grants anything.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capability(pub u16);

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $text:literal;)*) => {
        impl Capability {
            $($(#[$doc])* pub const $name: Capability = Capability($value);)*

            /// All registered capabilities, in increasing order.
            pub const REGISTERED: &'static [Capability] = &[$(Capability::$name),*];

            /// The registered name, if this crate knows the number.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some($text),)*
                    _ => None,
                }
            }
        }
    };
}

capabilities! {
    /// Add another user to the participant list, with its clients.
    ADD_PARTICIPANT = 0x0000, "canAddParticipant";
    /// Remove another user and all its clients.
    REMOVE_PARTICIPANT = 0x0001, "canRemoveParticipant";
    /// Add a client of one's own, as a participant.
    ADD_OWN_CLIENT = 0x0002, "canAddOwnClient";
    /// Remove a client of one's own and stay a participant.
    REMOVE_OWN_CLIENT = 0x0003, "canRemoveOwnClient";
    /// Join as anyone (only on role 0).
    OPEN_JOIN = 0x0004, "canOpenJoin";
    /// The role can be joined by whoever is preauthorised for it.
    JOIN_IF_PREAUTHORIZED = 0x0005, "canJoinIfPreauthorized";
    /// Leave the room.
    REMOVE_SELF = 0x0006, "canRemoveSelf";
    /// Create join code (a reserved name).
    CREATE_JOIN_CODE = 0x0007, "canCreateJoinCode";
    /// Delete join code (a reserved name).
    DELETE_JOIN_CODE = 0x0008, "canDeleteJoinCode";
    /// Join with a join code.
    USE_JOIN_CODE = 0x0009, "canUseJoinCode";
    /// Move another user to the banned role and remove its clients.
    BAN = 0x000a, "canBan";
    /// Move a banned user to another role.
    UNBAN = 0x000b, "canUnban";
    /// Remove another participant's clients, keeping it a participant.
    KICK = 0x000c, "canKick";
    /// Knock (a reserved name).
    KNOCK = 0x000d, "canKnock";
    /// Accept knock (a reserved name).
    ACCEPT_KNOCK = 0x000e, "canAcceptKnock";
    /// Change another participant's role.
    CHANGE_USER_ROLE = 0x000f, "canChangeUserRole";
    /// Change one's own role to the one preauthorised.
    CHANGE_OWN_ROLE = 0x0010, "canChangeOwnRole";
    /// Create subgroup (a reserved name).
    CREATE_SUBGROUP = 0x0011, "canCreateSubgroup";
    /// Send messages.
    SEND_MESSAGE = 0x0100, "canSendMessage";
    /// Receive messages.
    RECEIVE_MESSAGE = 0x0101, "canReceiveMessage";
    /// Copy message.
    COPY_MESSAGE = 0x0102, "canCopyMessage";
    /// Report a franked message as abusive.
    REPORT_ABUSE = 0x0103, "canReportAbuse";
    /// Reply to message.
    REPLY_TO_MESSAGE = 0x0104, "canReplyToMessage";
    /// React to message.
    REACT_TO_MESSAGE = 0x0105, "canReactToMessage";
    /// Edit reaction.
    EDIT_REACTION = 0x0106, "canEditReaction";
    /// Delete own reaction.
    DELETE_OWN_REACTION = 0x0107, "canDeleteOwnReaction";
    /// Delete other reaction.
    DELETE_OTHER_REACTION = 0x0108, "canDeleteOtherReaction";
    /// Edit own message.
    EDIT_OWN_MESSAGE = 0x0109, "canEditOwnMessage";
    /// Delete own message.
    DELETE_OWN_MESSAGE = 0x010a, "canDeleteOwnMessage";
    /// Delete other message.
    DELETE_OTHER_MESSAGE = 0x010b, "canDeleteOtherMessage";
    /// Start topic.
    START_TOPIC = 0x010c, "canStartTopic";
    /// Reply in topic.
    REPLY_IN_TOPIC = 0x010d, "canReplyInTopic";
    /// Edit own topic.
    EDIT_OWN_TOPIC = 0x010e, "canEditOwnTopic";
    /// Edit other topic.
    EDIT_OTHER_TOPIC = 0x010f, "canEditOtherTopic";
    /// Send direct message (a reserved name).
    SEND_DIRECT_MESSAGE = 0x0110, "canSendDirectMessage";
    /// Target message (a reserved name).
    TARGET_MESSAGE = 0x0111, "canTargetMessage";
    /// Upload image.
    UPLOAD_IMAGE = 0x0200, "canUploadImage";
    /// Upload audio.
    UPLOAD_AUDIO = 0x0201, "canUploadAudio";
    /// Upload video.
    UPLOAD_VIDEO = 0x0202, "canUploadVideo";
    /// Upload attachment.
    UPLOAD_ATTACHMENT = 0x0203, "canUploadAttachment";
    /// Download image.
    DOWNLOAD_IMAGE = 0x0204, "canDownloadImage";
    /// Download audio.
    DOWNLOAD_AUDIO = 0x0205, "canDownloadAudio";
    /// Download video.
    DOWNLOAD_VIDEO = 0x0206, "canDownloadVideo";
    /// Download attachment.
    DOWNLOAD_ATTACHMENT = 0x0207, "canDownloadAttachment";
    /// Send link.
    SEND_LINK = 0x0208, "canSendLink";
    /// Send link preview.
    SEND_LINK_PREVIEW = 0x0209, "canSendLinkPreview";
    /// Follow link.
    FOLLOW_LINK = 0x020a, "canFollowLink";
    /// Copy link.
    COPY_LINK = 0x020b, "canCopyLink";
    /// Change `room_name`.
    CHANGE_ROOM_NAME = 0x0300, "canChangeRoomName";
    /// Change `room_descriptions`.
    CHANGE_ROOM_DESCRIPTION = 0x0301, "canChangeRoomDescription";
    /// Change `room_avatar`.
    CHANGE_ROOM_AVATAR = 0x0302, "canChangeRoomAvatar";
    /// Change `room_subject`.
    CHANGE_ROOM_SUBJECT = 0x0303, "canChangeRoomSubject";
    /// Change `room_mood`.
    CHANGE_ROOM_MOOD = 0x0304, "canChangeRoomMood";
    /// Change own name (a reserved name).
    CHANGE_OWN_NAME = 0x0380, "canChangeOwnName";
    /// Change own presence (a reserved name).
    CHANGE_OWN_PRESENCE = 0x0381, "canChangeOwnPresence";
    /// Change own mood (a reserved name).
    CHANGE_OWN_MOOD = 0x0382, "canChangeOwnMood";
    /// Change own avatar (a reserved name).
    CHANGE_OWN_AVATAR = 0x0383, "canChangeOwnAvatar";
    /// Start call.
    START_CALL = 0x0400, "canStartCall";
    /// Join call.
    JOIN_CALL = 0x0401, "canJoinCall";
    /// Send audio.
    SEND_AUDIO = 0x0402, "canSendAudio";
    /// Receive audio.
    RECEIVE_AUDIO = 0x0403, "canReceiveAudio";
    /// Send video.
    SEND_VIDEO = 0x0404, "canSendVideo";
    /// Receive video.
    RECEIVE_VIDEO = 0x0405, "canReceiveVideo";
    /// Share screen.
    SHARE_SCREEN = 0x0406, "canShareScreen";
    /// View shared screen.
    VIEW_SHARED_SCREEN = 0x0407, "canViewSharedScreen";
    /// Create room (a reserved name).
    CREATE_ROOM = 0x0500, "canCreateRoom";
    /// Destroy the room (local to the hub).
    DESTROY_ROOM = 0x0501, "canDestroyRoom";
    /// Change the base room policy.
    CHANGE_ROOM_MEMBERSHIP_STYLE = 0x0502, "canChangeRoomMembershipStyle";
    /// Change the role definitions.
    CHANGE_ROLE_DEFINITIONS = 0x0503, "canChangeRoleDefinitions";
    /// Change the preauthorisation list.
    CHANGE_PREAUTHORIZED_USER_LIST = 0x0504, "canChangePreauthorizedUserList";
    /// Change the policy components without a capability of their own (a reserved name).
    CHANGE_OTHER_POLICY_ATTRIBUTE = 0x0505, "canChangeOtherPolicyAttribute";
    /// Change the operational policy (a reserved name).
    CHANGE_MLS_OPERATIONAL_POLICIES = 0x0600, "canChangeMlsOperationalPolicies";
    /// Propose a ReInit.
    SEND_MLS_REINIT_PROPOSAL = 0x0601, "canSendMLSReinitProposal";
    /// Send MLS update proposal (a reserved name).
    SEND_MLS_UPDATE_PROPOSAL = 0x0602, "canSendMLSUpdateProposal";
    /// Propose a pre-shared key (a reserved name).
    SEND_MLS_PSK_PROPOSAL = 0x0603, "canSendMLSPSKProposal";
    /// Send MLS external proposal (a reserved name).
    SEND_MLS_EXTERNAL_PROPOSAL = 0x0604, "canSendMLSExternalProposal";
    /// Send MLS external commit (a reserved name).
    SEND_MLS_EXTERNAL_COMMIT = 0x0605, "canSendMLSExternalCommit";
}

impl std::fmt::Display for Capability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "capability {:#06x}", self.0),
        }
    }
}

impl std::fmt::Debug for Capability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl Encode for Capability {
    fn encode(&self, w: &mut Writer) {
        w.u16(self.0);
    }
}

impl Decode for Capability {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.u16().map(Capability)
    }
}

/// The capabilities of one role.
///
/// One bit for each registered capability. The draft asks for no order and
/// does not forbid repetition, and whatever decodes must encode to the same
/// octets; so a list that is not in increasing order, or has unregistered
/// numbers, is kept beside the bits. Two sets are equal when their lists are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CapabilitySet {
    /// By position in [`Capability::REGISTERED`].
    known: u128,
    /// The list, if the bits do not tell it.
    listed: Option<Box<[Capability]>>,
}

impl CapabilitySet {
    /// A set without capabilities.
    #[must_use]
    pub const fn new() -> Self {
        CapabilitySet {
            known: 0,
            listed: None,
        }
    }

    /// Whether the number is listed, registered or not.
    #[must_use]
    pub fn contains(&self, capability: Capability) -> bool {
        match capability.bit() {
            0 => self.iter().any(|listed| listed == capability),
            bit => self.known & bit != 0,
        }
    }

    /// Whether the set grants `capability`: it is listed and this crate knows
    /// what it means.
    #[inline]
    #[must_use]
    pub fn grants(&self, capability: Capability) -> bool {
        self.known & capability.bit() != 0
    }

    /// The capabilities in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = Capability> + '_ {
        let listed = self.listed.as_deref();
        let bits = if listed.is_some() { 0 } else { self.known };
        let known = Capability::REGISTERED.iter().copied();
        listed
            .into_iter()
            .flatten()
            .copied()
            .chain(known.filter(move |capability| bits & capability.bit() != 0))
    }

    /// How many are listed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether none is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known == 0 && self.listed.is_none()
    }
}

impl Capability {
    /// The bit of a registered capability, 0 of any other. The registry has
    /// blocks of consecutive numbers, each of which follows the one before.
    #[inline]
    fn bit(self) -> u128 {
        let shift = match self.0 {
            0x0000..=0x0011 => 0,
            0x0100..=0x0111 => 18,
            0x0200..=0x020b => 36,
            0x0300..=0x0304 => 48,
            0x0380..=0x0383 => 53,
            0x0400..=0x0407 => 57,
            0x0500..=0x0505 => 65,
            0x0600..=0x0605 => 71,
            _ => return 0,
        };
        let [block, number] = self.0.to_be_bytes();
        let number = if block == 3 { number & 0x7f } else { number };
        (1_u128 << shift).wrapping_shl(number.into())
    }
}

impl FromIterator<Capability> for CapabilitySet {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        let list: Vec<Capability> = capabilities.into_iter().collect();
        let known = list.iter().fold(0, |known, one| known | one.bit());
        let increasing = list.is_sorted_by(|one, next| one < next);
        let plain = increasing && list.iter().all(|one| one.bit() != 0);
        CapabilitySet {
            known,
            listed: (!plain).then(|| list.into()),
        }
    }
}

impl Encode for CapabilitySet {
    fn encode(&self, w: &mut Writer) {
        w.vector(|w| self.iter().for_each(|capability| capability.encode(w)));
    }
}

impl Decode for CapabilitySet {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.list_at_most(
            "the number of capabilities",
            MAX_CAPABILITIES,
            Capability::decode,
        )
        .map(CapabilitySet::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_is_complete_and_increasing() {
        assert_eq!(Capability::REGISTERED.len(), 77);
        assert!(Capability::REGISTERED.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(
            Capability::ADD_PARTICIPANT.name(),
            Some("canAddParticipant")
        );
        assert_eq!(Capability::SEND_MLS_PSK_PROPOSAL.0, 0x0603);
        assert_eq!(Capability(0x000b).to_string(), "canUnban");
        assert_eq!(Capability(0xf123).to_string(), "capability 0xf123");
    }

    #[test]
    fn an_unknown_capability_is_carried_and_grants_nothing() {
        let bytes = [6, 0xf1, 0x23, 0, 0x0a, 0xf1, 0x23];
        let set = CapabilitySet::from_slice(&bytes).unwrap();
        assert!(set.contains(Capability(0xf123)));
        assert!(!set.grants(Capability(0xf123)));
        assert!(set.grants(Capability::BAN));
        assert_eq!(set.to_vec().unwrap(), bytes);
    }

    #[test]
    fn every_registered_capability_has_a_bit_of_its_own() {
        for (position, capability) in (0..).zip(Capability::REGISTERED) {
            assert_eq!(capability.bit(), 1 << position, "{capability}");
        }
        let with_bit = (0..=u16::MAX).filter(|number| Capability(*number).bit() != 0);
        assert_eq!(with_bit.count(), 77);
    }

    #[test]
    fn a_set_is_its_list() {
        let of = |numbers: &[u16]| -> CapabilitySet {
            numbers.iter().copied().map(Capability).collect()
        };
        let all: CapabilitySet = Capability::REGISTERED.iter().copied().collect();
        assert_eq!((all.len(), all.known.count_ones()), (77, 77));
        assert!(all.listed.is_none());
        for list in [&[][..], &[1, 2], &[2, 1], &[1, 1], &[1, 0x12, 0xf000]] {
            let set = of(list);
            let listed: Vec<u16> = set.iter().map(|one| one.0).collect();
            assert_eq!(listed, list);
            assert_eq!((set.len(), set.is_empty()), (list.len(), list.is_empty()));
            assert_eq!(CapabilitySet::from_slice(&set.to_vec().unwrap()), Ok(set));
        }
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        // A gap in the registry and the first number behind it.
        assert!(!of(&[0x12, 0x606]).grants(Capability(0x12)));
        assert!(!of(&[0x12, 0x606]).grants(Capability(0x606)));
    }
}

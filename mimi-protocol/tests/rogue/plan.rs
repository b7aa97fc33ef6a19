//! What a rogue's commits and proposals are made of.

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, Encode};
use mimi_policy::{Participant, ParticipantListUpdate, RoleMove, RoomMetadata};
use mimi_protocol::mls::openmls::group::Propose;
use mimi_protocol::mls::openmls::prelude::{
    AppDataUpdateProposal, Extension, Extensions, GroupContext, KeyPackage, LeafNodeParameters,
    Proposal,
};
use mimi_protocol::wire::mls::{CommitMessage, GroupInfoView};
use mimi_protocol::wire::{CommitBundle, GroupInfoOption, HandshakeBundle, UpdateRequest};
use openmls_basic_credential::SignatureKeyPair;

/// What a rogue's next commit is made of.
#[derive(Default)]
pub struct Plan {
    pub(super) proposals: Vec<Proposal>,
    pub(super) adds: Vec<KeyPackage>,
    pub(super) removes: Vec<u32>,
    pub(super) context: Option<Extensions<GroupContext>>,
    /// Leave pending proposals out.
    pub(super) alone: bool,
    /// Leave these pending AppDataUpdates out, by their references.
    pub(super) without: Vec<Vec<u8>>,
    pub(super) leaf: Option<LeafNodeParameters>,
    /// Another key that signs from now on, and whom it names.
    pub(super) signer: Option<(SignatureKeyPair, MimiUri)>,
    /// Component values that do not follow from the proposals.
    pub(super) lies: Vec<(ComponentId, Option<Vec<u8>>)>,
}

impl Plan {
    /// A commit of these proposals and all that is pending.
    pub fn of(proposals: impl IntoIterator<Item = Proposal>) -> Self {
        Plan {
            proposals: proposals.into_iter().collect(),
            ..Plan::default()
        }
    }

    /// Adds a client.
    pub fn add(mut self, key_package: &KeyPackage) -> Self {
        self.adds.push(key_package.clone());
        self
    }

    /// Removes a leaf.
    pub fn remove(mut self, leaf: u32) -> Self {
        self.removes.push(leaf);
        self
    }

    /// Replaces the extensions of the group context.
    pub fn context(mut self, extensions: Vec<Extension>) -> Self {
        self.context = Some(Extensions::from_vec(extensions).unwrap());
        self
    }

    /// Leaves out what is pending.
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// Leaves out one pending AppDataUpdate.
    pub fn without(mut self, reference: &[u8]) -> Self {
        self.without.push(reference.to_vec());
        self
    }

    /// With a path that brings in this leaf.
    pub fn leaf(mut self, leaf: LeafNodeParameters) -> Self {
        self.leaf = Some(leaf);
        self
    }

    /// With a path to another signature key.
    pub fn signer(mut self, signer: &SignatureKeyPair, client: &MimiUri) -> Self {
        self.signer = Some((signer.clone(), client.clone()));
        self
    }

    /// Sets a component to what no proposal says.
    pub fn lie(mut self, id: ComponentId, value: &[u8]) -> Self {
        self.lies.push((id, Some(value.to_vec())));
        self
    }
}

/// An AppDataUpdate.
pub fn update(id: ComponentId, octets: impl Into<Vec<u8>>) -> Proposal {
    let update = AppDataUpdateProposal::update(id.0, octets.into());
    Proposal::AppDataUpdate(Box::new(update))
}

/// An AppDataUpdate that removes a component.
pub fn take_away(id: ComponentId) -> Proposal {
    Proposal::AppDataUpdate(Box::new(AppDataUpdateProposal::remove(id.0)))
}

/// A change of the participant list.
fn participants(change: &ParticipantListUpdate) -> Proposal {
    update(ComponentId::PARTICIPANT_LIST, change.to_vec().unwrap())
}

/// Takes whoever stands at `index` out of the participant list.
pub fn strike(index: u32) -> Proposal {
    participants(&removal(index))
}

/// Puts a user into the participant list.
pub fn enlist(user: &MimiUri, role: u32) -> Proposal {
    let user = user.clone();
    participants(&ParticipantListUpdate {
        added: vec![Participant { user, role }],
        ..ParticipantListUpdate::default()
    })
}

/// Gives whoever stands at `index` another role.
pub fn promote(index: u32, role: u32) -> Proposal {
    participants(&ParticipantListUpdate {
        changed: vec![RoleMove { index, role }],
        ..ParticipantListUpdate::default()
    })
}

/// The body of an update with a commit.
pub fn commit_body(bundle: &CommitBundle) -> Bytes {
    let bundle = HandshakeBundle::Commit(Box::new(bundle.clone()));
    UpdateRequest { bundle }.to_vec().unwrap().into()
}

/// The body of an update with proposals.
pub fn proposals_body(messages: &[Bytes]) -> Bytes {
    let decode = |octets: &Bytes| Decode::from_bytes(octets).unwrap();
    let bundle = HandshakeBundle::Proposals {
        proposal: decode(&messages[0]),
        more: messages[1..].iter().map(decode).collect(),
    };
    UpdateRequest { bundle }.to_vec().unwrap().into()
}

/// The full GroupInfo of a bundle.
pub fn info_of(bundle: &CommitBundle) -> GroupInfoView {
    match &bundle.group_info {
        GroupInfoOption::Full(info) => (***info).clone(),
        GroupInfoOption::Partial(_) => panic!("a rogue makes full ones"),
    }
}

/// The same octets with one bit of the octet `from_end` places before their end
/// turned over.
pub fn flipped(octets: &[u8], from_end: usize) -> Bytes {
    let mut octets = octets.to_vec();
    let place = octets.len() - from_end;
    octets[place] ^= 1;
    octets.into()
}

/// How far from the end of a member's PublicMessage an octet of its signature
/// stands: behind it come a membership tag and, in a commit, a confirmation
/// tag, each of 32 octets and a length.
pub const IN_PROPOSAL_SIGNATURE: usize = 33 + 10;
/// The same for a commit.
pub const IN_COMMIT_SIGNATURE: usize = 2 * 33 + 10;

/// A commit of these octets.
pub fn recommit(octets: &Bytes) -> CommitMessage {
    Decode::from_bytes(octets).unwrap()
}

/// The octets with others at a place.
pub fn overwritten(octets: &[u8], place: usize, with: &[u8]) -> Bytes {
    let mut octets = octets.to_vec();
    octets[place..place + with.len()].copy_from_slice(with);
    octets.into()
}

fn metadata(room: &MimiUri, name: &str) -> Vec<u8> {
    RoomMetadata::new(room.clone(), name).to_vec().unwrap()
}

/// The room by another name, which anyone may give it.
pub fn rename(room: &MimiUri, name: &str) -> Proposal {
    update(ComponentId::ROOM_METADATA, metadata(room, name))
}

/// The same, for others to commit.
pub fn propose_name(room: &MimiUri, name: &str) -> Propose {
    Propose::UpdateAppDataComponent {
        component_id: ComponentId::ROOM_METADATA.0,
        update: metadata(room, name),
    }
}

/// The participant list without whoever stands at `index`.
pub fn removal(index: u32) -> ParticipantListUpdate {
    ParticipantListUpdate {
        removed: vec![index],
        ..ParticipantListUpdate::default()
    }
}

//! A room and what is attempted in it, as plain data.

use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;
use mimi_policy::{
    Actor, BaseRoomPolicy, Bundle, Candidate, Capability, Change, Claim, Claims, ClientIndex,
    Envelope, ExtendedCapabilities, HubView, JoinCode, LeafFacts, Lifetime, Op, Participant,
    ParticipantList, PreauthEntry, PreauthList, Role, RoleList, RoomMetadata, RoomPolicy,
};

/// Everything that all members of a room agree on, and whose leaf is whose.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Room {
    pub(crate) users: Vec<Participant>,
    pub(crate) roles: Vec<Role>,
    pub(crate) base: BaseRoomPolicy,
    pub(crate) preauth: Option<Vec<PreauthEntry>>,
    pub(crate) metadata: Option<RoomMetadata>,
    /// All other components, as octets.
    pub(crate) others: Vec<(ComponentId, Vec<u8>)>,
    pub(crate) clients: Vec<(u32, MimiUri)>,
}

/// A commit, or proposals without one.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) committer: Option<Who>,
    pub(crate) bundles: Vec<(Who, Vec<Deed>)>,
    /// What the judge knows if it is the hub.
    pub(crate) hub: Option<Knowledge>,
}

/// What only the hub knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Knowledge {
    pub(crate) parent: Option<Room>,
    pub(crate) twin: bool,
    pub(crate) envelope: Option<Envelope>,
}

/// Someone who acts.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) kind: Kind,
    pub(crate) user: MimiUri,
    pub(crate) claims: Vec<Claim>,
    /// The role of the join code that a joiner has.
    pub(crate) code: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Member,
    Joiner,
    External,
}

/// One thing that someone does.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    AddClient(MimiUri, Box<Leaf>),
    RemoveClient(u32, MimiUri),
    /// An update with these octets, or a removal.
    Component(ComponentId, Option<Vec<u8>>),
    UpdateClient(Box<Leaf>),
    Psk,
    ReInit,
    GroupContextExtensions {
        prescribed: bool,
    },
    Other(u16),
}

/// What is known of a leaf.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leaf {
    pub(crate) supports: Option<ExtendedCapabilities>,
    pub(crate) key_package: Option<Lifetime>,
    pub(crate) credential: Option<Lifetime>,
}

impl Room {
    pub(crate) fn entry(&self, user: &MimiUri) -> Option<&Participant> {
        self.users.iter().find(|entry| entry.user == *user)
    }

    pub(crate) fn role(&self, index: u32) -> Option<&Role> {
        self.roles.iter().find(|role| role.index == index)
    }

    /// POLICY, "Role Changes": the banned role is role 1 by the name "banned".
    pub(crate) fn is_banned_role(&self, index: u32) -> bool {
        index == 1 && self.role(1).is_some_and(|role| role.name == "banned")
    }

    /// Whether `user` is in the list, and not in the banned role.
    pub(crate) fn is_welcome(&self, user: &MimiUri) -> bool {
        self.entry(user)
            .is_some_and(|entry| !self.is_banned_role(entry.role))
    }

    pub(crate) fn leaves_of(&self, user: &MimiUri) -> Vec<u32> {
        let theirs = self.clients.iter().filter(|(_, owner)| owner == user);
        theirs.map(|(leaf, _)| *leaf).collect()
    }

    pub(crate) fn other(&self, id: ComponentId) -> Option<&[u8]> {
        let found = self.others.iter().find(|(other, _)| *other == id)?;
        Some(&found.1)
    }

    pub(crate) fn has(&self, id: ComponentId) -> bool {
        match id {
            ComponentId::PARTICIPANT_LIST
            | ComponentId::ROLES_LIST
            | ComponentId::BASE_ROOM_POLICY => true,
            ComponentId::PREAUTH_LIST => self.preauth.is_some(),
            ComponentId::ROOM_METADATA => self.metadata.is_some(),
            _ => self.other(id).is_some(),
        }
    }

    /// The dictionary of the GroupContext.
    pub(crate) fn components(&self) -> ComponentMap {
        let list = ParticipantList::new(self.users.clone()).unwrap();
        let roles = RoleList::new(self.roles.clone()).unwrap();
        let mut map: ComponentMap = self.others.iter().cloned().collect();
        map.insert(ComponentId::PARTICIPANT_LIST, list.to_vec().unwrap());
        map.insert(ComponentId::ROLES_LIST, roles.to_vec().unwrap());
        map.insert(ComponentId::BASE_ROOM_POLICY, self.base.to_vec().unwrap());
        if let Some(entries) = &self.preauth {
            let list = PreauthList(entries.clone());
            map.insert(ComponentId::PREAUTH_LIST, list.to_vec().unwrap());
        }
        if let Some(metadata) = &self.metadata {
            map.insert(ComponentId::ROOM_METADATA, metadata.to_vec().unwrap());
        }
        map
    }

    pub(crate) fn policy(&self) -> RoomPolicy {
        RoomPolicy::from_components(&self.components()).unwrap()
    }

    pub(crate) fn client_index(&self) -> ClientIndex {
        self.clients.iter().cloned().collect()
    }
}

impl Knowledge {
    pub(crate) fn parent_policy(&self) -> Option<RoomPolicy> {
        self.parent.as_ref().map(Room::policy)
    }

    /// The same as the engine takes it.
    pub(crate) fn view<'a>(&'a self, parent: Option<&'a RoomPolicy>) -> HubView<'a> {
        HubView {
            parent,
            twin: self.twin,
            envelope: self.envelope.as_ref(),
        }
    }
}

pub(crate) fn grants(role: &Role, capability: Capability) -> bool {
    role.capabilities.iter().any(|held| held == capability)
}

/// Whether `authorized_role_changes` of `role` leads from `from` to `to`.
pub(crate) fn leads(role: &Role, from: u32, to: u32) -> bool {
    let mut entries = role.role_changes.iter();
    entries.any(|entry| entry.from == from && entry.to.contains(&to))
}

impl Who {
    /// Rights are judged over all that somebody does, in however many bundles.
    pub(crate) fn is(&self, other: &Who) -> bool {
        self.kind == other.kind && self.user == other.user
    }

    pub(crate) fn actor(&self) -> Actor<'_> {
        let (user, claims) = (&self.user, self);
        match self.kind {
            Kind::Member => Actor::Participant { user, claims },
            Kind::External => Actor::External {
                sender: user,
                claims,
            },
            Kind::Joiner => Actor::Joiner {
                user,
                claims,
                code: self.code.map(|role| JoinCode { role }),
            },
        }
    }
}

impl Claims for Who {
    fn matches(&self, credential_type: u16, id: &[u8], value: &[u8]) -> bool {
        let mut claims = self.claims.iter();
        claims.any(|c| c.credential_type == credential_type && c.id == id && c.value == value)
    }
}

impl Deed {
    fn change(&self) -> Change<'_> {
        match self {
            Deed::AddClient(user, leaf) => Change::AddClient {
                user,
                leaf: leaf.facts(),
            },
            Deed::RemoveClient(leaf, user) => Change::RemoveClient { leaf: *leaf, user },
            Deed::Component(id, octets) => Change::Component {
                id: *id,
                op: octets.as_ref().map_or(Op::Remove, |o| Op::Update(o)),
            },
            Deed::UpdateClient(leaf) => Change::UpdateClient { leaf: leaf.facts() },
            Deed::Psk => Change::Psk,
            Deed::ReInit => Change::ReInit,
            Deed::GroupContextExtensions { prescribed } => Change::GroupContextExtensions {
                prescribed: *prescribed,
            },
            Deed::Other(proposal_type) => Change::Other {
                proposal_type: *proposal_type,
            },
        }
    }
}

impl Leaf {
    fn facts(&self) -> LeafFacts<'_> {
        LeafFacts {
            supports: self.supports.as_ref(),
            key_package: self.key_package,
            credential: self.credential,
        }
    }
}

impl Attempt {
    /// All AppDataUpdates in the order of the commit.
    pub(crate) fn updates(&self) -> Vec<(ComponentId, Option<&[u8]>)> {
        let deeds = self.bundles.iter().flat_map(|(_, deeds)| deeds);
        updates_among(deeds)
    }

    /// All that `who` does.
    pub(crate) fn deeds_of(&self, who: &Who) -> Vec<&Deed> {
        let theirs = self.bundles.iter().filter(|(actor, _)| actor.is(who));
        theirs.flat_map(|(_, deeds)| deeds).collect()
    }

    /// The same as the engine takes it.
    pub(crate) fn with_candidate<T>(
        &self,
        room: &Room,
        judge: impl FnOnce(&Candidate<'_>) -> T,
    ) -> T {
        let clients = room.client_index();
        let parent = self.hub.as_ref().and_then(Knowledge::parent_policy);
        let changes: Vec<Vec<_>> = (self.bundles.iter())
            .map(|(_, deeds)| deeds.iter().map(Deed::change).collect())
            .collect();
        let bundles: Vec<_> = std::iter::zip(&self.bundles, &changes)
            .map(|((who, _), changes)| Bundle {
                actor: who.actor(),
                changes,
            })
            .collect();
        judge(&Candidate {
            committer: self.committer.as_ref().map(Who::actor),
            bundles: &bundles,
            clients: &clients,
            hub: self.hub.as_ref().map(|hub| hub.view(parent.as_ref())),
        })
    }
}

/// The AppDataUpdates among `deeds`.
pub(crate) fn updates_among<'a>(
    deeds: impl IntoIterator<Item = &'a Deed>,
) -> Vec<(ComponentId, Option<&'a [u8]>)> {
    let updates = deeds.into_iter().filter_map(|deed| match deed {
        Deed::Component(id, octets) => Some((*id, octets.as_deref())),
        _ => None,
    });
    updates.collect()
}

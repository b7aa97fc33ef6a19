//! A room of two: Bob, whose rights the stories are about, and Alice, who may
//! do everything.

use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Encode;
use mimi_content::{
    Disposition, ExternalPart, MessageId, MimiContent, MimiUri, NestedPart, PartSemantics, Salt,
    Timestamp, TopicId,
};
use mimi_policy::messages::{Breach, Facts, LeaveOut, Replaced, Violations, check};
use mimi_policy::{
    BaseRoomPolicy, Capability, Participant, ParticipantList, Role, RoleLabel, RoleList, RoomPolicy,
};

pub(crate) fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

pub(crate) fn alice() -> MimiUri {
    uri("mimi://a.example/u/alice")
}

pub(crate) fn bob() -> MimiUri {
    uri("mimi://b.example/u/bob")
}

pub(crate) fn stranger() -> MimiUri {
    uri("mimi://evil.example/u/mallory")
}

/// The rights of Bob, and further components.
pub(crate) fn room_with(
    bob_can: &[Capability],
    components: &[(ComponentId, Vec<u8>)],
) -> RoomPolicy {
    let role = |index, name: &str, capabilities: &[Capability]| Role {
        index,
        name: name.to_owned(),
        capabilities: capabilities.iter().copied().collect(),
        ..Role::default()
    };
    let roles = RoleList::new(vec![
        role(0, "no_role", &[]),
        role(2, "bob", bob_can),
        role(3, "alice", &everything()),
    ])
    .unwrap();
    let member = |user, role| Participant { user, role };
    let members = ParticipantList::new(vec![member(alice(), 3), member(bob(), 2)]).unwrap();
    let required = [
        (ComponentId::PARTICIPANT_LIST, members.to_vec().unwrap()),
        (ComponentId::ROLES_LIST, roles.to_vec().unwrap()),
        (
            ComponentId::BASE_ROOM_POLICY,
            BaseRoomPolicy::default().to_vec().unwrap(),
        ),
    ];
    let all: ComponentMap = required
        .into_iter()
        .chain(components.iter().cloned())
        .collect();
    RoomPolicy::from_components(&all).unwrap()
}

pub(crate) fn room(bob_can: &[Capability]) -> RoomPolicy {
    room_with(bob_can, &[])
}

pub(crate) fn everything() -> Vec<Capability> {
    let open = |capability: &&Capability| **capability != Capability::OPEN_JOIN;
    Capability::REGISTERED
        .iter()
        .filter(open)
        .copied()
        .collect()
}

/// Bob can do everything but this.
pub(crate) fn all_but(capability: Capability) -> RoomPolicy {
    let mut all = everything();
    all.retain(|one| *one != capability);
    room(&all)
}

pub(crate) fn id(n: u8) -> MessageId {
    let mut octets = [n; 32];
    octets[0] = 1;
    MessageId::from_bytes(&octets).unwrap()
}

pub(crate) fn message(body: NestedPart<'static>) -> MimiContent<'static> {
    MimiContent::new(Salt::new([7; 16]), body)
}

pub(crate) fn text() -> MimiContent<'static> {
    message(NestedPart::plain("Hi"))
}

pub(crate) fn topic(name: &'static str) -> TopicId<'static> {
    TopicId::new(name.as_bytes()).unwrap()
}

pub(crate) fn all_of(parts: Vec<NestedPart<'static>>) -> NestedPart<'static> {
    NestedPart::multi(PartSemantics::ProcessAll, parts).unwrap()
}

pub(crate) fn asset(content_type: &'static str, disposition: Disposition) -> NestedPart<'static> {
    asset_at(content_type, disposition, "https://b.example/1", 10)
}

pub(crate) fn asset_at(
    content_type: &'static str,
    disposition: Disposition,
    url: &'static str,
    size: u64,
) -> NestedPart<'static> {
    NestedPart::external(ExternalPart {
        content_type: content_type.into(),
        url: url.into(),
        size,
        ..ExternalPart::default()
    })
    .with_disposition(disposition)
}

pub(crate) fn replacing(own: bool, is_reaction: bool, body: bool, topic: bool) -> Facts {
    Facts {
        replaced: Some(Replaced {
            own,
            is_reaction,
            changes: mimi_content::timeline::Grant { body, topic },
        }),
        in_topic: None,
    }
}

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Bob sends a message.
pub(crate) fn judge(
    policy: &RoomPolicy,
    content: &MimiContent<'_>,
    facts: &Facts,
) -> Result<(), Violations> {
    check(policy, &bob(), content, facts, NOW)
}

/// All breaches with what is left out for each.
pub(crate) fn breaches(verdict: Result<(), Violations>) -> Vec<(Breach, LeaveOut)> {
    let found = verdict.err();
    let all = found.iter().flat_map(Violations::iter);
    all.map(|violation| (violation.breach.clone(), violation.leave_out))
        .collect()
}

pub(crate) fn lacks(capability: Capability) -> Breach {
    Breach::Lacks {
        user: bob(),
        role: RoleLabel {
            index: 2,
            name: "bob".to_owned(),
        },
        capability,
    }
}

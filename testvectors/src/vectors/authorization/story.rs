//! The words in which the tables are written: rooms, people, what they do.

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_policy::{
    BaseRoomPolicy, Capability, CapabilitySet, Participant, ParticipantList, ParticipantListUpdate,
    PreauthList, Role, RoleChanges, RoleList, RoleMove, RoomMetadata,
};
use serde_json::{Value, json};

use crate::hex::encode;
use crate::vectors::{Case, Refused};

pub(super) const ALICE: &str = "mimi://a.example/u/alice";
pub(super) const BOB: &str = "mimi://b.example/u/bob";
pub(super) const CATHY: &str = "mimi://c.example/u/cathy";
pub(super) const DORA: &str = "mimi://d.example/u/dora";
pub(super) const HUB: &str = "mimi://a.example";

/// A room and whose leaf is whose.
#[derive(Clone)]
pub(super) struct Room {
    pub(super) users: Vec<(&'static str, u32)>,
    pub(super) roles: Vec<Role>,
    /// Whose roles these are, if they are those of a preset.
    pub(super) preset: Option<&'static str>,
    pub(super) base: BaseRoomPolicy,
    pub(super) metadata: Option<RoomMetadata>,
    pub(super) preauth: Option<PreauthList>,
    /// All other components.
    pub(super) others: Vec<(ComponentId, Vec<u8>)>,
    pub(super) clients: Vec<(u32, &'static str)>,
}

impl Room {
    /// A room with the roles of a preset.
    pub(super) fn of(preset: &'static str, roles: &RoleList) -> Self {
        Room {
            preset: Some(preset),
            ..Room::with_roles(roles.iter().cloned())
        }
    }

    /// A room without anybody.
    pub(super) fn with_roles(roles: impl IntoIterator<Item = Role>) -> Self {
        Room {
            users: Vec::new(),
            roles: roles.into_iter().collect(),
            preset: None,
            base: BaseRoomPolicy::default(),
            metadata: Some(metadata()),
            preauth: None,
            others: Vec::new(),
            clients: Vec::new(),
        }
    }

    pub(super) fn role(&self, index: u32) -> &Role {
        let role = self.roles.iter().find(|role| role.index == index);
        role.unwrap()
    }

    /// The same room with a role changed.
    pub(super) fn with(&self, index: u32, change: impl FnOnce(&mut Role)) -> Self {
        let mut room = self.clone();
        room.preset = None;
        let mut roles = room.roles.iter_mut();
        change(roles.find(|role| role.index == index).unwrap());
        room
    }

    /// The same room with another base policy.
    pub(super) fn based(&self, change: impl FnOnce(&mut BaseRoomPolicy)) -> Self {
        let mut room = self.clone();
        change(&mut room.base);
        room
    }

    /// The same room with another component.
    pub(super) fn having(&self, id: ComponentId, data: &impl Encode) -> Self {
        let mut room = self.clone();
        room.others.push((id, data.to_vec().unwrap()));
        room
    }

    /// Where a user stands in the participant list.
    pub(super) fn index(&self, user: &str) -> u32 {
        let at = self.users.iter().position(|(other, _)| *other == user);
        u32::try_from(at.unwrap()).unwrap()
    }

    /// The components of the GroupContext, but for the roles of a preset.
    pub(super) fn components(&self) -> Value {
        let mut components = self.others.clone();
        components.extend([
            (
                ComponentId::PARTICIPANT_LIST,
                octets(&participants(&self.users)),
            ),
            (ComponentId::BASE_ROOM_POLICY, octets(&self.base)),
        ]);
        if self.preset.is_none() {
            components.push((ComponentId::ROLES_LIST, octets(&role_list(&self.roles))));
        }
        let metadata = self.metadata.as_ref().map(octets);
        components.extend(metadata.map(|data| (ComponentId::ROOM_METADATA, data)));
        let preauth = self.preauth.as_ref().map(octets);
        components.extend(preauth.map(|data| (ComponentId::PREAUTH_LIST, data)));
        let components = components.iter();
        let components = components.map(|(id, data)| (id.0.to_string(), encode(data).into()));
        Value::Object(components.collect())
    }

    fn clients(&self) -> Value {
        let clients = self.clients.iter();
        let clients = clients.map(|(leaf, user)| (leaf.to_string(), (*user).into()));
        Value::Object(clients.collect())
    }

    /// A room that its hub is to let begin.
    pub(super) fn begins(&self, hub: &Value) -> Value {
        json!({
            "preset": self.preset,
            "components": self.components(),
            "clients": self.clients(),
            "hub": hub,
        })
    }

    /// Someone commits changes of its own.
    pub(super) fn commit(&self, who: &Value, changes: &[Value]) -> Attempt {
        self.attempt(Some(who), &[(who, changes)])
    }

    /// Someone proposes, and nobody commits yet.
    pub(super) fn propose(&self, who: &Value, changes: &[Value]) -> Attempt {
        self.attempt(None, &[(who, changes)])
    }

    pub(super) fn attempt(
        &self,
        committer: Option<&Value>,
        bundles: &[(&Value, &[Value])],
    ) -> Attempt {
        let bundles = bundles
            .iter()
            .map(|(actor, changes)| json!({ "actor": actor, "changes": changes }));
        Attempt(json!({
            "preset": self.preset,
            "components": self.components(),
            "clients": self.clients(),
            "hub": null,
            "committer": committer,
            "bundles": bundles.collect::<Value>(),
        }))
    }
}

/// What is tried, and by whom it is judged: by a client, unless told.
pub(super) struct Attempt(Value);

impl Attempt {
    /// The same, judged by the hub.
    pub(super) fn at(mut self, hub: &Value) -> Self {
        self.0["hub"] = hub.clone();
        self
    }
}

/// A hub that knows nothing special.
pub(super) fn hub() -> Value {
    json!({ "parent": null, "twin": false, "envelope": null })
}

/// The cases of one story.
pub(super) struct Table {
    title: String,
    pub(super) cases: Vec<Case>,
}

impl Table {
    pub(super) fn new(title: &str) -> Self {
        Table {
            title: title.to_owned(),
            cases: Vec::new(),
        }
    }

    fn name(&self, name: &str) -> String {
        format!("{}: {name}", self.title)
    }

    pub(super) fn allows(&mut self, name: &str, attempt: Attempt) {
        let case = Case::valid("authorize", &self.name(name), attempt.0);
        self.cases.push(case);
    }

    /// Refused by a rule that is no lack of a capability.
    pub(super) fn refuses(&mut self, name: &str, attempt: Attempt, rule: &str) {
        let name = self.name(name);
        self.refuse("authorize", &name, attempt.0, rule, None);
    }

    /// Refused since the role does not have `missing`.
    pub(super) fn lacks(&mut self, name: &str, attempt: Attempt, missing: Capability) {
        let name = self.name(name);
        self.refuse("authorize", &name, attempt.0, "lacks", Some(missing));
    }

    /// Refused since the role has `missing` but not for these two roles.
    pub(super) fn stops(&mut self, name: &str, attempt: Attempt, missing: Capability) {
        let name = self.name(name);
        self.refuse("authorize", &name, attempt.0, "role_move", Some(missing));
    }

    pub(super) fn begins(&mut self, name: &str, input: Value) {
        let case = Case::valid("room_begin", &self.name(name), input);
        self.cases.push(case);
    }

    pub(super) fn begins_not(&mut self, name: &str, input: Value, rule: &str) {
        let name = self.name(name);
        self.refuse("room_begin", &name, input, rule, None);
    }

    fn refuse(
        &mut self,
        procedure: &str,
        name: &str,
        input: Value,
        rule: &str,
        missing: Option<Capability>,
    ) {
        let found = crate::vectors::run(procedure, &input);
        let refused = match &found {
            Err(refused) => refused,
            Ok(valid) => panic!("{name}: {valid}"),
        };
        let missing = missing.map(|capability| capability.0);
        assert_eq!(
            (refused.rule.as_str(), refused.missing),
            (rule, missing),
            "{name}"
        );
        self.cases.push(Case {
            name: name.to_owned(),
            procedure: procedure.to_owned(),
            input,
            valid: None,
            refused: Some(Refused::clone(refused)),
        });
    }
}

// People.

fn person(kind: &str, uri: &str) -> Value {
    json!({ "kind": kind, "uri": uri })
}

pub(super) fn member(user: &str) -> Value {
    person("participant", user)
}

pub(super) fn joiner(user: &str) -> Value {
    person("joiner", user)
}

pub(super) fn external(sender: &str) -> Value {
    person("external", sender)
}

/// The same person with a credential that says `department = hr`.
pub(super) fn of_hr(mut person: Value) -> Value {
    let claim = json!({
        "credential_type": 2,
        "id": encode(b"department"),
        "claim_value": encode(b"hr"),
    });
    person["claims"] = json!([claim]);
    person
}

/// The same person with a join code for a role.
pub(super) fn with_code(mut person: Value, role: u32) -> Value {
    person["join_code"] = json!(role);
    person
}

// What they do.

pub(super) fn adds_client(user: &str) -> Value {
    json!({ "change": "add_client", "user": user })
}

pub(super) fn drops_client(leaf: u32, user: &str) -> Value {
    json!({ "change": "remove_client", "leaf": leaf, "user": user })
}

pub(super) fn updates(id: ComponentId, update: &impl Encode) -> Value {
    sends(id, &octets(update))
}

pub(super) fn sends(id: ComponentId, update: &[u8]) -> Value {
    json!({ "change": "update", "id": id.0, "update": encode(update) })
}

pub(super) fn removes(id: ComponentId) -> Value {
    json!({ "change": "remove", "id": id.0 })
}

pub(super) fn plain(change: &str) -> Value {
    json!({ "change": change })
}

pub(super) fn adds_user(user: &str, role: u32) -> Value {
    let added = vec![participant((user, role))];
    updates(
        ComponentId::PARTICIPANT_LIST,
        &ParticipantListUpdate {
            added,
            ..ParticipantListUpdate::default()
        },
    )
}

pub(super) fn removes_user(index: u32) -> Value {
    updates(
        ComponentId::PARTICIPANT_LIST,
        &ParticipantListUpdate {
            removed: vec![index],
            ..ParticipantListUpdate::default()
        },
    )
}

pub(super) fn moves_user(index: u32, role: u32) -> Value {
    updates(
        ComponentId::PARTICIPANT_LIST,
        &ParticipantListUpdate {
            changed: vec![RoleMove { index, role }],
            ..ParticipantListUpdate::default()
        },
    )
}

// What rooms are made of.

pub(super) fn octets(value: &impl Encode) -> Vec<u8> {
    value.to_vec().unwrap()
}

pub(super) fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

fn participant((user, role): (&str, u32)) -> Participant {
    let user = uri(user);
    Participant { user, role }
}

pub(super) fn participants(users: &[(&str, u32)]) -> ParticipantList {
    let users = users.iter().map(|user| participant(*user));
    ParticipantList::new(users.collect()).unwrap()
}

pub(super) fn role_list(roles: &[Role]) -> RoleList {
    RoleList::new(roles.to_vec()).unwrap()
}

pub(super) fn capabilities(list: &[Capability]) -> CapabilitySet {
    list.iter().copied().collect()
}

pub(super) fn changes(list: &[(u32, &[u32])]) -> Vec<RoleChanges> {
    let list = list.iter().map(|(from, to)| RoleChanges {
        from: *from,
        to: to.to_vec(),
    });
    list.collect()
}

pub(super) fn metadata() -> RoomMetadata {
    RoomMetadata::new(uri("mimi://a.example/r/clubhouse"), "Clubhouse")
}

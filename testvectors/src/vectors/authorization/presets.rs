//! What the roles of the presets may and may not: a line for each.
//!
//! Alice acts, in the role that the line begins with; if that role has no
//! clients, it is the hub that acts. Whom she acts upon is Bob, and where a
//! role must keep someone Cathy has it too. Dora is outside.

use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_policy::{
    Capability, Claim, JoinLink, JoinLinks, JoinLinksUpdate, PreauthEntry, PreauthList,
    RichDescription, Role, RoleList, presets,
};
use serde_json::Value;

use super::rules::operational;
use super::story::{
    ALICE, Attempt, BOB, CATHY, DORA, HUB, Room, Table, adds_client, adds_user, drops_client,
    external, hub, joiner, member, metadata, moves_user, of_hr, plain, removes_user, role_list,
    sends, updates, with_code,
};
use crate::vectors::Case;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for preset in [
        cooperative(),
        strict(),
        moderated(),
        multi_organization(),
        direct_message(),
    ] {
        cases.extend(preset.table.cases);
    }
    cases
}

/// What is done, with the roles of Bob and what becomes of them.
#[derive(Clone, Copy)]
enum Act {
    /// Adds Dora, with a client if the role may have some.
    Adds(u32),
    /// Removes Bob and his client.
    Removes(u32),
    /// Announces to leave.
    Leaves,
    AddsClient,
    DropsClient,
    Kicks(u32),
    Bans(u32),
    Unbans(u32),
    Moves(u32, u32),
    /// Takes a role itself, for which it is preauthorised.
    Takes(u32),
    Sets(Field),
    Bases,
    Redefines,
    Preauthorizes,
    /// Changes a policy component without a capability of its own.
    Other,
    Operates,
    CreatesCode,
    DeletesCode,
    Psk,
    ReInit,
}

#[derive(Clone, Copy)]
enum Field {
    Name,
    Descriptions,
    Avatar,
    Subject,
    Mood,
}

use Act::{
    Adds, AddsClient, Bans, Bases, CreatesCode, DeletesCode, DropsClient, Kicks, Leaves, Moves,
    Operates, Other, Preauthorizes, Psk, ReInit, Redefines, Removes, Sets, Takes, Unbans,
};
use Field::{Avatar, Descriptions, Mood, Name, Subject};

fn cooperative() -> Preset {
    let mut t = Preset::new("cooperative", &presets::cooperative());
    t.may(2, &[Adds(2), Removes(2), Leaves, AddsClient, DropsClient]);
    t.stops(2, &[Adds(3), Removes(3)]);
    t.lacks(2, &[Kicks(2), Bans(2), Unbans(2), Moves(2, 3)]);
    t.may(2, &[Sets(Name), Sets(Avatar), Sets(Subject), Sets(Mood)]);
    t.lacks(2, &[Sets(Descriptions)]);
    t.may(3, &[Adds(1), Adds(3), Removes(3), Leaves, Kicks(4)]);
    t.may(3, &[Bans(2), Unbans(3), Moves(2, 3), Sets(Descriptions)]);
    t.stops(3, &[Adds(4), Removes(4), Bans(4), Moves(2, 4)]);
    t.lacks(3, &[Bases, Preauthorizes]);
    t.may(4, &[Adds(4), Removes(4), Moves(4, 2), Bases, Preauthorizes]);
    t.lacks(4, &[Takes(3), Redefines, Operates, ReInit, Other, Psk]);
    t.lacks(4, &[CreatesCode, DeletesCode]);
    t.may(5, &[Adds(1), Removes(1), Removes(4), Kicks(2), Bans(4)]);
    t.may(5, &[Redefines, Preauthorizes, Operates, ReInit]);
    t.lacks(5, &[Adds(2), Leaves, AddsClient, Sets(Name), Bases]);
    t.stops(5, &[Unbans(2), Moves(2, 3)]);
    t.nobody_joins(2);
    t
}

fn strict() -> Preset {
    let mut t = Preset::new("strict", &presets::strict());
    t.may(2, &[Leaves, AddsClient, DropsClient, Takes(3)]);
    t.lacks(2, &[Adds(2), Removes(2), Kicks(2), Bans(2), Unbans(2)]);
    t.lacks(2, &[Moves(2, 3), Sets(Name), Sets(Avatar), Sets(Subject)]);
    t.lacks(2, &[Sets(Mood), CreatesCode, DeletesCode]);
    t.may(3, &[Adds(2), Removes(3), Kicks(4), Bans(3), Unbans(3)]);
    t.may(3, &[Moves(2, 3), Takes(2), Sets(Name), Sets(Descriptions)]);
    t.may(3, &[Sets(Avatar), CreatesCode, DeletesCode]);
    t.stops(3, &[Adds(4), Removes(4), Bans(4), Moves(2, 4)]);
    t.lacks(3, &[Bases, Redefines, Preauthorizes, ReInit]);
    t.may(4, &[Adds(4), Moves(2, 4), Bases, Redefines]);
    t.may(4, &[Preauthorizes, ReInit]);
    t.lacks(4, &[Operates, Other, Psk]);
    t.may(5, &[Removes(1), Kicks(2), Redefines, Operates]);
    t.stops(5, &[Unbans(2)]);
    t.joins_by_code(2, true);
    t.joins_by_code(3, false);
    t.joins_preauthorized(3, true);
    t
}

fn moderated() -> Preset {
    let mut t = Preset::new("moderated", &presets::moderated());
    t.may(2, &[Leaves]);
    t.lacks(2, &[AddsClient, DropsClient, Takes(3)]);
    t.may(3, &[AddsClient, DropsClient, Takes(4)]);
    t.lacks(4, &[Adds(3), Removes(2), Kicks(2), Bans(2), Unbans(2)]);
    t.lacks(4, &[Moves(3, 4), Sets(Name), CreatesCode, DeletesCode]);
    t.may(5, &[Adds(5), Removes(4), Kicks(3), Bans(5), Unbans(4)]);
    t.may(5, &[Moves(3, 4), Sets(Name), CreatesCode, DeletesCode]);
    t.stops(5, &[Adds(6), Removes(6), Bans(6), Moves(4, 6)]);
    t.lacks(5, &[Sets(Descriptions), Bases, Redefines, Preauthorizes]);
    t.lacks(5, &[ReInit]);
    t.may(6, &[Adds(6), Moves(4, 6), Sets(Descriptions), Bases]);
    t.may(6, &[Redefines, Preauthorizes, ReInit]);
    t.lacks(6, &[Operates, Other, Psk]);
    t.may(7, &[Removes(6), Kicks(2), Operates]);
    t.stops(7, &[Unbans(3)]);
    t.joins_by_code(3, true);
    t.joins_by_code(4, false);
    t.joins_preauthorized(4, true);
    t.joins_preauthorized(2, false);
    t
}

fn multi_organization() -> Preset {
    let mut t = Preset::new("multi_organization", &presets::multi_organization());
    t.may(2, &[Leaves, AddsClient, DropsClient, Takes(5)]);
    t.lacks(3, &[Adds(3), Removes(3), Kicks(3), Bans(3), Moves(3, 6)]);
    t.lacks(3, &[Takes(6)]);
    t.lacks(5, &[Sets(Name), Sets(Mood), Bases, Redefines, ReInit]);
    t.stops(5, &[Adds(3)]);
    t.may(6, &[Adds(3), Removes(3), Leaves, Kicks(2), Bans(3)]);
    t.may(6, &[Moves(3, 6)]);
    t.stops(6, &[Adds(4), Removes(2), Bans(4), Moves(3, 4)]);
    t.lacks(6, &[Unbans(3), Preauthorizes]);
    t.may(
        8,
        &[Adds(7), Unbans(3), Moves(5, 8), Sets(Name), Sets(Mood)],
    );
    t.may(8, &[Bases, Redefines, Preauthorizes, ReInit]);
    t.stops(8, &[Moves(6, 8)]);
    t.lacks(8, &[CreatesCode, DeletesCode, Operates, Other, Psk]);
    t.may(9, &[Removes(3), Bans(5), Redefines, Operates]);
    t.stops(9, &[Removes(2), Bans(2), Unbans(3)]);
    t.joins_preauthorized(5, true);
    t.joins_preauthorized(3, false);
    t.joins_by_code(2, false);
    t
}

fn direct_message() -> Preset {
    let mut t = Preset::new("direct_message", &presets::direct_message());
    t.room.base = presets::direct_message::base();
    t.may(2, &[AddsClient, DropsClient, Sets(Name), Sets(Mood)]);
    t.lacks(2, &[Adds(2), Removes(2), Leaves, Kicks(2), Moves(2, 3)]);
    t.lacks(2, &[Takes(3), Sets(Descriptions), Bases, Redefines]);
    t.lacks(2, &[Preauthorizes, Operates, CreatesCode, Psk, ReInit]);
    t.may(3, &[Kicks(2), Operates, ReInit]);
    t.lacks(3, &[Adds(2), Removes(2), Redefines, Preauthorizes]);
    t.nobody_joins(2);
    t
}

/// The table of a preset, with its room before anybody is there.
struct Preset {
    table: Table,
    room: Room,
}

impl Preset {
    fn new(name: &'static str, roles: &RoleList) -> Self {
        Preset {
            table: Table::new(name),
            room: Room::of(name, roles),
        }
    }

    /// What a role may do.
    fn may(&mut self, role: u32, acts: &[Act]) {
        for act in acts {
            let (name, scene) = (self.name(role, *act), Scene::of(&self.room, role, *act));
            self.table.allows(&name, scene.attempt(*act));
        }
    }

    /// What it does not have the capability for.
    fn lacks(&mut self, role: u32, acts: &[Act]) {
        for act in acts {
            let (name, scene) = (self.name(role, *act), Scene::of(&self.room, role, *act));
            self.table.lacks(&name, scene.attempt(*act), act.needs());
        }
    }

    /// What it has the capability for, but not between these roles.
    fn stops(&mut self, role: u32, acts: &[Act]) {
        for act in acts {
            let (name, scene) = (self.name(role, *act), Scene::of(&self.room, role, *act));
            self.table.stops(&name, scene.attempt(*act), act.needs());
        }
    }

    fn name(&self, role: u32, act: Act) -> String {
        format!("{} {}", self.room.role(role).name, act.words(&self.room))
    }

    /// Dora comes with a join code for a role.
    fn joins_by_code(&mut self, role: u32, may: bool) {
        self.joins(
            "by a code",
            &self.room.clone(),
            with_code(joiner(DORA), role),
            role,
            may,
        );
    }

    /// Dora comes with a credential that preauthorises her for a role.
    fn joins_preauthorized(&mut self, role: u32, may: bool) {
        let mut room = self.room.clone();
        room.preauth = Some(hr_may(room.role(role)));
        self.joins("preauthorised", &room, of_hr(joiner(DORA)), role, may);
    }

    /// Nobody comes in by any door.
    fn nobody_joins(&mut self, role: u32) {
        let room = self.room.clone();
        self.joins("with nothing", &room, joiner(DORA), role, false);
        self.joins_by_code(role, false);
        self.joins_preauthorized(role, false);
    }

    fn joins(&mut self, how: &str, room: &Room, who: Value, role: u32, may: bool) {
        let name = format!("someone joins {how} as {}", room.role(role).name);
        let changes = [adds_user(DORA, role), adds_client(DORA)];
        let attempt = room.commit(&who, &changes).at(&hub());
        if may {
            self.table.allows(&name, attempt);
        } else {
            self.table.refuses(&name, attempt, "join_refused");
        }
    }
}

/// Whoever is of the department `hr` may take a role.
pub(super) fn hr_may(role: &Role) -> PreauthList {
    PreauthList(vec![PreauthEntry {
        claims: vec![Claim {
            credential_type: 2,
            id: b"department".as_slice().into(),
            value: b"hr".as_slice().into(),
        }],
        role: role.clone(),
    }])
}

impl Act {
    /// Which capability it takes.
    fn needs(self) -> Capability {
        match self {
            Adds(_) => Capability::ADD_PARTICIPANT,
            Removes(_) => Capability::REMOVE_PARTICIPANT,
            Leaves => Capability::REMOVE_SELF,
            AddsClient => Capability::ADD_OWN_CLIENT,
            DropsClient => Capability::REMOVE_OWN_CLIENT,
            Kicks(_) => Capability::KICK,
            Bans(_) => Capability::BAN,
            Unbans(_) => Capability::UNBAN,
            Moves(..) => Capability::CHANGE_USER_ROLE,
            Takes(_) => Capability::CHANGE_OWN_ROLE,
            Sets(Name) => Capability::CHANGE_ROOM_NAME,
            Sets(Descriptions) => Capability::CHANGE_ROOM_DESCRIPTION,
            Sets(Avatar) => Capability::CHANGE_ROOM_AVATAR,
            Sets(Subject) => Capability::CHANGE_ROOM_SUBJECT,
            Sets(Mood) => Capability::CHANGE_ROOM_MOOD,
            Bases => Capability::CHANGE_ROOM_MEMBERSHIP_STYLE,
            Redefines => Capability::CHANGE_ROLE_DEFINITIONS,
            Preauthorizes => Capability::CHANGE_PREAUTHORIZED_USER_LIST,
            Other => Capability::CHANGE_OTHER_POLICY_ATTRIBUTE,
            Operates => Capability::CHANGE_MLS_OPERATIONAL_POLICIES,
            CreatesCode => Capability::CREATE_JOIN_CODE,
            DeletesCode => Capability::DELETE_JOIN_CODE,
            Psk => Capability::SEND_MLS_PSK_PROPOSAL,
            ReInit => Capability::SEND_MLS_REINIT_PROPOSAL,
        }
    }

    /// The role of whom it is about, before.
    fn target(self) -> Option<u32> {
        match self {
            Removes(role) | Kicks(role) | Bans(role) | Moves(role, _) => Some(role),
            Unbans(_) => Some(Role::BANNED),
            _ => None,
        }
    }

    fn words(self, room: &Room) -> String {
        let role = |index: u32| &room.role(index).name;
        match self {
            Adds(to) => format!("adds {}", role(to)),
            Removes(from) => format!("removes {}", role(from)),
            Leaves => "leaves".to_owned(),
            AddsClient => "adds a client of its own".to_owned(),
            DropsClient => "removes a client of its own".to_owned(),
            Kicks(of) => format!("kicks {}", role(of)),
            Bans(from) => format!("bans {}", role(from)),
            Unbans(to) => format!("unbans to {}", role(to)),
            Moves(from, to) => format!("makes {} of {}", role(to), role(from)),
            Takes(to) => format!("takes the role {}", role(to)),
            Sets(Name) => "changes the name".to_owned(),
            Sets(Descriptions) => "changes the descriptions".to_owned(),
            Sets(Avatar) => "changes the avatar".to_owned(),
            Sets(Subject) => "changes the subject".to_owned(),
            Sets(Mood) => "changes the mood".to_owned(),
            Bases => "changes the base policy".to_owned(),
            Redefines => "changes the roles".to_owned(),
            Preauthorizes => "changes the preauthorisations".to_owned(),
            Other => "changes another policy".to_owned(),
            Operates => "changes the operational policy".to_owned(),
            CreatesCode => "adds a join link".to_owned(),
            DeletesCode => "removes a join link".to_owned(),
            Psk => "proposes a PSK".to_owned(),
            ReInit => "proposes a ReInit".to_owned(),
        }
    }
}

/// A room with those whom an act needs, and who acts.
struct Scene {
    room: Room,
    actor: Value,
    uri: &'static str,
}

impl Scene {
    fn of(empty: &Room, role: u32, act: Act) -> Self {
        let mut room = empty.clone();
        let is_active = |index: u32| empty.role(index).max_active != Some(0);
        let (actor, uri) = if is_active(role) {
            room.clients.extend([(0, ALICE), (1, ALICE)]);
            (member(ALICE), ALICE)
        } else {
            (external(HUB), HUB)
        };
        room.users.push((uri, role));
        // Whose role loses somebody, who may have to stay.
        let loses = act.target().unwrap_or(role);
        if let Some(target) = act.target() {
            room.users.push((BOB, target));
            room.clients.extend(is_active(target).then_some((2, BOB)));
        }
        let goes = act
            .target()
            .map_or(matches!(act, Leaves | Takes(_)), |of| of != role);
        if goes && empty.role(loses).min_participants > 0 {
            room.users.push((CATHY, loses));
            room.clients.extend(is_active(loses).then_some((3, CATHY)));
        }
        if let Takes(to) = act {
            room.preauth = Some(hr_may(empty.role(to)));
        }
        if matches!(act, DeletesCode) {
            let links = JoinLinks(vec![JoinLink(b"one".as_slice().into())]);
            room.others
                .push((ComponentId::JOIN_LINKS, links.to_vec().unwrap()));
        }
        Scene { room, actor, uri }
    }

    /// Members commit what they do themselves, if they stay.
    fn attempt(&self, act: Act) -> Attempt {
        let changes = self.changes(act);
        match act {
            Takes(_) => self.room.commit(&of_hr(self.actor.clone()), &changes),
            Leaves | DropsClient => self.room.propose(&self.actor, &changes),
            _ if self.uri == HUB => self.room.propose(&self.actor, &changes),
            _ => self.room.commit(&self.actor, &changes),
        }
    }

    fn changes(&self, act: Act) -> Vec<Value> {
        let room = &self.room;
        let with_bobs_client = |change: Value| {
            let mut changes = vec![change];
            let has_one = room.clients.iter().any(|(_, user)| *user == BOB);
            changes.extend(has_one.then(|| drops_client(2, BOB)));
            changes
        };
        match act {
            Adds(to) => {
                let mut changes = vec![adds_user(DORA, to)];
                let is_active = room.role(to).max_active != Some(0);
                changes.extend(is_active.then(|| adds_client(DORA)));
                changes
            }
            Removes(_) => with_bobs_client(removes_user(room.index(BOB))),
            Leaves => {
                let mut changes = vec![removes_user(room.index(self.uri))];
                let own = room.clients.iter().filter(|(_, user)| *user == self.uri);
                changes.extend(own.map(|(leaf, user)| drops_client(*leaf, user)));
                changes
            }
            AddsClient => vec![adds_client(self.uri)],
            DropsClient => vec![drops_client(1, self.uri)],
            Kicks(_) => vec![drops_client(2, BOB)],
            Bans(_) => with_bobs_client(moves_user(room.index(BOB), Role::BANNED)),
            Unbans(to) | Moves(_, to) => vec![moves_user(room.index(BOB), to)],
            Takes(to) => vec![moves_user(room.index(self.uri), to)],
            Psk => vec![plain("psk")],
            ReInit => vec![plain("reinit")],
            _ => vec![self.component(act)],
        }
    }

    fn component(&self, act: Act) -> Value {
        let room = &self.room;
        match act {
            Sets(field) => {
                let mut new = metadata();
                match field {
                    Name => new.name = "Den".to_owned(),
                    Descriptions => new.descriptions.push(RichDescription::default()),
                    Avatar => new.avatar = "https://a.example/den.png".to_owned(),
                    Subject => new.subject = "tea".to_owned(),
                    Mood => new.mood = "calm".to_owned(),
                }
                updates(ComponentId::ROOM_METADATA, &new)
            }
            Bases => {
                let mut base = room.base.clone();
                base.discoverable = true;
                updates(ComponentId::BASE_ROOM_POLICY, &base)
            }
            Redefines => {
                let mut roles = room.roles.clone();
                roles[0].description = "whoever is outside".to_owned();
                updates(ComponentId::ROLES_LIST, &role_list(&roles))
            }
            Preauthorizes => {
                let list = hr_may(room.role(2));
                updates(ComponentId::PREAUTH_LIST, &list)
            }
            Operates => updates(
                ComponentId::MLS_OPERATIONAL_POLICY,
                &operational::without_demands(),
            ),
            CreatesCode | DeletesCode => {
                let mut update = JoinLinksUpdate::default();
                if matches!(act, CreatesCode) {
                    update.added = vec![JoinLink(b"two".as_slice().into())];
                } else {
                    update.removed = vec![0];
                }
                updates(ComponentId::JOIN_LINKS, &update)
            }
            Other => sends(ComponentId::STATUS_NOTIFICATION_POLICY, &[0, 2]),
            _ => panic!("no component changes"),
        }
    }
}

//! A room in which each role has two holders, and what each gets away with.

use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_policy::{
    Actor, Bundle, Capability, Change, Claim, HubView, JoinCode, NoClaims, ParticipantListUpdate,
    PreauthEntry, PreauthList, Role, RoleList,
};

use crate::common::*;

/// A room in which each role has two holders with a client each, unless the
/// role bars them from having any.
#[derive(Clone)]
pub(crate) struct Hall(pub(crate) Room);

/// The first or second holder of a role.
pub(crate) fn holder(role: u32, which: char) -> MimiUri {
    uri(&format!("mimi://a.example/u/{which}{role}"))
}

/// Whoever is not in the list.
pub(crate) fn outsider() -> MimiUri {
    uri("mimi://z.example/u/zoe")
}

impl Hall {
    pub(crate) fn new(roles: RoleList) -> Self {
        let mut users = Vec::new();
        let mut clients = Vec::new();
        for role in roles.iter().filter(|role| role.index != Role::NONE) {
            for which in ['a', 'b'] {
                let user = holder(role.index, which);
                if role.max_active != Some(0) {
                    clients.push((u32::try_from(users.len()).unwrap(), user.clone()));
                }
                users.push((user, role.index));
            }
        }
        Hall(Room {
            users,
            roles,
            base: mimi_policy::BaseRoomPolicy::default(),
            preauth: None,
            further: mimi_content::component::ComponentMap::new(),
            clients: clients.into_iter().collect(),
        })
    }

    pub(crate) fn index_of(&self, user: &MimiUri) -> u32 {
        let position = self.0.users.iter().position(|(other, _)| other == user);
        u32::try_from(position.unwrap()).unwrap()
    }

    /// Puts `user` in, with a client.
    pub(crate) fn enter(&mut self, user: &MimiUri, role: u32) {
        let leaf = u32::try_from(self.0.users.len()).unwrap();
        self.0.users.push((user.clone(), role));
        self.0.clients.insert(leaf, user.clone());
    }

    pub(crate) fn exit(&mut self, user: &MimiUri) {
        self.0.users.retain(|(other, _)| other != user);
        let leaves: Vec<_> = self.0.clients.leaves_of(user).collect();
        for leaf in leaves {
            self.0.clients.remove(leaf);
        }
    }

    fn without_clients(&self, role: u32) -> bool {
        let role = self.0.roles.get(role).unwrap();
        role.max_active == Some(0)
    }

    fn removes_of<'a>(&self, user: &'a MimiUri) -> Vec<Change<'a>> {
        let leaves = self.0.clients.leaves_of(user);
        leaves.map(|leaf| drop_client(leaf, user)).collect()
    }

    /// Whether `user` may do `changes`: a member by a commit, whoever has no
    /// client in the group by a proposal from outside.
    pub(crate) fn may(&self, user: &MimiUri, changes: &[Change<'_>]) -> bool {
        if self.0.clients.count_of(user) > 0 {
            return self.0.act(Actor::participant(user), changes).is_ok();
        }
        let actor = Actor::external(user);
        self.0.propose(&[Bundle { actor, changes }]).is_ok()
    }

    /// Whether `user` may make `update`, together with the Removes of `gone`.
    fn may_update(&self, user: &MimiUri, update: &ParticipantListUpdate, gone: &MimiUri) -> bool {
        let update = octets(update);
        let mut changes = vec![list(&update)];
        changes.extend(self.removes_of(gone));
        self.may(user, &changes)
    }

    pub(crate) fn may_add(&self, user: &MimiUri, new: &MimiUri, role: u32) -> bool {
        let update = octets(&add(new, role));
        let mut changes = vec![list(&update)];
        if !self.without_clients(role) {
            changes.push(join_client(new));
        }
        self.may(user, &changes)
    }

    pub(crate) fn may_remove(&self, user: &MimiUri, other: &MimiUri) -> bool {
        self.may_update(user, &remove(self.index_of(other)), other)
    }

    /// With the Removes that go with a ban.
    pub(crate) fn may_ban(&self, user: &MimiUri, other: &MimiUri) -> bool {
        self.0.roles.banned().is_some()
            && self.may_update(user, &set_role(self.index_of(other), Role::BANNED), other)
    }

    pub(crate) fn may_move(&self, user: &MimiUri, other: &MimiUri, role: u32) -> bool {
        self.may_update(user, &set_role(self.index_of(other), role), &outsider())
    }

    pub(crate) fn may_kick(&self, user: &MimiUri, other: &MimiUri) -> bool {
        let removes = self.removes_of(other);
        !removes.is_empty() && self.may(user, &removes)
    }

    /// By proposals that somebody else commits.
    pub(crate) fn may_leave(&self, user: &MimiUri) -> bool {
        let update = octets(&remove(self.index_of(user)));
        let mut changes = vec![list(&update)];
        changes.extend(self.removes_of(user));
        let actor = Actor::participant(user);
        let changes = &changes;
        self.0.propose(&[Bundle { actor, changes }]).is_ok()
    }

    /// The room with a preauthorisation for `role` of whoever is of HR.
    fn preauthorising(&self, role: u32) -> Room {
        let role = self.0.roles.get(role).unwrap().clone();
        let claim = Claim {
            credential_type: 2,
            id: b"department".as_slice().into(),
            value: b"hr".as_slice().into(),
        };
        let claims = vec![claim];
        Room {
            preauth: Some(PreauthList(vec![PreauthEntry { claims, role }])),
            ..self.0.clone()
        }
    }

    /// Whether the outsider may join as `role`, being of HR or with a code.
    pub(crate) fn may_join(&self, role: u32, hr: bool, code: bool) -> bool {
        let user = &outsider();
        let actor = Actor::Joiner {
            user,
            claims: if hr { &Hr } else { &NoClaims },
            code: code.then_some(JoinCode { role }),
        };
        let room = self.preauthorising(role);
        let joins = octets(&add(user, role));
        let changes = &[list(&joins), join_client(user)];
        // The hub judges, as nobody else knows of join codes.
        room.act_at_hub(actor, changes, HubView::default()).is_ok()
    }

    /// Whether `user`, being of HR, may take `role` when HR is preauthorised
    /// for it.
    pub(crate) fn may_take(&self, user: &MimiUri, role: u32) -> bool {
        let update = octets(&set_role(self.index_of(user), role));
        let actor = Actor::Participant { user, claims: &Hr };
        let changes = &[list(&update)];
        let room = self.preauthorising(role);
        room.act(actor, changes).is_ok()
    }

    /// A paragraph for each role: all that its first holder gets away with, of
    /// everything that one can try on a second holder of each role.
    pub(crate) fn deeds(&self) -> String {
        let roles: Vec<_> = self.0.roles.iter().map(|role| role.index).collect();
        let mut lines = vec![self.joins(&roles)];
        for role in self.0.roles.iter().filter(|role| role.index != Role::NONE) {
            let deeds = self.deeds_of(&holder(role.index, 'a'), &roles);
            lines.push(format!("{} {}: {deeds}", role.index, role.name));
        }
        lines.join("\n")
    }

    fn joins(&self, roles: &[u32]) -> String {
        let join = |hr, code| {
            let inside = |role: &&u32| **role != Role::NONE && **role != Role::BANNED;
            list_of(roles.iter().filter(inside), |role| {
                self.may_join(*role, hr, code)
            })
        };
        let ways = [
            ("joins freely as", join(false, false)),
            ("by code as", join(false, true)),
            ("preauthorised as", join(true, false)),
        ];
        format!("0 no_role: {}", sentence(ways))
    }

    fn deeds_of(&self, user: &MimiUri, roles: &[u32]) -> String {
        let member = |role: &u32| holder(*role, 'b');
        let listed = || roles.iter().filter(|role| **role != Role::NONE);
        let inside = || listed().filter(|role| **role != Role::BANNED);
        let banned = || listed().filter(|role| **role == Role::BANNED);
        let pairs: Vec<_> = inside()
            .flat_map(|from| inside().map(move |to| (*from, *to)))
            .filter(|(from, to)| from != to)
            .collect();
        let moves = pairs
            .iter()
            .filter(|(from, to)| self.may_move(user, &member(from), *to))
            .map(|(from, to)| format!("{from}>{to}"));
        let unbans = banned().flat_map(|from| {
            let able = |to: &&u32| self.may_move(user, &member(from), **to);
            inside().filter(able).map(u32::to_string)
        });
        let deeds = [
            ("adds", {
                list_of(listed(), |role| self.may_add(user, &outsider(), *role))
            }),
            ("removes", {
                list_of(listed(), |role| self.may_remove(user, &member(role)))
            }),
            ("bans", {
                list_of(inside(), |role| self.may_ban(user, &member(role)))
            }),
            ("unbans to", unbans.collect::<Vec<_>>().join(" ")),
            ("kicks", {
                list_of(inside(), |role| self.may_kick(user, &member(role)))
            }),
            ("moves", moves.collect::<Vec<_>>().join(" ")),
            ("takes", {
                list_of(inside(), |role| self.may_take(user, *role))
            }),
            ("own", self.own(user)),
            ("messages", self.messages(user)),
            ("sets", self.sets(user)),
            ("changes", self.changes(user)),
        ];
        sentence(deeds)
    }

    fn own(&self, user: &MimiUri) -> String {
        let joins = self.0.act(Actor::joiner(user), &[join_client(user)]);
        words([
            ("joins", joins.is_ok()),
            ("adds", self.may(user, &[join_client(user)])),
            ("removes", self.may_kick(user, user)),
            ("leaves", self.may_leave(user)),
        ])
    }

    fn messages(&self, user: &MimiUri) -> String {
        let policy = self.0.policy();
        words([
            ("sends", policy.may_send(user).is_ok()),
            ("receives", policy.can(user, Capability::RECEIVE_MESSAGE)),
            ("reports", policy.may_report(user).is_ok()),
        ])
    }

    fn sets(&self, user: &MimiUri) -> String {
        let set = |change: fn(&mut mimi_policy::RoomMetadata)| {
            let mut new = metadata();
            change(&mut new);
            let new = octets(&new);
            self.may(user, &[component(ComponentId::ROOM_METADATA, &new)])
        };
        words([
            ("name", set(|new| "N".clone_into(&mut new.name))),
            ("description", {
                set(|new| new.descriptions.push(Default::default()))
            }),
            ("avatar", {
                set(|new| "https://a.example/a.png".clone_into(&mut new.avatar))
            }),
            ("subject", set(|new| "S".clone_into(&mut new.subject))),
            ("mood", set(|new| "M".clone_into(&mut new.mood))),
        ])
    }

    fn changes(&self, user: &MimiUri) -> String {
        let mut roles: Vec<_> = self.0.roles.iter().cloned().collect();
        "new".clone_into(&mut roles[0].description);
        let roles = octets(&RoleList::new(roles).unwrap());
        let mut base = self.0.base.clone();
        base.discoverable = true;
        let base = octets(&base);
        let preauth = octets(&PreauthList::default());
        let change = |id, octets: &[u8]| self.may(user, &[component(id, octets)]);
        words([
            ("roles", change(ComponentId::ROLES_LIST, &roles)),
            ("base", change(ComponentId::BASE_ROOM_POLICY, &base)),
            ("preauth", change(ComponentId::PREAUTH_LIST, &preauth)),
            ("reinit", self.may(user, &[Change::ReInit])),
        ])
    }
}

fn list_of<'a>(roles: impl Iterator<Item = &'a u32>, may: impl Fn(&u32) -> bool) -> String {
    let roles = roles.filter(|role| may(role)).map(u32::to_string);
    roles.collect::<Vec<_>>().join(" ")
}

fn words<const N: usize>(words: [(&str, bool); N]) -> String {
    let words = words.into_iter().filter(|(_, may)| *may);
    words.map(|(word, _)| word).collect::<Vec<_>>().join(" ")
}

fn sentence<const N: usize>(deeds: [(&str, String); N]) -> String {
    let deeds = deeds.into_iter().filter(|(_, what)| !what.is_empty());
    let deeds: Vec<_> = deeds.map(|(deed, what)| format!("{deed} {what}")).collect();
    if deeds.is_empty() {
        return "nothing".to_owned();
    }
    deeds.join("; ")
}

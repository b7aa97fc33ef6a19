//! Things that people do in rooms, most of them where they may.

use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_content::{MimiUri, UriKind};
use mimi_policy::{
    Capability, Participant, ParticipantListUpdate, PreauthList, Role, RoleList, RoleMove,
    RoomMetadata,
};

use super::super::room::{Deed, Kind, Room, Who, grants, leads};
use super::{Dice, Recipe, components, envelopes, names, rooms};

/// Someone and what it does, if there is anybody to do it.
type Act = Option<(Who, Vec<Deed>)>;

pub(super) fn act(recipe: &Recipe, room: &Room, record: &[u8; 16]) -> Act {
    let mut dice = Dice::new(record);
    let kind = dice.octet();
    let scene = Scene { recipe, room };
    match kind {
        0..24 => scene.add(&mut dice),
        24..44 => scene.remove(&mut dice),
        44..62 => scene.change_role(&mut dice),
        62..80 => scene.ban(&mut dice),
        80..90 => scene.unban(&mut dice),
        90..104 => scene.kick(&mut dice),
        104..118 => scene.add_own_clients(&mut dice),
        118..130 => scene.remove_own_clients(&mut dice),
        130..144 => scene.leave(&mut dice),
        144..156 => scene.change_own_role(&mut dice),
        156..180 => scene.join(&mut dice),
        180..190 => scene.come_back(&mut dice),
        190..202 => scene.change_metadata(&mut dice),
        202..212 => scene.change_roles(&mut dice),
        212..222 => scene.change_preauth(&mut dice),
        222..234 => scene.change_base(&mut dice),
        234..246 => scene.change_other(&mut dice),
        _ => scene.something_else(&mut dice),
    }
}

#[derive(Clone, Copy)]
struct Scene<'a> {
    recipe: &'a Recipe,
    room: &'a Room,
}

impl Scene<'_> {
    fn role_of(&self, entry: &Participant) -> &Role {
        self.room.role(entry.role).unwrap()
    }

    /// Those in the list whose role grants `capability`.
    fn able(&self, capability: Capability) -> Vec<Participant> {
        let users = self.room.users.iter();
        let able = users.filter(|entry| grants(self.role_of(entry), capability));
        able.cloned().collect()
    }

    fn actor(&self, capability: Capability, dice: &mut Dice<'_>) -> Option<Who> {
        let actor = dice.lean(&self.able(capability), &self.room.users)?;
        Some(self.recipe.who(&actor.user))
    }

    fn outsiders(&self) -> Vec<MimiUri> {
        let mut names = names();
        names.retain(|name| self.room.entry(name).is_none());
        names
    }

    fn index_of(&self, user: &MimiUri) -> u32 {
        let mut users = self.room.users.iter();
        users.position(|entry| entry.user == *user).unwrap() as u32
    }

    fn drop_all(&self, user: &MimiUri) -> impl Iterator<Item = Deed> {
        let leaves = self.room.leaves_of(user).into_iter();
        leaves.map(|leaf| Deed::RemoveClient(leaf, user.clone()))
    }

    fn add(&self, dice: &mut Dice<'_>) -> Act {
        let mut any = Vec::new();
        let mut plausible = Vec::new();
        for actor in &self.room.users {
            for role in &self.room.roles {
                any.push((actor, role.index));
                let own = self.role_of(actor);
                if grants(own, Capability::ADD_PARTICIPANT) && leads(own, 0, role.index) {
                    plausible.push((actor, role.index));
                }
            }
        }
        let (actor, role) = dice.lean(&plausible, &any)?;
        let user = dice.pick(&self.outsiders())?;
        let clients = if user.kind() == UriKind::Provider || self.room.is_banned_role(role) {
            0
        } else {
            dice.below(3)
        };
        let mut deeds = vec![list(added(&user, role))];
        deeds.extend((0..clients).map(|_| add_client(&user, dice)));
        Some((self.recipe.who(&actor.user), deeds))
    }

    /// Pairs of different participants of whom the first may act on the second.
    fn pair(
        &self,
        dice: &mut Dice<'_>,
        may: impl Fn(&Role, &Participant) -> bool,
    ) -> Option<(Participant, Participant)> {
        let mut any = Vec::new();
        let mut plausible = Vec::new();
        for actor in &self.room.users {
            for target in self.room.users.iter().filter(|t| t.user != actor.user) {
                any.push((actor.clone(), target.clone()));
                if may(self.role_of(actor), target) {
                    plausible.push((actor.clone(), target.clone()));
                }
            }
        }
        dice.lean(&plausible, &any)
    }

    fn remove(&self, dice: &mut Dice<'_>) -> Act {
        let (actor, target) = self.pair(dice, |role, target| {
            grants(role, Capability::REMOVE_PARTICIPANT) && leads(role, target.role, 0)
        })?;
        let mut deeds = vec![list(removed(self.index_of(&target.user)))];
        deeds.extend(self.drop_all(&target.user));
        Some((self.recipe.who(&actor.user), deeds))
    }

    /// Moves someone to a role that `accept`s it, with what goes along.
    fn change(
        &self,
        dice: &mut Dice<'_>,
        by: &[Capability],
        accept: impl Fn(&Participant, u32) -> bool,
    ) -> Act {
        let accept = &accept;
        let targets = |target: &Participant| {
            let roles = self.room.roles.iter().map(|role| role.index);
            let target = target.clone();
            roles.filter(move |index| accept(&target, *index))
        };
        let able = |role: &Role| by.iter().any(|capability| grants(role, *capability));
        let (actor, target) = self.pair(dice, |role, target| {
            able(role) && targets(target).any(|to| leads(role, target.role, to))
        })?;
        let role = self.role_of(&actor);
        let any: Vec<_> = targets(&target).collect();
        let plausible = any.iter().copied();
        let plausible: Vec<_> = plausible
            .filter(|to| leads(role, target.role, *to))
            .collect();
        let to = dice.lean(&plausible, &any)?;
        let mut deeds = vec![list(moved(self.index_of(&target.user), to))];
        if self.room.is_banned_role(to) {
            deeds.extend(self.drop_all(&target.user));
        }
        Some((self.recipe.who(&actor.user), deeds))
    }

    fn change_role(&self, dice: &mut Dice<'_>) -> Act {
        self.change(dice, &[Capability::CHANGE_USER_ROLE], |target, to| {
            target.role != to && to != 0
        })
    }

    fn ban(&self, dice: &mut Dice<'_>) -> Act {
        let by = [Capability::BAN, Capability::CHANGE_USER_ROLE];
        if dice.chance(40) {
            return self.ban_outsider(dice);
        }
        self.change(dice, &by, |_, to| to == 1)
    }

    fn ban_outsider(&self, dice: &mut Dice<'_>) -> Act {
        let actor = self.actor(Capability::BAN, dice)?;
        let user = dice.pick(&self.outsiders())?;
        Some((actor, vec![list(added(&user, 1))]))
    }

    fn unban(&self, dice: &mut Dice<'_>) -> Act {
        let by = [Capability::UNBAN, Capability::CHANGE_USER_ROLE];
        self.change(dice, &by, |target, to| target.role == 1 && to > 1)
    }

    fn kick(&self, dice: &mut Dice<'_>) -> Act {
        let (actor, target) = self.pair(dice, |role, target| {
            grants(role, Capability::KICK) && !self.room.leaves_of(&target.user).is_empty()
        })?;
        let mut deeds: Vec<_> = self.drop_all(&target.user).collect();
        deeds.truncate(1 + dice.below(2));
        Some((self.recipe.who(&actor.user), deeds))
    }

    fn add_own_clients(&self, dice: &mut Dice<'_>) -> Act {
        let who = self.actor(Capability::ADD_OWN_CLIENT, dice)?;
        let client = add_client(&who.user, dice);
        Some((who, vec![client; 1 + dice.below(5) / 4]))
    }

    fn remove_own_clients(&self, dice: &mut Dice<'_>) -> Act {
        let mut who = self.actor(Capability::REMOVE_OWN_CLIENT, dice)?;
        who.kind = Kind::Member;
        let mut deeds: Vec<_> = self.drop_all(&who.user).collect();
        deeds.truncate(1 + dice.below(2));
        Some((who, deeds))
    }

    fn leave(&self, dice: &mut Dice<'_>) -> Act {
        let mut able = self.able(Capability::REMOVE_SELF);
        able.retain(|entry| leads(self.role_of(entry), entry.role, 0));
        let who = dice.lean(&able, &self.room.users)?;
        let mut deeds = vec![list(removed(self.index_of(&who.user)))];
        deeds.extend(self.drop_all(&who.user));
        Some((self.recipe.who(&who.user), deeds))
    }

    fn change_own_role(&self, dice: &mut Dice<'_>) -> Act {
        let mut able = self.able(Capability::CHANGE_OWN_ROLE);
        able.retain(|entry| !self.preauthorised(&self.recipe.who(&entry.user)).is_empty());
        let who = dice.lean(&able, &self.room.users)?;
        let who = self.recipe.who(&who.user);
        let plausible = self.preauthorised(&who);
        let to = dice.lean(&plausible, &self.all_roles())?;
        let moved = moved(self.index_of(&who.user), to);
        Some((who, vec![list(moved)]))
    }

    fn all_roles(&self) -> Vec<u32> {
        self.room.roles.iter().map(|role| role.index).collect()
    }

    /// The roles that the entries may give `who`.
    fn preauthorised(&self, who: &Who) -> Vec<u32> {
        let entries = self.room.preauth.iter().flatten();
        let matching = entries.filter(|entry| {
            let mut claims = entry.claims.iter();
            !entry.claims.is_empty() && claims.all(|claim| who.claims.contains(claim))
        });
        let roles = matching.map(|entry| entry.role.index);
        roles.filter(|index| *index != 0).collect()
    }

    /// The roles that are open to `who`, from outside.
    fn doors(&self, who: &Who) -> Vec<u32> {
        let mut doors = self.preauthorised(who);
        if let Some(role) = self.room.role(0) {
            let reached = role.role_changes.iter().filter(|entry| entry.from == 0);
            doors.extend(reached.flat_map(|entry| &entry.to));
        }
        doors.retain(|to| *to > 1);
        doors
    }

    fn join(&self, dice: &mut Dice<'_>) -> Act {
        let mut outsiders = self.outsiders();
        outsiders.retain(|user| user.kind() != UriKind::Provider);
        let mut expected = outsiders.clone();
        expected.retain(|user| !self.preauthorised(&self.recipe.who(user)).is_empty());
        let by_claims = dice.chance(100);
        let who = match by_claims {
            true => dice.lean(&expected, &outsiders)?,
            false => dice.pick(&outsiders)?,
        };
        let mut who = self.recipe.who(&who);
        who.kind = Kind::Joiner;
        let plausible = match by_claims {
            true => self.preauthorised(&who),
            false => self.doors(&who),
        };
        let role = dice.lean(&plausible, &self.all_roles())?;
        who.code = (!dice.chance(120)).then_some(role);
        let mut deeds = vec![list(added(&who.user, role))];
        let clients = if dice.chance(16) {
            0
        } else {
            1 + dice.below(6) / 5
        };
        deeds.extend((0..clients).map(|_| add_client(&who.user, dice)));
        Some((who, deeds))
    }

    /// A participant's client from outside, maybe instead of a lost one.
    fn come_back(&self, dice: &mut Dice<'_>) -> Act {
        let mut who = self.actor(Capability::ADD_OWN_CLIENT, dice)?;
        who.kind = Kind::Joiner;
        let mut deeds = vec![add_client(&who.user, dice)];
        if dice.chance(100) {
            deeds.extend(self.drop_all(&who.user).take(1));
        }
        Some((who, deeds))
    }

    fn change_metadata(&self, dice: &mut Dice<'_>) -> Act {
        let mut new = self.room.metadata.clone().unwrap_or_else(rooms::metadata);
        let edits: [fn(&mut RoomMetadata); 6] = [
            |new| new.name.push('!'),
            |new| new.descriptions.push(Default::default()),
            |new| new.avatar = "https://a.example/picture".into(),
            |new| new.subject.push('?'),
            |new| new.mood.push('*'),
            |new| new.room = rooms::parent_uri(),
        ];
        let capabilities = [
            Capability::CHANGE_ROOM_NAME,
            Capability::CHANGE_ROOM_DESCRIPTION,
            Capability::CHANGE_ROOM_AVATAR,
            Capability::CHANGE_ROOM_SUBJECT,
            Capability::CHANGE_ROOM_MOOD,
        ];
        let at = dice.below(5);
        let who = self.actor(capabilities[at], dice)?;
        edits[at](&mut new);
        if dice.chance(60) {
            edits[dice.below(6)](&mut new);
        }
        Some((who, vec![update(ComponentId::ROOM_METADATA, &new)]))
    }

    fn change_roles(&self, dice: &mut Dice<'_>) -> Act {
        let who = self.actor(Capability::CHANGE_ROLE_DEFINITIONS, dice)?;
        let mut room = self.room.clone();
        let at = dice.below(room.roles.len());
        match dice.below(7) {
            0 | 1 => room.roles[at].description.push('!'),
            2 => rooms::constrain(
                &mut room.roles[at],
                &mut Dice::new(&[255, dice.octet(), dice.octet()]),
            ),
            3 => {
                let capability = dice.pick(&rooms::POOL)?;
                let held = room.roles[at].capabilities.iter();
                room.roles[at].capabilities = held.chain([capability]).collect();
            }
            4 => drop(room.roles.remove(at)),
            5 => rooms::rename_banned(&mut room.roles),
            _ => room.roles.push(Role {
                index: 9,
                ..Role::default()
            }),
        }
        if !dice.chance(40) {
            rooms::make_valid(&mut room);
        }
        // Some lists cannot be made; those change nothing.
        let list = RoleList::new(room.roles);
        let list = list
            .or_else(|_| RoleList::new(self.room.roles.clone()))
            .unwrap();
        Some((who, vec![update(ComponentId::ROLES_LIST, &list)]))
    }

    fn change_preauth(&self, dice: &mut Dice<'_>) -> Act {
        let who = self.actor(Capability::CHANGE_PREAUTHORIZED_USER_LIST, dice)?;
        let id = ComponentId::PREAUTH_LIST;
        if self.room.preauth.is_some() && dice.chance(80) {
            return Some((who, vec![Deed::Component(id, None)]));
        }
        let entry = rooms::preauth(self.room, &dice.take());
        Some((who, vec![update(id, &PreauthList(vec![entry]))]))
    }

    fn change_base(&self, dice: &mut Dice<'_>) -> Act {
        let who = self.actor(Capability::CHANGE_ROOM_MEMBERSHIP_STYLE, dice)?;
        let mut base = self.room.base.clone();
        match dice.below(9) {
            0 => envelopes::flag(&mut base, dice),
            1 => base.multi_device = !base.multi_device,
            2 => base.max_clients = Some((self.room.clients.len() + dice.below(3)) as u32),
            3 => base.max_users = Some((self.room.users.len() + dice.below(3)) as u32),
            4 | 5 => base.fixed_membership = !base.fixed_membership,
            6 => base.parent_room = None,
            7 => base.parent_room = Some(rooms::parent_uri()),
            _ => {
                let elsewhere = [
                    "mimi://b.example/r/parent",
                    "mimi://a.example/r/clubhouse",
                    "mimi://a.example/r/attic",
                ];
                let uri = dice.pick(&elsewhere)?;
                base.parent_room = MimiUri::parse(uri).ok();
            }
        }
        Some((who, vec![update(ComponentId::BASE_ROOM_POLICY, &base)]))
    }

    fn change_other(&self, dice: &mut Dice<'_>) -> Act {
        let id = dice.pick(&components::IDS)?;
        let capability = match id {
            ComponentId::JOIN_LINKS if dice.chance(128) => Capability::DELETE_JOIN_CODE,
            ComponentId::JOIN_LINKS => Capability::CREATE_JOIN_CODE,
            ComponentId::MLS_OPERATIONAL_POLICY => Capability::CHANGE_MLS_OPERATIONAL_POLICIES,
            _ => Capability::CHANGE_OTHER_POLICY_ATTRIBUTE,
        };
        let who = self.actor(capability, dice)?;
        let updates = 1 + usize::from(dice.chance(40));
        let updates = (0..updates).map(|_| components::update(self.room, id, dice));
        Some((
            who,
            updates.map(|octets| Deed::Component(id, octets)).collect(),
        ))
    }

    fn something_else(&self, dice: &mut Dice<'_>) -> Act {
        let (deed, capability) = match dice.below(8) {
            0 => (
                Deed::UpdateClient(components::leaf(dice)),
                Capability::SEND_MESSAGE,
            ),
            1 => (Deed::Psk, Capability::SEND_MLS_PSK_PROPOSAL),
            2 => (Deed::ReInit, Capability::SEND_MLS_REINIT_PROPOSAL),
            3 => (
                Deed::GroupContextExtensions { prescribed: true },
                Capability::SEND_MESSAGE,
            ),
            4 => (
                Deed::GroupContextExtensions { prescribed: false },
                Capability::SEND_MESSAGE,
            ),
            5 => (Deed::Other(9), Capability::SEND_MESSAGE),
            6 => (
                list(ParticipantListUpdate::default()),
                Capability::SEND_MESSAGE,
            ),
            _ => return Some((self.actor(Capability::SEND_MESSAGE, dice)?, vec![])),
        };
        Some((self.actor(capability, dice)?, vec![deed]))
    }
}

fn add_client(user: &MimiUri, dice: &mut Dice<'_>) -> Deed {
    Deed::AddClient(user.clone(), components::leaf(dice))
}

pub(super) fn update(id: ComponentId, new: &impl Encode) -> Deed {
    Deed::Component(id, Some(new.to_vec().unwrap()))
}

pub(super) fn list(new: ParticipantListUpdate) -> Deed {
    update(ComponentId::PARTICIPANT_LIST, &new)
}

fn added(user: &MimiUri, role: u32) -> ParticipantListUpdate {
    ParticipantListUpdate {
        added: vec![Participant {
            user: user.clone(),
            role,
        }],
        ..Default::default()
    }
}

fn removed(index: u32) -> ParticipantListUpdate {
    ParticipantListUpdate {
        removed: vec![index],
        ..Default::default()
    }
}

fn moved(index: u32, role: u32) -> ParticipantListUpdate {
    ParticipantListUpdate {
        changed: vec![RoleMove { index, role }],
        ..Default::default()
    }
}
